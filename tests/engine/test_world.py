"""One reader for all: what is young is not asked for again, what was changed is, and nobody is told half of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any, cast

import pytest

from claw_tui.domain.errors import AppNotFound, FlyError, NotLoggedIn
from claw_tui.domain.world import App, Release, Volume, World
from claw_tui.engine.world import PARTS, SHOWN, WorldReader
from claw_tui.ports import FlyReads

pytestmark = pytest.mark.anyio


class Look:
    """A Fly.io that counts what it is asked, answers what it has, and waits where there is a gate."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.ended: Counter[str] = Counter()
        self.has: dict[str, Any] = {"app": App("a"), "volumes": (Volume("vol_1", "data", "fra", 3),)}
        self.gates: dict[str, asyncio.Event] = {}
        self.most = self._now = 0

    def __getattr__(self, part: str) -> Any:
        if part not in SHOWN:
            raise AttributeError(part)

        async def ask(_app: str) -> object:
            self.asked[part] += 1
            self._now += 1
            self.most = max(self.most, self._now)
            answer = self.has.get(part, ())  # what is so when it is asked
            try:
                await (self.gates[part].wait() if part in self.gates else asyncio.sleep(0))
            finally:
                self._now -= 1
                self.ended[part] += 1
            if isinstance(answer, Exception):
                raise answer
            return answer

        return ask


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def fly() -> Look:
    return Look()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reader(fly: Look, clock: Clock) -> WorldReader:
    return WorldReader(cast("FlyReads", fly), clock)


async def turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_all_parts_at_the_same_time(reader: WorldReader, fly: Look) -> None:
    world = await reader.read("a")
    assert (world.app, world.volumes) == (App("a"), fly.has["volumes"])
    assert fly.most == len(PARTS)
    assert fly.asked == Counter(PARTS)


async def test_what_is_young_enough_is_not_asked_for_again(
    reader: WorldReader, fly: Look, clock: Clock
) -> None:
    await reader.read("a", ("machines",))
    clock.now += 6
    await reader.read("a", max_age=10)
    assert fly.asked == Counter(PARTS)
    assert reader.age("a") == 6
    clock.now += 6  # only the machines are too old now
    await reader.read("a", max_age=10)
    assert fly.asked == Counter([*PARTS, "machines"])
    await reader.read("a")  # whoever names no age wants to know how it is now
    assert fly.asked["volumes"] == 2
    await reader.read("b", max_age=10)
    assert fly.asked["volumes"] == 3


async def test_an_age_begins_when_the_reading_did(reader: WorldReader, fly: Look, clock: Clock) -> None:
    gate = fly.gates["ips"] = asyncio.Event()
    assert reader.age("a") is None
    asking = asyncio.create_task(reader.read("a"))
    await turns()
    clock.now += 5
    gate.set()
    await asking
    assert reader.age("a") == 5
    assert reader.age("a", SHOWN) is None


async def test_parts_that_are_not_asked_for_are_as_they_were_read_last(
    reader: WorldReader, fly: Look
) -> None:
    await reader.read("a")
    fly.has["volumes"], fly.has["releases"] = (), (Release(1, "complete", "i", "t"),)
    world = await reader.read("a", ("releases",))
    assert (world.releases, len(world.volumes)) == (fly.has["releases"], 1)
    assert reader.known("a") == world
    assert reader.known("b") == World()


async def test_two_who_ask_at_the_same_time_share_a_reading(reader: WorldReader, fly: Look) -> None:
    gate = fly.gates["machines"] = asyncio.Event()
    first = asyncio.create_task(reader.read("a"))
    await turns()
    second = asyncio.create_task(reader.read("a", ("machines", "releases")))
    await turns()
    gate.set()
    worlds = await asyncio.gather(first, second)
    assert fly.asked == Counter(SHOWN)
    assert worlds[1].app == App("a")


async def test_one_of_two_who_ask_goes_away(reader: WorldReader, fly: Look) -> None:
    gate = fly.gates["machines"] = asyncio.Event()
    first = asyncio.create_task(reader.read("a"))
    second = asyncio.create_task(reader.read("a"))
    await turns()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert not fly.ended["machines"]
    gate.set()
    assert (await second).app == App("a")
    assert fly.asked["machines"] == 1


async def test_nobody_waits_any_more(reader: WorldReader, fly: Look) -> None:
    """What still runs for it has ended when the cancelled call has; what was read is kept."""
    fly.gates["machines"] = asyncio.Event()
    asking = asyncio.create_task(reader.read("a"))
    await turns()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert fly.ended["machines"] == 1
    assert reader.age("a", ("volumes",)) is not None
    assert reader.age("a", ("machines",)) is None
    del fly.gates["machines"]
    await reader.read("a", max_age=10)
    assert (fly.asked["machines"], fly.asked["volumes"]) == (2, 1)


async def test_a_change_makes_old_what_it_touches(reader: WorldReader, fly: Look) -> None:
    await reader.read("a")
    reader.changed("a", ("volumes",))
    fly.has["volumes"] = ()
    assert len(reader.known("a").volumes) == 1  # it is shown as it was, until somebody looks
    assert not (await reader.read("a", max_age=10)).volumes
    assert fly.asked == Counter([*PARTS, "volumes"])
    reader.changed("a")
    await reader.read("a", max_age=10)
    assert fly.asked["ips"] == 2


async def test_a_change_during_a_reading(reader: WorldReader, fly: Look) -> None:
    """Neither who asked before nor who asks after is told what was so before it."""
    gate = fly.gates["volumes"] = asyncio.Event()
    before = asyncio.create_task(reader.read("a"))
    await turns()
    fly.has["volumes"] = ()
    reader.changed("a", ("volumes",))
    after = asyncio.create_task(reader.read("a", max_age=10))
    await turns()
    gate.set()
    assert (await before).volumes == (await after).volumes == ()
    assert fly.asked["volumes"] == 2


async def test_a_failure_does_not_lose_what_the_others_found(reader: WorldReader, fly: Look) -> None:
    gate = fly.gates["machines"] = asyncio.Event()
    fly.has["ips"], fly.has["secrets"] = FlyError("second"), NotLoggedIn("first")
    asking = asyncio.create_task(reader.read("a"))
    await turns()
    gate.set()
    with pytest.raises(NotLoggedIn, match="first"):
        await asking
    assert reader.age("a", ("app", "volumes", "machines")) is not None
    fly.has["ips"] = fly.has["secrets"] = ()
    await reader.read("a", max_age=10)
    assert fly.asked == Counter([*PARTS, "ips", "secrets"])


async def test_a_failure_is_told_to_each_who_waits_and_not_kept(reader: WorldReader, fly: Look) -> None:
    fly.has["ips"] = FlyError("no")
    both = await asyncio.gather(reader.read("a"), reader.read("a"), return_exceptions=True)
    assert [str(error) for error in both] == ["no", "no"]
    assert fly.asked["ips"] == 1
    fly.has["ips"] = ()
    assert (await reader.read("a")).ips == ()


async def test_an_app_that_does_not_exist(reader: WorldReader, fly: Look) -> None:
    fly.has = dict.fromkeys(SHOWN, AppNotFound("no")) | {"app": None}
    assert await reader.read("a", SHOWN) == World()


async def test_another_login_knows_nothing(reader: WorldReader, fly: Look) -> None:
    gate = fly.gates["volumes"] = asyncio.Event()
    await reader.read("a", ("app",))
    asking = asyncio.create_task(reader.read("a", ("volumes",)))
    await turns()
    fly.has["volumes"] = ()
    reader.forget()
    gate.set()
    assert (await asking).volumes == ()  # it was asked once more, as whoever is logged in now
    assert reader.known("a").app is None
