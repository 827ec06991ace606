"""An openclaw.json elsewhere on the volume: every run reads and writes that one, and no other; or it refuses before it does anything."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.domain.doctor.model import Verdict
from claw_tui.domain.elsewhere import Elsewhere
from claw_tui.domain.errors import FlyError
from claw_tui.domain.jobs import JobState, Task
from claw_tui.domain.spec import Spec
from claw_tui.engine.delivery import Delivery
from claw_tui.engine.doctor import diagnose
from claw_tui.engine.session import Session
from claw_tui.ports import Services
from tests.doctor import file_ways as files
from tests.doctor import healthy
from tests.doctor.asking import inside, mended, told
from tests.doctor.file_ways import at_port
from tests.doctor.making import APP, CONFIG, an_hour_passes, change, have, log, look, restart, ssh, tee
from tests.doctor.ways import Way, env, one_after_another, refresh
from tests.engine.rig import SECRETS, WISH, ended
from tests.plain.program import claw_tui

pytestmark = pytest.mark.anyio
SONNET = replace(WISH, gateway=replace(WISH.gateway, primary_model="anthropic/claude-sonnet-5"))
PLACES: dict[str, tuple[Way, str]] = {
    "a folder": (files.in_a_folder, "/data/.openclaw/openclaw.json"),
    "its path": (files.by_its_path, "/data/my.json"),
}


def read(path: str) -> str | None:
    found: str | None = look(lambda app, machine: SimulatedFiles(app, machine).read(path))
    return found


def session_of(services: Services) -> Session:
    session = Session(services)
    for name, value in SECRETS.items():
        session.vault._held[APP, name] = value
    return session


@pytest.fixture(params=PLACES)
async def path(request: pytest.FixtureRequest, services: Services) -> str:
    way, found = PLACES[request.param]
    await have(services)
    way()
    an_hour_passes()
    return found


async def run(services: Services, plan: Callable[[Delivery], object]) -> None:
    desk = Delivery(session_of(services), APP)
    await plan(desk)  # type: ignore[misc]
    handle = await desk.start()
    state = await ended(handle)
    assert state is JobState.DONE, [*handle.new_events()][-2:]


async def test_another_file_goes_there_and_the_way_back_too(path: str, services: Services) -> None:
    before = read(path)
    await run(services, lambda desk: desk.plan(SONNET))
    assert "claude-sonnet-5" in (read(path) or "")
    assert "config hot reload applied (agents.defaults.model.primary)" in log()
    (name,) = [one.name for one in await Delivery(Session(services), APP).backups() if ".before-" in one.name]
    assert name.startswith("openclaw.json.before-")
    assert any("sonnet" in line for line in await Delivery(Session(services), APP).compare(name))
    await run(services, lambda desk: desk.plan_restore(name))
    assert json.loads(read(path) or "") == json.loads(before or "")
    assert read(CONFIG) is None


async def test_a_rescue_writes_there(path: str, services: Services) -> None:
    tee("{", path)
    restart()
    refresh()
    await run(services, lambda desk: desk.plan_rescue(WISH, Delivery.ANSWERS))
    assert json.loads(read(path) or "")["gateway"]["port"] == 3000
    assert read(CONFIG) is None


async def test_the_doctor_mends_it_there(path: str, services: Services) -> None:
    tee("{", path)
    restart()
    refresh()
    an_hour_passes()
    found, done = await mended(services)
    assert done
    assert found.causes == (), told(found)
    assert json.loads(read(path) or "")["gateway"]["port"] == 3000
    assert read(CONFIG) is None


async def test_a_deploy_would_begin_anew_elsewhere_so_there_is_none(path: str, services: Services) -> None:
    session = session_of(services)
    with pytest.raises(
        Elsewhere,
        match=rf"{path.removesuffix('/openclaw.json')}. A deploy from here would begin anew in /data",
    ):
        await session.plan_for(SONNET, Task.DEPLOY)
    assert read(CONFIG) is None


async def test_of_a_machine_whose_host_does_not_answer_no_deploy_is_planned(services: Services) -> None:
    await have(services)
    change(lambda _now, _app, machine: machine.update(config=None))
    for task in (Task.DEPLOY, Task.UPDATE):
        with pytest.raises(FlyError, match="its host does not answer"):
            await session_of(services).plan_for(WISH, task)
    await session_of(services).plan_for(WISH, Task.REMOVE, choice=APP)


async def test_another_file_names_the_port_at_which_it_listens(services: Services) -> None:
    await have(services)
    at_port(8080)()
    an_hour_passes()
    await run(services, lambda desk: desk.plan(SONNET))
    assert json.loads(read(CONFIG) or "")["gateway"]["port"] == 8080


FOREIGN: dict[str, Way] = {
    "in the image": env(OPENCLAW_CONFIG_PATH="/app/openclaw.json"),
    "a name that is no path": env(OPENCLAW_STATE_DIR="/data/my state"),
}


async def test_parts_in_other_files_are_not_known(services: Services) -> None:
    """``$include``: what is not in openclaw.json itself is not taken for missing."""
    await have(services)
    healthy.in_parts()
    an_hour_passes()
    found = await diagnose(Session(inside(services)), APP)
    assert (found.causes, found.verdict) == ((), Verdict.UNKNOWN), told(found)
    assert claw_tui("doctor", APP).out.count("$include") == 1


@pytest.mark.parametrize("name", FOREIGN)
async def test_what_is_elsewhere_is_not_known_and_left_alone(name: str, services: Services) -> None:
    await have(services)
    one_after_another(FOREIGN[name], an_hour_passes)()
    before = look(lambda app, _machine: sorted(app["volumes"][0]["files"]))
    found = claw_tui("doctor", APP, "--fix", "--yes", "--json")
    assert (found.code, found.objects[-1]["exit"]) == (12, 12), found.of("check")
    (check,) = [one for one in found.of("check") if one["id"] == "config"]
    assert check["standing"] == "unknown"
    assert "does not look after" in json.dumps(check)
    lines = claw_tui("doctor", APP).out.splitlines()
    for words in ("does not look after", "Change it by hand"):
        assert len([line for line in lines if words in line]) == 1, (
            "what keeps all of it from being known is said once"
        )
    assert "UNKNOWN  Plugins: openclaw.json could not be read." in lines
    for task in (Task.CONFIG, Task.RESCUE, Task.DEPLOY, Task.HARDEN):
        with pytest.raises(Elsewhere):
            await session_of(services).plan_for(Spec(app=APP), task)
    said = claw_tui("harden", APP, "--yes")
    assert (said.code, "does not look after" in said.err) == (3, True), said
    assert look(lambda app, _machine: sorted(app["volumes"][0]["files"])) == before
    assert "No such file" in ssh("cat /app/openclaw.json")
