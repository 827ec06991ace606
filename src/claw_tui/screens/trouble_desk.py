"""What the Deploy screen does about the end of a run: it says it, explains it, and goes on with what was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claw_tui.domain.errors import ClawError
from claw_tui.domain.jobs import JobState, Task
from claw_tui.domain.troubles.causes import kind_of
from claw_tui.domain.troubles.fixes import place_of
from claw_tui.domain.troubles.model import FixKind
from claw_tui.engine.troubleshooting import Troubleshooter, failure_of
from claw_tui.i18n import _

if TYPE_CHECKING:
    from claw_tui.engine.course import Course
    from claw_tui.screens.deploy import DeployScreen
    from claw_tui.screens.trouble import Decision, TroubleDialog


class TroubleDesk:
    """Belongs to one Deploy screen. It is asked at each look at the run, and shows a failure by itself once."""

    def __init__(self, page: DeployScreen) -> None:
        self._page = page
        self._shown = False
        self._goes_on = False  # with the deploy, once the rescue is done
        self._dialog: TroubleDialog | None = None
        self._about: Course | None = None  # the run that the dialog is about

    def begin(self, task: Task) -> None:
        """Another run is watched."""
        self._shown = False
        self._goes_on = self._goes_on and task is Task.RESCUE

    def show_end(self, state: JobState, course: Course) -> None:
        if self._dialog is not None and self._about is not course and self._dialog.is_current:
            self._dialog.dismiss(None)  # another terminal went on: what failed is over
        if state is JobState.FAILED and course.failure is not None:
            self._failed(course)
        elif state is JobState.DONE and self._goes_on:
            self._goes_on = False
            self._page.start_again(self._page.session.make_plan)
        elif state is JobState.DONE and course.missing:
            self._missing(course)

    def _failed(self, course: Course) -> None:
        page, failure = self._page, course.failure
        assert failure is not None
        if failure.message not in page.told:
            keys = _("W shows why and what helps. R tries again.")
            page.tell(failure.message, f"{failure.hint} {keys}".strip(), problem=True)
        if not self._shown and page.is_current:
            self.open(course)

    def _missing(self, course: Course) -> None:
        first = next(iter(course.missing.values()))
        more = len(course.missing) - 1
        words = first.words
        if first.state:
            words = _("It runs, with something missing: {words}").format(words=words)
        words += _(" (and {count} more)").format(count=more) if more else ""
        if words not in self._page.told:
            self._page.tell(words, first.hint, problem=True)

    # -- the explanation ------------------------------------------------------------------------------------------
    def open(self, course: Course) -> None:
        self._shown = True
        self._page.run_worker(self._explain(course), group="trouble", exclusive=True)

    async def _explain(self, course: Course) -> None:
        from claw_tui.screens.trouble import TroubleDialog  # noqa: PLC0415

        page = self._page
        if course.failure is None:
            return
        helper = Troubleshooter(page.session)
        trouble = await helper.look(course.failure)
        if not page.is_current:
            return  # somebody went on meanwhile
        self._dialog, self._about = TroubleDialog(trouble, helper), course
        decision = await page.app.push_screen_wait(self._dialog)
        self._dialog = None
        if decision is not None:
            await self._carry_out(decision, helper)

    async def _carry_out(self, decision: Decision, helper: Troubleshooter) -> None:
        page, fix = self._page, decision.fix
        if fix.kind is FixKind.GO:
            self.go(fix.step, fix.field)
            return
        try:
            await helper.change(decision.changes)
        except ClawError as error:
            page.tell_error(error)
            return
        self._goes_on = fix.kind is FixKind.RESCUE
        page.show_top()
        page.start_again(lambda: helper.plan(fix))

    # -- the way back ---------------------------------------------------------------------------------------------
    def place(self, course: Course) -> tuple[str, str] | None:
        """The step and the field that a failure is about."""
        run = self._page.session.run
        if course.failure is None or run is None:
            return None
        return place_of(kind_of(failure_of(course.failure)), run.job.task)

    def go(self, step: str, field: str) -> None:
        """To the answer, and say there what brought the person."""
        page = self._page
        words = page.failure.message if page.failure is not None else ""
        if page.failure is not None and page.failure.code == "name-taken":
            page.session.taken.add(page.session.spec.app)
        page.tell("")
        if step in ("rotation", "secrets"):
            page.go_to_secrets()
        else:
            page.claw.go(step)
        if words:
            page.claw.call_later(page.claw.tell_next, words, field)
