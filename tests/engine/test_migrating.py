"""From Clawdbot to OpenClaw and back, as its guide of January 2026 set it up. The real runner does it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from claw_tui.demo import world
from claw_tui.domain.errors import BadInput
from claw_tui.domain.generations import Generation, OldGateway, program_of
from claw_tui.domain.jobs import JobEvent, JobState, Task
from claw_tui.domain.migration import CONFIRM
from claw_tui.domain.update import FROM_SNAPSHOT
from claw_tui.engine.migration_desk import MigrationDesk
from claw_tui.engine.session import Session
from claw_tui.ports import RunHandle, Services
from tests.canary import Canaries
from tests.conftest import Cloud
from tests.engine.clawdbot import APP, COMMAND, IMAGE, LITERAL, NEW_FILE, OLD_FILE, have_clawdbot
from tests.engine.rig import ended
from tests.engine.test_delivery import outcome
from tests.engine.test_run import again

pytestmark = pytest.mark.anyio
Outcome = tuple[JobState, list[JobEvent], list[str]]


async def migrate(services: Services, choice: str = "") -> Outcome:
    """As Home does it."""
    desk = MigrationDesk(Session(services), APP)
    await desk.look()
    await desk.plan(choice)
    return await finished(await desk.start())


async def finished(run: RunHandle) -> Outcome:
    """It looks around in many calls: on a busy computer that takes its time."""
    await ended(run, 150)
    return await outcome(run)


def files(cloud: Cloud, number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = cloud.app(APP)["volumes"][number]["files"]
    return found


def machine(cloud: Cloud) -> dict[str, Any]:
    found: dict[str, Any] = cloud.app(APP)["machines"][0]
    return found


def assert_openclaw(cloud: Cloud) -> None:
    """One of everything; nothing twice; nothing of the old names taken away."""
    app, one = cloud.app(APP), machine(cloud)
    assert len(app["machines"]) == len(app["volumes"]) == len(app["snapshots"]) == 1
    assert one["image"] == "ghcr.io/openclaw/openclaw:2026.9.6"
    assert one["state"] == "started"
    assert one["mounts"][0]["volume"] == app["volumes"][0]["id"]
    assert app["volumes"][0]["name"] == "clawdbot_data"
    assert " ".join(one["cmd"]) == COMMAND
    assert {name: value for name, value in one["env"].items() if not name.startswith(("FLY_", "PRIMARY"))} == {
        "NODE_ENV": "production", "OPENCLAW_PREFER_PNPM": "1", "OPENCLAW_STATE_DIR": "/data", "TZ": "Europe/Berlin",
        "NODE_OPTIONS": "--max-old-space-size=1536",
    }  # fmt: skip
    assert one["guest"]["memory_mb"] == 2048
    assert one["config"]["stop_config"]["signal"] == "SIGTERM"
    assert [check["path"] for service in one["services"] for check in service["checks"]] == ["/healthz"]
    assert {s["status"] for s in app["secrets"].values()} == {"Deployed"}
    assert {"CLAWDBOT_GATEWAY_TOKEN", "OPENCLAW_GATEWAY_TOKEN", "ANTHROPIC_API_KEY"} <= set(app["secrets"])
    assert sorted(ip["type"] for ip in app["ips"]) == ["shared_v4", "v6"]


async def test_on_and_all_is_well(services: Services, cloud: Cloud, tmp_path: Path) -> None:
    have_clawdbot(literal=True)
    cloud.record()
    before = files(cloud)[OLD_FILE]["text"]
    token = cloud.app(APP)["secrets"]["CLAWDBOT_GATEWAY_TOKEN"]["digest"]
    desk = MigrationDesk(Session(services), APP)
    await desk.look()
    assert desk.program.generation is Generation.CLAWDBOT
    words = "\n".join(desk.told())
    for said in (
        "my-clawdbot runs Clawdbot 2026.1.24-3.", "variable CLAWDBOT_STATE_DIR", "CLAWDBOT_GATEWAY_TOKEN is called OPENCLAW_GATEWAY_TOKEN",
        "TELEGRAM_BOT_TOKEN", "openclaw.json is made of clawdbot.json, which stays beside it.", "agents.list", "2 GB (it has 1 GB)", "/home/node/clawd",
        "a snapshot of the volume",
    ):  # fmt: skip
        assert said in words, (said, words)
    assert LITERAL not in words
    plan = await desk.plan()
    assert any(
        "flyctl secrets import" in c or "fly secrets import" in c
        for item in plan.items
        for c in item.commands
    )
    state, events, log = await finished(await desk.start())
    assert state is JobState.DONE, (events[-3:], log[-12:])
    done = [event.step for event in events if event.kind == "step" and event.state in ("done", "unchanged")]
    assert done == [
        "take-snapshot",
        "stage-secrets",
        "carry-config",
        "deploy",
        "write-config",
        "await-gateway",
        "prove",
    ]
    assert_openclaw(cloud)
    app = cloud.app(APP)
    assert app["secrets"]["OPENCLAW_GATEWAY_TOKEN"]["digest"] == world.digest(f"sim-{token}"), (
        "the same value"
    )
    assert files(cloud)[OLD_FILE]["text"] == before
    new = json.loads(files(cloud)[NEW_FILE]["text"])
    assert list(new["agents"]["entries"]) == ["main"]
    assert (
        new["channels"]["discord"]["guilds"]["123456789012345678"]["channels"]["general"]["enabled"] is True
    )
    assert new["channels"]["telegram"]["botToken"] == {
        "source": "env",
        "provider": "default",
        "id": "TELEGRAM_BOT_TOKEN",
    }
    assert files(cloud)["/data/workspace/MEMORY.md"]["text"] == "# What I know of Ada\n"
    assert files(cloud)["/data/workspace/MEMORY.md"]["owner"] == "1000:1000"
    found = Canaries({"token": f"sim-{token}", "telegram": LITERAL}).find_in_files(
        services.state.file(APP, "x").parents[2]
    )
    assert any("demo" in str(place) for place in found), "what the simulated machine itself has is found"
    assert [place for place in found if "demo" not in str(place)] == [], "no value in any file of ours"
    told = json.dumps(cloud.calls())
    assert f"sim-{token}" not in told
    assert LITERAL not in told, "nor in a command line"

    desk = MigrationDesk(Session(await again(services)), APP)
    await desk.look()
    assert desk.migrated
    assert desk.ways_back == (FROM_SNAPSHOT + app["snapshots"][0]["id"],)
    state, events, log = await migrate(services, CONFIRM)
    assert state is JobState.DONE, (events[-3:], log[-9:])
    assert "CLAWDBOT_GATEWAY_TOKEN" not in cloud.app(APP)["secrets"]
    assert not MigrationDesk(desk._session, APP).migrated
    world_now = await Session(services).look(APP)
    assert not program_of(world_now).old
    with pytest.raises(BadInput, match="there is nothing to migrate"):
        await migrate(services)


async def test_back(services: Services, cloud: Cloud) -> None:
    have_clawdbot()
    before, config = files(cloud)[OLD_FILE]["text"], machine(cloud)["config"]
    state, events, log = await migrate(services)
    assert state is JobState.DONE, (events[-3:], log[-12:])
    kept = cloud.app(APP)["snapshots"][0]["id"]
    state, events, log = await migrate(services, FROM_SNAPSHOT + kept)
    assert state is JobState.DONE, (events[-3:], log[-12:])
    app, one = cloud.app(APP), machine(cloud)
    assert one["image"] == IMAGE
    assert len(app["machines"]) == 1
    assert [volume["name"].startswith("clawdbot_data") for volume in app["volumes"]] == [True, True]
    assert one["mounts"][0]["volume"] == app["volumes"][1]["id"]
    assert files(cloud, 1)[OLD_FILE]["text"] == before
    assert NEW_FILE not in files(cloud, 1)
    for key in ("env", "guest", "init"):
        assert one["config"][key] == config[key], key
    assert "CLAWDBOT_GATEWAY_TOKEN" in app["secrets"]
    found = await Session(services).look(APP)
    assert program_of(found).generation is Generation.CLAWDBOT
    assert services.state.load_answers(APP) is None
    desk = MigrationDesk(Session(services), APP)
    await desk.look()
    assert not desk.migrated
    assert desk.told(), "it can be migrated once more"


async def test_what_can_not_be_done_says_what_can(services: Services, cloud: Cloud) -> None:
    have_clawdbot()
    session = Session(services)
    desk = MigrationDesk(session, APP)
    await desk.look()
    for task in (Task.DEPLOY, Task.CONFIG, Task.UPDATE):
        with pytest.raises(OldGateway, match="only by migrating"):
            await session.plan_for(desk.spec(), task)
    with world.opened() as now:
        inside = now["apps"][APP]["volumes"][0]["files"]
        inside[OLD_FILE]["text"] = '{"agents": '
    with pytest.raises(BadInput, match=r"clawdbot.json can't be read"):
        await MigrationDesk(session, APP).look()


async def test_a_token_that_nobody_has_is_asked_for(services: Services, cloud: Cloud) -> None:
    have_clawdbot()
    with world.opened() as now:  # it hangs: its process is not there to be asked
        now["apps"][APP]["machines"][0]["gateway"]["listening"] = 0.0
    state, events, _log = await migrate(services)
    assert state is JobState.FAILED
    failed = next(event for event in events if event.state == "failed")
    assert failed.step == "stage-secrets"
    assert "CLAWDBOT_GATEWAY_TOKEN" in failed.message
    assert machine(cloud)["image"] == IMAGE
