"""A changed openclaw.json on its way into a running gateway: what the gateway says about it, and its backups."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Reload(StrEnum):
    """What a gateway did about a changed file, by its own log."""

    UNSEEN = "unseen"  # not a word (yet)
    SEEN = "seen"
    SAME = "same"  # it read the file and found nothing in it that is new
    APPLIED = "applied"  # while it runs
    RESTARTING = "restarting"  # inside its process
    RESTARTED = "restarted"
    OFF = "off"  # it is told not to look (gateway.reload.mode)
    SKIPPED = "skipped"  # it does not accept the file, and goes on with what it has
    REVERTED = "reverted"  # it put another file in its place
    REFUSED = "refused"  # it does not start with it


BAD = (Reload.SKIPPED, Reload.REVERTED, Reload.REFUSED)
GOOD = (Reload.APPLIED, Reload.RESTARTED)

# Words of 2026.9.1 and 2026.9.6, in the log file and on the console alike (tests/real/test_delivery.py).
WORDS: tuple[tuple[str, Reload], ...] = (
    (r"config change detected; evaluating reload", Reload.SEEN),
    (r"config reload superseded", Reload.SAME),
    (r"config hot reload applied|config change applied", Reload.APPLIED),
    (r"requires gateway restart|Gateway restart required", Reload.RESTARTING),
    (r"http server listening|listening on ws://", Reload.RESTARTED),
    (r"config reload disabled|config hot-reload disabled", Reload.OFF),
    (
        r"config reload skipped \((?:invalid config|config file)|config (?:reload|restart) failed"
        r"|config hot reload failed",
        Reload.SKIPPED,
    ),
    (r"Config auto-restored from", Reload.REVERTED),
    (r"Gateway failed to start|Invalid config at|Refusing to bind gateway|Missing config", Reload.REFUSED),
)
_WORDS = tuple((re.compile(words), meaning) for words, meaning in WORDS)
# For ``grep -E`` in the machine: the log holds much else.
PATTERN = (
    "config (change|hot|reload|restart)|requires gateway restart|restart required|listening|auto-restored"
    "|failed to start|Invalid config|Refusing to bind|Missing config"
)


def meaning(line: str) -> Reload | None:
    return next((found for words, found in _WORDS if words.search(line)), None)


def outcome(lines: tuple[str, ...]) -> Reload:
    """What has come of it so far; ``lines`` begin with the change."""
    now = Reload.UNSEEN
    for found in filter(None, map(meaning, lines)):
        if found is Reload.RESTARTED and now is Reload.APPLIED:
            continue
        if found in (Reload.SEEN, Reload.SAME) and now in GOOD:
            continue  # OpenClaw's own writing of the file after its start, or a second look that found nothing new
        if now is Reload.REVERTED:
            break
        now = found
    return now


def telling(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines that say why it did not work."""
    return tuple(line for line in lines if meaning(line) in BAD)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A change that was made and not yet seen through. Digests are SHA-256; ``at`` is UTC without a zone's name."""

    digest: str = ""  # of the file that was put in place; empty: no change is on its way
    back: str = ""  # the name of the file to go back to; empty: there was none
    before: str = ""  # digest of the file that was there
    now: str = ""  # digest of the file that is there
    log: str = ""  # the gateway's log file when the change was made; empty: it had none
    at: str = ""
    lines: tuple[str, ...] = ()  # what it logged about its config since


BACKUP = re.compile(r"openclaw\.json\.[A-Za-z0-9._:-]{1,80}")
OURS = re.compile(r"openclaw\.json\.before-(\d{8}-\d{6})")


@dataclass(frozen=True, slots=True)
class Backup:
    """An earlier openclaw.json beside the one that counts. ``at`` in seconds since 1970."""

    name: str
    size: int
    at: int
    same: bool  # byte for byte what is in place now

    @property
    def ours(self) -> bool:
        return OURS.fullmatch(self.name) is not None


def is_old(image: str) -> bool:
    """A gateway of January 2026 or before, which cannot check a file for us. ``image`` with its tag, or the tag alone."""
    return re.search(r"(^|:)(2026\.1|202[0-5])\.|clawdbot", image) is not None
