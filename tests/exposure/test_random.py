"""Random worlds: a private one, harmless things, and one thing that exposes it. None may ever be called private."""

from __future__ import annotations

import random
import string
from collections.abc import Callable

import pytest

from claw_tui.demo import world
from claw_tui.domain.exposure.judgement import Privacy
from claw_tui.domain.world import Ip, IpKind
from claw_tui.engine.former import remember
from claw_tui.ports import Services
from tests.exposure import worlds
from tests.exposure.inside import in_memory, with_fly_inside
from tests.exposure.test_worlds import judged
from tests.exposure.worlds import BOTH, RAW, Change, World

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("in_memory")]
__all__ = ["in_memory"]  # the fixture
FEW, MANY = 12, 500
HANDLERS = ("http", "tls", "proxy_proto", "pg_tls", "edge_http")
QUESTIONS = ("ips list", "machine list", "config show", "certs list")


def word(dice: random.Random) -> str:
    return "".join(dice.choices(string.ascii_lowercase, k=dice.randint(3, 9)))


def service(dice: random.Random) -> World:
    """Any but the private one."""
    ports = [
        {"port": dice.choice((80, 443, 3000, 8080, dice.randint(1, 65535))), "handlers": dice.sample(HANDLERS, dice.randint(0, 2))}
        for _ in range(dice.randint(1, 3))
    ]  # fmt: skip
    found = {
        **RAW,
        "protocol": dice.choice(("tcp", "udp")),
        "internal_port": dice.choice((3000, 18789)),
        "ports": ports,
    }
    if dice.random() < 0.2:
        found["ports"] = [{"start_port": 3000, "end_port": dice.randint(3000, 9000)}]
    elif (found["protocol"], found["internal_port"]) == ("tcp", 3000) and ports in (
        [{"port": 3000, "handlers": []}],
        [{"port": 3000}],
    ):
        found["protocol"] = "udp"
    return found


def address(dice: random.Random) -> Change:
    kinds = ("v4", "v6", "shared_v4", word(dice), "", "PRIVATE_V6", "private_v4", "private_v6 ", "egress")
    return worlds.add(dice.choice(kinds))


def machine(dice: random.Random) -> Change:
    state = dice.choice(("started", "stopped", "suspended", "created", "replacing"))
    offered = [service(dice), *([RAW] if dice.random() < 0.5 else [])]
    dice.shuffle(offered)
    return worlds.second(offered, group=dice.choice(("app", "web", "", word(dice))), state=state)


def config(dice: random.Random) -> Change:
    parts = (
        {"http_service": {"internal_port": dice.randint(1, 9999)}},
        {"services": [service(dice)]},
        {"services": service(dice)},
        {"statics": [{"guest_path": "/" + word(dice), "url_prefix": "/"}]},
        {"services": [{"internal_port": 3000, "ports": [{"port": 3000}]}, service(dice)]},
        {"services": [word(dice)]},
    )
    return worlds.defines(**dice.choice(parts))


def certificate(dice: random.Random) -> Change:
    hosts = [f"{word(dice)}.example.com", f"*.{word(dice)}.org", f"{word(dice)}.fly.dev"]
    return worlds.has(certificates=dice.sample(hosts, dice.randint(1, 3)))


def dns(dice: random.Random) -> Change:
    kind = dice.choice(("A", "AAAA"))
    return worlds.outside(dns={kind: [worlds.FORMER_V4 if kind == "A" else worlds.FORMER_V6]})


def answer(dice: random.Random) -> Change:
    """One of its former addresses answers; at the other there is whatever there is."""
    one, other = dice.sample(BOTH, 2)
    rest = dice.choice(("silent", "fly", "other", "no-route", "gateway"))
    return worlds.outside(answers={one: dice.choice(("gateway", "clawdbot")), other: rest})


EXPOSING: tuple[Callable[[random.Random], Change], ...] = (address, machine, config, certificate, dns, answer)


def harmless(dice: random.Random) -> list[Change]:
    every = [
        worlds.add("private_v6"), worlds.add("egress_v4"), worlds.second([], state="stopped"), worlds.second([RAW], group=word(dice)),
        worlds.org(members=[f"{word(dice)}@example.com"], peers=[word(dice)]), worlds.neighbour("v6"), worlds.runs("ngrok"),
        worlds.here(v6=dice.random() < 0.5), worlds.has(status=dice.choice(("deployed", "suspended"))),
    ]  # fmt: skip
    return dice.sample(every, dice.randint(0, 4))


async def verdict(seed: int, services: Services, *, exposed: bool) -> Privacy:
    """Of the world of this seed, and of a question that may have no answer."""
    dice = random.Random(seed)
    with world.opened() as now:
        now.clear()
        now.update(world.new_world())
        worlds.private(now)
        for change in harmless(dice):
            change(now)
        if exposed:
            dice.choice(EXPOSING)(dice)(now)
            if now.get("outside") == {"v6": False} and "answers" in worlds.app_of(now).get("outside", {}):
                now["outside"] = {}  # what answers over IPv6 is not heard without it
    remember(services.state, "my-app", [Ip(one, IpKind.V6 if ":" in one else IpKind.V4) for one in BOTH])
    failing = (dice.choice(QUESTIONS),) if exposed and dice.random() < 0.2 else ()
    return (await judged(with_fly_inside(services, failing))).privacy


async def prove(count: int, services: Services) -> None:
    called = [seed for seed in range(count) if (await verdict(seed, services, exposed=True)) in GOOD]
    assert not called, f"seeds {called} are exposed and were called private"


GOOD = (Privacy.PRIVATE, Privacy.NOT_PROBED_V6)


async def test_what_is_exposed_is_never_called_private(services: Services) -> None:
    await prove(FEW, services)


async def test_many_exposed_worlds_are_never_called_private(services: Services) -> None:
    await prove(MANY, services)


async def test_the_same_worlds_without_the_exposing_thing_are_private(services: Services) -> None:
    """Else the others would show nothing."""
    found = [await verdict(seed, services, exposed=False) for seed in range(FEW)]
    assert set(found) <= {*GOOD}
    assert set(found) == {*GOOD}  # some have IPv6 here, some not
