"""Whether an openclaw.json is the whole of what the gateway reads."""

from __future__ import annotations

INCLUDE = "$include"


def takes_parts(value: object) -> bool:
    """It names other files, whose content OpenClaw puts in its place (its documentation, “Config includes”)."""
    if isinstance(value, dict):
        return INCLUDE in value or any(map(takes_parts, value.values()))
    return isinstance(value, list) and any(map(takes_parts, value))
