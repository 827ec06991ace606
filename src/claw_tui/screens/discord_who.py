"""Who may talk to the bot in a server or in a channel: roles from a list, people by their name or id."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from claw_tui.domain.discord import Member, Role
from claw_tui.domain.discord_ids import DISCORD_ID
from claw_tui.domain.errors import ClawError
from claw_tui.domain.spec import EVERYBODY, ChannelSpec, GuildSpec, Named
from claw_tui.engine.sights import SightReader
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Dialog
from claw_tui.screens.dialogs import LineDialog, PickDialog, may_drop
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import Item, PickList, TickList

Who = tuple[tuple[Named, ...], tuple[Named, ...]]  # people, roles


class WhoDialog(Dialog[Who]):
    """Nothing ticked: everybody; for a channel: whoever its server lets in."""

    HELP: ClassVar[str] = n_(
        "Tick the roles and people that the bot answers here; with nothing ticked it answers everybody, or whoever the"
        " server lets in. F3 adds a person by name or id. Enter takes it over, Escape asks before it drops a change."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f3", "add", n_("Add a person"))]
    DEFAULT_CSS = "WhoDialog #who-said { height: auto; max-height: 6; }"

    def __init__(
        self, title: str, place: GuildSpec | ChannelSpec, guild: str, roles: tuple[Role, ...],
        reader: SightReader, *, knows_members: bool,
    ) -> None:  # fmt: skip
        super().__init__()
        self._heading, self._place, self._guild, self._reader = title, place, guild, reader
        self._of_channel, self._knows_members = isinstance(place, ChannelSpec), knows_members
        self._roles = {role.id: role.name for role in roles if role.id != guild and not role.bot}
        self._roles |= {role.id: role.name or role.id for role in place.roles if role.id not in self._roles}
        self._people = {user.id: user.name for user in place.users if user != EVERYBODY}

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel -tall"):
            yield Static(self._heading, classes="title", markup=False)
            yield TickList(self._items(), ticked=self._ticked_before(), id="who")
            yield Static(self._hint(), id="who-said", classes="muted", markup=False)

    def _ticked_before(self) -> list[str]:
        return [f"u{user.id}" for user in self._place.users] + [f"r{role.id}" for role in self._place.roles]

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#who").focus()

    def _hint(self) -> str:
        if self._of_channel:
            words = _(
                "Nothing ticked: whoever may talk to it in the server. Who has one of the ticked things may."
            )
        else:
            words = _("Nothing ticked: everybody. Who has one of the ticked things may talk to it.")
        if not self._knows_members:
            words += " " + _(
                "For roles, switch on “Server Members Intent” under Bot in Discord's developer portal."
            )
        return words

    def _items(self) -> list[Item]:
        items = (
            [Item(f"u{EVERYBODY.id}", _("everybody"), _("whatever the server says"))]
            if self._of_channel
            else []
        )
        items.append(Item("h-roles", _("Roles"), heading=True))
        items += [Item(f"r{one}", f"@{name}", depth=1) for one, name in self._roles.items()]
        items.append(Item("h-people", _("People (F3 adds one)"), heading=True))
        items += [
            Item(f"u{one}", name or one, one if name else "", depth=1) for one, name in self._people.items()
        ]
        return items

    # -- people ---------------------------------------------------------------------------------------------------
    @work(exclusive=True, group="who")
    async def action_add(self) -> None:
        note = _(
            "The beginning of a name, or a numeric id. (Discord shows ids after: Settings, Advanced, Developer Mode.)"
        )
        words = await self.app.push_screen_wait(LineDialog(_("Add a person"), note=note))
        if not words:
            return
        if not words.isdigit() and not self._knows_members:
            self._say(
                _(
                    "Searching by name needs “Server Members Intent” (developer portal, Bot). An id works without."
                )
            )
            return
        if words.isdigit() and not DISCORD_ID.fullmatch(words):
            self._say(_("An id has 17 digits or more."))
            return
        try:
            found = await self._reader.find(self._guild, words)
        except ClawError as error:
            self._say(f"{sign('failed')} {error.message} {error.hint}")
            if DISCORD_ID.fullmatch(words):  # an id can be used without being looked up
                self._take(Member(words, ""))
            return
        await self._choose(words, found)

    async def _choose(self, words: str, found: tuple[Member, ...]) -> None:
        if not found:
            self._say(_("Nobody in this server was found by “{words}”.").format(words=words))
            return
        chosen: str | None = found[0].id
        if len(found) > 1:
            items = [Item(member.id, member.name, member.id) for member in found]
            chosen = await self.app.push_screen_wait(PickDialog(_("Who is meant?"), items))
        self._take(*[member for member in found if member.id == chosen])

    def _take(self, *members: Member) -> None:
        people = self.query_one("#who", TickList)
        for member in members:
            self._people[member.id] = member.name
            people.ticked.add(f"u{member.id}")
            people.set_items(self._items(), f"u{member.id}")
            if member.name:
                self._say(self._hint())

    def _say(self, words: str) -> None:
        self.query_one("#who-said", Static).update(words)

    # -- answering ------------------------------------------------------------------------------------------------
    @on(PickList.Moved, "#who")
    def _ticked(self, event: PickList.Moved) -> None:
        """Everybody, and chosen ones, exclude each other."""
        people, every = self.query_one("#who", TickList), f"u{EVERYBODY.id}"
        if every in people.ticked and len(people.ticked) > 1:
            people.ticked = {every} if event.item == every else people.ticked - {every}
            people.refresh()

    @on(PickList.Chosen, "#who")
    def _done(self) -> None:
        ticked = self.query_one("#who", TickList).ticked
        names = {EVERYBODY.id: "", **self._people}
        users = tuple(Named(one, name) for one, name in names.items() if f"u{one}" in ticked)
        roles = tuple(Named(one, name) for one, name in self._roles.items() if f"r{one}" in ticked)
        self.dismiss((users, roles))

    def action_close(self) -> None:
        self._close_if_sure()

    @work(exclusive=True, group="close")
    async def _close_if_sure(self) -> None:
        people = self.query_one("#who", TickList)
        if not people.clear_filter() and (
            people.ticked == set(self._ticked_before()) or await may_drop(self.app)
        ):
            self.dismiss(None)
