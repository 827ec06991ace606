"""Following a run to its end: everything that it says, as lines or as objects."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from claw_tui.domain.errors import StateError
from claw_tui.domain.jobs import MISSING, Job, JobEvent, JobState, StepState, Task
from claw_tui.domain.phases.parts import title_of
from claw_tui.domain.troubles.fixes import trouble_of
from claw_tui.domain.troubles.model import Changes, Choice, Facts, Fix, Trouble
from claw_tui.engine.course import Course
from claw_tui.engine.run_state import state_of
from claw_tui.engine.troubleshooting import failure_of
from claw_tui.i18n import _, n_
from claw_tui.plain.exits import exit_of, exit_of_run
from claw_tui.plain.hints import hint_for
from claw_tui.plain.out import Out, clock, span

if TYPE_CHECKING:
    from claw_tui.plain.signals import Signals
    from claw_tui.ports import RunHandle

Helper = Callable[[JobEvent], Awaitable[Trouble]]

POLL_SECONDS = 0.1
TOLD = ("step", "part", MISSING, "made")  # kinds of a run's events that are passed on as they are
TASKS = {
    Task.DEPLOY: n_("set up or changed"), Task.SECRETS: n_("its secrets"), Task.CONFIG: n_("its openclaw.json"),
    Task.RESCUE: n_("rescue"), Task.TIDY: n_("what is there twice is taken away"),
    Task.UNDO: n_("what was made is taken away"), Task.REMOVE: n_("removed"), Task.POWER: n_("stopped or started"),
    Task.CHANGE: n_("its machine and volume"), Task.UPDATE: n_("another version"),
    Task.MIGRATE: n_("migrated to OpenClaw"), Task.HARDEN: n_("made private"), Task.EXPOSE: n_("made public"), Task.FIX: n_("what the doctor mends"),
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
    """One run. ``may_cancel``: the first Ctrl-C asks it to stop; else it only ends the watching.

    ``helper`` asks for what could be chosen instead; without one nothing is asked anywhere.
    """

    def __init__(
        self,
        out: Out,
        run: RunHandle,
        signals: Signals,
        *,
        log: bool,
        may_cancel: bool,
        helper: Helper | None = None,
    ) -> None:
        self._out, self._run, self._signals, self._log = out, run, signals, log
        self._may_cancel, self._left, self._helper = may_cancel, 0, helper
        self._cancelled = False
        self._course = Course(run.job.steps)
        self._titles = {step.id: step.title for step in run.job.steps}

    async def to_the_end(self) -> int:
        """Returns what the program ends with."""
        self._begin()
        with self._signals.telling(self._asked):
            while not self._left:
                state = state_of(self._run)  # before the events: what it wrote before it ended is then seen
                more = self._look()
                if state is not JobState.GOING_ON and not more:
                    return await self._end(state)
                await asyncio.sleep(0 if more else POLL_SECONDS)
        app = self._run.job.app
        self._out.put("left", app=app)
        words = _("The run goes on by itself. To watch it: claw-tui watch {app}")
        if self._cancelled:
            words = _("The run ends by itself, as it was asked to. To watch it: claw-tui watch {app}")
        self._out.aside(words.format(app=app))
        return 128 + self._left

    def _asked(self, number: int) -> None:
        if number == signal.SIGINT and self._may_cancel:
            self._may_cancel, self._cancelled = False, True
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
        try:
            events = self._run.new_events()
            for event in events:
                self._course.take(event)
                self._tell(event)
        except ValueError as error:  # damaged, or a newer claw-tui's
            raise StateError(
                _("What was written down of this run can't be read: {why}").format(why=error)
            ) from error
        lines = self._run.new_log()
        for line in lines if self._log else ():
            self._out.put("log", f"    {line}", line=line)
        return bool(events or lines)

    def _tell(self, event: JobEvent) -> None:
        if event.kind not in TOLD:
            return
        about = {
            "step": event.step, "title": self._titles.get(event.step, ""), "state": event.state, "message": event.message,
            "hint": hint_for(event.code, event.hint, self._run.job.app), "code": event.code, "part": event.part, "words": event.words, "lines": event.lines,
        }  # fmt: skip
        words = f"{clock(event.at)} {self._words(event)}"
        self._out.put(event.kind, words, event.at, **{name: value for name, value in about.items() if value})

    def _words(self, event: JobEvent) -> str:
        title = self._titles.get(event.step, event.step)
        if event.kind == MISSING:
            state_words = _(PARTS.get(event.state, ""))
            return "\n    ".join(
                filter(None, (": ".join(filter(None, (event.words, state_words))), event.hint))
            )
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
            hint_for(event.code, event.hint, self._run.job.app),
        ]
        return "\n    ".join(filter(None, lines))

    async def _end(self, state: JobState) -> int:
        failure = self._course.failure if state is JobState.FAILED else None
        number = exit_of_run(state, failure.code if failure is not None else "")
        if failure is not None:
            await self._help(failure)
        missing = list(self._course.missing) if state is JobState.DONE else []
        codes = [event.code for event in self._course.missing.values() if event.code]
        if missing and codes:  # it was done, and what was wanted is not so: scripts must not take it for that
            number = exit_of(codes[0])
        self._out.put(
            "end",
            self._end_words(state, missing),
            self._course.last,
            state=state.value,
            missing=missing,
            exit=number,
        )
        return number

    def _end_words(self, state: JobState, missing: list[str]) -> str:
        job = self._run.job
        done = _done_words(job, proved=not missing)
        if missing:
            done += ". " + _("What does not work yet is named above.")
        words = {
            JobState.DONE: done,
            JobState.FAILED: _("It stopped at a step that failed; what is done stays done."),
            JobState.STOPPED: _("It was cancelled. What was created stays there."),
            JobState.INTERRUPTED: _("It was cut off: the computer went down, or it was killed."),
        }[state]
        again = _("Another run goes on from there.")
        if job.task is Task.DEPLOY:
            again = _(
                "`claw-tui apply` goes on from there, also with changed answers; `claw-tui` can take it away, too."
            )
        return words if state is JobState.DONE else f"{words} {again}"

    async def _help(self, failure: JobEvent) -> None:
        """Why, and what could be chosen instead with its price, as far as it was not said."""
        job = self._run.job
        if self._helper is not None:
            trouble = await self._helper(failure)
        else:
            trouble = trouble_of(failure_of(failure), Facts(job.spec, job.task, now=time.time()))
        said = f"{failure.message}\n{failure.hint}"
        lines = [
            words for words in (trouble.title, trouble.cause, trouble.address) if words and words not in said
        ]
        choices = []
        for fix in trouble.fixes:
            lines += _answer_lines(fix)
            lines += [f"{fix.label}:"] if fix.choices else []
            lines += [f"    {_choice_line(one)}" for one in fix.choices]
            choices += [{"id": one.id, "words": one.detail or one.text, "for": fix.id} for one in fix.choices]
        about = {"kind": trouble.kind, "title": trouble.title, "cause": trouble.cause, "url": trouble.address}
        self._out.put("help", "\n".join(lines), self._course.last, **about, choices=choices)


def _answer_lines(fix: Fix) -> list[str]:
    """What a key of the screen would change: here it is done in the answers, and they are applied again."""
    if not fix.changes:
        return []
    label = f"{fix.label} ({fix.detail})" if fix.detail else fix.label
    return [f"{label}:", *(f"    {line}" for line in _assignments(fix.changes))]


def _assignments(changes: Changes) -> list[str]:
    return [f"{name} = {json.dumps(value)}" for name, value in changes]


def _choice_line(choice: Choice) -> str:
    """What to write into the answers, and what that is."""
    what = choice.text.removeprefix(choice.id).strip()
    return "  ".join(
        filter(None, (", ".join(_assignments(choice.changes)) or choice.id, what, choice.detail))
    )


def _done_words(job: Job, *, proved: bool) -> str:
    """``proved``: nothing was found missing, so that a private one is private."""
    private = job.spec.private and job.task in (Task.DEPLOY, Task.UPDATE, Task.HARDEN)
    if private and proved:
        return _("Done: {app} is private. `claw-tui reach {app}` gets you to it.").format(app=job.app)
    shown = job.task in (Task.DEPLOY, Task.EXPOSE) and not job.spec.private
    words = _("Done: {app}, {url}") if shown else _("Done: {app}")
    return words.format(app=job.app, url=f"https://{job.spec.hostname}")
