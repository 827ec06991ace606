"""What a run made is known, what is there twice is noticed, and both can be taken away: that, and nothing else."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from claw_tui.adapters.journal import JournalFile
from claw_tui.demo import cloud as fly_cloud
from claw_tui.demo import cloud_machines, world
from claw_tui.domain.jobs import JobState, Task
from claw_tui.domain.made import Kind
from claw_tui.domain.spec import Spec
from claw_tui.engine.extras import Piece, total
from claw_tui.engine.provenance import book_of
from claw_tui.engine.session import Session
from claw_tui.engine.undoing import Removal
from claw_tui.ports import RunHandle, Services
from claw_tui.wiring import services_for
from tests.conftest import Cloud
from tests.engine.rig import WISH, assert_whole, carry_out, ended, have_gateway, spec_with

pytestmark = pytest.mark.anyio
LOST = {"method": "POST", "status": 502, "acts": True, "times": 1}


def condition(**changes: object) -> None:
    with world.opened() as now:
        now["conditions"] = [{**LOST, **changes}]


async def looked(services: Services, spec: Spec = WISH) -> Removal:
    found = Removal(Session(services), spec)
    await found.look()
    return found


async def remove(removal: Removal, task: Task, goes: tuple[Piece, ...]) -> RunHandle:
    run = await removal.start(task, goes)
    state = await ended(run)
    assert state is JobState.DONE, list(run.new_events())[-2:]
    return run


def ids(pieces: tuple[Piece, ...]) -> set[tuple[Kind, str]]:
    return {(piece.thing.kind, piece.thing.id) for piece in pieces}


def everything(app: dict[str, Any]) -> set[tuple[Kind, str]]:
    return {
        *((Kind.VOLUME, v["id"]) for v in app["volumes"]), *((Kind.MACHINE, m["id"]) for m in app["machines"]),
        *((Kind.IP, ip["address"]) for ip in app["ips"]), *((Kind.SECRET, name) for name in app["secrets"]),
        (Kind.APP, app["name"]),
    }  # fmt: skip


async def test_what_a_run_made_is_known_and_told(services: Services, cloud: Cloud) -> None:
    state, events = await carry_out(services)
    assert state is JobState.DONE
    told = {(Kind(event.part), event.words) for event in events if event.kind == "made"}
    assert told == everything(cloud.app("my-app"))
    removal = await looked(services)
    assert {(thing.kind, thing.id) for thing in removal.book.made} == told
    assert removal.extras() == ()


async def test_an_undo_leaves_nothing(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    removal = await looked(services)
    undo = removal.undo(settled=True)
    assert undo.takes_app
    assert undo.data
    assert not undo.stays
    assert total(undo.goes) > 10
    run = await remove(removal, Task.UNDO, undo.goes)
    assert cloud.read()["apps"] == {}
    assert any("Nothing of my-app is left" in line for line in run.new_log())
    assert (await looked(services)).book.made == frozenset()


async def test_the_app_may_stay_and_keeps_the_snapshot(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    removal = await looked(services)
    undo = removal.undo(keep_app=True, settled=True)
    await remove(removal, Task.UNDO, undo.goes)
    app = cloud.app("my-app")
    assert everything(app) == {(Kind.APP, "my-app")}
    assert len(app["snapshots"]) == 1
    assert "/data/openclaw.json" in app["snapshots"][0]["files"]


async def test_what_was_there_before_stays(services: Services, cloud: Cloud) -> None:
    """An app, a secret and an address of somebody's; ours go, theirs do not, and the app never."""
    with world.opened() as now:
        app = fly_cloud.create_app(now, "my-app", "personal")
        fly_cloud.keep_secrets(app, {"THEIRS": "x"})
        fly_cloud.new_ip(now, app, "v6")
        other = fly_cloud.create_volume(now, app, "other", "fra", 1)
    before = everything(cloud.app("my-app"))
    assert (Kind.VOLUME, other["id"]) in before
    state, events = await carry_out(services)
    assert state is JobState.DONE, events[-2:]
    removal = await looked(services)
    undo = removal.undo(settled=True)
    assert not undo.takes_app
    assert ids(undo.stays) == before
    assert ids(undo.goes) == everything(cloud.app("my-app")) - before
    await remove(removal, Task.UNDO, undo.goes)
    assert everything(cloud.app("my-app")) == before


async def test_an_app_of_ours_with_something_of_others_in_it_stays(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    with world.opened() as now:
        fly_cloud.create_volume(now, now["apps"]["my-app"], "photos", "fra", 1)
    removal = await looked(services)
    undo = removal.undo(settled=True)
    assert not undo.takes_app
    await remove(removal, Task.UNDO, undo.goes)
    assert [volume["name"] for volume in cloud.app("my-app")["volumes"]] == ["photos"]


async def test_what_appears_in_the_app_after_the_consent_keeps_it(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    removal = await looked(services)
    undo = removal.undo(settled=True)
    with world.opened() as now:
        fly_cloud.create_volume(now, now["apps"]["my-app"], "photos", "fra", 1)
    run = await removal.start(Task.UNDO, undo.goes)
    assert await ended(run) is JobState.FAILED
    assert [volume["name"] for volume in cloud.app("my-app")["volumes"]] == ["photos"]


DOUBLES = {
    "volume": (WISH, {"path": "/volumes"}, Kind.VOLUME, 0.45),
    "private address": (spec_with(private=True), {"path": "#allocateIpAddress"}, Kind.IP, 0.0),
    "public address": (spec_with(app="demo-noip"), {"path": "#allocateIpAddress"}, Kind.IP, 0.0),
}


@pytest.mark.parametrize("name", DOUBLES)
async def test_what_ran_twice_is_noticed_priced_and_removed(
    name: str, services: Services, cloud: Cloud
) -> None:
    spec, changes, kind, dollars = DOUBLES[name]
    if name == "public address":  # of shared ones there is never more than one
        with world.opened() as now:
            fly_cloud.new_ip(now, fly_cloud.create_app(now, spec.app, "personal"), "shared_v4")
    condition(**changes)
    state, events = await carry_out(services, spec)
    assert state is JobState.DONE, events[-2:]
    removal = await looked(services, spec)
    found = removal.extras()
    assert {piece.thing.kind for piece in found} == {kind}
    assert all(piece.safe for piece in found), found
    assert total(found) == pytest.approx(dollars)
    run = services.runs.latest(spec.app)
    assert run is not None
    assert any("Not needed" in line for line in run.new_log())
    await remove(removal, Task.TIDY, found)
    assert_whole(cloud, spec)
    assert (await looked(services, spec)).extras() == ()


async def test_a_program_that_fails_after_it_has_acted_makes_nothing_twice(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = {"when": "after", "exit": 1, "stderr": "Error: upstream error\n"}
    commands = ("apps create", "volumes create", "secrets import", "deploy")
    cloud.faults(monkeypatch, *({"command": command, **lost} for command in commands))
    services = await _again(services)
    for _try in range(4):
        state, _events = await carry_out(services)
        if state is JobState.DONE:
            break
    assert_whole(cloud)
    removal = await looked(services)
    assert removal.extras() == ()
    assert {(t.kind, t.id) for t in removal.book.made} == everything(cloud.app("my-app"))


async def _again(services: Services) -> Services:
    made = services_for(os.environ, demo=True)
    made.fly.use_token(services.fly.token)
    return made


async def test_a_volume_that_others_made_is_not_safe_and_is_kept_as_a_snapshot(
    services: Services, cloud: Cloud
) -> None:
    await have_gateway(services)
    with world.opened() as now:
        fly_cloud.create_volume(now, now["apps"]["my-app"], "openclaw_data", "fra", 10)
    removal = await looked(services)
    (piece,) = removal.extras()
    assert (piece.ours, piece.data, piece.busy, piece.safe) == (False, True, False, False)
    assert piece.dollars == pytest.approx(1.5)
    await remove(removal, Task.TIDY, (piece,))
    assert [s["volume"] for s in cloud.app("my-app")["snapshots"]] == [piece.thing.id]
    assert_whole(cloud)


@pytest.mark.parametrize("path", ["/v1/apps/my-app", "/volumes/vol_.*", "/machines/[0-9a-f]+"])
async def test_an_undo_whose_answers_are_lost_ends_well(path: str, services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    condition(method="DELETE", path=path)
    removal = await looked(services)
    await remove(removal, Task.UNDO, removal.undo(settled=True).goes)
    assert cloud.read()["apps"] == {}


async def test_what_can_not_be_removed_is_named(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    await have_gateway(services)
    cloud.faults(monkeypatch, {"command": "volumes destroy", "times": 99, "exit": 1, "stderr": "Error: no\n"})
    services = await _again(services)
    removal = await looked(services)
    run = await removal.start(Task.UNDO, removal.undo(settled=True).goes)
    assert await ended(run) is JobState.FAILED
    assert "my-app" in cloud.read()["apps"]


async def test_a_machine_whose_answer_was_lost_is_taken_up(services: Services, cloud: Cloud) -> None:
    """Its disk can't be given to a second one, so Fly.io refuses the repeated request; the first one is there."""
    condition(path="/machines")
    await carry_out(services)
    state, events = await carry_out(services)
    assert state is JobState.DONE, events[-2:]
    assert_whole(cloud)
    removal = await looked(services)
    assert removal.extras() == ()
    assert {(t.kind, t.id) for t in removal.book.made} == everything(cloud.app("my-app"))


async def test_what_costs_is_priced_and_what_is_in_use_is_not_safe(services: Services, cloud: Cloud) -> None:
    """A dedicated address that nobody asked for, and a second machine with a disk: somebody else's, so never ticked."""
    await have_gateway(services)
    with world.opened() as now:
        app = now["apps"]["my-app"]
        fly_cloud.new_ip(now, app, "v4")
        fly_cloud.new_ip(now, app, "private_v6")
        fly_cloud.new_ip(now, app, "private_v6")
        volume = fly_cloud.create_volume(now, app, "openclaw_data", "fra", 3)
        config = json.loads(json.dumps(app["machines"][0]["config"]))
        config["mounts"] = [{"path": "/data", "volume": volume["id"]}]
        cloud_machines.launch(now, app, config, "fra")
    removal = await looked(services)
    found = removal.extras()
    assert [piece.thing.kind for piece in found] == [Kind.MACHINE, Kind.IP, Kind.IP]
    assert not any(piece.safe for piece in found)
    assert total(found) == pytest.approx(2.0 + 13.39 * 1.154, abs=0.02)
    assert found[0].busy
    assert found[0].data


async def test_a_volume_of_another_name_that_appears_after_a_cut_off_run_is_not_ours(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run was stopped while its volume was made: what it made is ours, what the person makes then is not."""
    cloud.faults(monkeypatch, {"command": "volumes create", "when": "after", "exit": 127})
    state, _events = await carry_out(await _again(services))
    with world.opened() as now:
        fly_cloud.create_volume(now, now["apps"]["my-app"], "backup", "fra", 3)
    removal = await looked(services)
    volumes = cloud.app("my-app")["volumes"]
    assert [v["name"] for v in volumes] == ["openclaw_data", "backup"], state
    assert {t.id for t in removal.book.made if t.kind is Kind.VOLUME} == {volumes[0]["id"]}


async def test_a_snapshot_that_is_refused_stops_before_anything_is_removed(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    await have_gateway(services)
    refused = {
        "command": "volumes snapshots create",
        "times": 99,
        "exit": 1,
        "stderr": "Error: not for this volume\n",
    }
    cloud.faults(monkeypatch, refused)
    services = await _again(services)
    removal = await looked(services)
    before = everything(cloud.app("my-app"))
    run = await removal.start(Task.UNDO, removal.undo(settled=True).goes)
    assert await ended(run) is JobState.FAILED
    failed = next(event for event in run.new_events() if event.state == "failed")
    assert "not for this volume" in failed.message
    assert "fly volumes destroy vol_" in failed.hint
    assert everything(cloud.app("my-app")) == before


def test_a_line_that_a_crash_cut_short_is_passed_over(tmp_path: Path) -> None:
    journal = JournalFile(tmp_path)
    journal.note({"made": ["volume=vol_1", "volume=vol_3"]})
    with (tmp_path / "made.jsonl").open("a") as file:
        file.write('{"made": ["volume=vol_2"')
    journal.note({"gone": ["volume=vol_1"]})
    assert {thing.id for thing in book_of(journal).made} == {"vol_3"}


LINES = (
    '"x"',
    "[]",
    "3",
    '{"made": 3}',
    '{"kinds": "x", "before": null}',
    '{"made": ["nonsense", "x=", 7]}',
    '{"used": 1}',
)


@pytest.mark.parametrize("line", LINES)
def test_a_book_that_somebody_edited_does_no_harm(line: str, tmp_path: Path) -> None:
    journal = JournalFile(tmp_path)
    journal.note({"made": ["volume=vol_1"]})
    with (tmp_path / "made.jsonl").open("a") as file:
        file.write(line + "\n")
    assert {thing.id for thing in book_of(journal).made} == {"vol_1"}
