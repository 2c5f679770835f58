"""Risky applications that nobody has dealt with.

## What it does
Looks at every service principal that Microsoft sees or saw at risk. One fails while its state is
atRisk (with the severity of its level; high where the service hides the level) or confirmedCompromised
(critical). Dismissed, remediated and confirmed safe pass. A state that was not told, or that is new,
is unknown. The message names what was detected; where a detection names a credential that is still
there, the fix removes it.

## Why it matters
A leaked credential works until somebody removes it. Whoever found it in a public repository is not
the first to look there.

## How to fix
Look at the detection and at what the application did since. For a leaked credential: add a new one,
remove the leaked one, read the audit log for what was done with it. Then dismiss the risk, or confirm
it compromised. To stop the application at once, disable it: Update-MgServicePrincipal
-ServicePrincipalId ID -AccountEnabled:$false.
Portal: Entra admin center > ID Protection > Risky workload identities.
Graph PowerShell: Remove-MgApplicationPassword -ApplicationId ID -KeyId KEY;
Invoke-MgDismissRiskyServicePrincipal -ServicePrincipalIds ID.

## When it is fine
While somebody is at it: accept it for those days, with their name.

## References
- https://learn.microsoft.com/entra/id-protection/concept-workload-identity-risk
- https://learn.microsoft.com/graph/api/resources/riskyserviceprincipal
- https://learn.microsoft.com/graph/api/resources/serviceprincipalriskdetection

Catalogue: SET-011
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import mitre, nist_800_53, rule

from .._shared import gathered, removal

_OPEN = ("atrisk", "confirmedcompromised")
_DONE = ("dismissed", "remediated", "confirmedsafe", "none")
_LEVELS = {"low": "low", "medium": "medium", "high": "high"}


@rule(
    id="risky-workload",
    severity="high",
    about="sp_risks",
    needs=("state",),
    detail=("sp_risk_detections", "credentials"),
    message="{name} is {situation}: {detections}; nobody has dealt with it.",
    evidence=("level", "detail", "updated", "enabled"),
    controls=(
        nist_800_53("SI-4"),
        mitre("T1098.001"),
    ),
)
def risky_workload(
    sp_risks: DataFrame, sp_risk_detections: DataFrame, credentials: DataFrame
) -> DataFrame:
    state = sp_risks["state"].str.lower()
    found = sp_risks[~state.isin(_DONE)]
    state = state[found.index]
    compromised, untold = state == "confirmedcompromised", ~state.isin(_OPEN)
    level = found["level"].str.lower()
    id = found["id"].str.lower()

    of = sp_risk_detections["principal_id"].str.lower()
    rows = of.map(dict(zip(id, found.index, strict=True))).fillna(-1).astype("int64")
    events = gathered(rows, sp_risk_detections["event"].fillna("a detection not told"))
    pages = gathered(rows, sp_risk_detections["page"].astype("str"))
    one = _leaked(sp_risk_detections, rows, credentials)
    beside = [events.get(row, ()) for row in found.index]
    situation = "at risk, level " + level.fillna("not shown")
    return found.assign(
        situation=situation.mask(compromised, "confirmed compromised"),
        detections=[", ".join(each) or "no detection was read" for each in beside],
        proof_pages=Series([pages.get(row, ()) for row in found.index], found.index, dtype=object),
        severity=level.map(_LEVELS).fillna("high").mask(compromised, "critical"),
        holder=one["holder"].reindex(found.index),
        key_id=one["key_id"].reindex(found.index),
        fix=one["fix"].reindex(found.index),
        unknown=Series(None, index=found.index, dtype=object).mask(
            untold, "its state is none that is known"
        ),
    )


def _leaked(detections: DataFrame, rows: Series, credentials: DataFrame) -> DataFrame:
    """By risky principal, the first credential a detection names that is still there."""
    named = [
        (key.lower(), row)
        for keys, row in zip(detections["key_ids"], rows, strict=True)
        if row >= 0 and isinstance(keys, tuple)
        for key in keys
    ]
    wanted = dict(named)
    there = credentials[credentials["key_id"].str.lower().isin(wanted)]
    there = there.assign(fix=removal(there), row=there["key_id"].str.lower().map(wanted))
    there = there.sort_values(["row", "key_id"]).drop_duplicates("row").set_index("row")
    return there[["holder", "key_id", "fix"]]
