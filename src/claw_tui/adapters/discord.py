"""Discord's API v10, as a bot's token sees it. It only reads: so it may ask again when an answer did not come."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from claw_tui.adapters.discord_limits import Limits, Refusals
from claw_tui.adapters.http import SECONDS, Http, json_of
from claw_tui.domain.clean import clean
from claw_tui.domain.discord import (
    MEMBERS,
    MESSAGE_CONTENT,
    BotIdentity,
    BotMember,
    Channel,
    Guild,
    GuildView,
    Member,
    Overwrite,
    Role,
)
from claw_tui.domain.errors import BadKey, ClawError, NetworkDown, RateLimited, ServiceError
from claw_tui.domain.secret import Secret
from claw_tui.i18n import _

PAGE = 200
MOST_FOUND = 25  # members of one search
DEADLINE = 30.0  # seconds for one answer, with all waiting and asking again
TRIES, REPEATS = 5, 2  # requests for one answer at most; of them after a failure that is not a limit
MISSING_ACCESS, UNKNOWN_GUILD, UNKNOWN_MEMBER, UNKNOWN_USER = 50001, 10004, 10007, 10013


class Refused(ServiceError):
    """Discord said no, with a number of its own for the reason."""

    def __init__(self, message: str, number: object, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.number = number


class DiscordApi:
    """The port ``Discord`` over HTTPS."""

    def __init__(
        self, http: Http, pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._http, self._pause, self._clock = http, pause, clock
        self._refusals = Refusals(clock)
        self._limits: dict[bytes, Limits] = {}  # each bot has its own; by the token's digest

    async def identity(self, token: Secret) -> BotIdentity:
        application = await self._get(token, "/applications/@me")
        user = await self._get(token, "/users/@me")
        with _understood():
            flags = int(application.get("flags", 0))
            return BotIdentity(
                _id(application["id"]), clean(str(user.get("username", ""))), bool(flags & MESSAGE_CONTENT),
                _id(user["id"]), bool(flags & MEMBERS),
            )  # fmt: skip

    async def guilds(self, token: Secret) -> tuple[Guild, ...]:
        found: dict[str, Guild] = {}
        after = ""
        while True:
            page = await self._get(token, f"/users/@me/guilds?limit={PAGE}{after}")
            with _understood():
                new = [Guild(_id(g["id"]), clean(str(g["name"])), g.get("owner") is True) for g in page]
            before = len(found)
            found.update((guild.id, guild) for guild in new)
            if len(new) < PAGE or len(found) == before:  # a page that brings nothing new would come for ever
                return tuple(sorted(found.values(), key=lambda guild: (guild.name.casefold(), guild.id)))
            after = f"&after={max(map(int, found))}"

    async def look_into(self, token: Secret, guild: Guild, bot: str) -> GuildView:
        channels, roles, member = await asyncio.gather(
            self._get(token, "/guilds/{}/channels", guild.id),
            self._get(token, "/guilds/{}/roles", guild.id),
            self._get(token, "/guilds/{}/members/" + bot, guild.id),
        )
        with _understood():
            silent = member.get("communication_disabled_until")
            own = BotMember(
                bot, tuple(_id(role) for role in member["roles"]),
                datetime.fromisoformat(silent).timestamp() if silent else 0.0,
            )  # fmt: skip
            return GuildView(guild, tuple(map(_channel, channels)), tuple(map(_role, roles)), own)

    async def find_members(self, token: Secret, guild: str, words: str) -> tuple[Member, ...]:
        path = "/guilds/{}/members/search" + f"?limit={MOST_FOUND}&query={quote(words[:100], safe='')}"
        found = await self._get(token, path, guild)
        with _understood():
            return tuple(map(_member, found))

    async def member(self, token: Secret, guild: str, user: str) -> Member | None:
        try:
            found = await self._get(token, "/guilds/{}/members/" + user, guild)
        except Refused as refused:
            if refused.number in (UNKNOWN_MEMBER, UNKNOWN_USER):
                return None
            raise
        with _understood():
            return _member(found)

    async def _get(self, token: Secret, path: str, guild: str = "") -> Any:
        """Ask for ``path``, in which {} is the guild's id."""
        route = re.sub(r"/[0-9]+", "/{}", path.partition("?")[0])
        until, failures, limits = self._clock() + DEADLINE, 0, self._limits_of(token)
        for _try in range(TRIES):
            await limits.before(route, guild, until)
            try:
                status, headers, body = await self._ask(token, path.format(guild), until)
            except NetworkDown:
                failures += 1
                if failures >= REPEATS or self._clock() + 1 > until:
                    raise
                await self._pause(0.5)
                continue
            limits.after(route, guild, status, headers, body)
            if status == 200 and body is not None:
                return body
            failures += status >= 500
            if status != 429 and (status < 500 or failures >= REPEATS):
                raise _refusal(status, body)
            if status >= 500:
                await self._pause(0.5 * failures)
        raise RateLimited(_("Discord wants us to wait."), hint=_("Read again in a minute."))

    def _limits_of(self, token: Secret) -> Limits:
        digest = sha256(token.reveal().encode("utf-8", "surrogatepass")).digest()
        return self._limits.setdefault(digest, Limits(self._pause, self._clock, self._refusals))

    async def _ask(self, token: Secret, path: str, until: float) -> tuple[int, Any, Any]:
        """(status, headers, decoded body)."""
        seconds = max(1.0, min(SECONDS, until - self._clock()))
        headers = {"Authorization": f"Bot {token.reveal()}"}
        answer = await self._http.send("GET", "discord", f"/api/v10{path}", headers=headers, seconds=seconds)
        return answer.status_code, answer.headers, json_of(answer)


def _refusal(status: int, body: Any) -> ClawError:
    if status == 401:
        hint = _("Copy it again from the Bot page of your application, and give it on the Secrets screen.")
        return BadKey(_("Discord does not accept the bot token."), hint=hint)
    number = body.get("code") if isinstance(body, dict) else None
    if number in (MISSING_ACCESS, UNKNOWN_GUILD):
        return Refused(_("The bot can't see this server any more."), number, _("Read the list again."))
    return Refused(_("Discord answered with {status}.").format(status=status), number)


@contextmanager
def _understood() -> Iterator[None]:
    """What does not look as documented is told, and does not end the program."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ServiceError(
            _("Discord's answer was not understood."),
            hint=_("Read again; perhaps claw-tui is too old for it."),
        ) from error


def _id(value: object) -> str:
    """An id, which is a number and never anything else: it goes into addresses and into openclaw.json."""
    text = str(value)
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return text


def _channel(c: Any) -> Channel:
    overwrites = tuple(
        Overwrite(_id(o["id"]), int(o["type"]) == 1, int(o["allow"]), int(o["deny"]))
        for o in c.get("permission_overwrites") or ()
    )
    parent = c.get("parent_id")
    return Channel(
        _id(c["id"]), clean(str(c.get("name") or "")), int(c["type"]), int(c.get("position") or 0),
        _id(parent) if parent else "", overwrites,
    )  # fmt: skip


def _role(r: Any) -> Role:
    bot = (r.get("tags") or {}).get("bot_id")
    name = clean(str(r["name"]))
    return Role(
        _id(r["id"]), name, int(r["permissions"]), int(r.get("position") or 0), _id(bot) if bot else ""
    )


def _member(m: Any) -> Member:
    user = m["user"]
    shown = m.get("nick") or user.get("global_name") or user["username"]
    name = shown if shown == user["username"] else f"{shown} ({user['username']})"
    return Member(_id(user["id"]), clean(str(name)))
