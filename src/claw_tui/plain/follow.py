"""Following a run to its end: everything that it says, as lines or as objects."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

from claw_tui.domain.jobs import JobEvent, JobState, StepState, Task
from claw_tui.domain.phases.parts import title_of
from claw_tui.engine.course import Course
from claw_tui.i18n import _, n_
from claw_tui.plain.exits import exit_of_run
from claw_tui.plain.hints import hint_for
from claw_tui.plain.out import Out, clock, span

if TYPE_CHECKING:
    from claw_tui.plain.signals import Signals
    from claw_tui.ports import RunHandle

POLL_SECONDS = 0.1
TASKS = {
    Task.DEPLOY: n_("set up or changed"), Task.SECRETS: n_("its secrets"), Task.CONFIG: n_("its openclaw.json"),
    Task.RESCUE: n_("rescue"), Task.TIDY: n_("what is there twice is taken away"),
    Task.UNDO: n_("what was made is taken away"), Task.UPDATE: n_("another version"),
}  # fmt: skip

# Of a part; one that goes on says how far it is.
PARTS = {
    "done": n_("done"),
    "failed": n_("failed"),
    "stopped": n_("stopped"),
    "missing": n_("it does not work yet"),
}

KINDS = {
    "app": n_("app"), "machine": n_("machine"), "volume": n_("volume"), "ip": n_("address"), "secret": n_("secret"),
}  # fmt: skip


class Follower:
    """One run. ``may_cancel``: the first Ctrl-C asks it to stop; else it only ends the watching."""

    def __init__(self, out: Out, run: RunHandle, signals: Signals, *, log: bool, may_cancel: bool) -> None:
        self._out, self._run, self._signals, self._log = out, run, signals, log
        self._may_cancel, self._left = may_cancel, 0
        self._course = Course(run.job.steps)
        self._titles = {step.id: step.title for step in run.job.steps}

    async def to_the_end(self) -> int:
        """Returns what the program ends with."""
        self._begin()
        with self._signals.telling(self._asked):
            while not self._left:
                state = self._run.state()  # before the events: what it wrote before it ended is then seen
                more = self._look()
                if state is not JobState.GOING_ON and not more:
                    return self._end(state)
                await asyncio.sleep(0 if more else POLL_SECONDS)
        app = self._run.job.app
        self._out.put("left", app=app)
        self._out.aside(_("The run goes on by itself. To watch it: claw-tui watch {app}").format(app=app))
        return 128 + self._left

    def _asked(self, number: int) -> None:
        if number == signal.SIGINT and self._may_cancel:
            self._may_cancel = False
            self._run.cancel()
            self._out.put("cancelling")
            self._out.aside(
                _(
                    "The run was asked to stop; it ends what it is doing first. Ctrl-C again leaves it to itself."
                )
            )
            return
        self._left = number

    def _begin(self) -> None:
        job = self._run.job
        words = _("{time} Run {id} for {app} ({task})").format(
            time=clock(job.started), id=job.id, app=job.app, task=_(TASKS.get(job.task, job.task.value))
        )
        steps = [{"id": step.id, "title": step.title} for step in job.steps]
        self._out.put("run", words, job.started, id=job.id, app=job.app, task=job.task.value, steps=steps)

    def _look(self) -> bool:
        events, lines = self._run.new_events(), self._run.new_log()
        for event in events:
            self._course.take(event)
            self._tell(event)
        for line in lines if self._log else ():
            self._out.put("log", f"    {line}", line=line)
        return bool(events or lines)

    def _tell(self, event: JobEvent) -> None:
        if event.kind in ("accepted", "ended"):
            return
        about = {
            "step": event.step, "title": self._titles.get(event.step, ""), "state": event.state, "message": event.message,
            "hint": hint_for(event.code, event.hint), "code": event.code, "part": event.part, "words": event.words, "lines": event.lines,
        }  # fmt: skip
        words = f"{clock(event.at)} {self._words(event)}"
        self._out.put(event.kind, words, event.at, **{name: value for name, value in about.items() if value})

    def _words(self, event: JobEvent) -> str:
        title = self._titles.get(event.step, event.step)
        if event.kind == "made":
            return _("Made: {what} {id}").format(what=_(KINDS.get(event.part, event.part)), id=event.words)
        if event.kind != "step":
            state_words = _(PARTS.get(event.state, ""))
            return ": ".join(filter(None, (title, title_of(event.part), event.words, state_words)))
        state = StepState(event.state)
        took = span(self._course.took.get(event.step, 0.0))
        said = {
            StepState.RUNNING: _("{title} …"),
            StepState.DONE: _("{title}: done, {took}"),
            StepState.UNCHANGED: _("{title}: nothing to do"),
            StepState.STOPPED: _("{title}: stopped"),
            StepState.FAILED: _("{title}: failed. {message}") if title else "{message}",
        }.get(state, "{title}")
        lines = [
            said.format(title=title, took=took, message=event.message),
            *event.lines,
            hint_for(event.code, event.hint),
        ]
        return "\n    ".join(filter(None, lines))

    def _end(self, state: JobState) -> int:
        failure = self._course.failure
        number = exit_of_run(state, failure.code if failure is not None else "")
        app, url = self._run.job.app, f"https://{self._run.job.spec.hostname}"
        done = _("Done: {app}") if self._run.job.spec.private else _("Done: {app}, {url}")
        words = {
            JobState.DONE: done.format(app=app, url=url),
            JobState.FAILED: _("It stopped at a step that failed; what is done stays done."),
            JobState.STOPPED: _("It was cancelled. What was created stays there."),
            JobState.INTERRUPTED: _("It was cut off: the computer went down, or it was killed."),
        }[state]
        again = (
            ""
            if state is JobState.DONE
            else " " + _("Another run goes on from there; claw-tui can take it away, too.")
        )
        self._out.put("end", words + again, self._course.last, state=state.value, exit=number)
        return number
