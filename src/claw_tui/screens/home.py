"""Home: one gateway that exists, and what can be done about it."""

from __future__ import annotations

import time
from contextlib import aclosing, suppress
from typing import ClassVar

from rich.table import Table
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from claw_tui.domain.drift import Drift
from claw_tui.domain.errors import ClawError
from claw_tui.domain.jobs import Task
from claw_tui.domain.rescue import may_be_rescued
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import World
from claw_tui.engine.drift_desk import DriftDesk
from claw_tui.engine.extras import Piece
from claw_tui.engine.undoing import Removal, spec_for
from claw_tui.engine.world import SHOWN, YOUNG_SECONDS
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Page
from claw_tui.screens.cancelling import undo
from claw_tui.screens.console import hand_over_terminal
from claw_tui.screens.dialogs import AskDialog
from claw_tui.screens.drift import drift_words, show_drift
from claw_tui.screens.harden import change_door, offers
from claw_tui.screens.home_words import grid, home_rows
from claw_tui.screens.reach import ReachDialog, tunnel_words
from claw_tui.screens.tidying import tidy
from claw_tui.widgets.marks import sign
from claw_tui.widgets.transcript import Transcript


class HomeScreen(Page):
    """Status above, the log below."""

    KEY_ROWS = 3
    HELP = n_(
        "W is the way in: a tunnel to a private gateway, and a link for a browser. H makes a public one private, or public"
        " again. R looks again; L follows the log. S is a shell in the machine (SSH); `exit` comes back.\n\n"
        "K shows which secrets wait for a restart or were set elsewhere. B puts an earlier openclaw.json back. If there is"
        " need: X rescues, C takes away what is there twice, Z undoes a half-made app, F shows what is not as fly.toml says.\n\n"
        "U brings another version, after a snapshot; and back. E goes back to the answers; D deploys again with them."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "follow", n_("Live log")),
        Binding("o", "open", n_("Open, pair")),
        Binding("w", "reach", n_("Way in")),
        Binding("s", "console", n_("SSH console")),
        Binding("t", "restart", n_("Restart")),
        Binding("k", "turn_to('rotation')", n_("Secrets")),
        Binding("b", "turn_to('backups')", n_("Backups")),
        Binding("x", "rescue", n_("Rescue")),
        Binding("c", "tidy", n_("Clean up")),
        Binding("z", "undo", n_("Undo")),
        Binding("u", "update", n_("Update")),
        Binding("f", "drift", n_("Changed")),
        Binding("h", "door('harden')", n_("Harden")),
        Binding("h", "door('expose')", n_("Make public")),
        Binding("e", "edit", n_("Edit")),
        Binding("d", "again", n_("Deploy again")),
        Binding("r", "look", n_("Look again")),
        Binding("f5", "look", show=False),
        Binding("escape", "turn_to('start')", n_("Start")),
    ]

    def compose_body(self) -> ComposeResult:
        yield Static("", id="status", classes="words", markup=False)
        yield Static(_("Log"), id="log-title", classes="section", markup=False)
        yield Transcript(id="home-log")

    def __init__(self) -> None:
        super().__init__()
        self._world, self._spec = World(), Spec()
        self._extras: tuple[Piece, ...] = ()
        self._following = False
        self._shown_app = self._news = ""
        self._drift: tuple[Drift, ...] = ()

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#home-log").focus()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.app_name != self._shown_app:
            self._shown_app, self._news = self.app_name, ""
            self._stop_following()
            self.query_one(Transcript).clear()
            self.query_one("#status", Static).update("")
        self.look(YOUNG_SECONDS)

    @property
    def app_name(self) -> str:
        return self.session.home_app

    # -- looking --------------------------------------------------------------------------------------------------
    def action_look(self) -> None:
        self.tell("")
        self.look()

    @work(exclusive=True, group="home")
    async def look(self, max_age: float = 0.0) -> None:
        """What is known is shown at once, with its time; then what is too old is asked for."""
        status = self.query_one("#status", Static)
        if self.session.reader.age(self.app_name, SHOWN) is None:
            status.update(_("Looking …"))
        else:
            self.show_now()
        try:
            if self.session.login is None:
                await self.session.find_login()
            await self.session.look(self.app_name, SHOWN, max_age=max_age)
        except ClawError as error:
            if self.session.reader.age(self.app_name, SHOWN) is None:
                status.update("")
            self.tell_error(error)
            return
        self.show_now()
        if (command := self.claw.goal[0]) and self._world.app is not None:
            self.claw.goal = ("", "")
            self.action_door(command)
        self._ask_for_news()
        if not self._following:
            await self._recent()

    @work(exclusive=True, group="news")
    async def _ask_for_news(self) -> None:
        from claw_tui.engine.update_desk import UpdateDesk  # noqa: PLC0415
        from claw_tui.screens.update import news  # noqa: PLC0415

        with suppress(ClawError):  # what is damaged is told by U
            self._news = news(await UpdateDesk(self.session, self.app_name).offer())
            self.show_now()

    def show_now(self) -> None:
        self._world = world = self.session.reader.known(self.app_name)
        self._spec = spec_for(self.session, self.app_name, world)
        self._extras = Removal(self.session, self._spec).extras_of(world)
        self._drift = ()
        # Answers or a fly.toml that can't be read: Edit and the deploy say so.
        with suppress(ClawError, ValueError):
            self._drift = DriftDesk(self.session, self.app_name).rows()
        self.refresh_bindings()
        self.query_one("#status", Static).update(self._words())

    def _words(self) -> str | Table:
        if self._world.app is None:
            return _("There is no app {name} in this account (any more).").format(name=self.app_name)
        looked = time.time() - (self.session.reader.age(self.app_name, SHOWN) or 0.0)
        tunnel = tunnel_words(self.session.reach.tunnel(self.app_name))
        news = ((_("Tunnel"), tunnel), (_("Update"), self._news), (_("Changed"), drift_words(self._drift)))
        rows = home_rows(self._world, self.session.services.state, news, self._extras)
        rows.append((_("Looked at"), time.strftime("%H:%M:%S", time.localtime(looked))))
        return grid(rows)

    async def _recent(self) -> None:
        try:
            entries = await self.session.services.fly.recent_logs(self.app_name)
        except ClawError as error:
            self.tell_error(error)
            return
        log = self.query_one(Transcript)
        log.clear()
        log.add([self.claw.log_line(entry) for entry in entries])

    # -- the live log ---------------------------------------------------------------------------------------------
    def action_follow(self) -> None:
        if self._following:
            self._stop_following()
            return
        self._following = True
        self.query_one("#log-title", Static).update(f"{_('Log')} {sign('bullet')} {_('live')}")
        self.follow()

    def _stop_following(self) -> None:
        self._following = False
        self.query_one("#log-title", Static).update(_("Log"))
        self.workers.cancel_group(self, "follow")

    @work(exclusive=True, group="follow")
    async def follow(self) -> None:
        log = self.query_one(Transcript)
        log.clear()
        try:
            async with aclosing(self.session.services.fly.follow_logs(self.app_name)) as entries:
                async for entry in entries:
                    log.add([self.claw.log_line(entry)])
        except ClawError as error:
            self.tell_error(error)
        self._following = False
        self.query_one("#log-title", Static).update(_("Log"))

    # -- doing ----------------------------------------------------------------------------------------------------
    def _take_answers(self) -> str:
        """Without its openclaw.json. Returns what is wrong with answers that were kept here."""
        from claw_tui.engine.adoption import Adoption  # noqa: PLC0415

        wrong = Adoption(self.session, self.app_name).take_answers()
        return _("{why} Going on with what Fly.io tells.").format(why=wrong) if wrong else ""

    def action_open(self) -> None:
        wrong = self._take_answers()
        if wrong:
            self.claw.call_later(self.claw.tell_next, wrong)
        self.claw.go("finish")

    def action_reach(self) -> None:
        self.app.push_screen(ReachDialog(self.app_name))

    def action_turn_to(self, step: str) -> None:
        self._stop_following()
        self.claw.go(step)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "tidy":
            return bool(self._extras)
        if action == "undo":  # half-made: there is an app, and no machine in it
            return self._world.app is not None and self._world.machine is None
        if action == "drift":
            return bool(self._drift)
        if action == "rescue":
            return may_be_rescued(self._world.machine)
        if action == "door":
            return offers(str(parameters[0]), self._world)
        return super().check_action(action, parameters)

    @work(exclusive=True, group="remove")
    async def action_tidy(self) -> None:
        await tidy(self, self._spec)

    @work(exclusive=True, group="remove")
    async def action_undo(self) -> None:
        await undo(self, self._spec, settled=True)

    @work(exclusive=True, group="rescue")
    async def action_rescue(self) -> None:
        from claw_tui.screens.rescue import rescue  # noqa: PLC0415

        self._take_answers()
        await rescue(self, self.app_name, self._world)

    def action_console(self) -> None:
        hand_over_terminal(self.claw, self.session.services.fly.console(self.app_name))
        self.look()

    @work(exclusive=True, group="restart")
    async def action_restart(self) -> None:
        machine = self._world.machine
        if machine is None:
            self.tell(_("There is no machine to restart."), _("D deploys again."), problem=True)
            return
        question = _("Restart machine {id}? It is away for about half a minute.").format(id=machine.id)
        if not await self.app.push_screen_wait(AskDialog(question, _("Restart it"), _("Leave it"))):
            return
        self.tell(_("Restarting …"))
        try:
            await self.session.restart_machine(self.app_name, machine.id)
        except ClawError as error:
            self.tell_error(error)
            return
        self.tell(_("Restarted."))
        self.look()

    @work(exclusive=True, group="take-over")
    async def action_update(self) -> None:
        from claw_tui.screens.update import update  # noqa: PLC0415

        await update(self, self.app_name)

    @work(exclusive=True, group="take-over")
    async def action_drift(self) -> None:
        await show_drift(self, self.app_name)

    @work(exclusive=True, group="take-over")
    async def action_door(self, task: str) -> None:
        await change_door(self, self.app_name, Task(task))

    def action_edit(self) -> None:
        self.take_over_and_go("app")

    def action_again(self) -> None:
        self.take_over_and_go("review")

    @work(exclusive=True, group="take-over")
    async def take_over_and_go(self, step: str) -> None:
        from claw_tui.screens.adopt import take_over  # noqa: PLC0415

        await take_over(self, self.app_name, step)
