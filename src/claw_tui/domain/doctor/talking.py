"""Plugins, channels and models: can it talk?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from claw_tui.domain.answers import ChannelStatus
from claw_tui.domain.channel_causes import cause_of, may_pass
from claw_tui.domain.channel_needs import NAMES
from claw_tui.domain.doctor import fixes
from claw_tui.domain.doctor.case import Case, note, skipped, unknown, well, wrong
from claw_tui.domain.doctor.facts import Unasked, failed
from claw_tui.domain.doctor.filing import no_file
from claw_tui.domain.doctor.lines import once
from claw_tui.domain.doctor.model import Finding
from claw_tui.domain.openclaw.channels import PLUGINS
from claw_tui.domain.secret_kinds import DISCORD, SLACK_APP, SLACK_BOT, TELEGRAM
from claw_tui.i18n import _

TOKENS = {"discord": (DISCORD,), "telegram": (TELEGRAM,), "slack": (SLACK_BOT, SLACK_APP)}
DEVELOPERS = "https://discord.com/developers/applications"
LINKED = ("whatsapp", "signal")  # by a phone, by hand
NO_TRUST = r'external plugin "(\w+)" is installed without explicit trust'
NOT_THERE = r"plugin.{0,40}(not found|not installed|missing|failed to install|install failed)|cannot find module|npm (ERR|error)"
INTENTS, TOKEN = (
    r"\b4014\b|disallowed intent",
    r"\b401\b|\b4004\b|unauthorized|invalid_auth|not_authed|token_revoked|authentication failed",
)
MISSING = r"SECRETS_OWNER_UNAVAILABLE|secret .*not available|is missing or empty"


def sections(case: Case) -> dict[str, dict[str, Any]]:
    """The channels that its file has switched on."""
    found = case.at("channels")
    if not isinstance(found, dict):
        return {}
    return {
        name: about
        for name, about in found.items()
        if isinstance(about, dict) and about.get("enabled") is not False
    }


def plugins(case: Case) -> Finding:
    if found := no_file(case, "plugins"):
        return found
    if case.old:
        return well("plugins", _("In this version channels are no plugins."))
    on = [name for name in sections(case) if name in PLUGINS and name != "voice-call"]
    off = [name for name in on if case.at(f"plugins.entries.{name}.enabled") is not True]
    if off:
        names = ", ".join(NAMES.get(name, name) for name in off)
        words = _("{names}: the channel is set up, and its plugin is not switched on.").format(names=names)
        why = _(
            "A channel of this kind is a plugin since 2026.5. Without plugins.entries it is installed and does not start, and all else looks well."
        )
        fix = fixes.writes(
            case,
            f"plugins={','.join(off)}",
            _("Switch it on: plugins.entries.{name}.enabled.").format(name=off[0]),
        )
        return wrong("plugins", "plugin-not-enabled", words, why, fix, case.logged(NO_TRUST))
    return _installed(case, on)


def _installed(case: Case, on: list[str]) -> Finding:
    if on and (unread := failed(case.facts.inside)):
        return unknown("plugins", _("Which plugins are installed could not be seen."), unread)
    there, said = case.inside.plugins, case.logged(NOT_THERE)
    missing = [name for name in on if there is not None and not any(name in one for one in there)]
    if missing and (silent := failed(case.facts.health) or failed(case.facts.channels)):
        return unknown("plugins", _("Whether its plugins work could not be asked."), silent)
    quiet = [name for name in missing if _status(case, name) is None or not _runs(_status(case, name))]
    if quiet and case.facts.answers:
        names = ", ".join(NAMES.get(name, name) for name in quiet)
        words = _("{names}: its plugin is not installed.").format(names=names)
        why = _(
            "OpenClaw installs it at a start. That takes half a minute for each, and needs the network and room on the volume."
        )
        fix = fixes.restart(case, _("Restart the gateway: it installs what is missing."))
        return wrong("plugins", "plugin-not-there", words, why, fix, said)
    return well(
        "plugins",
        _("The plugins that its channels need are there and switched on.")
        if on
        else _("It needs no plugin."),
    )


def _status(case: Case, name: str) -> ChannelStatus | None:
    found = case.facts.channels
    return None if isinstance(found, Unasked) else next((one for one in found if one.name == name), None)


def _runs(status: ChannelStatus | None) -> bool:
    return status is not None and status.running and status.probe_ok is not False


def channels(case: Case) -> Iterable[Finding]:
    """One for each channel."""
    if found := no_file(case, "channels"):
        yield found
        return
    if isinstance(case.facts.channels, Unasked) and case.facts.answers and sections(case):
        fact = case.facts.channels
        by_port = case.at("gateway.port") is None
        words = _("Its channels could not be asked.")
        yield skipped("channels", words) if by_port else unknown("channels", words, fact)
        return
    yield from (_channel(case, name) for name in sections(case))
    unused = [
        name
        for name, names in TOKENS.items()
        if case.facts.secret_names.issuperset(names) and name not in _named(case)
    ]
    if unused:
        yield _not_configured(case, unused)
    elif not sections(case):
        yield well("channels", _("No channel is set up."))


def _named(case: Case) -> tuple[str, ...]:
    found = case.at("channels")
    return tuple(found) if isinstance(found, dict) else ()


def _not_configured(case: Case, unused: list[str]) -> Finding:
    names = ", ".join(NAMES.get(name, name) for name in unused)
    words = _("{names}: a token is set, and no channel is set up for it.").format(names=names)
    why = _("A token alone does nothing: OpenClaw sets no channel up by itself.")
    seen = (*case.logged("suppressed ambient channel", 1), *(", ".join(TOKENS[name]) for name in unused))
    if case.old:
        return note("channels", "channel-not-configured", words, why, None, seen)
    fix = fixes.writes(
        case,
        f"channels={','.join(unused)}",
        _(
            "Set it up: who writes privately is asked for a pairing first, in groups nobody is answered until you say so."
        ),
    )
    return wrong("channels", "channel-not-configured", words, why, fix, seen)


def _channel(case: Case, id_: str) -> Finding:
    name, status = NAMES.get(id_, id_.capitalize()), _status(case, id_)
    if not case.facts.answers or (status is None and isinstance(case.facts.channels, Unasked)):
        return skipped(id_, _("{channel} could not be asked.").format(channel=name))
    if _runs(status):
        return well(id_, _("{channel} is connected.").format(channel=name))
    logged = case.logged(rf"^\[{id_}\].*({INTENTS}|{TOKEN}|{MISSING})", 1)
    said = (status.words if status else "") or " ".join(logged)
    seen = once((*filter(None, (said,)), *logged))
    words = _("{channel} is not connected.").format(channel=name)
    if id_ == "discord" and re.search(INTENTS, said, re.IGNORECASE):
        return _intents(words, seen)
    if re.search(f"{MISSING}|{TOKEN}", said, re.IGNORECASE):
        return _token(case, id_, words, said, seen)
    return _other(case, id_, words, said)


def _intents(words: str, seen: tuple[str, ...]) -> Finding:
    todo = _("Switch on Message Content Intent there: {page}, your application, Bot.").format(page=DEVELOPERS)
    why = _(
        "Discord closes the line (4014): the bot asks to read messages, and its application is not allowed to."
    )
    return wrong("discord", "discord-intents", words, why, fixes.by_hand("switch-intents", todo), seen)


def _token(case: Case, id_: str, words: str, said: str, seen: tuple[str, ...]) -> Finding:
    """Of the channel: it is not there, or not accepted."""
    if re.search(MISSING, said, re.IGNORECASE):
        names = TOKENS.get(id_, ("",))
        missing = next((one for one in names if one not in case.facts.secret_names), names[0])
        why = _("Its token is not set as a secret.")
        return wrong(id_, "channel-token", words, why, fixes.send(case, missing), seen)
    fix = fixes.by_hand("new-channel-token", _("Make a new one there, and give it with K on Home."))
    why = _("Its token is not accepted: it was made anew, or is another bot's.")
    return wrong(id_, "channel-token", words, why, fix, seen)


def _other(case: Case, id_: str, words: str, said: str) -> Finding:
    if id_ in LINKED:
        return note(
            id_,
            "channel-not-linked",
            words,
            _("A phone is linked to it by hand: S on Home."),
            None,
            (said,) if said else (),
        )
    if id_ in PLUGINS and case.at(f"plugins.entries.{id_}.enabled") is not True and not case.old:
        return skipped(id_, _("It waits for its plugin."))
    seen = (said,) if said else ()
    if may_pass(said) and case.facts.at - case.started_at < STARTING:
        return note(id_, "", words, _("It may still be starting."), None, seen)
    why = cause_of(id_, said or "plugin") or _("The gateway does not say why.")
    return wrong(id_, "channel-down", words, why, fixes.restart(case, _("Restart the gateway.")), seen)


STARTING = 300.0  # seconds: a first start installs plugins
