"""The gateway's lock: does somebody hold it, or was it left by one that is gone?"""

from __future__ import annotations

import re

from claw_tui.domain.doctor import fixes
from claw_tui.domain.doctor.case import Case, wrong
from claw_tui.domain.doctor.facts import Lock
from claw_tui.domain.doctor.model import Finding
from claw_tui.i18n import _

# The lock that is a file with a number in it. The other one, `another OpenClaw process owns gateway-lifecycle`, is the
# kernel's: it is gone with its owner.
BY_NUMBER = r"gateway already running|owns this state directory"
CLOCKS = 60  # seconds between the machine's clock and Fly's
OLD_PLACE = "gateway.*.lock"  # in the state's folder
PLACE = "tmp/openclaw-1000/gateway.*.lock"


def lock(case: Case, seen: tuple[str, ...]) -> Finding:
    """Why one that says so does not start."""
    if (case.old or any(re.search(BY_NUMBER, line) for line in seen)) and (paths := _left(case)):
        return _was_left(case, paths, seen)
    words = _("Another OpenClaw process owns the gateway's lock, so this one does not start.")
    why = _(
        "Somebody started a second one in the machine, or it did not end. The lock is not touched: it ends with its owner."
    )
    seen = (*seen, *(f"{one.path}: pid {one.pid}" for one in case.inside.locks if one.alive))
    fix = fixes.restart(case, _("Restart the machine, which ends both; the lock goes with its owner."))
    return wrong("start", "lock-held", words, why, fix, seen)


def _left(case: Case) -> tuple[str, ...]:
    """Those whose owners are certainly gone; none while one of them may run."""
    found = case.inside.locks
    gone = [one for one in found if one.alive is False or _is_older_than_the_machines_start(case, one)]
    if any(one.alive and one not in gone for one in found):
        return ()
    if not gone and not case.facts.runs:  # nothing lives in a machine that is stopped
        return (f"{case.layout.state}/{OLD_PLACE if case.old else PLACE}",)
    return tuple(one.path for one in gone)


def _is_older_than_the_machines_start(case: Case, one: Lock) -> bool:
    """Its number may be another program's by now: numbers begin anew with each start."""
    return 0 < one.at < case.started_at - CLOCKS


def _was_left(case: Case, paths: tuple[str, ...], seen: tuple[str, ...]) -> Finding:
    words = _("A lock was left behind by a gateway that is gone, so that no other one starts.")
    why = _("OpenClaw of that time does not see that its owner has ended.")
    if not case.old:
        why = _("Its owner's number belongs to another program by now, so OpenClaw takes it for alive.")
    named = [one for one in case.inside.locks if one.path in paths]
    fix = fixes.drop_locks(case, paths)
    dead = named and all(one.alive is False for one in named)
    fix = (
        fixes.reach_in(case, fix) if dead else fixes.rescues(case, fix)
    )  # in rescue no gateway has its number
    return wrong(
        "start", "lock-left", words, why, fix, (*seen, *(f"{one.path}: pid {one.pid}" for one in named))
    )
