"""Another size, a larger volume, another region: what is not named stays, and what fails leaves all as it was."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from claw_tui.demo import world
from claw_tui.domain.errors import BadInput
from claw_tui.domain.fly_toml import COMMAND
from claw_tui.domain.jobs import JobEvent, JobState
from claw_tui.domain.machine_wish import MachineWish
from claw_tui.domain.prices import VOLUME_GB, machine_price
from claw_tui.domain.spec import Spec
from claw_tui.engine.adoption import spec_of
from claw_tui.engine.machine_desk import MachineDesk
from claw_tui.engine.session import Session
from claw_tui.engine.undoing import Removal
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import WISH, assert_no_canary, assert_whole, carry_out, ended, have_gateway, spec_with
from tests.engine.test_delivery import outcome
from tests.engine.test_hardening import have_guides
from tests.engine.test_run import again

pytestmark = pytest.mark.anyio
APP = "my-app"


async def looked(services: Services) -> MachineDesk:
    desk = MachineDesk(Session(await again(services)), APP)
    await desk.look()
    return desk


async def change(services: Services, **wanted: Any) -> tuple[JobState, list[JobEvent], list[str]]:
    """As Home does it."""
    desk = await looked(services)
    await desk.plan(replace(desk.begin(), **wanted))
    run = await desk.start()
    await ended(run, 120)
    return await outcome(run)


def kept(cloud: Cloud, *but: str) -> list[dict[str, Any]]:
    """All of its machines but what is to be another way."""
    keys = {
        "image",
        "env",
        "cmd",
        "entrypoint",
        "guest",
        "mounts",
        "region",
        "state",
        "services",
        "id",
    } - set(but)
    return [{key: machine[key] for key in sorted(keys)} for machine in cloud.app(APP)["machines"]]


def machine(cloud: Cloud) -> dict[str, Any]:
    found: dict[str, Any] = cloud.app(APP)["machines"][0]
    return found


async def test_more_memory_and_a_larger_volume(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    before = kept(cloud, "guest", "env", "mounts")
    state, events, log = await change(services, memory_mb=4096, volume_gb=10)
    assert state is JobState.DONE, (events[-3:], log[-8:])
    assert kept(cloud, "guest", "env", "mounts") == before
    assert machine(cloud)["guest"] == {"cpu_kind": "shared", "cpus": 2, "memory_mb": 4096}
    assert machine(cloud)["env"]["NODE_OPTIONS"] == "--max-old-space-size=3072"
    now = spec_with(memory_mb=4096, volume_gb=10)
    assert_whole(cloud, now)
    assert services.state.load_answers(APP) == now
    assert "4096mb" in services.state.file(APP, "fly.toml").read_text()
    state, events = await carry_out(await again(services), now)
    assert state is JobState.DONE
    done = [event.step for event in events if event.kind == "step" and event.state == "done"]
    assert done == ["await-gateway", "prove"], "a deploy finds nothing to change"
    assert_no_canary(services.state.file(APP, "x").parent)


async def test_one_that_others_made_keeps_what_is_its_own(services: Services, cloud: Cloud) -> None:
    await have_guides(services, cloud)
    before = kept(cloud, "guest", "cmd")
    command = f"{COMMAND} --verbose"
    state, events, log = await change(services, vm_size="performance-1x", command=command)
    assert state is JobState.DONE, (events[-3:], log[-8:])
    assert kept(cloud, "guest", "cmd") == before
    assert machine(cloud)["cmd"] == shlex.split(command)
    assert machine(cloud)["guest"] == {"cpu_kind": "performance", "cpus": 1, "memory_mb": 4096}
    assert services.state.known_apps() == ()
    assert any("put the same into the fly.toml" in line for line in log)


async def test_an_older_host_needs_a_restart_for_its_file_system(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    with world.opened() as now:
        now["apps"][APP]["volumes"][0]["old_host"] = True
    cloud.record()
    state, events, log = await change(services, volume_gb=5)
    assert state is JobState.DONE, (events[-3:], log[-8:])
    assert len([call for call in cloud.calls() if call["argv"][:2] == ["machine", "restart"]]) == 1
    assert cloud.app(APP)["volumes"][0]["grown_gb"] == 5


async def test_to_another_region(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    before, old = kept(cloud, "region", "mounts", "id"), cloud.app(APP)
    state, events, log = await change(services, region="iad")
    assert state is JobState.DONE, (events[-3:], log[-8:])
    app = cloud.app(APP)
    assert kept(cloud, "region", "mounts", "id") == before
    assert (machine(cloud)["region"], machine(cloud)["state"]) == ("iad", "started")
    assert machine(cloud)["id"] != old["machines"][0]["id"]
    assert [volume["region"] for volume in app["volumes"]] == ["fra", "iad"]
    assert (
        app["volumes"][1]["files"]["/data/openclaw.json"] == old["volumes"][0]["files"]["/data/openclaw.json"]
    )
    assert services.state.load_answers(APP) == spec_with(region="iad")
    removal = Removal(Session(services), spec_with(region="iad"))
    await removal.look()
    assert [piece.thing.id for piece in removal.extras()] == [old["volumes"][0]["id"]], (
        "C offers the old volume"
    )
    there = spec_of(APP, removal.world)
    assert (there.region, removal.world.disk) == ("iad", removal.world.volumes[1])
    state, events = await carry_out(await again(services), spec_with(region="iad"))
    assert state is JobState.DONE
    done = [event.step for event in events if event.kind == "step" and event.state == "done"]
    assert done == ["await-gateway", "prove"]


async def test_a_full_region_leaves_all_as_it_was(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    before, volumes = kept(cloud), [volume["id"] for volume in cloud.app(APP)["volumes"]]
    state, events, log = await change(services, region="bom", memory_mb=4096)
    assert state is JobState.FAILED
    failed = next(event for event in events if event.state == "failed")
    assert failed.code == "no-capacity"
    told = "It runs as before, shared-cpu-2x with 2048 MB in fra. V on Home: another size or region"
    assert failed.hint.startswith(told), (failed, log[-8:])
    assert kept(cloud) == before
    assert not machine(cloud).get("cordoned")
    assert [volume["id"] for volume in cloud.app(APP)["volumes"]] == volumes
    assert services.state.load_answers(APP) == WISH
    assert_whole(cloud)


@pytest.mark.parametrize(
    ("wanted", "command"),
    [({"memory_mb": 4096}, "machine update"), ({"volume_gb": 5}, "volumes extend"), ({"region": "iad"}, "machine destroy")],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
async def test_what_was_changed_and_not_written_down_is_gone_on_with(
    wanted: dict[str, Any],
    command: str,
    services: Services,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """The same wish once more finds all as it is to be, but for the answers: the next deploy would take it back."""
    gate = tmp_path / "gate"
    await have_gateway(services)
    cloud.faults(monkeypatch, {"command": command, "when": "after", "hold": str(gate)})
    desk = await looked(services)
    await desk.plan(replace(desk.begin(), **wanted))
    run = await desk.start()
    while not Path(f"{gate}.reached").exists():
        await asyncio.sleep(0.02)
    pid = next(path for path in tmp_path.rglob("pid") if run.job.id in str(path))
    os.kill(int(pid.read_text()), signal.SIGKILL)
    os.kill(int(Path(f"{gate}.reached").read_text()), signal.SIGKILL)
    while run.state() is JobState.GOING_ON:
        await asyncio.sleep(0.02)
    assert services.state.load_answers(APP) == WISH
    cloud.faults(monkeypatch)
    desk = await looked(services)
    assert desk.left is not None
    await desk.plan(desk.left)
    run = await desk.start()
    assert await ended(run, 120) is JobState.DONE, list(run.new_events())[-3:]
    assert services.state.load_answers(APP) == spec_with(**wanted)
    assert_whole_but_old(cloud, spec_with(**wanted))
    assert (await looked(services)).left is None


def assert_whole_but_old(cloud: Cloud, spec: Spec) -> None:
    """A move leaves the old volume."""
    app = cloud.app(APP)
    app["volumes"] = app["volumes"][-1:]
    (one,) = app["machines"]
    assert (one["region"], one["guest"]["memory_mb"]) == (spec.region, spec.memory_mb)
    assert [(v["region"], v["size_gb"]) for v in app["volumes"]] == [(spec.region, spec.volume_gb)]


FAULTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "the new machine does not start": ({"region": "iad"}, "machine clone", "before"),
    "it starts, and flyctl says no": ({"region": "iad", "memory_mb": 4096}, "machine update", "before"),
    "the size is refused": ({"memory_mb": 4096}, "machine update", "before"),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_what_fails_comes_back(
    name: str, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is tried again with the same run's wish."""
    wanted, command, when = FAULTS[name]
    await have_gateway(services)
    before = kept(cloud)
    words = "Error: failed to launch VM: something odd\n"
    cloud.faults(monkeypatch, {"command": command, "when": when, "exit": 1, "stderr": words})
    state, events, log = await change(services, **wanted)
    assert state is JobState.FAILED, events[-3:]
    assert kept(cloud) == before, log[-8:]
    assert_whole(cloud)
    monkeypatch.delenv(world.FAULTS)
    session = Session(await again(services))
    session.run = services.runs.latest(APP)
    await session.plan_again()
    run = await session.start_run()
    assert await ended(run, 120) is JobState.DONE, list(run.new_events())[-3:]
    assert len(cloud.app(APP)["machines"]) == 1
    assert machine(cloud)["guest"]["memory_mb"] == wanted.get("memory_mb", 2048)


async def test_one_that_does_not_answer_in_its_new_size_is_put_back(services: Services, cloud: Cloud) -> None:
    """A start command that ends at once."""
    await have_guides(services, cloud)
    before = kept(cloud)
    with world.opened() as now:
        now["apps"][APP]["name"] = APP
    command = "node dist/index.js gateway --port 3000 --bind lan --bad"
    with world.opened() as now:
        now["apps"][APP]["volumes"][0]["files"].pop("/data/openclaw.json")
    state, events, log = await change(services, command=command)
    assert state is JobState.FAILED, (events[-3:], log[-5:])
    assert kept(cloud) == before, log[-8:]


async def test_the_way_back_of_one_that_was_cut_off(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    before = kept(cloud)
    desk = await looked(services)
    wish = replace(desk.begin(), region="iad")
    await desk.plan(wish)
    run = await desk.start()
    while not any(event.step == "clone-machine" for event in run.new_events()):
        assert run.state() is JobState.GOING_ON
    run.cancel()
    assert await ended(run) is JobState.STOPPED
    desk = await looked(services)
    assert desk.left == wish
    await desk.plan(replace(wish, back=True))
    back = await desk.start()
    assert await ended(back, 120) is JobState.DONE, list(back.new_events())[-3:]
    assert kept(cloud) == before
    assert not machine(cloud).get("cordoned")
    assert_whole(cloud)
    assert services.state.load_answers(APP) == WISH
    assert (await looked(services)).left is None


async def test_what_it_refuses(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    desk = await looked(services)
    now = desk.begin()
    for wanted, words in (
        ({}, "as you want it already"),
        ({"memory_mb": 1024}, "OpenClaw needs 2048 MB"),
        ({"memory_mb": 8192}, "can't have 8192 MB"),
        ({"volume_gb": 1}, "can't make a volume smaller"),
        ({"vm_size": "huge"}, "There is no machine huge"),
        ({"command": "node dist/index.js gateway"}, "--port 3000"),
    ):
        with pytest.raises(BadInput) as refused:
            await desk.plan(replace(now, **wanted))
        assert words in refused.value.message
    with world.opened() as state:
        state["apps"][APP]["machines"][0]["state"] = "stopped"
    with pytest.raises(BadInput, match="Its machine is stopped") as refused:
        await looked(services)
    assert refused.value.hint == "P on Home starts it."


def test_the_price_of_it() -> None:
    from claw_tui.domain.machine_wish import Before, dollars_after, dollars_before
    from claw_tui.domain.machine_words import difference

    was = Before("m", "iad", "shared-cpu-2x", 2048, "", "", "v", 3, ("v",))
    wish = MachineWish(memory_mb=4096, volume_gb=10, region="fra", before=was)
    assert dollars_before(was) == machine_price("shared-cpu-2x", 2048, "iad") + 0.45
    assert dollars_after(wish) == machine_price("shared-cpu-2x", 4096, "fra") + 10 * VOLUME_GB
    assert difference(wish).startswith("$13.84 → $30.8")
