"""Discord over a transport that answers as a test wants, with a clock of the test's own; and the simulated one."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from claw_tui.adapters import discord_limits
from claw_tui.adapters.discord import DEADLINE, DiscordApi
from claw_tui.adapters.http import Http
from claw_tui.demo import discord_guilds, world
from claw_tui.demo.transport import SimulatedInternet
from claw_tui.domain.discord import Guild, Member
from claw_tui.domain.discord_access import access
from claw_tui.domain.errors import BadKey, ClawError, NetworkDown, RateLimited, ServiceError
from claw_tui.domain.secret import Secret

pytestmark = pytest.mark.anyio
TOKEN = Secret("MTE4.CANARY.CANARYCANARY")
CLUB = Guild(discord_guilds.CLUB, "Claw Club")
Answer = Callable[[httpx.Request], httpx.Response]


class Watch:
    """Time that goes on only while somebody waits."""

    def __init__(self) -> None:
        self.now, self.waits = 1000.0, list[float]()

    def __call__(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


class Server:
    """Answers one after the other, the last one for ever."""

    def __init__(self, *answers: httpx.Response | Answer | Exception) -> None:
        self._answers, self.asked = list(answers), list[httpx.Request]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        found = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(found, Exception):
            raise found
        return (
            found(request)
            if callable(found)
            else httpx.Response(found.status_code, headers=found.headers, content=found.content)
        )


@pytest.fixture
def watch() -> Watch:
    return Watch()


def api(server: Answer, watch: Watch) -> DiscordApi:
    return DiscordApi(Http(lambda: httpx.MockTransport(server)), watch.pause, watch)


def ok(value: Any, **headers: str) -> httpx.Response:
    return httpx.Response(
        200, json=value, headers={name.replace("_", "-"): text for name, text in headers.items()}
    )


def slow_down(seconds: float, **more: Any) -> httpx.Response:
    headers = more.pop("headers", {})
    return httpx.Response(
        429, json={"message": "slow", "retry_after": seconds, "global": False, **more}, headers=headers
    )


def some(count: int, first: int = 1) -> list[dict[str, str]]:
    return [{"id": str(n), "name": f"g{n:03}"} for n in range(first, first + count)]


# -- pages ------------------------------------------------------------------------------------------------------------
async def test_many_guilds_are_read_page_by_page(watch: Watch) -> None:
    def page(request: httpx.Request) -> httpx.Response:
        after = int(request.url.params.get("after", 0))
        return ok(some(min(200, 450 - after), after + 1))

    server = Server(page)
    found = await api(server, watch).guilds(TOKEN)
    assert [guild.name for guild in found] == [f"g{n:03}" for n in range(1, 451)]
    assert [request.url.params.get("limit") for request in server.asked] == ["200"] * 3


async def test_the_same_page_for_ever_ends(watch: Watch) -> None:
    server = Server(ok(some(200)))
    assert len(await api(server, watch).guilds(TOKEN)) == 200
    assert len(server.asked) == 2


# -- limits -----------------------------------------------------------------------------------------------------------
async def test_it_waits_as_long_as_it_is_told_and_asks_again(watch: Watch) -> None:
    server = Server(slow_down(1.25), ok(some(1)))
    assert len(await api(server, watch).guilds(TOKEN)) == 1
    assert watch.waits == [1.25]


async def test_a_limit_longer_than_the_deadline_is_told_at_once(watch: Watch) -> None:
    with pytest.raises(RateLimited, match="65 seconds"):
        await api(Server(slow_down(65.0)), watch).guilds(TOKEN)
    assert watch.waits == []


async def test_limits_without_end_end(watch: Watch) -> None:
    server = Server(slow_down(0.5))
    with pytest.raises(RateLimited):
        await api(server, watch).guilds(TOKEN)
    assert len(server.asked) == 5
    assert watch.now - 1000 <= DEADLINE


async def test_an_empty_bucket_is_waited_for_before_it_is_refused(watch: Watch) -> None:
    full = ok(some(1), x_ratelimit_bucket="abc", x_ratelimit_remaining="0", x_ratelimit_reset_after="2.5")
    discord = api(Server(full), watch)
    await discord.guilds(TOKEN)
    assert watch.waits == []
    await discord.guilds(TOKEN)
    assert watch.waits == [2.5]


async def test_routes_of_one_bucket_share_it_and_each_guild_has_its_own(watch: Watch) -> None:
    def empty(request: httpx.Request) -> httpx.Response:
        return ok([], x_ratelimit_bucket="shared", x_ratelimit_remaining="0", x_ratelimit_reset_after="3")

    discord = api(Server(empty), watch)
    await discord.find_members(TOKEN, "1", "a")
    await discord.find_members(TOKEN, "2", "a")
    assert watch.waits == []
    await discord.find_members(TOKEN, "1", "b")
    assert watch.waits == [3.0]


async def test_a_search_and_a_look_at_one_member_are_two_routes(watch: Watch) -> None:
    empty = ok([], x_ratelimit_bucket="search", x_ratelimit_remaining="0", x_ratelimit_reset_after="3")
    discord = api(Server(empty, ok({"user": {"id": "7", "username": "ada"}})), watch)
    await discord.find_members(TOKEN, "1", "a")
    assert await discord.member(TOKEN, "1", "7") == Member("7", "ada")
    assert watch.waits == []


async def test_a_global_limit_stops_every_route(watch: Watch) -> None:
    far = {"global": True}
    discord = api(Server(slow_down(120.0, **far), ok([])), watch)
    with pytest.raises(RateLimited):
        await discord.guilds(TOKEN)
    with pytest.raises(RateLimited):
        await discord.find_members(TOKEN, "1", "a")
    watch.now += 120
    assert await discord.find_members(TOKEN, "1", "a") == ()


async def test_a_limit_of_one_route_leaves_the_others_alone(watch: Watch) -> None:
    discord = api(Server(slow_down(120.0), ok([])), watch)
    with pytest.raises(RateLimited):
        await discord.guilds(TOKEN)
    assert await discord.find_members(TOKEN, "1", "a") == ()


async def test_another_bot_has_limits_of_its_own(watch: Watch) -> None:
    discord = api(Server(slow_down(120.0, **{"global": True}), ok([])), watch)
    with pytest.raises(RateLimited):
        await discord.guilds(TOKEN)
    assert await discord.guilds(Secret("another")) == ()


async def test_what_stands_before_the_api_says_it_in_a_header_only(watch: Watch) -> None:
    page = httpx.Response(429, text="<html>", headers={"Retry-After": "7"})
    assert await api(Server(page, ok([])), watch).guilds(TOKEN) == ()
    assert watch.waits == [7.0]


@pytest.mark.parametrize("nonsense", ["soon", None, float("nan"), -5, [1]])
async def test_nonsense_in_place_of_seconds(watch: Watch, nonsense: object) -> None:
    body = json.dumps({"message": "slow", "retry_after": nonsense, "global": False})
    assert await api(Server(httpx.Response(429, text=body), ok([])), watch).guilds(TOKEN) == ()
    assert sum(watch.waits) <= 1.0


async def test_it_stops_long_before_discord_bans_the_address(watch: Watch) -> None:
    server = Server(httpx.Response(401, json={"message": "401: Unauthorized", "code": 0}))
    discord = api(server, watch)
    refused = 0
    while refused < 10_000:
        try:
            await discord.guilds(TOKEN)
        except BadKey:
            refused += 1
        except ServiceError as error:
            assert "refused so much" in error.message
            break
    assert len(server.asked) == discord_limits.MOST_INVALID <= 1000
    watch.now += discord_limits.INVALID_SECONDS
    with pytest.raises(BadKey):
        await discord.guilds(TOKEN)


async def test_the_limit_of_others_is_not_our_fault(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discord_limits, "MOST_INVALID", 2)
    shared = slow_down(0.1, headers={"X-RateLimit-Scope": "shared"})
    assert await api(Server(shared, shared, shared, ok([])), watch).guilds(TOKEN) == ()


# -- failures ---------------------------------------------------------------------------------------------------------
async def test_a_failure_of_discords_is_asked_about_once_more(watch: Watch) -> None:
    assert await api(Server(httpx.Response(502), ok([])), watch).guilds(TOKEN) == ()
    server = Server(httpx.Response(503))
    with pytest.raises(ServiceError, match="503"):
        await api(server, watch).guilds(TOKEN)
    assert len(server.asked) == 2


async def test_a_broken_line_is_tried_once_more(watch: Watch) -> None:
    assert await api(Server(httpx.ConnectError("x"), ok([])), watch).guilds(TOKEN) == ()
    with pytest.raises(NetworkDown):
        await api(Server(httpx.ConnectError("x")), watch).guilds(TOKEN)


@pytest.mark.parametrize("answer", [
    ok({"not": "a list"}), ok([{"name": "no id"}]), ok([{"id": "../../x", "name": "path"}]), ok([None]), ok(7),
    httpx.Response(200, text="<html>"), httpx.Response(404, json=[]), httpx.Response(418),
], ids=str)  # fmt: skip
async def test_what_is_not_as_documented_is_told(watch: Watch, answer: httpx.Response) -> None:
    with pytest.raises(ServiceError):
        await api(Server(answer), watch).guilds(TOKEN)


@pytest.mark.parametrize("server", [
    Server(httpx.Response(401)), Server(httpx.Response(403, json={"code": 50001})), Server(slow_down(99)),
    Server(httpx.ConnectError("MTE4.CANARY")), Server(httpx.Response(500)), Server(ok([{"id": "MTE4.CANARY"}])),
])  # fmt: skip
async def test_no_message_holds_the_token(watch: Watch, server: Server) -> None:
    with pytest.raises(ClawError) as caught:
        await api(server, watch).guilds(TOKEN)
    assert "CANARY" not in f"{caught.value.message} {caught.value.hint} {caught.value.detail}"


async def test_each_question_is_a_reading_one_with_the_agent_that_discord_wants(watch: Watch) -> None:
    server = Server(ok([]))
    await api(server, watch).find_members(TOKEN, "1", "a/b?c&d=é")
    (request,) = server.asked
    assert request.method == "GET"
    assert request.url.path == "/api/v10/guilds/1/members/search"
    assert request.url.params["query"] == "a/b?c&d=é"
    assert request.headers["user-agent"].startswith("DiscordBot (https://")


# -- the simulated one ------------------------------------------------------------------------------------------------
@pytest.fixture
async def simulated() -> AsyncIterator[DiscordApi]:
    http = Http(SimulatedInternet)
    yield DiscordApi(http)
    await http.close()


def token(*traits: str) -> Secret:
    return Secret(".".join(("MTE4MDAwMDAwMDAwMDAwMDAwMQ", *traits, "x")))


async def test_who_the_bot_is(simulated: DiscordApi) -> None:
    bot = await simulated.identity(token())
    assert (bot.name, bot.reads_messages, bot.knows_members) == ("claw", True, True)
    assert bot.user_id == bot.application_id == discord_guilds.APPLICATION
    assert not (await simulated.identity(token("nointent"))).reads_messages
    assert not (await simulated.identity(token("nomembers"))).knows_members
    with pytest.raises(BadKey):
        await simulated.identity(token("bad"))
    with pytest.raises(RateLimited, match="65 seconds"):
        await simulated.guilds(token("limited"))
    with pytest.raises(NetworkDown):
        await simulated.guilds(token("offline"))


async def test_more_servers_than_a_page_and_none(simulated: DiscordApi) -> None:
    assert (
        len(await simulated.guilds(token("crowd"))) == len(discord_guilds.NAMES) + discord_guilds.CROWD > 200
    )
    assert [guild.name for guild in await simulated.guilds(token())] == list(discord_guilds.NAMES.values())
    assert await simulated.guilds(token("noguild")) == ()
    with pytest.raises(ServiceError, match="can't see"):
        await simulated.look_into(token(), Guild("42", "x"), "1")


async def test_a_bursty_discord_is_read_all_the_same(simulated: DiscordApi) -> None:
    for _ in range(4):
        view = await simulated.look_into(token("bursty"), CLUB, discord_guilds.APPLICATION)
    assert len(view.channels) == len(discord_guilds.CHANNELS[CLUB.id])
    with world.opened(change=False) as now:
        assert now["discord_questions"] > 12  # some were refused


async def test_channels_denied_in_each_way(simulated: DiscordApi) -> None:
    view = await simulated.look_into(token(), CLUB, discord_guilds.APPLICATION)
    found = {c.name: access(c, view, 0.0) for c in view.channels}
    assert {name for name, its in found.items() if not its.sees} == {"Staff", "staff-room", "Town hall"}
    assert {name for name, its in found.items() if its.sees and not its.usable} == {"welcome", "ideas"}
    assert {name for name, its in found.items() if its.usable and its.why} == {"old-stories", "no-side-talk"}
    assert "the category “Staff”" in found["staff-room"].why
    for guild, name, usable in (
        (discord_guilds.FAMILY, "dinner", True),
        (discord_guilds.QUIET, "whispers", False),
    ):
        view = await simulated.look_into(token(), Guild(guild, ""), discord_guilds.APPLICATION)
        assert {c.name: access(c, view, 0.0).usable for c in view.channels}[name] is usable


async def test_members_by_name_and_by_id(simulated: DiscordApi) -> None:
    found = await simulated.find_members(token(), CLUB.id, "ad")
    assert [member.name for member in found] == ["Ada (ada)", "adam"]
    assert await simulated.member(token(), CLUB.id, "1160000000000000003") == Member(
        "1160000000000000003", "linus"
    )
    assert await simulated.member(token(), CLUB.id, "1160000000000000099") is None
    with pytest.raises(ServiceError):
        await simulated.find_members(token("nomembers"), CLUB.id, "ad")
