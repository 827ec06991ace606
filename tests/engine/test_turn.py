"""Others at work on the same app, and what our own calls that were cut off left behind."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from claw_tui.demo import cloud as fly_cloud
from claw_tui.demo import world
from claw_tui.demo.cloud_machines import take_lease
from claw_tui.demo.gateway import stamp
from claw_tui.domain.jobs import REFUSED, Intent, JobState
from claw_tui.domain.spec import Spec
from claw_tui.domain.turns import is_going_on, is_left_lease, is_our_release, left_behind, takes_turn
from claw_tui.domain.world import Lease, Release
from claw_tui.ports import RunHandle, Services
from tests.conftest import Cloud
from tests.engine.rig import WISH, assert_whole, carry_out, ended, have_gateway, spec_with, start
from tests.engine.test_run import again
from tests.soak.test_kills import until

pytestmark = pytest.mark.anyio
ME, OTHER = "you@example.com", "sam@example.com"
LARGER = spec_with(memory_mb=4096)


def lease(owner: str, seconds: float) -> None:
    with world.opened() as now:
        machine = now["apps"]["my-app"]["machines"][0]
        machine["lease"] = None
        take_lease(machine, owner, seconds)


def log_of(run: RunHandle) -> str:
    return "\n".join(run.new_log())


def held(cloud: Cloud) -> bool:
    return cloud.app("my-app")["machines"][0]["lease"] is not None


async def cut_off(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, folder: Path, spec: Spec = LARGER
) -> Services:
    """A deploy of ours is killed with its flyctl, and its lease stays."""
    gate = folder / "gate"
    cloud.faults(monkeypatch, {"command": "deploy", "hold": str(gate)})
    services = await again(services)
    for old in (folder / "state").rglob("pid"):
        old.unlink()
    run = await start(services, spec)
    await until(Path(f"{gate}.reached").exists, "no deploy")
    os.kill(int(next((folder / "state").rglob("pid")).read_text()), signal.SIGKILL)
    os.kill(int(Path(f"{gate}.reached").read_text()), signal.SIGKILL)
    await until(lambda: run.state() is JobState.INTERRUPTED, "it lives")
    return services


async def test_the_lease_of_our_own_killed_deploy_is_cleared(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await have_gateway(services)
    services = await cut_off(services, cloud, monkeypatch, tmp_path)
    lease(ME, 600)
    run = await start(services, LARGER)
    assert await ended(run) is JobState.DONE, log_of(run)
    assert "its lease is cleared" in log_of(run)
    assert cloud.app("my-app")["machines"][0]["config"]["guest"]["memory_mb"] == 4096


async def test_somebody_elses_lease_is_not_taken_for_ours(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also after a kill of ours, and as long as they go on."""
    await have_gateway(services)
    services = await cut_off(services, cloud, monkeypatch, tmp_path)
    lease(OTHER, 900)
    run = await start(services, LARGER)
    assert await ended(run) is JobState.FAILED
    assert [e.code for e in run.new_events() if e.kind == "step" and e.state == "failed"] == ["lease-held"]
    said = log_of(run)
    assert f"{OTHER} is changing machine" in said
    assert all(len(line) < 79 or line.startswith("✗") for line in said.splitlines() if OTHER in line)
    assert "waits for that" in said
    assert cloud.app("my-app")["machines"][0]["lease"]["owner"] == OTHER


async def test_a_lease_of_our_login_that_is_renewed_is_another_computers(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A kill of ours left nothing; the same person deploys from somewhere else just now."""
    await have_gateway(services)
    services = await cut_off(services, cloud, monkeypatch, tmp_path)
    lease(ME, 13)
    run = await start(services, LARGER)
    said: list[str] = []

    def waits() -> bool:
        with world.opened() as now:  # somewhere else, flyctl renews it
            now["apps"]["my-app"]["machines"][0]["lease"]["expires"] += 4
        said.extend(run.new_log())
        return "waits for that" in "\n".join(said)

    await until(waits, "it does not wait")
    assert f"{ME} is changing machine" in "\n".join(said)
    assert held(cloud)
    with world.opened() as now:
        now["apps"]["my-app"]["machines"][0]["lease"] = None
    assert await ended(run) is JobState.DONE, log_of(run)


async def said_that_it_waits(run: RunHandle, words: str) -> None:
    said: list[str] = []

    def waiting() -> bool:
        said.extend(run.new_log())
        return "waits for that" in "\n".join(said)

    await until(waiting, "it does not wait")
    assert words in "\n".join(said)


async def test_a_run_waits_for_another_computers_and_then_goes_on(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    lease(OTHER, 900)
    run = await start(services, LARGER)
    await said_that_it_waits(run, f"{OTHER} is changing machine")
    assert cloud.app("my-app")["machines"][0]["config"]["guest"]["memory_mb"] == 2048
    with world.opened() as now:
        now["apps"]["my-app"]["machines"][0]["lease"] = None
    assert await ended(run) is JobState.DONE
    assert cloud.app("my-app")["machines"][0]["config"]["guest"]["memory_mb"] == 4096


async def test_after_the_wait_a_changed_world_is_not_overwritten(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    await have_gateway(services)
    lease(OTHER, 600)
    run = await start(services, LARGER)
    await said_that_it_waits(run, OTHER)
    with world.opened() as now:
        machine = now["apps"]["my-app"]["machines"][0]
        machine["config"]["guest"]["memory_mb"], machine["lease"] = 8192, None
    assert await ended(run) is JobState.FAILED
    assert [e.code for e in run.new_events() if e.kind == "step" and e.state == "failed"] == ["stale-plan"]
    assert cloud.app("my-app")["machines"][0]["config"]["guest"]["memory_mb"] == 8192


async def test_what_two_may_do_at_once_does_not_wait(services: Services, cloud: Cloud) -> None:
    """Writing openclaw.json goes on; no lease is needed for it."""
    await have_gateway(services)
    lease(OTHER, 900)
    state, events = await carry_out(services)
    assert state is JobState.DONE, events[-2:]
    assert cloud.app("my-app")["machines"][0]["lease"]["owner"] == OTHER


async def test_a_first_deploy_from_elsewhere_is_not_doubled(services: Services, cloud: Cloud) -> None:
    """It has made the app and its release, and no machine yet."""
    with world.opened() as now:
        fly_cloud.create_app(now, "my-app", "personal")
        release = fly_cloud.new_release(now, now["apps"]["my-app"], "ghcr.io/openclaw/openclaw:2026.9.1")
        release.update(status="running", created=stamp(time.time()))
    run = await start(services)
    await said_that_it_waits(run, "deploying this app for the first time")
    assert cloud.app("my-app")["volumes"] == []
    with world.opened() as now:
        now["apps"]["my-app"]["releases"][-1]["status"] = "failed"
    assert await ended(run) is JobState.DONE
    assert_whole(cloud)


async def test_our_own_first_deploy_that_was_killed_is_not_waited_for(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its release goes on for ever, as far as Fly.io knows."""
    services = await cut_off(services, cloud, monkeypatch, tmp_path, WISH)
    with world.opened() as now:
        release = fly_cloud.new_release(now, now["apps"]["my-app"], "ghcr.io/openclaw/openclaw:2026.9.1")
        release.update(status="running", created=stamp(time.time()))
    run = await start(services)
    assert await ended(run) is JobState.DONE
    assert "waits for that" not in log_of(run)
    assert_whole(cloud)


async def test_cancelling_a_deploy_leaves_no_lease(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first one: flyctl itself leaves the machine that it has made with a lease of ten minutes."""
    monkeypatch.setenv("CLAW_DEMO_SPEED", "2")
    services = await again(services)
    run = await start(services)
    await until(lambda: bool(cloud.read()["apps"].get("my-app", {}).get("machines")), "no machine", 90)
    assert held(cloud)
    run.cancel()
    assert await ended(run) is JobState.STOPPED
    assert not held(cloud)
    assert "its lease is cleared" in log_of(run)


# -- by themselves ------------------------------------------------------------------------------------------------
DEPLOY = Intent("1", "deploy", "fly deploy /x --app a", 1000.0, 7)
CLEAR = Intent("2", "deploy", "fly machine leases clear 148e --app a", 1100.0, 8, "done")


@pytest.mark.parametrize(
    ("calls", "left"),
    [
        ((), None),
        ((DEPLOY,), DEPLOY),
        ((replace(DEPLOY, outcome="done"),), None),
        ((replace(DEPLOY, outcome="failed"),), replace(DEPLOY, outcome="failed")),
        ((replace(DEPLOY, outcome=REFUSED),), None),
        ((DEPLOY, replace(DEPLOY, id="9", outcome=REFUSED)), DEPLOY),
        ((DEPLOY, CLEAR), None),
        ((DEPLOY, replace(CLEAR, outcome="failed")), DEPLOY),
        ((replace(DEPLOY, command="fly machine exec 148e x --app a"),), None),
    ],
)
def test_which_call_may_have_left_a_lease(calls: tuple[Intent, ...], left: Intent | None) -> None:
    assert left_behind(calls) == left


@pytest.mark.parametrize(
    ("found", "ours"),
    [
        (Lease("m", ME, 1600.0), True),
        (Lease("m", ME.upper(), 1600.0), True),
        (Lease("m", OTHER, 1600.0), False),
        (Lease("m", ME, 90_000.0), False),  # a day later: another computer of ours
    ],
)
def test_which_lease_is_left_by_us(found: Lease, ours: bool) -> None:
    assert is_left_lease(found, DEPLOY, ME) is ours
    assert not is_left_lease(found, None, ME)


def test_which_release_goes_on_and_is_ours() -> None:
    release = Release(1, "running", "i", "1970-01-01T00:20:00Z", ME)
    assert is_going_on(release, 1300.0)
    assert not is_going_on(replace(release, status="complete"), 1300.0)
    assert not is_going_on(release, 9000.0), "whoever made it was killed"
    assert not is_going_on(replace(release, created_at="yesterday"), 9000.0)
    assert is_our_release(release, (DEPLOY,), ME)
    assert not is_our_release(release, (DEPLOY,), OTHER)
    assert not is_our_release(release, (CLEAR,), ME)


def test_which_commands_two_must_not_do_at_once() -> None:
    assert takes_turn("fly deploy /x --app a")
    assert takes_turn("fly secrets deploy --app a")
    assert takes_turn("fly machine destroy 148e --force --app a")
    assert not takes_turn("fly secrets import --app a --stage < 2 secrets")
    assert not takes_turn("fly machine exec 148e … --app a")
