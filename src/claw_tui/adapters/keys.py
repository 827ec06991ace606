"""Live checks of keys: one harmless question to each provider. What the answers mean is in ``key_answers``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from claw_tui.adapters import key_answers
from claw_tui.adapters.http import Http, json_of
from claw_tui.domain.answers import KeyCheck
from claw_tui.domain.errors import ServiceError
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import kind_of
from claw_tui.i18n import _


@dataclass(frozen=True, slots=True)
class _Question:
    service: str
    path: str
    header: str = "Authorization"
    scheme: str = "Bearer {}"
    method: str = "GET"
    more: Mapping[str, str] = field(default_factory=dict)
    words: Callable[[Any], str] = lambda _body: ""


def _count(body: Any) -> str:
    found = body.get("data", body.get("models", [])) if isinstance(body, dict) else []
    return _("{count} models can be used").format(count=len(found)) if found else ""


def _all_models(body: Any) -> tuple[str, ...]:
    """The ids in a provider's list; none of a list that goes on elsewhere: what it lacks would look as if it were gone."""
    if not isinstance(body, dict) or body.get("has_more") or body.get("nextPageToken"):
        return ()
    listed = body.get("data", body.get("models"))
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    names = [row.get("id", row.get("name")) for row in rows]
    return tuple(name for name in names if isinstance(name, str))


def _telegram(body: Any) -> str:
    return "@" + str(body.get("result", {}).get("username", "")) if isinstance(body, dict) else ""


def _slack(body: Any) -> str:
    return str(body.get("team", "")) if isinstance(body, dict) else ""


def _discord(body: Any) -> str:
    return str(body.get("username", "")) if isinstance(body, dict) else ""


def _models(service: str, path: str) -> _Question:
    return _Question(service, path, words=_count)


QUESTIONS: Mapping[str, _Question] = {
    "ANTHROPIC_API_KEY": _Question(
        "anthropic", "/v1/models", "x-api-key", "{}", more={"anthropic-version": "2023-06-01"}, words=_count
    ),
    "OPENAI_API_KEY": _models("openai", "/v1/models"),
    "GEMINI_API_KEY": _Question("google", "/v1beta/models", "x-goog-api-key", "{}", words=_count),
    "OPENROUTER_API_KEY": _Question("openrouter", "/api/v1/key"),
    "XAI_API_KEY": _Question("xai", "/v1/models", words=_count),
    "GROQ_API_KEY": _models("groq", "/openai/v1/models"),
    "MISTRAL_API_KEY": _models("mistral", "/v1/models"),
    "DEEPSEEK_API_KEY": _models("deepseek", "/models"),
    "MOONSHOT_API_KEY": _models("moonshot", "/v1/models"),
    "TOGETHER_API_KEY": _Question("together", "/v1/models"),
    "DISCORD_BOT_TOKEN": _Question("discord", "/api/v10/users/@me", scheme="Bot {}", words=_discord),
    "TELEGRAM_BOT_TOKEN": _Question("telegram", "/bot{}/getMe", "", words=_telegram),
    "SLACK_BOT_TOKEN": _Question("slack", "/api/auth.test", method="POST", words=_slack),
    "SLACK_APP_TOKEN": _Question("slack", "/api/apps.connections.open", method="POST"),
    "TELNYX_API_KEY": _Question("telnyx", "/v2/balance"),
}


class LiveKeyChecks:
    """The port ``KeyChecks`` over HTTPS."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def can_check(self, env: str) -> bool:
        return env in QUESTIONS

    async def check(self, env: str, value: Secret) -> KeyCheck:
        """Ask once; a wrong key is never asked about again by itself (Discord bans who does)."""
        question = QUESTIONS[env]
        headers = dict(question.more)
        if question.header:
            headers[question.header] = question.scheme.format(value.reveal())
        path = (
            question.path.format(quote(value.reveal(), safe=":", errors="replace"))
            if not question.header
            else question.path
        )
        answer = await self._http.send(question.method, question.service, path, headers=headers)
        kind, body = kind_of(env), json_of(answer)
        name = kind.title if kind.group == "model" else question.service.capitalize()
        found = key_answers.judge(question.service, name, kind.where, answer.status_code, body)
        if found is not None:
            return found
        if not isinstance(body, dict):
            raise ServiceError(
                _(
                    "{service} answered with something else than usual; nothing is known about the key."
                ).format(service=name),
                hint=_("Is there a proxy in between? Try again later, or keep it without a check (F7)."),
            )
        words = question.words(body)
        said = _("accepted · {words}").format(words=words) if words else _("accepted")
        return KeyCheck(said, models=_all_models(body))
