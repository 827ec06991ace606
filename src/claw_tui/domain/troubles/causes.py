"""What a failure really is: its code says so, or the lines that were said around it."""

from __future__ import annotations

import re
import time
from calendar import timegm
from collections.abc import Iterable
from typing import NamedTuple

from claw_tui.domain.troubles.model import MOST_LINES, Failure

WIDEST = 300  # characters of a line

# Codes that only say that something went wrong there: the lines say what.
VAGUE = (
    "unhealthy", "gateway", "timeout", "machine-stopped", "failed", "fly", "build-failed", "state",
)  # fmt: skip


class Sign(NamedTuple):
    """A kind of trouble, and the words of the gateway, of Fly.io or of flyctl that give it away."""

    kind: str
    pattern: re.Pattern[str]


def _sign(kind: str, pattern: str) -> Sign:
    return Sign(kind, re.compile(pattern, re.IGNORECASE))


# The first that fits wins. OpenClaw's words are those of 2026.9 and of January 2026.
SIGNS = (
    _sign("disk", r"no space left on device|disk quota exceeded|disk is full"),
    _sign("out-of-memory", r"\bOOM\b|oom[_-]kill|out of memory|heap limit|Runtime_AllocateIn|ran out of memory"),
    _sign("newer-state", r"uses newer schema version|requires a newer OpenClaw|written by a newer"),
    _sign("lock-held", r"another OpenClaw process owns|gateway already running|StateDatabaseCoordinatorContention|"
          r"state directory is locked|owns this state directory"),
    _sign("no-auth", r"Refusing to bind gateway|no token is configured|without auth\b"),
    _sign("unresolved-secret", r"SECRETS_DEGRADED\] cold gateway|required secrets are unavailable|SecretRefResolutionError"),
    _sign("unreadable-config", r"Failed to read config .*EACCES|Config file is not readable|EACCES: .*openclaw\.json"),
    _sign("no-config", r"Missing config\b"),
    _sign("bad-config", r"Invalid config at|Config invalid|Failed to read config"),
    _sign("unreadable-state", r"state database is unreadable|(?:^|(?:Error|start): )(?:EACCES|EPERM)\b[^']*'/(?!(?:app|usr|root|home|proc|sys|etc|opt|tmp)\b)|"
          r"gateway lock at .*(?:EACCES|unable to open)|unable to open database file|attempt to write a readonly database"),
    _sign("not-listening", r"not listening on the expected address"),
)  # fmt: skip
OF_A_VOLUME = ("unreadable-state",)  # a builder's files are others
OWN_DISK = ("disk",)  # told by our own files only: a builder's or a machine's disk is another one
ALSO_CALLED = {"state-too-new": "newer-state"}  # codes that say it themselves
BUILDS = {"out-of-memory": "build-memory", "disk": "build-context"}  # the same words, said by the builder
# What goes with a cause: where it is, what is missing.
_ALSO = {
    "bad-config": r"openclaw\.json:\d+|^\s*-\s|: Unrecognized key|must (?:be|match|have)|^File:|Problem|^\w[\w-]*(?:\.[\w-]+)+: ",
    "unresolved-secret": r"Environment variable|failed to start",
    "unreadable-config": r"chown|EACCES",
    "not-listening": r"\d+\.\d+\.\d+\.\d+:\d+|listening on the following",
    "out-of-memory": r"SIGABRT|exit code|heap",
}
_EXIT = r"exit(?:ed)? (?:normally )?(?:with )?code:? |max restart count|smoke checks for"
_NOISE = re.compile(
    r"INFO (?:Starting init|Mounting|Preparing to run)|^\s*$|^==>|^--> Verif|Check its logs|"
    r"^Validating |Configuration is valid|^Searching for image|^Watch your deployment|^image found"
)
_BEFORE = re.compile(r"^(?:✖ |Error:|Failed:|\s)+")  # flyctl says an error up to three times
_IDS = re.compile(r"\s*\((?:Request|Trace) ID: [^)]*\)")  # flyctl says the same with and without them
_OWNER = re.compile(
    r"lease (?:is )?currently held by (?P<owner>[^\s,]+)(?:, expires at (?P<until>[\dT:-]+)Z)?"
)
_VARIABLE = re.compile(r'Environment variable "(\w+)"')


def kind_of(failure: Failure) -> str:
    """What it is: an error's own code, or a cause that the lines give away."""
    if failure.code not in VAGUE:
        return ALSO_CALLED.get(failure.code, failure.code)
    text = [failure.message, *failure.lines]
    for sign in SIGNS:
        if sign.kind in OWN_DISK and failure.code != "state":
            continue
        if sign.kind in OF_A_VOLUME and failure.code == "build-failed":
            continue
        if any(sign.pattern.search(line) for line in text):
            return BUILDS.get(sign.kind, sign.kind) if failure.code == "build-failed" else sign.kind
    return failure.code


def evidence(kind: str, lines: Iterable[str]) -> tuple[str, ...]:
    """The lines that say so; without any, the error itself and the last ones that say something."""
    once: dict[str, str] = {}
    for line in lines:
        if not _NOISE.search(line):
            once.setdefault(_IDS.sub("", short(line)).casefold(), short(line))
    said = list(once.values())
    patterns = [sign.pattern.pattern for sign in SIGNS if kind in (sign.kind, BUILDS.get(sign.kind))]
    patterns += [_ALSO[kind]] if kind in _ALSO else []
    if patterns:
        telling = re.compile("|".join([*patterns, _EXIT]), re.IGNORECASE)
        found = [line for line in said if telling.search(line)]
        if found:
            return tuple(_best(found, patterns[0]))
    return tuple(said if len(said) <= MOST_LINES else [said[0], *said[1 - MOST_LINES :]])


def short(line: str) -> str:
    """An error stands at the end of a long sentence as often as at its beginning."""
    line = _BEFORE.sub("", line.strip()).strip()
    return line if len(line) <= WIDEST else f"{line[: WIDEST - 120]} … {line[-116:]}"


def _best(found: list[str], pattern: str) -> list[str]:
    """When there are too many: from the one on that gives the cause away, in their order."""
    first = next((at for at, line in enumerate(found) if re.search(pattern, line, re.IGNORECASE)), 0)
    start = min(first, max(0, len(found) - MOST_LINES))
    return found[start : start + MOST_LINES]


def lease_of(lines: Iterable[str]) -> tuple[str, float]:
    """Who holds a machine's lease, and until when (seconds since 1970; 0 when it is not said)."""
    for line in lines:
        if found := _OWNER.search(line):
            until = found["until"]
            return found["owner"], _seconds(until) if until else 0.0
    return "", 0.0


def _seconds(stamp: str) -> float:
    try:
        return float(timegm(time.strptime(stamp, "%Y-%m-%dT%H:%M:%S")))
    except ValueError:
        return 0.0


def missing_variable(lines: Iterable[str]) -> str:
    """The variable that a secret is taken from and that is not set."""
    return next((found[1] for line in lines if (found := _VARIABLE.search(line))), "")
