"""Whether an openclaw.json is the whole of what the gateway reads."""

from __future__ import annotations

from claw_tui.domain.openclaw import json5
from claw_tui.domain.parse import TooDeep

INCLUDE = "$include"


def takes_parts(text: str) -> bool:
    """It names other files, whose content OpenClaw puts in its place (its documentation, “Config includes”)."""
    if INCLUDE not in text:
        return False
    try:
        return _has(json5.read(text.removeprefix("\ufeff")))
    except (ValueError, TooDeep):
        return False


def _has(value: object) -> bool:
    if isinstance(value, dict):
        return INCLUDE in value or any(map(_has, value.values()))
    return isinstance(value, list) and any(map(_has, value))
