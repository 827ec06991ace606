"""The simulated Discord: one application, three servers, and what a wrong or unlucky token gets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claw_tui.demo import world

if TYPE_CHECKING:
    from claw_tui.demo.web import Answered, Asked

APPLICATION = "1180000000000000001"
INTENT_LIMITED, MEMBERS = 1 << 19, 1 << 15
TEXT, VOICE, CATEGORY, ANNOUNCEMENT = 0, 2, 4, 5

GUILDS = (
    ("1170000000000000001", "Claw Club"), ("1170000000000000002", "Family"), ("1170000000000000003", "Open Source Friends"),
)  # fmt: skip
CHANNELS: dict[str, tuple[tuple[str, str, int, int, str | None], ...]] = {
    "1170000000000000001": (
        ("1171000000000000001", "welcome", TEXT, 0, None), ("1171000000000000002", "Talk", CATEGORY, 1, None),
        ("1171000000000000003", "general", TEXT, 0, "1171000000000000002"),
        ("1171000000000000004", "ask-the-claw", TEXT, 1, "1171000000000000002"),
        ("1171000000000000005", "Lounge", VOICE, 2, "1171000000000000002"),
        ("1171000000000000006", "Work", CATEGORY, 2, None),
        ("1171000000000000007", "releases", ANNOUNCEMENT, 0, "1171000000000000006"),
        ("1171000000000000008", "bots", TEXT, 1, "1171000000000000006"),
    ),
    "1170000000000000002": (
        ("1172000000000000001", "general", TEXT, 0, None), ("1172000000000000002", "dinner", TEXT, 1, None),
    ),
    "1170000000000000003": (("1173000000000000001", "chat", TEXT, 0, None),),
}  # fmt: skip


def discord_answer(asked: Asked) -> Answered:
    from claw_tui.demo.web import as_json  # noqa: PLC0415  (the two modules know each other)

    traits = world.traits(asked.key)
    if not asked.headers.get("authorization", "").startswith("Bot ") or {"bad", "blank"} & set(traits):
        return as_json(401, {"message": "401: Unauthorized", "code": 0})
    if "limited" in traits:
        body = {"message": "You are being rate limited.", "retry_after": 2.5, "global": False}
        return as_json(429, body, **{"retry-after": "3", "x-ratelimit-remaining": "0"})
    path = asked.path.removeprefix("/api/v10")
    found = _found(path, asked, traits)
    if found is None:
        return as_json(404, {"message": "Unknown Guild", "code": 10004})
    return as_json(200, found)


def _found(path: str, asked: Asked, traits: list[str]) -> object:
    if path == "/users/@me":
        return {
            "id": APPLICATION,
            "username": "claw",
            "discriminator": "0",
            "global_name": None,
            "avatar": None,
            "bot": True,
        }
    if path == "/applications/@me":
        flags = MEMBERS if "nointent" in traits else MEMBERS | INTENT_LIMITED
        return {"id": APPLICATION, "name": "Claw", "flags": flags, "bot_public": True}
    if path == "/users/@me/guilds":
        guilds: list[dict[str, object]] = [] if "noguild" in traits and not _joined() else [
            {"id": number, "name": name, "icon": None, "owner": False, "permissions": "274878024768", "features": []}
            for number, name in GUILDS
        ]  # fmt: skip
        return [guild for guild in guilds if str(guild["id"]) > asked.query("after")]
    if match := re.fullmatch(r"/guilds/(\d+)/channels", path):
        if match.group(1) not in CHANNELS:
            return None
        return [
            {"id": i, "name": n, "type": t, "position": p, "parent_id": parent, "guild_id": match.group(1),
             "permission_overwrites": []}
            for i, n, t, p, parent in CHANNELS[match.group(1)]
        ]  # fmt: skip
    return None


def _joined() -> bool:
    """A bot in no server is invited after it was asked for three times: somebody opened the link."""
    with world.opened() as now:
        now["guild_questions"] = now.get("guild_questions", 0) + 1
        return bool(now["guild_questions"] > 3)
