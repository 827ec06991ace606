"""What the bot may do in a channel, computed as Discord documents it, and the reason when it may not.

Source: https://discord.com/developers/docs/topics/permissions (hierarchy, overwrites, implicit permissions, threads,
timeouts), and what "Get Channel Messages" says of voice channels. Everything here is a plain function.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from claw_tui.domain.discord import POSTS, VOICES, BotMember, Channel, Guild, GuildView, Overwrite, Role
from claw_tui.i18n import _, n_

ADMINISTRATOR = 1 << 3
VIEW_CHANNEL, SEND_MESSAGES, SEND_TTS = 1 << 10, 1 << 11, 1 << 12
EMBED_LINKS, ATTACH_FILES, READ_HISTORY = 1 << 14, 1 << 15, 1 << 16
MENTION_EVERYONE, CONNECT = 1 << 17, 1 << 20
SEND_IN_THREADS = 1 << 38
ALL = (1 << 53) - 1
IN_TIMEOUT = VIEW_CHANNEL | READ_HISTORY  # all that a timeout leaves
WITH_SENDING = MENTION_EVERYONE | SEND_TTS | ATTACH_FILES | EMBED_LINKS  # nothing without sending

NAMES = {
    VIEW_CHANNEL: n_("View Channel"),
    SEND_MESSAGES: n_("Send Messages"),
    READ_HISTORY: n_("Read Message History"),
    SEND_IN_THREADS: n_("Send Messages in Threads"),
    CONNECT: n_("Connect"),
}


@dataclass(frozen=True, slots=True)
class Access:
    """Whether the bot sees a channel, reads what was said before, and may answer; ``why`` is a sentence when not all."""

    sees: bool
    reads: bool
    sends: bool
    threads: bool
    why: str = ""

    @property
    def usable(self) -> bool:
        """It can be talked to there; without the history it knows only what is said from now on."""
        return self.sees and self.sends


def base_permissions(bot: BotMember, guild: Guild, roles: Iterable[Role]) -> int:
    """What the bot's roles give it in the whole guild."""
    if guild.owned:
        return ALL
    mine = {guild.id, *bot.roles}
    given = reduce(or_, (role.permissions for role in roles if role.id in mine), 0)
    return ALL if given & ADMINISTRATOR else given


def with_overwrites(base: int, bot: BotMember, guild: Guild, overwrites: Iterable[Overwrite]) -> int:
    """A channel's own rules over ``base``: for everybody, for the bot's roles together, for the bot itself."""
    rules = list(overwrites)
    everybody = [rule for rule in rules if not rule.member and rule.id == guild.id]
    of_roles = [rule for rule in rules if not rule.member and rule.id != guild.id and rule.id in bot.roles]
    own = [rule for rule in rules if rule.member and rule.id == bot.id]
    for level in (everybody, of_roles, own):
        deny = reduce(or_, (rule.deny for rule in level), 0)
        allow = reduce(or_, (rule.allow for rule in level), 0)
        base = base & ~deny | allow
    return base


def implied(permissions: int, channel_type: int) -> int:
    """What is left when that is missing without which other things cannot be."""
    if not permissions & VIEW_CHANNEL:
        return 0
    if channel_type in VOICES and not permissions & CONNECT:
        return permissions & VIEW_CHANNEL  # its text is shown only to who may come in
    if not permissions & SEND_MESSAGES:
        permissions &= ~WITH_SENDING
    return permissions


def permissions_in(channel: Channel, view: GuildView, now: float) -> int:
    """The bot's permissions in a channel at ``now`` (seconds since 1970)."""
    base = base_permissions(view.bot, view.guild, view.roles)
    if base & ADMINISTRATOR:  # by a role only: a channel's rules make nobody one
        return ALL
    found = implied(with_overwrites(base, view.bot, view.guild, channel.overwrites), channel.type)
    return found & IN_TIMEOUT if view.bot.silent_until > now else found


def access(channel: Channel, view: GuildView, now: float) -> Access:
    """What the bot can do in ``channel``."""
    found = permissions_in(channel, view, now)
    sees, threads = bool(found & VIEW_CHANNEL), bool(found & SEND_IN_THREADS)
    if channel.type in VOICES:  # no threads; and the text is for who may connect
        sees, threads = sees and bool(found & CONNECT), True
    sends = threads if channel.type in POSTS else bool(found & SEND_MESSAGES)
    seen = Access(sees, bool(found & READ_HISTORY), sends, threads)
    missing = _missing(channel, found)
    if not missing:
        return seen
    why = _why(channel, view, missing, now)
    return Access(seen.sees, seen.reads, seen.sends, seen.threads, why)


def _missing(channel: Channel, found: int) -> int:
    """The first permission to give, or 0."""
    if not found & VIEW_CHANNEL:
        return VIEW_CHANNEL
    wanted = [READ_HISTORY] if channel.type in VOICES else [READ_HISTORY, SEND_IN_THREADS]
    wanted.insert(0, SEND_IN_THREADS if channel.type in POSTS else SEND_MESSAGES)
    if channel.type in VOICES:
        wanted.insert(0, CONNECT)
    return next((one for one in wanted if not found & one), 0)


# -- the reason -------------------------------------------------------------------------------------------------------
def _why(channel: Channel, view: GuildView, missing: int, now: float) -> str:
    silent = view.bot.silent_until > now
    if silent and missing & ~IN_TIMEOUT and _would_have(channel, view, missing):
        return _("The bot has a timeout in this server: it may not write until a moderator takes it off.")
    name, place = _(NAMES[missing]), _place(channel, view)
    rule = _denying(channel, view, missing)
    if rule is None:
        words = _("None of the bot's roles has “{permission}”. Allow it for {role} in {place}.")
        return words.format(permission=name, role=_role_to_mend(view), place=place)
    who = _("the bot itself") if rule.member else _role_name(rule.id, view)
    mend = _role_to_mend(view)
    if rule.member or who == mend:
        words = _("“{permission}” is denied to {who} in {place}. Allow it there.")
        return words.format(permission=name, who=who, place=place)
    words = _("“{permission}” is denied to {who} in {place}. Allow it there for {role}.")
    return words.format(permission=name, who=who, role=mend, place=place)


def _would_have(channel: Channel, view: GuildView, missing: int) -> bool:
    return bool(permissions_in(channel, view, view.bot.silent_until) & missing)


def _denying(channel: Channel, view: GuildView, missing: int) -> Overwrite | None:
    """The rule that takes ``missing`` away last, as the levels are applied; None when nothing ever gave it."""
    rules = [rule for rule in channel.overwrites if rule.deny & missing]
    levels = (
        [rule for rule in rules if rule.member and rule.id == view.bot.id],
        [r for r in rules if not r.member and r.id != view.guild.id and r.id in view.bot.roles],
        [rule for rule in rules if not rule.member and rule.id == view.guild.id],
    )
    return next((rule for level in levels for rule in level), None)


def _place(channel: Channel, view: GuildView) -> str:
    """Where to mend it: in the category when the channel only repeats the category's rules."""
    parent = next((c for c in view.channels if c.id == channel.parent), None)
    if parent is not None and channel.overwrites and set(parent.overwrites) == set(channel.overwrites):
        return _("the category “{name}”").format(name=parent.name)
    return f"#{channel.name}"


def _role_name(role: str, view: GuildView) -> str:
    if role == view.guild.id:
        return "@everyone"
    return next((f"@{found.name}" for found in view.roles if found.id == role), role)


def _role_to_mend(view: GuildView) -> str:
    """The role that came with the bot, or any that it has; else the bot itself."""
    mine = [role for role in view.roles if role.id in view.bot.roles]
    best = next((role for role in mine if role.bot == view.bot.id), mine[0] if mine else None)
    return f"@{best.name}" if best else _("the bot itself")
