"""Client secrets, certificates and federated credentials of applications and service principals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from auditor.tables.declare import PAGE, Frame, Table, flag, many, number, row, text, time
from auditor.tables.principals import with_app_id
from auditor.tables.source import Source, known, place, positions, words
from auditor.tables.x509 import read_certificate
from auditor.times import parse_time

# A pair may lack its secret, or its Verify key, but never the key it signs with.
_PAIRS = (["Sign", "Verify", "secret"], ["Sign", "Verify"], ["Sign", "secret"], ["Sign"])


def _held(
    source: Source,
    dataset: str,
    holder_type: str,
    rows: Mapping[str, int],
    other: Mapping[str, int],
) -> Iterator[dict[str, Any]]:
    application = holder_type == "application"
    principals = source.table("service_principals")
    publishers = [known(each) for each in principals["publisher"]]
    managed = [known(each) for each in principals["managed_identity"]]
    for found in source.rows(dataset):
        item = with_app_id(found.item)
        if not (isinstance(item.get("id"), str) and isinstance(item.get("appId"), str)):
            continue  # told as a fault where the object's own table is built
        keys = list(source.each(dataset, item, "keyCredentials"))
        secrets = list(source.each(dataset, item, "passwordCredentials"))
        own, twin = place(rows, item["id"]), place(other, item["appId"])
        pairs: set[str | None] = set()
        if not application and own >= 0 and publishers[own] != "microsoft":
            pairs = _signing_pairs(item, keys, secrets)
        principal = twin if application else own
        shared = {
            "holder": item["id"],
            "holder_type": holder_type,
            "app_id": item["appId"],
            "name": words(item.get("displayName")),
            "application": own if application else twin,
            "principal": principal,
            "publisher": "own" if application else publishers[own] if own >= 0 else None,
            "managed_identity": False if application else managed[own] if own >= 0 else None,
            "page": found.page,
        }
        for kind, credential in (
            *(("secret", each) for each in secrets),
            *((_kind(each), each) for each in keys),
        ):
            if _half(kind, credential, keys, secrets, pairs):
                continue
            if source.whole(dataset, credential, "keyId"):
                hint = words(credential.get("customKeyIdentifier"))
                usage = words(credential.get("usage"))
                yield shared | {
                    "key_id": credential["keyId"],
                    "kind": kind,
                    "label": words(credential.get("displayName")),
                    "start": credential.get("startDateTime"),
                    "end": credential.get("endDateTime"),
                    "usage": usage,
                    "type": words(credential.get("type")),
                    "custom_key_identifier": hint,
                    # A signing pair of SAML single sign-on is no way to sign in as the application,
                    # nor is the certificate that its tokens are encrypted for.
                    "saml": usage == "Encrypt" or hint in pairs,
                }


def _signing_pairs(
    item: Mapping[str, Any], keys: list[dict[str, Any]], secrets: list[dict[str, Any]]
) -> set[str | None]:
    """The customKeyIdentifier of each SAML signing pair: one Sign key, one Verify key, one secret.

    Whoever may add a credential may choose that text as well. So a pair is one only where SAML
    single sign-on is on, with the same dates in all its parts, and where nothing else carries the
    text: an added credential cannot hide behind it.
    """
    if str(item.get("preferredSingleSignOnMode")).lower() != "saml":
        return set()
    parts: dict[str | None, list[tuple[str, Any, Any]]] = defaultdict(list)
    for usage, credential in (
        *((str(each.get("usage")), each) for each in keys),
        *(("secret", each) for each in secrets),
    ):
        hint = words(credential.get("customKeyIdentifier"))
        dates = credential.get("startDateTime"), credential.get("endDateTime")
        parts[hint].append((usage, *dates))
    return {
        hint
        for hint, found in parts.items()
        if hint
        and sorted(usage for usage, *_ in found) in _PAIRS
        and len({parse_time(str(end)) for _, _, end in found}) == 1
    }


def _half(
    kind: str,
    credential: Mapping[str, Any],
    keys: list[dict[str, Any]],
    secrets: list[dict[str, Any]],
    pairs: set[str | None],
) -> bool:
    """Whether another row tells it: a signing key and its password have one keyId between them.

    Of a SAML signing pair the key is kept. Elsewhere the secret is, since it may sign in.
    """
    of_pair = words(credential.get("customKeyIdentifier")) in pairs
    if (kind == "secret") is not of_pair or (
        kind != "secret" and credential.get("usage") != "Sign"
    ):
        return False
    others = keys if of_pair else secrets
    return any(each.get("keyId") == credential.get("keyId") for each in others)


def _kind(credential: Mapping[str, Any]) -> str:
    return "symmetric" if credential.get("type") == "Symmetric" else "certificate"


def _credentials(source: Source) -> Frame:
    applications, principals = source.table("applications"), source.table("service_principals")
    return CREDENTIALS.frame(
        [
            *_held(
                source,
                "applications",
                "application",
                positions(applications, "id"),
                positions(principals, "app_id"),
            ),
            *_held(
                source,
                "service-principals",
                "servicePrincipal",
                positions(principals, "id"),
                positions(applications, "app_id"),
            ),
        ]
    )


def _of_kind(source: Source, *kinds: str) -> Frame:
    every = source.table("credentials")
    kept = every[every["kind"].isin(kinds) & ~every["saml"].astype(bool)]
    return kept.reset_index(drop=True)


def _contents(source: Source) -> Frame:
    keys = {
        (holder, words(credential.get("keyId"))): (found.page, words(credential.get("key")))
        for found in source.rows("certificate-bytes")
        if (holder := words(found.item.get("id"))) is not None
        for credential in source.each("certificate-bytes", found.item, "keyCredentials")
    }
    records = []
    for certificate in source.table("certificates").to_dict("records"):
        page, key = keys.get((certificate["holder"], certificate["key_id"]), (-1, None))
        # The times are read once more from the text as received.
        received = {name: certificate[f"{name}_received"] for name in ("start", "end")}
        read = read_certificate(key) if key else {"readable": None}
        record = certificate | received | {"bytes_page": page} | read
        records.append({str(name): known(value) for name, value in record.items()})
    return CERTIFICATE_CONTENTS.frame(records)


def _federated(source: Source) -> Frame:
    applications = source.table("applications")
    rows = positions(applications, "id")
    asked = source.asked("federated-credentials")
    again: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    listed: list[tuple[int, str, dict[str, Any]]] = []
    for found in source.rows("federated-credentials"):
        if found.of is not None:
            again.setdefault(found.of, []).append((found.page, found.item))
    for found in source.rows("federated-credentials"):
        id = words(found.item.get("id"))
        if found.of is not None or id is None:
            continue
        dataset, name = "federated-credentials", "federatedIdentityCredentials"
        entries = [(found.page, each) for each in source.each(dataset, found.item, name)]
        if id in asked:
            if len(again.get(id, [])) < len(entries):
                source.fault(dataset, "fewer credentials read again than at first")
            entries = again.get(id, entries)
        listed += [(page, id, each) for page, each in entries]
    return FEDERATED_CREDENTIALS.frame(
        {
            "holder": holder,
            "application": (own := place(rows, holder)),
            "app_id": applications["app_id"].iloc[own] if own >= 0 else None,
            "name": applications["name"].iloc[own] if own >= 0 else None,
            "id": each["id"],
            "label": words(each.get("name")),
            "issuer": words(each.get("issuer")),
            "subject": words(each.get("subject")),
            "expression": _expression(each.get("claimsMatchingExpression")),
            "audiences": each.get("audiences") if isinstance(each.get("audiences"), list) else None,
            "page": page,
        }
        for page, holder, each in listed
        if source.whole("federated-credentials", each, "id")
    )


def _expression(value: object) -> str | None:
    return words(value.get("value")) if isinstance(value, dict) else None


_COLUMNS = (
    text("holder", "object id of the application or service principal that carries it", True),
    text("key_id", "keyId", True),
    text("kind", "secret, certificate or symmetric", True),
    text("holder_type", "application or servicePrincipal", True),
    text("app_id", "client id of the holder", True),
    text("name", "display name of the holder"),
    text("label", "display name of the credential"),
    time("start", "start of validity"),
    time("end", "end of validity"),
    text("usage", "Verify, Sign ..."),
    text("type", "AsymmetricX509Cert, X509CertAndPassword, Symmetric"),
    text("custom_key_identifier", "customKeyIdentifier as received: whatever the caller set"),
    flag("saml", "of a SAML signing pair or for encrypting tokens: no client credential", True),
    text("publisher", "own, foreign or microsoft; null if not told"),
    flag("managed_identity", "carried by a managed identity; null if the type is not told"),
    row("application", "the application's row"),
    row("principal", "the service principal's row"),
    PAGE,
)
CREDENTIALS = Table(
    name="credentials",
    meaning="every client secret, certificate and symmetric key",
    key=("holder", "key_id"),
    columns=_COLUMNS,
    source="applications",
    adds=("service-principals",),
    build=_credentials,
    subject=("holder_type", "holder", "app_id", "name"),
)
SECRETS = replace(
    CREDENTIALS,
    name="secrets",
    meaning="client secrets and symmetric keys, without the halves of SAML signing pairs",
    build=lambda source: _of_kind(source, "secret", "symmetric"),
)
CERTIFICATES = replace(
    CREDENTIALS,
    name="certificates",
    meaning="certificates to sign in with, without SAML signing certificates",
    build=lambda source: _of_kind(source, "certificate"),
)
CERTIFICATE_CONTENTS = replace(
    CREDENTIALS,
    name="certificate_contents",
    meaning="the certificates with what their public bytes say; null where those were not fetched",
    columns=(
        *_COLUMNS,
        flag("readable", "the bytes are a certificate; null if they were not fetched"),
        text("problem", "what could not be read"),
        text("subject", "subject"),
        text("issuer", "issuer"),
        text("serial", "serial number, hexadecimal"),
        time("not_before", "start of validity in the certificate"),
        time("not_after", "end of validity in the certificate"),
        text("algorithm", "RSA, EC, Ed25519 ..."),
        number("bits", "size of the key in bits"),
        text("curve", "name of the elliptic curve"),
        text("signature_hash", "hash algorithm of the signature"),
        text("thumbprint", "SHA-1 of the certificate, as Entra shows it"),
        text("sha256", "SHA-256 of the certificate"),
        flag("self_signed", "issuer equals subject"),
        row("bytes_page", "number of the page the bytes were read from, -1 for none"),
    ),
    build=_contents,
    fills=("certificate-bytes",),
)
FEDERATED_CREDENTIALS = Table(
    name="federated_credentials",
    meaning="federated identity credentials of app registrations",
    key=("holder", "id"),
    columns=(
        text("holder", "object id of the application", True),
        text("id", "id of the federated credential", True),
        text("app_id", "client id"),
        text("name", "display name of the application"),
        text("label", "name of the federated credential"),
        text("issuer", "issuer trusted"),
        text("subject", "subject trusted; null where an expression stands in its place"),
        text("expression", "claimsMatchingExpression of a flexible credential; beta only"),
        many("audiences", "audiences"),
        row("application", "the application's row"),
        PAGE,
    ),
    source="federated-credentials",
    build=_federated,
    subject=("'application'", "holder", "app_id", "name"),
)
TABLES = (CREDENTIALS, SECRETS, CERTIFICATES, CERTIFICATE_CONTENTS, FEDERATED_CREDENTIALS)
