"""An app's log as it comes: one stream, taken up again when it breaks, nothing lost and nothing twice."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import aclosing

from claw_tui.domain.answers import LogEntry
from claw_tui.domain.errors import ClawError
from claw_tui.domain.log_lines import LogLine, parse
from claw_tui.engine.session import Session
from claw_tui.i18n import _

AGAIN_SECONDS = 5.0
REMEMBERED = 1_000  # lines; flyctl begins each time with the last hundred
AT_ONCE = 250  # lines between two looks at whether somebody presses a key: a few milliseconds


class LogStream:
    """The log of ``app``. ``state``: why it is not live, in words; empty while it is."""

    def __init__(self, session: Session, app: str, take: Callable[[Sequence[LogLine]], None]) -> None:
        self._session, self.app, self._take = session, app, take
        self._known: deque[tuple[str, str, str]] = deque(maxlen=REMEMBERED)
        self._same: set[tuple[str, str, str]] = set()
        self._waiting: list[LogEntry] = []
        self.state = _("connecting …")

    async def follow(self, changed: Callable[[], None]) -> None:
        """Until it is cancelled, or lines can't be taken any more: that is a mistake of ours, and it is said."""
        taking, asking = asyncio.ensure_future(self.take_all()), asyncio.ensure_future(self._ask(changed))
        try:
            await asyncio.wait((taking, asking), return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended = await _end(taking, asking)
        if ended is not None:
            self.state = _(
                "claw-tui itself failed at this log ({error}); leave this screen and open it again"
            ).format(error=type(ended).__name__)
            changed()

    async def _ask(self, changed: Callable[[], None]) -> None:
        while True:
            await self._once(changed)
            changed()
            await asyncio.sleep(AGAIN_SECONDS)

    async def _once(self, changed: Callable[[], None]) -> None:
        self._same = set(self._known)
        try:
            async with aclosing(self._session.services.fly.follow_logs(self.app)) as entries:
                async for entry in entries:
                    if self.state:
                        self.state = ""
                        changed()
                    self.push((entry,))
                    if len(self._waiting) % AT_ONCE == 0:
                        await asyncio.sleep(0)
            self.state = _("it ended; it is taken up again")
        except ClawError as error:
            self.state = self._session.redact(error.message)

    def push(self, entries: Sequence[LogEntry]) -> None:
        """Lines that have come and are not read yet."""
        self._waiting.extend(entries)

    async def take_all(self) -> None:
        """Lines are read apart from the pipe, so that a flood of them does not hold up the screen."""
        while True:
            entries, self._waiting = self._waiting, []
            for at in range(0, len(entries), AT_ONCE):
                self._take([self._line(entry) for entry in entries[at : at + AT_ONCE] if self._is_new(entry)])
                await asyncio.sleep(0)
            await asyncio.sleep(0 if self._waiting else 0.05)

    def _is_new(self, entry: LogEntry) -> bool:
        key = (entry.at, entry.instance, entry.message)
        if key in self._same:
            return False
        self._known.append(key)
        return True

    def _line(self, entry: LogEntry) -> LogLine:
        return parse(entry, self._session.redact)


async def _end(*tasks: asyncio.Future[None]) -> Exception | None:
    """What the first of them that did not just go on has failed with."""
    for task in tasks:
        task.cancel()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    return next((error for error in found if isinstance(error, Exception)), None)
