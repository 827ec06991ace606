"""The wizard's answers for Telegram, Slack, WhatsApp and Signal: read out of openclaw.json, and written over it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from claw_tui.domain.channel_config import channel_sections
from claw_tui.domain.openclaw.channels import Ids, Place, Signal, Slack, Telegram, WhatsApp
from claw_tui.domain.openclaw.notes import Json, object_in
from claw_tui.domain.spec import GatewaySpec, SignalSpec, SlackSpec, TelegramSpec, WhatsAppSpec

_SECRETS = ("botToken", "appToken", "signingSecret")
_PLACES = {"slack": "channels"}  # where a channel's groups are; elsewhere "groups"


def telegram_of(telegram: Telegram | None) -> TelegramSpec:
    if telegram is None:
        return TelegramSpec()
    return TelegramSpec(*_shared(telegram))


def slack_of(slack: Slack | None) -> SlackSpec:
    if slack is None:
        return SlackSpec()
    return SlackSpec(
        slack.enabled is not False, _mention(slack.channels), _who(slack.dm_policy), _people(slack.allow_from),
        "off" if slack.group_policy == "disabled" else "everybody", slack.mode or "socket",
    )  # fmt: skip


def whatsapp_of(whatsapp: WhatsApp | None) -> WhatsAppSpec:
    if whatsapp is None:
        return WhatsAppSpec()
    return WhatsAppSpec(*_shared(whatsapp))


def signal_of(signal: Signal | None) -> SignalSpec:
    if signal is None:
        return SignalSpec()
    transport = signal.transport
    return SignalSpec(
        *_shared(signal), signal.account or "",
        (transport.kind if transport else None) or "managed-native", (transport.url if transport else None) or "",
    )  # fmt: skip


def _shared(channel: Telegram | WhatsApp | Signal) -> tuple[bool, bool, str, tuple[str, ...], str]:
    """On, waits to be mentioned, who may write, which people, which groups."""
    return (
        channel.enabled is not False, _mention(channel.groups), _who(channel.dm_policy), _people(channel.allow_from),
        _groups(channel.group_policy),
    )  # fmt: skip


def _mention(places: Mapping[str, Place] | None) -> bool:
    """As "*" says; where only some are named, as they all say."""
    found = places or {}
    asked = [found["*"]] if "*" in found else list(found.values())
    return not asked or any(place.require_mention is not False for place in asked)


def _who(policy: str | None) -> str:
    return policy or "pairing"


def _people(ids: Ids | None) -> tuple[str, ...]:
    return tuple(str(one) for one in ids or () if one != "*")


def _groups(policy: str | None) -> str:
    return {"disabled": "off", "open": "everybody"}.get(policy or "", "people")


def over(name: str, there: Json, built: Json, before: GatewaySpec, now: GatewaySpec) -> Json:
    """``there`` with those answers written into it that differ from ``before``: what it stood for."""
    found = {**there, "enabled": True}
    if "accounts" not in there:
        found.update({key: built[key] for key in _SECRETS if key in built and key not in there})
    key = _PLACES.get(name, "groups")
    asked = _section(name, before)
    for other in dict.fromkeys((*asked, *built)):
        if other not in (*_SECRETS, "enabled", key) and asked.get(other) != built.get(other):
            _change(found, other, asked.get(other), built.get(other))
    if _waits(before, name) == _waits(now, name):
        # Where groups were shut nothing says which: those that are let in now have to be named.
        if key in built and key not in asked and key not in there:
            found[key] = built[key]
        return found
    places = object_in(there, key)
    waits = {"requireMention": _waits(now, name)}
    named = {id_: waits for id_ in places if "*" not in places}
    wanted = named or built.get(key) or {}
    found[key] = {**places, **{id_: {**places.get(id_, {}), **place} for id_, place in wanted.items()}}
    if name == "slack" and named and there.get("groupPolicy") != "disabled" and "groupPolicy" in there:
        found["groupPolicy"] = there["groupPolicy"]  # nobody asked for more channels
    return found


def _change(found: Json, key: str, before: Any, now: Any) -> None:
    """A list of people keeps what the answers do not name; all else is as it is answered."""
    if key == "allowFrom":
        gone = {str(one) for one in before or ()} - {str(one) for one in now or ()}
        kept = [one for one in found.get(key) or () if str(one) not in gone]
        added = [one for one in now or () if one not in {str(old) for old in kept}]
        found[key] = [*kept, *added]
        if found[key]:
            return
        now = None
    if now is None:
        found.pop(key, None)
    else:
        found[key] = now


def _section(name: str, gateway: GatewaySpec) -> Mapping[str, Any]:
    """What the wizard would have written for the answers ``gateway``, as if the channel were on."""
    spec = getattr(gateway, name)
    section: Any = channel_sections(replace(gateway, **{name: replace(spec, enabled=True)}))[name]
    return section if isinstance(section, dict) else {}


def _waits(gateway: GatewaySpec, name: str) -> bool:
    found: bool = getattr(gateway, name).require_mention
    return found
