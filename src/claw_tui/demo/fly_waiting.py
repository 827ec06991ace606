"""How flyctl waits after it has changed a machine: for its start, then for its checks, each five minutes at most."""

from __future__ import annotations

import time

from claw_tui.demo import cloud, cloud_machines, gateway, world
from claw_tui.demo.session import FlyFailure, Session
from claw_tui.demo.world import World

LIMIT = 300.0
DEADLINE = 126  # flyctl's exit code when it gives up by itself
TOO_SLOW = """timeout reached waiting for machine's state to change
The machine {id} took more than 5m0s to reach "started"
"""


def wait_for_start(session: Session, machine_id: str, doing: str = "") -> None:
    """A machine that stops instead is waited for all the same."""
    world.wait(4)
    end = time.monotonic() + world.lasts(LIMIT)
    while _as_it_is(session, machine_id)[0] != "started":
        if time.monotonic() >= end:
            raise FlyFailure(doing + TOO_SLOW.format(id=machine_id))
        time.sleep(0.02)


def settled(session: Session, machine_id: str) -> str:
    """The state that it comes to: started, or stopped."""
    world.wait(4)
    return _as_it_is(session, machine_id)[0]


def wait_for_checks(session: Session, machine_id: str, doing: str) -> None:
    """Once a second it is told how many pass."""
    end = time.monotonic() + world.lasts(LIMIT)
    while True:
        state, checks = _as_it_is(session, machine_id)
        if not checks:
            session.say("No health checks found")
            return
        passing = sum(check["status"] == "passing" for check in checks)
        session.mutter(f"  Waiting for {machine_id} to become healthy ({state}, {passing}/{len(checks)})")
        if passing == len(checks):
            return
        if time.monotonic() >= end:
            raise FlyFailure(f"{doing}: context deadline exceeded", DEADLINE)
        time.sleep(world.lasts(1.0) or 0.02)


def _as_it_is(session: Session, machine_id: str) -> tuple[str, list[World]]:
    with world.opened() as now:
        machine = cloud_machines.machine_of(cloud.app_of(now, session.app_name()), machine_id)
        return str(machine["state"]), gateway.checks(machine)
