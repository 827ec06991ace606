"""The doctor: all checks with how they stand, what the one under the cursor rests on, and what helps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.console import Group
from rich.table import Table
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from claw_tui.domain.doctor.differing import change_lines
from claw_tui.domain.doctor.model import Diagnosis, Finding, Fix, Standing, Verdict
from claw_tui.domain.errors import ClawError
from claw_tui.domain.plan import Action, Plan
from claw_tui.engine.doctor import diagnose
from claw_tui.engine.fix_desk import FixDesk
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Page
from claw_tui.screens.dialogs import ReadDialog
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import Item, PickList

SIGNS = {
    Standing.WELL: "done", Standing.WRONG: "failed", Standing.NOTE: "warning", Standing.UNKNOWN: "warning",
    Standing.SKIPPED: "todo",
}  # fmt: skip
WORDS = {
    Standing.WELL: n_("well"), Standing.WRONG: n_("wrong"), Standing.NOTE: n_("note"), Standing.UNKNOWN: n_("not known"),
    Standing.SKIPPED: n_("not asked"),
}  # fmt: skip


MARGIN = 4  # columns before a command, and before what was seen
WIDE = 64  # characters of a row, so that its state fits beside: all of its words stand above or below
LONGEST = 300  # characters of what was seen


class DoctorScreen(Page):
    """From the terminal outwards; the cursor is on the cause that explains the others."""

    HELP = n_(
        "Each line is something that was looked at, from this computer outwards: flyctl, the account, the app, its fly.toml,"
        " openclaw.json, the machine, its addresses, the gateway, Fly's proxy, plugins, channels and models. Below stands"
        " why the line under the cursor is so, what helps, and what was seen.\n\n"
        "Enter shows the commands that would mend that line, and does them if you say so. F does so for all that can be"
        " mended without you. Both go on by themselves and are looked at again at the end."
    )
    DEFAULT_CSS = """
    DoctorScreen #doctor-words { padding: 0 1; }
    DoctorScreen #checks { height: 1fr; min-height: 4; }
    DoctorScreen #about { height: auto; max-height: 70%; padding: 0 1; border-top: solid $panel; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "mend_all", n_("Mend all")),
        Binding("r", "look", n_("Look again")),
        Binding("l", "log", n_("In the log")),
        Binding("f5", "look", show=False),
        Binding("pagedown", "scroll(1)", show=False, priority=True),
        Binding("pageup", "scroll(-1)", show=False, priority=True),
        Binding("escape", "home", n_("Home")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._found: Diagnosis | None = None
        self._in_log = False

    def compose_body(self) -> ComposeResult:
        yield Static("", id="doctor-words", markup=False)
        yield PickList(id="checks", text_width=WIDE)
        with VerticalScroll(id="about", can_focus=False):
            yield Static("", id="about-words", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#checks").focus()

    def arrived(self) -> None:
        if self._in_log:  # back from it: what was found is still what was found
            self._in_log = False
            return
        self.action_look()

    def action_look(self) -> None:
        self.tell("")
        self.look()

    @work(exclusive=True, group="look")
    async def look(self) -> None:
        self._found = None
        self.query_one("#checks", PickList).set_items([])
        self._about(())
        self._say(_("Looking from all sides. That takes up to a minute …"))
        found = await diagnose(self.session, self.session.home_app)
        self._found = found
        items = [_item(number, finding) for number, finding in enumerate(found.findings)]
        first = next((n for n, f in enumerate(found.findings) if _is_told_first(f, found)), 0)
        self.query_one("#checks", PickList).set_items(items, str(first))
        self._say(_verdict(found))
        self._show(self._current)
        self.refresh_bindings()

    def _say(self, words: str) -> None:
        self.query_one("#doctor-words", Static).update(words)

    def _about(self, lines: Sequence[str]) -> None:
        self.query_one("#about-words", Static).update(_hanging(lines))
        self.query_one("#about").scroll_home(animate=False)

    @property
    def _current(self) -> Finding | None:
        number = self.query_one("#checks", PickList).current
        return self._found.findings[int(number)] if self._found is not None and number else None

    def _show(self, finding: Finding | None) -> None:
        first = (
            self._found is not None
            and finding is not None
            and bool(finding.cause)
            and finding.cause == self._found.first
        )
        self._about(about_lines(finding, first=first) if finding is not None else ())

    @on(PickList.Moved, "#checks")
    def _moved(self) -> None:
        self._show(self._current)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "log":
            finding = self._current if self.is_mounted else None
            return finding is not None and bool(finding.log_line)
        return super().check_action(action, parameters)

    def action_log(self) -> None:
        """To the line of the log that the check under the cursor rests on."""
        from claw_tui.screens.logs import open_logs  # noqa: PLC0415

        finding = self._current
        if finding is not None and finding.log_line:
            self._in_log = True
            open_logs(self.claw, self.session.home_app, finding.log_line, back="doctor")

    def action_scroll(self, pages: int) -> None:
        about = self.query_one("#about", VerticalScroll)
        about.scroll_relative(y=pages * max(1, about.size.height - 1), animate=False)

    # -- mending --------------------------------------------------------------------------------------------------
    @on(PickList.Chosen, "#checks")
    def _chosen(self) -> None:
        finding = self._current
        if finding is None:
            return
        if finding.fixable and finding.fix is not None:
            self.mend((finding.fix,))
        elif finding.fix is not None:
            self.tell(_("This one needs you: {what}").format(what=finding.fix.words))
        elif finding.standing is Standing.WRONG:
            self.tell(_("Nobody knows a fix for it."))
        else:
            self.tell(_("There is nothing to mend."))

    def action_mend_all(self) -> None:
        found = self._found
        if found is None:
            return
        if not found.fixes:
            words = (
                _("There is nothing to mend.")
                if not found.causes
                else _("What is wrong needs you: Enter says what.")
            )
            self.tell(words)
            return
        self.mend(found.fixes)

    @work(exclusive=True, group="mend")
    async def mend(self, fixes: tuple[Fix, ...]) -> None:
        """Show the commands, ask, start the run."""
        desk = FixDesk(self.session, self.session.home_app, fixes)
        self.tell(_("Planning …"))
        try:
            plan = await desk.plan()
            self.tell("")
            if await self.app.push_screen_wait(_dialog(fixes, plan)) != "yes":
                return
            await self.start_and_watch(desk.start())
        except ClawError as error:
            self.tell_error(error)

    def action_home(self) -> None:
        self.claw.go("home")


def _is_told_first(finding: Finding, found: Diagnosis) -> bool:
    """The root; where nothing is wrong, what could not be asked, or what one should know."""
    told = Standing.UNKNOWN if found.verdict is Verdict.UNKNOWN else Standing.NOTE
    return finding.cause == found.first if found.first else finding.standing is told


def _item(number: int, finding: Finding) -> Item:
    words = finding.words if len(finding.words) <= WIDE else f"{finding.words[: WIDE - 1]}…"
    return Item(str(number), words, _(WORDS[finding.standing]), mark=sign(SIGNS[finding.standing]))


def about_lines(finding: Finding, *, first: bool = False) -> list[str]:
    """Why, what helps, and then what it rests on. ``first``: its words stand above the list already."""
    lines = [] if first else [finding.words]
    lines += [finding.why] if finding.why else []
    fix = finding.fix
    if fix is not None:
        who = _("What helps (Enter): {what}") if finding.fixable else _("What you can do: {what}")
        lines += [who.format(what=fix.words), *fix_lines(fix)]
        lines += [_("What was seen:")] if finding.evidence else []
    return [*lines, *(f"  | {_cut(line)}" for line in finding.evidence)]


def _hanging(lines: Sequence[str]) -> Group:
    """What follows a sign goes on under its first word."""
    rows: list[Text | Table] = []
    for line in lines:
        head = line[: MARGIN if line[2:MARGIN] in ("$ ", "| ") else len(line) - len(line.lstrip())]
        row = Table.grid()
        row.add_row(Text(head), Text(line[len(head) :]))
        rows.append(row if head else Text(line))
    return Group(*rows)


def _cut(line: str) -> str:
    """All of it stands in the log."""
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def fix_lines(fix: Fix) -> list[str]:
    """By which commands, and what becomes different."""
    commands = (f"  $ {command}" for command in fix.commands)
    return [*commands, *(f"  {line}" for line in change_lines(fix.changes))]


def _verdict(found: Diagnosis) -> str:
    if found.verdict is Verdict.HEALTHY:
        return _("{app} is well: nothing wrong was found.").format(app=found.app)
    if found.verdict is Verdict.UNKNOWN:
        return _("Nothing wrong was found, but not everything could be asked.")
    more = len(found.causes) - 1
    if not more:
        return found.wrong[0].words
    words = _("{words} Besides: {count} more.")
    if more == len(found.explained):
        words = _("{words} It explains {count} more.")
    return words.format(words=found.wrong[0].words, count=more)


def _dialog(fixes: tuple[Fix, ...], plan: Plan) -> ReadDialog:
    lines = []
    for fix in fixes:
        lines += [fix.words, *(f"  {line}" for line in change_lines(fix.changes))]
    lines += ["", _("What is done, in this order:")]
    for number, item in enumerate(plan.items, 1):
        keeps = item.action is Action.KEEP
        detail = f": {item.detail}" if item.detail else ""
        lines.append(f"{number}. {item.title}{detail}" + (f" ({_('nothing to do')})" if keeps else ""))
        lines += [f"  $ {command}" for command in item.commands]
    lines += ["", _("If it is cut off anywhere, it can go on from there: nothing is done twice.")]
    answers = (Item("no", _("Leave it as it is")), Item("yes", _("Do this")))
    return ReadDialog(_("What helps"), "\n".join(lines), answers)
