"""From an openclaw.json that is there to the wizard's answers, and back without losing what the wizard does not ask.

``spec_of_config`` reads the answers out of it; ``over`` writes changed answers into it again. What the answers do not
cover (policies, people, other channels, tools …) stays as it was; what a person took out in the wizard goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from claw_tui.domain.gateway_config import build_config
from claw_tui.domain.openclaw.agents_move import ROLES
from claw_tui.domain.openclaw.channels import Channels, Place, Slack, Telegram
from claw_tui.domain.openclaw.config import Agents, Config
from claw_tui.domain.openclaw.discord_answers import read_discord, write_guilds
from claw_tui.domain.openclaw.migrate import TakenOver, take_over
from claw_tui.domain.openclaw.notes import Json
from claw_tui.domain.spec import (
    PINNED_VERSION,
    AgentSpec,
    GatewaySpec,
    SlackSpec,
    Spec,
    TelegramSpec,
)

_OURS = ("discord", "telegram", "slack")
_TOKENS = ("token", "botToken", "appToken")


@dataclass(frozen=True, slots=True)
class Known:
    """A gateway's file, taken over: the answers in it, and the file itself to write them into again."""

    gateway: GatewaySpec
    taken: TakenOver

    @property
    def config(self) -> Json:
        return self.taken.config.write()

    def with_answers(self, spec: Spec, addresses: tuple[str, ...] = ()) -> Json:
        """The file with the answers of ``spec``; all else as it was."""
        return over(self.config, self.gateway, build_config(spec, addresses), spec.gateway)


def read_known(text: str, version: str = PINNED_VERSION) -> Known:
    """Start from somebody's file. Raises ValueError when it can't be read."""
    taken = take_over(text, version)
    return Known(spec_of_config(taken.config), taken)


def spec_of_config(config: Config) -> GatewaySpec:
    """The wizard's answers that this file stands for."""
    agents = config.agents or Agents()
    model = agents.defaults.model if agents.defaults else None
    found = tuple(
        AgentSpec(id_, (agent.model.primary if agent.model else None) or "")
        for id_, agent in _owner_first(config, agents)
    )
    channels = config.channels or Channels()
    count = agents.defaults.max_concurrent if agents.defaults else None
    return GatewaySpec(
        primary_model=(model.primary if model else None) or "",
        fallback_models=(model.fallbacks if model else None) or (),
        agents=found or (AgentSpec("main"),),
        max_concurrent=GatewaySpec().max_concurrent if count is None else count,
        discord=read_discord(channels.discord),
        telegram=_telegram(channels.telegram),
        slack=_slack(channels.slack),
    )


def _owner_first(config: Config, agents: Agents) -> list[tuple[str, Any]]:
    """The agent that whole channels are bound to comes first: in the wizard all channels talk to the first."""
    entries = list((agents.entries or {}).items())
    bound = [
        binding.agent_id for binding in config.bindings or ()
        if binding.match and not (binding.match.peer or binding.match.guild_id or binding.match.roles)
    ]  # fmt: skip
    return sorted(entries, key=lambda pair: pair[0] not in bound[:1])


def _telegram(telegram: Telegram | None) -> TelegramSpec:
    if telegram is None:
        return TelegramSpec()
    return TelegramSpec(telegram.enabled is not False, _mention(telegram.groups))


def _slack(slack: Slack | None) -> SlackSpec:
    if slack is None:
        return SlackSpec()
    return SlackSpec(slack.enabled is not False, _mention(slack.channels))


def _mention(places: Mapping[str, Place] | None) -> bool:
    """As "*" says; where only some are named, as they all say."""
    found = places or {}
    asked = [found["*"]] if "*" in found else list(found.values())
    return not asked or any(place.require_mention is not False for place in asked)


def over(there: Json, before: GatewaySpec, built: Json, now: GatewaySpec) -> Json:
    """``there`` with what the wizard writes (``built``) in it. ``before``: the answers that ``there`` stood for."""
    found: Json = {key: value for key, value in there.items() if key not in built}
    found["gateway"] = _gateway(_object(there, "gateway"), _object(built, "gateway"))
    found["agents"] = _agents(_object(there, "agents"), before, _object(built, "agents"))
    channels = {**_object(there, "channels")}
    for name in _OURS:
        wanted = _object(built, "channels").get(name)
        if wanted is not None:
            channels[name] = _channel(name, _object(channels, name), wanted, before, now)
        elif name in channels and isinstance(channels[name], dict):
            channels[name] = {**channels[name], "enabled": False}
    if channels:
        found["channels"] = channels
    plugins = _merged(_object(there, "plugins"), _object(built, "plugins"))
    if plugins:
        found["plugins"] = plugins
    bindings = _bindings(there.get("bindings"), built.get("bindings"), before, now)
    found.pop("bindings", None)  # all of them may have been an agent's that is gone
    if bindings:
        found["bindings"] = bindings
    found["meta"] = _object(there, "meta")
    return {key: found[key] for key in dict.fromkeys((*there, *built)) if key in found}


def _object(tree: Mapping[str, Any], key: str) -> Json:
    value = tree.get(key)
    return value if isinstance(value, dict) else {}


def _merged(there: Json, built: Json) -> Json:
    """Both; where both say something, ``built`` counts."""
    found = dict(there)
    for key, value in built.items():
        old = found.get(key)
        found[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return found


def _gateway(there: Json, built: Json) -> Json:
    """How it is reached is the wizard's business; how one logs in to it, and whom else it trusts, the person's."""
    found = _merged(there, {key: value for key, value in built.items() if key != "auth"})
    found["auth"] = there.get("auth") or built["auth"]
    if "publicOrigin" not in built:
        found.pop("publicOrigin", None)
    origins = _object(there, "controlUi").get("allowedOrigins")
    found["controlUi"] = {
        **found["controlUi"],
        "allowedOrigins": _both(origins, _object(built, "controlUi").get("allowedOrigins")),
    }
    found["trustedProxies"] = _both(there.get("trustedProxies"), built.get("trustedProxies"))
    return found


def _both(there: Any, built: Any) -> list[Any]:
    return list(dict.fromkeys([*(there if isinstance(there, list) else []), *built]))


def _agents(there: Json, before: GatewaySpec, built: Json) -> Json:
    found = {**there, **{key: value for key, value in built.items() if key not in ("defaults", "entries")}}
    found["defaults"] = _merged(_object(there, "defaults"), _object(built, "defaults"))
    model = _object(_object(built, "defaults"), "model")
    if isinstance(found["defaults"].get("model"), dict) and "fallbacks" not in model:
        found["defaults"]["model"] = {k: v for k, v in found["defaults"]["model"].items() if k != "fallbacks"}
    entries = _object(built, "entries")
    for role in ROLES:
        section = _object(found["defaults"], role)
        if entries and section.get("agentId") not in (None, *entries):  # that agent is gone
            found["defaults"][role] = {**section, "agentId": next(iter(entries))}
    models = {agent.id: agent.model for agent in before.agents}
    old = _object(there, "entries")
    found["entries"] = {
        id_: _agent(_object(old, id_), wanted, models.get(id_, "")) for id_, wanted in entries.items()
    }
    return found


def _agent(there: Json, built: Json, model_before: str) -> Json:
    """An agent's model may have fallbacks of its own, which the wizard does not ask for."""
    model = built.get("model", "")
    if model == model_before:
        return dict(there)
    if not model:
        return {key: value for key, value in there.items() if key != "model"}
    old = there.get("model")
    return {**there, "model": {**old, "primary": model} if isinstance(old, dict) else model}


def _channel(name: str, there: Json, built: Json, before: GatewaySpec, now: GatewaySpec) -> Json:
    """What the wizard decides of a channel: whether it is on, where it talks, and whether it waits to be mentioned."""
    if not there:
        return built
    found = {**there, "enabled": True}
    if "accounts" not in there:
        found.update({key: built[key] for key in _TOKENS if key in built and key not in there})
    if name == "discord":
        guilds = write_guilds(_object(there, "guilds"), before.discord, _object(built, "guilds"))
        return {key: value for key, value in {**found, "guilds": guilds}.items() if key != "guilds" or guilds}
    if _waits(before, name) != _waits(now, name):
        key = "groups" if name == "telegram" else "channels"
        places = _object(there, key)
        named = {} if "*" in places else {id_: {"requireMention": _waits(now, name)} for id_ in places}
        found[key] = _merged(places, named or _object(built, key))
        if name == "slack" and not named:
            found["groupPolicy"] = built["groupPolicy"]
    return found


def _waits(gateway: GatewaySpec, name: str) -> bool:
    return (gateway.telegram if name == "telegram" else gateway.slack).require_mention


def _bindings(there: Any, built: Any, before: GatewaySpec, now: GatewaySpec) -> list[Any]:
    """A person's own stay, but not those of an agent that was taken out; a new channel gets one."""
    gone = {agent.id for agent in before.agents} - {agent.id for agent in now.agents}
    kept = [b for b in there or () if not (isinstance(b, dict) and b.get("agentId") in gone)]
    bound = {_object(b, "match").get("channel") for b in kept if isinstance(b, dict)}
    return [*kept, *(b for b in built or () if b["match"]["channel"] not in bound)]
