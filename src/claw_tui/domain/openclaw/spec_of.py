"""From an openclaw.json that is there to the wizard's answers, and back without losing what the wizard does not ask.

``spec_of_config`` reads the answers out of it; ``over`` writes changed answers into it again. What the answers do not
cover (policies, people, other channels, tools …) stays as it was; what a person took out in the wizard goes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from claw_tui.domain.gateway_config import build_config
from claw_tui.domain.openclaw import calls, talking
from claw_tui.domain.openclaw.agents_move import ROLES
from claw_tui.domain.openclaw.channels import Channels
from claw_tui.domain.openclaw.config import Agents, Config
from claw_tui.domain.openclaw.discord_answers import read_discord, write_guilds
from claw_tui.domain.openclaw.migrate import TakenOver, take_over
from claw_tui.domain.openclaw.notes import Json, each_once, list_in, object_in
from claw_tui.domain.openclaw.routes import agent_specs, bindings_over
from claw_tui.domain.spec import (
    PINNED_VERSION,
    AgentSpec,
    GatewaySpec,
    Spec,
)

_FLYS = re.compile(r"https?://[a-z0-9-]+\.(fly\.dev|flycast:\d+)/?$")


def is_flys(origin: str) -> bool:
    """An app's own address: it goes with the app."""
    return _FLYS.match(origin) is not None


_OURS = ("discord", "telegram", "slack", "whatsapp", "signal")


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
    found = agent_specs(config, agents)
    channels = config.channels or Channels()
    count = agents.defaults.max_concurrent if agents.defaults else None
    return GatewaySpec(
        primary_model=(model.primary if model else None) or "",
        fallback_models=(model.fallbacks if model else None) or (),
        agents=found or (AgentSpec("main"),),
        max_concurrent=GatewaySpec().max_concurrent if count is None else count,
        discord=read_discord(channels.discord),
        telegram=talking.telegram_of(channels.telegram),
        slack=talking.slack_of(channels.slack),
        whatsapp=talking.whatsapp_of(channels.whatsapp),
        signal=talking.signal_of(channels.signal),
        voice=calls.voice_of(config),
    )


def over(there: Json, before: GatewaySpec, built: Json, now: GatewaySpec) -> Json:
    """``there`` with what the wizard writes (``built``) in it. ``before``: the answers that ``there`` stood for."""
    found: Json = {key: value for key, value in there.items() if key not in built}
    found["gateway"] = _gateway(object_in(there, "gateway"), object_in(built, "gateway"))
    found["agents"] = _agents(object_in(there, "agents"), before, object_in(built, "agents"))
    channels = {**object_in(there, "channels")}
    for name in _OURS:
        wanted = object_in(built, "channels").get(name)
        if wanted is not None:
            channels[name] = _channel(name, object_in(channels, name), wanted, before, now)
        elif name in channels and isinstance(channels[name], dict):
            channels[name] = {**channels[name], "enabled": False}
    if channels:
        found["channels"] = channels
    plugins = calls.over(object_in(there, "plugins"), object_in(built, "plugins"), before, now)
    if plugins:
        found["plugins"] = plugins
    bindings = bindings_over(list_in(there, "bindings"), built.get("bindings"), before, now)
    found.pop("bindings", None)  # all of them may have been an agent's that is gone
    if bindings:
        found["bindings"] = bindings
    found["meta"] = object_in(there, "meta")
    return {key: found[key] for key in dict.fromkeys((*there, *built)) if key in found}


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
    own = there.get("publicOrigin")
    if "publicOrigin" not in built:
        found.pop("publicOrigin", None)
    elif isinstance(own, str) and own.startswith("https://") and not _FLYS.match(own):
        found["publicOrigin"] = own
    wanted = list_in(object_in(built, "controlUi"), "allowedOrigins")
    origins = list_in(object_in(there, "controlUi"), "allowedOrigins")
    kept = [origin for origin in origins if origin in wanted or not _FLYS.match(str(origin))]
    own = [found["publicOrigin"]] if "publicOrigin" in found else []
    found["controlUi"] = {**found["controlUi"], "allowedOrigins": each_once([*kept, *wanted, *own])}
    found["trustedProxies"] = each_once(
        [*list_in(there, "trustedProxies"), *list_in(built, "trustedProxies")]
    )
    return found


def _agents(there: Json, before: GatewaySpec, built: Json) -> Json:
    found = {**there, **{key: value for key, value in built.items() if key not in ("defaults", "entries")}}
    found["defaults"] = _merged(object_in(there, "defaults"), object_in(built, "defaults"))
    model = object_in(object_in(built, "defaults"), "model")
    if isinstance(found["defaults"].get("model"), dict) and "fallbacks" not in model:
        found["defaults"]["model"] = {k: v for k, v in found["defaults"]["model"].items() if k != "fallbacks"}
    entries = object_in(built, "entries")
    for role in ROLES:
        section = object_in(found["defaults"], role)
        if entries and section.get("agentId") not in (None, *entries):  # that agent is gone
            found["defaults"][role] = {**section, "agentId": next(iter(entries))}
    models = {agent.id: agent.model for agent in before.agents}
    old = object_in(there, "entries")
    found["entries"] = {
        id_: _agent(object_in(old, id_), wanted, models.get(id_, "")) for id_, wanted in entries.items()
    }
    return found


def _agent(there: Json, built: Json, model_before: str) -> Json:
    """An agent's model may have fallbacks of its own, which the wizard does not ask for."""
    there = {key: value for key, value in there.items() if key != "workspace" or "workspace" in built}
    there.update({key: value for key, value in built.items() if key == "workspace"})
    model = built.get("model", "")
    if model == model_before:
        return dict(there)
    if not model:
        return {key: value for key, value in there.items() if key != "model"}
    old = there.get("model")
    return {**there, "model": {**old, "primary": model} if isinstance(old, dict) else model}


def _channel(name: str, there: Json, built: Json, before: GatewaySpec, now: GatewaySpec) -> Json:
    """What the wizard decides of a channel: whether it is on, where it talks, who may use it."""
    if not there:
        return built
    if name != "discord":
        return talking.over(name, there, built, before, now)
    found = {**there, "enabled": True}
    if "accounts" not in there:
        found.setdefault("token", built["token"])
    guilds = write_guilds(object_in(there, "guilds"), before.discord, object_in(built, "guilds"))
    return {key: value for key, value in {**found, "guilds": guilds}.items() if key != "guilds" or guilds}
