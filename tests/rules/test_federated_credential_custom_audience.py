from typing import Any

from auditor.testing import try_rule

USUAL = "api://AzureADTokenExchange"
TABLES: dict[str, Any] = {
    "federated_credentials": [
        {"id": "of-its-owner", "audiences": ["https://github.com/contoso"]},
        {"id": "one-of-two", "audiences": [USUAL, "sts.amazonaws.com"]},
        {"id": "other-case", "audiences": [USUAL.lower()]},
        {"id": "usual", "audiences": [USUAL]},
        {"id": "china", "audiences": ["api://AzureADTokenExchangeChina"]},
        {"id": "none", "audiences": []},
        {"id": "not-told", "audiences": None},
    ]
}
FAILS = {"of-its-owner", "one-of-two", "other-case"}
PASSES = {"usual", "china"}
UNKNOWN = {"none", "not-told"}


def test_an_audience_that_cannot_be_chosen_can_be_named() -> None:
    result = try_rule(
        "federated-credential-custom-audience",
        TABLES,
        settings={"audiences": ["https://github.com/contoso"]},
    )
    assert "of-its-owner" in result.passed
    assert "usual" in result.failed


def test_the_message_names_what_is_accepted() -> None:
    found = try_rule("federated-credential-custom-audience", TABLES).findings
    told = {each.part: each.message for each in found}
    assert told["one-of-two"].endswith(f"made for {USUAL}, sts.amazonaws.com.")
