"""Discord's own things: the bot, its guilds (servers) and their channels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MESSAGE_CONTENT = (1 << 18) | (
    1 << 19
)  # the application flag; the second form is for bots in under 100 guilds
INVITE_PERMISSIONS = 274_878_024_768  # view, send, embed, attach, history, react, send in threads

TEXT, VOICE, CATEGORY, ANNOUNCEMENT, STAGE, FORUM = 0, 2, 4, 5, 13, 15
TALKABLE = (TEXT, ANNOUNCEMENT, FORUM)


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """The bot behind a token."""

    application_id: str
    name: str
    reads_messages: bool  # the Message Content intent is switched on

    @property
    def invite_url(self) -> str:
        return (
            f"https://discord.com/oauth2/authorize?client_id={self.application_id}"
            f"&scope=bot+applications.commands&permissions={INVITE_PERMISSIONS}"
        )


@dataclass(frozen=True, slots=True)
class Guild:
    """A Discord server."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of a guild; ``parent`` is its category's id, or empty."""

    id: str
    name: str
    type: int
    position: int
    parent: str = ""


def by_category(channels: Iterable[Channel]) -> list[tuple[str, tuple[Channel, ...]]]:
    """Pairs of (category name, channels that one can write in), in Discord's own order; "" for none."""
    everything = list(channels)
    categories = sorted((c for c in everything if c.type == CATEGORY), key=lambda c: (c.position, c.id))
    groups = [("", ""), *((c.id, c.name) for c in categories)]
    found = []
    for parent, name in groups:
        inside = [c for c in everything if c.parent == parent and c.type in TALKABLE]
        if inside:
            found.append((name, tuple(sorted(inside, key=lambda c: (c.position, c.id)))))
    return found
