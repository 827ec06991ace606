"""What providers said of a gateway's keys when they were asked last: words and a time, never a key."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from claw_tui.domain.errors import ClawError
from claw_tui.i18n import _

if TYPE_CHECKING:
    from claw_tui.domain.vitals import KeyNote
    from claw_tui.ports import Services, StateStore

FILE = "key-checks.json"
WORDS = 100  # characters that are kept of an answer


def read_notes(state: StateStore, app: str) -> dict[str, KeyNote]:
    """By the secret's name; a damaged file is none."""
    from claw_tui.domain.vitals import KeyNote  # noqa: PLC0415  (Home's, and Start does not wait for it)

    try:
        path = state.file(app, FILE)
        found = json.loads(state.read_file(path)) if path.exists() else {}
        return {
            str(name): KeyNote(float(e["at"]), str(e["words"]), bool(e["good"])) for name, e in found.items()
        }
    except (ClawError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def write_note(state: StateStore, app: str, name: str, note: KeyNote | None) -> None:
    """None: the key is another one now, and nobody was asked about it. Raises StateError."""
    notes = read_notes(state, app)
    if note is None and name not in notes:
        return
    notes.pop(name, None)
    if note is not None:
        notes[name] = note
    text = json.dumps({key: asdict(kept) for key, kept in notes.items()}, indent=1)
    state.write_file(state.file(app, FILE), text + "\n")


def note_said(services: Services, app: str, name: str, said: str) -> None:
    """A key was given: what its provider said of it, if anybody was asked. Raises StateError."""
    from claw_tui.domain.vitals import KeyNote  # noqa: PLC0415

    asked = bool(said) and said != _("not checked")
    if app and services.keys.can_check(name):
        write_note(services.state, app, name, KeyNote(time.time(), said[:WORDS]) if asked else None)
