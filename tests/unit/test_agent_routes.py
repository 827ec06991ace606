"""Which agent answers where."""

from __future__ import annotations

from dataclasses import replace

from claw_tui.domain.agent_routes import owner_of, spots, with_routes
from claw_tui.domain.spec import AgentSpec, ChannelSpec, DiscordSpec, GatewaySpec, GuildSpec, Route

GUILD, ROOM = Route("discord", "1"), Route("discord", "1", "11", "channel")
PERSON = Route("telegram", "", "42", "direct")
GATEWAY = GatewaySpec(
    agents=(AgentSpec("main"), AgentSpec("work", routes=(ROOM,)), AgentSpec("night", routes=(PERSON,))),
    discord=DiscordSpec(
        enabled=True, guilds=(GuildSpec("1", "Club", channels=(ChannelSpec("11", "general"),)),)
    ),
)
ON = (("discord", "Discord"), ("telegram", "Telegram"))


def test_the_places_are_the_channels_servers_and_rooms_and_what_somebody_has_besides() -> None:
    assert [(spot.route, spot.words, spot.depth) for spot in spots(GATEWAY, ON)] == [
        (Route("discord"), "Discord", 0), (GUILD, "Club", 1), (ROOM, "#general", 2),
        (Route("telegram"), "Telegram", 0), (PERSON, "private messages of 42", 1),
    ]  # fmt: skip
    assert spots(GATEWAY, ()) == ()


def test_the_most_specific_route_counts_and_the_first_has_the_rest() -> None:
    assert [owner_of(GATEWAY, route) for route in (ROOM, GUILD, PERSON, Route("telegram"))] == [
        "work", "main", "night", "main",
    ]  # fmt: skip


def test_a_place_is_taken_from_who_had_it() -> None:
    agents = with_routes(GATEWAY, "night", (ROOM, GUILD))
    assert [agent.routes for agent in agents] == [(), (), (ROOM, GUILD)]
    back = with_routes(replace(GATEWAY, agents=agents), "main", (ROOM, Route("discord")))
    assert [agent.routes for agent in back] == [(ROOM,), (), (GUILD,)]
