"""Earlier openclaw.json files of a gateway: when, how large, what differs from now; put one back."""

from __future__ import annotations

import time
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from claw_tui.domain.delivery import Backup
from claw_tui.domain.errors import ClawError
from claw_tui.domain.generations import runs_old
from claw_tui.engine.delivery import Delivery
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Page
from claw_tui.screens.dialogs import AskDialog
from claw_tui.screens.differences import DifferencesDialog
from claw_tui.widgets.pick_list import Item, PickList


class BackupsScreen(Page):
    """The newest first."""

    HELP = n_(
        "Each time that claw-tui or OpenClaw writes openclaw.json, the file before is kept. claw-tui's own are called"
        " before-DATE (the last ten are kept), and refused-DATE for a file that the gateway did not take. OpenClaw keeps"
        " .bak, .bak.1 and so on, .last-good (what it ran with last) and .clobbered (what it did not believe).\n\n"
        "Enter shows what differs from the file that is in place. P puts one back, byte for byte, inside the machine:"
        " OpenClaw checks it first, the file of now is kept too, and when the gateway does not take it, it comes back."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "restore", n_("Put back")),
        Binding("r", "look", n_("Look again")),
        Binding("f5", "look", show=False),
        Binding("escape", "home", n_("Home")),
    ]

    def compose_body(self) -> ComposeResult:
        yield Static("", id="backups-words", classes="words", markup=False)
        yield PickList(id="backup-list", text_width=38)

    def __init__(self) -> None:
        super().__init__()
        self._backups: tuple[Backup, ...] = ()

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#backup-list").focus()

    def arrived(self) -> None:
        self._backups = ()  # it may be another gateway than before
        self.query_one("#backup-list", PickList).set_items([])
        self.action_look()

    @property
    def delivery(self) -> Delivery:
        return Delivery(self.session, self.session.home_app)

    def action_look(self) -> None:
        self.tell("")
        self.look()

    @work(exclusive=True, group="look")
    async def look(self) -> None:
        words = self.query_one("#backups-words", Static)
        words.update(_("Looking …"))
        self._backups = ()
        try:
            if self.session.login is None:
                await self.session.find_login()
            self._backups = await self.delivery.backups()
        except ClawError as error:
            self.tell_error(error)
        words.update(
            _("Earlier openclaw.json files in the machine. Enter shows what differs, P puts one back.")
            if self._backups
            else _("There is none to be seen.")
        )
        self.query_one("#backup-list", PickList).set_items([_item(backup) for backup in self._backups])

    @property
    def _current(self) -> Backup | None:
        name = self.query_one("#backup-list", PickList).current
        return next((backup for backup in self._backups if backup.name == name), None)

    @on(PickList.Chosen, "#backup-list")
    def _chosen(self) -> None:
        self.show_difference()

    @work(exclusive=True, group="backup")
    async def show_difference(self) -> None:
        backup = self._current
        if backup is None:
            return
        self.tell(_("Looking …"))
        try:
            lines = await self.delivery.compare(backup.name)
        except ClawError as error:
            self.tell_error(error)
            return
        self.tell("")
        nothing = _(
            "It says the same as the file of now, but for how it is written, or for secrets that stand in it."
        )
        title = _("From the file of now to {name}").format(name=backup.name)
        shown = [self.session.redact(line) for line in lines]
        await self.app.push_screen_wait(DifferencesDialog(title, shown, nothing))

    @work(exclusive=True, group="backup")
    async def action_restore(self) -> None:
        backup = self._current
        if backup is None:
            return
        if backup.same:
            self.tell(_("It is what is in place now, byte for byte."))
            return
        machine = self.session.reader.known(self.session.home_app).machine
        question = _("Put {name} back in the place of openclaw.json? The file of now is kept.").format(
            name=backup.name
        )
        if machine is not None and runs_old(machine):
            question += " " + _("This version of OpenClaw cannot check the file first.")
        if not await self.app.push_screen_wait(AskDialog(question, _("Put it back"), _("Leave it"))):
            return
        self.tell(_("Starting …"))
        try:
            await self.delivery.plan_restore(backup.name)
            await self.delivery.start()
        except ClawError as error:
            self.tell_error(error)
            return
        self.tell("")
        self.claw.go("deploy")

    def action_home(self) -> None:
        self.claw.go("home")


def _item(backup: Backup) -> Item:
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(backup.at)) if backup.at else "?"
    same = _("as now") if backup.same else _("differs")
    name = backup.name.removeprefix("openclaw.json.")
    return Item(backup.name, name, f"{when}  {backup.size:>6} B  {same}")
