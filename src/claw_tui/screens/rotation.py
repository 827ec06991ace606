"""The secrets of a gateway that exists: how each one stands; replace, take away, then apply with one restart."""

from __future__ import annotations

from math import inf
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from claw_tui.domain.errors import ClawError
from claw_tui.domain.secret_kinds import (
    GATEWAY_TOKEN,
    is_gateway_token,
    kind_of,
    name_problem,
    new_gateway_token,
)
from claw_tui.domain.secret_state import SecretRow, Standing
from claw_tui.engine.rotation import Rotation
from claw_tui.engine.world import YOUNG_SECONDS
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Page
from claw_tui.screens.dialogs import AskDialog, LineDialog, PickDialog
from claw_tui.screens.rotation_words import (
    apply_words,
    has_two_sides,
    lost_words,
    remove_words,
    row_item,
    settle_words,
)
from claw_tui.widgets.help_line import HelpLine
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import Item, PickList


class RotationScreen(Page):
    """What is changed here is kept at once; Ctrl+N sends it and restarts the gateway once."""

    HAS_FIELDS = True
    KEY_ROWS = 2
    HELP = n_(
        "Fly.io never tells a secret's value. It tells its name and a digest, a short text that changes with the value; so"
        " a value that was set elsewhere is noticed.\n\n"
        "Change as many as you like. Nothing is sent before Ctrl+N, which shows the commands first. Then all changes come in"
        " with one restart; the gateway is away for about half a minute.\n\n"
        "After a new gateway token, browsers and apps that use the old one are asked for the new one: O on Home opens a new"
        " link. Browsers and devices that were approved before have a key of their own and keep it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("delete", "remove", n_("Take away")),
        Binding("ctrl+n", "apply", n_("Apply")),
        Binding("g", "new_token", n_("New gateway token")),
        Binding("n", "another", n_("Add one")),
        Binding("r", "look", n_("Look again")),
        Binding("f5", "look", show=False),
        Binding("f6", "store", n_("Storage")),
        Binding("escape", "home", n_("Home")),
    ]

    def compose_body(self) -> ComposeResult:
        yield Static("", id="kept", classes="words", markup=False)
        yield PickList(id="secret-list", text_width=20)

    def __init__(self) -> None:
        super().__init__()
        self._rotation: Rotation | None = None

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#secret-list").focus()

    def arrived(self) -> None:
        self.tell("")
        self.show()  # it may be another gateway than before
        self.look(YOUNG_SECONDS)

    @property
    def rotation(self) -> Rotation:
        if self._rotation is None or self._rotation.app != self.session.home_app:
            self._rotation = Rotation(self.session, self.session.home_app)
        return self._rotation

    # -- looking --------------------------------------------------------------------------------------------------
    def action_look(self) -> None:
        self.tell("")
        self.look()

    @work(exclusive=True, group="look")
    async def look(self, max_age: float = 0.0) -> None:
        self.query_one("#kept", Static).update(_("Looking …"))
        await self._read(max_age)

    async def _read(self, max_age: float) -> bool:
        """Whether it is known what there is; says why not."""
        rotation = self.rotation
        try:
            if self.session.login is None:
                await self.session.find_login()
            await self.session.vault.look()
            await rotation.look(max_age)
        except ClawError as error:
            self.tell_error(error)
        self.show()
        return rotation.known

    async def _is_known(self) -> bool:
        """Nothing is given or taken before it is known what there is."""
        if self.rotation.known:
            return True
        self.tell(_("Looking …"))
        if not await self._read(inf):
            return False
        self.tell("")
        return self.is_current

    async def refresh_rows(self, stay: str = "") -> None:
        await self.rotation.refresh()
        self.show(stay)

    def show(self, stay: str = "") -> None:
        secrets = self.query_one("#secret-list", PickList)
        found = self.rotation
        rows = [row_item(row, lost_words(locked=found.is_locked(row.name))) for row in found.rows]
        secrets.set_items(rows, stay or secrets.current)
        waiting = len(found.waiting)
        words = _("Enter replaces one. Values that you give are kept in {where}.").format(
            where=self.session.vault.where
        )
        if waiting:
            words = f"{words}\n" + _("Ctrl+N applies what waits ({count}), with one restart.").format(
                count=waiting
            )
        elif not found.known:
            words = _("It is not known which secrets it has. R looks again.")
        elif not rows:
            words = f"{words}\n" + _("This gateway has no secret yet. N adds one.")
        self.query_one("#kept", Static).update(words)
        self._explain()
        self.refresh_bindings()

    @on(PickList.Moved, "#secret-list")
    def _moved(self) -> None:
        self._explain()

    def _explain(self) -> None:
        row = self._current()
        if row is None:
            self.query_one("#help", HelpLine).say("")
            return
        words = f"{row.name}: {_(kind_of(row.name).about)}"
        if row.name in self.rotation.lost and not self.rotation.is_locked(row.name):
            words = _(
                "{name}: it was given in another claw-tui, or in one that has ended, and kept in memory only."
            )
            words = words.format(name=row.name)
        elif row.digest:
            words = f"{words} " + _("Digest {digest}.").format(digest=row.digest)
        self.query_one("#help", HelpLine).say(words)

    def _current(self) -> SecretRow | None:
        return self.rotation.row(self.query_one("#secret-list", PickList).current)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "apply":
            return self._rotation is not None and bool(self._rotation.waiting)
        return super().check_action(action, parameters)

    # -- changing -------------------------------------------------------------------------------------------------
    @on(PickList.Chosen, "#secret-list")
    def _chosen(self, event: PickList.Chosen) -> None:
        self.tell("")
        self.change(event.item)

    @work(exclusive=True, group="secret")
    async def change(self, name: str) -> None:
        row = self.rotation.row(name)
        if row is not None and row.standing is Standing.REMOVED:
            self.rotation.stay(name)
            self.tell(_("{name} stays.").format(name=name))
        elif row is not None and has_two_sides(row):
            await self._settle(row)
        else:
            await self._ask_for(name)
        await self.refresh_rows(name)

    async def _settle(self, row: SecretRow) -> None:
        """Fly.io has another value than this computer: which one counts?"""
        changed = row.standing is not Standing.GIVEN
        items = [Item("new", _("Give a new value"))]
        if changed and row.held:
            items.append(Item("ours", _("Send the value that is kept here")))
        theirs = (
            _("Leave what Fly.io has, forget the one here")
            if row.digest
            else _("Leave it away, forget the one here")
        )
        items.append(Item("theirs", theirs))
        found = await self.app.push_screen_wait(
            PickDialog(settle_words(row), items, note=_("Enter chooses, Escape leaves it as it is."))
        )
        if found == "new":
            await self._ask_for(row.name)
        elif found == "ours":
            await self.rotation.send_again(row.name)
        elif found == "theirs":
            await self.rotation.leave_theirs(row.name)

    async def _ask_for(self, name: str) -> None:
        from claw_tui.screens.secret import give_secret  # noqa: PLC0415

        said = await give_secret(self, name, self.rotation.keep)
        if said:
            self.tell(said)

    @work(exclusive=True, group="secret")
    async def action_new_token(self) -> None:
        """Nothing has to be typed for it. A gateway of an older name keeps that name."""
        from claw_tui.screens.storage import ensure_store  # noqa: PLC0415

        if not await self._is_known():
            return
        names = [row.name for row in self.rotation.rows if is_gateway_token(row.name)]
        name = names[0] if names else GATEWAY_TOKEN
        if not self.session.vault.ready and not await ensure_store(self):
            return
        where = await self.rotation.keep(name, new_gateway_token(), _("new, random"))
        self.tell(_("A new random token, kept {where}; Ctrl+N applies it.").format(where=where))
        await self.refresh_rows(name)

    @work(exclusive=True, group="secret")
    async def action_another(self) -> None:
        if not await self._is_known():
            return
        note = _("The name of the variable, e.g. TWILIO_AUTH_TOKEN")
        name: str | None = ""
        while True:
            name = await self.app.push_screen_wait(LineDialog(_("Add a secret"), name or "", note=note))
            if not name:
                return
            wrong = name_problem(name)
            if not wrong:
                break
            note = f"{sign('failed')} {wrong}"
        await self._ask_for(name)
        await self.refresh_rows(name)

    @work(exclusive=True, group="secret")
    async def action_remove(self) -> None:
        row = self._current()
        if row is None:
            return
        if row.standing is Standing.REMOVED:
            self.change(row.name)
            return
        if is_gateway_token(row.name):
            self.tell(
                _("Without its token the gateway does not start."), _("Enter or G replaces it."), problem=True
            )
            return
        self.tell(_("Looking whether openclaw.json needs it …"))
        uses = await self.rotation.uses(row.name) if row.digest else ()
        last = self.rotation.is_last_key(row.name)
        self.tell("")
        if await self.app.push_screen_wait(
            AskDialog(remove_words(row, uses, last_key=last), _("Take it away"), _("Leave it"))
        ):
            await self.rotation.remove(row.name)
            words = _("It goes away when you apply (Ctrl+N).") if row.digest else _("It was forgotten here.")
            self.tell(words)
        await self.refresh_rows(row.name)

    @work(exclusive=True, group="store")
    async def action_store(self) -> None:
        from claw_tui.screens.storage import choose_store  # noqa: PLC0415

        await choose_store(self)
        await self.refresh_rows()

    # -- applying -------------------------------------------------------------------------------------------------
    @work(exclusive=True, group="apply")
    async def action_apply(self) -> None:
        self.tell(_("Looking at what exists on Fly.io …"))
        try:
            plan = await self.rotation.plan()
            self.tell("")
            question = apply_words(plan, self.rotation.lost)
            if not await self.app.push_screen_wait(AskDialog(question, _("Apply"), _("Not yet"))):
                return
            await self.start_and_watch(self.rotation.start())
        except ClawError as error:
            self.tell_error(error)

    def action_home(self) -> None:
        self.claw.go("home")
