"""The three settings of an openclaw.json that say how its gateway is reached; all else in the file stays."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from claw_tui.domain.gateway_config import Json, allowed_origins, proxies, public_origin
from claw_tui.domain.openclaw.notes import each_once, list_in, object_in
from claw_tui.domain.openclaw.spec_of import is_flys
from claw_tui.domain.spec import Spec


def reached(
    tree: Json, spec: Spec, addresses: Iterable[str], former: Collection[str] = (), origin: str = ""
) -> Json:
    """``tree`` for a gateway that is reached as ``spec`` says. ``former``: addresses that are not the app's any more.

    ``origin``: its publicOrigin before it was private, if that was the person's own.
    """
    there = object_in(tree, "gateway")
    found: Json = {**there}
    own, wanted_origin = there.get("publicOrigin") or origin, public_origin(spec)
    found.pop("publicOrigin", None)
    if wanted_origin:
        theirs = isinstance(own, str) and own.startswith("https://") and not is_flys(own)
        found["publicOrigin"] = own if theirs else wanted_origin
    wanted = [*allowed_origins(spec), *([found["publicOrigin"]] if wanted_origin else [])]
    control = object_in(there, "controlUi")
    origins = [origin for origin in list_in(control, "allowedOrigins") if not is_flys(str(origin))]
    found["controlUi"] = {**control, "allowedOrigins": _with(origins, wanted)}
    trusted = [proxy for proxy in list_in(there, "trustedProxies") if str(proxy) not in former]
    found["trustedProxies"] = _with(trusted, proxies(addresses))
    return {**tree, "gateway": found, "meta": tree.get("meta", {})}


def _with(there: list[Any], wanted: list[Any]) -> list[Any]:
    """In the order of ``wanted``, and what others added after it."""
    return each_once([*wanted, *there])
