"""The wizard's answers for phone calls: read out of the plugin's settings, and written over them again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from claw_tui.domain.channel_config import VOICE, VOICE_PATH, voice_settings
from claw_tui.domain.openclaw.config import Config
from claw_tui.domain.openclaw.notes import Json, object_in
from claw_tui.domain.openclaw.voice_call import VoiceCall
from claw_tui.domain.spec import GatewaySpec, VoiceSpec


def voice_of(config: Config) -> VoiceSpec:
    voice = config.voice_call
    if voice is None:
        return VoiceSpec()
    entries = (config.plugins.entries if config.plugins else None) or {}
    account = {
        "twilio": voice.twilio.account_sid if voice.twilio else None,
        "telnyx": voice.telnyx.connection_id if voice.telnyx else None,
    }.get(voice.provider or "")
    return VoiceSpec(
        enabled=entries[VOICE].enabled is not False and voice.enabled is not False,
        provider=voice.provider or "twilio",
        number=voice.from_number or "",
        account=account or "",
        public_key=(voice.telnyx.public_key if voice.telnyx else None) or "",
        calls=voice.inbound_policy or "disabled",
        callers=voice.allow_from or (),
        way=_way(voice),
        ngrok_domain=(voice.tunnel.ngrok_domain if voice.tunnel else None) or "",
        public_url="" if _only_out(voice) else voice.public_url or "",
    )


def calls_only_out(settings: Mapping[str, object]) -> bool:
    """Whether a plugin's settings are those of a gateway that nobody calls, with its own name for an address."""
    return _is_own(settings.get("publicUrl")) and settings.get("inboundPolicy") in (None, "disabled")


def _is_own(url: object) -> bool:
    return (
        isinstance(url, str) and re.fullmatch(rf"https://[a-z0-9-]+\.fly\.dev{VOICE_PATH}", url) is not None
    )


def _only_out(voice: VoiceCall) -> bool:
    return _is_own(voice.public_url) and voice.inbound_policy in (None, "disabled")


def _way(voice: VoiceCall) -> str:
    tunnel = voice.tunnel.provider if voice.tunnel else None
    tailscale = voice.tailscale.mode if voice.tailscale else None
    if tunnel not in (None, "none"):
        return tunnel or ""
    if tailscale not in (None, "off"):
        return f"tailscale-{tailscale}"
    return "none" if _only_out(voice) else "url"


def over(there: Json, built: Json, before: GatewaySpec, now: GatewaySpec) -> Json:
    """``plugins`` with what the wizard writes in it: channels that are plugins, and the phone's changed answers."""
    old, new = object_in(there, "entries"), object_in(built, "entries")
    entries = dict(old)
    for name, entry in new.items():
        entries[name] = {**object_in(old, name), **entry}
    mine = old.get(VOICE)
    if isinstance(mine, dict) and isinstance(mine.get("config"), dict):
        if VOICE in new:
            entries[VOICE]["config"] = _settings(mine["config"], before, now, new[VOICE]["config"])
        elif before.voice.enabled:
            entries[VOICE] = {**mine, "enabled": False}
    return {**there, "entries": entries} if entries or "entries" in there else dict(there)


def _settings(there: Json, before: GatewaySpec, now: GatewaySpec, built: Json) -> Json:
    host = urlsplit(str(built.get("publicUrl") or "")).hostname if now.voice.way == "none" else ""
    found = _changed(there, voice_settings(before, host or ""), built)
    if before.voice.way != now.voice.way:
        found.pop("tailscale", None)  # another spelling of a way in: it would be a second one
    return {**found, "enabled": True}


def _changed(there: Any, before: Any, now: Any) -> Json:
    """``there`` with what is answered otherwise than ``before``, however deep; what is not asked stays."""
    found = dict(there) if isinstance(there, dict) else {}
    for key in dict.fromkeys((*before, *now)):
        old, new = before.get(key), now.get(key)
        if old == new:
            continue
        if new is None:
            found.pop(key, None)
        elif isinstance(new, dict):
            found[key] = _changed(found.get(key), old if isinstance(old, dict) else {}, new)
        else:
            found[key] = new
    return found
