"""What a Discord bot sees: read part by part, kept for when Discord can't be reached, and shown with its age."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace

from claw_tui.domain.discord import Guild, Member, Sight, bot_of
from claw_tui.domain.errors import NetworkDown, ServiceError, StateError
from claw_tui.domain.secret import Secret
from claw_tui.ports import Discord, StateStore

MOST_AT_ONCE = 25  # servers that are looked into unasked; the others when they are opened
SIDE_BY_SIDE = 3  # each is three questions
Saw = Callable[[Sight], None]


class SightReader:
    """Reads with one token. ``problems``: why a server could not be looked into."""

    def __init__(self, discord: Discord, state: StateStore, token: Secret) -> None:
        self._discord, self._state, self._token = discord, state, token
        self._id = bot_of(token.reveal())
        self.problems: dict[str, str] = {}
        self._fresh: set[str] = set()
        self._sight: Sight | None = None

    def kept(self) -> Sight | None:
        """What was seen an earlier time."""
        try:
            return self._state.sight(self._id) if self._id else None
        except StateError:
            return None

    async def read(self, first: Iterable[str], saw: Saw) -> None:
        """Everything anew; ``first``: servers that are looked into in any case; ``saw`` is given each new part.

        Raises BadKey, RateLimited, ServiceError or NetworkDown.
        """
        old = self.kept()
        self.problems.clear()
        self._fresh.clear()
        bot, guilds = await asyncio.gather(
            self._discord.identity(self._token), self._discord.guilds(self._token)
        )
        ids = {guild.id for guild in guilds}
        views = tuple(view for view in old.views if view.guild.id in ids) if old else ()
        self._sight = Sight(bot, guilds, views, time.time())
        saw(self._sight)
        chosen = set(first)
        wanted = [guild for guild in guilds if guild.id in chosen]
        wanted += [guild for guild in guilds if guild.id not in chosen][: max(0, MOST_AT_ONCE - len(wanted))]
        room = asyncio.Semaphore(SIDE_BY_SIDE)
        async with asyncio.TaskGroup() as group:
            for guild in wanted:
                group.create_task(self._look(guild, room, saw))
        self._keep()

    async def open(self, guild: Guild, saw: Saw) -> None:
        """Look into one more server, unless that was done in this sitting."""
        if guild.id not in self._fresh and self._sight is not None:
            await self._look(guild, asyncio.Semaphore(), saw)
            self._keep()

    def is_read(self, guild: str) -> bool:
        return guild in self._fresh or guild in self.problems

    async def guilds(self) -> tuple[Guild, ...]:
        """Only the list of servers: whether the bot has joined."""
        return await self._discord.guilds(self._token)

    async def find(self, guild: str, words: str) -> tuple[Member, ...]:
        """Members by a name, or the one with this id."""
        if not words.isdigit():
            return await self._discord.find_members(self._token, guild, words)
        found = await self._discord.member(self._token, guild, words)
        return (found,) if found else ()

    async def _look(self, guild: Guild, room: asyncio.Semaphore, saw: Saw) -> None:
        assert self._sight is not None
        async with room:
            try:
                view = await self._discord.look_into(self._token, guild, self._sight.bot.user_id)
            except (ServiceError, NetworkDown) as error:  # the others can be read all the same
                self.problems[guild.id] = error.message
                saw(self._sight)
                return
        self._fresh.add(guild.id)
        self.problems.pop(guild.id, None)
        others = tuple(old for old in self._sight.views if old.guild.id != guild.id)
        self._sight = replace(self._sight, views=(*others, replace(view, at=time.time())))
        saw(self._sight)

    def _keep(self) -> None:
        if self._id and self._sight is not None:
            with suppress(StateError):  # the list is a convenience: a full disk is told where it matters
                self._state.set_sight(self._id, self._sight)
