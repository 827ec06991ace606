"""One line of an app's log: who said it, how bad it is, and which part of the gateway, whatever generation it is of.

Fly.io calls nearly everything "info", for it only sees text: then the text's own word for its level counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from claw_tui.domain.answers import LogEntry
from claw_tui.domain.clean import clean
from claw_tui.domain.parse import json_of


class Level(IntEnum):
    """The worse, the higher."""

    DEBUG = 0
    INFO = 1
    WARNING = 2
    ERROR = 3


class From(IntEnum):
    """Who said it."""

    GATEWAY = 0
    MACHINE = 1  # its first program, its kernel
    PROXY = 2  # Fly's, before it
    RUNNER = 3  # what starts machines, and whatever else is Fly.io's


class LogLine(NamedTuple):
    """``words`` without colours; ``part``: of the gateway (discord, reload …), empty where it names none."""

    at: str  # RFC 3339
    level: Level
    source: From
    part: str
    words: str
    instance: str = ""


LEVELS = {
    "trace": Level.DEBUG, "debug": Level.DEBUG, "info": Level.INFO, "notice": Level.INFO, "warn": Level.WARNING,
    "warning": Level.WARNING, "error": Level.ERROR, "err": Level.ERROR, "fatal": Level.ERROR, "panic": Level.ERROR,
    "critical": Level.ERROR,
}  # fmt: skip
LONGEST, LONGEST_PART = 4_000, 40  # characters of a line, and of the part that JSON names
LOOKED_THROUGH = 4 * LONGEST  # for secrets
_PART = re.compile(r"(?:\S+T\S+Z? |\d\d:\d\d:\d\d )?\[([a-z][\w/.:-]{0,30})\]")
_MACHINE = re.compile(
    r" ?(?:INFO|WARN|ERROR) |\[ *\d+\.\d+\] |(?:Starting|Shutting down) (?:init|virtual)|Sending signal "
)
_SAID = re.compile(r"^ ?(?:INFO|WARN|ERROR) ")  # its level: that has a place of its own
_WORD = re.compile(
    r"\s*(?:\[[\w/.:-]+\] )*\[?(trace|debug|info|warn|warning|error|err|fatal|panic)\b[\]:]? ?", re.IGNORECASE
)
# Looked for one after the other: that is quicker than one expression for all of them.
_ERRORS = (
    "Error:", "Error (", "EACCES", "ENOENT", "ECONNREFUSED", "EADDRINUSE", "ENOSPC", "ailed to ", "fatal", "FATAL",
    "Unauthorized", "efusing", "OOM", "ut of memory", "SIGKILL", "SIGABRT", "code: 1", "code: 7", "closed 4", "nvalid config at",
    "reload failed", "restart failed", "Missing config", "no token is", "max restart count", "is now critical", "already in use",
    "already running", "already owns",
)  # fmt: skip
_WARNINGS = (
    "arning", "deprecated", "DEGRADED", "reload skipped", "auto-restored", "etrying", "timed out", "not linked",
    "unattributable", "superseded", "⚠",
)  # fmt: skip


def parse(entry: LogEntry, redact: Callable[[str], str] = str) -> LogLine:
    """Never fails: what it does not know is a gateway's line of no part. ``redact`` takes secrets out."""
    words, said, named = _unpacked(entry.message)
    words, named = _shown(words, redact), redact(named)[:LONGEST_PART]
    source = _source(entry, words)
    found = _PART.match(words) if source is From.GATEWAY else None
    part = named or (found.group(1) if found else "")
    level = said if said is not None else _level(entry.level, words)
    words = _SAID.sub("", words) if source is From.MACHINE else words
    return LogLine(entry.at, level, source, part, words, entry.instance)


def _shown(words: str, redact: Callable[[str], str]) -> str:
    """Its beginning, without secrets: first taken out, then cut, for nobody knows a secret by its half.

    Of what is much longer only so much is looked through that a half at its end is not what is shown.
    """
    words = words if words.isprintable() else _in_one_line(words)
    found = redact(words[:LOOKED_THROUGH])
    if len(words) > LOOKED_THROUGH and len(found) < LOOKED_THROUGH * 3 // 4:  # secrets, most of it
        found = redact(words)
    return found[:LONGEST]


def _in_one_line(text: str) -> str:
    """What stood in it as a code would steer the terminal now, or make a second line that looks like another's."""
    return clean(" ".join(text.splitlines()))


def _source(entry: LogEntry, words: str) -> From:
    if entry.source in ("app", entry.instance):
        return From.MACHINE if _MACHINE.match(words) else From.GATEWAY
    return From.PROXY if entry.source == "proxy" else From.RUNNER


def _level(said: str, words: str) -> Level:
    """What Fly.io says counts where it is not just "info"; the text's first word next; then what it tells of: init calls an exit code info."""
    told = LEVELS.get(said, Level.INFO)
    if told is not Level.INFO:
        return told
    word = _WORD.match(words)
    if word is not None and LEVELS[word.group(1).lower()] is not Level.INFO:
        return LEVELS[word.group(1).lower()]
    for sign in _ERRORS:
        if sign in words:
            return Level.ERROR
    for sign in _WARNINGS:
        if sign in words:
            return Level.WARNING
    return Level.INFO


def _unpacked(text: str) -> tuple[str, Level | None, str]:
    """A line of the gateway's that is JSON (logging.consoleStyle) as its words, level and part: only now in clear."""
    if not text.startswith("{"):
        return text, None, ""
    try:
        found = json_of(text)
    except ValueError:
        return text, None, ""
    words = found.get("message") or found.get("msg") if isinstance(found, dict) else None
    if not isinstance(words, str):
        return text, None, ""
    level, part = (
        value if isinstance(value := found.get(key), str) else "" for key in ("level", "subsystem")
    )
    words, part = _in_one_line(words), _in_one_line(part)
    return (f"[{part}] {words}" if part else words), LEVELS.get(level.lower()), part
