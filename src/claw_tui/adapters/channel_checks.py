"""Live checks of channels: who the bot is, and what will keep its messages from the gateway.

Telegram wants the token in the address: nothing here puts an address into words, and ``Http`` names hosts only.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from claw_tui.adapters import key_answers
from claw_tui.adapters.http import Http, json_of
from claw_tui.domain.answers import ChannelCheck, Remark
from claw_tui.domain.errors import BadKey, RateLimited, ServiceError
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import SLACK_APP, SLACK_BOT, TELEGRAM, TELNYX, TWILIO, kind_of
from claw_tui.i18n import _

Json = Mapping[str, Any]


class LiveChannelChecks:
    """The port ``ChannelChecks`` over HTTPS."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def telegram(self, token: Secret) -> ChannelCheck:
        bot = _object(await self._telegram(token, "getMe"), "result")
        remarks = [Remark("done", _("The bot is @{name}.").format(name=bot.get("username") or "?"))]
        if bot.get("can_join_groups") is False:
            words = _("It can't be added to groups.")
            remarks.append(Remark("warning", words, _("@BotFather: /setjoingroups, Enable.")))
        elif bot.get("can_read_all_group_messages") is False:
            words = _("In groups it is shown only what mentions it or answers it (privacy mode).")
            todo = _("For more: @BotFather, /setprivacy, Disable; then add it to the group again.")
            remarks.append(Remark("warning", words, todo))
        hook = _object(await self._telegram(token, "getWebhookInfo"), "result")
        found, taken = _webhook(hook)
        return ChannelCheck((*remarks, *found), taken)

    async def free_telegram(self, token: Secret) -> None:
        await self._telegram(token, "deleteWebhook", "POST")

    async def slack(self, bot: Secret | None, app: Secret | None) -> ChannelCheck:
        remarks: list[Remark] = []
        if bot is not None:
            said = await self._asked(SLACK_BOT, bot, "POST", "slack", "/api/auth.test", _bearer(bot))
            words = _("The bot is {name} in the workspace {team}.")
            remarks.append(
                Remark("done", words.format(name=said.get("user") or "?", team=said.get("team") or "?"))
            )
        if app is not None:
            await self._asked(SLACK_APP, app, "POST", "slack", "/api/apps.connections.open", _bearer(app))
            remarks.append(Remark("done", _("The app may open the socket.")))
        return ChannelCheck(tuple(remarks))

    async def twilio(self, account: str, token: Secret, number: str) -> ChannelCheck:
        basic = base64.b64encode(f"{account}:{token.reveal()}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}"}
        base = f"/2010-04-01/Accounts/{quote(account, safe='')}"
        said = await self._asked(TWILIO, token, "GET", "twilio", f"{base}.json", headers)
        name = str(said.get("friendly_name") or account)
        remarks = [_account(str(said.get("status") or "active"), name)]
        if said.get("type") == "Trial":
            words = _("A trial account calls only numbers that you have verified at Twilio.")
            remarks.append(Remark("warning", words))
        if number:
            path = f"{base}/IncomingPhoneNumbers.json?PhoneNumber={quote(number, safe='')}"
            found = await self._asked(TWILIO, token, "GET", "twilio", path, headers)
            remarks.append(_number(number, found.get("incoming_phone_numbers"), "Twilio"))
        return ChannelCheck(tuple(remarks))

    async def telnyx(self, key: Secret, number: str) -> ChannelCheck:
        await self._asked(TELNYX, key, "GET", "telnyx", "/v2/balance", _bearer(key))
        remarks = [Remark("done", _("Telnyx accepts the key."))]
        if number:
            path = f"/v2/phone_numbers?filter%5Bphone_number%5D={quote(number, safe='')}"
            found = await self._asked(TELNYX, key, "GET", "telnyx", path, _bearer(key))
            remarks.append(_number(number, found.get("data"), "Telnyx"))
        return ChannelCheck(tuple(remarks))

    async def _telegram(self, token: Secret, method: str, verb: str = "GET") -> Json:
        path = f"/bot{quote(token.reveal(), safe=':', errors='replace')}/{method}"
        return await self._asked(TELEGRAM, token, verb, "telegram", path, {})

    async def _asked(
        self, env: str, value: Secret, method: str, service: str, path: str, headers: Mapping[str, str]
    ) -> Json:
        """The body of a plain yes. Raises BadKey, RateLimited (the key is good), ServiceError or NetworkDown."""
        if not value:
            raise BadKey(_("Nothing was typed."))
        answer = await self._http.send(method, service, path, headers=headers)
        body, name = json_of(answer), _(kind_of(env).title) if service == "slack" else service.capitalize()
        try:
            found = key_answers.judge(service, name, kind_of(env).where, answer.status_code, body)
        except BadKey:
            raise
        except ServiceError as error:  # its way out is that of a field for a key
            raise ServiceError(error.message, hint=_("Try again later: F5.")) from None
        if found is not None:
            words = _("{service}: {said}.").format(service=name, said=found.words)
            raise RateLimited(words, hint=_("It can be used; try the check again in some minutes."))
        if not isinstance(body, dict) or body.get("ok") is False:
            words = _("{service} answered with something else than usual; nothing is known.")
            raise ServiceError(
                words.format(service=name), hint=_("Is there a proxy in between? Try again later.")
            )
        return body


def _bearer(key: Secret) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {key.reveal()}"}


def _object(body: Json, key: str) -> Json:
    found = body.get(key)
    return found if isinstance(found, dict) else {}


def _webhook(hook: Json) -> tuple[list[Remark], bool]:
    """Only one gets a bot's messages: an address that Telegram sends them to, or a program that fetches them."""
    url = hook.get("url")
    if not isinstance(url, str) or not url:
        return [Remark("done", _("Nobody else is sent its messages."))], False
    words = _("Its messages are sent to another program, at {host}: the gateway would get none.")
    todo = _("F8 ends that. Or make a new bot for this gateway with @BotFather.")
    return [Remark("failed", words.format(host=_host(url)), todo)], True


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"


def _account(status: str, name: str) -> Remark:
    if status == "active":
        return Remark("done", _("The account is “{name}”.").format(name=name))
    words = _("The account “{name}” is {status}.").format(name=name, status=status)
    return Remark("failed", words, _("Twilio's console says why, on its first page."))


def _number(number: str, found: object, company: str) -> Remark:
    if isinstance(found, list) and found:
        return Remark("done", _("{number} is a number of this account.").format(number=number))
    words = _("{number} is no number of this account.").format(number=number)
    return Remark(
        "failed", words, _("Choose one that it has, or buy it at {company}.").format(company=company)
    )
