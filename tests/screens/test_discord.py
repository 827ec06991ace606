"""The Discord screen: the tree by keyboard, what the bot can't do and why, who and when, the invitation, no network."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.widgets import Static

from claw_tui.demo import discord_guilds
from claw_tui.domain.errors import StateError
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import EVERYBODY, ChannelSpec, DiscordSpec, GatewaySpec, GuildSpec, Named, Spec
from claw_tui.i18n import PSEUDO, use_language
from claw_tui.screens import discord_invite
from claw_tui.screens.discord import DiscordDialog
from claw_tui.screens.discord_invite import InvitePane
from claw_tui.widgets.qr import QrCode
from tests.conftest import Cloud
from tests.screens.driver import SECONDS, Driver, driving

pytestmark = pytest.mark.anyio
BOT = "MTE4MDAwMDAwMDAwMDAwMDAwMQ"
CLUB = discord_guilds.CLUB


@asynccontextmanager
async def discord(
    *traits: str, guilds: tuple[GuildSpec, ...] = (), size: tuple[int, int] = (80, 24), settled: bool = True
) -> AsyncIterator[Driver]:
    """The open Discord screen, with a token that has these traits."""
    spec = Spec(
        app="my-app",
        gateway=GatewaySpec(primary_model="a/b", discord=DiscordSpec(enabled=True, guilds=guilds)),
    )
    async with driving(size, spec=spec) as driver:
        await driver.session.keep_secret("DISCORD_BOT_TOKEN", Secret(".".join((BOT, *traits, "x"))))
        await driver.go("gateway")
        driver.app.screen.query_one("#discord-opener").focus()
        await driver.press("enter")
        async with asyncio.timeout(SECONDS):
            while not isinstance(driver.app.screen, DiscordDialog):
                await asyncio.sleep(0.01)
        if settled:
            await driver.until("Discord: the bot")
            await read(driver)
        yield driver


async def read(driver: Driver) -> None:
    """Wait until nothing is being read."""
    await driver.until("Reading what the bot sees", gone=True)


def picked(driver: Driver) -> tuple[GuildSpec, ...]:
    return driver.spec.gateway.discord.guilds


async def find(driver: Driver, words: str) -> None:
    """Put the cursor on the only row with ``words``."""
    await driver.press("slash")
    await driver.type(words)
    await driver.press("escape")


# -- the tree ---------------------------------------------------------------------------------------------------------
async def test_a_server_and_channels_in_it_exclude_each_other(cloud: Cloud) -> None:
    async with discord() as driver:
        await driver.until("▾ [ ] Claw Club", "#general")
        await driver.press("space")
        await driver.until("[x] Claw Club", "the whole server")
        await find(driver, "bots")
        await driver.press("space")
        await driver.until("[-] Claw Club", "[x] #bots", "1 channel")
        await driver.press("home", "space", "enter")
        await driver.until("everywhere in Claw Club")
        assert picked(driver) == (GuildSpec(CLUB, "Claw Club"),)


async def test_a_category_is_ticked_without_what_the_bot_cannot_use(cloud: Cloud) -> None:
    async with discord() as driver:
        await find(driver, "archive")
        await driver.until("all that the bot can use here: 2 channels")
        await driver.press("space", "enter")
        await driver.until("2 channels in Claw Club")
        assert [c.name for c in picked(driver)[0].channels] == ["old-stories", "no-side-talk"]


async def test_a_category_of_which_the_bot_can_use_nothing_says_so(cloud: Cloud) -> None:
    async with discord() as driver:
        await find(driver, "staff")
        await driver.until("can use none of the channels in here")
        await driver.press("space")
        await driver.until("[ ] Staff", "[ ] Claw Club")


async def test_branches_fold_by_keyboard(cloud: Cloud) -> None:
    async with discord() as driver:
        await driver.until("▾ [ ] Talk", "#ask-the-claw")
        await find(driver, "ask")
        await driver.press("left", "left")  # up to its category, which closes
        await driver.until("▸ [ ] Talk")
        assert "#ask-the-claw" not in driver.text
        await driver.press("left", "left")
        await driver.until("▸ [ ] Claw Club")
        assert "Talk" not in driver.text
        await driver.press("right", "down", "down", "right")
        await driver.until("▾ [ ] Talk", "#ask-the-claw")


async def test_a_search_finds_what_is_folded_and_says_where_it_is(cloud: Cloud) -> None:
    async with discord() as driver:
        await driver.press("left")
        await driver.until("▸ [ ] Claw Club")
        await driver.press("slash")
        await driver.type("ask")
        await driver.until("#ask-the-claw  Claw Club", "Search: ask")
        await driver.press("space", "escape")
        await driver.until("▸ [-] Claw Club")
        await driver.press("escape")
        await driver.until("You changed something here", "Go on choosing")
        await driver.press("escape")
        await driver.until("You changed something here", gone=True)
        await driver.until("▸ [-] Claw Club")
        await driver.press("escape")
        await driver.until("You changed something here")
        await driver.press("down", "enter")
        await driver.until("Fallbacks")
        assert picked(driver) == ()  # Escape leaves everything as it was


async def test_people_that_were_ticked_are_not_dropped_unasked(cloud: Cloud) -> None:
    async with discord() as driver:
        await driver.press("space", "W")  # as the key bar writes it
        await driver.until("F3", "@Moderators")
        await driver.press("escape")  # nothing was changed
        await driver.until("@Moderators", gone=True)
        await driver.press("w")
        await driver.until("@Moderators")
        await driver.press("space", "escape")
        await driver.until("You changed something here")
        await driver.press("enter")
        await driver.until("You changed something here", gone=True)
        await driver.press("enter")
        await driver.until("@Moderators", gone=True)


async def test_letters_are_keys_until_a_search_begins(cloud: Cloud) -> None:
    async with discord() as driver:
        await driver.press("m")
        await driver.until("Tick a server or a channel first")
        await driver.press("slash", "m")
        await driver.until("Search: m")


async def test_enter_ends_the_typing_of_a_search_and_not_the_picker(cloud: Cloud) -> None:
    async with discord() as driver:
        await driver.press("slash")
        await driver.type("ask")
        await driver.until("#ask-the-claw  Claw Club", "Search: ask")
        await driver.press("enter", "w")
        await driver.until("Tick a server or a channel first")
        assert "Search: askw" not in driver.text
        await driver.press("space", "enter")
        await driver.until("Fallbacks", "1 channel in Claw Club")


SENTENCES = {
    "welcome": "The bot can't write there. “Send Messages” is denied to @everyone in #welcome. Allow it there for @Claw.",
    "staff-room": "The bot can't see it. “View Channel” is denied to @everyone in the category “Staff”.",
    "town": "The bot can't see it. “Connect” is denied to @everyone in #Town hall.",
    "old-stories": "The bot can't read what was said before. “Read Message History” is denied to @Claw in #old-stories. Allow it",
    "no-side": "The bot can't answer in its threads. “Send Messages in Threads” is denied to @everyone",
    "ideas": "The bot can't answer in its posts. “Send Messages in Threads” is denied to @everyone",
    "whispers": "The bot can't write there. The bot has a timeout in this server",
}


async def test_each_thing_that_the_bot_cannot_do_has_a_mark_and_a_sentence(cloud: Cloud) -> None:
    async with discord() as driver:
        for word, sentence in SENTENCES.items():
            await find(driver, word)
            await driver.until(sentence)
            (row,) = [line for line in driver.text.splitlines() if f"] #{word}" in line.lower()]
            assert re.search(r"[✗!] (can't|no|not)", row)
        await find(driver, "dinner")  # the bot is an administrator there
        assert "✗" not in next(line for line in driver.text.splitlines() if "dinner" in line)


async def test_many_servers_are_read_when_they_are_opened(cloud: Cloud) -> None:
    async with discord("crowd") as driver:
        await driver.until("▸ [ ] Claw Club")
        await driver.press("end")
        await driver.until("Server 230 not read yet")
        await driver.press("right")
        await driver.until("▾ [ ] Server 230", "#general")
        await driver.press("down", "space", "enter")
        await driver.until("1 channel in Server 230")


async def test_what_is_not_there_any_more_is_shown_and_stays_until_it_is_taken_away(cloud: Cloud) -> None:
    lost = GuildSpec("1199", "Old place", channels=(ChannelSpec("1", "x"),))
    club = GuildSpec(
        CLUB,
        "Claw Club",
        channels=(ChannelSpec("1171000000000000003", "general"), ChannelSpec("77", "closed")),
    )
    async with discord(guilds=(club, lost)) as driver:
        await driver.press("enter")
        await driver.until("3 channels in")
        assert picked(driver) == (club, lost)
        await driver.press("enter")
        await driver.until("Discord: the bot")
        await read(driver)
        await find(driver, "closed")
        await driver.until("#closed ✗ not there any more", "Space takes it away")
        await driver.press("space", "end")
        await driver.until("Old place ✗ the bot is not there any more")
        await driver.press("space", "enter")
        await driver.until("1 channel in Claw Club")
        assert picked(driver) == (replace(club, channels=club.channels[:1]),)


# -- when, and who ----------------------------------------------------------------------------------------------------
async def test_mentions_by_server_and_by_channel(cloud: Cloud) -> None:
    async with discord() as driver:
        await find(driver, "bots")
        await driver.press("space")
        await driver.until("It answers when mentioned.")
        await driver.press("m")
        await driver.until("#bots every message", "It answers every message.")
        await driver.press("home", "m")
        await driver.until("Claw Club 1 channel • every message")
        await find(driver, "bots")
        await driver.press("m")  # from "every message" of its own to as the server, and on to the other way
        await driver.press("m")
        await driver.press("enter")
        await driver.until("1 channel in Claw Club")
        (club,) = picked(driver)
        assert not club.require_mention
        assert club.channels[0].require_mention is True
        await driver.until("1 channel has a setting of its own")


async def test_roles_and_people_of_a_channel(cloud: Cloud) -> None:
    async with discord() as driver:
        await find(driver, "bots")
        await driver.press("space", "w")
        await driver.until("Who may talk to it: #bots", "@Moderators", "@Founders")
        assert "@Claw" not in driver.text  # the bot's own
        assert "@everyone" not in driver.text
        await driver.press("down", "space", "f3")
        await driver.until("Add a person")
        await driver.type("ad")
        await driver.press("enter")
        await driver.until("Who is meant?", "Ada (ada)", "adam")
        await driver.press("enter")
        await driver.until("[x] Ada (ada)", "[x] @Moderators")
        await driver.press("f3")
        await driver.until("Add a person")
        await driver.type("1160000000000000003")
        await driver.press("enter")
        await driver.until("[x] linus")
        await driver.press("enter")
        await driver.until("#bots 2 people, 1 role", "Who may talk to it: 2 people, 1 role.")
        await driver.press("enter")
        await driver.until("1 channel in Claw Club")
        assert picked(driver)[0].channels[0].users == (
            Named("1160000000000000001", "Ada (ada)"), Named("1160000000000000003", "linus"),
        )  # fmt: skip
        assert picked(driver)[0].channels[0].roles == (Named(discord_guilds.MODERATORS, "Moderators"),)


async def test_a_channel_for_everybody_in_a_server_for_few(cloud: Cloud) -> None:
    club = GuildSpec(
        CLUB,
        "Claw Club",
        users=(Named("1160000000000000001", "Ada"),),
        channels=(ChannelSpec("1171000000000000008"),),
    )
    async with discord(guilds=(club,)) as driver:
        await find(driver, "bots")
        await driver.until("Who may talk to it: 1 person.")
        await driver.press("w")
        await driver.until("everybody", "@Founders")
        await driver.press("down", "down", "space", "home", "space")
        await driver.until("[x] everybody", "[ ] @Founders")
        await driver.press("enter")
        await driver.until("Who may talk to it: everybody.")
        await driver.press("enter")
        await driver.until("1 channel in Claw Club")
        assert picked(driver)[0].channels[0].users == (EVERYBODY,)
        assert picked(driver)[0].users == club.users


async def test_without_the_members_intent_people_are_by_id(cloud: Cloud) -> None:
    async with discord("nomembers") as driver:
        await driver.press("space", "w")
        await driver.until("Who may talk to it: Claw Club", "Server Members Intent")
        for typed, said in (
            ("ada", "An id works without"),
            ("123", "17 digits"),
            ("1160000000000000099", "Nobody in this server"),
        ):
            await driver.press("f3")
            await driver.until("Add a person")
            await driver.type(typed)
            await driver.press("enter")
            await driver.until(said)


# -- no network, and failures -----------------------------------------------------------------------------------------
async def test_what_was_read_is_there_without_a_network_with_its_age(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with discord() as driver:
        await driver.until("#general")
    later = time.time() + 3 * 3600 + 60
    monkeypatch.setattr(time, "time", lambda: later)
    async with discord("offline") as driver:
        await driver.until(
            "could not be reached", "What you see was read 3 hours ago. R reads again.", "#general"
        )
        await driver.until("Its channels were read 3 hours ago.")
        await find(driver, "bots")
        await driver.press("space", "w")
        await driver.until("@Moderators")
        await driver.press("f3")
        await driver.until("Add a person")
        await driver.type("1160000000000000003")  # an id needs nobody to look it up
        await driver.press("enter")
        await driver.until("could not be reached", "[x] 1160000000000000003")
        await driver.press("enter")
        await driver.until("1 person")
        await driver.press("enter")
        await driver.until("1 channel in Claw Club")


async def test_what_is_kept_holds_no_secret_and_is_of_one_bot(cloud: Cloud) -> None:
    async with discord() as driver:
        await driver.until("#general")
    (kept,) = cloud.path.parent.glob("discord/*")
    assert kept.name == f"{discord_guilds.APPLICATION}.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert BOT not in kept.read_text()
    kept.rename(kept.with_name("1180000000000000002.json"))
    async with discord("offline", settled=False) as driver:
        await driver.until("could not be reached")
        assert "#general" not in driver.text


async def test_a_kept_list_that_is_broken_or_cannot_be_kept_is_in_nobodys_way(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = cloud.path.parent / "discord" / f"{discord_guilds.APPLICATION}.json"
    kept.parent.mkdir(parents=True)
    kept.write_text('{"bot": 7}')
    async with discord(settled=False) as driver:

        def full(_bot: str, _sight: object) -> None:
            raise StateError("no room")

        monkeypatch.setattr(driver.session.services.state, "set_sight", full)
        await driver.until("#general")


async def test_reading_again_sees_what_changed(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    async with discord() as driver:
        await driver.until("#welcome ✗ can't write")
        rows = discord_guilds.CHANNELS[CLUB]
        monkeypatch.setitem(
            discord_guilds.CHANNELS, CLUB, ((*rows[0][:1], "hello", *rows[0][2:5], ()), *rows[1:])
        )
        await driver.press("r")
        await driver.until("#hello")
        assert "#hello  ✗" not in driver.text


async def test_limits_now_and_then_are_waited_for(cloud: Cloud) -> None:
    async with discord("bursty") as driver:
        await driver.until("Claw Club", "#general")
        assert "wait" not in driver.text


async def test_a_token_that_is_refused_is_told(cloud: Cloud) -> None:
    async with discord("bad", settled=False) as driver:
        await driver.until("Discord does not accept the bot token", "Secrets screen")
        await driver.press("enter", "escape")  # there is nothing to be done with
        await driver.until("Fallbacks")


async def test_a_bot_that_may_not_read_is_told_where_to_change_it(cloud: Cloud) -> None:
    async with discord("nointent") as driver:
        await driver.until(
            "Message Content Intent",
            f"https://discord.com/developers/applications/{discord_guilds.APPLICATION}/bot",
        )


# -- the invitation ---------------------------------------------------------------------------------------------------
def hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody opens the link."""
    monkeypatch.setattr("claw_tui.demo.discord._joins", lambda: False)


async def test_a_bot_in_no_server_gets_an_invitation_and_is_noticed(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as held:
        hold(held)
        async with discord("noguild", settled=False) as driver:
            await driver.until("no server yet", "▀", "Copy the link")
            held.undo()
            await driver.until("The bot has joined", "Claw Club", "#general")
            await driver.press("space", "enter")
            await driver.until("everywhere in Claw Club")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)])
async def test_the_link_is_whole_and_alone_on_its_lines(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    hold(monkeypatch)
    async with discord("noguild", size=size, settled=False) as driver:
        await driver.until("no server yet", *(["▀"] if size[1] >= 24 else []))
        url = f"https://discord.com/oauth2/authorize?client_id={discord_guilds.APPLICATION}&scope=bot&permissions=274878024768"
        lines = driver.text.splitlines()
        at = next(n for n, line in enumerate(lines) if line.startswith("https://"))
        rows = -(-len(url) // size[0])
        assert "".join(lines[at : at + rows]) == url  # no blank at an end: marked with the mouse it is whole
        links = {
            segment.style.link for strip in driver.app.screen._compositor.render_strips() for segment in strip
            if segment.style and segment.style.link
        }  # fmt: skip
        assert links == {url}  # a click on it opens it
        code = driver.app.screen.query_one(QrCode)
        assert code.display is (size[1] >= 24)
        if code.display:  # all of it is on the screen
            assert code.region.bottom <= driver.app.screen.query_one(InvitePane).region.bottom
            assert code.size.height == str(code.content).count("\n") + 1 == discord_invite.CODE_ROWS


async def test_the_link_is_copied_with_a_key(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(monkeypatch)
    async with discord("noguild", settled=False) as driver:
        await driver.until("no server yet")
        await driver.press("c")
        await driver.until("Copied")
        assert driver.app.clipboard.startswith("https://discord.com/oauth2/authorize?client_id=1180")


async def test_another_server_is_invited_to_and_noticed(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with discord() as driver:
        await driver.press("i")
        await driver.until("Let the bot into another server", "▀")
        await driver.press("escape")
        await driver.until("#general")
        await driver.press("i")
        await driver.until("Let the bot into another server")
        monkeypatch.setitem(discord_guilds.NAMES, "1170000000000000009", "Brand New")
        await driver.until("The bot has joined Brand New", "Claw Club")


async def test_a_token_that_is_refused_is_not_asked_about_for_ever(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(monkeypatch)
    async with discord("noguild", settled=False) as driver:
        await driver.until("no server yet")
        monkeypatch.setattr("claw_tui.demo.world.TRAITS", ("bad",))
        monkeypatch.setattr("claw_tui.demo.world.traits", lambda _key: ["bad"])
        await driver.until("✗ Discord does not accept the bot")
        # Nothing asks any more, once the one that has said so is out of the list.
        await driver.until_true(lambda: "discord-watch" not in [one.group for one in driver.app.workers])


def test_polling_gets_slower() -> None:
    waits = [discord_invite.poll_after(times) for times in range(200)]
    assert waits[0] == 5.0
    assert waits == sorted(waits)
    assert waits[-1] == 20.0


def cut_off(driver: Driver) -> list[str]:
    """Texts that have fewer rows than they need."""
    found = []
    for part in driver.app.screen.query(Static):
        if part.is_on_screen and part.region:
            needed = part.get_content_height(part.container_size, part.screen.size, part.content_size.width)
            found += (
                [f"{part!r}: {part.content_size.height} of {needed}"]
                if part.content_size.height < needed
                else []
            )
    return found


@pytest.mark.parametrize("language", ["", PSEUDO])
async def test_every_sentence_has_room_also_when_it_is_longer(
    cloud: Cloud, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(monkeypatch)
    use_language(language)
    async with discord("nomembers", "nointent", settled=False) as driver:
        await driver.until("#general", "#welcome")
        for word in SENTENCES:
            await find(driver, word)
            await driver.press("space")
            await driver.until(f"] #{word[:4]}" if word != "town" else "] #Town")
            assert not cut_off(driver), driver.text
        await driver.press("w")
        await driver.until("F3")
        assert not cut_off(driver), driver.text
        await driver.press("escape", "i")
        await driver.until("oauth2")
        assert not cut_off(driver), driver.text
