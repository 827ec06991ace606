"""Start: is everything here, and what is to be done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from claw_tui.domain.errors import ClawError, FlyError
from claw_tui.domain.readiness import Finding, Ready
from claw_tui.i18n import _, n_
from claw_tui.screens.base import WizardScreen
from claw_tui.widgets.findings import Findings
from claw_tui.widgets.pick_list import Item, PickList

if TYPE_CHECKING:
    from claw_tui.engine.session import Session
    from claw_tui.ports import RunHandle

    Check = Callable[[Session], Awaitable[Finding]]


class StartScreen(WizardScreen):
    """The first screen: it asks nothing that it can find out."""

    STEP = "start"
    INTRO = n_(
        "Your own OpenClaw Gateway on Fly.io: answer a few questions, look at the plan, press one key."
    )
    HELP = n_(
        "OpenClaw is an AI assistant server that talks through Discord, Telegram, Slack and a web page of its own."
        " This program puts one on Fly.io for you: it creates an app (a name and a bill), a volume (a disk), sends"
        " your keys, starts a machine, and checks that it answers.\n\n"
        "Nothing is created before the Review screen, which shows the plan, its exact commands and the monthly price.\n\n"
        "You can leave at any moment: answers are kept, and a run that is going on goes on without you."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "check", n_("Check again")),
        Binding("f6", "store", n_("Storage")),
        Binding("escape", "nothing", show=False),
        Binding("ctrl+n", "next", n_("Next")),
    ]

    def compose_body(self) -> ComposeResult:
        labels = {
            Ready.READY.value: (_("READY"), "done", "good"),
            Ready.WARNING.value: (_("NOTE"), "warning", "warning"),
            Ready.BLOCKED.value: (_("BLOCKED"), "failed", "bad"),
            Ready.WAITING.value: (_("LATER"), "todo", "todo"),
        }
        yield Findings(labels, id="readiness")
        yield Static(_("What would you like to do?"), classes="section", markup=False)
        yield PickList(id="choices")

    def __init__(self) -> None:
        super().__init__()
        self._gateways: tuple[str, ...] = ()
        self._blocked: set[str] = set()
        self._looked_for: object = None

    def _what_may_change(self) -> object:
        """What other screens do and this one tells of: a login, another gateway."""
        login, run = self.session.login, self.session.run
        removed = run.job.id if run is not None and run.job.task.value == "undo" else ""
        return (login.email if login else "", self.session.services.state.known_apps(), removed)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#choices").focus()
        self._show_waiting()
        self.call_after_refresh(self.check)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.claw.is_loaded:
            self.session.home_app = ""
            self.show_top()
            self._show_choices()
            if self._looked_for and self._looked_for != self._what_may_change():
                self.check()

    # -- what could be done ---------------------------------------------------------------------------------------
    def _show_choices(self) -> None:
        items = []
        run = self.session.find_run()
        if run is not None:
            items.append(Item("run", _run_words(run)))
            if self._half_made(run):
                words = _("Undo what was made for {app}, or keep it …").format(app=run.job.app)
                items.append(Item("undo", words))
        draft = self._draft_name()
        if draft is not None and (
            run is None or run.job.app != draft or run.job.task.value in ("undo", "tidy")
        ):
            name = draft or _("no name yet")
            items.append(Item("draft", _("Go on with the answers of last time ({name})").format(name=name)))
        items.append(Item("new", _("Set up a new gateway")))
        items += [Item(f"home {app}", _("Look after {app}").format(app=app)) for app in self._gateways]
        self.query_one("#choices", PickList).set_items(items)

    def _draft_name(self) -> str | None:
        try:
            draft = self.session.services.state.load_draft()
        except ClawError as error:
            self.tell_error(error)
            return None
        return draft.app if draft is not None else None

    @on(PickList.Chosen, "#choices")
    async def _chosen(self, event: PickList.Chosen) -> None:
        what, _sep, app = event.item.partition(" ")
        if what != "run" and self._blocked:
            self.tell(_("Something above is in the way."), _("Do what it says, then press F5."), problem=True)
            return
        if what == "home":
            self.session.home_app = app
            self.claw.go("home")
        elif what == "run":
            self._take_up_run()
        elif what == "undo":
            self._undo()
        else:
            if what == "draft":
                self.session.resume_draft()
            elif what == "new" and self.session.spec.app:
                self.session.start_over()
            self.claw.go("account")

    def _half_made(self, run: RunHandle) -> bool:
        from claw_tui.domain.jobs import JobState, Task  # noqa: PLC0415
        from claw_tui.engine.provenance import known_of  # noqa: PLC0415

        if run.job.task is not Task.DEPLOY or run.state() is JobState.GOING_ON:
            return False
        book = known_of(self.session.services.journal(run.job.app))
        return bool(book.made) or book.waits

    @work(exclusive=True, group="undo")
    async def _undo(self) -> None:
        from claw_tui.screens.cancelling import undo  # noqa: PLC0415

        run = self.session.find_run()
        if run is not None:
            await undo(self, run.job.spec)

    def _take_up_run(self) -> None:
        run = self.session.find_run()
        if run is None:
            self._show_choices()
            return
        from claw_tui.domain.jobs import Task  # noqa: PLC0415

        self.session.run = run
        if run.job.task is Task.DEPLOY:
            self.session.spec = run.job.spec
        self.claw.go("deploy")

    async def action_next(self) -> None:
        self.query_one("#choices", PickList).action_choose()

    def action_nothing(self) -> None:
        """There is no screen before this one."""

    # -- is everything here ---------------------------------------------------------------------------------------
    def action_check(self) -> None:
        self.tell("")
        self.check()

    @work(exclusive=True, group="store")
    async def action_store(self) -> None:
        """Open the place where secrets are kept, or choose another one."""
        if not self.claw.is_loaded:
            return
        from claw_tui.screens.storage import choose_store  # noqa: PLC0415

        if await choose_store(self):
            self.check()

    @work(exclusive=True, group="readiness")
    async def check(self) -> None:
        """One after another where one needs the other; each line appears as soon as it is known."""
        self._blocked = set()
        self._show_waiting()
        await self.claw.load()
        self._show_choices()
        from claw_tui.engine import readiness  # noqa: PLC0415

        _store, flyctl = await asyncio.gather(
            self._one(readiness.check_store), self._one(readiness.check_flyctl)
        )
        if flyctl.state is not Ready.BLOCKED:
            await self._one(readiness.check_login)
            await self._one(readiness.check_billing)
            await self._find()
        else:
            for name, words in (("login", "Fly.io"), ("billing", _("Payment"))):
                self.query_one(Findings).show(
                    name, Ready.WAITING.value, _("{what}: asked once flyctl works").format(what=words)
                )
        self._looked_for = self._what_may_change()

    def _show_waiting(self) -> None:
        findings = self.query_one(Findings)
        size = self.app.size
        terminal = _("Terminal {columns}x{rows}").format(columns=size.width, rows=size.height)
        findings.show("terminal", Ready.READY.value, terminal)
        for name, words in (
            ("flyctl", "flyctl"),
            ("login", "Fly.io"),
            ("billing", _("Payment")),
            ("store", _("Keyring")),
        ):
            findings.show(name, Ready.WAITING.value, _("{what}: asking …").format(what=words))

    async def _one(self, check: Check) -> Finding:
        found = await check(self.session)
        self.query_one(Findings).show(found.id, found.state.value, found.words, found.todo)
        if found.state is Ready.BLOCKED and found.id != "billing":
            self._blocked.add(found.id)
        return found

    async def _find(self) -> None:
        if self.session.login is None:
            return
        from claw_tui.engine.finding import find_gateways  # noqa: PLC0415

        services = self.session.services
        try:
            self._gateways = await find_gateways(
                self.session.reader, self.session.apps, services.state.known_apps()
            )
        except FlyError as error:
            self.tell_error(error)
        self._show_choices()


def _run_words(run: RunHandle) -> str:
    from claw_tui.domain.jobs import JobState, Task  # noqa: PLC0415

    going_on, app = run.state() is JobState.GOING_ON, run.job.app
    if run.job.task in (Task.UNDO, Task.TIDY):
        words = (
            _("Watch what was made for {app} go") if going_on else _("Go on removing what was made for {app}")
        )
    elif run.job.task is Task.SECRETS:
        words = _("Watch {app} being given its secrets") if going_on else _("Go on giving {app} its secrets")
    elif going_on:
        words = _("Watch {app} being set up")
    else:
        words = _("Go on with {app}: its setup was not finished")
    return words.format(app=app)
