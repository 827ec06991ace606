"""What Telegram, Slack, Twilio and Telnyx answer: the shapes and codes of the real ones.

Besides ``bad`` and ``limited`` in a key: ``elsewhere`` in a Telegram token sends its messages to another address,
``polled`` has them fetched by another program, ``privacy`` shows it little in groups; ``revoked`` in Slack's; a Twilio
account that ends in 1 is on trial, one in 2 is suspended; a phone number that ends in 0 belongs to somebody else.
"""

from __future__ import annotations

import base64
import re

from claw_tui.demo import world

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from claw_tui.demo.web import Answered, Asked

HOSTS = ("api.telegram.org", "slack.com", "api.twilio.com", "api.telnyx.com")
_freed: set[str] = set()  # the webhooks that were taken away, by the bot's number


def channel_answer(asked: Asked, as_json: Callable[..., Answered]) -> Answered:
    return {
        "api.telegram.org": _telegram, "slack.com": _slack, "api.twilio.com": _twilio, "api.telnyx.com": _telnyx,
    }[asked.host](asked, as_json)  # fmt: skip


def _telegram(asked: Asked, as_json: Callable[..., Answered]) -> Answered:
    def refused(code: int, words: str) -> Answered:
        return as_json(code, {"ok": False, "error_code": code, "description": words})

    found = re.fullmatch(r"/bot([^/]+)/(getMe|getWebhookInfo|deleteWebhook)", asked.path)
    if found is None or ":" not in found.group(1):
        return refused(404, "Not Found")
    token, method = found.groups()
    traits, bot = world.traits(token), token.partition(":")[0]
    if "bad" in traits:
        return refused(401, "Unauthorized")
    if "limited" in traits:
        return refused(429, "Too Many Requests: retry after 20")
    if "polled" in token and method != "getMe":
        return refused(409, "Conflict: terminated by other getUpdates request")
    if method == "deleteWebhook":
        _freed.add(token)
        return as_json(200, {"ok": True, "result": True, "description": "Webhook was deleted"})
    if method == "getWebhookInfo":
        url = "https://bots.example.com/telegram" if "elsewhere" in token and token not in _freed else ""
        hook = {"url": url, "has_custom_certificate": False, "pending_update_count": 3 if url else 0}
        return as_json(200, {"ok": True, "result": hook})
    about = {
        "id": int(bot) if bot.isdigit() else 1, "is_bot": True, "first_name": "Claw", "username": "my_claw_bot",
        "can_join_groups": "nogroups" not in token, "can_read_all_group_messages": "privacy" not in token,
        "supports_inline_queries": False,
    }  # fmt: skip
    return as_json(200, {"ok": True, "result": about})


def _slack(asked: Asked, as_json: Callable[..., Answered]) -> Answered:
    traits, app = world.traits(asked.key), asked.path.endswith("apps.connections.open")
    if {"bad", "blank"} & set(traits):
        return as_json(200, {"ok": False, "error": "invalid_auth"})
    if "revoked" in asked.key:
        return as_json(200, {"ok": False, "error": "token_revoked"})
    if "limited" in traits:
        return as_json(429, {"ok": False, "error": "ratelimited"}, **{"retry-after": "30"})
    if asked.key.startswith("xoxb-" if app else "xapp-"):
        return as_json(200, {"ok": False, "error": "not_allowed_token_type"})
    if app:
        return as_json(200, {"ok": True, "url": "wss://wss-primary.slack.com/link/?ticket=1"})
    return as_json(200, {
        "ok": True, "url": "https://claw.slack.com/", "team": "Claw Club", "user": "claw", "team_id": "T01", "user_id": "U01",
        "bot_id": "B01",
    })  # fmt: skip


def _twilio(asked: Asked, as_json: Callable[..., Answered]) -> Answered:
    account, _sep, token = base64.b64decode(asked.key or "Og==").decode().partition(":")
    found = re.fullmatch(r"/2010-04-01/Accounts/([^/.]+)(\.json|/IncomingPhoneNumbers\.json)", asked.path)
    if found is None or found.group(1) != account:
        return as_json(404, {"code": 20404, "message": "The requested resource was not found", "status": 404})
    if {"bad", "blank"} & set(world.traits(token)):
        return as_json(401, {"code": 20003, "message": "Authenticate", "more_info": "", "status": 401})
    if "limited" in world.traits(token):
        return as_json(429, {"code": 20429, "message": "Too Many Requests", "status": 429})
    if found.group(2) == ".json":
        status = "suspended" if account.endswith("2") else "active"
        kind = "Trial" if account.endswith("1") else "Full"
        return as_json(200, {"sid": account, "friendly_name": "Claw calls", "status": status, "type": kind})
    number = asked.query("PhoneNumber")
    rows = [] if number.endswith("0") else [{"phone_number": number, "sid": "PN" + "0" * 32}]
    return as_json(200, {"incoming_phone_numbers": rows, "page": 0})


def _telnyx(asked: Asked, as_json: Callable[..., Answered]) -> Answered:
    if {"bad", "blank"} & set(world.traits(asked.key)):
        error = {
            "code": "10009",
            "title": "Authentication failed",
            "detail": "Could not understand the credentials.",
        }
        return as_json(401, {"errors": [error]})
    if "limited" in world.traits(asked.key):
        return as_json(429, {"errors": [{"code": "10011", "title": "Too many requests"}]})
    if asked.path == "/v2/balance":
        return as_json(200, {"data": {"record_type": "balance", "balance": "10.00", "currency": "USD"}})
    number = asked.query("filter[phone_number]")
    rows = [] if number.endswith("0") else [{"phone_number": number, "status": "active"}]
    return as_json(200, {"data": rows, "meta": {"total_results": len(rows)}})
