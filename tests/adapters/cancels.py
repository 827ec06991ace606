"""Calls of every kind, cancelled at random moments; and what must be true afterwards."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from claw_tui.adapters.fly_home import FlyHome
from claw_tui.adapters.flyctl import Flyctl
from claw_tui.adapters.journal import JournalFile
from claw_tui.domain.errors import LeaseHeld
from claw_tui.domain.secret import Secret
from claw_tui.ports import Services
from tests.adapters.rig import Traces, program
from tests.conftest import TOKEN
from tests.engine.rig import WISH, have_gateway

# The simulated fly with children of its own: one that ends when asked, one that does not, and one that holds the pipes.
CHILDREN = (
    "sleep 300 >/dev/null 2>&1 &",
    "sh -c 'trap \"\" INT TERM; sleep 300' >/dev/null 2>&1 &",
    "sleep 300 &",
)
SPEED = "20"  # so that a deploy takes some seconds and a look a tenth of one
LONGEST = 0.5  # seconds; most looks are over by then, a change is in its middle


@dataclass
class Outcome:
    """What was cancelled in the middle, and what had ended before."""

    cancelled: Counter[str]
    ended: Counter[str]


async def _login(fly: Flyctl) -> None:
    login = fly.login()
    try:
        await login.url()
        login.send_code("demo")
        await login.result()
    finally:
        await login.cancel()


async def _follow(fly: Flyctl) -> None:
    async for _entry in fly.follow_logs(WISH.app):
        pass


def calls(machine: str, folder: Path) -> Mapping[str, Callable[[Flyctl], Awaitable[object]]]:
    app = WISH.app
    return {
        "version": lambda fly: fly.version(),
        "whoami": lambda fly: fly.whoami(),
        "own_token": lambda fly: fly.own_token(),
        "machines": lambda fly: fly.machines(app),
        "recent_logs": lambda fly: fly.recent_logs(app),
        "follow_logs": _follow,
        "login": _login,
        "import_secrets": lambda fly: fly.import_secrets(app, {"NAME": Secret("canary" * 2000)}),
        "create_volume": lambda fly: fly.create_volume(
            app, "more", region="fra", size_gb=1, vm_size="shared-cpu-1x", memory_mb=256
        ),
        "deploy": lambda fly: fly.deploy(
            app, folder / "fly.toml", folder, private=False, on_line=lambda _line: None
        ),
        "restart": lambda fly: fly.restart_machine(app, machine),
        "exec": lambda fly: fly.exec(app, machine, "sleep 1; echo done"),
    }


async def cancel_many(services: Services, tmp_path: Path, count: int, seed: int) -> Outcome:
    """Cancel ``count`` calls in their middle, two at a time; those that ended before do not count.

    Then look for what is left. Raises AssertionError when anything is.
    """
    await have_gateway(services)
    (machine,) = await services.fly.machines(WISH.app)
    folder = services.state.file(WISH.app, "fly.toml").parent
    traces, chance = Traces(tmp_path / "cancels"), random.Random(seed)
    kinds = [_flyctl(traces, tmp_path, number) for number in range(len(CHILDREN))]
    every, outcome = calls(machine.id, folder), Outcome(Counter(), Counter())

    async def one(name: str) -> None:
        fly, moment = chance.choice(kinds), chance.uniform(0.0, LONGEST)
        task = asyncio.ensure_future(every[name](fly))
        await asyncio.wait({task}, timeout=moment)
        task.cancel()
        (result,) = await asyncio.gather(task, return_exceptions=True)
        if isinstance(result, asyncio.CancelledError):
            outcome.cancelled[name] += 1
        elif isinstance(result, BaseException) and not isinstance(
            result, LeaseHeld
        ):  # a cancelled change holds it
            raise result
        else:
            outcome.ended[name] += 1

    while (left := count - outcome.cancelled.total()) > 0:
        await asyncio.gather(*map(one, chance.sample(sorted(every), min(2, left))))
        assert traces.folders() == []
    await traces.none_left()
    for number in range(len(kinds)):
        journal = JournalFile(tmp_path / f"journal{number}")
        assert journal.unfinished() == ()
        await journal.settle(1.0)
    return outcome


def _flyctl(traces: Traces, tmp_path: Path, number: int) -> Flyctl:
    script = f'{CHILDREN[number]} exec {sys.executable} -m claw_tui.demo.fly "$@"'
    extra = {name: os.environ[name] for name in ("CLAW_DEMO_WORLD",)}
    extra |= {"CLAW_DEMO_SPEED": SPEED, "PYTHONPATH": str(Path(__file__).parents[2] / "src"), **traces.extra}
    path = program(tmp_path / f"bin{number}", script)
    fly = Flyctl((str(path),), FlyHome(traces.state), os.environ, extra)
    fly.use_token(TOKEN)
    fly.use_guard(JournalFile(tmp_path / f"journal{number}"))
    return fly
