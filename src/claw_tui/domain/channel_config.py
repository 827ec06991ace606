"""The channels' sections of openclaw.json besides Discord's, and the settings of the plugin that makes phone calls."""

from __future__ import annotations

from urllib.parse import urlsplit

from claw_tui.domain.own_image import SIGNAL_STATE
from claw_tui.domain.secret_kinds import SLACK_APP, SLACK_BOT, SLACK_SIGNING, TELEGRAM, TWILIO
from claw_tui.domain.spec import (
    GatewaySpec,
    SignalSpec,
    SlackSpec,
    TelegramSpec,
    VoiceSpec,
    WhatsAppSpec,
)

Json = dict[str, object]
VOICE = "voice-call"  # the plugin's id
VOICE_PORT, VOICE_PATH = 3334, "/voice/webhook"
SLACK_PATH = "/slack/events"


def from_env(name: str) -> Json:
    """A SecretRef: OpenClaw reads the value from its environment and says so when it is missing."""
    return {"source": "env", "provider": "default", "id": name}


def _private(channel: TelegramSpec | SlackSpec | WhatsAppSpec | SignalSpec) -> Json:
    """Who may write privately. To OpenClaw “open” lets in nobody unless "*" is on the list."""
    people = ["*"] * (channel.who == "open") + list(channel.people)
    return {"dmPolicy": channel.who, **({"allowFrom": people} if people else {})}


def _groups(channel: TelegramSpec | WhatsAppSpec | SignalSpec) -> Json:
    """OpenClaw's own policy for groups is the list of those who may write privately."""
    if channel.groups == "off":
        return {"groupPolicy": "disabled"}
    policy: Json = {"groupPolicy": "open"} if channel.groups == "everybody" else {}
    return {**policy, "groups": {"*": {"requireMention": channel.require_mention}}}


def telegram_section(telegram: TelegramSpec) -> Json:
    return {"enabled": True, "botToken": from_env(TELEGRAM), **_private(telegram), **_groups(telegram)}


def slack_section(slack: SlackSpec) -> Json:
    section: Json = {"enabled": True, "mode": slack.mode, "botToken": from_env(SLACK_BOT)}
    if slack.mode == "http":
        section |= {"signingSecret": from_env(SLACK_SIGNING), "webhookPath": SLACK_PATH}
    else:
        section["appToken"] = from_env(SLACK_APP)
    section |= _private(slack)
    if slack.groups == "off":
        return {**section, "groupPolicy": "disabled"}
    section["groupPolicy"] = "allowlist" if slack.require_mention else "open"
    section["channels"] = {"*": {"enabled": True, "requireMention": slack.require_mention}}
    return section


def signal_section(signal: SignalSpec) -> Json:
    transport: Json = {"kind": signal.server}
    if signal.server == "managed-native":
        transport |= {
            "cliPath": "signal-cli",
            "configPath": SIGNAL_STATE,
        }  # what it is linked with is on the volume
    else:
        transport["url"] = signal.url
    return {
        "enabled": True, "account": signal.account, "transport": transport, **_private(signal), **_groups(signal),
    }  # fmt: skip


def channel_sections(gateway: GatewaySpec) -> Json:
    """Of all channels that are on, but Discord."""
    found: Json = {}
    if gateway.telegram.enabled:
        found["telegram"] = telegram_section(gateway.telegram)
    if gateway.slack.enabled:
        found["slack"] = slack_section(gateway.slack)
    if gateway.whatsapp.enabled:
        found["whatsapp"] = {"enabled": True, **_private(gateway.whatsapp), **_groups(gateway.whatsapp)}
    if gateway.signal.enabled:
        found["signal"] = signal_section(gateway.signal)
    return found


# The plugin is no part of OpenClaw's package: this follows its documentation (docs/plugins/voice-call of 2026.9), and
# was not checked with the plugin itself.
def voice_settings(gateway: GatewaySpec, host: str = "") -> Json:
    """``plugins.entries.voice-call.config``. Telnyx' key and ngrok's token have no SecretRef there: it reads variables.

    ``host``: the gateway's own name, for one that only calls out.
    """
    voice = gateway.voice
    found: Json = {"enabled": True, "provider": voice.provider}
    if voice.number:
        found["fromNumber"] = voice.number
    if voice.provider == "twilio":
        account: Json = {"accountSid": voice.account} if voice.account else {}
        found["twilio"] = {**account, "authToken": from_env(TWILIO)}
    if voice.provider == "telnyx":
        given = {"connectionId": voice.account, "publicKey": voice.public_key}
        found["telnyx"] = {key: value for key, value in given.items() if value}
    found["inboundPolicy"] = voice.calls
    if voice.callers:
        found["allowFrom"] = list(voice.callers)
    if len(gateway.agents) > 1:
        found["agentId"] = gateway.agents[0].id  # with several it must be said who answers
    found["serve"] = {"port": VOICE_PORT, "path": VOICE_PATH}
    return {**found, **_way_in(voice, host)}


def _way_in(voice: VoiceSpec, host: str) -> Json:
    if voice.way == "none":
        # The plugin does not start without an address that is not a local one (runtime.ts of 2026.9): the gateway's own,
        # where nothing is let in. Twilio is told what to say when it is asked for a call, and never has to ask back.
        return {"publicUrl": f"https://{host}{VOICE_PATH}"}
    if voice.way == "url":
        allowed = urlsplit(voice.public_url).hostname or ""
        return {"publicUrl": voice.public_url, "webhookSecurity": {"allowedHosts": [allowed]}}
    if voice.way == "ngrok":
        tunnel: Json = {"provider": "ngrok", "ngrokDomain": voice.ngrok_domain}
        return {"tunnel": tunnel, "webhookSecurity": {"allowedHosts": [voice.ngrok_domain]}}
    return {"tunnel": {"provider": voice.way}}


def webhook_address(voice: VoiceSpec) -> str:
    """What the phone company has to be told, or "" where only the machine will know it."""
    if voice.way == "url":
        return voice.public_url
    return f"https://{voice.ngrok_domain}{VOICE_PATH}" if voice.way == "ngrok" and voice.ngrok_domain else ""
