"""Reach: how a gateway is opened from here, from a laptop, from a phone. A private one by a tunnel that we watch."""

from __future__ import annotations

import time
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from claw_tui.domain.errors import AppNotFound, ClawError, MachineStopped
from claw_tui.domain.reach import Stage, is_private, network_address
from claw_tui.domain.spans import span
from claw_tui.engine.proof import local_dashboard, public_dashboard
from claw_tui.engine.reach import PARTS, Tunnel
from claw_tui.engine.session import Session
from claw_tui.engine.world import YOUNG_SECONDS
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Dialog
from claw_tui.screens.dialogs import PickDialog
from claw_tui.screens.home_words import grid
from claw_tui.screens.reveal import RevealDialog
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import Item


def clock(at: float) -> str:
    return time.strftime("%H:%M", time.localtime(at))


def tunnel_words(tunnel: Tunnel) -> str:
    """For a row of the state; "" when there is none."""
    if tunnel.stage is Stage.STARTING:
        return _("starting …")
    if tunnel.stage is Stage.BROKEN:
        return _("broken: {why}").format(why=tunnel.error.message if tunnel.error else "")
    if tunnel.stage is Stage.AGAIN:
        return _("it broke and is started again …")
    if not tunnel.is_on:
        return ""
    words = _("on since {time}, {address}").format(time=clock(tunnel.since), address=tunnel.address)
    if tunnel.silent:
        words += " " + _("(the gateway does not answer now)")
    return f"{words}, " + (_("stays on") if tunnel.stays else _("until you leave claw-tui"))


async def link_dialog(session: Session, app: str, *, private: bool, port: int) -> RevealDialog:
    """A new one-time link, masked. Raises ClawError."""
    world = await session.look(app, PARTS, max_age=YOUNG_SECONDS)
    started = [machine.id for machine in world.machines if machine.state == "started"]
    if not started:
        raise MachineStopped(_("The machine is not running."))
    link = await session.services.gateway.dashboard(app, started[0])
    url = link.url.reveal()
    shown = local_dashboard(url, port) if private else public_dashboard(url, f"{app}.fly.dev")
    left = span(max(0.0, link.expires_at - time.time()))
    words = _("This link logs your browser in. It works once, for {left}.").format(left=left)
    if private:
        words += " " + _("It leads through the tunnel, which is on until you leave claw-tui or F5 stops it.")
    line = session.services.desktop.ssh_line(port) if private else ""
    if line:
        words += "\n\n" + _("Your browser is on another computer? There first: {line}").format(line=line)
    return RevealDialog(_("One-time link"), words, shown, until=link.expires_at)


class ReachDialog(Dialog[None]):
    """Opening it for a private gateway starts its tunnel and gets a link."""

    HELP = n_(
        "A private gateway has no address on the internet. A tunnel makes it a local address of this computer: for the"
        " browser here, or through SSH for the one on your laptop. It is watched, and started again when it breaks; it"
        " ends with claw-tui, unless F8 leaves it on.\n\n"
        "F4 asks the gateway for a link that logs a browser in: once, for ten minutes. A browser that it knows already"
        " needs only the address.\n\n"
        "F7 chooses the local port. The gateway lets browsers in from three of them only, so that a web page cannot"
        " pretend to be its dashboard.\n\n"
        "F9, WireGuard, puts a phone or another computer into the private network for good: without claw-tui, and"
        " without this computer."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "link", n_("One-time link")),
        Binding("f5", "tunnel", n_("Tunnel on/off")),
        Binding("f6", "browser", n_("Browser")),
        Binding("f7", "port", n_("Port")),
        Binding("f8", "leave_on", n_("Leave on")),
        Binding("f9", "wireguard", n_("WireGuard")),
        Binding("down,pagedown", "scroll(1)", show=False),
        Binding("up,pageup", "scroll(-1)", show=False),
    ]

    def __init__(self, app_name: str, *, at_once: bool = True) -> None:
        super().__init__()
        self._app_name, self._at_once = app_name, at_once
        self._private = True
        self._known = False  # whether it is private
        self._port = 0  # 0: the first free one

    @property
    def tunnel(self) -> Tunnel:
        return self.session.reach.tunnel(self._app_name)

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel -wide"):
            yield Static(_("How to reach {app}").format(app=self._app_name), classes="title", markup=False)
            with VerticalScroll(id="text"):
                yield Static("", id="ways", markup=False)
            yield Static("", id="reach-said", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#text").focus()
        self.begin()

    def action_scroll(self, pages: int) -> None:
        text = self.query_one("#text", VerticalScroll)
        text.scroll_relative(y=pages * max(1, text.size.height - 1), animate=False)

    def say(self, words: str, hint: str = "", *, problem: bool = False) -> None:
        mark = f"{sign('failed')} " if problem else ""
        text = "\n".join(filter(None, (f"{mark}{words}" if words else "", hint)))
        self.query_one("#reach-said", Static).update(text)

    def _say_error(self, error: ClawError) -> None:
        self.say(self.session.redact(error.message), error.hint, problem=True)

    # -- what is shown --------------------------------------------------------------------------------------------
    @work(exclusive=True, group="reach")
    async def begin(self) -> None:
        if await self._find() and self._private and self._at_once and not self.tunnel.is_on:
            await self._link()

    async def _find(self) -> bool:
        """Whether it is known how it is reached; says why not."""
        self.say(_("Looking …"))
        try:
            if self.session.login is None:
                await self.session.find_login()
            world = await self.session.look(self._app_name, PARTS, max_age=YOUNG_SECONDS)
            if world.app is None:
                raise AppNotFound(_("Fly.io knows no such app in this account."))
        except ClawError as error:
            self._say_error(error)
            return False
        self._private, self._known = is_private(world), True
        self.refresh_bindings()
        self.draw()
        self.set_interval(1.0, self.draw)
        self.say("")
        return True

    def draw(self) -> None:
        self.query_one("#ways", Static).update(
            grid(self._private_rows() if self._private else self._public_rows())
        )

    def _public_rows(self) -> list[tuple[str, str]]:
        return [
            (_("Address"), f"https://{self._app_name}.fly.dev"),
            (_("Who can reach it"), _("everybody, with the token; so it needs no tunnel")),
        ]

    def _private_rows(self) -> list[tuple[str, str]]:
        tunnel = self.tunnel
        port = tunnel.port if tunnel.is_on else self._port or self.session.reach.ports[0]
        rows = [(_("Tunnel"), tunnel_words(tunnel) or _("off; F5 starts it"))]
        if tunnel.is_on:
            rows.append((_("Open here"), tunnel.address))
        line = self.session.services.desktop.ssh_line(port)
        if line:
            rows.append((_("On your laptop"), line))
            rows.append(
                ("", _("in a terminal there, then http://localhost:{port} in its browser").format(port=port))
            )
        else:
            words = _("ssh -L {port}:localhost:{port} USER@THIS-COMPUTER, if it can get here by SSH")
            rows.append((_("Another computer"), words.format(port=port)))
        rows.append((_("With WireGuard"), network_address(self._app_name) + " " + _("(F9 makes the way in)")))
        return rows

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("tunnel", "port", "leave_on", "wireguard"):
            return self._known and self._private
        if action == "browser":
            return self._known and self.session.services.desktop.has_browser()
        return super().check_action(action, parameters)

    # -- what is done ---------------------------------------------------------------------------------------------
    async def _open(self) -> Tunnel:
        """Raises ClawError."""
        if not self.tunnel.is_on:
            self.say(_("Starting the tunnel …"), _("The first one of a sitting takes some seconds."))
        tunnel = await self.session.reach.open(self._app_name, self._port)
        self.draw()
        return tunnel

    async def _link(self) -> None:
        try:
            port = (await self._open()).port if self._private else 0
            self.say(_("Asking the gateway for a one-time link …"))
            dialog = await link_dialog(self.session, self._app_name, private=self._private, port=port)
        except ClawError as error:
            self.draw()
            self._say_error(error)
            return
        self.say("")
        if self.is_current:  # who has left meanwhile wants no link any more
            self.app.push_screen(dialog)

    @work(exclusive=True, group="reach")
    async def action_link(self) -> None:
        """It takes the place of the first look, if that still goes on."""
        if self._known or await self._find():
            await self._link()

    @work(exclusive=True, group="reach")
    async def action_tunnel(self) -> None:
        try:
            if self.tunnel.is_on or self.tunnel.stage is Stage.STARTING:
                await self.session.reach.close(self._app_name)
                self.say(_("The tunnel is off."))
            else:
                tunnel = await self._open()
                self.say(_("The tunnel is on: {address}").format(address=tunnel.address))
        except ClawError as error:
            self._say_error(error)
        self.draw()

    @work(exclusive=True, group="reach")
    async def action_leave_on(self) -> None:
        if self.tunnel.stays:
            self.say(_("It stays on already. F5 stops it, also another day."))
            return
        try:
            await self._open()
            self.say(_("Starting it anew, so that it needs no claw-tui …"))
            await self.session.reach.leave_on(self._app_name)
            self.say(
                _("It stays on when you leave claw-tui, until F5 stops it or this computer is switched off.")
            )
        except ClawError as error:
            self._say_error(error)
        self.draw()

    @work(exclusive=True, group="reach")
    async def action_port(self) -> None:
        reach, now = self.session.reach, self.tunnel
        items = [Item("0", _("the first one that is free"))]
        for port in reach.ports:
            ours = now.is_on and now.port == port
            taken = _("this tunnel's") if ours else _("taken by another program")
            items.append(Item(str(port), str(port), "" if reach.is_free(port) else taken))
        chosen = await self.app.push_screen_wait(
            PickDialog(_("Local port"), items, str(self._port), note=" ")
        )
        if not chosen:
            return
        self._port = int(chosen)
        try:
            if now.is_on and self._port:
                await self._open()
            self.say("")
        except ClawError as error:
            self._say_error(error)
        self.draw()

    @work(exclusive=True, group="reach")
    async def action_browser(self) -> None:
        try:
            url = (await self._open()).address if self._private else f"https://{self._app_name}.fly.dev"
            self.session.services.desktop.browse(url)
            self.say(
                _("Opened in your browser."),
                _("One that the gateway does not know yet needs the link of F4."),
            )
        except ClawError as error:
            self._say_error(error)

    def action_wireguard(self) -> None:
        from claw_tui.screens.wireguard import WireGuardDialog  # noqa: PLC0415

        self.app.push_screen(WireGuardDialog(self._app_name))
