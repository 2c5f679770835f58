from __future__ import annotations

from collections.abc import Callable

import pytest

from auditor.emulator.quota import CAPACITY, KEYS_PER_MINUTE, Quota, cost
from auditor.emulator.web import Refusal
from tests.emulator.conftest import Client


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_costs_follow_the_formula() -> None:
    assert cost(2, select=True, expand=False, top=999) == 1
    assert cost(2, select=True, expand=True, top=999) == 2
    assert cost(1, select=True, expand=False, top=10) == 1
    assert cost(2, select=False, expand=True, top=None) == 3


def test_the_bucket_empties_and_refills() -> None:
    clock = Clock()
    quota = Quota("scope", enforced=True, clock=clock)
    headers = quota.take(int(CAPACITY * 0.9))
    assert headers["x-ms-throttle-limit-percentage"] == "0.90"
    with pytest.raises(Refusal) as caught:
        quota.take(int(CAPACITY * 0.2))
    assert caught.value.headers["Retry-After"] == "1"
    assert caught.value.headers["x-ms-throttle-information"] == "ResourceUnitLimitExceeded"
    clock.now = 10.0
    assert quota.take(int(CAPACITY)) == {
        "x-ms-resource-unit": "8000",
        "x-ms-throttle-limit-percentage": "1.00",
    }


def test_key_credentials_have_a_minute_of_their_own() -> None:
    clock = Clock()
    quota = Quota("scope", enforced=True, clock=clock)
    for _ in range(KEYS_PER_MINUTE):
        quota.take_keys("application")
    quota.take_keys("servicePrincipal")
    clock.now = 20.0
    with pytest.raises(Refusal) as caught:
        quota.take_keys("application")
    assert caught.value.headers["Retry-After"] == "40"
    clock.now = 60.5
    quota.take_keys("application")


def test_without_a_quota_nothing_is_refused() -> None:
    quota = Quota("scope", enforced=False)
    assert quota.take(10**9) == {"x-ms-resource-unit": str(10**9)}
    for _ in range(KEYS_PER_MINUTE + 1):
        quota.take_keys("application")


def test_the_service_refuses_and_tells_when(start: Callable[..., Client]) -> None:
    client = start(quota="documented")
    app = client.emulator.tenant.applications[0]["id"]
    url = f"/applications/{app}?$select=keyCredentials"
    for _ in range(KEYS_PER_MINUTE // 15):
        assert {item["status"] for item in client.batch(*[url] * 15).values()} == {200}
    answer = client.get(url)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    scope = answer.headers["x-ms-throttle-scope"].split("/")
    assert scope[2:] == [client.emulator.tenant.client_id, client.emulator.tenant.id]
    assert client.get(f"/applications/{app}?$select=id").status_code == 200
