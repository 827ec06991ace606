"""How a gateway was reached before it was made private: kept on this computer, for the way back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from claw_tui.domain.parse import json_of
from claw_tui.ports import StateStore

FILE = "doors.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """``services``: as JSON, empty where they were as ours are. ``origin``: a publicOrigin of the person's own.

    ``lent``: it had no private address before it was made private. ``paid``: dedicated addresses that were to stay.
    """

    services: str = ""
    origin: str = ""
    lent: bool = False
    paid: tuple[str, ...] = ()


def read_kept(state: StateStore, app: str) -> Kept:
    """A file that can't be used is as good as none: the way back is then ours."""
    path = state.file(app, FILE)
    if not path.exists():
        return Kept()
    try:
        found = json_of(state.read_file(path))
    except ValueError:
        return Kept()
    if not isinstance(found, dict):
        return Kept()
    paid = found.get("paid")
    return Kept(
        str(found.get("services", "")), str(found.get("origin", "")), found.get("lent") is True,
        tuple(map(str, paid)) if isinstance(paid, list) else (),
    )  # fmt: skip


def write_kept(state: StateStore, app: str, kept: Kept) -> None:
    state.write_file(state.file(app, FILE), json.dumps(asdict(kept), indent=2) + "\n")


def services_text(config: Mapping[str, object]) -> str:
    """Of a config as Fly.io tells it: there every service is a plain one."""
    found = config.get("services")
    return json.dumps(found) if isinstance(found, list) and found else ""
