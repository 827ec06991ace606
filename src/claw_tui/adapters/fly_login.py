"""`fly auth login` in a pseudo-terminal of ours: its stdin must be a terminal, its words come through pipes.

flyctl prints the address to open, then waits for its own loopback callback (a browser on this computer) or for
a code that the browser shows (a browser elsewhere) to be typed after ``paste code here if prompted > ``.
"""

from __future__ import annotations

import asyncio
import os
import re
import termios
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from claw_tui.adapters import fly_errors, fly_program, process
from claw_tui.domain.errors import FlyError, FlyTimeout
from claw_tui.i18n import _

URL = re.compile(r"https?://[^\s()]+")
COMPLAINT = re.compile(r"\s*(?:Error:|WARN|INFO)")  # these name addresses as well, which are not to be opened
URL_SECONDS = 30.0
LOGIN_SECONDS = 16 * 60.0  # flyctl itself gives up after 15 minutes
GRACE_SECONDS = 0.5  # nothing is half-done in a login that is left
MOST_LINES = 200  # it says five; what somebody else says without end is not kept


class FlyLogin:
    """One login in progress."""

    def __init__(
        self, argv: Sequence[str], env: Mapping[str, str], *, on_end: Callable[[], None] | None = None
    ) -> None:
        self._argv, self._env, self._on_end = argv, env, on_end
        self._lines: list[str] = []
        self._url = ""
        self._changed = asyncio.Event()
        self._master = -1
        self._run = asyncio.ensure_future(self._drive())
        self._run.add_done_callback(self._ended)

    async def url(self) -> str:
        try:
            async with asyncio.timeout(URL_SECONDS):
                while not self._url:
                    if self._run.done():
                        await self._run  # raises why
                        raise FlyError(
                            _("flyctl ended without showing an address to log in at."),
                            hint=_("Paste a token on the Account screen instead."),
                            detail=self.said(),
                        )
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError as late:
            await self.cancel()
            raise FlyTimeout(_("flyctl did not show an address to log in at.")) from late
        return self._url

    def send_code(self, code: str) -> None:
        """Type the code that the browser shows."""
        if self._master >= 0:
            os.write(self._master, code.strip().encode() + b"\n")

    def said(self) -> str:
        """Flyctl's last line of its own, the prompt left out."""
        lines = [line.replace("paste code here if prompted >", "").strip() for line in self._lines]
        return next((line for line in reversed(lines) if line and not URL.search(line)), "")

    async def result(self) -> str:
        return await asyncio.shield(self._run)

    async def cancel(self) -> None:
        self._run.cancel()
        with suppress(asyncio.CancelledError, FlyError):
            await self._run

    async def _drive(self) -> str:
        slave = self._open_terminal()
        call = process.Call(
            self._argv, self._env, LOGIN_SECONDS, grace=GRACE_SECONDS, stdin_fd=slave, one_stream=True,
            on_line=self._heard,
        )  # fmt: skip
        try:
            done = await process.run(call)
        except process.TimedOut as late:
            raise FlyTimeout(_("The login was not finished within 15 minutes.")) from late
        except OSError as error:
            raise fly_program.not_started(self._argv[0], error, self._env.get("PATH")) from error
        finally:
            os.close(slave)
            self._close()
        if done.code != 0:
            said = process.Completed(done.code, "", "\n".join(self._lines))
            raise fly_errors.explain(self._argv[-2:], said)
        if self._on_end is not None:
            self._on_end()
        return self.said()

    def _open_terminal(self) -> int:
        try:
            self._master, slave = os.openpty()
        except OSError as error:
            raise FlyError(
                _("There is no terminal left for flyctl to ask in: {why}.").format(why=error.strerror),
                hint=_("Paste a token on the Account screen instead."),
            ) from error
        attributes = termios.tcgetattr(slave)
        attributes[3] &= ~termios.ECHO  # what is typed is not to come back
        termios.tcsetattr(slave, termios.TCSANOW, attributes)
        return slave

    def _heard(self, line: str) -> None:
        self._lines = [*self._lines, line][-MOST_LINES:]
        if not self._url and not COMPLAINT.match(line) and (found := URL.search(line)):
            self._url = found.group().rstrip(".,")
        self._changed.set()

    def _ended(self, run: asyncio.Future[str]) -> None:
        self._changed.set()
        if not run.cancelled():
            run.exception()  # seen, also when nobody asks for the result any more

    def _close(self) -> None:
        if self._master >= 0:
            os.close(self._master)
            self._master = -1
