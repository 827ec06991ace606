"""Deploy: the run, watched. It is a process of its own; this screen only reads what it writes."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from claw_tui.domain.errors import ClawError
from claw_tui.domain.jobs import JobEvent, JobState, Task
from claw_tui.engine.course import Course
from claw_tui.engine.outlook import Outlook
from claw_tui.engine.removal_desk import takes_app
from claw_tui.engine.run_words import going_on_words
from claw_tui.engine.staying import stay_words
from claw_tui.i18n import _, n_
from claw_tui.ports import RunHandle
from claw_tui.screens.base import WizardScreen
from claw_tui.screens.cancelling import can_undo, cancel, undo
from claw_tui.screens.deploy_words import done_words, rows_of
from claw_tui.screens.remove import offer_to_forget
from claw_tui.screens.trouble_desk import TroubleDesk
from claw_tui.widgets.marks import sign
from claw_tui.widgets.rail import Rail
from claw_tui.widgets.step_list import StepList
from claw_tui.widgets.transcript import Transcript

POLL_SECONDS = 0.25
LOOKS = 4  # polls from one look for another terminal's run to the next
BREATH_SECONDS = 0.005  # between two pieces of a long log
FEWEST_ROWS = 4  # of steps
LEFT_FOR_LOG = 8  # rows that the steps leave to the words and the log


class DeployScreen(WizardScreen):
    """Steps with their times above, the log below."""

    STEP = "deploy"
    HELP = n_(
        "It goes on by itself: you may leave with Ctrl+Q, close the window, or lose the line. A first start takes some"
        " minutes. “Usual” is what it took in earlier runs on this computer.\n\n"
        "Arrows, Page Up and Home read back in the log, left and right move along long lines; End follows it again.\n\n"
        "If a step fails, a window says why and what helps; W opens it again. What is done stays done. X cancels, and asks"
        " whether what was made is kept or undone; it shows first what it would take away."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "trouble", n_("Why, what helps")),
        Binding("r", "retry", n_("Retry")),
        Binding("b", "cure", n_("Back to the answer")),
        Binding("x", "cancel", n_("Cancel")),
        Binding("x", "undo", n_("Undo")),
        Binding("ctrl+n", "next", n_("Next")),
        Binding("escape", "back", n_("Back")),
    ]

    def compose_body(self) -> ComposeResult:
        yield StepList(id="steps")
        yield Static("", id="run-words", classes="words", markup=False)
        yield Transcript(id="log")

    def __init__(self) -> None:
        super().__init__()
        self._watched: RunHandle | None = None
        self._course = Course(())
        self._outlook: Outlook | None = None
        self._state = JobState.GOING_ON
        self._can_undo = False
        self._looks = 0
        self._stay = ""
        self._desk = TroubleDesk(self)

    @property
    def failure(self) -> JobEvent | None:
        return self._course.failure

    def on_mount(self) -> None:
        super().on_mount()
        self._ask_whether_to_stay()
        self.query_one("#log").focus()
        self.set_interval(POLL_SECONDS, self._poll)

    @work(group="stay", exclusive=True)
    async def _ask_whether_to_stay(self) -> None:
        if await stay_words(self.session.services):
            self._stay = _("Stay logged in: this computer ends it when you log out.")

    def resumed(self) -> None:
        self._poll()

    # -- watching -------------------------------------------------------------------------------------------------
    def _poll(self) -> None:
        if self.app.screen_stack[0] is not self:
            return  # another step of the road is shown
        run = self._newest()
        if run is None:
            self.query_one("#run-words", Static).update(_("There is no run. Escape goes back to the plan."))
            return
        if new := run is not self._watched:
            self.query_one(Rail).display = run.job.task is Task.DEPLOY  # the others are no part of that road
            self._watched, self._course = run, Course(run.job.steps)
            self._desk.begin(run.job.task)
            self._outlook = Outlook(run.job, self.session.services.state.durations())
            self.query_one(Transcript).clear(run.log_path)
            self.tell("")
        state = run.state()  # before the events: what it wrote before it ended is then seen
        for event in run.new_events():
            self._course.take(event)
            self.session.reader.changed(run.job.app)
        self._add_log()
        if state is not self._state or new:
            self._state = state
            self._can_undo = can_undo(self.session, run, state)
            self.refresh_bindings()
        self._show(run)

    def _newest(self) -> RunHandle | None:
        """Once a run has ended, another terminal may begin the next one: that is shown then."""
        session = self.session
        self._looks += 1
        if session.run is not None and session.run is self._watched and self._state is not JobState.GOING_ON:
            newest = session.services.runs.latest(session.run.job.app) if self._looks % LOOKS == 0 else None
            if newest is not None and newest.job.started > session.run.job.started:
                session.run = newest
        return session.run

    def _add_log(self) -> None:
        """A long log comes in pieces, one right after the other; keys are answered between them."""
        lines = self._watched.new_log() if self._watched is not None else ()
        if lines:
            self.query_one(Transcript).add(lines)
            self.set_timer(BREATH_SECONDS, self._add_log)

    def _show(self, run: RunHandle) -> None:
        now = time.time() if self._state is JobState.GOING_ON else self._course.last
        assert self._outlook is not None
        room = max(FEWEST_ROWS, self.query_one("#body").size.height - LEFT_FOR_LOG)
        over = self._state is not JobState.GOING_ON
        self.query_one(StepList).show(rows_of(self._course, self._outlook, now, over=over), room)
        words = self.query_one("#run-words", Static)
        text = self._words(run, now)
        if str(words.content) != text:
            words.update(text)
        self._desk.show_end(self._state, self._course)

    def _words(self, run: RunHandle, now: float) -> str:
        if self._state is JobState.GOING_ON:
            assert self._outlook is not None
            return going_on_words(run, self._course, self._outlook, now, self._stay)
        words = {
            JobState.DONE: f"{sign('done')} {done_words(run.job)}",
            JobState.FAILED: _("It stopped at a step that failed."),
            JobState.STOPPED: _("It was cancelled. What is there stays there; R goes on."),
            JobState.INTERRUPTED: _(
                "It was cut off (the computer went down, or it was killed). R goes on from there."
            ),
        }[self._state]
        return f"{words} {_('X undoes what was made.')}" if self._can_undo else words

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "cancel":
                return self.session.run is not None and self._state is JobState.GOING_ON
            case "undo":
                return self._can_undo
            case "retry":
                return self._state in (JobState.FAILED, JobState.STOPPED, JobState.INTERRUPTED)
            case "trouble":
                return self._state is JobState.FAILED and self._course.failure is not None
            case "cure":
                return self._state is JobState.FAILED and self._desk.place(self._course) is not None
            case "next":
                return self._state is JobState.DONE
        return super().check_action(action, parameters)

    @property
    def _about_secrets(self) -> bool:
        return self.session.run is not None and self.session.run.job.task is Task.SECRETS

    @property
    def _of_home(self) -> bool:
        """It is about a gateway that exists: it comes from Home, and goes there."""
        return self.session.run is not None and self.session.run.job.task is not Task.DEPLOY

    def go_to_secrets(self) -> None:
        """Where they were given: on Home's way or on the road."""
        assert self.session.run is not None
        self.session.home_app = self.session.run.job.app if self._about_secrets else ""
        self.claw.go("rotation" if self._about_secrets else "secrets")

    # -- doing ----------------------------------------------------------------------------------------------------
    @work(exclusive=True, group="cancel")
    async def action_cancel(self) -> None:
        await cancel(self)
        self._poll()

    @work(exclusive=True, group="cancel")
    async def action_undo(self) -> None:
        assert self.session.run is not None
        await undo(self, self.session.run.job.spec)
        self._poll()

    def action_retry(self) -> None:
        self.start_again(self.session.plan_again)

    @work(exclusive=True, group="start-run")
    async def start_again(self, plan: Callable[[], Awaitable[object]]) -> None:
        """A new run, for the same wish or a changed one; it leaves alone what is done."""
        session = self.session
        self.tell(_("Looking at what exists on Fly.io …"))
        try:
            if session.login is None:
                await session.find_login()
            await plan()
            lost = await session.missing_secrets()
            if lost:
                self.tell("")
                self.go_to_secrets()
                words = _(
                    "Not at hand: {names}. Give them (or F6 opens their place), then go on with Ctrl+N."
                )
                self.claw.call_later(self.claw.tell_next, words.format(names=", ".join(lost)))
                return
            await session.start_run()
        except ClawError as error:
            self.tell_error(error)
            return
        self._poll()

    def action_trouble(self) -> None:
        self._desk.open(self._course)

    def action_cure(self) -> None:
        place = self._desk.place(self._course)
        if place is not None:
            self._desk.go(*place)

    async def action_next(self) -> None:
        if self._of_home:
            self._go_home()
            return
        self.session.home_app = self.session.spec.app
        self.claw.go("finish")

    @work(exclusive=True, group="leave")
    async def _go_home(self) -> None:
        assert self.session.run is not None
        job = self.session.run.job
        undone = job.task is Task.UNDO or (takes_app(job) and self._state is JobState.DONE)
        if undone and job.task is Task.REMOVE:
            await offer_to_forget(self, job.app)
        self.session.home_app = "" if undone else job.app
        self.claw.go("start" if undone else "home")

    async def action_back(self) -> None:
        if self._about_secrets:
            self.go_to_secrets()
        elif self._of_home:
            self._go_home()
        else:
            self.claw.go("review")

    async def keep(self) -> None:
        """Nothing is typed here."""
