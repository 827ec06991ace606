"""A changed openclaw.json for a gateway that runs: taken over, or the old one is back. The real runner does it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from claw_tui.demo import world
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.domain.jobs import JobEvent, JobState
from claw_tui.domain.spec import Spec
from claw_tui.engine.delivery import Delivery
from claw_tui.engine.session import Session
from claw_tui.ports import RunHandle, Services
from tests.conftest import Cloud
from tests.engine.rig import SECRETS, WISH, assert_no_canary, ended, have_gateway, start

pytestmark = pytest.mark.anyio
CONFIG = "/data/openclaw.json"
SONNET = replace(WISH, gateway=replace(WISH.gateway, primary_model="anthropic/claude-sonnet-5"))
ORIGINS = replace(WISH, private=True)  # other origins: the gateway restarts inside its process


async def delivery(services: Services) -> Delivery:
    await have_gateway(services)
    session = Session(services)
    for name, value in SECRETS.items():
        session.vault._held["my-app", name] = value
    return Delivery(session, "my-app")


async def carried_out(found: Delivery, spec: Spec) -> tuple[JobState, list[JobEvent], list[str]]:
    await found.plan(spec)
    return await outcome(await found.start())


async def outcome(run: RunHandle) -> tuple[JobState, list[JobEvent], list[str]]:
    state = await ended(run)
    log: list[str] = []
    while lines := run.new_log():
        log += lines
    return state, list(run.new_events()), log


def files(cloud: Cloud) -> dict[str, Any]:
    found: dict[str, Any] = cloud.app("my-app")["volumes"][0]["files"]
    return found


def in_machine(change: Callable[[dict[str, Any], SimulatedFiles], None]) -> None:
    """Something that happens in the machine without us."""
    with world.opened() as now:
        machine = now["apps"]["my-app"]["machines"][0]
        change(machine, SimulatedFiles(now["apps"]["my-app"], machine))


def backups(cloud: Cloud) -> list[str]:
    return sorted(name for name in files(cloud) if ".before-" in name)


async def test_a_changed_file_is_taken_over_while_it_runs(services: Services, cloud: Cloud) -> None:
    found = await delivery(services)
    before, releases = files(cloud)[CONFIG]["text"], len(cloud.app("my-app")["releases"])
    state, events, log = await carried_out(found, SONNET)
    assert state is JobState.DONE, events[-3:]
    assert [e.step for e in events if e.step and e.state in ("done", "unchanged")] == [
        "stage-secrets", "apply-secrets", "write-config", "await-reload",
    ]  # fmt: skip
    assert any("took the new openclaw.json over while it runs" in line for line in log), log
    assert "claude-sonnet-5" in files(cloud)[CONFIG]["text"]
    assert before in [files(cloud)[name]["text"] for name in backups(cloud)]
    assert len(cloud.app("my-app")["releases"]) == releases, "nothing is deployed for it"
    assert not [name for name in files(cloud) if "claw-tui" in name], "nothing of ours is left"
    assert services.state.load_answers("my-app") == SONNET
    assert_no_canary(services.state.file("my-app", "x").parent)


async def test_a_restart_inside_the_process_is_waited_for(services: Services, cloud: Cloud) -> None:
    found = await delivery(services)
    config = json.loads(files(cloud)[CONFIG]["text"])
    config["gateway"]["bind"] = "auto"
    backup = "openclaw.json.before-20260101-000000"
    in_machine(lambda _machine, inside: inside.put(f"/data/{backup}", json.dumps(config)))
    await found.plan_restore(backup)
    state, events, log = await outcome(await found.start())
    assert state is JobState.DONE, events[-3:]
    assert any("has restarted with the new openclaw.json" in line for line in log), log
    assert json.loads(files(cloud)[CONFIG]["text"]) == config


async def test_what_openclaw_refuses_never_replaces_the_file(services: Services, cloud: Cloud) -> None:
    found = await delivery(services)
    before = files(cloud)[CONFIG]["text"]
    in_machine(lambda _machine, inside: inside.put(CONFIG + ".bak", '{"gateway": {"bindd": 1}}'))
    await found.plan_restore("openclaw.json.bak")
    state, events, log = await outcome(await found.start())
    assert state is JobState.FAILED
    assert events[-2].code == "config-rejected"
    assert any('Unrecognized key: "bindd"' in line for line in log)
    assert files(cloud)[CONFIG]["text"] == before


async def unresolved(cloud: Cloud) -> str:
    """A backup that OpenClaw finds valid and can't run with: it names a secret that is not set."""
    config = json.loads(files(cloud)[CONFIG]["text"])
    config["gateway"]["auth"]["token"]["id"] = "NO_SUCH_TOKEN"
    name = "openclaw.json.before-20260101-000000"
    in_machine(lambda _machine, inside: inside.put(f"/data/{name}", json.dumps(config)))
    return name


async def test_what_the_gateway_cannot_run_with_goes_back_by_itself(services: Services, cloud: Cloud) -> None:
    found = await delivery(services)
    before = files(cloud)[CONFIG]["text"]
    await found.plan_restore(await unresolved(cloud))
    state, events, log = await outcome(await found.start())
    assert state is JobState.FAILED
    assert "is back, and the gateway answers" in events[-2].message, events[-2]
    assert any("NO_SUCH_TOKEN" in line for line in log), log
    assert files(cloud)[CONFIG]["text"] == before
    assert files(cloud)[CONFIG]["owner"] == "1000:1000"
    refused = [name for name in files(cloud) if ".refused-" in name]
    assert len(refused) == 1
    assert "NO_SUCH_TOKEN" in files(cloud)[refused[0]]["text"]
    machine = cloud.app("my-app")["machines"][0]
    assert machine["state"] == "started"
    again = await found.plan(WISH)
    assert again.changes, "the plan does not believe that our last file is in place"


async def test_a_gateway_that_does_not_start_with_it_any_more_is_for_the_rescue(
    services: Services, cloud: Cloud
) -> None:
    """It is seen at the restart only; at the tests' speed the machine gives up before a command reaches it."""
    found = await delivery(services)
    name = await unresolved(cloud)
    in_machine(lambda machine, _files: machine["gateway"].update(misses=99))
    await found.plan_restore(name)
    state, events, _log = await outcome(await found.start())
    assert state is JobState.FAILED
    assert "could not be put back: the machine does not stay up" in events[-2].message, events[-2]
    assert "rescue" in events[-2].hint


async def test_a_file_that_the_gateway_missed_is_shown_to_it_again(services: Services, cloud: Cloud) -> None:
    """Written within a second of its start, the real one misses it."""
    found = await delivery(services)
    in_machine(lambda machine, _files: machine["gateway"].update(misses=1))
    state, events, log = await carried_out(found, SONNET)
    assert state is JobState.DONE, events[-3:]
    assert any("told once more" in line for line in log), log
    assert cloud.app("my-app")["machines"][0]["gateway"]["loaded"]["agents"]["defaults"]["model"][
        "primary"
    ].endswith("sonnet-5")


async def test_a_gateway_that_does_not_look_is_restarted(services: Services, cloud: Cloud) -> None:
    found = await delivery(services)
    in_machine(lambda machine, _files: machine["gateway"].update(misses=99))
    state, events, log = await carried_out(found, SONNET)
    assert state is JobState.DONE, events[-3:]
    assert any("it is restarted" in line for line in log), log
    assert "claude-sonnet-5" in files(cloud)[CONFIG]["text"]


async def test_a_much_smaller_file_survives_the_next_start(services: Services, cloud: Cloud) -> None:
    """OpenClaw puts its own backup back for one that lost more than half, when it meets it at a start."""
    found = await delivery(services)
    now = json.loads(files(cloud)[CONFIG]["text"])
    in_machine(lambda _machine, inside: inside.put(CONFIG + ".bak", json.dumps({**now, "ui": {}})))
    small = json.dumps({"gateway": now["gateway"] | {"controlUi": {}}, "meta": {}})
    assert len(small) < len(files(cloud)[CONFIG]["text"]) / 2

    def prepare(machine: dict[str, Any], inside: SimulatedFiles) -> None:
        inside.put("/data/openclaw.json.before-1", small)
        machine["gateway"]["misses"] = 99

    in_machine(prepare)
    await found.plan_restore("openclaw.json.before-1")
    state, events, _log = await outcome(await found.start())
    assert state is JobState.DONE, events[-3:]
    assert json.loads(files(cloud)[CONFIG]["text"]) == json.loads(small)
    assert json.loads(files(cloud)[CONFIG + ".bak.1"]["text"]) == {**now, "ui": {}}, "its own backup is kept"


async def test_the_list_of_backups_and_what_differs(services: Services, cloud: Cloud) -> None:
    found = await delivery(services)
    await carried_out(found, SONNET)
    listed = await found.backups()
    assert [b.name for b in listed if b.ours] == [
        name.rpartition("/")[2] for name in reversed(backups(cloud))
    ]
    ours = next(b for b in listed if b.ours)
    assert not ours.same
    assert ours.size == len(files(cloud)[f"/data/{ours.name}"]["text"])
    lines = await found.compare(ours.name)
    assert [line[0] for line in lines if "claude-" in line] == ["-", "+"], lines


async def test_secrets_that_are_written_in_a_backup_are_masked(services: Services, cloud: Cloud) -> None:
    found = await delivery(services)
    config = json.loads(files(cloud)[CONFIG]["text"])
    config["gateway"]["auth"]["token"] = "CANARYliteralCANARYliteral"
    in_machine(lambda _machine, inside: inside.put(CONFIG + ".bak", json.dumps(config)))
    assert "CANARY" not in "\n".join(await found.compare("openclaw.json.bak"))
    in_machine(lambda _machine, inside: inside.put(CONFIG + ".bak", "{ CANARY"))
    (line,) = await found.compare("openclaw.json.bak")
    assert line.startswith("+ (not JSON")


async def test_the_oldest_backups_go(services: Services, cloud: Cloud) -> None:
    found = await delivery(services)

    def many(_machine: dict[str, Any], inside: SimulatedFiles) -> None:
        for number in range(12):
            inside.put(f"{CONFIG}.before-202601{number + 10}-000000", "{}")

    in_machine(many)
    state, events, _log = await carried_out(found, SONNET)
    assert state is JobState.DONE, events[-3:]
    left = backups(cloud)
    assert len(left) == 10
    assert f"{CONFIG}.before-20260110-000000" not in left
    assert not left[-1].startswith(f"{CONFIG}.before-202601"), "the newest is there"


# -- in a deploy ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("misses", [1, 99])
async def test_a_deploy_does_not_end_with_a_file_that_was_missed(
    services: Services, cloud: Cloud, misses: int
) -> None:
    """Written within a second of a start: the gateway answers, and runs with what it had."""
    await have_gateway(services)
    in_machine(lambda machine, _files: machine["gateway"].update(misses=misses))
    run = await start(services, SONNET)
    state, events, log = await outcome(run)
    assert state is JobState.DONE, events[-3:]
    loaded = cloud.app("my-app")["machines"][0]["gateway"]["loaded"]
    assert loaded["agents"]["defaults"]["model"]["primary"].endswith("sonnet-5"), log
    assert not [name for name in files(cloud) if "claw-tui" in name], "it was seen through"
