"""What the real OpenClaw does with files and locks that are not its own, and what the doctor makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from claw_tui.ports import Services
from tests.doctor.asking import told
from tests.real.machine_rig import NODE_USER, STATE, RealGateway, RealMachine
from tests.real.test_doctor import config, diagnosis

pytestmark = [pytest.mark.real, pytest.mark.anyio]
LOCK = f"{STATE}/tmp/openclaw-1000/gateway.state.lock"


@pytest.fixture
def fresh() -> Iterator[RealMachine]:
    made = RealMachine()
    try:
        yield made
    finally:
        made.close()


def ran_once(machine: RealMachine) -> None:
    """It has everything that a gateway makes at its first start."""
    machine.write(config())
    machine.start()
    machine.until("[gateway] ready")
    machine.stop()
    machine.forget()


def another_program(machine: RealMachine) -> int:
    """As tini is one: no gateway, and its arguments are a gateway's. Its number."""
    script = "echo $$ > /tmp/other; sleep 900; true"
    machine.sh(f"({' '.join(NODE_USER)} sh -c '{script}' dist/index.js gateway </dev/null >/dev/null 2>&1 &)")
    machine.sh("until [ -s /tmp/other ]; do sleep 0.1; done")
    return int(machine.sh("cat /tmp/other").stdout)


async def test_a_lock_whose_number_is_another_programs_now(fresh: RealMachine, services: Services) -> None:
    """OpenClaw takes it for a gateway, does not start, and never would; without the lock it does."""
    ran_once(fresh)
    about = {
        "pid": another_program(fresh),
        "createdAt": "2026-11-01T10:00:00.000Z",
        "configPath": f"{STATE}/openclaw.json",
    }
    fresh.sh(f"cat > {LOCK} && chown 1000:1000 {LOCK} && chmod 600 {LOCK}", given=json.dumps(about))
    fresh.start()
    code = fresh.ended()
    assert any("gateway already running" in line for line in fresh.lines()), fresh.lines()
    found = await diagnosis(services, fresh, code)
    assert found.first == "lock-left", (code, told(found))
    gateway = RealGateway(fresh, quick=True)
    gone = tuple(lock for lock in (await gateway.inside("", "")).locks if lock.alive is False)
    assert LOCK in [lock.path for lock in gone]
    assert await gateway.drop_locks("", "", gone)
    fresh.forget()
    fresh.start()
    fresh.until("[gateway] ready")
