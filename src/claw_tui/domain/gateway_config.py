"""openclaw.json for the pinned OpenClaw version (2026.9: ``agents.entries``, ``enabled``, ``plugins.entries``).

Three things in it are not in the guides and are needed all the same: the plugin entries (a channel's plugin
starts only with one), ``gateway.port`` (without it no ``openclaw`` command in the machine finds the gateway)
and ``meta`` (without it OpenClaw restores the file that it had before, at its next start).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from claw_tui.domain.channel_config import VOICE, channel_sections, voice_settings
from claw_tui.domain.channel_config import from_env as _from_env
from claw_tui.domain.channel_needs import channel_problems
from claw_tui.domain.secret_kinds import DISCORD, GATEWAY_TOKEN, key_of, providers_of
from claw_tui.domain.spec import (
    LOCAL_PORTS,
    PORT,
    AgentSpec,
    ChannelSpec,
    DiscordSpec,
    GatewaySpec,
    GuildSpec,
    Route,
    Spec,
)
from claw_tui.i18n import _

Json = dict[str, object]

FLY_PROXY_RANGE = "172.16.0.0/16"  # where Fly's proxy was seen to connect from


def allowed_origins(spec: Spec) -> list[str]:
    """The exact origins that a browser may open the Control UI from."""
    local = [f"http://{host}:{port}" for port in LOCAL_PORTS for host in ("localhost", "127.0.0.1")]
    if spec.private:
        return [*local, f"http://{spec.app}.flycast:{PORT}"]
    return [f"https://{spec.hostname}", *local]


def public_origin(spec: Spec) -> str:
    """Where everybody's browser finds the Control UI; empty for a private gateway."""
    return "" if spec.private else f"https://{spec.hostname}"


def proxies(addresses: Iterable[str]) -> list[str]:
    """Whom the gateway believes what they say about who asks. ``addresses`` are the app's own."""
    return [FLY_PROXY_RANGE, *addresses]


def _gateway(spec: Spec, addresses: Iterable[str]) -> Json:
    section: Json = {"mode": "local", "bind": "lan", "port": PORT}
    if origin := public_origin(spec):
        section["publicOrigin"] = origin
    section["auth"] = {"mode": "token", "token": _from_env(GATEWAY_TOKEN)}
    section["controlUi"] = {"allowedOrigins": allowed_origins(spec)}
    section["trustedProxies"] = proxies(addresses)
    return section


def _agents(gateway: GatewaySpec) -> Json:
    defaults: Json = {"maxConcurrent": gateway.max_concurrent}
    if gateway.primary_model:
        model: Json = {"primary": gateway.primary_model}
        if gateway.fallback_models:
            model["fallbacks"] = list(gateway.fallback_models)
        defaults = {"model": model, **defaults}
    entries: Json = {agent.id: _agent(agent) for agent in gateway.agents}
    section: Json = {"defaults": defaults, "entries": entries}
    if len(gateway.agents) > 1:
        section = {"ownership": "explicit", **section}  # OpenClaw wants it said as soon as there are several
    return section


def _agent(agent: AgentSpec) -> Json:
    own = {"model": agent.model, "workspace": agent.workspace}
    return {key: value for key, value in own.items() if value}


def match_of(route: Route) -> Json:
    """The messages of a route, as OpenClaw's bindings have them."""
    match: Json = {"channel": route.channel}
    if route.guild:
        match["guildId"] = route.guild
    if route.peer:
        match["peer"] = {"kind": route.kind, "id": route.peer}
    return match


def _bindings(gateway: GatewaySpec, channels: Iterable[str]) -> list[Json]:
    """Each channel has one: its own agent's, or the first one's. Routes of channels that are off do nothing."""
    owners: dict[Route, str] = {}
    for agent in gateway.agents:
        owners.update({route: agent.id for route in agent.routes if route.channel in channels})
    for name in channels:
        owners.setdefault(Route(name), gateway.agents[0].id)
    ordered = sorted(owners, key=lambda route: (not route.peer, not route.guild))
    return [{"type": "route", "agentId": owners[route], "match": match_of(route)} for route in ordered]


def who(place: GuildSpec | ChannelSpec) -> Json:
    """OpenClaw takes each list that a channel does not have from its server: so a channel's own are always two."""
    if not place.users and not place.roles:
        return {}
    return {"users": [user.id for user in place.users], "roles": [role.id for role in place.roles]}


def discord_channel(channel: ChannelSpec) -> Json:
    mention: Json = {} if channel.require_mention is None else {"requireMention": channel.require_mention}
    return {"enabled": True, **mention, **who(channel)}


def _guild(guild: GuildSpec) -> Json:
    channels: Json = {channel.id: discord_channel(channel) for channel in guild.channels}
    every: Json = {"*": {"enabled": True}}
    return {"requireMention": guild.require_mention, **who(guild), "channels": channels or every}


def _discord(discord: DiscordSpec) -> Json:
    section: Json = {
        "enabled": True, "token": _from_env(DISCORD), "dmPolicy": "pairing", "groupPolicy": "allowlist",
    }  # fmt: skip
    if discord.guilds:
        section["guilds"] = {guild.id: _guild(guild) for guild in discord.guilds}
    return section


def _channels(gateway: GatewaySpec) -> Json:
    discord: Json = {"discord": _discord(gateway.discord)} if gateway.discord.enabled else {}
    return {**discord, **channel_sections(gateway)}


def _plugins(gateway: GatewaySpec, channels: Json, host: str) -> Json:
    entries: Json = {
        name: {"enabled": True} for name in channels if name != "telegram"
    }  # that one is no plugin
    if gateway.voice.enabled:
        entries[VOICE] = {"enabled": True, "config": voice_settings(gateway, host)}
    return entries


def channel_names(gateway: GatewaySpec) -> tuple[str, ...]:
    """OpenClaw's names of the channels that are on."""
    return tuple(_channels(gateway))


def build_config(spec: Spec, addresses: Iterable[str] = ()) -> Json:
    """Return the whole openclaw.json. ``addresses`` are the app's own, known after the first deploy."""
    gateway = spec.gateway
    config: Json = {"gateway": _gateway(spec, addresses), "agents": _agents(gateway)}
    channels = _channels(gateway)
    plugins = _plugins(gateway, channels, spec.hostname)
    if channels:
        config["channels"] = channels
    if plugins:
        config["plugins"] = {"entries": plugins}
    if channels:
        config["bindings"] = _bindings(gateway, channels)
    config["meta"] = {}
    return config


def written_token(config: Json) -> bool:
    """Whether the gateway's token stands in the file itself. "${NAME}" and a SecretRef only name a variable."""
    gateway = config.get("gateway")
    auth = gateway.get("auth") if isinstance(gateway, dict) else None
    token = auth.get("token") if isinstance(auth, dict) else None
    return isinstance(token, str) and bool(token) and not (token.startswith("${") and token.endswith("}"))


def token_reference(config: Json, name: str) -> Json:
    """The same file, with the token taken from the variable ``name``."""
    gateway = config["gateway"]
    assert isinstance(gateway, dict)
    auth = {**gateway["auth"], "token": _from_env(name)}
    return {**config, "gateway": {**gateway, "auth": auth}, "meta": config.get("meta", {})}


def uses_of(config: object, name: str, path: str = "") -> tuple[str, ...]:
    """The paths at which a config names the variable ``name``: as a SecretRef, or as ${NAME} in a text."""
    if isinstance(config, str):
        return (path,) if f"${{{name}}}" in config else ()
    if isinstance(config, list):
        return tuple(use for i, value in enumerate(config) for use in uses_of(value, name, f"{path}[{i}]"))
    if not isinstance(config, dict):
        return ()
    if config.get("source") == "env" and config.get("id") == name:
        return (path,)
    return tuple(
        use for key, value in config.items() for use in uses_of(value, name, f"{path}.{key}".lstrip("."))
    )


def config_text(config: Json) -> str:
    """The file's exact text."""
    return json.dumps(config, indent=2, ensure_ascii=False) + "\n"


def same_config(ours: object, theirs: object) -> bool:
    """Is what the gateway has what we wrote? OpenClaw adds to ``meta`` and may add keys; ours must be there."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return all(
            key == "meta" or (key in theirs and same_config(value, theirs[key]))
            for key, value in ours.items()
        )
    return ours == theirs


def _model_problem(gateway: GatewaySpec, secret_names: Sequence[str]) -> str:
    """A file of the person's own may have another way to a provider than its key."""
    provider, sep, model = gateway.primary_model.partition("/")
    if not (provider and sep and model):
        return _("A model is PROVIDER/NAME, for example anthropic/claude-opus-5.")
    key = key_of(provider)
    if key and not gateway.base and provider not in providers_of(secret_names):
        return _("This model needs the key {name}; choose another one, or give it.").format(name=key)
    return ""


def gateway_problems(
    gateway: GatewaySpec, secret_names: Sequence[str], *, private: bool = False
) -> list[tuple[str, str]]:
    """Pairs of (field, what is wrong); an empty list for a config that can work. A channel's field is the channel."""
    problems: list[tuple[str, str]] = []
    if not gateway.primary_model:
        problems.append(("primary-model", _("Choose a model: without one the gateway can't answer.")))
    elif words := _model_problem(gateway, secret_names):
        problems.append(("primary-model", words))
    if not gateway.agents:
        problems.append(("agents", _("There must be one agent at least.")))
    if not 1 <= gateway.max_concurrent <= 64:
        problems.append(("max-concurrent", _("A number from 1 to 64.")))
    wrong = channel_problems(gateway, secret_names, private=private)
    return [*problems, *((problem.channel, problem.words) for problem in wrong)]
