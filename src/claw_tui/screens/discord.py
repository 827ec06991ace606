"""Discord: servers and channels picked from what the bot sees; an invitation when it sees none."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from claw_tui.domain.discord import Channel, Guild, by_category
from claw_tui.domain.errors import ClawError, RateLimited
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import DISCORD
from claw_tui.domain.spec import ChannelSpec, GuildSpec
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Dialog
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import Item, PickList, TickList
from claw_tui.widgets.qr import QrCode

MOST_GUILDS = 25  # whose channels are read at once
POLL_SECONDS = 5.0
PORTAL = "https://discord.com/developers/applications"


class DiscordDialog(Dialog[tuple[GuildSpec, ...]]):
    """A tree of servers, categories and channels to tick. A server ticked by itself means all of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "read", n_("Read again")),
        Binding("f6", "copy", n_("Copy the link")),
    ]
    DEFAULT_CSS = """
    DiscordDialog #invite { height: auto; display: none; }
    DiscordDialog #invite-words { width: 1fr; padding: 0 2 0 0; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._guilds: tuple[Guild, ...] = ()
        self._channels: dict[str, tuple[Channel, ...]] = {}
        self._invite = ""

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel -wide"):
            yield Static("Discord", classes="title", markup=False)
            yield Static(_("Reading what the bot sees …"), id="said", markup=False)
            yield Static("", id="invite-url", classes="url", markup=False)
            with Horizontal(id="invite"):
                yield Static("", id="invite-words", markup=False)
                yield QrCode(id="invite-qr")
            yield TickList(id="tree")

    def on_mount(self) -> None:
        super().on_mount()
        tree = self.query_one(TickList)
        for guild in self.session.spec.gateway.discord.guilds:
            tree.ticked |= {f"g{guild.id}"} if not guild.channels else {f"c{c.id}" for c in guild.channels}
        tree.focus()
        self.read()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "copy":
            return bool(self._invite) and not self._guilds
        return super().check_action(action, parameters)

    # -- reading --------------------------------------------------------------------------------------------------
    def action_read(self) -> None:
        self.read()

    @work(exclusive=True, group="discord")
    async def read(self) -> None:
        said = self.query_one("#said", Static)
        said.update(_("Reading what the bot sees …"))
        token = await self.session.vault.get(self.session.spec.app, DISCORD)
        if token is None:
            said.update(_("The token is not at hand any more. Give it again on the Secrets screen."))
            return
        try:
            bot = await self.session.services.discord.identity(token)
            self._invite = bot.invite_url
            words = _("Bot “{name}”").format(name=bot.name)
            if not bot.reads_messages:
                words += "\n" + f"{sign('warning')} " + _(
                    "It may not read messages yet: switch on “Message Content Intent” under Bot at {page}"
                ).format(page=PORTAL)  # fmt: skip
            await self._read_guilds(token, words)
        except ClawError as error:
            said.update(f"{sign('failed')} {error.message}\n{error.hint}")

    async def _read_guilds(self, token: Secret, words: str) -> None:
        discord = self.session.services.discord
        self._guilds = await discord.guilds(token)
        self.refresh_bindings()
        if not self._guilds:
            self._show_invite(words)
            self.set_timer(POLL_SECONDS / 4 if self.session.services.demo else POLL_SECONDS, self.action_read)
            return
        self.query_one("#invite").display = False
        self.query_one("#invite-url").display = False
        for guild in self._guilds[:MOST_GUILDS]:
            if guild.id not in self._channels:
                self._channels[guild.id] = await self._channels_of(token, guild.id)
        more = _("Space ticks a channel, or a whole server. Typing searches.")
        self.query_one("#said", Static).update(f"{words}\n{more}")
        self._show_tree()

    async def _channels_of(self, token: Secret, guild: str) -> tuple[Channel, ...]:
        try:
            return await self.session.services.discord.channels(token, guild)
        except RateLimited:
            await self.session.services.pause(3.0)
            return await self.session.services.discord.channels(token, guild)

    # -- showing --------------------------------------------------------------------------------------------------
    def _show_invite(self, words: str) -> None:
        self.query_one("#said", Static).update(words)
        self.query_one("#invite-url", Static).update(self._invite)
        self.query_one("#invite-words", Static).update(
            _("The bot is in no server yet. Open this address (the square holds the same one), choose your server and"
              " say yes. This screen notices when the bot has joined.")
        )  # fmt: skip
        self.query_one("#invite").display = True
        self.query_one(QrCode).show(self._invite)

    def _show_tree(self) -> None:
        items: list[Item] = []
        for guild in self._guilds:
            items.append(Item(f"g{guild.id}", guild.name, _("the whole server")))
            for category, channels in by_category(self._channels.get(guild.id, ())):
                if category:
                    items.append(Item(f"h{guild.id}{category}", category, depth=2, heading=True))
                items += [
                    Item(f"c{channel.id}", f"#{channel.name}", depth=3 if category else 2, also=guild.name)
                    for channel in channels
                ]
        self.query_one(PickList).set_items(items)

    @on(PickList.Moved)
    def _ticked(self, event: PickList.Moved) -> None:
        """A whole server and single channels of it exclude each other."""
        tree = self.query_one(TickList)
        for guild in self._guilds:
            inside = {f"c{channel.id}" for channel in self._channels.get(guild.id, ())}
            if f"g{guild.id}" in tree.ticked and inside & tree.ticked:
                tree.ticked -= inside if event.item == f"g{guild.id}" else {f"g{guild.id}"}
                tree.refresh()

    # -- answering ------------------------------------------------------------------------------------------------
    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self._invite)
        self.notify(_("Copied, if your terminal lets programs copy."), markup=False)

    @on(PickList.Chosen)
    def _done(self) -> None:
        ticked = self.query_one(TickList).ticked
        mention = {guild.id: guild.require_mention for guild in self.session.spec.gateway.discord.guilds}
        found = []
        for guild in self._guilds:
            chosen = tuple(
                ChannelSpec(channel.id, channel.name)
                for channel in self._channels.get(guild.id, ())
                if f"c{channel.id}" in ticked
            )
            if chosen or f"g{guild.id}" in ticked:
                found.append(GuildSpec(guild.id, guild.name, mention.get(guild.id, True), chosen))
        if self._guilds:
            self.dismiss(tuple(found))

    def action_close(self) -> None:
        if not self.query_one(PickList).clear_filter():
            self.dismiss(None)
