"""The simulated Discord's servers: something of each kind that a bot can meet there.

Permissions are written as Discord's documentation numbers them. Nothing of claw-tui's own reading of them is used here.
"""

from __future__ import annotations

from types import MappingProxyType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

APPLICATION = "1180000000000000001"
TEXT, VOICE, CATEGORY, ANNOUNCEMENT, STAGE, FORUM = 0, 2, 4, 5, 13, 15
ADMINISTRATOR, VIEW, SEND, HISTORY, CONNECT, THREADS = 1 << 3, 1 << 10, 1 << 11, 1 << 16, 1 << 20, 1 << 38
EVERYBODY = VIEW | SEND | HISTORY | CONNECT | THREADS | 1 << 14 | 1 << 15 | 1 << 6
CLUB, FAMILY, FRIENDS, QUIET = (f"117000000000000000{n}" for n in (1, 2, 3, 4))
NAMES = {CLUB: "Claw Club", FAMILY: "Family", FRIENDS: "Open Source Friends", QUIET: "Quiet Place"}
NUMBERS = list(NAMES)
CROWD = 230  # servers more than one page has
BOT_ROLE, MODERATORS, FOUNDERS = "1175000000000000001", "1175000000000000002", "1175000000000000003"

Rule = tuple[str, int, int]  # role, allow, deny
STAFF: tuple[Rule, ...] = ((CLUB, 0, VIEW), (MODERATORS, VIEW, 0))
# (last digits of the id, name, type, position, last digits of the category's id or "", its own rules)
Row = tuple[str, str, int, int, str, tuple[Rule, ...]]
CHANNELS: dict[str, tuple[Row, ...]] = {
    CLUB: (
        ("01", "welcome", TEXT, 0, "", ((CLUB, 0, SEND),)),
        ("02", "Talk", CATEGORY, 1, "", ()),
        ("03", "general", TEXT, 0, "02", ()),
        ("04", "ask-the-claw", TEXT, 1, "02", ()),
        ("09", "questions", FORUM, 2, "02", ()),
        ("05", "Lounge", VOICE, 0, "02", ()),
        ("06", "Work", CATEGORY, 2, "", ()),
        ("07", "releases", ANNOUNCEMENT, 0, "06", ()),
        ("08", "bots", TEXT, 1, "06", ()),
        ("10", "Staff", CATEGORY, 3, "", STAFF),
        ("11", "staff-room", TEXT, 0, "10", STAFF),
        ("12", "Town hall", STAGE, 1, "10", ((CLUB, 0, CONNECT), (MODERATORS, CONNECT, 0))),
        ("13", "Archive", CATEGORY, 4, "", ()),
        ("14", "old-stories", TEXT, 0, "13", ((BOT_ROLE, 0, HISTORY),)),
        ("15", "no-side-talk", TEXT, 1, "13", ((CLUB, 0, THREADS),)),
        ("16", "ideas", FORUM, 2, "13", ((CLUB, 0, THREADS),)),
    ),
    FAMILY: (("01", "general", TEXT, 0, "", ()), ("02", "dinner", TEXT, 1, "", ((FAMILY, 0, VIEW | SEND),))),
    FRIENDS: (("01", "chat", TEXT, 0, "", ()),),
    QUIET: (("01", "whispers", TEXT, 0, "", ()),),
}  # fmt: skip
MEMBERS = (
    ("1160000000000000001", "ada", "Ada"), ("1160000000000000002", "grace.h", "Grace"),
    ("1160000000000000003", "linus", None), ("1160000000000000004", "adam", None),
)  # fmt: skip
USER = {
    "avatar": None, "discriminator": "0", "public_flags": 0, "flags": 0, "global_name": None, "primary_guild": None,
}  # fmt: skip


def bot_user() -> dict[str, Any]:
    return {**USER, "id": APPLICATION, "username": "claw", "bot": True}


def application(flags: int) -> dict[str, Any]:
    return {
        "id": APPLICATION, "name": "Claw", "icon": None, "description": "", "type": None, "verify_key": "0" * 64,
        "flags": flags, "flags_new": str(flags), "bot_public": True, "bot_require_code_grant": False, "redirect_uris": [],
        "interactions_endpoint_url": None, "role_connections_verification_url": None,
        "owner": {**USER, "id": MEMBERS[0][0], "username": MEMBERS[0][1]}, "approximate_guild_count": len(NAMES),
        "approximate_user_install_count": 0, "approximate_user_authorization_count": 0, "explicit_content_filter": 0,
        "team": None, "eligible_oauth2_scopes": ["bot", "applications.commands"],
    }  # fmt: skip


def guilds(*, crowd: bool, renamed: Mapping[str, str] = MappingProxyType({})) -> list[dict[str, Any]]:
    """All, by id, as Discord lists them."""
    more = {f"11900000000000{n:05}": f"Server {n:03}" for n in range(1, CROWD + 1)} if crowd else {}
    return [
        {"id": number, "name": name, "icon": None, "banner": None, "owner": False, "permissions": str(EVERYBODY), "features": []}
        for number, name in sorted({**NAMES, **more, **renamed}.items())
    ]  # fmt: skip


def channels(guild: str) -> list[dict[str, Any]]:
    rows = CHANNELS.get(guild) or (("01", "general", TEXT, 0, "", ()),)
    return [
        {
            "id": _channel(guild, end), "name": name, "type": kind, "position": position, "flags": 0, "guild_id": guild,
            "parent_id": _channel(guild, parent) if parent else None, "nsfw": False,
            "permission_overwrites": [
                {"id": role, "type": 0, "allow": str(allow), "deny": str(deny)} for role, allow, deny in rules
            ],
        }
        for end, name, kind, position, parent, rules in rows
    ]  # fmt: skip


def _channel(guild: str, end: str) -> str:
    return (
        f"{1171 + NUMBERS.index(guild)}{end:0>15}" if guild in NUMBERS else f"{guild[:-7]}{guild[-5:]}{end}"
    )


def roles(guild: str) -> list[dict[str, Any]]:
    found = [
        (guild, "@everyone", EVERYBODY, 0),
        (BOT_ROLE, "Claw", ADMINISTRATOR if guild == FAMILY else EVERYBODY, 1),
    ]
    if guild == CLUB:
        found += [(MODERATORS, "Moderators", EVERYBODY, 2), (FOUNDERS, "Founders", EVERYBODY, 3)]
    colors = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
    return [
        {
            "id": number, "name": name, "permissions": str(allowed), "position": position, "color": 0, "colors": colors,
            "hoist": False, "managed": number == BOT_ROLE, "mentionable": False, "icon": None, "unicode_emoji": None,
            "flags": 0, **({"tags": {"bot_id": APPLICATION}} if number == BOT_ROLE else {}),
        }
        for number, name, allowed, position in found
    ]  # fmt: skip


def _as_member(
    user: dict[str, Any], nick: str | None, their: list[str], silent: str | None
) -> dict[str, Any]:
    return {
        "avatar": None, "banner": None, "communication_disabled_until": silent, "flags": 0, "nick": nick, "pending": False,
        "joined_at": "2026-01-02T03:04:05+00:00", "premium_since": None, "roles": their, "user": user, "mute": False,
        "deaf": False,
    }  # fmt: skip


def member(guild: str, number: str) -> dict[str, Any] | None:
    if number == APPLICATION:
        silent = "2099-01-01T00:00:00+00:00" if guild == QUIET else None
        return _as_member(bot_user(), None, [BOT_ROLE], silent)
    known = {one: (name, nick) for one, name, nick in MEMBERS}
    if number not in known:
        return None
    name, nick = known[number]
    return _as_member({**USER, "id": number, "username": name}, nick, [], None)


def found_members(guild: str, words: str) -> list[dict[str, Any]]:
    """Whose name or nickname begins with ``words``."""
    wanted = words.lower()
    chosen = [
        number
        for number, name, nick in MEMBERS
        if name.startswith(wanted) or (nick or "").lower().startswith(wanted)
    ]
    return [one for number in chosen if (one := member(guild, number))]
