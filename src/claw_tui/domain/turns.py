"""Whose turn it is with an app: what others are doing to it, and what calls of ours that were cut off left behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from claw_tui.domain.jobs import REFUSED, Intent
from claw_tui.domain.world import Lease, Release

# Commands that take the lease of a machine while they change it.
TAKING = (
    "deploy", "secrets deploy", "machine restart", "machine start", "machine stop", "machine update", "machine cordon",
    "machine uncordon", "machine destroy",
)  # fmt: skip
CLEARING = "fly machine leases clear "
# Nor is anything taken away that somebody else is at.
REMOVING = ("machine leases clear", "volumes destroy", "apps destroy")
CALL_SECONDS = 45 * 60.0  # no call of ours takes longer
LEASE_SECONDS = 600.0  # a machine that `fly deploy` makes is held for as long as that waits (--wait-timeout)
RELEASE_SECONDS = 900.0  # a release that is still going on after this was left so by a flyctl that was killed
SLACK_SECONDS = 60.0  # this computer's clock and Fly's


@dataclass(frozen=True, slots=True)
class AtWork:
    """Somebody who is changing the app. ``until`` (seconds since 1970): when that ends by itself, if nobody goes on."""

    who: str
    until: float
    machine: str = ""  # empty: it is being deployed for the first time


def takes_lease(command: str) -> bool:
    """Whether a command, as it is shown and noted, holds a machine while it works."""
    return any(command.startswith(f"fly {words} ") for words in TAKING)


def takes_turn(command: str) -> bool:
    """Whether it is one that two must not do at once."""
    return takes_lease(command) or any(command.startswith(f"fly {words} ") for words in REMOVING)


def left_behind(calls: Iterable[Intent]) -> Intent | None:
    """The call of ours that may have left a lease: it did not end well, and nothing was cleared since."""
    left = None
    for call in calls:
        if takes_lease(call.command) and call.outcome != REFUSED:
            left = None if call.outcome == "done" else call
        elif call.command.startswith(CLEARING) and call.outcome == "done":
            left = None
    return left


def is_left_lease(lease: Lease, left: Intent | None, me: str) -> bool:
    """Whether ``lease`` is what ``left`` has left: it has our name, and cannot be younger than that call."""
    if left is None or lease.owner.lower() != me.lower():
        return False
    return not is_over(left, lease.until)


def is_over(left: Intent, at: float) -> bool:
    """Whether whatever ``left`` has left has ended by itself by then."""
    return at > left.at + CALL_SECONDS + LEASE_SECONDS + SLACK_SECONDS


def is_going_on(release: Release, now: float) -> bool:
    began = _seconds(release.created_at)
    return release.status in ("pending", "running") and abs(now - began) < RELEASE_SECONDS


def is_our_release(release: Release, calls: Iterable[Intent], me: str) -> bool:
    """Whether it began while a call of ours was going on."""
    began = _seconds(release.created_at)
    return release.user.lower() == me.lower() and any(
        call.at - SLACK_SECONDS <= began <= call.at + CALL_SECONDS
        for call in calls
        if takes_lease(call.command)
    )


def ends(release: Release) -> float:
    return _seconds(release.created_at) + RELEASE_SECONDS


def _seconds(stamp: str) -> float:
    """Since 1970; 0 for what is no time."""
    try:
        found = datetime.fromisoformat(stamp)
    except ValueError:
        return 0.0
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
