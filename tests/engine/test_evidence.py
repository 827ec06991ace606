"""What a run remembers of a failure: what it was about this time, and never a piece of a secret."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from claw_tui.domain.answers import LogEntry
from claw_tui.domain.errors import DeployUnhealthy, FlyTimeout, NameTaken
from claw_tui.domain.redact import Redactor
from claw_tui.domain.secret import Secret
from claw_tui.domain.world import Check, Machine, MachineEvent
from claw_tui.engine import evidence
from claw_tui.engine.context import Context, View
from claw_tui.engine.evidence import Witness
from claw_tui.ports import Services
from tests.engine.rig import WISH

pytestmark = pytest.mark.anyio
KEY = Secret("sk-ant-api03-" + "k" * 40)


class Tells:
    """A fly whose one machine and whose log are these; ``slow`` ones never answer."""

    def __init__(self, machine: Machine | None, log: Sequence[LogEntry] = (), *, slow: bool = False) -> None:
        self._machine, self._log, self._slow = machine, log, slow

    async def machines(self, _app: str) -> Sequence[Machine]:
        if self._slow:
            await asyncio.sleep(3600)
        return [self._machine] if self._machine else []

    async def recent_logs(self, _app: str) -> Sequence[LogEntry]:
        return self._log


def stamp(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.123Z", time.gmtime(at))


def witness(services: Services, fly: Any) -> tuple[Witness, Context]:
    from claw_tui.domain.world import World

    ctx = Context(replace(services, fly=fly), View(WISH, World()), redact=Redactor([KEY]))
    return Witness(ctx), ctx


def machine(*events: MachineEvent) -> Machine:
    return Machine("148e", "m", "stopped", "fra", events=events, checks=(Check("c", "critical", "refused"),))


async def test_an_earlier_failure_of_another_kind_is_not_taken_for_this_one(services: Services) -> None:
    now = time.time()
    log = (
        LogEntry(stamp(now - 7200), "error", "148e", "Out of memory: Killed process 642 (node)"),
        LogEntry(stamp(now - 1), "error", "148e", "Refusing to bind gateway to lan without auth."),
    )
    events = (
        MachineEvent("exit", "stopped", int((now - 7200) * 1000), 137, oom_killed=True),
        MachineEvent("exit", "stopped", int(now * 1000), 78),
    )
    looks, ctx = witness(services, Tells(machine(*events), log))
    looks.begin()
    ctx.say("said by the step")
    error = DeployUnhealthy("x")
    await looks.testify(error)
    assert "Refusing to bind gateway to lan without auth." in error.evidence
    assert "Machine 148e: its program ended with exit code 78." in error.evidence
    assert not any("memory" in line for line in error.evidence)
    # A run that comes later to a machine that is down: what was said then counts.
    old, old_ctx = witness(services, Tells(machine(events[0]), log[:1]))
    old_ctx.say("x")
    await old.testify(error)
    assert any("Killed process 642" in line for line in error.evidence)
    assert any("out of memory (exit code 137)" in line for line in error.evidence)


async def test_a_secret_is_taken_out_before_a_line_is_cut(services: Services) -> None:
    looks, ctx = witness(services, Tells(None))
    for before in range(0, 400, 7):
        looks.begin()
        ctx.say("x" * before + " " + KEY.reveal() + " " + "y" * (400 - before))
        error = NameTaken("x", detail="z" * before + KEY.reveal() + "z" * 900)
        await looks.testify(error)
        text = "\n".join(error.evidence)
        assert "kkkkkk" not in text, before
        assert len(error.evidence) == 2


async def test_a_machine_that_does_not_answer_holds_nothing_up(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "SECONDS", 0.1)
    looks, _ctx = witness(services, Tells(machine(), slow=True))
    error = FlyTimeout("x", detail="what flyctl said")
    async with asyncio.timeout(20):
        await looks.testify(error)
    assert error.evidence == ("what flyctl said",)


async def test_what_the_step_before_said_is_not_about_this_one(services: Services) -> None:
    looks, ctx = witness(services, Tells(None))
    ctx.say("of another step")
    looks.begin()
    ctx.say("of this one")
    error = NameTaken("x")
    await looks.testify(error)
    assert error.evidence == ("of this one",)
