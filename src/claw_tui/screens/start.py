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
        " F7 on a gateway shows again what its last run did."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "check", n_("Check again")),
        Binding("f6", "store", n_("Storage")),
        Binding("f7", "last", n_("Last run")),
        Binding("delete", "forget", n_("Dismiss")),
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

    def resumed(self) -> None:
        if self.claw.is_loaded:
            self.session.home_app = ""
            self.show_top()
            self._show_choices()
            if self._looked_for and self._looked_for != self._what_may_change():
                self.check()

    # -- what could be done ---------------------------------------------------------------------------------------
    def _show_choices(self) -> None:
        from claw_tui.screens.start_drafts import draft_items  # noqa: PLC0415
        from claw_tui.screens.start_runs import all_gateways, run_items  # noqa: PLC0415

        runs = self.session.services.runs.unfinished()
        items = run_items(runs, self.session.services.journal)
        items += draft_items(self, runs)
        items.append(Item("new", _("Set up a new gateway")))
        items += [self._home_item(app) for app in self._gateways]
        items += all_gateways(len(self._gateways))
        choices = self.query_one("#choices", PickList)
        first = "" if choices.was_moved else items[0].id  # a run that has just been found is offered first
        choices.set_items(items, first)
        self.refresh_bindings()

    def _home_item(self, app: str) -> Item:
        from claw_tui.screens.start_runs import ended_words, home_detail  # noqa: PLC0415

        detail = home_detail(self.session.reader.known(app)) or ended_words(self.last_run(app))
        return Item(f"home {app}", _("Look after {app}").format(app=app), detail)

    @on(PickList.Chosen, "#choices")
    async def _chosen(self, event: PickList.Chosen) -> None:
        from claw_tui.screens.start_runs import take_up  # noqa: PLC0415

        what, _sep, app = event.item.partition(" ")
        if what != "run" and self._blocked:
            self.tell(_("Something above is in the way."), _("Do what it says, then press F5."), problem=True)
            return
        if what == "home":
            self.session.home_app = app
            self.claw.go("home")
        elif what == "gateways":
            self.claw.go("gateways")
        elif what == "run":
            self._show_choices()
            take_up(self, app)
        elif what == "undo":
            self._undo(app)
        else:
            try:
                if what == "new" or not self.session.resume_draft(app):
                    self.session.start_over()
            except ClawError as error:
                self.tell_error(error)
                return
            self.claw.go("account")

    @work(exclusive=True, group="undo")
    async def _undo(self, app: str) -> None:
        from claw_tui.screens.cancelling import undo  # noqa: PLC0415

        run = self.session.find_run(app)
        if run is not None:
            await undo(self, run.job.spec)

    def action_last(self) -> None:
        from claw_tui.screens.start_runs import show_run  # noqa: PLC0415

        if (run := self.last_run()) is not None:
            show_run(self, run)

    def last_run(self, app: str = "") -> RunHandle | None:
        """Of ``app``, or of the gateway under the cursor; those that did not end well have a line of their own."""
        what, _sep, here = self.query_one("#choices", PickList).current.partition(" ")
        name = app or (here if what == "home" else "")
        return self.session.services.runs.latest(name) if name and self.claw.is_loaded else None

    @on(PickList.Moved, "#choices")
    def _moved(self) -> None:
        self.refresh_bindings()

    def _ended_run(self) -> RunHandle | None:
        """The run under the cursor, if it has ended."""
        what, _sep, app = self.query_one("#choices", PickList).current.partition(" ")
        run = self.session.find_run(app) if what == "run" and self.claw.is_loaded else None
        if run is None:
            return None
        from claw_tui.domain.jobs import JobState  # noqa: PLC0415

        return run if run.state() is not JobState.GOING_ON else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "forget":
            return self.is_mounted and (self._ended_run() is not None or self._draft() is not None)
        if action == "last":
            return self.is_mounted and self.last_run() is not None
        return super().check_action(action, parameters)

    def _draft(self) -> str | None:
        """The app of the draft under the cursor."""
        what, _sep, app = self.query_one("#choices", PickList).current.partition(" ")
        return app if what == "draft" else None

    @work(exclusive=True, group="forget")
    async def action_forget(self) -> None:
        run = self._ended_run()
        if run is None:
            from claw_tui.screens.start_drafts import forget_draft  # noqa: PLC0415

            if (app := self._draft()) is not None and await forget_draft(self, app):
                self._show_choices()
            return
        try:
            run.dismiss()
        except ClawError as error:
            self.tell_error(error)
            return
        self._show_choices()
        self.tell(_("Not offered any more. What that run created stays on Fly.io."))

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

        _store, flyctl, _logout = await asyncio.gather(
            self._one(readiness.check_store), self._one(readiness.check_flyctl), self._logout()
        )
        if flyctl.state is not Ready.BLOCKED:
            await self._one(readiness.check_login)
            await self._one(readiness.check_billing)
            await self._find()
        else:
            for name, words in (("login", "Fly.io"), ("billing", _("Payment"))):
                later = _("{what}: asked once flyctl works").format(what=words)
                self.query_one(Findings).show(name, Ready.WAITING.value, later)
        self._looked_for = self._what_may_change()
        if self.claw.goal[0] and not self._blocked:
            from claw_tui.screens.harden import follow_goal  # noqa: PLC0415

            await follow_goal(self, self._gateways)

    def _show_waiting(self) -> None:
        self.on_resize()
        findings = self.query_one(Findings)
        names = {"flyctl": "flyctl", "login": "Fly.io", "billing": _("Payment"), "store": _("Keyring")}
        for name, words in names.items():
            findings.show(name, Ready.WAITING.value, _("{what}: asking …").format(what=words))

    def on_resize(self) -> None:
        size = self.app.size
        words = _("Terminal {columns}x{rows}").format(columns=size.width, rows=size.height)
        self.query_one(Findings).show("terminal", Ready.READY.value, words)

    async def _one(self, check: Check) -> Finding:
        found = await check(self.session)
        self.query_one(Findings).show(found.id, found.state.value, found.words, found.todo)
        if found.state is Ready.BLOCKED and found.id != "billing":
            self._blocked.add(found.id)
        return found

    async def _logout(self) -> None:
        """Only told where it matters."""
        from claw_tui.engine.staying import stay_words  # noqa: PLC0415

        if words := await stay_words(self.session.services):
            self.query_one(Findings).show("logout", Ready.WARNING.value, words)

    async def _find(self) -> None:
        if self.session.login is None:
            return
        from claw_tui.engine.finding import find_gateways  # noqa: PLC0415
        from claw_tui.screens.start_runs import look_at_rescues  # noqa: PLC0415

        services = self.session.services
        unread: dict[str, FlyError] = {}
        await look_at_rescues(self.session, unread)
        self._gateways = await find_gateways(
            self.session.reader, self.session.apps, services.state.known_apps(), unread
        )
        for app, error in [*unread.items()][:1]:
            words = _("{app} could not be looked at: {why}")
            self.tell(words.format(app=app, why=self.session.redact(error.message)), error.hint, problem=True)
        self._show_choices()
