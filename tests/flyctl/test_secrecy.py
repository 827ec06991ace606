"""Values arrive as they are, and stay nowhere; nothing goes on after we leave."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from claw_tui.adapters.fly_home import FlyHome
from claw_tui.adapters.flyctl import Flyctl
from claw_tui.demo import world
from claw_tui.domain.import_format import carried_alone, encode
from claw_tui.domain.secret import Secret
from tests.adapters.rig import until
from tests.canary import Canaries
from tests.fly_api.server import FlyApi
from tests.flyctl.conftest import PROGRAM, TOKEN
from tests.nasty import nasty
from tests.real.traced import Record, Titles, traced
from tests.transcripts import prepare

pytestmark = [pytest.mark.anyio, pytest.mark.flyctl]
VALUES = int(os.environ.get("VALUES", "1500"))


async def test_values_are_read_back_from_the_request_exactly(fly: Flyctl, api: FlyApi) -> None:
    with world.opened() as now:
        prepare.app(now)
    dice, sent, refused = random.Random(20261121), 0, 0
    while sent < VALUES:
        values = {f"KEY_{number}": nasty(dice) for number in range(100)}
        kept = {
            name: Secret(value)
            for name, value in values.items()
            if encode(name, value) or carried_alone(value)
        }
        refused += len(values) - len(kept)
        api.requests.clear()
        await fly.import_secrets("my-app", kept)
        arrived: dict[str, str] = {}
        for request in api.requests:
            if request.path.endswith("/secrets"):
                arrived |= request.json["values"]
        assert arrived == {name: value.reveal() for name, value in kept.items()}
        sent += len(kept)
    assert refused < VALUES, "most values can be carried"
    print(f"{sent} values arrived as they were, {refused} were refused with a sentence")


async def test_the_values_are_in_no_file(fly: Flyctl, home: FlyHome, tmp_path: Path) -> None:
    with world.opened() as now:
        prepare.deployed(now)
    await fly.import_secrets("my-app", {"A": Secret("CANARY-one"), "B": Secret("CANARY\ttwo # three")})
    await fly.whoami()
    assert (home.shared() / "logs").is_file()
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"CANARY" not in path.read_bytes(), path


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not there")
async def test_nothing_that_the_real_flyctl_does_leaks_a_value(
    api: FlyApi, home: FlyHome, tmp_path: Path
) -> None:
    """Both ways of sending, and a refusal that repeats a line; files that are gone again are looked through too."""
    record, value = tmp_path / "strace", "CANARYqwrtzpsdfghjklyxcvbnm789"
    fly = Flyctl(traced(record, (PROGRAM,)), home, os.environ)
    fly.use_token(TOKEN)
    with world.opened() as now:
        prepare.deployed(now)
    given = {"A": Secret(value), "B": Secret(f'{value}" # {value}'), "C": Secret(f'{value}\n"')}
    assert [encode(name, given[name].reveal()) is None for name in given] == [False, True, True]
    seen = Record()
    with Titles() as titles:
        await fly.import_secrets("my-app", {"A": given["A"]})
        seen.add(record)
        for name in ("B", "C"):
            await fly.import_secrets("my-app", {name: given[name]})
            seen.add(record)
        api.requests.clear()
    assert {
        name: now["apps"]["my-app"]["secrets"][name]["digest"] for now in [world_now()] for name in given
    } == {name: world.digest(secret.reveal()) for name, secret in given.items()}
    assert len(seen.started) >= 3
    assert any(b"TOKEN" in variable for _argv, environment in seen.started for variable in environment)
    canaries = Canaries({"VALUE": value})
    to_fly = [where for where, _data in seen.places() if "AF_INET" in where]
    assert to_fly, "it went to Fly.io, and by the network"
    leaks = seen.leaks(
        canaries, lambda where: ("VALUE",) if where in to_fly else (), lambda _argv: True, titles.seen
    )
    assert leaks == []
    assert canaries.find_in_files(home.shared()) == []


def world_now() -> dict[str, Any]:
    with world.opened(change=False) as now:
        return now


def programs(below: Path) -> list[str]:
    """Those that have their folder below this one: other tests run flyctl, too."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line, env = path.read_bytes(), path.with_name("environ").read_bytes()
        except OSError:
            continue
        if PROGRAM.encode() in line.split(b"\0")[0] and str(below).encode() in env:
            found.append(str(line))
    return found


async def test_following_the_log_leaves_no_agent(fly: Flyctl, api: FlyApi, tmp_path: Path) -> None:
    with world.opened() as now:
        prepare.deployed(now)
    logs = fly.follow_logs("my-app")
    asked = 0
    async for _entry in logs:
        asked = sum("logs" in request.path for request in api.requests)
        assert programs(tmp_path)
        break
    await until(lambda: sum("logs" in r.path for r in api.requests) > asked + 3, "it goes on asking")
    await logs.aclose()
    await until(lambda: not programs(tmp_path), "a flyctl is left")
