"""The process that carries a plan out. It has no terminal and needs nobody to watch it.

``python -m claw_tui.runner FOLDER``; the secrets come in one frame on stdin, which is then closed.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from claw_tui.adapters.files import open_lock, try_lock
from claw_tui.adapters.sealed import seal_process
from claw_tui.domain.errors import ClawError, StateError
from claw_tui.domain.jobs import Job, JobEvent, JobState, StepState
from claw_tui.domain.made import Thing
from claw_tui.domain.redact import Redactor
from claw_tui.domain.secret import Secret
from claw_tui.domain.world import World
from claw_tui.engine.answers_kept import keep_answers_of
from claw_tui.engine.context import Context
from claw_tui.engine.course import Course
from claw_tui.engine.outlook import times_of
from claw_tui.engine.part_events import PartEvents
from claw_tui.engine.plan import view_of
from claw_tui.engine.run import Run
from claw_tui.i18n import _, use_language
from claw_tui.runner.folder import JobFolder
from claw_tui.runner.log import RunLog
from claw_tui.runner.words import RedactedWords
from claw_tui.wiring import services_for

BUSY, NOTHING_DONE = 3, 4  # exit codes
LOCK_SECONDS = 1.0


def read_frame() -> dict[str, Any] | None:
    """The secrets, or None when stdin ended early."""
    size = sys.stdin.buffer.read(4)
    if len(size) < 4:
        return None
    body = sys.stdin.buffer.read(int.from_bytes(size, "big"))
    os.close(0)
    os.open(os.devnull, os.O_RDONLY)
    if len(body) < int.from_bytes(size, "big"):
        return None
    found = json.loads(body)
    assert isinstance(found, dict)
    return found


class Runner:
    """One run: its folder, its job, its secrets."""

    def __init__(self, folder: JobFolder, job: Job, given: dict[str, Any]) -> None:
        self._folder, self._job = folder, job
        self._secrets = {name: Secret(value) for name, value in given["secrets"].items()}
        token = Secret(given["fly_token"]) if given["fly_token"] else None
        self._services = services_for(os.environ, demo=job.demo)
        self._services.fly.use_token(token)
        self._redact = Redactor([*self._secrets.values(), *([token] if token else [])])
        sys.stderr = RedactedWords(sys.stderr, self._redact)  # tracebacks, and what asyncio complains of
        self._log = RunLog(folder.log_path)
        self._course = Course(job.steps)
        self._parts = PartEvents(self._part, time.time)

    def event(self, kind: str, step: str = "", state: str = "", error: ClawError | None = None) -> None:
        words = (self._redact(error.message), error.hint, error.code) if error else ("", "", "")
        lines = tuple(map(self._redact, error.evidence)) if error else ()
        self._log.flush()  # whoever sees the event finds what was said before it
        told = JobEvent(kind, time.time(), step, state, *words, lines=lines)
        self._course.take(told)
        self._folder.add_event(told)

    def _part(self, told: JobEvent) -> None:
        self._course.take(told)
        with suppress(
            StateError
        ):  # a full disk: a part that is not told is no reason to stop a deploy half-way
            self._folder.add_event(told)

    def note(self, event: JobEvent) -> None:
        """An event of a step's own."""
        self._folder.add_event(replace(event, words=self._redact(event.words)))

    def say(self, line: str) -> None:
        line = self._redact(line)
        self._log.add(line)
        self._parts.heard(line)

    def close(self) -> None:
        self._log.close()

    def on_step(self, step: str, state: StepState, error: ClawError | None) -> None:
        if error is not None:
            self.say(f"✗ {error.message}")
            for line in error.detail.splitlines():
                if line != error.message:  # what nobody has a sentence for is its own
                    self.say(f"  {line}")
        if state is not StepState.RUNNING:
            self._parts.on_step(step, state)
        self.event("step", step, state.value, error)
        if state is StepState.RUNNING:
            self._parts.on_step(step, state)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            self._parts.tick()

    def on_made(self, thing: Thing) -> None:
        self._folder.add_event(JobEvent("made", time.time(), part=thing.kind.value, words=thing.id))

    async def carry_out(self) -> JobState:
        state = self._services.state
        ctx = Context(
            self._services, view_of(self._job.spec, World(), state, self._job.task, self._job.choice), self._secrets, self.say,
            revisions=self._job.sends, note=self.note, redact=self._redact,
        )  # fmt: skip
        run = Run(ctx, self._services.journal(self._job.app), self.on_step, self.on_made)
        try:
            ended = await run.carry_out(self._job.fingerprint)
        except ClawError as error:
            self._folder.use_room()  # it may be that nothing could be written down
            self.on_step("", StepState.FAILED, error)
            return JobState.FAILED
        except asyncio.CancelledError:
            return JobState.STOPPED
        finally:
            await self._services.fly.stop_agent()
        return {StepState.DONE: JobState.DONE, StepState.STOPPED: JobState.STOPPED}.get(
            ended, JobState.FAILED
        )

    async def main(self) -> JobState:
        task, beat = asyncio.ensure_future(self.carry_out()), asyncio.ensure_future(self._beat())
        loop = asyncio.get_running_loop()
        for signum in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(signum, task.cancel)
        try:
            ended = await task
        except asyncio.CancelledError:
            ended = JobState.STOPPED
        beat.cancel()
        self._folder.use_room()
        if ended is JobState.DONE:
            keep_answers_of(self._services.state, self._job)
            with suppress(StateError):
                self._services.state.add_durations(times_of(self._job, self._course, self._parts.parts))
        self.event("ended", state=ended.value)
        self._folder.write_status(ended)
        return ended


def hold(lock_path: Path) -> bool:
    """Hold the app's lock for the life of this process. A watcher may hold it for an instant while it looks."""
    lock = open_lock(lock_path)
    end = time.monotonic() + LOCK_SECONDS
    while not try_lock(lock):
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def main(argv: list[str]) -> int:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.umask(0o077)
    seal_process()
    use_language(os.environ.get("CLAW_TUI_LANGUAGE", ""))
    folder = JobFolder(Path(argv[0]))
    if not hold(folder.lock_path):
        return BUSY
    given = read_frame()
    if given is None:
        print(_("The secrets did not arrive whole; nothing was done."), file=sys.stderr)  # noqa: T201
        return NOTHING_DONE
    folder.write_pid(os.getpid())
    folder.keep_room()
    runner = Runner(folder, folder.read_job(), given)
    runner.event("accepted")
    ended = asyncio.run(runner.main())
    runner.close()
    return 0 if ended is JobState.DONE else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
