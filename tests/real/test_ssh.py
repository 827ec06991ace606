"""A real SSH server, the real program in it: the line is cut, goes silent, or the program is killed. The run goes on.

``SSH_KILLS`` is how many times the client is killed, at one step of the run after another.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from claw_tui.domain.jobs import ENDED_WELL, JobState, StepState
from claw_tui.ports import RunHandle, Services
from tests.conftest import Cloud
from tests.engine.rig import assert_no_canary, assert_whole
from tests.pty.test_road import to_the_run
from tests.real.ssh_rig import PROGRAM, WITH_A_RUN, Line, Server, kill, programs
from tests.terminal import Terminal

pytestmark = [pytest.mark.real, pytest.mark.anyio]
KILLS = int(os.environ.get("SSH_KILLS", "7"))
# A call of flyctl that each step waits at: (command, how many of them are let through, before or after it acts).
AT = (
    ("apps create", 0, "after"), ("volumes create", 0, "before"), ("volumes create", 0, "after"), ("secrets import", 0, "after"),
    ("deploy", 0, "before"), ("machine exec", 2, "before"), ("machine exec", -1, "before"),
)  # fmt: skip
LAST_EXECS = 9  # by then openclaw.json is in place, and the gateway's answer is waited for
DONE = "Done. Ctrl+N shows the proof"


@pytest.fixture
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="claw"))
    try:
        with Server(folder) as running:
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def until(true: Callable[[], object], what: str, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"{what} did not come"
        time.sleep(0.02)


def newest(services: Services) -> RunHandle:
    run = services.runs.latest("my-app")
    assert run is not None
    return run


def assert_told_whole(services: Services) -> None:
    """Every step began and ended well, in its order; the log has its first words and its last."""
    run = newest(services)
    assert run.state() is JobState.DONE
    events = [event for event in run.new_events() if event.kind == "step"]
    began = [event.step for event in events if event.state == StepState.RUNNING]
    ends = [event.step for event in events if event.state in [state.value for state in ENDED_WELL]]
    assert began == ends == [step.id for step in run.job.steps]
    log = "\n".join(run.new_log())
    assert "openclaw.json is in place" in log
    assert "The gateway answers at https://my-app.fly.dev" in log


def watch(t: Terminal) -> None:
    t.wait_for("Watch my-app being set up")
    t.press("enter")
    t.wait_for("You may leave")


@pytest.mark.parametrize("number", range(KILLS))
async def test_the_client_is_killed(
    number: int,
    server: Server,
    services: Services,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    command, skip, when = AT[number % len(AT)]
    gate = tmp_path / "gate"
    fault = {"command": command, "when": when, "hold": str(gate), "skip": skip if skip >= 0 else LAST_EXECS}
    cloud.faults(monkeypatch, fault)
    cloud.log_in()
    with server.login(*WITH_A_RUN) as t:
        watch(t)
        until(Path(f"{gate}.reached").exists, f"{command} {skip}")
        t.kill(signal.SIGKILL)
        until(lambda: not programs(tmp_path / "state"), "the end of the program that lost its terminal")
    assert newest(services).state() is JobState.GOING_ON
    with server.login(*PROGRAM) as t:
        watch(t)
        Path(f"{gate}.go").touch()
        t.wait_for(DONE, 60)
        t.press("ctrl+q")
        assert t.wait_end() == 0
    assert_told_whole(services)
    assert_whole(cloud)
    assert_no_canary(tmp_path)


async def test_the_whole_road_and_the_line_is_cut(
    server: Server, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Everything typed into the session, up to the key that starts the run."""
    gate = tmp_path / "gate"
    cloud.faults(monkeypatch, {"command": "deploy", "hold": str(gate)})
    cloud.log_in()
    with server.login(*PROGRAM) as t:
        to_the_run(t, "my-app")
        t.wait_for("You may leave")
        until(Path(f"{gate}.reached").exists, "the deploy")
        t.kill(signal.SIGKILL)
    Path(f"{gate}.go").touch()
    until(lambda: newest(services).state() is not JobState.GOING_ON, "the end of the run")
    assert_told_whole(services)
    app = cloud.app("my-app")
    assert (len(app["volumes"]), len(app["machines"]), len(app["releases"])) == (1, 1, 1)


async def test_the_line_goes_silent(
    server: Server, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody is told: neither the program nor sshd notices. The run ends meanwhile, and another login shows it."""
    gate = tmp_path / "gate"
    cloud.faults(monkeypatch, {"command": "volumes create", "hold": str(gate)})
    cloud.log_in()
    with Line(server.port) as line, server.login(*WITH_A_RUN, port=line.port) as t:
        watch(t)
        until(Path(f"{gate}.reached").exists, "the volume")
        line.silent.set()
        Path(f"{gate}.go").touch()
        until(lambda: newest(services).state() is not JobState.GOING_ON, "the end of the run")
        assert_told_whole(services)
        assert_whole(cloud)
        assert len(programs(tmp_path / "state")) == 1, "it does not know that nobody looks"
        with server.login(*PROGRAM) as other:
            other.wait_for("Look after my-app")
            other.press("ctrl+q")
            assert other.wait_end() == 0
        line.cut()
        until(lambda: not programs(tmp_path / "state"), "the end of the program that nobody looks at")


def steps(t: Terminal) -> list[str]:
    """The steps and where each stands, without its seconds."""
    rows = [row[:42].rstrip() for row in t.text.splitlines()]
    return [
        row
        for row in rows
        if any(word in row for word in ("Create the", "Send the", "Deploy ", "Write open"))
    ]


async def test_two_logins_see_the_same(
    server: Server, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    cloud.faults(monkeypatch, {"command": "deploy", "hold": str(gate)})
    cloud.log_in()
    with server.login(*WITH_A_RUN) as one, server.login(*PROGRAM) as other:
        watch(one)
        if "Watch my-app" not in other.text:  # it was there first
            other.wait_for("Logged in as")
            other.press("f5")
        watch(other)
        until(Path(f"{gate}.reached").exists, "the deploy")
        for t in (one, other):
            t.wait_until(lambda t=t: "3 of " in t.text, what="three steps")
        other.wait_until(lambda: steps(one) == steps(other), what="what the first one shows")
        Path(f"{gate}.go").touch()
        for t in (one, other):
            t.wait_for(DONE, 60)
        other.wait_until(lambda: steps(one) == steps(other), what="what the first one shows")
        for t in (one, other):
            t.press("ctrl+q")
            assert t.wait_end() == 0
    assert_told_whole(services)


@pytest.mark.parametrize("signum", [signal.SIGHUP, signal.SIGTERM, signal.SIGKILL], ids=lambda s: s.name)
async def test_the_program_is_ended(
    signum: signal.Signals,
    server: Server,
    services: Services,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """The terminal is given back wherever it can be; the run does not notice."""
    gate = tmp_path / "gate"
    cloud.faults(monkeypatch, {"command": "secrets import", "hold": str(gate)})
    cloud.log_in()
    with server.login(*WITH_A_RUN) as t:
        watch(t)
        until(Path(f"{gate}.reached").exists, "the secrets")
        (program,) = programs(tmp_path / "state")
        kill(program, signum)
        t.wait_end()
        if signum is not signal.SIGKILL:
            assert t.modes_left() == [], "the terminal keeps modes of ours"
    Path(f"{gate}.go").touch()
    with server.login(*PROGRAM) as t:
        assert t.modes_left() == []
        t.wait_for("Logged in as")
        until(lambda: newest(services).state() is not JobState.GOING_ON, "the end of the run")
        t.press("ctrl+q")
        t.wait_end()
    assert_told_whole(services)
    assert_whole(cloud)
