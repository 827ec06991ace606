"""Why a channel does not connect, told by what the gateway says of it."""

from __future__ import annotations

import re
from typing import NamedTuple

from claw_tui.i18n import _, n_


class _Cause(NamedTuple):
    channel: str  # empty: any
    pattern: str
    words: str


# The first that fits wins. The codes are Discord's (closing the gateway's connection), Telegram's and Slack's.
_CAUSES = (
    _Cause("discord", r"\b4014\b|disallowed intent", n_(
        "The bot may not read messages: switch on Message Content Intent (https://discord.com/developers/applications, Bot)."
    )),
    _Cause("telegram", r"\b409\b|conflict", n_("Another program uses this bot: stop it there, or make a new bot.")),
    _Cause("slack", r"missing_scope", n_("The Slack app may not do enough: add the scopes that it names, and install it again.")),
    _Cause("", r"SECRETS_OWNER_UNAVAILABLE|secret .*not available|is missing or empty", n_(
        "Its token is not set as a secret: K on Home gives it."
    )),
    _Cause("", r"\b401\b|\b4004\b|unauthorized|invalid_auth|not_authed|token_revoked|account_inactive|authentication failed", n_(
        "Its token is not accepted: make a new one there, and give it with K on Home."
    )),
    _Cause("", r"plugin|not installed|cannot find module", n_(
        "Its plugin is not there or not switched on: T on Home starts the gateway again, which installs it."
    )),
    _Cause("", r"ENOTFOUND|ECONNREFUSED|ETIMEDOUT|fetch failed|timed? ?out", n_(
        "It could not be reached from the machine. OpenClaw tries again by itself."
    )),
)  # fmt: skip
_PASSING = r"ENOTFOUND|ECONNREFUSED|ETIMEDOUT|fetch failed|timed? ?out|starting|connecting"


def cause_of(channel: str, words: str) -> str:
    """What to do about it; "" when the words say nothing that we know."""
    for cause in _CAUSES:
        if cause.channel in ("", channel) and re.search(cause.pattern, words, re.IGNORECASE):
            return _(cause.words)
    return ""


def may_pass(words: str) -> bool:
    """Is it something that ends by itself, perhaps?"""
    return not words or re.search(_PASSING, words, re.IGNORECASE) is not None
