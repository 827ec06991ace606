"""WireGuard: phones and computers that are in the organization's private network."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from claw_tui.domain.errors import ClawError
from claw_tui.domain.reach import network_address, peer_name_problem
from claw_tui.domain.secret import Secret
from claw_tui.engine.peers import OWN_PREFIX, Made, Peers
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Dialog
from claw_tui.screens.dialogs import AskDialog, LineDialog
from claw_tui.widgets.marks import is_ascii, sign
from claw_tui.widgets.pick_list import Item, PickList
from claw_tui.widgets.qr import QrCode, qr_text


class WireGuardDialog(Dialog[None]):
    """The list, and a key for each thing that can be done."""

    HELP = n_(
        "WireGuard is an app for phones and computers (wireguard.com/install). With a file from here, a device is in the"
        " private network of your organization on Fly.io: it reaches this gateway, and whatever else runs there.\n\n"
        "The file holds a private key. Only you can read it; claw-tui keeps no copy. Load it in the app, or show it as a"
        " square for a phone's camera (F6), then delete it. Who has it is in your network until you remove the peer"
        " (F8).\n\n"
        "Then open the address above in that device's browser. The gateway must let it in from there: the"
        " openclaw.json that claw-tui writes for a private gateway does."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "add", n_("Add a device")),
        Binding("f6", "square", n_("Square for a phone")),
        Binding("f8", "remove", n_("Remove")),
        Binding("f5", "look", n_("Look again")),
    ]

    def __init__(self, app_name: str) -> None:
        super().__init__()
        self._app_name = app_name
        self._made: Made | None = None  # in this sitting: only of such a one we know where the file is

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel -wide"):
            yield Static(_("WireGuard: devices in the private network"), classes="title", markup=False)
            yield Static(
                _("With WireGuard on, a device opens {address}").format(
                    address=network_address(self._app_name)
                ),
                markup=False,
            )
            yield Static("", id="peers-title", classes="section", markup=False)
            yield PickList(id="peers")
            yield Static("", id="peers-said", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#peers").focus()
        self.action_look()

    def say(self, words: str, hint: str = "", *, problem: bool = False) -> None:
        mark = f"{sign('failed')} " if problem else ""
        self.query_one("#peers-said", Static).update(
            "\n".join(filter(None, (f"{mark}{words}" if words else "", hint)))
        )

    def _say_error(self, error: ClawError) -> None:
        self.say(self.session.redact(error.message), error.hint, problem=True)

    @property
    def _peers(self) -> Peers:
        world = self.session.reader.known(self._app_name)
        assert world.app is not None
        region = world.machines[0].region if world.machines else "iad"
        return Peers(self.session.services, world.app.org, region)

    # -- looking --------------------------------------------------------------------------------------------------
    @work(exclusive=True, group="peers")
    async def action_look(self) -> None:
        self.say(_("Looking …"))
        if await self._list():
            self.say("")

    async def _list(self) -> bool:
        peers = self._peers
        try:
            found = await peers.all()
        except ClawError as error:
            self._say_error(error)
            return False
        words = _("Devices of {org}:") if found else _("No device of {org} has a way in yet. F2 adds one.")
        self.query_one("#peers-title", Static).update(words.format(org=peers.org))
        items = [
            Item(
                peer.name, peer.name,
                ", ".join((peer.region, peer.address, *([_("made by flyctl itself")] if peer.name.startswith(OWN_PREFIX) else []))),
            )
            for peer in found
        ]  # fmt: skip
        self.query_one(PickList).set_items(items)
        self.refresh_bindings()
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "square":
            return self._made is not None and not is_ascii()
        return super().check_action(action, parameters)

    # -- doing ----------------------------------------------------------------------------------------------------
    @work(exclusive=True, group="peers")
    async def action_add(self) -> None:
        name = await self.app.push_screen_wait(
            LineDialog(_("Which device? A name, like phone or laptop"), "")
        )
        if not name:
            return
        if problem := peer_name_problem(name):
            self.say(problem, _("Nothing was made. F2 asks again."), problem=True)
            return
        place = str(Path("~") / f"{self._app_name}-{name}.conf")
        title = _("A new file for its private key; only you will be able to read it")
        place = await self.app.push_screen_wait(LineDialog(title, place)) or ""
        if not place:
            return
        self.say(_("Making it …"))
        try:
            made = await self._peers.make(name, place)
        except ClawError as error:
            self._say_error(error)
            return
        self._made = made
        await self._list()
        words = _("{name} has a way in. Load this file in its WireGuard app, then delete it: {file}")
        self.say(
            words.format(name=made.name, file=made.file),
            "" if is_ascii() else _("F6 shows it as a square for a phone's camera."),
        )

    @work(exclusive=True, group="peers")
    async def action_square(self) -> None:
        assert self._made is not None
        try:
            text = self.session.services.desktop.read_peer_file(self._made.file)
        except ClawError as error:
            self._say_error(error)
            return
        await self.app.push_screen_wait(SquareDialog(self._made.name, text))

    @work(exclusive=True, group="peers")
    async def action_remove(self) -> None:
        peers = self.query_one(PickList)
        name = peers.current
        if not name:
            return
        question = _("Remove {name}? That device is out of the private network at once.").format(name=name)
        if not await self.app.push_screen_wait(AskDialog(question, _("Remove it"), _("Keep it"))):
            return
        self.say(_("Removing …"))
        try:
            await self._peers.remove(name)
        except ClawError as error:
            self._say_error(error)
            return
        if self._made is not None and self._made.name == name:
            self._made = None
        await self._list()
        self.say(_("{name} is out.").format(name=name))


class SquareDialog(Dialog[None]):
    """The file as a QR code: a secret, so only for as long as this is open, and only where all of it has room."""

    HELP: ClassVar[str] = n_(
        "Scan this with the WireGuard app of the device. It is a secret: it is shown only here and only now, and Escape"
        " closes it. If it does not fit, make the window larger or save the file instead."
    )

    def __init__(self, name: str, text: Secret) -> None:
        super().__init__()
        self._device, self._text = name, text

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="panel -wide", id="square"):
            yield Static("", id="square-words", markup=False)
            yield QrCode(id="square-code")

    def on_mount(self) -> None:
        super().on_mount()
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        lines = qr_text(self._text.reveal()).splitlines()
        rows, columns = len(lines) + 4, len(lines[0]) + 2  # the words above, the keys below
        fits = self.app.size.height >= rows and self.app.size.width >= columns
        self.query_one(QrCode).show(self._text.reveal() if fits else "")
        words = _("{name}: scan this in the WireGuard app. It is a key: let nobody photograph it.")
        if not fits:
            words = _(
                "The square needs {columns} columns and {rows} rows: make this window larger, or its letters smaller."
            )
        self.query_one("#square-words", Static).update(
            words.format(name=self._device, columns=columns, rows=rows)
        )
