"""Killed anywhere: the runner and the program itself, at every boundary of a step and around every call of flyctl.

After each kill a second run (or the same run, when only its watcher died) must end well, in a world that has one of
everything. ``KILLS`` is how many: every point is taken once before any is taken again.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from claw_tui.domain.errors import Busy
from claw_tui.domain.jobs import JobEvent, JobState
from claw_tui.domain.spec import Spec
from claw_tui.ports import RunHandle, Services
from claw_tui.wiring import services_for
from tests.conftest import TOKEN, Cloud, use_home
from tests.engine.rig import WISH, assert_no_canary, assert_whole, carry_out, ended, start
from tests.engine.test_run import again
from tests.pty.test_road import to_the_run
from tests.terminal import Terminal, keys

pytestmark = [pytest.mark.anyio, pytest.mark.soak]
KILLS = int(os.environ.get("KILLS", "120"))
CHANGING = (
    "apps create", "volumes create", "secrets import", "secrets set", "secrets deploy", "ips allocate-v4",
    "ips allocate-v6", "ips release", "deploy", "machine exec", "machine restart", "machine update",
)  # fmt: skip
SPECS = (WISH, replace(WISH, private=True), replace(WISH, app="demo-noip"))


@dataclass(frozen=True)
class Point:
    """Where to kill. ``nth`` call of ``command``, before or after it acts; or, without a command, at an event."""

    spec: Spec
    command: str = ""
    when: str = ""
    nth: int = 0
    step: str = ""
    flyctl_too: bool = False

    def __str__(self) -> str:
        where = (
            f"{self.when} call {self.nth} of {self.command}" if self.command else f"{self.when} {self.step}"
        )
        return f"{self.spec.app}{' private' if self.spec.private else ''}: {where}{' with flyctl' if self.flyctl_too else ''}"


async def points_of(spec: Spec) -> list[Point]:
    """One undisturbed run says which calls and which steps there are."""
    cloud = Cloud()
    cloud.record()
    services = services_for(os.environ, demo=True)
    services.fly.use_token(TOKEN)
    run = await start(services, spec)
    assert await ended(run) is JobState.DONE
    await services.close()
    seen: Counter[str] = Counter()
    found: list[Point] = []
    for call in cloud.calls():
        command = " ".join(call["argv"][:2]) if call["argv"][0] != "deploy" else "deploy"
        if command in CHANGING:
            found += [
                Point(spec, command, when, seen[command], flyctl_too=too)
                for when in ("before", "after")
                for too in (False, True)
            ]
            seen[command] += 1
    assert {"apps create", "volumes create", "secrets import", "deploy", "machine exec"} <= set(seen)
    for info in run.job.steps:
        found += [Point(spec, step=info.id, when=when) for when in ("running", "done")]
    return found


@pytest.fixture(scope="session")
def points(tmp_path_factory: pytest.TempPathFactory) -> list[Point]:
    """Every point of every road, in an order that is mixed and always the same."""
    found: list[Point] = []
    for spec in SPECS:
        with pytest.MonkeyPatch.context() as monkeypatch:
            use_home(tmp_path_factory.mktemp("points"), monkeypatch)
            found += asyncio.run(points_of(spec))
    random.Random(1).shuffle(found)
    return found


async def until(true: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, what
        await asyncio.sleep(0.003)


async def kill_at(point: Point, run: RunHandle, gate: Path, state: Path) -> None:
    """Wait for the point, then SIGKILL."""
    if point.command:
        await until(Path(f"{gate}.reached").exists, f"never got to {point}")
    else:
        events: list[object] = []

        def there() -> bool:
            events.extend(run.new_events())
            wanted = ("done", "unchanged") if point.when == "done" else (point.when,)
            return any(e.step == point.step and e.state in wanted for e in events)  # type: ignore[attr-defined]

        await until(there, f"never got to {point}")
    pid = int(next(state.rglob("pid")).read_text())
    if run.state() is JobState.GOING_ON:
        os.kill(pid, signal.SIGKILL)
    await until(lambda: run.state() is not JobState.GOING_ON, "the runner is dead and its lock is held")
    if point.flyctl_too:
        os.kill(int(Path(f"{gate}.reached").read_text()), signal.SIGKILL)


Begin = Callable[[], Awaitable[RunHandle]]


async def killed_once(
    point: Point,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    begin: Begin,
    go_on: Begin,
    seconds: float = 60.0,
) -> tuple[JobState, list[JobEvent]]:
    """Begin, kill, go on, as R on the Deploy screen does; returns how the second run ended."""
    for old in (folder / "state").rglob("pid"):
        old.unlink()
    gate = folder / "gate"
    if point.command:
        fault = {"command": point.command, "when": point.when, "hold": str(gate), "skip": point.nth}
        cloud.faults(monkeypatch, fault)
    await kill_at(point, await begin(), gate, folder / "state")

    async def to_the_end() -> tuple[JobState, list[JobEvent]]:
        run = await go_on()
        return await ended(run, seconds), list(run.new_events())

    going = asyncio.create_task(to_the_end())
    if point.command and not point.flyctl_too:
        await until(lambda: len(list((folder / "state").rglob("pid"))) == 2, "no second run")
        Path(f"{gate}.go").touch()
    return await going


@pytest.mark.parametrize("number", range(KILLS))
async def test_the_runner_is_killed(
    number: int,
    services: Services,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    points: list[Point],
) -> None:
    point = points[number % len(points)]
    gate = tmp_path / "gate"
    if point.command:
        fault = {"command": point.command, "when": point.when, "skip": point.nth, "hold": str(gate)}
        cloud.faults(monkeypatch, fault)
    services = await again(services)
    run = await start(services, point.spec)
    await kill_at(point, run, gate, tmp_path / "state")
    second = asyncio.create_task(carry_out(services, point.spec))
    if point.command and not point.flyctl_too:
        await until(lambda: len(list((tmp_path / "state").rglob("pid"))) == 2, "no second run")
        Path(f"{gate}.go").touch()
    state, events = await second
    assert state is JobState.DONE, (str(point), events[-2:])
    assert_whole(cloud, point.spec)
    assert_no_canary(tmp_path)


@pytest.mark.parametrize("number", range(max(4, KILLS // 10)))
async def test_the_program_is_killed_as_it_starts_a_run(
    number: int, services: Services, cloud: Cloud, tmp_path: Path
) -> None:
    """At some instant between the key that starts the run and its first steps: it goes on, or never began."""
    cloud.log_in()
    with Terminal(["--demo"]) as t:
        to_the_run(t, "my-app", start=False)
        t.send(keys("ctrl+n"))
        t.pump(random.Random(number).random())
        t.kill(signal.SIGKILL)
    draft = services.state.load_draft()
    end = time.monotonic() + 60
    while True:  # its runner may be just starting, or be at work
        run = services.runs.latest("my-app")
        spec = run.job.spec if run is not None else draft
        assert spec is not None
        try:
            state, events = await carry_out(services, spec)
            break
        except Busy:
            assert time.monotonic() < end
            await asyncio.sleep(0.05)
    assert state is JobState.DONE, events[-2:]
    assert_whole(cloud, spec)
    assert_no_canary(tmp_path)


@pytest.mark.parametrize("number", range(max(4, KILLS // 10)))
async def test_the_program_is_killed_while_it_watches(
    number: int, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cloud.log_in()
    command = ("apps create", "volumes create", "secrets import", "deploy", "machine exec")[number % 5]
    gate = tmp_path / "gate"
    cloud.faults(
        monkeypatch, {"command": command, "hold": str(gate), "when": ("before", "after")[number % 2]}
    )
    run = await start(await again(services))
    for _sitting in (1, 2):
        with Terminal(["--demo"]) as t:
            t.wait_for("Watch my-app being set up")
            t.press("enter")
            t.wait_for("You may leave")
            t.kill(signal.SIGKILL)
    Path(f"{gate}.go").touch()
    assert await ended(run) is JobState.DONE
    assert_whole(cloud)
