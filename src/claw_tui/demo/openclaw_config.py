"""What OpenClaw 2026.9 accepts as openclaw.json, as far as the simulated gateway knows its keys.

The keys come from the JSON Schema that ``openclaw config schema`` prints (openclaw_keys.txt: path, then keys).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable

from claw_tui.demo import json5

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

KEYS = os.path.join(os.path.dirname(__file__), "openclaw_keys.txt")
CHOICES = {
    "gateway.bind": ("auto", "lan", "loopback", "custom", "tailnet"),
    "gateway.mode": ("local", "remote"),
    "gateway.auth.mode": ("none", "token", "password", "trusted-proxy"),
    "channels.discord.groupPolicy": ("open", "disabled", "allowlist"),
    "channels.discord.dmPolicy": ("pairing", "allowlist", "open", "disabled"),
}
AGENT = re.compile(r"[a-z0-9_][a-z0-9_-]{0,63}")
Issue = dict[str, str]


Part = Callable[[str], str | None]


def nothing(_name: str) -> None:
    """There is no other file."""


def _included(value: Any, part: Part) -> Any:
    if not isinstance(value, dict):
        return [_included(one, part) for one in value] if isinstance(value, list) else value
    found: dict[str, Any] = {}
    names = value.get("$include", [])
    for name in names if isinstance(names, list) else [names]:
        found = _merged(found, _included(json5.read(part(name) or "{}"), part))
    return _merged(found, {key: _included(one, part) for key, one in value.items() if key != "$include"})


def _merged(old: Any, new: Any) -> Any:
    """Tables are merged, lists are put together, of all else the later counts."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{key: _merged(old[key], one) if key in old else one for key, one in new.items()}}
    return [*old, *new] if isinstance(old, list) and isinstance(new, list) else new


def known_keys() -> dict[str, set[str]]:
    found = {}
    with open(KEYS) as file:
        for line in file:
            path, _sep, keys = line.partition(":")
            found[path.replace(".", "", 1) if path == "." else path] = set(keys.split())
    return found


def read_config(
    text: str, *, old: bool = False, part: Part = nothing
) -> tuple[dict[str, Any] | None, list[Issue]]:
    """Return (config, issues); a config with issues is not loaded. ``old``: as January's reads it.

    ``part`` reads a file that is named by ``$include``.
    """
    try:
        config = _included(json5.read(text), part)
    except json.JSONDecodeError as error:
        return None, [{"path": "<root>", "message": f"JSON5 parse failed: SyntaxError: JSON5: {_why(error)}"}]
    if not isinstance(config, dict):
        return None, [{"path": "<root>", "message": "Invalid input: expected object"}]
    issues: list[Issue] = []
    _walk("", config, _january(known_keys()) if old else known_keys(), issues)
    agents = (config.get("agents") or {}).get("entries") or {}
    issues += [
        {"path": f"agents.entries.{agent}", "message": "Invalid key in record"}
        for agent in agents
        if not AGENT.fullmatch(agent)
    ]
    return config, issues


def lost(good: str, text: str) -> str:
    """Why OpenClaw would not believe ``text`` after ``good``; empty when it does."""
    before, after = len(good.encode()), len(text.encode())
    reasons = []
    if before >= 512 and after < before // 2:
        reasons.append(f"size-drop-vs-last-good:{before}->{after}")
    if "meta" in json5.read(good) and "meta" not in json5.read(text):
        reasons.append("missing-meta-vs-last-good")
    return ", ".join(reasons)


def _january(keys: dict[str, set[str]]) -> dict[str, set[str]]:
    """Where January's keys differ, as far as the guides of then and of now use them."""
    channel = "channels.discord.guilds.*.channels.*"
    return {
        **keys,
        "agents": keys["agents"] - {"entries"} | {"list"},
        channel: keys[channel] | {"allow"},
        "gateway.controlUi": keys["gateway.controlUi"] - {"allowedOrigins"},
    }


def _why(error: json.JSONDecodeError) -> str:
    where = f"at {error.lineno}:{error.colno}"
    if error.pos >= len(error.doc.rstrip()):
        return f"invalid end of input {where}"
    return f"invalid character '{error.doc[error.pos]}' {where}"


def _pattern(path: str, keys: dict[str, set[str]]) -> str:
    """The table's path for ``path``: a name that people choose is ``*`` there."""
    if path in keys:
        return path
    steps = path.split(".")
    for candidate in keys:
        wanted = candidate.split(".")
        if len(wanted) == len(steps) and all(w in ("*", s) for w, s in zip(wanted, steps, strict=True)):
            return candidate
    return ""


def _walk(path: str, value: dict[str, Any], keys: dict[str, set[str]], issues: list[Issue]) -> None:
    pattern = _pattern(path, keys)
    for key, inside in value.items():
        here = f"{path}.{key}" if path else key
        if (pattern or not path) and key not in keys.get(pattern, {key}):
            issues.append({"path": path or "<root>", "message": f'Unrecognized key: "{key}"'})
        elif here in CHOICES and inside not in CHOICES[here]:
            allowed = ", ".join(f'"{choice}"' for choice in CHOICES[here])
            issues.append({"path": here, "message": f"Invalid input (allowed: {allowed})"})
        elif isinstance(inside, dict):
            _walk(here, inside, keys, issues)
