"""The channels of openclaw.json that we model; others are kept as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from claw_tui.domain.openclaw.secret_input import SecretInput, secret
from claw_tui.domain.openclaw.section import Json, Section, at, names, part, raw, table, text, truth

PLUGINS = ("discord", "whatsapp", "signal", "slack")  # Telegram is part of OpenClaw itself
Ids = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Section):
    """A channel or group of somebody's: a Discord or Slack channel, a Telegram group; "*" is all others."""

    enabled: bool | None = at("enabled", truth)
    require_mention: bool | None = at("requireMention", truth)
    users: Ids | None = at("users", names)
    roles: Ids | None = at("roles", names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guild(Section):
    """A Discord server. Its channels are a list of what is allowed; none at all means every one."""

    slug: str | None = at("slug", text)
    require_mention: bool | None = at("requireMention", truth)
    users: Ids | None = at("users", names)
    roles: Ids | None = at("roles", names)
    channels: Mapping[str, Place] | None = at("channels", table(Place))


@dataclass(frozen=True, slots=True, kw_only=True)
class Discord(Section):
    """``channels.discord``."""

    enabled: bool | None = at("enabled", truth)
    token: SecretInput | None = at("token", secret)
    dm_policy: str | None = at("dmPolicy", text)
    allow_from: Ids | None = at("allowFrom", names)
    group_policy: str | None = at("groupPolicy", text)
    guilds: Mapping[str, Guild] | None = at("guilds", table(Guild))
    accounts: Json | None = at("accounts", raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telegram(Section):
    """``channels.telegram``."""

    enabled: bool | None = at("enabled", truth)
    bot_token: SecretInput | None = at("botToken", secret)
    dm_policy: str | None = at("dmPolicy", text)
    allow_from: Ids | None = at("allowFrom", names)
    group_policy: str | None = at("groupPolicy", text)
    group_allow_from: Ids | None = at("groupAllowFrom", names)
    groups: Mapping[str, Place] | None = at("groups", table(Place))
    webhook_url: str | None = at("webhookUrl", text)
    webhook_secret: SecretInput | None = at("webhookSecret", secret)
    accounts: Json | None = at("accounts", raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsApp(Section):
    """``channels.whatsapp``: it has no token, a phone is linked by a QR code."""

    enabled: bool | None = at("enabled", truth)
    dm_policy: str | None = at("dmPolicy", text)
    allow_from: Ids | None = at("allowFrom", names)
    group_policy: str | None = at("groupPolicy", text)
    group_allow_from: Ids | None = at("groupAllowFrom", names)
    groups: Mapping[str, Place] | None = at("groups", table(Place))
    accounts: Json | None = at("accounts", raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport(Section):
    """How signal-cli is reached: one of one's own (by its address), or one that the gateway starts."""

    kind: str | None = at("kind", text)
    url: str | None = at("url", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal(Section):
    """``channels.signal``."""

    enabled: bool | None = at("enabled", truth)
    account: str | None = at("account", text)
    transport: Transport | None = at("transport", part(Transport))
    dm_policy: str | None = at("dmPolicy", text)
    allow_from: Ids | None = at("allowFrom", names)
    group_policy: str | None = at("groupPolicy", text)
    groups: Mapping[str, Place] | None = at("groups", table(Place))
    accounts: Json | None = at("accounts", raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack(Section):
    """``channels.slack``: by its socket, or by HTTP (then with a signing secret and a public address)."""

    enabled: bool | None = at("enabled", truth)
    mode: str | None = at("mode", text)
    bot_token: SecretInput | None = at("botToken", secret)
    app_token: SecretInput | None = at("appToken", secret)
    user_token: SecretInput | None = at("userToken", secret)
    signing_secret: SecretInput | None = at("signingSecret", secret)
    webhook_path: str | None = at("webhookPath", text)
    dm_policy: str | None = at("dmPolicy", text)
    allow_from: Ids | None = at("allowFrom", names)
    group_policy: str | None = at("groupPolicy", text)
    channels: Mapping[str, Place] | None = at("channels", table(Place))
    accounts: Json | None = at("accounts", raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels(Section):
    """Where the gateway talks."""

    discord: Discord | None = at("discord", part(Discord))
    telegram: Telegram | None = at("telegram", part(Telegram))
    whatsapp: WhatsApp | None = at("whatsapp", part(WhatsApp))
    signal: Signal | None = at("signal", part(Signal))
    slack: Slack | None = at("slack", part(Slack))
