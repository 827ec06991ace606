"""What Discord calls its servers, channels, people and roles by; and what in answers can be none of these."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from claw_tui.domain.spec import EVERYBODY, ChannelSpec, GatewaySpec, GuildSpec, Named, Route
from claw_tui.domain.toml_places import Path

DISCORD_ID = re.compile(r"[0-9]{17,20}")


def wrong_ids(gateway: GatewaySpec, before: GatewaySpec) -> list[Path]:
    """Where none stands. ``before``: the answers of the file that these begin with; OpenClaw takes names there as well."""
    known = {EVERYBODY.id, *(id_ for _path, id_ in _ids(before))}
    return [path for path, id_ in _ids(gateway) if id_ not in known and not DISCORD_ID.fullmatch(id_)]


def _ids(gateway: GatewaySpec) -> Iterator[tuple[Path, str]]:
    """Answers that somebody wrote by hand may have other things in these places: those were told already."""
    guilds = getattr(gateway.discord, "guilds", ())
    for place, guild in _rows(("gateway", "discord", "guilds"), guilds):
        if isinstance(guild, GuildSpec):
            yield from _of_place(place, guild)
            for inside, channel in _rows((*place, "channels"), guild.channels):
                if isinstance(channel, ChannelSpec):
                    yield from _of_place(inside, channel)
    for place, agent in _rows(("gateway", "agents"), gateway.agents):
        for inside, route in _rows((*place, "routes"), getattr(agent, "routes", ())):
            if isinstance(route, Route) and route.channel == "discord":
                yield from (
                    ((*inside, name), id_) for name in ("guild", "peer") if (id_ := getattr(route, name))
                )


def _of_place(place: Path, found: GuildSpec | ChannelSpec) -> Iterator[tuple[Path, str]]:
    yield (*place, "id"), found.id
    for name, people in (("users", found.users), ("roles", found.roles)):
        for inside, one in _rows((*place, name), people):
            if isinstance(one, Named):
                yield (*inside, "id"), one.id


def _rows(place: Path, rows: Iterable[object]) -> Iterator[tuple[Path, object]]:
    return (((*place, index), row) for index, row in enumerate(rows))
