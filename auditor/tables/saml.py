"""The certificates that sign the tokens of SAML single sign-on.

A signing pair is a Sign entry (the private key, which Entra ID keeps), a Verify entry (the public
half) and the password of the private key. There is one row for each pair, that of its Sign entry.
Source: servicePrincipal: addTokenSigningCertificate, in Microsoft's documentation of Graph.
"""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from typing import Any

from auditor.tables.declare import PAGE, Frame, Table, flag, row, text, time
from auditor.tables.source import Source, known, words
from auditor.tables.x509 import read_certificate

_KEPT = ("holder", "key_id", "app_id", "name", "label", "custom_key_identifier", "publisher")
_READ = ("subject", "issuer", "thumbprint", "sha256")


def _certificates(source: Source) -> Frame:
    every = source.table("credentials")
    pairs = every[every["saml"].astype(bool) & (every["usage"].astype("string") == "Sign")]
    contents, preferred = _contents(source), _preferred(source)
    records: list[dict[str, Any]] = []
    for found in pairs.to_dict("records"):
        holder, hint = str(found["holder"]), known(found["custom_key_identifier"])
        page, read = contents.get((holder, hint), (-1, {}))
        records.append(
            {name: known(found[name]) for name in (*_KEPT, "principal", "page")}
            | {name: known(found[f"{name}_received"]) for name in ("start", "end")}
            | {name: read.get(name) for name in _READ}
            | {"bytes_page": page}
        )
    for record in records:
        thumbprints = {record["thumbprint"], _hex(record["custom_key_identifier"])} - {None}
        record["named"] = preferred.get(record["holder"]) in thumbprints
    told = {record["holder"] for record in records if record["named"]}
    count = Counter(record["holder"] for record in records)
    return SAML_CERTIFICATES.frame(
        record
        | {
            "active": record["named"]
            if record["holder"] in told
            else (True if count[record["holder"]] == 1 else None)
        }
        for record in records
    )


def _preferred(source: Source) -> dict[str, str]:
    """The thumbprint of the certificate that each service principal signs with, where it is told."""
    return {
        str(found.item.get("id")): thumbprint.replace(" ", "").upper()
        for found in source.rows("service-principals")
        if (thumbprint := words(found.item.get("preferredTokenSigningKeyThumbprint")))
    }


def _contents(source: Source) -> dict[tuple[str, str | None], tuple[int, dict[str, Any]]]:
    """What the bytes of each pair say, by holder and customKeyIdentifier, with their page."""
    found: dict[tuple[str, str | None], tuple[int, dict[str, Any]]] = {}
    every = source.table("credentials")
    halves = every[every["saml"].astype(bool) & (every["kind"] == "certificate")]
    pairs = set(zip(halves["holder"], halves["key_id"], strict=True))
    for page in source.rows("certificate-bytes"):
        holder = words(page.item.get("id"))
        for key in source.each("certificate-bytes", page.item, "keyCredentials"):
            data = words(key.get("key"))
            if holder is None or not data or (holder, key.get("keyId")) not in pairs:
                continue
            read = read_certificate(data)
            if read.get("sha256"):  # of the private half there may be no bytes, or others
                found[holder, words(key.get("customKeyIdentifier"))] = page.page, read
    return found


def _hex(identifier: str | None) -> str | None:
    """A customKeyIdentifier as a thumbprint: bytes in base64 by Graph, hex text by other tools."""
    if identifier is None:
        return None
    if len(identifier) == 40:
        return identifier.upper()
    try:
        return base64.b64decode(identifier, validate=True).hex().upper()
    except (binascii.Error, ValueError):
        return None


SAML_CERTIFICATES = Table(
    name="saml_certificates",
    meaning="certificates that sign the tokens of SAML single sign-on",
    key=("holder", "key_id"),
    columns=(
        text("holder", "object id of the service principal", True),
        text("key_id", "keyId of the signing key", True),
        text("app_id", "client id", True),
        text("name", "display name of the service principal"),
        text("label", "display name of the certificate"),
        time("start", "start of validity"),
        time("end", "end of validity"),
        text("custom_key_identifier", "customKeyIdentifier as received: the thumbprint, or not"),
        text("publisher", "own or foreign; null if not told"),
        flag("active", "the one in use; null where several are there and none is named"),
        text("subject", "subject in the certificate; null if its bytes were not fetched"),
        text("issuer", "issuer in the certificate"),
        text("thumbprint", "SHA-1 of the certificate, as Entra shows it"),
        text("sha256", "SHA-256 of the certificate; null if its bytes were not fetched"),
        row("principal", "the service principal's row"),
        row("bytes_page", "number of the page the bytes were read from, -1 for none"),
        PAGE,
    ),
    source="service-principals",
    build=_certificates,
    fills=("certificate-bytes",),
    subject=("'servicePrincipal'", "holder", "app_id", "name"),
)
TABLES = (SAML_CERTIFICATES,)
