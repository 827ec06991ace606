"""What the real OpenClaw does with files and locks that are not its own, and what the doctor makes of it."""

from __future__ import annotations

import json

import pytest

from claw_tui.domain.doctor import owning
from claw_tui.ports import Services
from tests.doctor.asking import told
from tests.real.machine_rig import NODE_USER, STATE, RealGateway, RealMachine
from tests.real.test_doctor import config, diagnosis

pytestmark = [pytest.mark.real, pytest.mark.anyio]
LOCK = f"{STATE}/tmp/openclaw-1000/gateway.state.lock"


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
    held = (await gateway.inside("", "")).locks
    assert held
    assert all(lock.alive for lock in held), held
    assert not await gateway.drop_locks("", "", held), "its owner runs"
    assert [lock.path for lock in (await gateway.inside("", "")).locks] == [lock.path for lock in held]


# -- files of root's --------------------------------------------------------------------------------------------------
async def gave_back(machine: RealMachine) -> list[str]:
    """As the fixing run's step does it."""
    gateway = RealGateway(machine, quick=True)
    strangers = (await gateway.inside("", "")).strangers
    assert strangers is not None
    found = owning.in_the_way(strangers, (f"{STATE}/ws2",))
    await gateway.give_back("", "", tuple(one.path for one in found))
    left = (await gateway.inside("", "")).strangers
    assert owning.in_the_way(left or (), (f"{STATE}/ws2",)) == []
    return sorted(one.name for one in found)


def as_root(machine: RealMachine, command: str) -> None:
    """`fly ssh console -C …`."""
    done = machine.sh(f"umask 022; timeout 200 {command}", env={**machine.env, "HOME": "/tmp/root"})
    assert done.returncode == 0, done.stderr[-600:]


def starts(machine: RealMachine) -> None:
    machine.forget()
    machine.start()
    machine.until("[gateway] ready")


async def test_openclaw_doctor_was_run_as_root(fresh: RealMachine, services: Services) -> None:
    """Before the first start, or in rescue: OpenClaw itself says to run it. First its file can't be read, then its state."""
    fresh.write(config())
    as_root(fresh, "openclaw doctor --fix --non-interactive")
    fresh.start()
    code = fresh.ended()
    found = await diagnosis(services, fresh, code)
    assert found.first == "start-refused-owner", (code, told(found))
    assert await RealGateway(fresh, quick=True).mend_owner("", "")
    fresh.forget()
    fresh.start()
    code = fresh.ended()
    found = await diagnosis(services, fresh, code)
    assert (code, found.first) == (78, "state-owner"), (fresh.lines(), told(found))
    assert await gave_back(fresh) == ["state", "tmp"]
    starts(fresh)


@pytest.mark.parametrize(
    ("name", "ends", "says"),
    [
        ("state", 78, "EPERM: operation not permitted, chmod"),
        ("state/openclaw.sqlite", 78, "EACCES: permission denied, open"),
        ("tmp/openclaw-1000", 1, "failed to acquire gateway lock"),
        ("tmp", None, "EACCES: permission denied, mkdir"),  # it stays there, and listens to nobody
    ],
)
async def test_what_root_has_keeps_it_from_starting(
    fresh: RealMachine, services: Services, name: str, ends: int | None, says: str
) -> None:
    ran_once(fresh)
    fresh.sh(f"chown 0:0 {STATE}/{name}; [ ! -d {STATE}/{name} ] || chmod 755 {STATE}/{name}")
    fresh.start()
    if ends is None:
        fresh.until("failed to start")
    else:
        assert fresh.ended() == ends, fresh.lines()
    assert any(says in line for line in fresh.lines()), fresh.lines()
    found = await diagnosis(services, fresh, ends)
    assert found.first == "state-owner", (fresh.lines(), told(found))
    if ends is None:
        fresh.stop()
    assert await gave_back(fresh) == [name]
    starts(fresh)


async def test_an_agent_that_was_added_as_root(fresh: RealMachine, services: Services) -> None:
    """It runs on; nothing of the new agent's can be kept."""
    fresh.write(config())
    starts(fresh)
    as_root(fresh, f"openclaw agents add work2 --non-interactive --workspace {STATE}/ws2")
    found = await diagnosis(services, fresh)
    assert {"config-owner", "state-owner"} <= set(found.causes), told(found)
    (finding,) = [one for one in found.wrong if one.cause == "state-owner"]
    assert finding.evidence == (f"0:0 755 {STATE}/agents", f"0:0 755 {STATE}/ws2")
    assert await RealGateway(fresh, quick=True).mend_owner("", "")
    assert await gave_back(fresh) == ["agents", "ws2"]
    found = await diagnosis(services, fresh)
    assert not {"config-owner", "state-owner"} & set(found.causes), told(found)


HARMLESS = (
    "mkdir -m 700 lost+found tmp/openclaw-0", "mkdir -p plugin-skills npm/projects/openclaw-x cache logs", "chown 0:0 cache",
    "touch tmp/openclaw-0/gateway.state.lock.sqlite backup.tgz", "cp openclaw.json openclaw.json.bak",
    "chmod 600 backup.tgz openclaw.json.bak", "chown 0:0 config-journal-fingerprint.key", "chown 1000:1000 npm npm/projects",
)  # fmt: skip


async def test_what_root_may_own(fresh: RealMachine, services: Services) -> None:
    """All of it at once: the gateway starts, and the doctor raises no alarm."""
    ran_once(fresh)
    done = fresh.sh(f"set -e; umask 022; cd {STATE}; {'; '.join(HARMLESS)}")
    assert done.returncode == 0, done.stderr
    starts(fresh)
    strangers = (await RealGateway(fresh, quick=True).inside("", "")).strangers
    assert strangers, "they are seen"
    found = await diagnosis(services, fresh)
    assert "state-owner" not in found.causes, told(found)
