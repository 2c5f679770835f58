"""The published schema and the reader: both refuse, or both accept."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as options
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from auditor.datasets import DATASETS
from auditor.errors import SettingsError
from auditor.packs import configure, load_rules
from auditor.settings import CLOUDS, KINDS, SECTIONS, SEVERITIES, load_settings
from auditor.settings.schema import schema
from auditor.settings.sections import keys_of

ID = "1111aaaa-2222-3333-4444-555555555555"
GOOD = [
    "",
    '[tenant]\nid = "contoso.onmicrosoft.com"\ncloud = "dod"',
    f'[tenant]\nid = "{ID.upper()}"',
    f'[credential]\nclient_id = "{ID}"\ncertificate = "a.pem"\npassword_env = "A"',
    '[credential]\npassword_prompt = false\npassword_file = "a"',
    '[credential]\nkind = "azure-cli"',
    f'[credential]\nkind = "workload-identity"\nclient_id = "{ID}"\ntoken_file = "t"',
    '[credential]\nkind = "github-actions"\naudience = "api://x"',
    '[credential]\nkind = "client-secret"\nsecret_env = "SECRET"',
    '[endpoints]\nlogin = "https://localhost:8443/"\ngraph = "https://[::1]:65535"',
    "[collect]\nretries = 0\nexchange = false\ngraph_page_size = 999",
    '[coverage]\naccept = ["role-eligibility"]',
    '[audit]\nfail_on = "info"',
    '[rules.secret-lifetime]\nmax_days = 3\nseverity = "low"\nenabled = true',
    "[rules.secret-lifetime]\naccept_unknown = false",
    "[rules]",
]
BAD = [
    "tenant = 3",
    '[tenent]\nid = "contoso.com"',
    '[tenant]\nid = ""',
    '[tenant]\nid = "contoso"',
    '[tenant]\nname = "contoso.com"',
    f'[tenant]\nclient_id = "{ID}"',
    '[tenant]\ncloud = "Global"',
    '[credential]\nkind = "certificat"',
    '[credential]\nclient_id = "me"',
    '[credential]\nsecret_env = "A"',
    '[credential]\nkind = "certificate"\ntoken_file = "t"',
    '[credential]\nkind = "azure-cli"\ncertificate = "a.pem"',
    '[credential]\nkind = "managed-identity"\npassword_env = "A"',
    '[credential]\npassword_env = "A"\npassword_file = "b"',
    '[credential]\npassword_env = "A"\npassword_prompt = true',
    '[credential]\npassword_env = "not a name"',
    '[credential]\nclient_secret = "x"',
    '[endpoints]\ngraph = "http://localhost"',
    '[endpoints]\ngraph = "https://localhost:65536"',
    '[endpoints]\ngraph = "https://me@localhost"',
    '[endpoints]\nca_bundle = " "',
    "[collect]\nretries = 21",
    "[collect]\nretries = -1",
    "[collect]\nretries = true",
    '[collect]\nretries = "3"',
    "[collect]\nretries = 3.5",
    "[collect]\nexchange = 1",
    '[coverage]\naccept = ["role-eligible"]',
    '[coverage]\naccept = "role-eligibility"',
    "[coverage]\naccept = [1]",
    '[audit]\nfail_on = "worst"',
    "rules = 3",
    "[rules]\nsecret-lifetime = 3",
    '[rules.secret-lifetime]\nmax_days = "3"',
    "[rules.secret-lifetime]\nmax_days = -3",
    "[rules.secret-lifetime]\nmaxdays = 3",
    '[rules.secret-lifetime]\nseverity = "bad"',
    "[rules.secret-lifetime]\nenabled = 1",
]


@cache
def validator() -> Draft202012Validator:
    made = schema(load_rules())
    Draft202012Validator.check_schema(made)
    return Draft202012Validator(made)


def refusal(path: Path, text: str) -> str:
    """What the reader says against a file; empty if nothing."""
    path.write_text(text, encoding="utf-8")
    try:
        configure(load_rules(), load_settings(path, connect=False).rules)
    except SettingsError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(("texts", "fine"), [(GOOD, True), (BAD, False)], ids=["good", "bad"])
def test_schema_and_reader_agree_on_examples(texts: list[str], fine: bool, tmp_path: Path) -> None:
    for text in texts:
        told = refusal(tmp_path / "auditor.toml", text)
        assert (not told) is fine, f"{text}\n{told}"
        assert validator().is_valid(tomllib.loads(text)) is fine, text


WORDS = st.sampled_from(
    [
        *(f'"{each}"' for each in (*CLOUDS, *SEVERITIES, *KINDS, ID, "contoso.com", "A", "", " ")),
        *('"https://a.b"', '"https://a.b:0"', '"https://a/b"', "true", "false", "0", "7", "9999"),
        *("-1", "0.5", "[]", '["role-eligibility"]', '["x"]', f'["{next(iter(DATASETS))}", 1]'),
    ]
)
KEYS = st.sampled_from([(name, key) for name in SECTIONS for key in (*keys_of(name), "other")])


@options(deadline=None, max_examples=60)
@given(values=st.dictionaries(KEYS, WORDS, max_size=4), kind=st.sampled_from([None, *KINDS]))
def test_schema_and_reader_agree_on_any_file(
    values: dict[tuple[str, str], str], kind: str | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if kind:
        values[("credential", "kind")] = f'"{kind}"'
    lines = [f"{section}.{key} = {value}" for (section, key), value in values.items()]
    text = "\n".join(lines)
    told = refusal(tmp_path_factory.getbasetemp() / "any.toml", text)
    assert validator().is_valid(tomllib.loads(text)) is not bool(told), f"{text}\n{told}"


def test_every_key_is_described_and_every_rule_is_in_it() -> None:
    made = schema(load_rules())
    for name in SECTIONS:
        for key in keys_of(name):
            assert made["properties"][name]["properties"][key]["description"], key
    rules = set(made["properties"]["rules"]["properties"]) - {"all"}  # what every rule leaves out
    assert rules == {rule.id for rule in load_rules()}
