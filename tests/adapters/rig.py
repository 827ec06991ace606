"""Programs that stand in for flyctl, and what must be true after any of them: nothing of it is left."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from claw_tui.adapters.fly_home import FlyHome
from claw_tui.adapters.flyctl import Flyctl
from claw_tui.domain import errors

MARK = "CLAW_TEST_MARK"


def program(folder: Path, text: str, name: str = "fly") -> Path:
    """A program of ``text``; without a first line that says otherwise it is a shell script."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text if text.startswith("#!") else f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def python(code: str) -> str:
    return f"#!{sys.executable}\n{code}\n"


async def until(true: Callable[[], object], what: str, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, what
        await asyncio.sleep(0.01)


async def raised(call: Awaitable[object]) -> errors.ClawError:
    """The typed error of a call; it says what happened and what to do."""
    with pytest.raises(errors.ClawError) as caught:
        await call
    assert caught.value.message
    assert caught.value.hint, f"{caught.value!r} does not say what to do next"
    return caught.value


class Traces:
    """What the programs of one test leave behind: processes by a mark in their environment, folders, descriptors."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.mark = uuid4().hex
        self._fds = self.fds()

    @property
    def extra(self) -> Mapping[str, str]:
        return {MARK: self.mark}

    def flyctl(self, text: str, environ: Mapping[str, str] = os.environ) -> Flyctl:
        path = program(self.state.parent / f"bin-{uuid4().hex[:6]}", text)
        return Flyctl((str(path),), FlyHome(self.state), environ, self.extra)

    @staticmethod
    def fds() -> list[str]:
        """Our own open descriptors by what they are; each socket and pipe counts."""
        gc.collect()
        found = []
        for fd in Path("/proc/self/fd").iterdir():
            try:
                found.append(str(fd.readlink()).partition(":[")[0])
            except FileNotFoundError:  # the one of the listing
                continue
        return sorted(found)

    def processes(self) -> list[int]:
        needle, found = f"{MARK}={self.mark}".encode(), []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if needle in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue
        return found

    def folders(self) -> list[Path]:
        return list((self.state / "tmp").glob("*"))

    async def no_processes(self) -> None:
        """One that was killed takes a moment to leave."""
        await until(lambda: not self.processes(), "processes are left")

    async def none_left(self) -> None:
        await self.no_processes()
        assert self.folders() == []
        await until(lambda: self.fds() == self._fds, f"descriptors are left: {self._fds} -> {self.fds()}")
        assert [task for task in asyncio.all_tasks() if "claw_tui" in repr(task.get_coro())] == []
