"""Phone calls: what the plugin's own reader refuses. OpenClaw looks at it only where the plugin is installed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from claw_tui.domain.openclaw.config import Config
from claw_tui.domain.openclaw.problems import Problem
from claw_tui.domain.openclaw.voice_call import (
    FUNNEL_PORTS,
    INBOUND,
    PROVIDERS,
    TAILSCALE_MODES,
    TUNNELS,
    VOICE_CALL,
    VoiceCall,
)
from claw_tui.i18n import _

Found = Iterator[Problem]
BASE = f"plugins.entries.{VOICE_CALL}.config"
_NUMBER = re.compile(r"\+[1-9]\d{1,14}")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


def phone_problems(config: Config) -> Found:
    """None for a file without the plugin, or with the plugin switched off."""
    entries = (config.plugins.entries if config.plugins else None) or {}
    voice = config.voice_call
    if voice is None or entries[VOICE_CALL].enabled is False or voice.enabled is False:
        return
    yield from _words(voice)
    yield from _accounts(voice)
    yield from _ways_in(voice)
    agents = (config.agents.entries if config.agents else None) or {}
    if len(agents) > 1 and not voice.agent_id:
        words = _("With several agents it must be said who answers the phone.")
        yield _problem("agentId", words, _("One of: {choices}.").format(choices=", ".join(agents)))


def _problem(field: str, words: str, fix: str) -> Problem:
    return Problem(f"{BASE}.{field}", words, fix, refused=False)


def _words(voice: VoiceCall) -> Found:
    tunnel = voice.tunnel.provider if voice.tunnel else None
    tailscale = voice.tailscale.mode if voice.tailscale else None
    fields = (
        ("provider", voice.provider, PROVIDERS), ("inboundPolicy", voice.inbound_policy, INBOUND),
        ("tunnel.provider", tunnel, TUNNELS), ("tailscale.mode", tailscale, TAILSCALE_MODES),
    )  # fmt: skip
    for field, value, choices in fields:
        if value is not None and value not in choices:
            words = _("This word is not among those that it may be.")
            yield _problem(field, words, _("One of: {choices}.").format(choices=", ".join(choices)))
    for field, number in (("fromNumber", voice.from_number), ("toNumber", voice.to_number)):
        if number is not None and not _NUMBER.fullmatch(number) and "${" not in number:
            words = _("This is no phone number.")
            yield _problem(field, words, _("Write it with + and country code, digits only: +15550001234."))
    if voice.inbound_policy == "allowlist" and not voice.allow_from:
        words = _("Nobody is on the list of those who may call.")
        yield _problem("allowFrom", words, _("Add their numbers, or choose “pairing”."))


def _accounts(voice: VoiceCall) -> Found:
    twilio, telnyx = voice.twilio, voice.telnyx
    sid = twilio.account_sid if twilio else None
    if voice.provider == "twilio" and sid and not re.fullmatch(r"AC[0-9a-fA-F]{32}", sid) and "${" not in sid:
        words = _("This is no account number of Twilio.")
        yield _problem("twilio.accountSid", words, _("It is AC and 32 digits, on the console's first page."))
    if (
        voice.provider == "telnyx"
        and not (telnyx and telnyx.public_key)
        and not voice.skip_signature_verification
    ):
        words = _("Telnyx signs its calls: without the public key they are refused.")
        fix = _("Add it, or give it as the variable TELNYX_PUBLIC_KEY.")
        yield _problem("telnyx.publicKey", words, fix)
    if voice.skip_signature_verification:
        words = _("Anybody could pretend to be the phone company.")
        yield _problem(
            "skipSignatureVerification", words, _("Take it out: it is for tests on your own desk.")
        )


def _ways_in(voice: VoiceCall) -> Found:
    tunnel = voice.tunnel.provider if voice.tunnel else None
    tailscale = voice.tailscale
    funnel = tunnel == "tailscale-funnel" or (tailscale and tailscale.mode == "funnel")
    if funnel and tailscale and tailscale.port is not None and tailscale.port not in FUNNEL_PORTS:
        words = _("Tailscale's funnel has three ports only.")
        yield _problem("tailscale.port", words, _("443, 8443 or 10000."))
    way = (
        voice.public_url
        or tunnel not in (None, "none")
        or (tailscale and tailscale.mode not in (None, "off"))
    )
    if voice.provider in ("twilio", "telnyx", "plivo") and not way:
        words = _("The phone company can't reach the gateway: no way in is named.")
        yield _problem("tunnel", words, _("Choose ngrok or Tailscale's funnel, or write “publicUrl”."))
    security = voice.webhook_security
    hosts = security.allowed_hosts if security else None
    if security and "allowedHosts" in security.extra:
        yield _problem(
            "webhookSecurity.allowedHosts",
            _("It has another form than it should."),
            _("Write a list of hosts."),
        )
    for index, host in enumerate(hosts or ()):
        if not _HOST.fullmatch(host):
            words = _("This is no host's name.")
            yield _problem(
                f"webhookSecurity.allowedHosts.{index}",
                words,
                _("Without https:// and path: example.ngrok.app."),
            )
    domain = voice.tunnel.ngrok_domain if voice.tunnel else None
    if tunnel == "ngrok" and domain and hosts is not None and domain not in hosts:
        words = _("Calls by {domain} would be refused: it is not on the list.").format(domain=domain)
        yield _problem("webhookSecurity.allowedHosts", words, _("Add {domain}.").format(domain=domain))
