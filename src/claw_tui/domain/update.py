"""What is written down of an update on this computer: enough to go on with it, and to go back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields

from claw_tui.domain.errors import GatewayError
from claw_tui.domain.parse import json_of
from claw_tui.i18n import n_

FILE = "update.json"
BACK = "back"  # Job.choice: the version of before, on the volume as it is now
FROM_SNAPSHOT = "snapshot:"  # and an id: the version of before, on a volume made of that snapshot

# 2026.9.1 and 2026.9.6, on a volume that a newer version has started on (seen with the real ones).
TOO_NEW = ("uses newer schema version", "requires a newer OpenClaw build")


class OlderVersion(GatewayError):
    """A deploy would go back to an older version, which nobody asked for."""

    code = "older-version"
    default_hint = n_(
        "Choose the version that runs on the App screen, or go back with U on Home, which keeps a snapshot."
    )


class StateTooNew(GatewayError):
    """An older version was started on what a newer one has written."""

    code = "state-too-new"


@dataclass(frozen=True, slots=True)
class UpdateRecord:
    """``image``, ``version``, ``volume``: of before. ``seen``: snapshots that were there before ours was asked for."""

    to: str = ""
    version: str = ""
    image: str = ""
    volume: str = ""
    seen: tuple[str, ...] = ()
    snapshot: str = ""
    at: str = ""  # UTC
    done: bool = False
    removing: str = ""  # the machine that was about to be removed

    @property
    def broken_off(self) -> bool:
        return bool(self.to) and not self.done


_TEXTS = ("to", "version", "image", "volume", "snapshot", "at", "removing")


def record_text(record: UpdateRecord) -> str:
    return json.dumps(asdict(record), indent=1) + "\n"


def record_of(text: str) -> UpdateRecord:
    """A file that can't be used is as good as none: the snapshot is made anew."""
    try:
        raw = json_of(text)
        known = {f.name for f in fields(UpdateRecord)}
        found = {name: value for name, value in raw.items() if name in known}
        made = UpdateRecord(**{**found, "seen": tuple(map(str, found.get("seen", ())))})
        return made if all(isinstance(getattr(made, name), str) for name in _TEXTS) else UpdateRecord()
    except (ValueError, TypeError, AttributeError):
        return UpdateRecord()


def snapshot_in(choice: str) -> str:
    return choice.removeprefix(FROM_SNAPSHOT) if choice.startswith(FROM_SNAPSHOT) else ""


def volume_name(now: str, snapshot: str) -> str:
    """Of the volume that is made of ``snapshot``: another name is how flyctl knows which one the machine is to have."""
    base = now.partition("_vs")[0]
    return f"{base[:18]}_vs{snapshot.removeprefix('vs_')[:8].lower()}"
