"""Which agent answers where: the places that there are to choose from, and giving one to an agent."""

from __future__ import annotations

from dataclasses import dataclass, replace

from claw_tui.domain.spec import AgentSpec, GatewaySpec, Route
from claw_tui.i18n import _


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that messages come from; ``depth`` as in a tree."""

    route: Route
    words: str
    depth: int = 0


def key_of(route: Route) -> str:
    return f"{route.channel}\t{route.guild}\t{route.peer}\t{route.kind}"


def spots(gateway: GatewaySpec, channels: tuple[tuple[str, str], ...]) -> tuple[Spot, ...]:
    """``channels``: id and title of those that are on. Discord's servers and rooms, and what an agent has besides."""
    found: list[Spot] = []
    routes = dict.fromkeys(route for agent in gateway.agents for route in agent.routes)
    for name, title in channels:
        found.append(Spot(Route(name), title))
        listed = _discord_spots(gateway) if name == "discord" else []
        known = {spot.route for spot in listed}
        others = [r for r in routes if r.channel == name and (r.guild or r.peer) and r not in known]
        found += listed + [Spot(route, _other_words(route), 1) for route in others]
    return tuple(found)


def _discord_spots(gateway: GatewaySpec) -> list[Spot]:
    found = []
    for guild in gateway.discord.guilds:
        found.append(Spot(Route("discord", guild.id), guild.name or guild.id, 1))
        for channel in guild.channels:
            room = Route("discord", guild.id, channel.id, "channel")
            found.append(Spot(room, f"#{channel.name or channel.id}", 2))
    return found


def _other_words(route: Route) -> str:
    kinds = {"direct": _("private messages of {id}"), "group": _("group {id}"), "channel": _("channel {id}")}
    words = kinds.get(route.kind, "{id}").format(id=route.peer) if route.peer else ""
    server = _("server {id}").format(id=route.guild) if route.guild else ""
    return ", ".join(filter(None, (server, words)))


def owner_of(gateway: GatewaySpec, route: Route) -> str:
    """The agent that answers there: by the most specific route, else the first."""
    steps = (route, Route(route.channel, route.guild), Route(route.channel))
    for step in dict.fromkeys(steps):
        for agent in gateway.agents:
            if step in agent.routes:
                return agent.id
    return gateway.agents[0].id if gateway.agents else ""


def with_routes(gateway: GatewaySpec, name: str, wanted: tuple[Route, ...]) -> tuple[AgentSpec, ...]:
    """The agents, when ``name`` answers in ``wanted`` and nowhere else; what it gives up is the first one's again."""
    found = []
    for number, agent in enumerate(gateway.agents):
        if agent.id != name:
            found.append(replace(agent, routes=tuple(r for r in agent.routes if r not in wanted)))
            continue
        # Whole channels are the first one's anyway.
        own = tuple(r for r in wanted if number or r.guild or r.peer)
        found.append(replace(agent, routes=own))
    return tuple(found)
