"""What Telegram, Slack, Twilio and Telnyx answer to the checks of channels, and what people are told to do next."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from claw_tui.adapters.channel_checks import LiveChannelChecks
from claw_tui.adapters.http import Http
from claw_tui.demo.transport import SimulatedInternet
from claw_tui.domain.errors import ClawError, NetworkDown
from claw_tui.domain.secret import Secret

pytestmark = pytest.mark.anyio
KEY = "123456789:CANARY-key-CANARY-key"
SID = "AC" + "0" * 32
ME = {
    "ok": True,
    "result": {"id": 1, "username": "my_bot", "can_join_groups": True, "can_read_all_group_messages": True},
}
HOOK = {"ok": True, "result": {"url": "", "pending_update_count": 0}}
Answers = Mapping[str, tuple[int, Any]]
CHECKS: Mapping[str, Callable[[LiveChannelChecks], Any]] = {
    "telegram": lambda checks: checks.telegram(Secret(KEY)),
    "free": lambda checks: checks.free_telegram(Secret(KEY)),
    "slack": lambda checks: checks.slack(Secret(KEY), Secret(KEY)),
    "twilio": lambda checks: checks.twilio(SID, Secret(KEY), "+15550001234"),
    "telnyx": lambda checks: checks.telnyx(Secret(KEY), "+15550001234"),
}


async def said(http: Http, name: str) -> str:
    """All that is said in the end; the key is nowhere in it, nor in what led to it."""
    try:
        found = await CHECKS[name](LiveChannelChecks(http))
    except ClawError as error:
        assert KEY not in "".join(traceback.format_exception(error)) + repr(error) + error.hint + error.detail
        assert KEY not in repr(error.__cause__) + repr(error.__context__)
        return f"{type(error).__name__}: {error.message} {error.hint}"
    finally:
        await http.close()
    return (
        ""
        if found is None
        else "\n".join(f"{r.mark}: {r.words} {r.todo}" for r in found.remarks) + str(found.taken)
    )


def answering(answers: Answers) -> Http:
    """By the last word of the path."""

    def answer(request: httpx.Request) -> httpx.Response:
        status, body = answers[request.url.path.rpartition("/")[2]]
        return httpx.Response(status, content=body if isinstance(body, bytes) else json.dumps(body).encode())

    return Http(lambda: httpx.MockTransport(answer))


def no(code: int, words: str) -> tuple[int, Any]:
    return code, {"ok": False, "error_code": code, "description": words}


def me(**changes: Any) -> tuple[int, Any]:
    return 200, {"ok": True, "result": {**ME["result"], **changes}}  # type: ignore[dict-item]


SLACK = {"ok": True, "team": "Claw Club", "user": "claw"}
NUMBERS = "IncomingPhoneNumbers.json"
TALKS: list[tuple[str, Answers, list[str]]] = [
    ("telegram", {"getMe": (200, ME), "getWebhookInfo": (200, HOOK)}, ["done: The bot is @my_bot", "done: Nobody else", "False"]),
    ("telegram", {"getMe": me(can_read_all_group_messages=False), "getWebhookInfo": (200, HOOK)}, ["warning: In groups", "/setprivacy"]),
    ("telegram", {"getMe": me(can_join_groups=False), "getWebhookInfo": (200, HOOK)}, ["warning: It can't be added", "/setjoingroups"]),
    ("telegram", {"getMe": (200, ME), "getWebhookInfo": (200, {"ok": True, "result": {"url": f"https://x.example.com/{KEY}"}})},
     ["failed: Its messages are sent", "x.example.com", "F8", "True"]),
    ("telegram", {"getMe": (200, ME), "getWebhookInfo": (200, {"ok": True, "result": {"url": "https://[bad"}})}, ["at ?:", "True"]),
    ("telegram", {"getMe": no(401, "Unauthorized")}, ["BadKey", "withdrawn", "@BotFather"]),
    ("telegram", {"getMe": no(404, "Not Found")}, ["BadKey", "not a whole bot token"]),
    ("telegram", {"getMe": no(429, "Too Many Requests")}, ["RateLimited", "accepted", "limited", "some minutes"]),
    ("telegram", {"getMe": (200, ME), "getWebhookInfo": no(409, "Conflict")}, ["RateLimited", "another program fetches"]),
    ("telegram", {"getMe": (200, b"<html>")}, ["ServiceError", "something else than usual"]),
    ("telegram", {"getMe": (502, b"")}, ["ServiceError", "502", "F5"]),
    ("free", {"deleteWebhook": (200, {"ok": True, "result": True})}, []),
    ("free", {"deleteWebhook": no(401, "Unauthorized")}, ["BadKey"]),
    ("slack", {"auth.test": (200, SLACK), "apps.connections.open": (200, {"ok": True, "url": "wss://x"})},
     ["The bot is claw in the workspace Claw Club", "may open the socket"]),
    ("slack", {"auth.test": (200, {"ok": False, "error": "token_revoked"})}, ["BadKey: Slack bot token does not", "Install the app"]),
    ("slack", {"auth.test": (200, {"ok": False, "error": "account_inactive"})}, ["BadKey", "closed"]),
    ("slack", {"auth.test": (200, SLACK), "apps.connections.open": (200, {"ok": False, "error": "missing_scope"})},
     ["BadKey: Slack app token does not", "connections:write"]),
    ("slack", {"auth.test": (200, SLACK), "apps.connections.open": (200, {"ok": False, "error": "not_allowed_token_type"})},
     ["another kind of Slack token"]),
    ("slack", {"auth.test": (429, {"ok": False, "error": "ratelimited"})}, ["RateLimited", "accepted"]),
    ("twilio", {f"{SID}.json": (200, {"status": "active", "friendly_name": "Mine", "type": "Full"}),
                NUMBERS: (200, {"incoming_phone_numbers": [{"phone_number": "+15550001234"}]})},
     ["done: The account is “Mine”", "done: +15550001234 is a number"]),
    ("twilio", {f"{SID}.json": (200, {"status": "active", "type": "Trial"}), NUMBERS: (200, {"incoming_phone_numbers": []})},
     ["warning: A trial account", "failed: +15550001234 is no number", "Twilio"]),
    ("twilio", {f"{SID}.json": (200, {"status": "suspended"}), NUMBERS: (200, {})}, ["failed: The account", "suspended"]),
    ("twilio", {f"{SID}.json": (401, {"code": 20003, "message": "Authenticate"})}, ["BadKey", "another account", "console.twilio.com"]),
    ("twilio", {f"{SID}.json": (404, {"code": 20404})}, ["BadKey", "no such account"]),
    ("twilio", {f"{SID}.json": (429, {"code": 20429})}, ["RateLimited", "accepted"]),
    ("telnyx", {"balance": (200, {"data": {}}), "phone_numbers": (200, {"data": []})}, ["Telnyx accepts", "failed: +15550001234"]),
    ("telnyx", {"balance": (401, {"errors": [{"code": "10009"}]})}, ["BadKey", "withdrawn", "portal.telnyx.com"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answers", "words"), TALKS)
async def test_an_answer_is_said_with_a_next_step(name: str, answers: Answers, words: list[str]) -> None:
    found = await said(answering(answers), name)
    for word in words:
        assert word in found, found
    assert "{" not in found


@pytest.mark.parametrize("name", CHECKS)
async def test_no_answer_is_a_crash(name: str) -> None:
    odd = (b"", b"null", b"[]", b"7", b'"x"', b"{}", b'{"ok": true}', b'{"ok": true, "result": [1]}', b'{"ok": 1, "result": null}',
           b'{"data": {"x": 1}}', b'{"incoming_phone_numbers": "no", "status": 5}', b"\xff\xfe<html>", KEY.encode())  # fmt: skip
    for status in (200, 204, 301, 400, 401, 403, 404, 409, 418, 429, 500, 503):
        for body in odd:
            http = Http(lambda s=status, b=body: httpx.MockTransport(lambda _r: httpx.Response(s, content=b)))  # type: ignore[misc]
            found = await said(http, name)
            assert KEY not in found
            assert status == 200 or found.split(":")[0] in ("BadKey", "RateLimited", "ServiceError")


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.ConnectError, httpx.RemoteProtocolError])
async def test_a_line_that_is_down_says_where_it_ended_and_no_key(
    name: str, error: type[httpx.TransportError]
) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error(f"while asking {request.url}", request=request)

    found = await said(Http(lambda: httpx.MockTransport(fail)), name)
    assert found.startswith(NetworkDown.__name__)


async def test_a_token_cannot_lead_to_another_address() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(404, json={"ok": False})

    http = Http(lambda: httpx.MockTransport(answer))
    with pytest.raises(ClawError):
        await LiveChannelChecks(http).telegram(Secret("1:a/../../x?y#z"))
    await http.close()
    assert [(url.host, url.path.startswith("/bot1:a"), url.query) for url in asked] == [
        ("api.telegram.org", True, b"")
    ]


@pytest.mark.parametrize(("token", "words"), [
    ("123456789:AAdemo-demo-demo-demo", "@my_claw_bot"), ("123456789:AAprivacy-demo-demo", "/setprivacy"),
    ("123456789:AAelsewhere-demo-demo", "F8"), ("123456789:AApolled-demo-demo-demo", "another program fetches"),
    ("123456789:AAbad-demo-demo-demo", "BadKey"), ("123456789:AAlimited-demo-demo", "RateLimited"), ("nonsense", "not a whole"),
])  # fmt: skip
async def test_the_simulated_telegram_has_each_case(token: str, words: str) -> None:
    http = Http(SimulatedInternet)
    checks = LiveChannelChecks(http)
    try:
        found = await checks.telegram(Secret(token))
        text = str(found.remarks)
        if found.taken:
            await checks.free_telegram(Secret(token))
            assert not (await checks.telegram(Secret(token))).taken
    except ClawError as error:
        text = f"{type(error).__name__} {error.message} {error.hint}"
    await http.close()
    assert words in text


@pytest.mark.parametrize(("bot", "app", "words"), [
    ("xoxb-demo-demo", "xapp-demo-demo", "Claw Club"), ("xoxb-revoked-demo", "xapp-demo", "withdrawn"),
    ("xapp-demo-demo", "xapp-demo", "another kind"), ("xoxb-bad-demo", "xapp-demo", "no such token"),
    ("xoxb-limited-demo", "xapp-demo", "limited"),
])  # fmt: skip
async def test_the_simulated_slack_has_each_case(bot: str, app: str, words: str) -> None:
    http = Http(SimulatedInternet)
    try:
        text = str((await LiveChannelChecks(http).slack(Secret(bot), Secret(app))).remarks)
    except ClawError as error:
        text = f"{error.message} {error.hint}"
    await http.close()
    assert words in text


@pytest.mark.parametrize(("sid", "token", "number", "words"), [
    ("AC" + "3" * 32, "de30", "+15550001234", "Claw calls"), ("AC" + "1" * 32, "de30", "+15550001234", "trial"),
    ("AC" + "2" * 32, "de30", "+15550001234", "suspended"), (SID, "bad", "+15550001234", "auth token is wrong"),
    (SID, "limited", "+1555", "limited"), (SID, "de30", "+15550000000", "no number of this account"),
])  # fmt: skip
async def test_the_simulated_twilio_has_each_case(sid: str, token: str, number: str, words: str) -> None:
    http = Http(SimulatedInternet)
    try:
        text = str((await LiveChannelChecks(http).twilio(sid, Secret(token), number)).remarks)
    except ClawError as error:
        text = f"{error.message} {error.hint}"
    await http.close()
    assert words in text


async def test_the_simulated_telnyx_has_each_case() -> None:
    http = Http(SimulatedInternet)
    checks = LiveChannelChecks(http)
    assert "is a number of this account" in str(
        (await checks.telnyx(Secret("KEYdemo"), "+15550001234")).remarks
    )
    with pytest.raises(ClawError, match="withdrawn"):
        await checks.telnyx(Secret("KEYbad"), "")
    await http.close()
