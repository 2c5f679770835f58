"""Who owns a privileged principal, by its registration or its service principal."""

from __future__ import annotations

from pandas import DataFrame, Series

from .._shared import beside, gathered


def owners(
    principals: DataFrame, application_owners: DataFrame, service_principal_owners: DataFrame
) -> DataFrame:
    """Rows of privileged_principals with their owners' names, ids and the pages that prove them."""
    of_app, of_principal = principals["application"], principals["principal"]

    def both(values: str) -> Series:
        found = [
            beside(rows, gathered(table["object_row"], _texts(table)[values]))
            for rows, table in (
                (of_app, application_owners),
                (of_principal, service_principal_owners),
            )
        ]
        merged = [tuple(dict.fromkeys((*one, *two))) for one, two in zip(*found, strict=True)]
        return Series(merged, index=principals.index, dtype=object)

    return principals.assign(
        owner_names=both("name"), owner_ids=both("owner_id"), proof_pages=both("page")
    )


def _texts(owners_: DataFrame) -> DataFrame:
    name = owners_["owner_name"].fillna(owners_["owner_id"])
    robot = owners_["owner_type"] == "servicePrincipal"
    return owners_.assign(
        name=name.mask(robot, name + " (a service principal)"), page=owners_["page"].astype("str")
    )
