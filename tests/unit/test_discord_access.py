"""What the bot may do in a channel: Discord's documented rules case by case, and against a second reading of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from claw_tui.domain.discord import (
    ANNOUNCEMENT,
    CATEGORY,
    FORUM,
    MEDIA,
    STAGE,
    TEXT,
    VOICE,
    BotMember,
    Channel,
    Guild,
    GuildView,
    Overwrite,
    Role,
)
from claw_tui.domain.discord_access import Access, access, permissions_in

ADMIN, VIEW, SEND, TTS, EMBED, ATTACH, HISTORY, MENTION, CONNECT, MANAGE, THREADS = (
    1 << bit for bit in (3, 10, 11, 12, 14, 15, 16, 17, 20, 4, 38)
)
GOOD = VIEW | SEND | HISTORY | CONNECT | THREADS
G, BOT, MINE, OTHER, NOW = "1", "9", "2", "3", 1000.0
PARENT = Channel("50", "Staff", CATEGORY, 0)


def rule(who: str, allow: int = 0, deny: int = 0) -> Overwrite:
    return Overwrite(who, who == BOT, allow, deny)


def view(
    everyone: int = GOOD, mine: int = 0, other: int = 0, *, owned: bool = False, silent: float = 0.0,
    channels: tuple[Channel, ...] = (),
) -> GuildView:  # fmt: skip
    roles = (Role(G, "@everyone", everyone), Role(MINE, "Claw", mine, 1, BOT), Role(OTHER, "Muted", other, 2))
    return GuildView(Guild(G, "Guild", owned), channels, roles, BotMember(BOT, (MINE, OTHER), silent))


def seen(found: Access) -> str:
    """A letter for each thing that it can do."""
    return "".join(
        letter
        for letter, can in zip("srwt", (found.sees, found.reads, found.sends, found.threads), strict=True)
        if can
    )


CASES: dict[str, tuple[GuildView, int, tuple[Overwrite, ...], str, str]] = {
    # the guild, the channel's type and rules -> what the bot can, what its reason says
    "everything by @everyone": (view(), TEXT, (), "srwt", ""),
    "by its role": (view(0, GOOD), TEXT, (), "srwt", ""),
    "nothing at all": (view(0), TEXT, (), "", "None of the bot's roles has “View Channel”. Allow it for @Claw in #c."),
    "only another's role": (view(0, other=GOOD), TEXT, (), "srwt", ""),
    "the owner": (view(0, owned=True), TEXT, (rule(G, deny=VIEW), rule(BOT, deny=VIEW)), "srwt", ""),
    "an administrator": (view(0, ADMIN), TEXT, (rule(G, deny=VIEW), rule(BOT, deny=VIEW)), "srwt", ""),
    "administrator by @everyone": (view(ADMIN), TEXT, (rule(G, deny=VIEW),), "srwt", ""),
    "administrator by a rule is none": (view(VIEW), TEXT, (rule(BOT, allow=ADMIN),), "s", "“Send Messages”"),
    "denied to everybody": (
        view(), TEXT, (rule(G, deny=VIEW),), "", "“View Channel” is denied to @everyone in #c. Allow it there for @Claw.",
    ),
    "allowed to its role again": (view(), TEXT, (rule(G, deny=VIEW), rule(MINE, allow=VIEW)), "srwt", ""),
    "of roles allowing wins": (view(), TEXT, (rule(MINE, deny=SEND), rule(OTHER, allow=SEND)), "srwt", ""),
    "a role that it has not": (view(), TEXT, (rule("77", deny=GOOD),), "srwt", ""),
    "denied to its role": (view(), TEXT, (rule(MINE, deny=SEND),), "srt", "“Send Messages” is denied to @Claw in #c. Allow it there."),
    "denied to another role of its": (
        view(), TEXT, (rule(OTHER, deny=SEND),), "srt", "“Send Messages” is denied to @Muted in #c. Allow it there for @Claw.",
    ),
    "denied to itself": (view(), TEXT, (rule(BOT, deny=SEND), rule(MINE, allow=SEND)), "srt", "denied to the bot itself in #c"),
    "allowed to itself": (view(0), TEXT, (rule(G, deny=GOOD), rule(BOT, allow=GOOD)), "srwt", ""),
    "no history": (view(), TEXT, (rule(G, deny=HISTORY),), "swt", "“Read Message History”"),
    "not in threads": (view(), TEXT, (rule(G, deny=THREADS),), "srw", "“Send Messages in Threads”"),
    "only in threads": (view(), TEXT, (rule(G, deny=SEND),), "srt", "“Send Messages”"),
    "announcements": (view(), ANNOUNCEMENT, (rule(G, deny=SEND),), "srt", "“Send Messages”"),
    "a forum needs no sending": (view(), FORUM, (rule(G, deny=SEND),), "srwt", ""),
    "a forum needs threads": (view(), FORUM, (rule(G, deny=THREADS),), "sr", "“Send Messages in Threads”"),
    "media as well": (view(), MEDIA, (rule(G, deny=THREADS),), "sr", "“Send Messages in Threads”"),
    "voice has text": (view(), VOICE, (), "srwt", ""),
    "voice without connecting": (view(), VOICE, (rule(G, deny=CONNECT),), "t", "“Connect” is denied to @everyone"),
    "a stage too": (view(), STAGE, (rule(G, deny=CONNECT),), "t", "“Connect”"),
    "voice without sending": (view(), VOICE, (rule(G, deny=SEND),), "srt", "“Send Messages”"),
    "voice needs no threads": (view(), VOICE, (rule(G, deny=THREADS),), "srwt", ""),
    "a timeout": (view(silent=NOW + 1), TEXT, (), "sr", "timeout"),
    "a timeout that is over": (view(silent=NOW - 1), TEXT, (), "srwt", ""),
    "a timeout is nothing to an administrator": (view(0, ADMIN, silent=NOW + 1), TEXT, (), "srwt", ""),
    "a timeout where it could not write anyhow": (view(VIEW | HISTORY, silent=NOW + 1), TEXT, (), "sr", "None of the bot's roles has"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_it_can_and_why_not(name: str) -> None:
    guild, kind, rules, can, why = CASES[name]
    found = access(Channel("7", "c", kind, 0, overwrites=rules), guild, NOW)
    assert seen(found) == can
    assert why in found.why
    assert bool(found.why) == bool(why)


@pytest.mark.parametrize(("kind", "lost"), [(TEXT, SEND), (TEXT, VIEW), (VOICE, CONNECT)])
def test_what_goes_with_something_else(kind: int, lost: int) -> None:
    """Without seeing nothing; without sending no files, no links, no @everyone; without connecting no voice channel."""
    every = GOOD | TTS | EMBED | ATTACH | MENTION | MANAGE
    left = permissions_in(Channel("7", "c", kind, 0, overwrites=(rule(G, deny=lost),)), view(every), NOW)
    expected = {SEND: every & ~(SEND | TTS | EMBED | ATTACH | MENTION), VIEW: 0, CONNECT: VIEW}
    assert left == expected[lost]


def test_what_the_category_forbids_is_mended_in_the_category() -> None:
    rules = (rule(G, deny=VIEW), rule(OTHER, deny=SEND))
    guild = view(channels=(replace(PARENT, overwrites=rules),))
    child = Channel("7", "c", TEXT, 0, PARENT.id, tuple(reversed(rules)))
    assert "in the category “Staff”" in access(child, guild, NOW).why
    own = replace(child, overwrites=(*rules, rule(MINE, deny=HISTORY)))
    assert "in #c" in access(own, guild, NOW).why


def test_the_best_place_is_the_bots_own_role_else_any_of_its() -> None:
    bare = replace(view(0), bot=BotMember(BOT, ()))
    assert "Allow it for the bot itself in #c." in access(Channel("7", "c", TEXT, 0), bare, NOW).why
    other = replace(view(0), bot=BotMember(BOT, (OTHER,)))
    assert "Allow it for @Muted in #c." in access(Channel("7", "c", TEXT, 0), other, NOW).why


# -- a second reading of the documentation, written in another way: permission by permission -----------------------------
ASKED = (VIEW, SEND, TTS, EMBED, ATTACH, HISTORY, MENTION, CONNECT, MANAGE, THREADS)


def has(bit: int, guild: GuildView, channel: Channel) -> bool:
    """Whether the bot has this one permission, by the last word that is said about it."""
    if is_admin(guild):
        return True
    word = any(r.permissions & bit for r in guild.roles if r.id == G or r.id in guild.bot.roles)
    levels: tuple[Callable[[Overwrite], bool], ...] = (
        lambda o: not o.member and o.id == G,
        lambda o: not o.member and o.id != G and o.id in guild.bot.roles,
        lambda o: o.member and o.id == BOT,
    )
    for mine in levels:
        said = [o for o in channel.overwrites if mine(o)]
        if any(o.allow & bit for o in said):
            word = True
        elif any(o.deny & bit for o in said):
            word = False
    return word


def is_admin(guild: GuildView) -> bool:
    mine = [r for r in guild.roles if r.id == G or r.id in guild.bot.roles]
    return guild.guild.owned or any(r.permissions & ADMIN for r in mine)


def needs(bit: int, channel: Channel) -> list[int]:
    """What else has to be there."""
    wanted = [] if bit == VIEW else [VIEW]
    if channel.type in (VOICE, STAGE) and bit not in (VIEW, CONNECT):
        wanted.append(CONNECT)
    return [*wanted, SEND] if bit in (TTS, EMBED, ATTACH, MENTION) else wanted


def second(guild: GuildView, channel: Channel) -> int:
    found = 0
    for bit in ASKED:
        if not all(has(one, guild, channel) for one in (bit, *needs(bit, channel))):
            continue
        if guild.bot.silent_until > NOW and bit not in (VIEW, HISTORY) and not is_admin(guild):
            continue
        found |= bit
    return found


def some(chance: random.Random, likely: float) -> int:
    return sum(bit for bit in ASKED if chance.random() < likely) | (ADMIN if chance.random() < 0.05 else 0)


@pytest.mark.parametrize("seed", range(20))
def test_both_readings_agree(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(200):
        guild = view(
            some(chance, 0.6), some(chance, 0.3), some(chance, 0.3), owned=chance.random() < 0.05,
            silent=NOW + chance.choice((-1, -1, -1, 1)),
        )  # fmt: skip
        who = chance.sample((G, MINE, OTHER, BOT, "77"), chance.randrange(6))
        rules = tuple(rule(one, some(chance, 0.2), some(chance, 0.3)) for one in who)
        channel = Channel("7", "c", chance.choice((TEXT, VOICE, STAGE, FORUM)), 0, overwrites=rules)
        assert permissions_in(channel, guild, NOW) & sum(ASKED) == second(guild, channel), (guild, channel)
