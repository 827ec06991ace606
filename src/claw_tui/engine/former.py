"""Addresses that an app once had: after their release nobody else remembers them, and they are to be tried."""

from __future__ import annotations

import json
from collections.abc import Iterable

from claw_tui.domain.errors import StateError
from claw_tui.domain.parse import json_of
from claw_tui.domain.world import Ip, IpKind
from claw_tui.ports import StateStore

FILE = "former.json"
MOST = 40  # the newest ones


def remember(state: StateStore, app: str, ips: Iterable[Ip]) -> None:
    """Public ones only; on the disk before this returns. Raises StateError."""
    old = former(state, app)
    known = {ip.address for ip in old}
    found = (*old, *(ip for ip in ips if ip.public and ip.address not in known))
    if found != old:
        kept = [{"address": ip.address, "kind": ip.kind.value} for ip in found[-MOST:]]
        state.write_file(state.file(app, FILE), json.dumps(kept, indent=1) + "\n")


def former(state: StateStore, app: str) -> tuple[Ip, ...]:
    """Public addresses that the app has or had, as far as this computer saw them. A damaged file is as good as none."""
    try:
        found = json_of(state.read_file(state.file(app, FILE)))
    except (StateError, ValueError):
        return ()
    kinds = {kind.value: kind for kind in IpKind}
    if not isinstance(found, list):
        return ()
    return tuple(
        Ip(one["address"], kinds.get(str(one.get("kind")), IpKind.UNKNOWN))
        for one in found
        if isinstance(one, dict) and isinstance(one.get("address"), str)
    )
