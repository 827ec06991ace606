"""openclaw.json for the pinned OpenClaw version (2026.9: ``agents.entries``, ``enabled``, ``plugins.entries``).

Three things in it are not in the guides and are needed all the same: the plugin entries (a channel's plugin
starts only with one), ``gateway.port`` (without it no ``openclaw`` command in the machine finds the gateway)
and ``meta`` (without it OpenClaw restores the file that it had before, at its next start).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from claw_tui.domain.secret_kinds import DISCORD, GATEWAY_TOKEN, SLACK_APP, SLACK_BOT, TELEGRAM
from claw_tui.domain.spec import LOCAL_PORTS, PORT, ChannelSpec, DiscordSpec, GatewaySpec, GuildSpec, Spec
from claw_tui.i18n import _

Json = dict[str, object]

FLY_PROXY_RANGE = "172.16.0.0/16"  # where Fly's proxy was seen to connect from


def _from_env(name: str) -> Json:
    """A SecretRef: OpenClaw reads the value from its environment and says so when it is missing."""
    return {"source": "env", "provider": "default", "id": name}


def allowed_origins(spec: Spec) -> list[str]:
    """The exact origins that a browser may open the Control UI from."""
    local = [f"http://{host}:{port}" for port in LOCAL_PORTS for host in ("localhost", "127.0.0.1")]
    if spec.private:
        return [*local, f"http://{spec.app}.flycast:{PORT}"]
    return [f"https://{spec.hostname}", *local]


def _gateway(spec: Spec, addresses: Iterable[str]) -> Json:
    section: Json = {"mode": "local", "bind": "lan", "port": PORT}
    if not spec.private:
        section["publicOrigin"] = f"https://{spec.hostname}"
    section["auth"] = {"mode": "token", "token": _from_env(GATEWAY_TOKEN)}
    section["controlUi"] = {"allowedOrigins": allowed_origins(spec)}
    section["trustedProxies"] = [FLY_PROXY_RANGE, *addresses]
    return section


def _agents(gateway: GatewaySpec) -> Json:
    defaults: Json = {"maxConcurrent": gateway.max_concurrent}
    if gateway.primary_model:
        model: Json = {"primary": gateway.primary_model}
        if gateway.fallback_models:
            model["fallbacks"] = list(gateway.fallback_models)
        defaults = {"model": model, **defaults}
    entries: Json = {agent.id: ({"model": agent.model} if agent.model else {}) for agent in gateway.agents}
    section: Json = {"defaults": defaults, "entries": entries}
    if len(gateway.agents) > 1:
        section = {"ownership": "explicit", **section}  # OpenClaw wants it said as soon as there are several
    return section


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
    channels: Json = {}
    if gateway.discord.enabled:
        channels["discord"] = _discord(gateway.discord)
    if gateway.telegram.enabled:
        channels["telegram"] = {
            "enabled": True, "botToken": _from_env(TELEGRAM), "dmPolicy": "pairing",
            "groups": {"*": {"requireMention": gateway.telegram.require_mention}},
        }  # fmt: skip
    if gateway.slack.enabled:
        channels["slack"] = {
            "enabled": True, "mode": "socket", "botToken": _from_env(SLACK_BOT), "appToken": _from_env(SLACK_APP),
            "dmPolicy": "pairing", "groupPolicy": "open" if not gateway.slack.require_mention else "allowlist",
            "channels": {"*": {"enabled": True, "requireMention": gateway.slack.require_mention}},
        }  # fmt: skip
    return channels


def build_config(spec: Spec, addresses: Iterable[str] = ()) -> Json:
    """Return the whole openclaw.json. ``addresses`` are the app's own, known after the first deploy."""
    gateway = spec.gateway
    config: Json = {"gateway": _gateway(spec, addresses), "agents": _agents(gateway)}
    channels = _channels(gateway)
    if channels:
        config["channels"] = channels
        plugins = [name for name in channels if name != "telegram"]  # Telegram is part of OpenClaw itself
        if plugins:
            config["plugins"] = {"entries": {name: {"enabled": True} for name in plugins}}
        owner = gateway.agents[0].id
        config["bindings"] = [
            {"type": "route", "agentId": owner, "match": {"channel": name}} for name in channels
        ]
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


def gateway_problems(gateway: GatewaySpec, secret_names: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of (field, what is wrong); an empty list for a config that can work."""
    problems: list[tuple[str, str]] = []
    if not gateway.primary_model:
        problems.append(("primary-model", _("Choose a model: without one the gateway can't answer.")))
    if not gateway.agents:
        problems.append(("agents", _("There must be one agent at least.")))
    if not 1 <= gateway.max_concurrent <= 64:
        problems.append(("max-concurrent", _("A number from 1 to 64.")))
    needs = {
        "discord": (gateway.discord.enabled, (DISCORD,)),
        "telegram": (gateway.telegram.enabled, (TELEGRAM,)),
        "slack": (gateway.slack.enabled, (SLACK_BOT, SLACK_APP)),
    }
    for channel, (enabled, names) in needs.items():
        missing = [name for name in names if name not in secret_names]
        if enabled and missing:
            problems.append(
                (channel, _("It needs {names} on the Secrets screen.").format(names=", ".join(missing)))
            )
    return problems
