"""What providers answer to keys, in their own words, and what people are told to do next."""

from __future__ import annotations

import json
import traceback

import httpx
import pytest

from claw_tui.adapters.http import Http
from claw_tui.adapters.keys import QUESTIONS, LiveKeyChecks
from claw_tui.domain.errors import ClawError
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import kind_of

pytestmark = pytest.mark.anyio
KEY = "CANARY-key-CANARY-key"


async def ask(env: str, status: int, body: object) -> str:
    """What is said in the end; its kind of error in front."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    http = Http(lambda: httpx.MockTransport(lambda _request: httpx.Response(status, content=content)))
    try:
        found = await LiveKeyChecks(http).check(env, Secret(KEY))
    except ClawError as error:
        assert KEY not in repr(error) + error.hint + error.detail
        assert KEY not in repr(error.__cause__) + repr(error.__context__)
        return f"{type(error).__name__}: {error.message} {error.hint}"
    finally:
        await http.close()
    return f"{'limited' if found.limited else 'fine'}: {found.words}"


def google(code: int, status: str, reason: str = "", message: str = "") -> object:
    details = [
        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}
    ]
    return {
        "error": {"code": code, "message": message, "status": status, "details": details if reason else []}
    }


def openai(message: str, code: str | None = None, kind: str = "invalid_request_error") -> object:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


ANSWERS = [
    ("GEMINI_API_KEY", 400, google(400, "INVALID_ARGUMENT", "API_KEY_INVALID", "API key not valid. Please pass a valid API key."),
     "BadKey", "Google knows no such key", "aistudio.google.com"),
    ("GEMINI_API_KEY", 400, google(400, "INVALID_ARGUMENT", "API_KEY_INVALID", "API key expired. Please renew the API key."),
     "BadKey", "", "aistudio.google.com"),
    ("GEMINI_API_KEY", 403, google(403, "PERMISSION_DENIED", "SERVICE_DISABLED", "Generative Language API has not been used in project 1"),
     "BadKey", "switched off", "switches it on"),
    ("GEMINI_API_KEY", 403, google(403, "PERMISSION_DENIED", "API_KEY_SERVICE_BLOCKED"), "BadKey", "restricted", "Generative Language"),
    ("GEMINI_API_KEY", 403, google(403, "PERMISSION_DENIED", "", "Your API key was reported as leaked. Please use another API key."),
     "BadKey", "found in public", "new one"),
    ("GEMINI_API_KEY", 400, google(400, "FAILED_PRECONDITION", "", "User location is not supported for the API use."),
     "ServiceError", "this country", "F7"),
    ("GEMINI_API_KEY", 400, google(400, "INVALID_ARGUMENT", "", "Something else"), "ServiceError", "answered with 400", "F7"),
    ("GEMINI_API_KEY", 429, google(429, "RESOURCE_EXHAUSTED"), "limited", "quota", ""),
    ("ANTHROPIC_API_KEY", 401, {"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}},
     "BadKey", "unknown there", "console.anthropic.com"),
    ("ANTHROPIC_API_KEY", 403, {"type": "error", "error": {"type": "permission_error", "message": "not allowed"}},
     "BadKey", "may not be used", "workspace"),
    ("ANTHROPIC_API_KEY", 400, {"type": "error", "error": {"message": "Your credit balance is too low"}}, "limited", "no credit", ""),
    ("ANTHROPIC_API_KEY", 529, {"type": "error", "error": {"type": "overloaded_error"}}, "ServiceError", "529", "F7"),
    ("OPENAI_API_KEY", 401, openai(f"Incorrect API key provided: {KEY}.", "invalid_api_key"), "BadKey", "wrong, or was withdrawn", "platform.openai.com"),
    ("OPENAI_API_KEY", 401, openai("You must be a member of an organization to use the API", None), "BadKey", "organization", "belong to"),
    ("OPENAI_API_KEY", 401, openai("OpenAI-Organization header should match organization for API key", "mismatched_organization"),
     "BadKey", "organization", "belong to"),
    ("OPENAI_API_KEY", 401, openai("The project you are requesting has been archived and is no longer accessible", "not_authorized_invalid_project"),
     "BadKey", "project is closed", "open project"),
    ("OPENAI_API_KEY", 403, openai("You have insufficient permissions for this operation. Missing scopes: api.model.read."), "fine", "restricted", ""),
    ("OPENAI_API_KEY", 403, openai("Country, region, or territory not supported", "unsupported_country_region_territory"),
     "ServiceError", "this country", "F7"),
    ("OPENAI_API_KEY", 429, openai("You exceeded your current quota, please check your plan and billing details.", "insufficient_quota"),
     "limited", "no credit", ""),
    ("OPENAI_API_KEY", 429, openai("Rate limit reached for requests", "rate_limit_exceeded"), "limited", "limited now", ""),
    ("TELEGRAM_BOT_TOKEN", 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}, "BadKey", "withdrawn", "@BotFather"),
    ("TELEGRAM_BOT_TOKEN", 404, {"ok": False, "error_code": 404, "description": "Not Found"}, "BadKey", "not a whole", "colon"),
    ("DISCORD_BOT_TOKEN", 401, {"message": "401: Unauthorized", "code": 0}, "BadKey", "reset", "Reset Token"),
    ("DISCORD_BOT_TOKEN", 429, {"message": "You are being rate limited.", "retry_after": 2}, "limited", "limited", ""),
    ("SLACK_BOT_TOKEN", 200, {"ok": False, "error": "invalid_auth"}, "BadKey", "no such token", "api.slack.com"),
    ("SLACK_BOT_TOKEN", 200, {"ok": False, "error": "token_revoked"}, "BadKey", "withdrawn", "Install the app"),
    ("SLACK_BOT_TOKEN", 200, {"ok": False, "error": "account_inactive"}, "BadKey", "closed", "workspace"),
    ("SLACK_APP_TOKEN", 200, {"ok": False, "error": "not_allowed_token_type"}, "BadKey", "another kind", "xapp-"),
    ("SLACK_APP_TOKEN", 200, {"ok": False, "error": "missing_scope", "needed": "connections:write"}, "BadKey", "permission", "connections:write"),
    ("SLACK_BOT_TOKEN", 200, {"ok": False, "error": "ratelimited"}, "limited", "limited", ""),
    ("SLACK_BOT_TOKEN", 200, {"ok": False, "error": "internal_error"}, "ServiceError", "trouble", "F7"),
    ("SLACK_BOT_TOKEN", 200, {"ok": False, "error": "some_new_word"}, "BadKey", "some_new_word", "api.slack.com"),
    ("SLACK_BOT_TOKEN", 200, {"ok": False, "error": f"odd {KEY}"}, "BadKey", "Slack says ?", "api.slack.com"),
    ("XAI_API_KEY", 400, {"code": "Client specified an invalid argument", "error": "Incorrect API key provided: xa***. "}, "BadKey", "xAI knows no", "x.ai"),
    ("XAI_API_KEY", 403, {"error": "Your newly created team doesn't have any credits or licenses yet."}, "limited", "no credit", ""),
    ("DEEPSEEK_API_KEY", 402, {"error": {"message": "Insufficient Balance"}}, "limited", "no credit", ""),
    ("OPENAI_API_KEY", 200, b"<html>log in to the hotel's network</html>", "ServiceError", "something else than usual", "proxy"),
    ("SLACK_BOT_TOKEN", 200, b"<html>", "ServiceError", "something else than usual", "proxy"),
]  # fmt: skip


@pytest.mark.parametrize(("env", "status", "body", "meaning", "why", "step"), ANSWERS)
async def test_an_answer_is_explained_with_a_next_step(
    env: str, status: int, body: object, meaning: str, why: str, step: str
) -> None:
    said = await ask(env, status, body)
    assert said.startswith(f"{meaning}: "), said
    assert why in said
    assert step in said
    assert KEY not in said
    assert "{" not in said
    assert len(said) < 250, "it fits the dialog, forty per cent longer too"


@pytest.mark.parametrize("env", QUESTIONS)
async def test_no_answer_of_any_provider_is_a_crash(env: str) -> None:
    name = kind_of(env).title.split()[0].removeprefix("Google ")
    for status in (200, 301, 400, 401, 402, 403, 404, 418, 429, 500, 502, 503, 529):
        for body in (
            b"",
            b"null",
            b"[1]",
            b'"x"',
            b"{}",
            b'{"error": 1}',
            b'{"error": [{"message": null}]}',
            b"\xff",
        ):
            said = await ask(env, status, body)
            assert said.startswith(("BadKey: ", "ServiceError: ", "limited: ", "fine: ")), said
            assert status == 200 or not said.startswith("fine")
            assert not said.startswith("BadKey") or status in (200, 400, 401, 403, 404), (status, said)
            assert not said.startswith(("BadKey", "ServiceError")) or name in said


@pytest.mark.parametrize("env", QUESTIONS)
@pytest.mark.parametrize(
    "key",
    [
        "CANARY" + "é" * 30,
        "CANARY\udc80" * 5,
        "CANARY\ud83d",
        "CANARY\n" * 5,
        "CANARY\0" * 5,
        "CANARY" * 20_000,
        "../CANARY?x#y",
    ],
)
async def test_no_key_is_a_crash_or_is_quoted(env: str, key: str) -> None:
    """Whatever the field lets through: libraries raise errors that hold all headers."""
    http = Http(lambda: httpx.MockTransport(lambda _request: httpx.Response(401, content=b"{}")))
    try:
        with pytest.raises(ClawError) as caught:
            await LiveKeyChecks(http).check(env, Secret(key))
    finally:
        await http.close()
    error: BaseException | None = caught.value
    assert error is not None
    said = "".join(traceback.format_exception(error))
    assert "CANARY" not in said.replace(__file__, "")
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None


@pytest.mark.parametrize(("body", "models"), [
    ({"data": [{"id": "a"}, {"id": "b"}, {"id": 5}, "c"]}, ("a", "b")),
    ({"models": [{"name": "models/a"}]}, ("models/a",)),
    ({"data": [{"id": "a"}], "has_more": True}, ()),
    ({"models": [{"name": "models/a"}], "nextPageToken": "x"}, ()),
    ({"data": {"limit": 1}}, ()), ({"ok": True}, ()),
])  # fmt: skip
async def test_the_models_that_a_provider_lists_are_kept_when_it_lists_all(
    body: object, models: tuple[str, ...]
) -> None:
    http = Http(lambda: httpx.MockTransport(lambda _request: httpx.Response(200, json=body)))
    found = await LiveKeyChecks(http).check("OPENAI_API_KEY", Secret(KEY))
    await http.close()
    assert found.models == models
