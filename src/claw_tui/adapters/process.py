"""Run programs without giving them our terminal, and never leave one behind.

Every call has a deadline. Children get a session of their own (our Ctrl+C is not theirs), an environment that
the caller spells out, and no terminal: pipes, or /dev/null on stdin.
"""

from __future__ import annotations

import asyncio
import codecs
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from claw_tui.domain.clean import clean

if TYPE_CHECKING:
    from pathlib import Path

MAX_OUTPUT = 32 << 20  # bytes kept of one stream; a program that writes more is stopped
MAX_LINE = 1 << 20  # characters; what is longer is passed on in pieces, for nobody ends a line for ever
CHUNK = 1 << 16
DIES = 3.0  # seconds that a killed program may take on a busy computer until it is gone


class TimedOut(Exception):
    """The program did not end before its deadline and was stopped."""


class TooMuchOutput(Exception):
    """The program wrote more than anybody would read and was stopped."""


class Failed(Exception):
    """A program that was followed ended by itself, and not well. ``done`` has the end of its stderr."""

    def __init__(self, done: Completed) -> None:
        super().__init__(done.code)
        self.done = done


@dataclass(frozen=True, slots=True)
class Completed:
    """What a program answered, cleaned. ``code`` is negative for a signal."""

    code: int
    stdout: str = field(repr=False)
    stderr: str = field(repr=False)


@dataclass(slots=True)
class Call:
    """How to run a program. ``deadline`` and ``grace`` in seconds."""

    argv: Sequence[str]
    env: Mapping[str, str] = field(repr=False)
    deadline: float
    cwd: Path | None = None
    stdin: bytes | None = field(default=None, repr=False)
    hold_stdin: bool = False  # keep it open until the program ends
    stdin_fd: int | None = None  # a descriptor of the caller's instead, e.g. of a terminal
    one_stream: bool = False  # stderr comes with stdout, in the order in which both were written
    grace: float = 2.0  # between asking to stop and insisting
    fds: Sequence[int] = field(default_factory=tuple)
    on_line: Callable[[str], None] | None = None  # every line of both streams, as it comes
    on_start: Callable[[int], None] | None = None


class _Lines:
    """Cuts a byte stream into cleaned lines; a carriage return ends a line too, progress bars use it."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._rest: list[str] = []  # pieces of a line whose end has not come; joined once, for it may be long
        self._held = ""

    def feed(self, data: bytes, *, final: bool = False) -> list[str]:
        text, lines = self._held + self._decode(data, final), list[str]()
        self._held = "\r" if text.endswith("\r") and not final else ""  # perhaps the first half of \r\n
        text = text[: len(text) - len(self._held)].replace("\r\n", "\n").replace("\r", "\n")
        first, *others = text.split("\n")
        self._rest.append(first)
        if others:
            lines, self._rest = ["".join(self._rest), *others[:-1]], others[-1:]
        if final or sum(map(len, self._rest)) > MAX_LINE:
            whole = "".join(self._rest)
            cut = len(whole) if final else MAX_LINE
            lines += [whole[:cut]] if whole else []
            self._rest = [whole[cut:]]
        return [clean(line) for line in lines]


@asynccontextmanager
async def started(call: Call) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start the program; on the way out it is gone, and so is all of its process group."""
    process = await _start(call)
    try:
        if call.on_start is not None:
            call.on_start(process.pid)
        yield process
    finally:
        await _end(process, call.grace)


async def _start(call: Call) -> asyncio.subprocess.Process:
    """Shielded: a start that is cut off half-way would leave a program that nobody knows of."""
    pipe = asyncio.subprocess.PIPE
    stdin = pipe if call.stdin is not None or call.hold_stdin else asyncio.subprocess.DEVNULL
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *call.argv,
            stdin=stdin if call.stdin_fd is None else call.stdin_fd,
            stdout=pipe,
            stderr=asyncio.subprocess.STDOUT if call.one_stream else pipe,
            env=dict(call.env),
            cwd=call.cwd,
            start_new_session=True,
            pass_fds=tuple(call.fds),
            limit=CHUNK,
        )
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        with suppress(OSError):
            await _end(await starting, call.grace)
        raise


async def _end(process: asyncio.subprocess.Process, grace: float) -> None:
    """Ask, ask louder, then kill the whole group. Shielded: a second cancellation does not stop it half-way."""
    task = asyncio.ensure_future(_stop(process, grace))
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


async def _stop(process: asyncio.subprocess.Process, grace: float) -> None:
    transport = process._transport  # type: ignore[attr-defined]  # noqa: SLF001  (asyncio has no public way)
    try:
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            if process.returncode is not None:
                break
            _signal_group(process.pid, signum)
            with suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    await _exit(process)
    finally:  # also when the whole program ends: then there is no time left for asking
        _signal_group(process.pid, signal.SIGKILL)  # what it left behind would hold our pipes open
        if process.returncode is None:
            with suppress(subprocess.TimeoutExpired):
                transport.get_extra_info("subprocess").wait(DIES)
        transport.close()


async def _exit(process: asyncio.subprocess.Process) -> int:
    """Wait for the program itself; asyncio's own ``wait`` also waits for whoever still holds its pipes."""
    pause = 0.002
    while process.returncode is None:
        await asyncio.sleep(pause)
        pause = min(pause * 2, 0.05)
    return process.returncode


def _signal_group(pid: int, signum: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signum)


async def _read(
    stream: asyncio.StreamReader, keep: list[bytes], on_line: Callable[[str], None] | None
) -> None:
    lines, size = _Lines(), 0
    while data := await stream.read(CHUNK):
        size += len(data)
        if on_line is None:
            if size > MAX_OUTPUT:
                raise TooMuchOutput
            keep.append(data)
        else:
            keep.append(data)
            while len(keep) > 64:  # a followed stream is shown as it comes; only its end is kept
                keep.pop(0)
            for line in lines.feed(data):
                on_line(line)
        await asyncio.sleep(0)  # a full buffer makes read() return without ever letting anything else run
    if on_line is not None:
        for line in lines.feed(b"", final=True):
            on_line(line)


async def _write(process: asyncio.subprocess.Process, data: bytes | None, *, hold: bool) -> None:
    if process.stdin is None:
        return
    with suppress(BrokenPipeError, ConnectionResetError):
        if data:
            process.stdin.write(data)
            await process.stdin.drain()
        if hold:
            await _exit(process)
        process.stdin.close()


async def run(call: Call) -> Completed:
    """Run to the end and return what it said.

    Raises:
        TimedOut: after ``call.deadline`` seconds; the program is gone by then.
        TooMuchOutput: more than 32 MiB on one stream.
        OSError: the program could not be started.
    """
    out: list[bytes] = []
    err: list[bytes] = []
    async with started(call) as process:
        try:
            async with asyncio.timeout(call.deadline):
                await _talk(process, call, out, err)
                code = await _exit(process)
        except TimeoutError as late:
            raise TimedOut from late
    return Completed(code, _text(out), _text(err))


async def _talk(process: asyncio.subprocess.Process, call: Call, out: list[bytes], err: list[bytes]) -> None:
    talk = asyncio.gather(
        *(
            _read(pipe, keep, call.on_line)
            for pipe, keep in ((process.stdout, out), (process.stderr, err))
            if pipe
        ),
        _write(process, call.stdin, hold=call.hold_stdin),
    )
    leave = asyncio.ensure_future(_leave(process, call.grace, talk))
    try:
        await talk
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise  # we are cancelled, not only the reading
    finally:
        leave.cancel()


async def _leave(process: asyncio.subprocess.Process, grace: float, talk: asyncio.Future[Any]) -> None:
    """A grandchild may hold the pipes open after the program ended: after a moment nobody listens any more."""
    await _exit(process)
    await asyncio.sleep(grace)
    talk.cancel()


def _text(chunks: list[bytes]) -> str:
    return clean(b"".join(chunks).decode("utf-8", "replace").replace("\r\n", "\n"))


async def stream(call: Call) -> AsyncIterator[str]:
    """Yield the cleaned lines of stdout as they come.

    Ends when the program does; leaving the loop ends the program.

    Raises:
        Failed: it ended by itself with something else than 0.
        OSError: it could not be started.
    """
    said: list[bytes] = []
    async with started(call) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        listen = asyncio.ensure_future(_read(process.stderr, said, lambda _line: None))
        lines = _Lines()
        try:
            while data := await process.stdout.read(CHUNK):
                for line in lines.feed(data):
                    yield line
                await asyncio.sleep(0)
            for line in lines.feed(b"", final=True):
                yield line
            with suppress(TimeoutError):  # it may close stdout and live on: nobody waits for that
                async with asyncio.timeout(call.grace):
                    await _exit(process)
                    await listen
            if process.returncode:
                raise Failed(Completed(process.returncode, "", _text(said)))
        finally:
            listen.cancel()
            with suppress(asyncio.CancelledError):
                await listen
