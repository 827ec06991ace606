"""What was said around a failure: gathered at once, while the machine still tells it, and kept with the run."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from contextlib import suppress

from claw_tui.domain.errors import ClawError
from claw_tui.domain.troubles.causes import VAGUE
from claw_tui.domain.world import Machine
from claw_tui.engine.context import Context
from claw_tui.i18n import _

SAID, DETAIL, LOGGED = 15, 12, 25  # lines that are kept: of the step, of flyctl's error, of the gateway
LONGEST = 1000  # characters of a line
SECONDS = 20.0  # a machine that is in trouble may answer slowly; the failure is not to wait for it long
ASKS = tuple(code for code in VAGUE if code != "state")  # codes for which the machine is asked


class Witness:
    """Listens to what a run's steps say, and looks around when one of them fails."""

    def __init__(self, ctx: Context) -> None:
        self._ctx, self._say = ctx, ctx.say
        self._said: deque[str] = deque(maxlen=SAID)
        ctx.say = self._hear

    def _hear(self, line: str) -> None:
        self._said.append(line)
        self._say(line)

    def begin(self) -> None:
        """Another step begins."""
        self._said.clear()

    async def testify(self, error: ClawError) -> None:
        """Give ``error`` its evidence. Whatever can't be asked is left out."""
        lines = [*error.detail.splitlines()[:DETAIL], *self._said]
        error.evidence = _kept(lines)
        if error.code in ASKS:
            with suppress(ClawError, TimeoutError):
                async with asyncio.timeout(SECONDS):
                    error.evidence = _kept([*lines, *await self._machine()])

    async def _machine(self) -> list[str]:
        app = self._ctx.spec.app
        self._ctx.reader.changed(app, ("machines",))
        machine = (await self._ctx.reader.read(app, ("machines",))).machine
        if machine is None:
            return []
        entries = await self._ctx.services.fly.recent_logs(app)
        return [*_told(machine), *(entry.message for entry in entries[-LOGGED:])]


def _kept(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.rstrip()[-LONGEST:] for line in lines if line.strip()))


def _told(machine: Machine) -> Iterable[str]:
    """How its program ended last, and what its check says."""
    ends = sorted(
        (event for event in machine.events if event.exit_code is not None), key=lambda event: -event.at
    )
    if ends and ends[0].oom_killed:
        yield _("Machine {id}: its program was killed, out of memory (exit code {code}).").format(
            id=machine.id, code=ends[0].exit_code
        )
    elif ends and ends[0].exit_code:
        yield _("Machine {id}: its program ended with exit code {code}.").format(
            id=machine.id, code=ends[0].exit_code
        )
    for check in machine.checks:
        if check.status != "passing":
            yield _("Health check: {status}: {output}").format(status=check.status, output=check.output)
