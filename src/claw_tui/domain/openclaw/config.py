"""openclaw.json of the pinned version, typed as far as this program and the guides need it.

Every field may be missing (None). Names are OpenClaw's, in Python's spelling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from claw_tui.domain.openclaw.channels import Channels
from claw_tui.domain.openclaw.secret_input import SecretInput, secret
from claw_tui.domain.openclaw.section import (
    MISFIT,
    Json,
    Section,
    at,
    names,
    part,
    rows,
    table,
    text,
    texts,
    truth,
    whole,
)
from claw_tui.domain.openclaw.section import raw as raw_object
from claw_tui.domain.openclaw.voice_call import VOICE_CALL, VoiceCall

__all__ = ["Config"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Section):
    """A model and what is tried when it can't answer; ``short``: written as its name alone."""

    primary: str | None = at("primary", text)
    fallbacks: tuple[str, ...] | None = at("fallbacks", texts)
    short: bool = False

    def write(self) -> Any:
        if self.short and self.fallbacks is None and not self.extra:
            return self.primary
        return Section.write(self)


def model(value: Any) -> Any:
    if isinstance(value, str):
        return Model(primary=value, short=True)
    return Model.read(value) if isinstance(value, dict) else MISFIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent(Section):
    """One agent; what it does not say is the defaults'."""

    name: str | None = at("name", text)
    workspace: str | None = at("workspace", text)
    agent_dir: str | None = at("agentDir", text)
    model: Model | None = at("model", model)
    default: bool | None = at("default", truth)  # before 2026.9; migrated


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentDefaults(Section):
    """What every agent has."""

    model: Model | None = at("model", model)
    workspace: str | None = at("workspace", text)
    models: Mapping[str, Json] | None = at("models", raw_object)
    max_concurrent: int | None = at("maxConcurrent", whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agents(Section):
    """The agents by their ids. With several, ``ownership`` must say "explicit"."""

    ownership: str | None = at("ownership", text)
    defaults: AgentDefaults | None = at("defaults", part(AgentDefaults))
    entries: Mapping[str, Agent] | None = at("entries", table(Agent))


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer(Section):
    """One person, group or channel."""

    kind: str | None = at("kind", text)
    id: str | None = at("id", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match(Section):
    """Which messages: by channel, and inside it by account, guild, team, roles or peer."""

    channel: str | None = at("channel", text)
    account_id: str | None = at("accountId", text)
    peer: Peer | None = at("peer", part(Peer))
    guild_id: str | None = at("guildId", text)
    team_id: str | None = at("teamId", text)
    roles: tuple[str, ...] | None = at("roles", texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding(Section):
    """Which agent answers them."""

    type: str | None = at("type", text)
    agent_id: str | None = at("agentId", text)
    comment: str | None = at("comment", text)
    match: Match | None = at("match", part(Match))


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayAuth(Section):
    """How the gateway knows who may use it."""

    mode: str | None = at("mode", text)
    token: SecretInput | None = at("token", secret)
    password: SecretInput | None = at("password", secret)
    allow_tailscale: bool | None = at("allowTailscale", truth)


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlUi(Section):
    """The gateway's web page."""

    enabled: bool | None = at("enabled", truth)
    base_path: str | None = at("basePath", text)
    allowed_origins: tuple[str, ...] | None = at("allowedOrigins", texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tailscale(Section):
    """off, serve or funnel; serve and funnel need a bind to loopback."""

    mode: str | None = at("mode", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway(Section):
    """Where it listens, and whom it trusts."""

    mode: str | None = at("mode", text)
    bind: str | None = at("bind", text)
    port: int | None = at("port", whole)
    custom_bind_host: str | None = at("customBindHost", text)
    public_origin: str | None = at("publicOrigin", text)
    auth: GatewayAuth | None = at("auth", part(GatewayAuth))
    control_ui: ControlUi | None = at("controlUi", part(ControlUi))
    tailscale: Tailscale | None = at("tailscale", part(Tailscale))
    trusted_proxies: tuple[str, ...] | None = at("trustedProxies", texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginEntry(Section):
    """A plugin: its settings are its own."""

    enabled: bool | None = at("enabled", truth)
    config: Json | None = at("config", raw_object)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugins(Section):
    """A channel that is a plugin starts only when it is switched on here as well."""

    enabled: bool | None = at("enabled", truth)
    allow: tuple[str, ...] | None = at("allow", texts)
    deny: tuple[str, ...] | None = at("deny", texts)
    entries: Mapping[str, PluginEntry] | None = at("entries", table(PluginEntry))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthProfile(Section):
    """A login at a provider, without its secret."""

    provider: str | None = at("provider", text)
    mode: str | None = at("mode", text)
    email: str | None = at("email", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth(Section):
    """Logins at providers. Keys that come from the environment need none."""

    profiles: Mapping[str, AuthProfile] | None = at("profiles", table(AuthProfile))


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta(Section):
    """What OpenClaw notes for itself. It must be there: without it OpenClaw restores the file that it had before."""

    last_touched_version: str | None = at("lastTouchedVersion", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands(Section):
    """Who may give commands."""

    owner_allow_from: tuple[str | int, ...] | None = at("ownerAllowFrom", names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(Section):
    """The whole file."""

    gateway: Gateway | None = at("gateway", part(Gateway))
    agents: Agents | None = at("agents", part(Agents))
    channels: Channels | None = at("channels", part(Channels))
    plugins: Plugins | None = at("plugins", part(Plugins))
    bindings: tuple[Binding, ...] | None = at("bindings", rows(Binding))
    auth: Auth | None = at("auth", part(Auth))
    commands: Commands | None = at("commands", part(Commands))
    meta: Meta | None = at("meta", part(Meta))

    @property
    def voice_call(self) -> VoiceCall | None:
        """The settings of the plugin that makes phone calls."""
        entries = (self.plugins.entries if self.plugins else None) or {}
        entry = entries.get(VOICE_CALL)
        return VoiceCall.read(entry.config) if entry and entry.config is not None else None

    def with_voice_call(self, voice: VoiceCall) -> Config:
        """The same file with these; the plugin is switched on."""
        plugins = self.plugins or Plugins()
        entries = dict(plugins.entries or {})
        entry = entries.get(VOICE_CALL, PluginEntry())
        entries[VOICE_CALL] = replace(entry, enabled=True, config=voice.write())
        return replace(self, plugins=replace(plugins, entries=entries))
