"""Ctrl-C, SIGTERM and SIGHUP while something is going on: they end it in good order, or are told to whoever watches."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signals:
    """Who is told of a signal. One that was ignored when we were started (nohup) stays so."""

    def __init__(self) -> None:
        self._heard = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
        self._told: Callable[[int], None] | None = None
        self._task: asyncio.Task[int] | None = None
        self.left = 0  # the signal that ended us

    def run(self, work: Coroutine[Any, Any, int]) -> int:
        """Carry ``work`` out; a signal that nobody takes cancels it, so that its programs are ended with it."""
        try:
            return asyncio.run(self._watched(work))
        except asyncio.CancelledError:
            return 128 + (self.left or signal.SIGINT)

    async def _watched(self, work: Coroutine[Any, Any, int]) -> int:
        self._task = asyncio.ensure_future(work)
        self._listen()
        return await self._task

    def _listen(self) -> None:
        for number in self._heard:
            asyncio.get_running_loop().add_signal_handler(number, self._take, number)

    def _take(self, number: int) -> None:
        if self._told is not None:
            self._told(number)
        elif self._task is not None:
            self.left = number
            self._task.cancel()

    @contextmanager
    def telling(self, told: Callable[[int], None]) -> Iterator[None]:
        self._told = told
        try:
            yield
        finally:
            self._told = None

    @contextmanager
    def waiting_for_a_person(self) -> Iterator[None]:
        """A question blocks the loop: signals do at once what they do in every program. Raises KeyboardInterrupt."""
        loop = asyncio.get_running_loop()
        for number in self._heard:
            loop.remove_signal_handler(number)
        try:
            yield
        finally:
            self._listen()
