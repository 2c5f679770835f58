"""What rules about the rotation and use of credentials share."""

from __future__ import annotations

from pandas import DataFrame, Series

NO_USES = "the report of credential use has no entry at all, which tells nothing of anybody"
UNCLEAR = "the time of its last use cannot be read"


def app_of(credentials: DataFrame) -> Series:
    """A number for each application: what it and its own service principal carry is one."""
    return credentials["application"].mask(
        credentials["application"] < 0, -2 - credentials["principal"]
    )


def last_uses(credentials: DataFrame, credential_sign_ins: DataFrame) -> DataFrame:
    """The last use of each credential, beside its row.

    Columns: last (null where none is listed), unclear (an entry whose time cannot be read),
    listed, and use_page (the page of its newest entry, -1 for none).
    """
    uses = credential_sign_ins[credential_sign_ins["credential"] >= 0]
    # Null times come first, so that a credential has one only if all its times are null.
    newest = uses.sort_values("last", na_position="first").drop_duplicates(
        "credential", keep="last"
    )
    found = newest.set_index("credential")[["last", "page"]].reindex(credentials.index)
    unreadable = uses["credential"][uses["last"].isna()]
    return DataFrame(
        {
            "last": found["last"],
            "unclear": credentials.index.isin(unreadable),
            "listed": credentials.index.isin(newest["credential"]),
            "use_page": found["page"].fillna(-1).astype("int64"),
        },
        index=credentials.index,
    )


def proof(credentials: DataFrame, uses: DataFrame) -> Series:
    """The pages that each credential and its newest use were read from; -1 for none."""
    pages = list(zip(credentials["page"], uses["use_page"], strict=True))
    return Series(pages, index=credentials.index, dtype=object)
