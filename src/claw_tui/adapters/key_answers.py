"""What a provider's answer to a key means, and what to do next.

Google answers a bad key with 400, Slack every one with 200 and a word; 429 means that the key is good and its quota is
not. The first row that fits wins. Texts of others are only searched, never shown: they may quote the key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from claw_tui.domain.answers import KeyCheck
from claw_tui.domain.errors import BadKey, ServiceError
from claw_tui.i18n import _, n_

Meaning = Literal["refused", "limited", "restricted", "unknown"]


@dataclass(frozen=True, slots=True)
class _Row:
    services: str  # a regular expression, as the next two
    status: str
    words: str
    meaning: Meaning
    why: str
    hint: str = ""


_COPY = n_("Copy all of it again from {where}, or make a new one there.")
_ELSEWHERE = n_(
    "The gateway asks from its own region: keep it without a check (F7), and see whether it works."
)
_LATER = n_("Try again later, or keep it without a check (F7).")
_ROWS = (
    _Row("google", "4..", "API_KEY_INVALID|API key not (valid|found)", "refused", n_("Google knows no such key"), _COPY),
    _Row("google", "4..", "expired", "refused", n_("the key has expired"), n_("Renew it at {where}.")),
    _Row("google", "403", "leaked", "refused", n_("it was found in public, so Google has blocked it"), n_("Make a new one at {where}.")),
    _Row("google", "403", "SERVICE_DISABLED|has not been used", "refused", n_("the Gemini API is switched off in its project"),
         n_("Make a key at {where}: that switches it on.")),
    _Row("google", "403", "BLOCKED|referer|restrict", "refused", n_("it is restricted to other uses or addresses"),
         n_("Allow it the Generative Language API from any address, or make a new one at {where}.")),
    _Row("google", "400", "location|FAILED_PRECONDITION", "unknown", n_("it does not answer in this country"), _ELSEWHERE),
    _Row("google", "403", "", "refused", n_("the key may not use the Gemini API"), _COPY),
    _Row("google", "401", "", "refused", n_("Google knows no such key"), _COPY),
    _Row("anthropic", "4..", "credit balance", "limited", n_("accepted, but its account has no credit left")),
    _Row("anthropic", "401", "", "refused", n_("the key is unknown there, or was deleted"), _COPY),
    _Row("anthropic", "403", "", "refused", n_("the key is known, but may not be used"),
         n_("See at {where} whether it is active, and which workspace it belongs to.")),
    _Row("openai", "429", "insufficient_quota|billing|quota", "limited", n_("accepted, but its account has no credit left")),
    _Row("openai", "40[13]", "missing scopes|insufficient permissions", "restricted", n_("accepted, as a restricted key")),
    _Row("openai", "40[13]", "country|region|territory", "unknown", n_("it does not answer in this country"), _ELSEWHERE),
    _Row("openai", "40[13]", "organi[sz]ation", "refused", n_("its organization is another one, or you left it"),
         n_("Make a key in an organization that you belong to, at {where}.")),
    _Row("openai", "40[13]", "project|archived", "refused", n_("its project is closed or is another one"),
         n_("Make a key in an open project at {where}.")),
    _Row("openai", "40[13]", "deactivated", "refused", n_("its account is closed"), n_("Ask OpenAI's support, or use another account.")),
    _Row("openai", "401", "", "refused", n_("the key is wrong, or was withdrawn"), _COPY),
    _Row("openai", "403", "", "refused", n_("the key may not do this"), n_("See what it is allowed at {where}.")),
    _Row("telegram", "401", "", "refused", n_("the token is wrong, or was withdrawn"),
         n_("Send /token to @BotFather; it answers with the one that is valid now.")),
    _Row("telegram", "404", "", "refused", n_("this is not a whole bot token"),
         n_("It is a number, a colon and 35 characters: copy all of it from @BotFather.")),
    _Row("telegram", "409", "", "limited", n_("accepted, but another program fetches this bot's messages")),
    _Row("twilio", "401", "", "refused", n_("the auth token is wrong, or belongs to another account"),
         n_("Copy both again from {where}: the account SID and the auth token beside it.")),
    _Row("twilio", "403", "", "refused", n_("this account may not be asked"), n_("See at {where} whether it is active.")),
    _Row("twilio", "404", "", "refused", n_("Twilio knows no such account"), n_("Copy the account SID again from {where}.")),
    _Row("telnyx", "40[13]", "", "refused", n_("the key is wrong, or was withdrawn"), _COPY),
    _Row("discord", "401", "", "refused", n_("the token is wrong, or was reset"),
         n_("Press Reset Token on the Bot page of your application: Discord shows a token once only.")),
    _Row("slack", "200", "^(invalid_auth|not_authed)$", "refused", n_("Slack knows no such token"), _COPY),
    _Row("slack", "200", "^token_(revoked|expired)$", "refused", n_("the token was withdrawn or has expired"),
         n_("Install the app in your workspace again at {where}, and copy the new one.")),
    _Row("slack", "200", "^(account_inactive|user_removed.*|team_.*|org_login_required|ekm_access_denied|access_denied)$", "refused",
         n_("its user or workspace is closed, or does not allow it"), n_("Ask who looks after the workspace.")),
    _Row("slack", "200", "^not_allowed_token_type$", "refused", n_("this is another kind of Slack token"),
         n_("The bot's begins with xoxb-, the app's with xapp-: both are at {where}.")),
    _Row("slack", "200", "^(missing_scope|no_permission)$", "refused", n_("it lacks a permission"),
         n_("An app token needs connections:write. Add it at {where}, and copy the token again.")),
    _Row("slack", "200", "^(ratelimited|rate_limited)$", "limited", n_("accepted, but its rate is limited now")),
    _Row("slack", "200", "^(internal_error|fatal_error|service_unavailable|request_timeout)$", "unknown",
         n_("it has trouble now"), _LATER),
    _Row("slack", "200", ".", "refused", n_("Slack says {word}"), _COPY),
    _Row("xai", "400", "api key|api_key", "refused", n_("xAI knows no such key"), _COPY),
    _Row("xai", "403", "credit|license", "limited", n_("accepted, but its account has no credit left")),
    _Row("openrouter|deepseek|moonshot|together|mistral|groq|xai", "402", "", "limited", n_("accepted, but its account has no credit left")),
    _Row("", "429", "", "limited", n_("accepted, but its quota is used up or its rate is limited now")),
    _Row("openrouter|deepseek|moonshot|together|mistral|groq|xai|slack", "401", "", "refused",
         n_("the key is wrong, or was withdrawn"), _COPY),
    _Row("openrouter|deepseek|moonshot|together|mistral|groq|xai|slack", "403", "", "refused", n_("the key may not do this"), _COPY),
)  # fmt: skip


def judge(service: str, name: str, where: str, status: int, body: Any) -> KeyCheck | None:
    """What the answer means when it is not a plain yes (then None). ``name`` is the provider's, ``where`` its keys' page.

    Raises BadKey, or ServiceError when nothing is known about the key.
    """
    said = _said(service, body)
    if status == 200 and (service != "slack" or not said):
        return None
    row = next((row for row in _ROWS if _fits(row, service, status, said)), None)
    if row is None:
        words = _("{service} answered with {status}; nothing is known about the key.")
        raise ServiceError(words.format(service=name, status=status), hint=_(_LATER))
    why = _(row.why).format(word=said if re.fullmatch(r"[a-z_]{1,40}", said) else "?")
    if row.meaning in ("limited", "restricted"):
        return KeyCheck(why, limited=row.meaning == "limited")
    hint = _(row.hint).format(where=where or _("where you got it"))
    if row.meaning == "unknown":
        words = _("{service} was asked, but {why}; nothing is known about the key.")
        raise ServiceError(words.format(service=name, why=why), hint=hint)
    raise BadKey(_("{service} does not accept it: {why}.").format(service=name, why=why), hint=hint)


def _fits(row: _Row, service: str, status: int, said: str) -> bool:
    return (
        (not row.services or re.fullmatch(row.services, service) is not None)
        and re.fullmatch(row.status, str(status)) is not None
        and (not row.words or re.search(row.words, said, re.IGNORECASE) is not None)
    )


def _said(service: str, body: Any) -> str:
    """All words of an error in one string; of Slack's the one word."""
    if service == "slack":
        return (
            str(body.get("error") or "unknown_error") if isinstance(body, dict) and not body.get("ok") else ""
        )
    return " ".join(_strings(body))[:4000]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(inner)
