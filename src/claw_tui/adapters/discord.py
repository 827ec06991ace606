"""Discord's API v10, as a bot's token sees it."""

from __future__ import annotations

from typing import Any

from claw_tui.adapters.clean import clean
from claw_tui.adapters.http import Http, json_of
from claw_tui.domain.discord import MESSAGE_CONTENT, BotIdentity, Channel, Guild
from claw_tui.domain.errors import BadKey, RateLimited, ServiceError
from claw_tui.domain.secret import Secret
from claw_tui.i18n import _

PAGE = 200
MISSING_ACCESS, UNKNOWN_GUILD = 50001, 10004


class DiscordApi:
    """The port ``Discord`` over HTTPS."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def identity(self, token: Secret) -> BotIdentity:
        application = await self._get(token, "/applications/@me")
        user = await self._get(token, "/users/@me")
        reads = bool(int(application.get("flags", 0)) & MESSAGE_CONTENT)
        return BotIdentity(str(application["id"]), clean(str(user.get("username", ""))), reads)

    async def guilds(self, token: Secret) -> tuple[Guild, ...]:
        found: list[Guild] = []
        while True:
            after = f"&after={found[-1].id}" if found else ""
            page = await self._get(token, f"/users/@me/guilds?limit={PAGE}{after}")
            found += [Guild(str(guild["id"]), clean(str(guild["name"]))) for guild in page]
            if len(page) < PAGE:
                return tuple(sorted(found, key=lambda guild: guild.name.casefold()))

    async def channels(self, token: Secret, guild: str) -> tuple[Channel, ...]:
        return tuple(
            Channel(
                str(c["id"]), clean(str(c.get("name") or "")), int(c["type"]), int(c.get("position") or 0),
                str(c.get("parent_id") or ""),
            )
            for c in await self._get(token, f"/guilds/{guild}/channels")
        )  # fmt: skip

    async def _get(self, token: Secret, path: str) -> Any:
        answer = await self._http.send(
            "GET", "discord", f"/api/v10{path}", headers={"Authorization": f"Bot {token.reveal()}"}
        )
        body = json_of(answer)
        if answer.status_code == 200 and body is not None:
            return body
        if answer.status_code == 401:
            raise BadKey(
                _("Discord does not accept the bot token."),
                hint=_(
                    "Copy it again from the Bot page of your application, and give it on the Secrets screen."
                ),
            )
        if answer.status_code == 429:
            seconds = float(body.get("retry_after", 1)) if isinstance(body, dict) else 1.0
            raise RateLimited(
                _("Discord wants us to wait {seconds:.0f} seconds.").format(seconds=seconds + 0.5)
            )
        code = body.get("code") if isinstance(body, dict) else None
        if code in (MISSING_ACCESS, UNKNOWN_GUILD):
            raise ServiceError(_("The bot can't see this server any more."), hint=_("Read the list again."))
        raise ServiceError(_("Discord answered with {status}.").format(status=answer.status_code))
