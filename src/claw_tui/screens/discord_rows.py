"""What the Discord screen says of servers, categories and channels: one row each, and sentences for the one in focus."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from claw_tui.domain.discord import (
    ANNOUNCEMENT,
    FORUM,
    MEDIA,
    POSTS,
    STAGE,
    VOICE,
    Channel,
    Guild,
    GuildView,
    Sight,
    by_category,
)
from claw_tui.domain.discord_access import Access, access
from claw_tui.domain.discord_picks import Picks, channel_pick, guild_pick, is_whole
from claw_tui.domain.spec import EVERYBODY, ChannelSpec, GuildSpec
from claw_tui.i18n import _, many, n_
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import Item

OLD_SECONDS = 3600.0  # what was read longer ago says so
TYPES = {
    VOICE: n_("voice"), STAGE: n_("stage"), ANNOUNCEMENT: n_("announcements"), FORUM: n_("forum"), MEDIA: n_("media"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """What a row stands for."""

    kind: Literal["guild", "category", "channel", "lost"]
    guild: Guild
    channels: tuple[Channel, ...] = ()  # what Space ticks
    channel: str = ""  # the channel's id, also of a lost one; a lost server has none
    access: Access | None = None
    name: str = ""  # as people know it
    at: float = 0.0  # when a server was looked into, in seconds since 1970


@dataclass(slots=True)
class Rows:
    """Items in order, and what each of them stands for."""

    items: list[Item] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    ticked: set[str] = field(default_factory=set)
    partly: set[str] = field(default_factory=set)

    def add(self, item: Item, place: Place, *, on: bool = False, some: bool = False) -> None:
        self.items.append(item)
        self.places[item.id] = place
        if on:
            self.ticked.add(item.id)
        elif some:
            self.partly.add(item.id)


def rows_of(
    sight: Sight, picks: Picks, closed: Collection[str], problems: Mapping[str, str], now: float,
    *, searching: bool = False,
) -> Rows:  # fmt: skip
    """All rows; what is inside an id of ``closed`` is left out. While searching each row says its server."""
    rows, views = Rows(), {view.guild.id: view for view in sight.views}
    shown = {guild.id for guild in sight.guilds}
    lost = [Guild(pick.id, pick.name or pick.id) for pick in picks if pick.id not in shown]
    for guild in (*sight.guilds, *lost):
        pick, key = guild_pick(picks, guild.id), f"g{guild.id}"
        detail = _guild_detail(pick, gone=guild.id not in shown, problem=problems.get(guild.id, ""))
        if guild.id in shown and guild.id not in views and not problems.get(guild.id):
            detail = detail or _("not read yet")
        mark = sign("here") if key in closed else sign("down")
        whole = is_whole(pick)
        at = views[guild.id].at if guild.id in views else 0.0
        place = Place("guild" if guild.id in shown else "lost", guild, name=guild.name, at=at)
        rows.add(Item(key, guild.name, detail, mark=mark), place, on=whole, some=pick is not None)
        if key not in closed:
            _add_channels(rows, views.get(guild.id), guild, picks, closed, now)
    if searching:
        rows.items = [_with_server(item, rows.places[item.id]) for item in rows.items]
    return rows


def _with_server(item: Item, place: Place) -> Item:
    if item.id.startswith("g"):
        return item
    return item._replace(detail=f" {sign('bullet')} ".join(filter(None, (place.guild.name, item.detail))))


def _add_channels(
    rows: Rows, view: GuildView | None, guild: Guild, picks: Picks, closed: Collection[str], now: float
) -> None:
    pick = guild_pick(picks, guild.id)
    chosen = {c.id for c in pick.channels} if pick else set()
    known: set[str] = set()
    for category, channels in by_category(view.channels) if view else ():
        assert view is not None
        inside = [(channel, access(channel, view, now)) for channel in channels]
        key, depth = "", 2
        if category is not None:
            key = f"k{category.id}"
            usable = tuple(channel for channel, its in inside if its.usable)
            ids = {channel.id for channel in usable}
            mark = sign("here") if key in closed else sign("down")
            rows.add(
                Item(key, category.name, mark=mark, depth=1, also=guild.name),
                Place("category", guild, usable, name=category.name),
                on=bool(ids) and ids <= chosen, some=bool(chosen & {c.id for c in channels}),
            )  # fmt: skip
            depth = 3
        known |= {channel.id for channel in channels}
        for channel, its in inside if key not in closed else ():
            also = f"{guild.name} {category.name if category else ''}"
            spec = channel_pick(picks, guild.id, channel.id)
            item = Item(
                f"c{channel.id}", f"#{channel.name}", _channel_detail(channel, its, spec), depth, also=also
            )
            place = Place("channel", guild, (channel,), channel.id, its, f"#{channel.name}")
            rows.add(item, place, on=channel.id in chosen)
    for spec in pick.channels if pick and view is not None else ():
        if spec.id not in known:
            detail = f"{sign('failed')} " + _("not there any more")
            name = f"#{spec.name or spec.id}"
            rows.add(
                Item(f"c{spec.id}", name, detail, 2), Place("lost", guild, (), spec.id, None, name), on=True
            )


def _guild_detail(pick: GuildSpec | None, *, gone: bool, problem: str) -> str:
    if gone:
        return f"{sign('failed')} " + _("the bot is not there any more")
    parts = [f"{sign('failed')} {problem}"] if problem else []
    if pick is not None:
        parts.append(_("the whole server") if is_whole(pick) else _channels(len(pick.channels)))
        parts.append(_mention_word(mention=pick.require_mention))
        parts += [_people(pick)] if pick.users or pick.roles else []
    return f" {sign('bullet')} ".join(parts)


def _channels(count: int) -> str:
    return many("{count} channel", "{count} channels", count)


def _mention_word(*, mention: bool) -> str:
    return _("when mentioned") if mention else _("every message")


def _people(pick: GuildSpec | ChannelSpec) -> str:
    if EVERYBODY.id in [user.id for user in pick.users]:
        return _("everybody")
    words = []
    if pick.users:
        words.append(many("{count} person", "{count} people", len(pick.users)))
    if pick.roles:
        words.append(many("{count} role", "{count} roles", len(pick.roles)))
    return ", ".join(words)


def _channel_detail(channel: Channel, its: Access, spec: ChannelSpec | None) -> str:
    parts = [_(TYPES[channel.type])] if channel.type in TYPES else []
    if not its.sees:
        parts.append(f"{sign('failed')} " + _("can't see it"))
    elif not its.sends:
        parts.append(f"{sign('failed')} " + _("can't write"))
    elif not its.reads:
        parts.append(f"{sign('warning')} " + _("no history"))
    elif not its.threads:
        parts.append(f"{sign('warning')} " + _("not in threads"))
    if spec is not None and spec.require_mention is not None:
        parts.append(_mention_word(mention=spec.require_mention))
    if spec is not None and (spec.users or spec.roles):
        parts.append(_people(spec))
    return f" {sign('bullet')} ".join(parts)


# -- sentences --------------------------------------------------------------------------------------------------------
def about(place: Place | None, picks: Picks, now: float) -> str:
    """What is to be known of the row with the cursor."""
    if place is None:
        return ""
    if place.kind == "lost":
        return _("Discord does not show it to the bot any more. Space takes it away.")
    if place.kind == "category" and not place.channels:
        return _("The bot can use none of the channels in here; each says why.")
    if place.kind == "category":
        return _("Space ticks all that the bot can use here: {channels}.").format(
            channels=_channels(len(place.channels))
        )
    pick = guild_pick(picks, place.guild.id)
    if place.kind == "guild":
        words = _about_guild(pick)
        old = _("Its channels were read {ago}.").format(ago=ago(now - place.at))
        return f"{words}\n{old}" if place.at and now - place.at > OLD_SECONDS else words
    spec = channel_pick(picks, place.guild.id, place.channel)
    parts = [_access_words(place)]
    if pick is not None and spec is not None:
        parts.append(_settings(pick, spec))
    return "\n".join(filter(None, parts))


def _about_guild(pick: GuildSpec | None) -> str:
    if pick is None:
        return _("Space lets it talk in the whole server; open it to choose channels.")
    return _rules(mention=pick.require_mention, who=_people(pick))


def _access_words(place: Place) -> str:
    its = place.access
    if its is None or not its.why:
        return ""
    posts = place.channels[0].type in POSTS
    if not its.sees:
        words = _("The bot can't see it.")
    elif not its.sends:
        words = _("The bot can't answer in its posts.") if posts else _("The bot can't write there.")
    elif not its.reads:
        words = _("The bot can't read what was said before.")
    else:
        words = _("The bot can't answer in its threads.")
    return f"{sign('warning') if its.usable else sign('failed')} {words} {its.why}"


def _settings(pick: GuildSpec, spec: ChannelSpec) -> str:
    mention = pick.require_mention if spec.require_mention is None else spec.require_mention
    own = spec.users or spec.roles
    return _rules(mention=mention, who=_people(spec) if own else _people(pick))


def _rules(*, mention: bool, who: str) -> str:
    when = _("It answers when mentioned.") if mention else _("It answers every message.")
    whom = who or _("everybody")
    return f"{when} {_('Who may talk to it: {people}.').format(people=whom)}"


def ago(seconds: float) -> str:
    """How long ago something was read."""
    minutes = max(0, int(seconds // 60))
    if minutes < 60:
        return many("{count} minute ago", "{count} minutes ago", minutes) if minutes else _("just now")
    hours = minutes // 60
    if hours < 48:
        return many("{count} hour ago", "{count} hours ago", hours)
    return many("{count} day ago", "{count} days ago", hours // 24)
