"""How one gateway is: what was found out, each part with its age, and what that comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from claw_tui.domain.answers import ChannelStatus, HealthAnswer
from claw_tui.domain.prices import Price
from claw_tui.domain.world import Machine, MachineEvent, Release, World
from claw_tui.i18n import n_

T = TypeVar("T")
DEPLOY_SECONDS = 15 * 60.0  # a start that follows a release so soon belongs to it
NEARLY_FULL = 0.95
PART_NAMES = {
    "app": n_("the app"), "volumes": n_("volumes"), "secrets": n_("secrets"), "ips": n_("addresses"),
    "machines": n_("machines"), "releases": n_("deploys"),
}  # fmt: skip


class Source(StrEnum):
    """Who said it."""

    FLY = "fly"
    MACHINE = "machine"
    GATEWAY = "gateway"
    REGISTRY = "registry"
    CHECK = "check"  # the last check of a key, from here
    PRICES = "prices"
    HERE = "here"


class Standing(StrEnum):
    """Whether somebody should look at it."""

    PLAIN = ""
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """Something that was asked for. ``age`` in seconds; ``problem``: why it could not be had the last time."""

    value: T | None = None
    age: float | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Resources:
    """What a machine says of itself. Bytes and seconds; None: it did not say."""

    memory: int | None = None
    memory_used: int | None = None
    disk: int | None = None
    disk_used: int | None = None
    up: float | None = None  # the machine
    gateway_up: float | None = None  # and the gateway's process


@dataclass(frozen=True, slots=True)
class KeyNote:
    """What a provider said of a key when it was asked last. ``at`` in seconds since 1970."""

    at: float
    words: str
    good: bool = True


@dataclass(frozen=True, slots=True)
class Vitals:
    """All that is known of one gateway at one moment. ``keys``: by the secret's name, for each that can be checked."""

    app: str
    world: World = field(default_factory=World)
    ages: Mapping[str, float | None] = field(default_factory=dict)  # of the world's parts
    resources: Known[Resources] = Known()
    health: Known[HealthAnswer] = Known()
    channels: Known[tuple[ChannelStatus, ...]] = Known()
    newer: Known[tuple[str, ...]] = Known()  # versions, newest first
    keys: Mapping[str, KeyNote | None] = field(default_factory=dict)
    price: Price | None = None
    now: float = 0.0  # seconds since 1970

    def age_of(self, *parts: str) -> float | None:
        """Of the oldest of the world's ``parts``; None as long as one is not known."""
        ages = [self.ages.get(part) for part in parts]
        known = [age for age in ages if age is not None]
        return max(known) if known and len(known) == len(ages) else None


class Cause(StrEnum):
    """Why a machine was started."""

    DEPLOY = "deploy"
    MADE = "made"
    ASKED = "asked"
    REQUEST = "request"
    MEMORY = "memory"
    FAILED = "failed"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Start:
    """A machine's last start. ``at`` in seconds since 1970; ``number``: the release's, or the exit code."""

    at: float
    cause: Cause
    number: int = 0


def last_start(machine: Machine, releases: tuple[Release, ...] = ()) -> Start | None:
    """By the machine's events; what it ended with before, or was done to it, counts more than a deploy that was near."""
    events = sorted(machine.events, key=lambda event: -event.at)
    starts = [event.at for event in events if event.is_start]
    if not starts:
        return None
    earlier = starts[1] if len(starts) > 1 else 0
    before = [event for event in events if earlier <= event.at <= starts[0] and event.at != earlier]
    kinds, at = {event.type for event in before}, starts[0] / 1000
    ended = next((event for event in before if event.type == "exit"), None)  # code 0 is left out
    if any(event.oom_killed for event in before):
        return Start(at, Cause.MEMORY)
    if ended is not None and ended.exit_code:
        return Start(at, Cause.FAILED, ended.exit_code)
    release = next((r for r in releases if _soon_after(r, at)), None)
    if release is not None and not _was_done_after(release, events, starts):
        return Start(at, Cause.DEPLOY, release.version)
    asked = {event.source for event in before if event.type == "start" and not event.is_start}
    if "proxy" in asked:
        return Start(at, Cause.REQUEST)
    if kinds & {"restart", "update", "stop"} or "user" in asked:
        return Start(at, Cause.ASKED)
    if ended is not None:
        return Start(at, Cause.ENDED)
    return Start(at, Cause.MADE if "launch" in kinds or len(starts) == len(events) == 1 else Cause.UNKNOWN)


def _was_done_after(release: Release, events: list[MachineEvent], starts: list[int]) -> bool:
    """The machine had been started with it before, or somebody stopped or restarted it since."""
    made = (seconds_of(release.created_at) or 0) * 1000
    asked = any(event.type in ("restart", "stop") and event.at >= made for event in events)
    return asked or any(start >= made for start in starts[1:])


def _soon_after(release: Release, at: float) -> bool:
    made = seconds_of(release.created_at)
    return made is not None and 0 <= at - made <= DEPLOY_SECONDS


def seconds_of(stamp: str) -> float | None:
    """Since 1970; None when it is no time."""
    try:
        return datetime.fromisoformat(stamp).timestamp()
    except ValueError:
        return None


def share(used: int | None, whole: int | None) -> float | None:
    """Of 1; None where one of both is not known."""
    return used / whole if used is not None and whole else None


def connected(channel: ChannelStatus) -> bool:
    return channel.running and channel.probe_ok is not False
