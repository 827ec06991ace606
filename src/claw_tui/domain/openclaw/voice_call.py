"""Phone calls: the settings of OpenClaw's voice-call plugin (docs/plugins/voice-call of 2026.9)."""

from __future__ import annotations

from dataclasses import dataclass

from claw_tui.domain.openclaw.secret_input import SecretInput, secret
from claw_tui.domain.openclaw.section import Section, at, part, text, texts, truth, whole

VOICE_CALL = "voice-call"
PROVIDERS = ("twilio", "telnyx", "plivo", "mock")
TUNNELS = ("none", "ngrok", "tailscale-serve", "tailscale-funnel")
TAILSCALE_MODES = ("off", "serve", "funnel")
FUNNEL_PORTS = (443, 8443, 10000)
INBOUND = ("disabled", "allowlist", "pairing", "open")


@dataclass(frozen=True, slots=True, kw_only=True)
class Twilio(Section):
    """An account at Twilio."""

    account_sid: str | None = at("accountSid", text)
    auth_token: SecretInput | None = at("authToken", secret)
    region: str | None = at("region", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telnyx(Section):
    """An account at Telnyx; the public key is what its webhooks are signed with."""

    api_key: SecretInput | None = at("apiKey", secret)
    connection_id: str | None = at("connectionId", text)
    public_key: str | None = at("publicKey", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tunnel(Section):
    """How the provider reaches the gateway from the internet."""

    provider: str | None = at("provider", text)
    ngrok_domain: str | None = at("ngrokDomain", text)
    ngrok_auth_token: SecretInput | None = at("ngrokAuthToken", secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceTailscale(Section):
    """The same by Tailscale: off, serve or funnel."""

    mode: str | None = at("mode", text)
    port: int | None = at("port", whole)
    path: str | None = at("path", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecurity(Section):
    """Which hosts a webhook may be addressed to."""

    allowed_hosts: tuple[str, ...] | None = at("allowedHosts", texts)
    trusted_proxy_ips: tuple[str, ...] | None = at("trustedProxyIPs", texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Serve(Section):
    """Where the plugin listens."""

    port: int | None = at("port", whole)
    bind: str | None = at("bind", text)
    path: str | None = at("path", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCall(Section):
    """``plugins.entries.voice-call.config``."""

    enabled: bool | None = at("enabled", truth)
    provider: str | None = at("provider", text)
    from_number: str | None = at("fromNumber", text)
    to_number: str | None = at("toNumber", text)
    inbound_policy: str | None = at("inboundPolicy", text)
    allow_from: tuple[str, ...] | None = at("allowFrom", texts)
    agent_id: str | None = at("agentId", text)
    twilio: Twilio | None = at("twilio", part(Twilio))
    telnyx: Telnyx | None = at("telnyx", part(Telnyx))
    serve: Serve | None = at("serve", part(Serve))
    public_url: str | None = at("publicUrl", text)
    tunnel: Tunnel | None = at("tunnel", part(Tunnel))
    tailscale: VoiceTailscale | None = at("tailscale", part(VoiceTailscale))
    webhook_security: WebhookSecurity | None = at("webhookSecurity", part(WebhookSecurity))
    skip_signature_verification: bool | None = at("skipSignatureVerification", truth)
