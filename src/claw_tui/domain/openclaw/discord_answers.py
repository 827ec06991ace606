"""Discord's servers and channels: the answers that a file stands for, and changed answers written into it again."""

from __future__ import annotations

from collections.abc import Mapping

from claw_tui.domain.gateway_config import discord_channel, who
from claw_tui.domain.openclaw.channels import Discord, Guild, Ids, Place
from claw_tui.domain.openclaw.notes import Json, object_in
from claw_tui.domain.spec import ChannelSpec, DiscordSpec, GuildSpec, Named


def read_discord(discord: Discord | None) -> DiscordSpec:
    """A server that is shut as a whole is no answer: it stays in the file as it is."""
    if discord is None:
        return DiscordSpec()
    guilds = tuple(
        GuildSpec(
            id_, guild.slug or "", guild.require_mention is not False, _allowed(guild.channels),
            _named(guild.users), _named(guild.roles),
        )
        for id_, guild in (discord.guilds or {}).items()
        if not _shut(guild)
    )  # fmt: skip
    return DiscordSpec(discord.enabled is not False, guilds)


def _shut(guild: Guild) -> bool:
    """All channels that it names are switched off; those that it does not name are anyhow."""
    return bool(guild.channels) and all(place.enabled is False for place in (guild.channels or {}).values())


def _allowed(channels: Mapping[str, Place] | None) -> tuple[ChannelSpec, ...]:
    """The channels it may talk in; none when it may in all."""
    places = {id_: place for id_, place in (channels or {}).items() if place.enabled is not False}
    return () if "*" in places else tuple(
        ChannelSpec(id_, "", place.require_mention, _named(place.users), _named(place.roles))
        for id_, place in places.items()
    )  # fmt: skip


def _named(ids: Ids | None) -> tuple[Named, ...]:
    return tuple(Named(str(id_)) for id_ in ids or ())


def write_guilds(there: Json, before: DiscordSpec, built: Json) -> Json:
    """``there`` with the answers in it. ``before``: those that it stood for."""
    asked = {guild.id: guild for guild in before.guilds}
    found = {id_: guild for id_, guild in there.items() if id_ not in asked}
    for id_, guild in built.items():
        old = object_in(there, id_)
        found[id_] = _guild(old, asked.get(id_, GuildSpec(id_)), guild) if old else guild
    return {key: found[key] for key in dict.fromkeys((*there, *found)) if key in found}


def _guild(there: Json, before: GuildSpec, built: Json) -> Json:
    rest = {key: value for key, value in there.items() if key != "channels"}
    asked = {key: value for key, value in built.items() if key != "channels"}
    found = _asked(rest, {"requireMention": before.require_mention, **who(before)}, asked)
    places = _places(object_in(there, "channels"), before, object_in(built, "channels"))
    if places:
        found["channels"] = places
    return {key: found[key] for key in dict.fromkeys((*there, *found)) if key in found}


def _places(there: Json, before: GuildSpec, built: Json) -> Json:
    """What was shut stays shut. With "*" before and now, the others' own settings stay as well."""
    if not there and set(built) == {"*"}:
        return {}
    asked = {channel.id: discord_channel(channel) for channel in before.channels}
    every = "*" in there and "*" in built
    kept = {
        id_: place for id_, place in there.items()
        if every or id_ in built or (isinstance(place, dict) and place.get("enabled") is False)
    }  # fmt: skip
    new = {id_: _asked(object_in(kept, id_), asked.get(id_, {}), place) for id_, place in built.items()}
    return {**kept, **new}


def _asked(there: Json, before: Json, built: Json) -> Json:
    """``there`` with those answers that are others than ``before``; the rest stays as it was written."""
    found = dict(there)
    for keys in (("enabled",), ("requireMention",), ("users", "roles")):
        old, new = ({key: side[key] for key in keys if key in side} for side in (before, built))
        if old != new:
            found = {key: value for key, value in found.items() if key not in keys or key in new}
            found.update(new)
    return found
