"""Which agent answers what: the wizard's routes and the file's bindings."""

from __future__ import annotations

from typing import Any

from claw_tui.domain.openclaw.config import Agents, Binding, Config
from claw_tui.domain.spec import AgentSpec, GatewaySpec, Route


def agent_specs(config: Config, agents: Agents) -> tuple[AgentSpec, ...]:
    """Whole channels that the first agent answers need not be said: it answers all that no other one does."""
    found = []
    for number, (id_, agent) in enumerate(_owner_first(config, agents)):
        routes = dict.fromkeys(
            route for b in config.bindings or () if b.agent_id == id_ and (route := _route(b)) is not None
        )
        own = tuple(r for r in routes if number or r.guild or r.peer)
        model = (agent.model.primary if agent.model else None) or ""
        found.append(AgentSpec(id_, model, agent.workspace or "", own))
    return tuple(found)


def _route(binding: Binding) -> Route | None:
    """What the wizard asks for; None for a binding by account, role or team, which stays as it is."""
    match = binding.match
    known = {"type", "agentId", "match", "comment"} >= set(binding.write())
    if not known or match is None or not match.channel or binding.type not in (None, "route"):
        return None
    peer = match.peer
    if match.extra or match.account_id or match.team_id or match.roles or (peer and peer.extra):
        return None
    return Route(
        match.channel,
        match.guild_id or "",
        (peer.id if peer else "") or "",
        (peer.kind if peer else "") or "",
    )


def _owner_first(config: Config, agents: Agents) -> list[tuple[str, Any]]:
    """An agent that whole channels are bound to comes first: new channels will talk to it."""
    entries = list((agents.entries or {}).items())
    bound = [
        binding.agent_id for binding in config.bindings or ()
        if binding.match and not (binding.match.peer or binding.match.guild_id or binding.match.roles)
    ]  # fmt: skip
    owner = next((id_ for id_, _agent in entries if id_ in bound), None)
    return sorted(entries, key=lambda pair: owner is not None and pair[0] != owner)


def bindings_over(there: list[Any], built: Any, before: GatewaySpec, now: GatewaySpec) -> list[Any]:
    """What the wizard does not ask for stays, but not for an agent that was taken out; the rest is as it says."""
    gone = {agent.id for agent in before.agents} - {agent.id for agent in now.agents}
    wanted = [(b["agentId"], _route(Binding.read(b))) for b in built or ()]
    channels = {route.channel for _agent_id, route in wanted if route}
    first = now.agents[0].id if now.agents else ""
    found, have, spoken = [], [], set()
    for row in there:
        binding = Binding.read(row) if isinstance(row, dict) else None
        route = _route(binding) if binding else None
        if binding and binding.agent_id in gone:
            continue
        spoken.add(binding.match.channel if binding and binding.match else None)
        if binding and route and route.channel in channels and (binding.agent_id, route) not in wanted:
            continue
        found.append(row)
        have.append((binding.agent_id, route) if binding else None)
    # Whoever bound parts of a channel only wants silence in the rest of it.
    silent = {(first, Route(channel)) for channel in spoken if channel}
    return [*found, *(b for b, key in zip(built or (), wanted, strict=True) if key not in [*have, *silent])]
