"""Starting runs that outlive this program, and watching them. The watcher only reads files."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from claw_tui.adapters.files import is_free, write_atomic
from claw_tui.adapters.logind import bus_of
from claw_tui.adapters.paths import PACKAGE_ROOT
from claw_tui.domain.errors import Busy, ClawError, StateError
from claw_tui.domain.jobs import RESCUE_LOOK, Job, JobEvent, JobState, Task
from claw_tui.domain.secret import Secret
from claw_tui.i18n import _
from claw_tui.runner.folder import KEPT, JobFolder, Tail, frame, job_folders

START_SECONDS = 20.0
LEAVING_SECONDS = 5.0
POLL = 0.03
DISMISSED = "dismissed"  # the file that says so

# What a runner may know of our environment: what flyctl and git need, and where our own files are.
RUNNER_ENVIRONMENT = (
    "CLAW_TUI_HOME", "CLAW_TUI_FLYCTL", "CLAW_TUI_LANGUAGE", "CLAW_DEMO_SPEED", "CLAW_DEMO_FAULTS", "CLAW_DEMO_FLYCTL", "PYTHONPATH",
    "XDG_STATE_HOME", "XDG_DATA_HOME", "DOCKER_HOST",
)  # fmt: skip


class WatchedRun:
    """The port ``RunHandle`` over a job folder."""

    def __init__(self, folder: JobFolder) -> None:
        self._folder = folder
        self._job = folder.read_job()
        self._events, self._log = Tail(folder.events_path), Tail(folder.log_path)

    @property
    def job(self) -> Job:
        return self._job

    def state(self) -> JobState:
        return self._folder.state()

    def new_events(self) -> Sequence[JobEvent]:
        import msgspec  # noqa: PLC0415

        return [msgspec.json.decode(line, type=JobEvent) for line in self._events.new_lines()]

    def new_log(self) -> Sequence[str]:
        return self._log.new_lines()

    @property
    def log_path(self) -> Path:
        return self._folder.log_path

    def heard(self) -> float:
        try:
            return self._folder.log_path.stat().st_mtime
        except OSError:
            return 0.0

    def cancel(self) -> None:
        """Ask the runner to stop: it ends its flyctl properly and writes down where it stopped."""
        pid = self._folder.read_pid()
        if pid and self.state() is JobState.GOING_ON:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)

    def dismiss(self) -> None:
        if self.state() is not JobState.GOING_ON:
            write_atomic(self._folder.path / DISMISSED, "")

    def is_unfinished(self) -> bool:
        """It goes on, did not end well, or was a look that left the machine in rescue; and nobody dismissed it."""
        try:
            state = self.state()
        except (StateError, ValueError, KeyError, TypeError):  # damaged: there is nothing to take up
            return False
        left_in_rescue = self._job.task is Task.RESCUE and self._job.choice == RESCUE_LOOK
        if state is JobState.DONE and not left_in_rescue:
            return False
        return state is JobState.GOING_ON or not (self._folder.path / DISMISSED).exists()


class RunClient:
    """The port ``Runs``."""

    def __init__(
        self,
        base: Path,
        environ: Mapping[str, str],
        child_environment: Mapping[str, str],
        prefix: Callable[[], Awaitable[Sequence[str]]],
    ) -> None:
        """``prefix``: what its command begins with, where logging out would end it otherwise."""
        self._base, self._prefix, self._bus = base, prefix, bus_of(environ)
        given = {name: environ[name] for name in RUNNER_ENVIRONMENT if environ.get(name)}
        ours = os.pathsep.join(filter(None, (str(PACKAGE_ROOT), given.get("PYTHONPATH"))))
        self._env = {**child_environment, **given, "PYTHONPATH": ours}  # also when run from a checkout

    async def start(self, job: Job, secrets: Mapping[str, Secret], fly_token: Secret | None) -> WatchedRun:
        folder = JobFolder(self._base / "jobs" / job.app / job.id)
        await self._turn(folder)
        self._tidy(job.app)
        folder.write_job(job)
        body = {
            "fly_token": fly_token.reveal() if fly_token else "",
            "secrets": {name: value.reveal() for name, value in secrets.items()},
        }
        child = self._spawn(folder, await self._prefix())
        assert child.stdin is not None
        try:
            with child.stdin:
                child.stdin.write(frame(body))
        except BrokenPipeError:
            pass  # it ended at once; its events or its own words say why
        await self._accepted(folder, child)
        return WatchedRun(folder)

    async def _turn(self, folder: JobFolder) -> None:
        """Wait for a run that has just written down its end to be gone; one that goes on is Busy."""
        app = folder.path.parent.name
        end = time.monotonic() + LEAVING_SECONDS
        while True:
            with is_free(folder.lock_path) as free:
                if free:
                    return
            newest = self.latest(app)
            if newest is None or newest.state() is JobState.GOING_ON or time.monotonic() > end:
                raise Busy(_("A run for {app} is going on already.").format(app=app))
            await asyncio.sleep(POLL)

    def latest(self, app: str = "") -> WatchedRun | None:
        found = map(_begun, reversed(job_folders(self._base, app)))
        return next((run for run in found if run is not None), None)

    def unfinished(self) -> tuple[WatchedRun, ...]:
        newest: dict[str, WatchedRun] = {}
        for folder in reversed(job_folders(self._base)):
            app = folder.path.parent.name
            if app not in newest and (run := _begun(folder)) is not None:
                newest[app] = run
        return tuple(run for run in newest.values() if run.is_unfinished())

    def _spawn(self, folder: JobFolder, prefix: Sequence[str]) -> subprocess.Popen[bytes]:
        """A session of its own and files for its words: nothing of it hangs on our terminal."""
        env = {**self._env, **(self._bus if prefix else {})}
        words = folder.path / "runner.out"
        with words.open("ab") as out:
            child = subprocess.Popen(
                [*prefix, sys.executable, "-m", "claw_tui.runner", str(folder.path)],
                stdin=subprocess.PIPE, stdout=out, stderr=out, env=env, start_new_session=True, cwd="/",
            )  # fmt: skip
        threading.Thread(target=child.wait, daemon=True, name="reap the runner").start()
        return child

    async def _accepted(self, folder: JobFolder, child: subprocess.Popen[bytes]) -> None:
        """Wait until the runner says that it holds the secrets."""
        events = Tail(folder.events_path)
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if events.new_lines():
                return
            if child.poll() is not None and not events.new_lines():
                break
            await asyncio.sleep(POLL)
        said = (folder.path / "runner.out").read_text("utf-8", "replace").strip().splitlines()
        with is_free(folder.lock_path) as free:
            if not free:
                shutil.rmtree(folder.path, ignore_errors=True)  # it was never a run: nobody shall watch it
                raise Busy(_("A run for {app} is going on already.").format(app=folder.path.parent.name))
        raise ClawError(
            _("The run could not be started."), hint=_("Try again."), detail=said[-1] if said else ""
        )

    def _tidy(self, app: str) -> None:
        for old in job_folders(self._base, app)[: -KEPT + 1]:
            shutil.rmtree(old.path, ignore_errors=True)


def _begun(folder: JobFolder) -> WatchedRun | None:
    """A run that never took its job did nothing, and hides none that did."""
    with suppress(ValueError, StateError):  # a folder that a crash left half-made
        return WatchedRun(folder) if folder.has_begun() else None
    return None
