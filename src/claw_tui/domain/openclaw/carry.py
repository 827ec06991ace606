"""What OpenClaw and other people added to the gateway's file since we wrote it last: it stays."""

from __future__ import annotations

from typing import Any

from claw_tui.domain.openclaw.notes import Json


def carried(wanted: Json, last: Json, theirs: Json) -> Json:
    """``wanted``, with what ``theirs`` has that was never ours: neither in ``wanted`` nor in what we wrote ``last``.

    OpenClaw writes into its file itself: the first person who is let in becomes the owner there, for one.
    """
    found: Json = {key: _inside(value, last.get(key), theirs.get(key)) for key, value in wanted.items()}
    found.update({key: value for key, value in theirs.items() if key not in wanted and key not in last})
    return found


def _inside(wanted: Any, last: Any, theirs: Any) -> Any:
    if not (isinstance(wanted, dict) and isinstance(theirs, dict)):
        return wanted
    return carried(wanted, last if isinstance(last, dict) else {}, theirs)
