"""How people and devices are said, on the screen and in plain lines."""

from __future__ import annotations

import time

from claw_tui.domain.answers import PairingRequest
from claw_tui.domain.channel_needs import NAMES
from claw_tui.domain.guests import Device, Person, take_out_words
from claw_tui.i18n import _, many


def channel_name(channel: str) -> str:
    return _(NAMES.get(channel, channel)) if channel else _("a device")


def waits_words(request: PairingRequest, now: float) -> str:
    parts = [channel_name(request.channel)]
    if request.channel:
        parts.append(_("code {code}").format(code=request.id))
    if request.until:
        minutes = max(0, round((request.until - now) / 60))
        parts.append(_("{count} min left").format(count=minutes))
    return _(" · ").join(parts)


def ago(at: float, now: float) -> str:
    """How long ago, roughly."""
    seconds = int(max(0, now - at))
    if seconds >= 86400:
        return many("{count} day ago", "{count} days ago", seconds // 86400)
    if seconds >= 3600:
        return many("{count} hour ago", "{count} hours ago", seconds // 3600)
    if seconds >= 60:
        return many("{count} minute ago", "{count} minutes ago", seconds // 60)
    return _("just now")


def seen_words(device: Device, now: float) -> str:
    seen = _("connected now") if device.connected else _("seen {when}").format(when=ago(device.seen_at, now))
    if not device.connected and not device.seen_at:
        seen = _("never seen")
    role = _("may do everything") if device.may_all else ", ".join(device.roles)
    return _(" · ").join(filter(None, (device.platform, role, seen)))


def about_words(person: Person) -> str:
    found = [channel_name(person.channel)]
    if person.owner:
        found.append(_("owner"))
    if person.by_file:
        found.append(_("by openclaw.json"))
    return _(" · ").join(found)


def ask_in(request: PairingRequest, *, first: bool) -> str:
    question = _("Let this in? {who}").format(who=request.words)
    if not request.channel:
        return f"{question}. " + _(
            "A device that is in may use the gateway as its role allows; most may do everything."
        )
    question += ". " + _("The code is {code}: is it what the person was told?").format(code=request.id)
    return f"{question} {_('The first one becomes the owner.')}" if first else question


def ask_out(device: Device) -> str:
    return _("Take {who} out? It is cut off at once, and has to ask again.").format(who=device.name)


def device_words(device: Device) -> str:
    """All that is known of it."""
    rows = [
        (_("Name"), device.name), (_("System"), device.platform), (_("Address"), device.address), (_("Number"), device.id),
        (_("Role"), ", ".join(device.roles)), (_("May"), ", ".join(device.scopes)),
        (_("Let in"), _at(device.approved_at)), (_("Seen"), _("connected now") if device.connected else _at(device.seen_at)),
    ]  # fmt: skip
    return "\n".join(f"{name}: {value}" for name, value in rows if value) + "\n\n" + _("Del takes it out.")


def _at(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at)) if at else ""


def person_words(person: Person) -> str:
    said = _("{who} may write to the bot in {channel}.").format(
        who=person.id, channel=channel_name(person.channel)
    )
    if person.owner:
        said += " " + _("They are an owner: they may give it commands that others may not.")
    if person.by_file:
        return f"{said}\n\n" + _("openclaw.json names them: E on Home changes that.")
    out = _(
        "OpenClaw has no command that takes a person out. An owner writes this to the bot, in any chat with it:"
    )
    return f"{said}\n\n{out}\n\n    {take_out_words(person)}"
