"""The secrets of a gateway that exists: how they stand, and one restart for all that changes. The real runner does it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from claw_tui.demo import cloud as fly_side
from claw_tui.demo import gateway, world
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.domain.gateway_config import build_config, config_text
from claw_tui.domain.jobs import JobState, Task
from claw_tui.domain.plan import Action
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_state import Standing
from claw_tui.engine.rotation import Rotation
from claw_tui.engine.session import Session
from claw_tui.ports import RunHandle, Services
from tests.conftest import Cloud
from tests.engine.rig import SECRETS, WISH, assert_no_canary, carry_out, ended, have_gateway
from tests.transcripts import prepare

pytestmark = pytest.mark.anyio
TOKEN, CLAUDE, DISCORD = WISH.secret_names
NEW = Secret("CANARYnewCANARYnewCANARYnewCANARYnew")


async def rotation(services: Services) -> Rotation:
    """A gateway of ours, and its values at hand."""
    await have_gateway(services)
    session = Session(services)
    for name, value in SECRETS.items():
        session.vault._held["my-app", name] = value
    found = Rotation(session, "my-app")
    await found.look()
    return found


def foreign() -> None:
    """One that somebody made without us: no answers here, a token, a key of theirs."""
    with world.opened() as now:
        prepare.deployed(now)
        fly_side.keep_secrets(now["apps"]["my-app"], {"MY_OWN": "x" * 20})


async def applied(found: Rotation) -> RunHandle:
    await found.plan()
    run = await found.start()
    state = await ended(run)
    assert state is JobState.DONE, list(run.new_events())[-2:]
    await found.look()
    return run


def standings(found: Rotation) -> dict[str, Standing]:
    return {row.name: row.standing for row in found.rows}


def set_elsewhere(name: str, value: str) -> None:
    with world.opened() as now:
        app = now["apps"]["my-app"]
        fly_side.keep_secrets(app, {name: value})
        app["secrets"][name]["status"] = "Deployed"


async def test_all_is_in_use_and_held(services: Services) -> None:
    found = await rotation(services)
    assert standings(found) == dict.fromkeys(WISH.secret_names, Standing.LIVE)
    assert all(row.held and row.digest for row in found.rows)
    plan = await found.plan()
    assert not plan.changes


async def test_several_changes_come_in_with_one_restart(services: Services, cloud: Cloud) -> None:
    found = await rotation(services)
    before = cloud.app("my-app")
    await found.keep(TOKEN, NEW)
    await found.keep("TWILIO_AUTH_TOKEN", Secret("CANARYtwilioCANARYtwilioCANARYtwilio"))
    await found.remove(DISCORD)
    assert standings(found)[TOKEN] is Standing.LIVE, "rows are as they were looked at"
    await found.refresh()
    assert standings(found) == {
        TOKEN: Standing.GIVEN, CLAUDE: Standing.LIVE, DISCORD: Standing.REMOVED, "TWILIO_AUTH_TOKEN": Standing.GIVEN,
    }  # fmt: skip
    cloud.record()
    run = await applied(found)
    assert set(run.job.sends) == {TOKEN, "TWILIO_AUTH_TOKEN"}
    app = cloud.app("my-app")
    assert set(app["secrets"]) == {TOKEN, CLAUDE, "TWILIO_AUTH_TOKEN"}
    assert app["secrets"][TOKEN]["digest"] == world.digest(NEW.reveal())
    assert app["secrets"][CLAUDE] == before["secrets"][CLAUDE]
    assert len(app["releases"]) == len(before["releases"]) + 1
    changing = [
        " ".join(call["argv"][:2])
        for call in cloud.calls()
        if call["argv"][0] == "secrets" and call["argv"][1] != "list"
    ]
    assert changing == ["secrets import", "secrets unset", "secrets deploy"]
    assert standings(found) == dict.fromkeys((TOKEN, CLAUDE, "TWILIO_AUTH_TOKEN"), Standing.LIVE)
    assert services.state.removals("my-app") == ()
    answers = services.state.load_answers("my-app")
    assert answers is not None
    assert set(answers.secret_names) == {TOKEN, CLAUDE, "TWILIO_AUTH_TOKEN"}


async def test_it_leaves_nothing_in_clear(services: Services, tmp_path: Any) -> None:
    found = await rotation(services)
    await found.keep(TOKEN, NEW)
    await applied(found)
    assert_no_canary(tmp_path)


async def test_what_somebody_else_set_is_noticed_and_left_alone(services: Services, cloud: Cloud) -> None:
    found = await rotation(services)
    set_elsewhere(CLAUDE, "sk-ant-theirs-theirs-theirs-theirs")
    theirs = cloud.app("my-app")["secrets"][CLAUDE]["digest"]
    await found.look()
    assert standings(found)[CLAUDE] is Standing.CHANGED
    assert not (await found.plan()).changes
    state, _events = await carry_out(services)  # a whole deploy does not touch it either
    assert state is JobState.DONE
    assert cloud.app("my-app")["secrets"][CLAUDE]["digest"] == theirs
    await found.send_again(CLAUDE)
    await applied(found)
    assert cloud.app("my-app")["secrets"][CLAUDE]["digest"] == world.digest(SECRETS[CLAUDE].reveal())
    assert standings(found)[CLAUDE] is Standing.LIVE


async def test_theirs_may_stay(services: Services) -> None:
    found = await rotation(services)
    set_elsewhere(CLAUDE, "sk-ant-theirs-theirs-theirs-theirs")
    await found.look()
    await found.leave_theirs(CLAUDE)
    await found.refresh()
    row = found.row(CLAUDE)
    assert row is not None
    assert (row.standing, row.held, row.elsewhere) == (Standing.LIVE, False, True)
    assert not (await found.plan()).changes


async def test_one_that_stays_after_all(services: Services, cloud: Cloud) -> None:
    found = await rotation(services)
    await found.remove(CLAUDE)
    found.stay(CLAUDE)
    await found.refresh()
    assert standings(found)[CLAUDE] is Standing.LIVE
    assert not (await found.plan()).changes
    assert CLAUDE in cloud.app("my-app")["secrets"]


async def test_a_gateway_of_somebody_else(services: Services, cloud: Cloud) -> None:
    """Nothing is asked for that is on Fly.io already, and no answers are made up for it."""
    foreign()
    found = Rotation(Session(services), "my-app")
    await found.look()
    assert standings(found) == {TOKEN: Standing.LIVE, "MY_OWN": Standing.STAGED}
    assert all(row.elsewhere and not row.held for row in found.rows)
    await found.keep(TOKEN, NEW)
    run = await applied(found)
    assert run.job.task is Task.SECRETS
    assert standings(found) == {TOKEN: Standing.LIVE, "MY_OWN": Standing.LIVE}
    assert cloud.app("my-app")["secrets"][TOKEN]["digest"] == world.digest(NEW.reveal())
    assert services.state.load_answers("my-app") is None


async def test_what_others_staged_comes_in_alone(services: Services, cloud: Cloud) -> None:
    foreign()
    found = Rotation(Session(services), "my-app")
    await found.look()
    plan = await found.plan()
    actions = {item.id: item.action for item in plan.items}
    assert actions["stage-secrets"] is Action.KEEP
    assert actions["apply-secrets"] is Action.CHANGE
    await applied(found)
    assert {secret["status"] for secret in cloud.app("my-app")["secrets"].values()} == {"Deployed"}


async def test_a_stopped_machine_is_started(services: Services, cloud: Cloud) -> None:
    foreign()
    with world.opened() as now:
        prepare.stopped(now)
    found = Rotation(Session(services), "my-app")
    await found.look()
    await found.keep(TOKEN, NEW)
    run = await applied(found)
    assert cloud.app("my-app")["machines"][0]["state"] == "started"
    assert any("it is started" in line for line in run.new_log())


def config_on_disk(text: str) -> None:
    with world.opened() as now:
        files = now["apps"]["my-app"]["volumes"][0]["files"]
        files["/data/openclaw.json"] = {**files["/data/openclaw.json"], "text": text}


def literal() -> str:
    config: dict[str, Any] = json.loads(config_text(build_config(WISH)))
    config["gateway"]["auth"]["token"] = "a-token-that-is-written-in-the-file"
    return json.dumps(config)


async def test_a_token_written_in_the_file_gives_way(services: Services, cloud: Cloud) -> None:
    found = await rotation(services)
    config_on_disk(literal())
    await found.keep(TOKEN, NEW)
    run = await applied(found)
    files = cloud.app("my-app")["volumes"][0]["files"]
    token = json.loads(files["/data/openclaw.json"]["text"])["gateway"]["auth"]["token"]
    assert token == {"source": "env", "provider": "default", "id": TOKEN}
    assert any("names the secret now" in line for line in run.new_log())


async def test_an_old_gateway_with_its_token_in_the_file_is_refused_before_anything_is_done(
    services: Services, cloud: Cloud
) -> None:
    """January's config is not ours to edit, and a secret that has no effect is not sent."""
    foreign()
    with world.opened() as now:
        app = now["apps"]["my-app"]
        machine = app["machines"][0]
        machine["image"] = "ghcr.io/openclaw/openclaw:2026.1.29"
        SimulatedFiles(app, machine).put(
            "/data/openclaw.json",
            json.dumps({"gateway": {"mode": "local", "auth": {"token": "written-in-the-file"}}}),
        )
        gateway.start(now, app, machine)
    found = Rotation(Session(services), "my-app")
    await found.look()
    await found.keep(TOKEN, NEW)
    before = cloud.app("my-app")["secrets"]
    await found.plan()
    run = await found.start()
    assert await ended(run) is JobState.FAILED
    failed = next(event for event in run.new_events() if event.state == "failed")
    assert failed.step == "follow-token"
    assert "that one counts" in failed.message
    assert cloud.app("my-app")["secrets"] == before


async def test_an_old_gateway_answers_with_its_page(services: Services, cloud: Cloud) -> None:
    foreign()
    with world.opened() as now:
        app = now["apps"]["my-app"]
        app["machines"][0]["image"] = "ghcr.io/openclaw/openclaw:2026.1.29"
        gateway.start(now, app, app["machines"][0])
    found = Rotation(Session(services), "my-app")
    await found.look()
    await found.keep(TOKEN, NEW)
    await applied(found)
    assert cloud.app("my-app")["secrets"][TOKEN]["digest"] == world.digest(NEW.reveal())


async def test_another_secret_leaves_the_file_alone(services: Services, cloud: Cloud) -> None:
    found = await rotation(services)
    config_on_disk(literal())
    await found.keep(CLAUDE, Secret("sk-ant-api03-another-another-another"))
    await applied(found)
    assert cloud.app("my-app")["volumes"][0]["files"]["/data/openclaw.json"]["text"] == literal()


async def test_where_openclaw_needs_one(services: Services) -> None:
    found = await rotation(services)
    assert await found.uses(DISCORD) == ("channels.discord.token",)
    assert await found.uses(CLAUDE) == ()
    with world.opened() as now:
        prepare.stopped(now)
    await found.look()
    assert await found.uses(DISCORD) is None


async def test_one_of_another_claw_tui_is_never_sent_in_an_older_value(
    services: Services, cloud: Cloud
) -> None:
    """Both keep secrets in memory: what one of them was given, the other does not have, and knows that."""
    found = await rotation(services)
    await found._session.vault.move("memory")
    await found.keep(CLAUDE, Secret("CANARYolder CANARYolder"))
    other = Rotation(Session(services), "my-app")
    await other._session.vault.move("memory")
    await other.look()
    await other.keep(CLAUDE, NEW)
    await found.keep("MINE", Secret("CANARYmine"))
    await found.look()
    row = found.row(CLAUDE)
    assert row is not None
    assert (row.standing, row.held) == (Standing.GIVEN, False)
    assert found.lost == (CLAUDE,)
    await applied(found)  # what is at hand goes; the rest waits
    assert standings(found)["MINE"] is Standing.LIVE
    assert standings(found)[CLAUDE] is Standing.GIVEN
    assert cloud.app("my-app")["secrets"][CLAUDE]["digest"] == world.digest(SECRETS[CLAUDE].reveal())
    await applied(other)
    assert cloud.app("my-app")["secrets"][CLAUDE]["digest"] == world.digest(NEW.reveal())


async def test_a_value_given_while_a_run_starts_is_not_taken_for_sent(services: Services) -> None:
    found = await rotation(services)
    await found.keep(CLAUDE, NEW)
    await found.plan()
    run = await found.start()
    await found.keep(CLAUDE, Secret("CANARYstill newer"))
    assert await ended(run) is JobState.DONE
    await found.look()
    assert standings(found)[CLAUDE] is Standing.GIVEN


async def test_what_somebody_else_staged_is_told_before_it_is_in_use(
    services: Services, cloud: Cloud
) -> None:
    found = await rotation(services)
    with world.opened() as now:
        fly_side.keep_secrets(now["apps"]["my-app"], {CLAUDE: "theirs"})
    await found.look()
    row = found.row(CLAUDE)
    assert row is not None
    assert (row.standing, row.staged, row.waits) == (Standing.CHANGED, True, True)
    assert found.waiting == (row,)


async def test_what_somebody_else_took_away_blocks_nothing(services: Services, cloud: Cloud) -> None:
    found = await rotation(services)
    with world.opened() as now:
        fly_side.keep_secrets(now["apps"]["my-app"], {CLAUDE: None})
    await found.look()
    assert standings(found)[CLAUDE] is Standing.GONE
    assert found.lost == ()
    assert found.waiting == ()
    await found.keep(TOKEN, NEW)
    await applied(found)
    assert set(cloud.app("my-app")["secrets"]) == {TOKEN, DISCORD}
    await found.leave_theirs(CLAUDE)
    await found.refresh()
    assert found.row(CLAUDE) is None
    answers = services.state.load_answers("my-app")
    assert answers is not None
    assert CLAUDE not in answers.secret_names
