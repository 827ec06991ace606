"""What can be done with a gateway of Clawdbot before it is migrated: everything that leaves its settings alone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from claw_tui.demo import world
from claw_tui.domain.errors import FlyError
from claw_tui.domain.exposure.judgement import Privacy
from claw_tui.domain.generations import Generation, program_of
from claw_tui.domain.jobs import JobState, Task
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import Spec
from claw_tui.engine.door_desk import DoorDesk
from claw_tui.engine.exposure import PrivacyProof
from claw_tui.engine.finding import find_gateways
from claw_tui.engine.machine_desk import MachineDesk
from claw_tui.engine.rotation import Rotation
from claw_tui.engine.session import Session
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.clawdbot import APP, COMMAND, IMAGE, OLD_FILE, have_clawdbot
from tests.engine.rig import ended
from tests.engine.test_delivery import outcome

pytestmark = pytest.mark.anyio
TOKEN, NEW = "CLAWDBOT_GATEWAY_TOKEN", Secret("new-token-new-token-new-token-new1")


async def change(services: Services, task: Task) -> None:
    desk = DoorDesk(Session(services), APP)
    await desk.look()
    await desk.plan(task)
    run = await desk.start()
    await ended(run, 150)  # it looks around in many calls
    state, events, log = await outcome(run)
    assert state is JobState.DONE, (events[-3:], log[-9:])


async def test_it_is_found_and_read(services: Services, cloud: Cloud) -> None:
    have_clawdbot()
    session = Session(services)
    assert await find_gateways(session.reader, await services.fly.apps(), ()) == (APP,)
    found = await session.look(APP)
    assert program_of(found).generation is Generation.CLAWDBOT
    assert found.machine is not None
    told = await services.gateway.told(APP, found.machine.id)
    assert (told.package, told.version) == ("clawdbot", "2026.1.24-3")
    assert {"clawdbot.json", "agents"} <= set(told.files)
    assert "main" in (await services.gateway.read_old(APP, found.machine.id, "clawdbot.json") or "")
    assert await services.gateway.read_old(APP, found.machine.id, "moltbot.json") is None
    log = "\n".join(entry.message for entry in await services.fly.recent_logs(APP))
    assert "[gateway] listening on ws://0.0.0.0:3000" in log
    answer = await services.gateway.health(APP, found.machine.id)
    assert (answer.status, answer.json_ok) == (200, False), "its page, at every path"


async def test_restarted(services: Services, cloud: Cloud) -> None:
    have_clawdbot()
    session = Session(services)
    before = await session.look(APP)
    assert before.machine is not None
    await session.restart_machine(APP, before.machine.id)
    after = await session.look(APP)
    assert program_of(after) == program_of(before)
    assert (await services.gateway.health(APP, before.machine.id)).status == 200


async def test_private_and_public_again(services: Services, cloud: Cloud) -> None:
    have_clawdbot()
    config, settings = (
        cloud.app(APP)["machines"][0]["config"],
        cloud.app(APP)["volumes"][0]["files"][OLD_FILE],
    )
    await change(services, Task.HARDEN)
    app = cloud.app(APP)
    assert [ip["type"] for ip in app["ips"]] == ["private_v6"]
    proof = PrivacyProof(services, Spec(app=APP, private=True), Session(services).reader)
    await proof.look()
    assert proof.judgement in (Privacy.PRIVATE, Privacy.NOT_PROBED_V6)
    one = app["machines"][0]
    assert one["image"] == IMAGE
    assert " ".join(one["cmd"]) == COMMAND
    for key in ("env", "guest", "mounts"):
        assert one["config"][key] == config[key], key
    assert app["volumes"][0]["files"][OLD_FILE] == settings
    await change(services, Task.EXPOSE)
    assert {"shared_v4", "v6"} <= {ip["type"] for ip in cloud.app(APP)["ips"]}
    assert program_of(await Session(services).look(APP)).generation is Generation.CLAWDBOT


async def test_its_secrets_by_their_own_names(services: Services, cloud: Cloud) -> None:
    have_clawdbot()
    found = Rotation(Session(services), APP)
    await found.look()
    await found.keep(TOKEN, NEW)
    await found.plan()
    state, events, _log = await outcome(await found.start())
    assert state is JobState.DONE, events[-3:]
    assert cloud.app(APP)["secrets"][TOKEN]["digest"] == world.digest(NEW.reveal())
    assert cloud.app(APP)["secrets"][TOKEN]["status"] == "Deployed"


async def test_a_token_that_stands_in_its_file_counts_more(services: Services, cloud: Cloud) -> None:
    have_clawdbot()
    with world.opened() as now:
        file = now["apps"][APP]["volumes"][0]["files"][OLD_FILE]
        tree = json.loads(file["text"])
        tree["gateway"]["auth"] = {"token": "written-in-the-file"}
        file["text"] = json.dumps(tree)
    found = Rotation(Session(services), APP)
    await found.look()
    await found.keep(TOKEN, NEW)
    await found.plan()
    before = cloud.app(APP)["secrets"]
    state, events, _log = await outcome(await found.start())
    assert state is JobState.FAILED
    assert "that one counts" in next(event for event in events if event.state == "failed").message
    assert cloud.app(APP)["secrets"] == before


@pytest.mark.parametrize("wanted", [{"memory_mb": 2048, "volume_gb": 3}, {"region": "ams"}], ids=str)
async def test_another_machine_volume_or_region(
    wanted: dict[str, Any], services: Services, cloud: Cloud
) -> None:
    have_clawdbot()
    before = cloud.app(APP)["machines"][0]
    config, settings = before["config"], cloud.app(APP)["volumes"][0]["files"][OLD_FILE]
    desk = MachineDesk(Session(services), APP)
    await desk.look()
    await desk.plan(replace(desk.begin(), **wanted))
    run = await desk.start()
    await ended(run, 150)
    state, events, log = await outcome(run)
    assert state is JobState.DONE, (events[-3:], log[-12:])
    (one,) = cloud.app(APP)["machines"]
    assert (one["image"], " ".join(one["cmd"])) == (IMAGE, COMMAND)
    assert one["config"]["env"]["CLAWDBOT_STATE_DIR"] == config["env"]["CLAWDBOT_STATE_DIR"]
    assert one["region"] == wanted.get("region", "fra")
    assert one["config"]["guest"]["memory_mb"] == wanted.get("memory_mb", 1024)
    (volume,) = [v for v in cloud.app(APP)["volumes"] if v["id"] == one["config"]["mounts"][0]["volume"]]
    assert volume["files"][OLD_FILE] == settings
    assert program_of(await Session(services).look(APP)).generation is Generation.CLAWDBOT


async def test_one_whose_host_does_not_answer_may_be_a_gateway(services: Services, cloud: Cloud) -> None:
    """That there is no gateway in this account would be the wrong thing to say of it."""
    have_clawdbot()
    with world.opened() as now:
        now["apps"][APP]["machines"][0]["config"] = None
    session = Session(services)
    unread: dict[str, FlyError] = {}
    assert await find_gateways(session.reader, await services.fly.apps(), (), unread) == ()
    assert "its host does not answer" in unread[APP].message
