"""To another version and back: the volume is kept first, the config goes along. The real runner does it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from claw_tui.demo import gateway, world
from claw_tui.domain.jobs import JobEvent, JobState, Task
from claw_tui.domain.spec import Spec
from claw_tui.domain.update import BACK, FROM_SNAPSHOT, volume_name
from claw_tui.engine.session import Session
from claw_tui.engine.update_notes import read_record, write_record
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import SECRETS, WISH, assert_no_canary, assert_whole, carry_out, spec_with
from tests.engine.test_delivery import CONFIG, files, outcome
from tests.engine.test_run import again

pytestmark = pytest.mark.anyio
OLD, NEW = spec_with(version="2026.9.1"), spec_with(version="2026.9.6")


async def have_old(services: Services, spec: Spec = OLD) -> None:
    state, events = await carry_out(services, spec)
    assert state is JobState.DONE, events[-3:]


def session(services: Services) -> Session:
    found = Session(services)
    for name, value in SECRETS.items():
        found.vault._held["my-app", name] = value
    return found


async def update(
    services: Services, spec: Spec, choice: str = ""
) -> tuple[JobState, list[JobEvent], list[str]]:
    found = session(services)
    await found.plan_for(spec, Task.UPDATE, choice=choice)
    return await outcome(await found.start_run())


def snapshots(cloud: Cloud) -> list[str]:
    return [snapshot["id"] for snapshot in cloud.app("my-app").get("snapshots", ())]


def image(cloud: Cloud) -> str:
    return str(cloud.app("my-app")["machines"][0]["image"])


async def test_to_a_newer_version(services: Services, cloud: Cloud) -> None:
    await have_old(services)
    before = json.loads(files(cloud)[CONFIG]["text"])
    state, events, log = await update(services, NEW)
    assert state is JobState.DONE, events[-3:]
    assert [(e.step, e.state) for e in events if e.kind == "step" and e.state in ("done", "unchanged")] == [
        ("take-snapshot", "done"), ("carry-config", "unchanged"), ("deploy", "done"), ("write-config", "unchanged"),
        ("await-gateway", "done"), ("prove", "done"),
    ]  # fmt: skip
    assert image(cloud).endswith(":2026.9.6")
    assert json.loads(files(cloud)[CONFIG]["text"]) == before
    assert len(snapshots(cloud)) == 1
    assert any(snapshots(cloud)[0] in line for line in log)
    assert services.state.load_answers("my-app") == NEW
    record = read_record(services.state, "my-app")
    assert (record.version, record.to, record.done) == ("2026.9.1", "2026.9.6", True)
    assert record.image.startswith("ghcr.io/openclaw/openclaw:2026.9.1@sha256:")
    assert_whole(cloud, NEW)
    assert_no_canary(services.state.file("my-app", "x").parent)


async def test_what_runs_already_is_left_alone(services: Services, cloud: Cloud) -> None:
    await have_old(services)
    state, events, _log = await update(services, OLD)
    assert state is JobState.DONE, events[-3:]
    assert snapshots(cloud) == []


async def test_a_version_that_does_not_exist_leaves_everything_as_it_was(
    services: Services, cloud: Cloud
) -> None:
    await have_old(services)
    state, events, log = await update(services, spec_with(version="2026.9.99"))
    assert state is JobState.FAILED
    assert events[-2].code == "image-not-found"
    assert any("2026.9.99" in line for line in log)
    assert image(cloud).endswith(":2026.9.1")
    assert services.state.load_answers("my-app") == OLD
    state, events, _log = await update(services, OLD, BACK)
    assert state is JobState.DONE, events[-3:]
    assert_whole(cloud, OLD)


async def test_what_a_newer_version_has_changed_an_older_one_refuses_and_the_snapshot_is_the_way_back(
    services: Services, cloud: Cloud
) -> None:
    await have_old(services)
    before = json.loads(files(cloud)[CONFIG]["text"])
    assert (await update(services, NEW))[0] is JobState.DONE
    now = cloud.app("my-app")["volumes"][0]["id"]
    state, events, _log = await update(services, OLD, BACK)
    assert state is JobState.FAILED
    failed = events[-2]
    assert failed.code == "state-too-new"
    assert "2026.9.1 can't read" in failed.message
    assert services.state.load_answers("my-app") == NEW, "what is kept is what last ended well"
    kept = snapshots(cloud)[0]
    back = replace(OLD, volume_name=volume_name(OLD.volume_name, kept))
    state, events, _log = await update(services, back, FROM_SNAPSHOT + kept)
    assert state is JobState.DONE, events[-3:]
    app = cloud.app("my-app")
    assert [m["image"] for m in app["machines"]] == ["ghcr.io/openclaw/openclaw:2026.9.1"]
    assert [(v["name"], bool(v["attached"])) for v in app["volumes"]] == [
        ("openclaw_data", False), (back.volume_name, True),
    ]  # fmt: skip
    assert app["volumes"][0]["id"] == now, "what is newer is not lost"
    assert json.loads(app["volumes"][1]["files"][CONFIG]["text"]) == before
    assert services.state.load_answers("my-app") == back
    assert (await carry_out(services, back))[0] is JobState.DONE, "and a deploy finds nothing to change"
    assert len(cloud.app("my-app")["volumes"]) == 2


async def test_a_snapshot_that_does_not_come_changes_nothing(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    await have_old(services)
    cloud.faults(monkeypatch, {"command": "volumes snapshots create", "exit": 1, "stderr": "Error: failed to snapshot x: no room"})  # fmt: skip
    state, _events, _log = await update(await again(services), NEW)
    assert state is JobState.FAILED
    assert image(cloud).endswith(":2026.9.1")
    monkeypatch.delenv(world.FAULTS)
    assert (await update(await again(services), NEW))[0] is JobState.DONE
    assert len(snapshots(cloud)) == 1


async def test_from_one_that_failed_on_to_another_keeps_the_way_back(
    services: Services, cloud: Cloud
) -> None:
    await have_old(services)
    assert (await update(services, NEW))[0] is JobState.DONE
    write_record(services.state, "my-app", replace(read_record(services.state, "my-app"), done=False))
    state, events, _log = await update(services, spec_with(version="2026.10.1"))
    assert state is JobState.DONE, events[-3:]
    record = read_record(services.state, "my-app")
    assert (record.version, record.to, record.done) == ("2026.9.1", "2026.10.1", True)
    assert snapshots(cloud) == [record.snapshot], "what is on the volume now is no way back to anything"


async def test_an_old_attempts_snapshot_is_not_taken_for_this_ones(services: Services, cloud: Cloud) -> None:
    await have_old(services)
    cloud_has = spec_with(version="2026.9.99")
    assert (await update(services, cloud_has))[0] is JobState.FAILED
    assert (await update(services, cloud_has))[0] is JobState.FAILED
    assert len(snapshots(cloud)) == 1, "the same attempt"
    record = read_record(services.state, "my-app")
    write_record(services.state, "my-app", replace(record, at="2026-01-01T00:00:00Z"))
    assert (await update(services, cloud_has))[0] is JobState.FAILED
    assert len(snapshots(cloud)) == 2


async def test_a_deploy_does_not_go_back_to_an_older_version_unasked(
    services: Services, cloud: Cloud
) -> None:
    await have_old(services, NEW)
    state, events = await carry_out(services, OLD)
    assert state is JobState.FAILED
    assert events[-2].code == "older-version"
    assert "U on Home" in events[-2].hint
    assert image(cloud).endswith(":2026.9.6")


async def test_from_january(services: Services, cloud: Cloud) -> None:
    """Its file is nothing that today's starts with: ours is put there before."""
    await have_old(services)
    with world.opened() as now:
        app = now["apps"]["my-app"]
        machine = app["machines"][0]
        machine["image"] = machine["config"]["image"] = "ghcr.io/openclaw/openclaw:2026.1.29"
        text = json.dumps({"agents": {"list": [{"id": "main"}]}, "channels": {"discord": {"guilds": {"1": {"channels": {"general": {"allow": True}}}}}}, "gateway": {"mode": "local"}})  # fmt: skip
        volume = app["volumes"][0]["files"]
        volume.pop("/data/state/openclaw.sqlite")
        volume[CONFIG]["text"] = text
        gateway.start(now, app, machine)
    state, events, log = await update(services, NEW)
    assert state is JobState.DONE, (events[-3:], log[-9:])
    assert text in [f["text"] for name, f in files(cloud).items() if ".before-" in name]
    assert_whole(cloud, NEW)


async def test_a_build_from_source_tells_its_version(services: Services, cloud: Cloud) -> None:
    git = replace(OLD, source="git")
    await have_old(services, git)
    assert image(cloud) == "registry.fly.io/my-app:2026.9.1"
    state, events, _log = await update(services, replace(git, version="2026.9.6"))
    assert state is JobState.DONE, events[-3:]
    assert image(cloud) == "registry.fly.io/my-app:2026.9.6"
    kept = snapshots(cloud)[0]
    back = replace(git, volume_name=volume_name(git.volume_name, kept))
    cloud.record()
    state, events, _log = await update(services, back, FROM_SNAPSHOT + kept)
    assert state is JobState.DONE, events[-3:]
    deploy = next(call["argv"] for call in cloud.calls() if call["argv"][0] == "deploy")
    assert "--image" in deploy, "what was built is not built again"
    assert image(cloud) == "registry.fly.io/my-app:2026.9.1"


def test_the_wish_is_unchanged() -> None:
    """These tests go between two versions that the simulated cloud tells apart."""
    assert WISH.version == NEW.version != OLD.version
