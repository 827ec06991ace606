"""`fly auth login` in a pseudo-terminal of ours: its stdin must be a terminal, its words come through pipes.

flyctl prints the address to open, then waits for its own loopback callback (a browser on this computer) or for
a code that the browser shows (a browser elsewhere) to be typed after ``paste code here if prompted > ``.
"""

from __future__ import annotations

import asyncio
import os
import pty
import re
import signal
import termios
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from claw_tui.adapters import fly_errors
from claw_tui.adapters.process import CHUNK, Completed, clean
from claw_tui.domain.errors import FlyError, FlyTimeout
from claw_tui.i18n import _

URL = re.compile(r"https?://[^\s()]+")
URL_SECONDS = 30.0
LOGIN_SECONDS = 16 * 60.0  # flyctl itself gives up after 15 minutes


class FlyLogin:
    """One login in progress."""

    def __init__(
        self, argv: Sequence[str], env: Mapping[str, str], *, on_end: Callable[[], None] | None = None
    ) -> None:
        self._argv, self._env, self._on_end = argv, env, on_end
        self._text = ""
        self._changed = asyncio.Event()
        self._master = -1
        self._run = asyncio.ensure_future(self._drive())

    async def url(self) -> str:
        try:
            async with asyncio.timeout(URL_SECONDS):
                while not (found := URL.search(self._text)):
                    if self._run.done():
                        await self._run  # raises why
                    self._changed.clear()
                    done, waiting = await asyncio.wait(
                        {self._run, asyncio.ensure_future(self._changed.wait())},
                        return_when=asyncio.FIRST_COMPLETED,
                    )
                    for task in waiting - {self._run}:
                        task.cancel()
                    if self._run in done and not URL.search(self._text):
                        await self._run
        except TimeoutError as late:
            await self.cancel()
            raise FlyTimeout(_("flyctl did not show an address to log in at.")) from late
        return found.group().rstrip(".,")

    def send_code(self, code: str) -> None:
        """Type the code that the browser shows."""
        if self._master >= 0:
            os.write(self._master, code.strip().encode() + b"\n")

    def said(self) -> str:
        """Flyctl's last line of its own, the prompt left out."""
        lines = [
            line.replace("paste code here if prompted >", "").strip() for line in self._text.splitlines()
        ]
        return next((line for line in reversed(lines) if line and not URL.search(line)), "")

    async def result(self) -> str:
        return await asyncio.shield(self._run)

    async def cancel(self) -> None:
        self._run.cancel()
        with suppress(asyncio.CancelledError, FlyError):
            await self._run

    async def _drive(self) -> str:
        self._master, slave = pty.openpty()
        try:
            attributes = termios.tcgetattr(slave)
            attributes[3] &= ~termios.ECHO  # what is typed is not to come back
            termios.tcsetattr(slave, termios.TCSANOW, attributes)
            process = await asyncio.create_subprocess_exec(
                *self._argv, stdin=slave, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
                env=dict(self._env), start_new_session=True,
            )  # fmt: skip
        except FileNotFoundError as missing:
            self._close()
            raise fly_errors.not_installed(self._argv[0]) from missing
        finally:
            os.close(slave)
        try:
            async with asyncio.timeout(LOGIN_SECONDS):
                await self._listen(process)
                code = await process.wait()
        except TimeoutError as late:
            raise FlyTimeout(_("The login was not finished within 15 minutes.")) from late
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
            process._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001
            self._close()
        if code != 0:
            raise fly_errors.explain(self._argv[-2:], Completed(code, "", self._text))
        if self._on_end is not None:
            self._on_end()
        return self.said()

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while data := await process.stdout.read(CHUNK):
            self._text += clean(data.decode("utf-8", "replace").replace("\r\n", "\n"))
            self._changed.set()

    def _close(self) -> None:
        if self._master >= 0:
            os.close(self._master)
            self._master = -1
        self._changed.set()
