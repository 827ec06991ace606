"""Long logs: read at once by somebody who comes in the middle, and live, from flyctl over the runner to the screen."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

from benchmarks.figure import Figure
from claw_tui.adapters import process
from claw_tui.app import ClawApp
from claw_tui.demo import world as simulated
from claw_tui.domain.jobs import Job, JobState
from claw_tui.engine.plan import step_infos
from claw_tui.runner.folder import JobFolder
from claw_tui.widgets.transcript import KEPT, Transcript
from claw_tui.wiring import services_for
from tests.conftest import TOKEN
from tests.engine.rig import WISH, ended
from tests.engine.rig import start as start_run

LINES = 100_000


def _long_run(base: Path) -> None:
    folder = JobFolder(base / "jobs" / WISH.app / "20260101-000000-0000")
    folder.write_job(Job(folder.path.name, WISH.app, WISH, step_infos(WISH), "", 0.0, demo=True))
    folder.write_status(JobState.DONE)
    line = "2026-01-01T00:00:00Z app[148e21] fra [info] build step output line "
    folder.log_path.write_text("".join(f"{line}{number}\n" for number in range(LINES)))


class Stalls:
    """The longest time that nothing else could run, in ms of our own: what other programs take does not count."""

    worst = 0.0

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._beat())
        return self

    async def _beat(self) -> None:
        while True:
            last = time.thread_time()
            await asyncio.sleep(0.005)
            self.worst = max(self.worst, (time.thread_time() - last) * 1000)

    async def __aexit__(self, *_error: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task


async def _all_shown(log: Transcript, lines: int) -> None:
    kept = min(lines, KEPT)
    while log.count < lines or not log.is_vertical_scroll_end or log.virtual_size.height < kept:  # noqa: ASYNC110
        await asyncio.sleep(0.005)


async def _show_log(base: Path) -> tuple[float, float]:
    """Seconds until 100 000 lines are in the view and the last one is painted; the longest stall, in ms."""
    services = services_for(os.environ, demo=True)
    app = ClawApp(lambda: services, demo=True)
    async with app.run_test(size=(120, 40)):
        app.go("deploy")
        await app.workers.wait_for_complete()
        _long_run(base)
        run = services.runs.latest(WISH.app)
        async with Stalls() as stalls:
            begun = time.perf_counter()
            app.session.run = run
            await _all_shown(app.screen.query_one(Transcript), LINES)
            seconds = time.perf_counter() - begun
        app.leave_now()
    return seconds, stalls.worst


def _build_output(base: Path) -> Path:
    """A fault file that has the simulated fly say what a long build says, before its own."""
    lines = "".join(
        f"#7 {n / 100:.3f} dist/assets/chunk-{n}.js  {n} kB, gzip: {n} kB\n" for n in range(LINES)
    )
    faults = base / "faults.json"
    said = f"==> Building image with Depot\n#7 [1/3] RUN pnpm build\n{lines}"
    faults.write_text(json.dumps([{"command": "deploy", "stderr": said}]))
    return faults


async def _watch_live(base: Path) -> tuple[float, float, float]:
    """A build that says 100 000 lines at once, through the runner to the screen: seconds from its first line to the

    painted last one; the longest stall of the screen in ms; seconds that only reading them from a pipe takes.
    """
    os.environ[simulated.FAULTS] = str(faults := _build_output(base))
    services = services_for(os.environ, demo=True)
    services.fly.use_token(TOKEN)
    app = ClawApp(lambda: services, demo=True)
    async with app.run_test(size=(80, 24)):
        app.go("deploy")
        await app.workers.wait_for_complete()
        async with Stalls() as stalls:
            app.session.run = await start_run(services)
            log = app.screen.query_one(Transcript)
            while log.count < 100:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
            begun = time.perf_counter()
            await _all_shown(log, LINES)
            seconds = time.perf_counter() - begun
        await ended(app.session.run)
        app.leave_now()
    del os.environ[simulated.FAULTS]
    program = f"import json; print(json.load(open({str(faults)!r}))[0]['stderr'], end='')"
    begun = time.perf_counter()
    await process.run(
        process.Call((sys.executable, "-c", program), os.environ, 60, on_line=lambda _line: None)
    )
    return seconds, stalls.worst, time.perf_counter() - begun


def log(base: Path) -> list[Figure]:
    seconds, stall = asyncio.run(_show_log(base))
    live, live_stall, pipe = asyncio.run(_watch_live(base))
    return [
        Figure("100 000 log lines", "≤ 1 s", f"{seconds:.2f} s", "", seconds <= 1),
        Figure("… longest stall", "≤ 60 ms", f"{stall:.0f} ms", "", stall <= 60),
        Figure(
            "… live, from flyctl to the screen",
            "≤ 5× a pipe",
            f"{live:.2f} s ({live / pipe:.1f}×)",
            f"{pipe:.2f} s",
            live <= 5 * pipe,
        ),
        Figure("… longest stall", "≤ 60 ms", f"{live_stall:.0f} ms", "", live_stall <= 60),
    ]
