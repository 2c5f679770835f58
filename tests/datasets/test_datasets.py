from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from auditor.connect.urls import GraphUrls
from auditor.datasets import DATASETS, Dataset

GRAPH = [each for each in DATASETS.values() if each.service == "graph"]


def test_what_a_dataset_hangs_on_is_declared() -> None:
    for dataset in DATASETS.values():
        assert set(dataset.needs) | set(dataset.after) <= set(DATASETS)


def test_no_dataset_waits_for_itself() -> None:
    # `applications` only checks against service-principals after it was read; it waits for nothing.
    waits = {name: {*each.needs, *each.after} for name, each in DATASETS.items()}
    done: set[str] = set()
    while ready := {name for name, on in waits.items() if on <= done and name not in done}:
        done |= ready
    assert done == set(DATASETS)


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda each: each.name)
def test_declarations_are_whole(dataset: Dataset) -> None:
    assert dataset.permissions
    assert all(dataset.permissions)
    assert set(dataset.optional) <= set(dataset.select)
    assert dataset.service in ("graph", "exchange")
    assert dataset.permissions[0][0] in dataset.remedy
    assert dataset.endpoint
    assert not dataset.counted or dataset.advanced


@pytest.mark.parametrize("dataset", GRAPH, ids=lambda each: each.name)
def test_the_sdk_knows_every_path(dataset: Dataset) -> None:
    urls = GraphUrls("https://graph.microsoft.com")
    paths = [dataset.path] + [f"{dataset.path}/$count"] * dataset.counted
    for path in paths:
        url = urls.url(path, "the-id", version=dataset.version)
        assert url == f"https://graph.microsoft.com/{dataset.version}" + path.replace(
            "{id}", "the-id"
        )


def test_a_query_is_written_as_the_sdk_writes_it() -> None:
    url = GraphUrls("https://graph.test").url(
        "/applications", select=("id", "appId"), expand=("owners($select=id)",), count=True, top=5
    )
    assert url == (
        "https://graph.test/v1.0/applications?%24count=true"
        "&%24expand=owners%28%24select%3Did%29&%24select=id,appId&%24top=5"
    )


def test_permissions_exist() -> None:
    """Against the engine's own table of permissions, if it names them."""
    table = files("auditor.knowledge") / "permissions.csv"
    with table.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    column = next(name for name in ("value", "name", "permission") if name in rows[0])
    known = {row[column] for row in rows}
    named = {name for each in DATASETS.values() for names in each.permissions for name in names}
    assert named <= known
