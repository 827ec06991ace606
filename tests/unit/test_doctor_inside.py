"""The doctor's rules about what lies in a machine: locks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claw_tui.domain.doctor.facts import Lock
from claw_tui.domain.doctor.judge import judge
from claw_tui.domain.doctor.model import Finding
from claw_tui.domain.world import MachineEvent
from tests.unit.test_doctor_rules import (
    MACHINE,
    NOW,
    SILENT,
    WELL,
    Change,
    down,
    inside,
    machine,
    says,
    then,
    told,
)

RUNNING = "Gateway failed to start: gateway already running (pid 640); lock timeout after 5000ms"
OWNS = "StateDatabaseCoordinatorContentionError: another OpenClaw process owns gateway-lifecycle"
LOCK = Lock("/data/tmp/openclaw-1000/gateway.27a7.lock", 640, alive=False, at=int(NOW - 100))
ENDS = MachineEvent("exit", "stopped", int((NOW - 5) * 1000), 78)


def looping(*lines: str, locks: tuple[Lock, ...]) -> Change:
    """It ends each time with 78, and Fly starts it again; meanwhile one can look into its machine."""
    ended = machine(events=(ENDS, *MACHINE.events))
    return then(ended, says(*lines), inside(locks=locks), lambda facts: replace(facts, health=SILENT))


def first(change: Change) -> Finding:
    found = judge(change(WELL))
    assert found.wrong, told(found)
    return found.wrong[0]


@pytest.mark.parametrize(
    "change",
    [
        looping(RUNNING, locks=(LOCK,)),  # its owner was looked for, and is gone
        looping(RUNNING, locks=(LOCK, replace(LOCK, alive=None, path="/data/tmp/openclaw-1000/gateway.state.lock"))),
        # a program has its number that was started after the lock was written
        looping(RUNNING, locks=(replace(LOCK, alive=True, at=int(NOW - 9000)),)),
        down(1, RUNNING),  # nothing lives in a machine that is stopped
    ],
    ids=["dead", "another one is not known", "its number is reused", "stopped"],
)  # fmt: skip
def test_a_lock_in_todays_place_is_left(change: Change) -> None:
    found = first(change)
    assert (found.cause, found.fix and found.fix.id) == ("lock-left", "rescue drop-locks")
    assert found.fix is not None
    assert "rm -f /data/tmp/openclaw-1000/gateway." in " ".join(found.fix.commands)


@pytest.mark.parametrize(
    "change",
    [
        looping(RUNNING, locks=(replace(LOCK, alive=True),)),  # somebody has it
        looping(RUNNING, locks=(LOCK, replace(LOCK, pid=655, alive=True))),
        looping(RUNNING, locks=()),  # nothing was seen
        looping(OWNS, locks=(LOCK,)),  # the kernel's own lock: it is gone with its owner
        down(78, OWNS),
    ],
    ids=["alive", "one of two is alive", "none seen", "the state is owned", "the state is owned, stopped"],
)
def test_a_lock_that_somebody_may_hold_stays(change: Change) -> None:
    found = first(change)
    assert (found.cause, found.fix and found.fix.id) == ("lock-held", "restart")
