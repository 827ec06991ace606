"""Discord: servers and channels picked from what the bot sees; an invitation when it sees none."""

from __future__ import annotations

import time
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from claw_tui.domain.discord import BotIdentity, Guild, Sight
from claw_tui.domain.discord_picks import as_seen, channel_pick, guild_pick, let_in
from claw_tui.domain.errors import BadKey, ClawError, RateLimited
from claw_tui.domain.secret_kinds import DISCORD
from claw_tui.domain.spec import GuildSpec
from claw_tui.engine.sights import SightReader
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Dialog
from claw_tui.screens.dialogs import may_drop
from claw_tui.screens.discord_invite import InvitePane, poll_after
from claw_tui.screens.discord_rows import ago
from claw_tui.screens.discord_tree import ChannelTree
from claw_tui.screens.discord_who import WhoDialog
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import PickList

PORTAL = "https://discord.com/developers/applications"


class DiscordDialog(Dialog[tuple[GuildSpec, ...]]):
    """A tree of servers, categories and channels to tick. A server ticked by itself means all of it."""

    HELP = n_(
        "Space ticks a channel, all that the bot can use in a category, or a whole server. Left and right close and open.\n\n"
        "M: whether it answers only when mentioned. W: who may talk to it. A channel does as its server says, until it is"
        " told otherwise.\n\n"
        "A sign at a channel means that the bot lacks a permission there; the line below the list says which, and where to"
        " give it. R reads again when you have done that."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,f5", "read", n_("Read again")),
        Binding("i", "invite", n_("Invite")),
        Binding("c,f6", "copy", n_("Copy the link")),
    ]
    DEFAULT_CSS = """
    DiscordDialog #said { height: auto; max-height: 4; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._reader: SightReader | None = None
        self._sight: Sight | None = None
        self._inviting = False  # the invitation is shown …
        self._is_first = False  # … because the bot is in no server at all

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel -wide"):
            yield Static("Discord", classes="title", id="bot", markup=False)
            yield Static("", id="said", markup=False)
            yield InvitePane()
            yield ChannelTree()

    def on_mount(self) -> None:
        super().on_mount()
        self.listing.picks = self.session.spec.gateway.discord.guilds
        self.listing.tree_list.focus()
        self.read()

    @property
    def listing(self) -> ChannelTree:
        return self.query_one(ChannelTree)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "copy":
            return self._inviting
        if action == "invite":
            return self._sight is not None and not self._inviting
        return super().check_action(action, parameters)

    # -- reading --------------------------------------------------------------------------------------------------
    def action_read(self) -> None:
        self.read()

    @work(exclusive=True, group="discord")
    async def read(self) -> None:
        self._say(_("Reading what the bot sees …"))
        token = await self.session.vault.get(self.session.spec.app, DISCORD)
        if token is None:
            self._say(_("The token is not at hand any more. Give it again on the Secrets screen."))
            return
        if self._reader is None:
            services = self.session.services
            self._reader = SightReader(services.discord, services.state, token)
        if self._sight is None and (kept := self._reader.kept()):
            self._saw(kept)
        try:
            await self._reader.read([pick.id for pick in self.listing.picks], self._saw)
        except ClawError as error:
            self._failed(error)
            return
        assert self._sight is not None
        self._say(_bot_words(self._sight.bot))
        if not self._sight.guilds:
            self._show_invite(on=True)
            self._say(_bot_words(self._sight.bot))
        elif self._inviting and self._is_first:
            self._show_invite(on=False)

    def _saw(self, sight: Sight) -> None:
        self._sight = sight
        words = _("Discord: the bot “{name}”").format(name=sight.bot.name)
        self.query_one("#bot", Static).update(words)
        if sight.guilds or self.listing.picks:
            self.listing.show(sight, self._reader.problems if self._reader else {})

    def _failed(self, error: ClawError) -> None:
        if self._sight is None or not self._sight.guilds:
            self._say(f"{sign('failed')} {error.message}\n{error.hint}")
            return
        when = ago(time.time() - self._sight.at)
        words = _("What you see was read {ago}. R reads again.").format(ago=when)
        self._say(f"{sign('failed')} {error.message}\n{words}")

    @on(ChannelTree.Opened)
    @work(group="discord-more")
    async def _open(self, event: ChannelTree.Opened) -> None:
        """Look into a server that was not read unasked."""
        if self._reader is not None and not self._reader.is_read(event.guild.id):
            self.listing.say(_("Reading what the bot sees …"))
            await self._reader.open(event.guild, self._saw)
            self.listing.draw()  # also when nothing could be read

    # -- inviting -------------------------------------------------------------------------------------------------
    def action_invite(self) -> None:
        self._show_invite(on=True)

    def _show_invite(self, *, on: bool) -> None:
        assert self._sight is not None
        self._inviting = on
        self.query_one("#said").display = not on and bool(str(self.query_one("#said", Static).content))
        pane = self.query_one(InvitePane)
        pane.display = on
        self.listing.display = not on
        if on:
            self._is_first = not self._sight.guilds
            pane.show(self._sight.bot.invite_url, first=self._is_first)
            self._watch({guild.id for guild in self._sight.guilds})
        else:
            self.workers.cancel_group(self, "discord-watch")
            self.listing.tree_list.focus()
        self.refresh_bindings()

    @work(exclusive=True, group="discord-watch")
    async def _watch(self, known: set[str]) -> None:
        """Ask politely until the bot is in one server more."""
        times = 0
        while self._inviting and self._reader is not None:
            await self.session.services.pause(poll_after(times))
            times += 1
            try:
                found = await self._reader.guilds()
            except (BadKey, RateLimited) as error:  # asking on would not help
                self._failed(error)
                return
            except ClawError as error:
                self._say(f"{sign('failed')} {error.message}")
                continue
            new = [guild for guild in found if guild.id not in known]
            if new:
                self._joined(new)
                return

    def _joined(self, new: list[Guild]) -> None:
        self.notify(_("The bot has joined {name}.").format(name=new[0].name), markup=False)
        self.listing.unfold(new)
        self._inviting = False
        self.query_one(InvitePane).display = False
        self.listing.display = True
        self.listing.tree_list.focus()
        self.refresh_bindings()
        self.read()

    def action_copy(self) -> None:
        if self._sight is not None:
            self.app.copy_to_clipboard(self._sight.bot.invite_url)
            self.notify(_("Copied, if your terminal lets programs copy."), markup=False)

    def _say(self, words: str) -> None:
        if self._inviting:
            self.query_one(InvitePane).say(words)
        said = self.query_one("#said", Static)
        said.display = bool(words) and not self._inviting
        said.update(words)

    @on(ChannelTree.WhoWanted)
    @work(exclusive=True, group="discord-who")
    async def _choose_who(self, event: ChannelTree.WhoWanted) -> None:
        tree, guild, channel = self.listing, event.guild, event.channel
        spec = channel_pick(tree.picks, guild, channel) or guild_pick(tree.picks, guild)
        if spec is None or self._reader is None or self._sight is None:
            return
        roles = next((view.roles for view in self._sight.views if view.guild.id == guild), ())
        title = _("Who may talk to it: {place}").format(place=event.name)
        found = await self.app.push_screen_wait(
            WhoDialog(title, spec, guild, roles, self._reader, knows_members=self._sight.bot.knows_members)
        )
        if found is not None:
            tree.picks = let_in(tree.picks, guild, channel, *found)
            tree.draw()

    # -- answering ------------------------------------------------------------------------------------------------
    @on(PickList.Chosen, "#tree")
    def _done(self) -> None:
        if self._sight is not None and not self.listing.is_empty:
            self.dismiss(as_seen(self.listing.picks, self._sight))

    def action_close(self) -> None:
        self._close_if_sure()

    @work(exclusive=True, group="close")
    async def _close_if_sure(self) -> None:
        if self._inviting and self._sight is not None and self._sight.guilds:
            self._show_invite(on=False)
        elif not self.listing.tree_list.clear_filter():
            same = self.listing.picks == self.session.spec.gateway.discord.guilds
            if same or await may_drop(self.app):
                self.dismiss(None)


def _bot_words(bot: BotIdentity) -> str:
    """What the bot lacks before it can work at all."""
    if bot.reads_messages:
        return ""
    page = f"{PORTAL}/{bot.application_id}/bot"
    words = _("It may not read messages yet: switch on “Message Content Intent” on this page, then R:")
    return f"{sign('warning')} {words}\n{page}"
