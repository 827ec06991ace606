"""What was said around a failure: gathered at once, while the machine still tells it, and kept with the run."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress

from claw_tui.domain.errors import ClawError
from claw_tui.domain.troubles.causes import evidence, kind_of
from claw_tui.domain.troubles.model import Failure
from claw_tui.domain.world import Machine
from claw_tui.engine.context import Context
from claw_tui.i18n import _

SAID, DETAIL, LOGGED = 15, 12, 25  # lines that are kept: of the step, of flyctl's error, of the gateway
LONGEST = 1000  # characters of a line
SLACK, EARLIER = 60.0, 600.0  # seconds: between two clocks; before the machine's last event
SECONDS = 20.0  # a machine that is in trouble may answer slowly; the failure is not to wait for it long
ASKS = ("unhealthy", "gateway", "timeout", "machine-stopped")  # codes for which the machine is asked


class Witness:
    """Listens to what a run's steps say, and looks around when one of them fails."""

    def __init__(self, ctx: Context) -> None:
        self._ctx, self._say = ctx, ctx.say
        self._said: deque[str] = deque(maxlen=SAID)
        self._began = time.time()
        ctx.say = self._hear

    def _hear(self, line: str) -> None:
        self._said.append(line)
        self._say(line)

    def begin(self) -> None:
        """Another step begins."""
        self._said.clear()
        self._began = time.time()

    async def testify(self, error: ClawError) -> None:
        """Give ``error`` its evidence. Whatever can't be asked is left out."""
        lines = [*error.detail.splitlines()[:DETAIL], *self._said]
        error.evidence = self._telling(error, lines)
        if error.code in ASKS:
            with suppress(ClawError, TimeoutError):
                async with asyncio.timeout(SECONDS):
                    error.evidence = self._telling(error, [*lines, *await self._machine()])

    def _telling(self, error: ClawError, lines: list[str]) -> tuple[str, ...]:
        """The few that say what it is; with them alone it is recognised again later."""
        # Secrets go first: half of one would not be known any more.
        said = tuple(self._ctx.redact(line).rstrip()[-LONGEST:] for line in lines if line.strip())
        return evidence(kind_of(Failure(error.code, "", error.message, lines=said)), said)

    async def _machine(self) -> list[str]:
        app = self._ctx.spec.app
        self._ctx.reader.changed(app, ("machines",))
        machine = (await self._ctx.reader.read(app, ("machines",))).machine
        if machine is None:
            return []
        since = _since(machine, self._began)
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(since))
        entries = [entry for entry in await self._ctx.services.fly.recent_logs(app) if entry.at >= stamp]
        return [*_told(machine, since), *(entry.message for entry in entries[-LOGGED:])]


def _since(machine: Machine, began: float) -> float:
    """From when on it is about this failure: an earlier one may have had another cause."""
    newest = max((event.at / 1000 for event in machine.events), default=began)
    return max(began - SLACK, newest - EARLIER) if newest >= began - SLACK else newest - EARLIER


def _told(machine: Machine, since: float) -> Iterable[str]:
    """How its program ended last, and what its check says."""
    ends = [event for event in machine.events if event.exit_code is not None and event.at / 1000 >= since]
    last = max(ends, key=lambda event: event.at, default=None)
    if last is not None and last.oom_killed:
        yield _("Machine {id}: its program was killed, out of memory (exit code {code}).").format(
            id=machine.id, code=last.exit_code
        )
    elif last is not None and last.exit_code:
        yield _("Machine {id}: its program ended with exit code {code}.").format(
            id=machine.id, code=last.exit_code
        )
    for check in machine.checks:
        if check.status != "passing":
            yield _("Health check: {status}: {output}").format(status=check.status, output=check.output)
