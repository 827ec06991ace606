"""Ticking servers, categories and channels: each function takes what is picked and returns what is picked then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from claw_tui.domain.discord import Channel, Guild, Sight, by_category
from claw_tui.domain.spec import ChannelSpec, GuildSpec, Named

Picks = tuple[GuildSpec, ...]


def guild_pick(picks: Picks, guild: str) -> GuildSpec | None:
    return next((pick for pick in picks if pick.id == guild), None)


def channel_pick(picks: Picks, guild: str, channel: str) -> ChannelSpec | None:
    found = guild_pick(picks, guild)
    return next((c for c in found.channels if c.id == channel), None) if found else None


def is_whole(pick: GuildSpec | None) -> bool:
    """No channels named means all of them."""
    return pick is not None and not pick.channels


def tick_guild(picks: Picks, guild: Guild) -> Picks:
    """The whole server, or nothing of it. Its channels' own settings are given up, for they are in the whole."""
    pick = guild_pick(picks, guild.id)
    if pick is None:
        return (*picks, GuildSpec(guild.id, guild.name))
    return _without(picks, guild.id) if is_whole(pick) else _with(picks, replace(pick, channels=()))


def tick_channels(picks: Picks, guild: Guild, channels: Sequence[Channel]) -> Picks:
    """Add those channels; when all of them were picked, take them away. A whole server becomes these channels only."""
    if not channels:
        return picks
    pick = guild_pick(picks, guild.id) or GuildSpec(guild.id, guild.name)
    wanted, had = {c.id for c in channels}, {c.id for c in pick.channels}
    if wanted <= had:
        left = tuple(c for c in pick.channels if c.id not in wanted)
        return _with(picks, replace(pick, channels=left)) if left else _without(picks, guild.id)
    new = tuple(ChannelSpec(c.id, c.name) for c in channels if c.id not in had)
    return _with(picks, replace(pick, channels=(*pick.channels, *new)))


def drop_channel(picks: Picks, guild: str, channel: str) -> Picks:
    """Take a channel away that Discord does not show any more."""
    pick = guild_pick(picks, guild)
    if pick is None:
        return picks
    left = tuple(c for c in pick.channels if c.id != channel)
    return _with(picks, replace(pick, channels=left)) if left else _without(picks, guild)


def drop_guild(picks: Picks, guild: str) -> Picks:
    """Take a server away that the bot is not in any more."""
    return _without(picks, guild)


def next_mention(picks: Picks, guild: str, channel: str = "") -> Picks:
    """A server: only when mentioned, or always. A channel: as its server, the other way, the server's way by itself."""
    pick = guild_pick(picks, guild)
    if pick is None:
        return picks
    if not channel:
        return _with(picks, replace(pick, require_mention=not pick.require_mention))
    other = not pick.require_mention
    after: dict[bool | None, bool | None] = {None: other, other: not other, not other: None}
    return _with(
        picks, _changed(pick, channel, lambda c: replace(c, require_mention=after[c.require_mention]))
    )


def let_in(picks: Picks, guild: str, channel: str, users: Iterable[Named], roles: Iterable[Named]) -> Picks:
    """Who may talk to the bot: in a server, or in one channel of it (``channel`` not empty)."""
    pick = guild_pick(picks, guild)
    if pick is None:
        return picks
    people, their = tuple(users), tuple(roles)
    if not channel:
        return _with(picks, replace(pick, users=people, roles=their))
    return _with(picks, _changed(pick, channel, lambda c: replace(c, users=people, roles=their)))


def as_seen(picks: Picks, sight: Sight) -> Picks:
    """The same, in Discord's own order and with today's names; what Discord does not show any more stays, at the end."""
    order = {guild.id: at for at, guild in enumerate(sight.guilds)}
    names = {guild.id: guild.name for guild in sight.guilds}
    named = [_channels_as_seen(replace(p, name=names.get(p.id, p.name)), sight) for p in picks]
    return tuple(sorted(named, key=lambda pick: order.get(pick.id, len(order))))


def _channels_as_seen(pick: GuildSpec, sight: Sight) -> GuildSpec:
    view = next((view for view in sight.views if view.guild.id == pick.id), None)
    if view is None:
        return pick
    shown = [c for _category, inside in by_category(view.channels) for c in inside]
    order, names = {c.id: at for at, c in enumerate(shown)}, {c.id: c.name for c in shown}
    channels = sorted(pick.channels, key=lambda c: order.get(c.id, len(order)))
    return replace(pick, channels=tuple(replace(c, name=names.get(c.id, c.name)) for c in channels))


def _changed(pick: GuildSpec, channel: str, change: Callable[[ChannelSpec], ChannelSpec]) -> GuildSpec:
    return replace(pick, channels=tuple(change(c) if c.id == channel else c for c in pick.channels))


def _with(picks: Picks, pick: GuildSpec) -> Picks:
    if guild_pick(picks, pick.id) is None:
        return (*picks, pick)
    return tuple(pick if old.id == pick.id else old for old in picks)


def _without(picks: Picks, guild: str) -> Picks:
    return tuple(pick for pick in picks if pick.id != guild)
