"""Whole runs by the real runner process against the simulated cloud."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from claw_tui.demo import world
from claw_tui.demo.cloud_machines import take_lease
from claw_tui.domain.errors import Busy, FlyError
from claw_tui.domain.jobs import JobState, StepState
from claw_tui.domain.secret import Secret
from claw_tui.engine.plan import make_plan, view_of
from claw_tui.engine.secret_steps import compare_digests
from claw_tui.engine.world import WorldReader
from claw_tui.ports import Services
from claw_tui.wiring import services_for
from tests.conftest import TOKEN, Cloud
from tests.engine.rig import (
    CANARIES,
    SECRETS,
    WISH,
    assert_no_canary,
    assert_whole,
    carry_out,
    ended,
    have_gateway,
    spec_with,
    start,
)

pytestmark = pytest.mark.anyio


def states(events: list[object]) -> dict[str, str]:
    return {e.step: e.state for e in events if e.kind == "step"}  # type: ignore[attr-defined]


async def test_from_nothing_to_a_running_gateway_and_again(
    services: Services, cloud: Cloud, tmp_path: Path
) -> None:
    state, events = await carry_out(services)
    assert state is JobState.DONE, events[-2:]
    assert_whole(cloud)
    config = json.loads(cloud.app("my-app")["volumes"][0]["files"]["/data/openclaw.json"]["text"])
    assert {"66.241.124.77"} < set(config["gateway"]["trustedProxies"])
    assert services.state.load_answers("my-app") == WISH
    plan = make_plan(view_of(WISH, await WorldReader(services.fly).read("my-app"), services.state))
    assert not plan.changes
    before = cloud.app("my-app")
    state, again = await carry_out(services)
    assert state is JobState.DONE
    assert set(states(list(again)).values()) == {"unchanged", "done"}
    assert [step for step, how in states(list(again)).items() if how == "done"] == ["await-gateway", "prove"]
    assert len(cloud.app("my-app")["releases"]) == len(before["releases"])
    assert_no_canary(tmp_path)


async def test_private_from_its_first_deploy(services: Services, cloud: Cloud) -> None:
    spec = spec_with(private=True)
    state, _events = await carry_out(services, spec)
    assert state is JobState.DONE
    assert_whole(cloud, spec)
    (service,) = cloud.app("my-app")["machines"][0]["services"]
    assert service["ports"] == [{"port": 3000}]


async def test_a_build_from_source(services: Services, cloud: Cloud, tmp_path: Path) -> None:
    state, _events = await carry_out(services, spec_with(source="git"))
    assert state is JobState.DONE
    assert cloud.app("my-app")["machines"][0]["image"] == f"registry.fly.io/my-app:{WISH.version}"
    assert_whole(cloud, spec_with(source="git"))


async def test_an_app_without_addresses_after_its_deploy_gets_them(services: Services, cloud: Cloud) -> None:
    spec = spec_with(app="demo-noip")
    state, events = await carry_out(services, spec)
    assert state is JobState.DONE
    assert states(list(events))["public-addresses"] == "done"
    assert_whole(cloud, spec)


@pytest.mark.parametrize("path", ["/v1/apps", "#allocateIpAddress"])
async def test_what_was_made_although_its_answer_was_lost_is_found(
    services: Services, cloud: Cloud, path: str
) -> None:
    """flyctl asks again by itself after a 502: then the name of our own new app is taken, says Fly.io."""
    with world.opened() as now:
        now["conditions"] = [{"method": "POST", "path": path, "status": 502, "acts": True, "times": 1}]
    spec = spec_with(private=True)
    state, events = await carry_out(services, spec)
    assert state is JobState.DONE, events[-2:]
    assert list(cloud.read()["apps"]) == ["my-app"]


async def test_a_name_that_is_somebody_elses_stays_a_failure(services: Services) -> None:
    state, events = await carry_out(services, spec_with(app="demo-taken"))
    assert state is JobState.FAILED
    assert next(event for event in events if event.state == "failed").code == "name-taken"


async def test_a_failure_says_what_and_the_next_run_goes_on_from_there(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.faults(
        monkeypatch, {"command": "volumes create", "exit": 1, "stderr": "Error: insufficient_capacity\n"}
    )
    services = await again(services)
    state, events = await carry_out(services)
    assert state is JobState.FAILED
    failed = next(event for event in events if event.state == "failed")
    assert (failed.step, failed.code) == ("create-volume", "no-capacity")
    assert failed.message
    assert failed.hint
    state, events = await carry_out(services)
    assert state is JobState.DONE
    assert states(list(events))["create-app"] == "unchanged"
    assert_whole(cloud)


async def again(services: Services) -> Services:
    """The services as a new start of the program makes them (they take the environment of now)."""
    from claw_tui.wiring import services_for

    made = services_for(os.environ, demo=True)
    made.fly.use_token(services.fly.token)
    return made


async def test_somebody_elses_lease_is_left_alone(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    with world.opened() as now:
        take_lease(now["apps"]["my-app"]["machines"][0], "colleague@example.com", 900)
    state, events = await carry_out(services, spec_with(memory_mb=4096))
    assert state is JobState.FAILED
    assert next(event for event in events if event.state == "failed").code == "lease-held"
    assert cloud.app("my-app")["machines"][0]["lease"]["owner"] == "colleague@example.com"


async def test_a_plan_is_refused_once_the_world_has_changed(services: Services, cloud: Cloud) -> None:
    run = await start(services)
    await ended(run)
    from claw_tui.domain.jobs import Job
    from claw_tui.engine.plan import step_infos

    stale = Job("99999999-000000-zzzz", "my-app", WISH, step_infos(WISH), "0123456789abcdef", 0.0, demo=True)
    run = await services.runs.start(stale, SECRETS, services.fly.token)
    assert await ended(run) is JobState.FAILED
    failed = next(event for event in run.new_events() if event.state == "failed")
    assert failed.code == "stale-plan"


async def test_one_run_for_an_app_at_a_time(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    cloud.faults(monkeypatch, {"command": "volumes create", "hold": str(gate)})
    services = await again(services)
    run = await start(services)
    while not Path(f"{gate}.reached").exists():
        await asyncio.sleep(0.02)
    with pytest.raises(Busy):
        await start(services)
    latest = services.runs.latest("my-app")
    assert latest is not None
    assert latest.job.id == run.job.id  # what never began is nothing to watch
    Path(f"{gate}.go").touch()
    assert await ended(run) is JobState.DONE
    assert_whole(cloud)


async def test_cancelling_stops_at_the_step_and_going_on_finishes(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    cloud.faults(monkeypatch, {"command": "deploy", "hold": str(gate)})
    services = await again(services)
    run = await start(services)
    while not Path(f"{gate}.reached").exists():
        await asyncio.sleep(0.02)
    run.cancel()
    assert await ended(run) is JobState.STOPPED
    assert states(list(run.new_events()))["deploy"] == StepState.STOPPED
    state, _events = await carry_out(services)
    assert state is JobState.DONE
    assert_whole(cloud)


@pytest.mark.parametrize(  # `make soak` does it around each
    ("command", "when"), [("volumes create", "after")]
)
async def test_killed_around_a_call_nothing_is_made_twice(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str, when: str
) -> None:
    """The runner is killed while flyctl is between being asked and having answered; flyctl itself goes on."""
    gate = tmp_path / "gate"
    cloud.faults(monkeypatch, {"command": command, "when": when, "hold": str(gate)})
    services = await again(services)
    run = await start(services)
    while not Path(f"{gate}.reached").exists():
        await asyncio.sleep(0.02)
    pid = int(next((tmp_path / "state").rglob("pid")).read_text())
    os.kill(pid, signal.SIGKILL)
    while run.state() is JobState.GOING_ON:
        await asyncio.sleep(0.02)
    assert run.state() is JobState.INTERRUPTED
    second = await start(services)
    said: list[str] = []
    while not any("is waited for" in line for line in said):
        assert second.state() is JobState.GOING_ON, said
        said += second.new_log()
        await asyncio.sleep(0.02)
    assert said[0].startswith("An earlier run was cut off at: fly volumes create"), (
        "and not only once it is over"
    )
    Path(f"{gate}.go").touch()
    assert await ended(second) is JobState.DONE
    assert_whole(cloud)


async def test_secrets_that_arrive_half_start_nothing(
    services: Services, cloud: Cloud, tmp_path: Path
) -> None:
    run = await start(services)
    await ended(run)
    folder = next((tmp_path / "state").rglob("job.json")).parent
    done = subprocess.run(
        [sys.executable, "-m", "claw_tui.runner", str(folder)], input=b"\x00\x00\x10\x00half", capture_output=True, check=False
    )  # fmt: skip
    assert done.returncode == 4
    assert b"nothing was done" in done.stderr


async def test_a_value_that_changed_is_sent_again_and_only_that(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    services.state.set_revision("my-app", "ANTHROPIC_API_KEY", "r2")
    view = view_of(WISH, await WorldReader(services.fly).read("my-app"), services.state)
    assert view.unsent == ("ANTHROPIC_API_KEY",)
    run = await start(services, values={"ANTHROPIC_API_KEY": Secret("sk-ant-api03-another-another-another")})
    assert await ended(run) is JobState.DONE
    assert len(cloud.app("my-app")["releases"]) == 2
    assert view_of(WISH, await WorldReader(services.fly).read("my-app"), services.state).unsent == ()


async def test_secrets_that_are_gone_are_asked_for_by_name(services: Services) -> None:
    run = await start(services, values={})
    assert await ended(run) is JobState.FAILED
    failed = next(event for event in run.new_events() if event.state == "failed")
    assert "ANTHROPIC_API_KEY" in failed.message


async def test_the_log_is_redacted_and_events_tell_the_order(services: Services, cloud: Cloud) -> None:
    run = await start(services)
    await ended(run)
    events = [event for event in run.new_events() if event.kind == "step" and event.state == "running"]
    assert [event.step for event in events] == [info.id for info in run.job.steps]
    log = "\n".join(run.new_log())
    assert "==> Verifying app config" in log
    assert "CANARY" not in log


async def test_secrets_that_did_not_arrive_are_named(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """flyctl says that all went well, and nothing was done."""
    cloud.faults(monkeypatch, {"command": "secrets import", "exit": 0, "stdout": "Secrets have been staged"})
    services = await again(services)
    run = await start(services)
    assert await ended(run) is JobState.FAILED
    failed = next(event for event in run.new_events() if event.state == "failed")
    assert failed.step == "stage-secrets"
    assert "did not take these secrets: OPENCLAW_GATEWAY_TOKEN, ANTHROPIC_API_KEY" in failed.message
    assert "sends them once more" in failed.hint
    state, events = await carry_out(services)
    assert state is JobState.DONE, events[-2:]


async def test_digests_are_compared(tmp_path: Path) -> None:
    one, other = {"A": Secret("1"), "B": Secret("2")}, {"A": Secret("1"), "B": Secret("1")}
    compare_digests(one, {"A": "d1", "B": "d2", "C": "d1"})
    compare_digests(other, {"A": "d1", "B": "d1"})
    with pytest.raises(FlyError, match="did not take these secrets: B"):
        compare_digests(one, {"A": "d1"})
    with pytest.raises(FlyError, match="no digest for these secrets: A, B") as blank:
        compare_digests(one, {"A": "", "B": ""})
    with pytest.raises(FlyError, match="A and B have the same digest") as same:
        compare_digests(one, {"A": "d1", "B": "d1"})
    assert blank.value.hint
    assert same.value.hint


async def test_a_value_that_is_sent_again_and_stays_the_same_is_told(services: Services) -> None:
    await ended(await start(services))
    services.state.set_revision("my-app", "ANTHROPIC_API_KEY", "r2")
    run = await start(services)
    assert await ended(run) is JobState.DONE
    assert "had these values already, or did not change them: ANTHROPIC_API_KEY" in "\n".join(run.new_log())


async def test_a_line_that_flyctl_repeats_in_its_error_is_in_no_file(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    value = SECRETS["ANTHROPIC_API_KEY"].reveal()
    said = f"Error: Failed to parse secrets from stdin: Secrets must be provided as NAME=VALUE pairs ({value} is invalid)\n"
    cloud.faults(monkeypatch, {"command": "secrets import", "exit": 1, "stderr": said})
    services = await again(services)
    run = await start(services)
    assert await ended(run) is JobState.FAILED
    failed = next(event for event in run.new_events() if event.state == "failed")
    assert "(*** is invalid)" in failed.message
    Path(os.environ["CLAW_DEMO_FAULTS"]).unlink()
    assert_no_canary(tmp_path)
    cloud.faults(monkeypatch, {"command": "secrets import", "times": 9, "exit": 1, "stderr": said})
    with pytest.raises(FlyError) as caught:  # the adapter itself, as whoever calls it meets it
        await services.fly.import_secrets("my-app", SECRETS)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__)
    assert CANARIES.find((shown + caught.value.detail + caught.value.message).encode()) == []


CRASHES = """
import asyncio
from claw_tui.engine.run import Run

async def crash(self, fingerprint):
    values = {name: secret.reveal() for name, secret in self._ctx.secrets.items()}

    async def forgotten():
        raise RuntimeError(f"a task with {values}")

    await asyncio.wait([asyncio.create_task(forgotten())])
    raise RuntimeError(f"a run with {values}")

Run.carry_out = crash
"""


async def test_a_runner_that_crashes_names_no_secret_in_what_it_leaves(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its stderr is a file. The messages of failures are not ours alone."""
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "sitecustomize.py").write_text(CRASHES)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "more"))
    crashing = services_for(os.environ, demo=True)
    crashing.fly.use_token(TOKEN)
    run = await start(crashing)
    assert await ended(run) is not JobState.DONE
    await crashing.close()
    (words,) = (path.read_text() for path in tmp_path.rglob("runner.out"))
    assert "RuntimeError: a run with {" in words
    assert "RuntimeError: a task with {" in words
    assert words.count("***") >= 2 * len(SECRETS)
    assert_no_canary(tmp_path)
