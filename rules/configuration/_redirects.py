"""What the rules about redirect URIs share: whose they are, and how one is taken away."""

from __future__ import annotations

from pandas import DataFrame, Series

# Graph takes a whole list: what stays is written back.
_REMOVAL = {
    platform: f"$a = Get-MgApplication -ApplicationId {{holder}}; Update-MgApplication"
    f" -ApplicationId {{holder}} -{name} @{{{{ RedirectUris ="
    f" @($a.{name}.RedirectUris | Where-Object {{{{ $_ -cne {{uri}} }}}}) }}}}"
    for platform, name in (("web", "Web"), ("spa", "Spa"), ("publicClient", "PublicClient"))
} | {
    "replyUrls": "$p = Get-MgServicePrincipal -ServicePrincipalId {holder};"
    " Update-MgServicePrincipal -ServicePrincipalId {holder} -ReplyUrls"
    " @($p.ReplyUrls | Where-Object {{ $_ -cne {uri} }})"
}


def own_addresses(redirect_uris: DataFrame) -> Series:
    """Redirect URIs the tenant's own administrators set; null where the publisher is not told."""
    return redirect_uris["publisher"].astype("string") == "own"


def removal(redirect_uris: DataFrame) -> Series:
    """The `fix` of rows about redirect URIs: the command that takes each from its list."""
    return redirect_uris["platform"].map(_REMOVAL)
