"""Discord's own things: the bot, its guilds (servers), their channels and roles, and the bot's place among them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass

# An application's flags say which privileged intents are switched on; the second bit of each is for bots in under 100 guilds.
MESSAGE_CONTENT = (1 << 18) | (1 << 19)
MEMBERS = (1 << 14) | (1 << 15)
INVITE_PERMISSIONS = 274_878_024_768  # view, send, embed, attach, history, react, send in threads

TEXT, VOICE, CATEGORY, ANNOUNCEMENT, STAGE, FORUM, MEDIA = 0, 2, 4, 5, 13, 15, 16
VOICES = (VOICE, STAGE)
POSTS = (FORUM, MEDIA)  # nothing is written in the channel itself: each post is a thread
TALKABLE = (TEXT, ANNOUNCEMENT, FORUM, MEDIA, VOICE, STAGE)


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """The bot behind a token. A bot's user and its application may have different ids."""

    application_id: str
    name: str
    reads_messages: bool  # the Message Content intent is switched on
    user_id: str = ""
    knows_members: bool = False  # the Server Members intent is switched on

    @property
    def invite_url(self) -> str:
        """Slash commands come with the scope ``bot``: naming theirs too makes the link longer only."""
        return (
            f"https://discord.com/oauth2/authorize?client_id={self.application_id}"
            f"&scope=bot&permissions={INVITE_PERMISSIONS}"
        )


@dataclass(frozen=True, slots=True)
class Guild:
    """A Discord server; ``owned``: it belongs to the bot itself."""

    id: str
    name: str
    owned: bool = False


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a channel allows and denies to a role, or to a member."""

    id: str
    member: bool
    allow: int
    deny: int


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of a guild; ``parent`` is its category's id, or empty."""

    id: str
    name: str
    type: int
    position: int
    parent: str = ""
    overwrites: tuple[Overwrite, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """A role. The one with the guild's own id is everybody's; ``bot`` is the bot's id on the one that came with it."""

    id: str
    name: str
    permissions: int
    position: int = 0
    bot: str = ""


@dataclass(frozen=True, slots=True)
class BotMember:
    """The bot as a member of a guild. ``silent_until``: seconds since 1970; it has a timeout until then."""

    id: str
    roles: tuple[str, ...] = ()
    silent_until: float = 0.0


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a guild."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class GuildView:
    """A guild as the bot saw it; ``at``: when, in seconds since 1970."""

    guild: Guild
    channels: tuple[Channel, ...]
    roles: tuple[Role, ...]
    bot: BotMember
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Sight:
    """All that was read with a bot's token; ``at``: when its guilds were listed. Nothing in it is secret."""

    bot: BotIdentity
    guilds: tuple[Guild, ...]
    views: tuple[GuildView, ...]
    at: float


def bot_of(token: str) -> str:
    """The bot's id, which is the first part of its token; empty for a token that has none."""
    first = token.partition(".")[0]
    try:
        found = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""
    return found if found.isascii() and found.isdigit() else ""


def by_category(channels: Iterable[Channel]) -> list[tuple[Channel | None, tuple[Channel, ...]]]:
    """Pairs of (category, channels that one can write in), in Discord's own order; None for those in none."""
    everything = list(channels)
    categories = sorted((c for c in everything if c.type == CATEGORY), key=_order)
    known = {category.id for category in categories}
    found: list[tuple[Channel | None, tuple[Channel, ...]]] = []
    for category in (None, *categories):
        inside = [
            c
            for c in everything
            if c.type in TALKABLE and (c.parent == category.id if category else c.parent not in known)
        ]
        if inside:
            found.append((category, tuple(sorted(inside, key=_order))))
    return found


def _order(channel: Channel) -> tuple[bool, int, int, str]:
    """Voice is shown below text, whatever the positions say; of two with the same position the older is first."""
    return channel.type in VOICES, channel.position, len(channel.id), channel.id
