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
    listed, and use_pages (the pages that prove it).
    """
    uses = credential_sign_ins[credential_sign_ins["credential"] >= 0]
    uses = uses[uses["credential"].isin(credentials.index)]
    by_credential = uses.assign(unclear=uses["last"].isna()).groupby("credential")
    rows = credentials.index
    return DataFrame(
        {
            "last": by_credential["last"].max().reindex(rows),
            "unclear": by_credential["unclear"].any().reindex(rows, fill_value=False).astype(bool),
            "listed": Series(rows.isin(uses["credential"]), index=rows),
            "use_pages": by_credential["page"].agg(tuple).reindex(rows),
        },
        index=rows,
    )


def proof(credentials: DataFrame, uses: DataFrame) -> Series:
    """The pages that each credential and its uses were read from."""
    own = [(page,) for page in credentials["page"]]
    used = [pages if isinstance(pages, tuple) else () for pages in uses["use_pages"]]
    return Series(
        [a + b for a, b in zip(own, used, strict=True)], index=credentials.index, dtype=object
    )
