"""Taking things away, as it is asked about: at 80 columns by 24 rows."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from claw_tui.demo import cloud as fly_cloud
from claw_tui.demo import world
from claw_tui.domain.jobs import JobState
from claw_tui.engine.undoing import Removal
from claw_tui.ports import Services
from claw_tui.screens.consent import ConsentDialog, piece_lines, snapshot_line
from tests.conftest import Cloud
from tests.engine.rig import WISH, assert_whole, carry_out, have_gateway
from tests.screens.driver import Driver, driving
from tests.screens.test_screens import give_all

pytestmark = pytest.mark.anyio
DOUBLED = {"method": "POST", "path": "/volumes", "status": 502, "acts": True, "times": 1}


async def failed_run(services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that stopped at its deploy: an app, a volume and secrets are there, no machine."""
    cloud.log_in()
    cloud.faults(monkeypatch, {"command": "deploy", "exit": 1, "stderr": "Error: something odd\n"})
    from tests.engine.test_run import again

    await carry_out(await again(services))


async def consent(driver: Driver, name: str = "my-app") -> None:
    await driver.until(f"Type {name} and press Enter")
    await driver.type(name)
    await driver.press("enter")


async def test_a_failed_run_is_undone_from_the_deploy_screen(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    await failed_run(services, cloud, monkeypatch)
    async with driving() as driver:
        await driver.until("Undo what was made for my-app")
        await driver.press("home", "enter")
        await driver.until("something odd", "Back to the log")
        await driver.press("escape")
        await driver.until("It stopped at a step that failed", "X Undo")
        await driver.press("x")
        await driver.until("5 things were made from here", "Keep it", "Undo everything, the app too")
        await driver.press("enter")
        await driver.until("5 things were made", gone=True)
        assert "my-app" in cloud.read()["apps"]
        await driver.press("x")
        await driver.until("5 things were made")
        await driver.press("down", "enter")
        await driver.until(
            "volume vol_", "(3 GB, fra), $0.45 a month", "app my-app, free", "$0.45 a month that are"
        )
        await driver.type("my-ap")
        await driver.press("enter")
        await driver.until("That is not my-app: nothing was done")
        await driver.type("p")
        await driver.press("enter")
        await driver.until("Done: what was made is gone", "Remove the app")
        assert cloud.read()["apps"] == {}
        await driver.press("ctrl+n")
        await driver.until("What would you like to do?", "Set up a new gateway")
        await driver.until("Look after my-app", gone=True)


async def test_what_became_a_gateway_while_one_read_is_not_undone(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another terminal went on with the setup between the list and the typed name."""
    from tests.engine.test_run import again

    await failed_run(services, cloud, monkeypatch)
    async with driving() as driver:
        await driver.until("Undo what was made for my-app")
        await driver.press("home", "down", "enter")
        await driver.until("5 things were made from here")
        await driver.press("down", "enter")
        await driver.until("Type my-app and press Enter")
        cloud.faults(monkeypatch)
        state, _events = await carry_out(await again(services))
        assert state is JobState.DONE
        await consent(driver)
        await driver.until("has changed meanwhile: nothing was removed")
    assert_whole(cloud)


async def test_a_half_made_app_is_undone_from_start_and_from_home(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    await failed_run(services, cloud, monkeypatch)
    async with driving() as driver:
        driver.session.home_app = "my-app"
        await driver.go("home")
        await driver.until("Undo", "my-app (personal)")
        await driver.press("z")
        await driver.until("5 things were made from here")
        await driver.press("escape")
        await driver.press("escape")
        await driver.until("Undo what was made for my-app")
        await driver.press("home", "down", "enter")
        await driver.until("5 things were made from here")
        await driver.press("down", "enter")
        await consent(driver)
        await driver.until("Done: what was made is gone")
    assert cloud.read()["apps"] == {}


async def test_a_change_of_a_finished_gateway_undoes_nothing_of_it(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What earlier runs made is not half-made any more."""
    from tests.engine.rig import spec_with, start
    from tests.engine.test_run import again

    gate = tmp_path / "gate"
    cloud.log_in()
    await have_gateway(services)
    cloud.faults(monkeypatch, {"command": "deploy", "hold": str(gate)})
    await start(await again(services), spec_with(memory_mb=4096))
    async with driving() as driver:
        await driver.until("Watch my-app")
        await driver.press("home", "enter")
        await driver.until("You may leave")
        await driver.until_true(Path(f"{gate}.reached").exists)
        await driver.press("x")
        await driver.until("Cancel the run?", "Cancel it")
        assert "undo what was made" not in driver.text
        await driver.press("down", "enter")
        await driver.until("R goes on")
        assert "X undoes" not in driver.text
        assert "X Undo" not in driver.text


async def test_the_question_whether_to_cancel_goes_with_the_run(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from tests.engine.rig import start
    from tests.engine.test_run import again

    gate = tmp_path / "gate"
    cloud.log_in()
    cloud.faults(monkeypatch, {"command": "deploy", "hold": str(gate)})
    await start(await again(services))
    async with driving() as driver:
        await driver.until("Watch my-app")
        await driver.press("home", "enter")
        await driver.until("You may leave")
        await driver.until_true(Path(f"{gate}.reached").exists)
        await driver.press("x")
        await driver.until("Cancel the run?")
        Path(f"{gate}.go").touch()
        await driver.until("Done. Ctrl+N", "It ended meanwhile: nothing was cancelled")
    assert_whole(cloud)


async def test_a_run_that_ends_slowly_says_that_it_is_being_cancelled(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And asked about once more meanwhile, it is not said to have been cancelled by somebody else."""
    from tests.engine.rig import start
    from tests.engine.test_run import again

    cloud.log_in()
    gate = cloud.hold(monkeypatch, "deploy")
    run = await start(await again(services))
    async with driving() as driver:
        await driver.until("Watch my-app")
        await driver.press("home", "enter")
        await driver.until_true(gate.is_reached)
        runner = int(next(Path(os.environ["CLAW_TUI_HOME"]).rglob("pid")).read_text())
        os.kill(runner, signal.SIGSTOP)  # it gets to it later
        await driver.press("x")
        await driver.until("Cancel, keep what exists")
        await driver.press("enter")
        await driver.until("Cancelling: flyctl ends what it is doing")
        await driver.press("x")
        await driver.until("Cancel the run?")
        os.kill(runner, signal.SIGCONT)
        await driver.until("It was cancelled. What is there stays there")
        await driver.until("Cancelling", "elsewhere", gone=True)
    assert run.state() is JobState.STOPPED


async def test_a_run_that_another_terminal_began_is_shown_once_ours_has_ended(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.engine.rig import start
    from tests.engine.test_run import again

    await failed_run(services, cloud, monkeypatch)
    async with driving() as driver:
        await driver.until("Go on with my-app")
        await driver.press("home", "enter")
        await driver.until("something odd", "Back to the log")
        await driver.press("escape")
        await driver.until("It stopped at a step that failed")
        cloud.faults(monkeypatch)
        await start(await again(services))
        await driver.until("Done. Ctrl+N")
    assert_whole(cloud)


async def test_what_helps_is_shown_however_long_ago_it_failed(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    await failed_run(services, cloud, monkeypatch)
    run = services.runs.latest("my-app")
    assert run is not None
    events = run.log_path.with_name("events.jsonl")
    older = [{**one, "at": one["at"] - 7200} for one in map(json.loads, events.read_text().splitlines())]
    events.write_text("".join(f"{json.dumps(one)}\n" for one in older))
    async with driving() as driver:
        await driver.until("Go on with my-app")
        await driver.press("home", "enter")
        await driver.until("something odd", "R  Try again")
        await driver.press("escape")
        await driver.until("R  Try again", gone=True)
        await driver.until("W shows why and what helps")


async def test_what_helps_is_not_offered_any_more_once_another_terminal_went_on(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.engine.rig import start
    from tests.engine.test_run import again

    await failed_run(services, cloud, monkeypatch)
    async with driving() as driver:
        await driver.until("Go on with my-app")
        await driver.press("home", "enter")
        await driver.until("something odd", "R  Try again")
        cloud.faults(monkeypatch)
        await start(await again(services))
        await driver.until("Done. Ctrl+N", "Prove that it works")
        assert "R  Try again" not in driver.text
    assert_whole(cloud)


async def test_cancelling_with_an_undo(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    cloud.log_in()
    cloud.faults(monkeypatch, {"command": "deploy", "hold": str(gate)})
    from tests.engine.rig import start
    from tests.engine.test_run import again

    await start(await again(services))
    async with driving() as driver:
        await driver.until("Watch my-app")
        await driver.press("home", "enter")
        await driver.until("You may leave")
        await driver.until_true(Path(f"{gate}.reached").exists)
        await driver.press("x")
        await driver.until("Cancel, keep what exists", "Cancel, undo what was made", "Let it go on")
        await driver.press("down", "enter")
        await driver.until("5 things were made from here")
        await driver.press("down", "enter")
        await consent(driver)
        await driver.until("Done: what was made is gone")
    assert cloud.read()["apps"] == {}


async def test_what_is_there_twice_is_shown_and_removed_with_consent(
    services: Services, cloud: Cloud
) -> None:
    cloud.log_in()
    with world.opened() as now:
        now["conditions"] = [DOUBLED]
    await carry_out(services)
    assert len(cloud.app("my-app")["volumes"]) == 2
    async with driving() as driver:
        driver.session.home_app = "my-app"
        await driver.go("home")
        await driver.until("Not needed", "$0.45 a month (C)", "Clean up")
        await driver.press("d")
        await driver.until("Not needed: volume vol_", "F8 takes it away")
        await driver.press("f8")
        await driver.until("Not needed: what is to go?", "made twice from here, empty")
        await driver.press("escape")
        await driver.until("what is to go?", gone=True)
        assert len(cloud.app("my-app")["volumes"]) == 2
        await driver.press("f8")
        await driver.until("what is to go?")
        await driver.press("enter")
        await driver.until("Done: it is gone")
        await driver.press("ctrl+n")
        await driver.until("Last deploy")
        await driver.until("Not needed", gone=True)
    assert_whole(cloud)


async def test_a_volume_of_somebody_wants_the_name_typed(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    with world.opened() as now:
        fly_cloud.create_volume(now, now["apps"]["my-app"], "openclaw_data", "fra", 10)
    async with driving() as driver:
        driver.session.home_app = "my-app"
        await driver.go("home")
        await driver.press("c")
        await driver.until("not known who made it, may hold data")
        await driver.press("enter")  # nothing is ticked by itself
        await driver.until("what is to go?", gone=True)
        await driver.press("c")
        await driver.until("what is to go?")
        await driver.press("space", "enter")
        await driver.until("keeps it 5 days")
        await consent(driver)
        await driver.until("Done: it is gone")
    app = cloud.app("my-app")
    assert len(app["volumes"]) == len(app["snapshots"]) == 1


async def test_an_app_that_others_made_is_asked_about_before_it_is_taken_over(cloud: Cloud) -> None:
    cloud.log_in()
    with world.opened() as now:
        app = fly_cloud.create_app(now, "theirs", "claw-club")
        fly_cloud.create_volume(now, app, "photos", "ams", 7)
    async with driving(spec=replace(WISH, app="theirs")) as driver:
        await driver.go("app")
        await driver.until("This app is yours already")
        await driver.press("ctrl+n")
        await driver.until(
            "There is an app theirs in your organization claw-club",
            "volume photos, 7 GB in ams",
            "Take it over",
        )
        await driver.press("enter")
        await driver.until("Take it over", gone=True)
        await driver.until("App name")
        await driver.press("ctrl+n")
        await driver.until("Take it over")
        await driver.press("down", "enter")
        await driver.until("Gateway token")
        assert driver.spec.org == "claw-club"
        await driver.go("app")
        await driver.press("ctrl+n")
        await driver.until("Gateway token")


def theirs(services: Services) -> None:
    """An app that others made, in the account; and answers of an earlier sitting for one of the same name."""
    with world.opened() as now:
        app = fly_cloud.create_app(now, "theirs", "claw-club")
        fly_cloud.create_volume(now, app, "photos", "ams", 7)
    services.state.save_draft(replace(WISH, app="theirs"))


async def test_it_is_asked_about_however_early_the_keys_come(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Apps that nobody has read yet are not "no apps"."""
    cloud.log_in()
    theirs(services)
    gate = cloud.hold(monkeypatch, "apps list", times=9)
    async with driving(early=True) as driver:
        await driver.until("Go on with the answers of last time")
        await driver.until_true(gate.is_reached)
        for there in ("Asking flyctl", "App name", "Looking at theirs"):
            await driver.press("ctrl+n")
            await driver.until(there)
        gate.open()
        await driver.until("There is an app theirs in your organization claw-club", "Take it over")


async def test_apps_that_can_not_be_asked_for_are_said_and_not_gone_past(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.log_in()
    theirs(services)
    cloud.refuse(monkeypatch, "apps list")
    async with driving(spec=replace(WISH, app="theirs")) as driver:
        await driver.go("app")
        await driver.press("ctrl+n")
        await driver.until("the sky fell", "App name")


async def test_review_asks_too_for_one_may_come_to_it_another_way(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    theirs(services)
    async with driving(spec=replace(WISH, app="theirs")) as driver:
        await give_all(driver)
        await driver.go("review")
        await driver.press("ctrl+n")
        await driver.until("There is an app theirs in your organization claw-club", "Take it over")
        await driver.press("enter")
        await driver.until("App name")
        assert driver.session.run is None


async def test_the_size_of_an_app_that_is_there_is_taken_up_before_one_goes_on(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a deploy would make its machine another one."""
    cloud.log_in()
    await have_gateway(services)
    gate = cloud.hold(monkeypatch, "volumes list", times=9)
    async with driving(spec=replace(WISH, region="ams", memory_mb=8192)) as driver:
        driver.app.go("app")
        await driver.until("looking at it")
        await driver.until_true(gate.is_reached)
        await driver.press("ctrl+n")
        await driver.until("App name")
        gate.open()
        await driver.until("Gateway token")
        assert driver.spec == WISH


async def test_an_app_that_can_not_be_looked_at_is_gone_on_with_only_as_it_was_kept(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.log_in()
    await have_gateway(services)
    cloud.refuse(monkeypatch, "volumes list")
    async with driving(spec=replace(WISH, memory_mb=8192)) as driver:
        await driver.go("app")
        await driver.press("ctrl+n")
        await driver.settle()
        await driver.until("App name", "the sky fell")
        driver.session.update(memory_mb=WISH.memory_mb)
        await driver.press("ctrl+n")
        await driver.until("Gateway token")


async def test_an_app_of_ours_is_not_asked_about(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    async with driving(spec=WISH) as driver:
        await driver.go("app")
        await driver.until("This app is yours already")
        await driver.press("ctrl+n")
        await driver.until("Gateway token")


async def test_a_long_list_is_moved_with_the_arrows_in_a_small_window(
    services: Services, cloud: Cloud
) -> None:
    cloud.log_in()
    await have_gateway(services)
    async with driving(size=(60, 20)) as driver:
        driver.session.home_app = "my-app"
        await driver.go("home")
        found = Removal(driver.session, WISH)
        await found.look()
        undo = found.undo(settled=True)
        lines = [
            *piece_lines(undo.goes) * 2,
            *piece_lines(undo.along),
            snapshot_line(takes_app=True),
            "THE END",
        ]
        driver.app.push_screen(ConsentDialog("Undo my-app", lines, "my-app"))
        await driver.until("machine", "Type my-app and press Enter")
        assert "THE END" not in driver.text
        for _page in range(4):
            await driver.press("down")
        await driver.until("THE END", "Type my-app and press Enter")
        await driver.press("escape")
        await driver.until("Type my-app", gone=True)


async def test_a_run_that_was_killed_before_it_looked_is_offered_to_be_undone(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from tests.engine.rig import start
    from tests.engine.test_run import again
    from tests.soak.test_kills import Point, kill_at

    cloud.log_in()
    gate = tmp_path / "gate"
    cloud.faults(monkeypatch, {"command": "apps create", "when": "after", "hold": str(gate)})
    run = await start(await again(services))
    await kill_at(Point(WISH, "apps create", "after", flyctl_too=True), run, gate, tmp_path / "state")
    async with driving() as driver:
        await driver.until("Undo what was made for my-app")
        await driver.press("home", "down", "enter")
        await driver.until("1 thing was made from here")


async def test_a_book_that_can_not_be_read_is_no_reason_to_fall_over(
    services: Services, cloud: Cloud, tmp_path: Path
) -> None:
    cloud.log_in()
    await have_gateway(services)
    for book in (tmp_path / "state").rglob("made.jsonl"):
        book.unlink()
        book.mkdir()
    async with driving(spec=WISH) as driver:
        driver.session.home_app = "my-app"
        await driver.go("home")
        await driver.until("Last deploy")
        await driver.go("review")
        await driver.until("Nothing to change")
        await driver.go("start")
        await driver.until("Look after my-app")
