"""The simulated Discord's answers: what a good, a wrong and an unlucky token gets.

A word in the token says what happens: ``bad`` (refused), ``limited`` (a long rate limit), ``bursty`` (short ones now and
then), ``nointent``, ``nomembers`` (intents switched off), ``noguild`` (in no server until it is invited), ``crowd``
(in more servers than a page has), ``offline`` (Discord can't be reached).
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from claw_tui.demo import discord_guilds as guilds
from claw_tui.demo import world

if TYPE_CHECKING:
    from claw_tui.demo.web import Answered, Asked

INTENT_LIMITED, MEMBERS_LIMITED = 1 << 19, 1 << 15
GUILD = re.compile(r"/guilds/(\d+)/(channels|roles|members/search|members/\d+)")
BURST = 5  # of so many requests of a bursty token, one is refused
LEAST = 0.02  # seconds that a limit lasts however fast the demo's time goes


def discord_answer(asked: Asked) -> Answered:
    from claw_tui.demo.web import Unreachable, as_json  # noqa: PLC0415  (the two modules know each other)

    traits = world.traits(asked.key)
    if "offline" in traits:
        raise Unreachable(asked.host)
    if not asked.headers.get("authorization", "").startswith("Bot ") or {"bad", "blank"} & set(traits):
        return as_json(401, {"message": "401: Unauthorized", "code": 0})
    if "limited" in traits:
        return _slow_down(65.0, everywhere=False)
    if "bursty" in traits and _too_many():
        return _slow_down(max(world.lasts(2.0), LEAST), everywhere=True)
    if asked.method != "GET":
        return as_json(405, {"message": "405: Method Not Allowed", "code": 0})
    return _found(asked.path.removeprefix("/api/v10"), asked, traits)


def _slow_down(seconds: float, *, everywhere: bool) -> Answered:
    from claw_tui.demo.web import as_json  # noqa: PLC0415

    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": everywhere, "code": 0}
    more = (
        {"x-ratelimit-global": "true", "x-ratelimit-scope": "global"}
        if everywhere
        else {"x-ratelimit-scope": "user"}
    )
    return as_json(429, body, **{"retry-after": f"{seconds + 0.5:.0f}", **more})


def _too_many() -> bool:
    with world.opened() as now:
        now["discord_questions"] = now.get("discord_questions", 0) + 1
        return bool(now["discord_questions"] % BURST == 0)


def _renamed() -> dict[str, str]:
    """What the owners of servers call them now, by their ids."""
    with world.opened(change=False) as now:
        found: dict[str, str] = now.get("discord_names", {})
        return found


def _found(path: str, asked: Asked, traits: list[str]) -> Answered:
    from claw_tui.demo.web import as_json  # noqa: PLC0415

    if path == "/users/@me":
        own = {"mfa_enabled": True, "locale": "en-US", "email": None, "verified": True}
        return _limited(path, {**guilds.bot_user(), **own})
    if path == "/applications/@me":
        content = 0 if "nointent" in traits else INTENT_LIMITED
        members = 0 if "nomembers" in traits else MEMBERS_LIMITED
        return _limited(path, guilds.application(content | members))
    crowd, joined = "crowd" in traits, "noguild" not in traits
    if path == "/users/@me/guilds":
        found = guilds.guilds(crowd=crowd, renamed=_renamed()) if joined or _joins() else []
        after, most = int(asked.query("after") or 0), int(asked.query("limit") or 200)
        return _limited(path, [guild for guild in found if int(guild["id"]) > after][:most])
    match = GUILD.fullmatch(path)
    if match is None:
        return as_json(404, {"message": "404: Not Found", "code": 0})
    if match.group(1) not in {guild["id"] for guild in guilds.guilds(crowd=crowd)}:
        return as_json(404, {"message": "Unknown Guild", "code": 10004})
    return _of_guild(match.group(1), match.group(2), asked, traits)


def _of_guild(guild: str, what: str, asked: Asked, traits: list[str]) -> Answered:
    from claw_tui.demo.web import as_json  # noqa: PLC0415

    if what == "channels":
        return _limited(what, guilds.channels(guild))
    if what == "roles":
        return _limited(what, guilds.roles(guild))
    if what == "members/search":
        if "nomembers" in traits:
            return as_json(403, {"message": "Missing Access", "code": 50001})
        return _limited(what, guilds.found_members(guild, asked.query("query")))
    found = guilds.member(guild, what.rpartition("/")[2])
    if found is None:
        return as_json(404, {"message": "Unknown Member", "code": 10007})
    return _limited("members", found)


def _limited(route: str, value: object) -> Answered:
    """As every answer of Discord's it says how many more there may be."""
    from claw_tui.demo.web import as_json  # noqa: PLC0415

    headers = {
        "x-ratelimit-bucket": world.sha256(route)[:32], "x-ratelimit-limit": "50", "x-ratelimit-remaining": "49",
        "x-ratelimit-reset": f"{time.time() + 0.1:.3f}", "x-ratelimit-reset-after": "0.100",
    }  # fmt: skip
    return as_json(200, value, **headers)


def _joins() -> bool:
    """A bot in no server is invited some seconds after the first question: somebody opened the link."""
    with world.opened() as now:
        now["guild_questions"] = now.get("guild_questions", 0) + 1
        first = now.setdefault("guild_asked_at", time.time())
        return bool(now["guild_questions"] > 3 and time.time() - first >= world.lasts(8))
