"""Whether a recipient filter of a management scope takes in everybody."""

from __future__ import annotations

import re

_CLAUSE = re.compile(
    r"(?P<name>[A-Za-z]\w*)\s+-(?P<sign>[A-Za-z]+)\s+"
    r"(?P<value>'(?:[^']|'')*'|\"[^\"]*\"|\$\w+|[\w.@*-]+)"
)
# Every mailbox has them, so that "not empty" says nothing.
_ALWAYS = frozenset(
    (
        *("alias", "name", "displayname", "guid", "exchangeguid", "exchangeobjectid", "identity"),
        *("id", "distinguishedname", "legacyexchangedn", "primarysmtpaddress", "emailaddresses"),
        *(
            "userprincipalname",
            "windowsliveid",
            "recipienttype",
            "recipienttypedetails",
            "whencreated",
        ),
        *("samaccountname", "objectclass", "objectcategory", "externaldirectoryobjectid"),
    )
)
_MAILBOX_KINDS = ("recipienttype", "recipienttypedetails", "objectclass", "objectcategory")
_NULL = "$null"


def takes_in_everybody(filter_: str) -> bool | None:
    """Whether the OPATH filter takes in everybody, or everybody but a few; None if it is not clear.

    Each clause is looked at by itself. `-and` takes in everybody only if each clause does, `-or` if
    one does; a filter with both, with `-not`, or with anything else is clear only where its clauses
    agree.
    """
    clauses = list(_CLAUSE.finditer(filter_))
    rest = _CLAUSE.sub(" ", filter_)
    joined = {word.lower() for word in re.findall(r"-[A-Za-z]+", rest)}
    left = re.sub(r"-[A-Za-z]+|[\s(){}]", "", rest)
    if not filter_.strip(" (){}"):
        return True
    if left or not clauses or joined - {"-and", "-or"}:
        return None
    found = [
        _everybody(each["name"].lower(), each["sign"].lower(), each["value"]) for each in clauses
    ]
    if None in found:
        return None
    wide = {each is True for each in found}
    if len(wide) == 1:
        return wide.pop()
    return None if len(joined) > 1 else joined == {"-or"}


def _everybody(name: str, sign: str, quoted: str) -> bool | None:
    value = quoted.strip("'\"").lower()
    if sign == "ne":
        # Not empty narrows where few have the property; anything else leaves out a few.
        return name in _ALWAYS if value == _NULL else True
    if sign == "eq":
        return name in _MAILBOX_KINDS and value in ("usermailbox", "user", "person")
    if sign == "like":
        # 'a*' may be a department or half the company: only what fits everything is sure.
        if not value.strip("*"):
            return name in _ALWAYS
        return False
    return True if sign == "notlike" else None
