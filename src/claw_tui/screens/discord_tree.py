"""The tree of servers, categories and channels: folding, searching, ticking, and what is to be known of each."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from claw_tui.domain import discord_picks
from claw_tui.domain.discord import Guild, Sight
from claw_tui.domain.discord_picks import Picks, channel_pick, guild_pick
from claw_tui.i18n import _, many, n_
from claw_tui.screens.discord_rows import Place, Rows, about, rows_of
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import PickList
from claw_tui.widgets.tree_list import TreeList

FEW = 5  # so many servers are shown open


class ChannelTree(Vertical):
    """``picks`` is what is ticked. It asks for what it does not have: Opened and WhoWanted."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "mention", n_("Mention")),
        Binding("w", "who", n_("Who")),
    ]
    DEFAULT_CSS = """
    ChannelTree { height: 1fr; }
    ChannelTree > #about { height: auto; min-height: 3; max-height: 6; padding: 0 1; color: $text-muted; }
    """

    class Opened(Message):
        """A server was opened."""

        def __init__(self, guild: Guild) -> None:
            super().__init__()
            self.guild = guild

    class WhoWanted(Message):
        """Who may talk to the bot in this place is to be chosen; ``channel`` is empty for the whole server."""

        def __init__(self, guild: str, channel: str, name: str) -> None:
            super().__init__()
            self.guild, self.channel, self.name = guild, channel, name

    def __init__(self) -> None:
        super().__init__()
        self.picks: Picks = ()
        self._sight: Sight | None = None
        self._problems: Mapping[str, str] = {}
        self._folds: dict[str, bool] = {}  # what the person closed (True) or opened
        self._rows = Rows()
        self._opened = ""  # a branch whose inside is not shown yet

    def compose(self) -> ComposeResult:
        yield TreeList(id="tree")
        yield Static("", id="about", markup=False)

    @property
    def tree_list(self) -> TreeList:
        return self.query_one("#tree", TreeList)

    @property
    def is_empty(self) -> bool:
        return not self._rows.items

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return not self.is_empty if action in ("mention", "who") else super().check_action(action, parameters)

    # -- showing --------------------------------------------------------------------------------------------------
    def show(self, sight: Sight, problems: Mapping[str, str]) -> None:
        self._sight, self._problems = sight, problems
        self.draw()

    def unfold(self, guilds: list[Guild]) -> None:
        self._folds |= {f"g{guild.id}": False for guild in guilds}

    def say(self, words: str) -> None:
        """Instead of what is known of the row, until the next key."""
        self.query_one("#about", Static).update(words)

    def draw(self) -> None:
        if self._sight is None:
            return
        self._rows = rows_of(
            self._sight,
            self.picks,
            self._shut(self._sight),
            self._problems,
            time.time(),
            searching=bool(self.tree_list.query_text),
        )
        self.tree_list.set_items(self._rows.items)
        self.tree_list.show_ticks(self._rows.ticked, self._rows.partly)
        if self._opened:
            inside = self._inside(self._opened)
            self._opened = "" if inside else self._opened
            self.tree_list.show_below(inside)
        self._show_about()
        self.screen.refresh_bindings()

    def _inside(self, key: str) -> int:
        """How many rows are in a branch."""
        at = next((at for at, item in enumerate(self._rows.items) if item.id == key), len(self._rows.items))
        depths = [item.depth for item in self._rows.items[at:]]
        return next((n for n, depth in enumerate(depths[1:]) if depth <= depths[0]), max(0, len(depths) - 1))

    def _shut(self, sight: Sight) -> set[str]:
        if self.tree_list.query_text:
            return set()
        few = len(sight.guilds) <= FEW
        open_ones = {pick.id for pick in self.picks if pick.channels}
        closed = {f"g{guild.id}" for guild in sight.guilds if not few and guild.id not in open_ones}
        closed -= {key for key, shut in self._folds.items() if not shut}
        return closed | {key for key, shut in self._folds.items() if shut}

    def _show_about(self) -> None:
        words = about(self._place, self.picks, time.time())
        if self.tree_list.searching or self.tree_list.query_text:
            search = _("Search: {words}").format(words=self.tree_list.query_text or sign("more"))
            read = len(self._sight.views) if self._sight else 0
            unread = len(self._sight.guilds) - read if self._sight else 0
            more = many(
                "{count} server was not read yet: open it first.",
                "{count} servers were not read yet: open them first.",
                unread,
            )
            words = f"{search}{f'  ({more})' if unread > 0 else ''}\n{words}"
        self.query_one("#about", Static).update(words)

    @property
    def _place(self) -> Place | None:
        return self._rows.places.get(self.tree_list.current)

    @on(PickList.Moved, "#tree")
    def _moved(self) -> None:
        self._show_about()

    @on(PickList.Narrowed)
    def _narrowed(self) -> None:
        self.draw()

    @on(TreeList.Folded)
    def _folded(self, event: TreeList.Folded) -> None:
        items = self._rows.items
        at = next((at for at, item in enumerate(items) if item.id == event.item), 0)
        is_open = items[at].mark == sign("down")
        if event.closed and not is_open:  # from a leaf, or a closed branch: up to what holds it
            above = [item for item in items[:at] if item.depth < items[at].depth and item.mark]
            if above:
                self.tree_list.go_to(above[-1].id)
        elif items[at].mark:
            self._folds[event.item] = event.closed
            self._opened = "" if event.closed else event.item
            place = self._rows.places[event.item]
            if place.kind == "guild" and not event.closed:
                self.post_message(self.Opened(place.guild))
            self.draw()

    # -- choosing -------------------------------------------------------------------------------------------------
    @on(TreeList.Ticked)
    def _tick(self, event: TreeList.Ticked) -> None:
        place = self._rows.places[event.item]
        if place.kind == "lost" and place.channel:
            self.picks = discord_picks.drop_channel(self.picks, place.guild.id, place.channel)
        elif place.kind == "lost":
            self.picks = discord_picks.drop_guild(self.picks, place.guild.id)
        elif place.kind == "guild":
            self.picks = discord_picks.tick_guild(self.picks, place.guild)
        else:
            self.picks = discord_picks.tick_channels(self.picks, place.guild, place.channels)
        self.draw()

    def _picked(self) -> tuple[str, str] | None:
        """(guild, channel or "") of what is ticked under the cursor; None, with a word about it, when nothing is."""
        place = self._place
        if place is not None and place.kind == "guild" and guild_pick(self.picks, place.guild.id):
            return place.guild.id, ""
        if place is not None and channel_pick(self.picks, place.guild.id, place.channel):
            return place.guild.id, place.channel
        self.say(_("Tick a server or a channel first: Space."))
        return None

    def action_mention(self) -> None:
        if picked := self._picked():
            self.picks = discord_picks.next_mention(self.picks, *picked)
            self.draw()

    def action_who(self) -> None:
        if (picked := self._picked()) and self._place is not None:
            self.post_message(self.WhoWanted(*picked, self._place.name))
