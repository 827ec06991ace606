"""Discord's order, ids, ticking, and what of it is written."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

import pytest

from claw_tui.demo.openclaw_config import read_config
from claw_tui.domain.discord import (
    BotIdentity,
    BotMember,
    Channel,
    Guild,
    GuildView,
    Sight,
    bot_of,
    by_category,
)
from claw_tui.domain.discord_picks import (
    Picks,
    as_seen,
    drop_channel,
    drop_guild,
    let_in,
    next_mention,
    tick_channels,
    tick_guild,
)
from claw_tui.domain.gateway_config import build_config, config_text
from claw_tui.domain.spec import EVERYBODY, ChannelSpec, DiscordSpec, GatewaySpec, GuildSpec, Named, Spec

ONE, TWO = Guild("1", "One"), Guild("2", "Two")
A, B, C = (
    Channel(number, name, 0, at) for at, (number, name) in enumerate((("11", "a"), ("12", "b"), ("13", "c")))
)
BOT = BotIdentity("42", "x", reads_messages=True)


def test_channels_in_discords_order() -> None:
    channels = [
        Channel("3", "b", 0, 1, "9"), Channel("2", "a", 0, 0, "9"), Channel("9", "Cat", 4, 5), Channel("1", "top", 0, 0),
        Channel("4", "voice", 2, 0, "9"), Channel("8", "Empty", 4, 0), Channel("5", "forum", 15, 2, "9"),
        Channel("6", "list", 14, 0), Channel("7", "lost", 0, 1, "77"),
    ]  # fmt: skip
    found = [
        (category.name if category else "", [c.name for c in inside])
        for category, inside in by_category(channels)
    ]
    assert found == [("", ["top", "lost"]), ("Cat", ["a", "b", "forum", "voice"])]


def test_the_invitation_asks_for_what_is_needed_only() -> None:
    assert (
        BOT.invite_url
        == "https://discord.com/oauth2/authorize?client_id=42&scope=bot&permissions=274878024768"
    )
    wanted = sum(1 << bit for bit in (6, 10, 11, 14, 15, 16, 38))
    assert f"permissions={wanted}" in BOT.invite_url


@pytest.mark.parametrize(("token", "bot"), [
    (urlsafe_b64encode(b"1180000000000000001").decode().rstrip("=") + ".x.y", "1180000000000000001"),
    ("", ""), ("no-token", ""), ("ÄÖ.x", ""), ("Li4v.x", ""), (urlsafe_b64encode("١٢".encode()).decode() + ".x", ""),
])  # fmt: skip
def test_the_bot_of_a_token(token: str, bot: str) -> None:
    assert bot_of(token) == bot


# -- ticking ----------------------------------------------------------------------------------------------------------
def test_a_server_is_whole_or_its_channels_or_not_there() -> None:
    picks = tick_guild((), ONE)
    assert picks == (GuildSpec("1", "One"),)
    picks = tick_channels(picks, ONE, [A])
    assert picks[0].channels == (ChannelSpec("11", "a"),)
    assert tick_guild(picks, ONE)[0].channels == ()
    assert tick_guild(tick_guild(picks, ONE), ONE) == ()
    assert tick_channels(picks, ONE, [A]) == ()
    assert tick_channels(picks, ONE, []) == picks


def test_a_category_is_filled_up_and_then_emptied() -> None:
    picks = tick_channels((), ONE, [A])
    picks = tick_channels(picks, ONE, [A, B])
    assert [c.id for c in picks[0].channels] == ["11", "12"]
    picks = tick_channels(picks, ONE, [C])
    picks = tick_channels(picks, ONE, [A, B])
    assert [c.id for c in picks[0].channels] == ["13"]


def test_what_is_gone_can_be_taken_away() -> None:
    picks = tick_channels(tick_channels((), ONE, [A]), TWO, [B])
    assert drop_channel(picks, "1", "11") == drop_guild(picks, "1") == picks[1:]
    assert drop_channel(picks, "1", "99") == picks
    assert drop_channel(picks, "99", "11") == picks


def test_a_channel_goes_with_its_server_until_it_is_told_otherwise() -> None:
    picks = tick_channels((), ONE, [A, B])

    def said(now: Picks) -> tuple[bool, list[bool | None]]:
        return now[0].require_mention, [c.require_mention for c in now[0].channels]

    assert said(next_mention(picks, "1")) == (False, [None, None])
    assert said(picks := next_mention(picks, "1", "11")) == (True, [False, None])
    assert said(picks := next_mention(picks, "1", "11")) == (True, [True, None])
    assert said(next_mention(picks, "1", "11")) == (True, [None, None])
    assert next_mention(picks, "99") == let_in(picks, "99", "", [], []) == picks


def test_ticked_in_any_order_written_in_discords_with_todays_names() -> None:
    picks = (GuildSpec("7", "Gone"), *tick_channels(tick_channels((), TWO, [C, A]), ONE, [B]))
    picks = (
        *picks[:1],
        GuildSpec("2", "Old", channels=(*picks[1].channels, ChannelSpec("99", "gone"))),
        picks[2],
    )
    renamed = Channel("13", "new", 0, 2)
    view = GuildView(TWO, (A, B, renamed), (), BotMember("9"))
    found = as_seen(picks, Sight(BOT, (ONE, TWO), (view,), 0.0))
    assert [pick.name for pick in found] == ["One", "Two", "Gone"]
    assert [c.name for c in found[1].channels] == ["a", "new", "gone"]
    assert [c.name for c in found[0].channels] == ["b"]  # its server was not looked into


# -- writing ----------------------------------------------------------------------------------------------------------
def written(*guilds: GuildSpec) -> dict[str, object]:
    spec = Spec(
        app="a", gateway=GatewaySpec(primary_model="x/y", discord=DiscordSpec(enabled=True, guilds=guilds))
    )
    text = config_text(build_config(spec))
    assert read_config(text)[1] == []
    found: dict[str, object] = json.loads(text)["channels"]["discord"]["guilds"]
    return found


def test_who_and_when_are_written_by_ids() -> None:
    ada, mods = Named("116", "Ada"), Named("175", "Mods")
    guild = GuildSpec("1", "One", require_mention=False, users=(ada,), roles=(mods,), channels=(
        ChannelSpec("11", "a"), ChannelSpec("12", "b", require_mention=True),
        ChannelSpec("13", "c", require_mention=False, users=(EVERYBODY,)),
    ))  # fmt: skip
    assert written(guild) == {"1": {
        "requireMention": False, "users": ["116"], "roles": ["175"],
        "channels": {
            "11": {"enabled": True}, "12": {"enabled": True, "requireMention": True},
            "13": {"enabled": True, "requireMention": False, "users": ["*"], "roles": []},
        },
    }}  # fmt: skip


def test_a_channels_own_list_is_the_only_one_there() -> None:
    """OpenClaw takes a list that a channel lacks from its server: the server's roles would come in beside the one person."""
    guild = GuildSpec("1", roles=(Named("175"),), channels=(ChannelSpec("11", users=(Named("116"),)),))
    found = written(guild)["1"]
    assert isinstance(found, dict)
    assert found["channels"]["11"] == {"enabled": True, "users": ["116"], "roles": []}
