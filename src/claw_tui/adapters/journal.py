"""The journal of one app: each changing call is written down before it is made, and its end after it.

The child holds a lock for as long as it lives (it inherits the descriptor), so that after a crash the next run
can tell whether a call of ours is still on its way. flyctl's agent outlives its parent and inherits the lock as
well; the recorded process number tells the two apart.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from claw_tui.adapters.files import append_line, make_folder, open_lock, read_text, try_lock
from claw_tui.domain.errors import Busy, StateError
from claw_tui.domain.jobs import Intent
from claw_tui.domain.parse import json_of
from claw_tui.i18n import _

POLL = 0.1  # seconds
GAP = 20.0  # seconds that a call may need from its intent to its recorded process number


class _OpenCall:
    def __init__(self, path: Path, call: str, lock: int) -> None:
        self._path, self._call, self._lock = path, call, lock

    @property
    def fds(self) -> tuple[int, ...]:
        return (self._lock,)

    def started(self, pid: int) -> None:
        append_line(self._path, json.dumps({"call": self._call, "pid": pid}))

    def ended(self, outcome: str) -> None:
        try:
            append_line(self._path, json.dumps({"call": self._call, "outcome": outcome, "at": time.time()}))
        finally:
            os.close(self._lock)


class JournalFile:
    """The port ``Journal`` over a file of JSON lines."""

    def __init__(self, folder: Path) -> None:
        self.step = ""
        self._folder = folder
        self._path = folder / "journal.jsonl"
        self._book = folder / "made.jsonl"

    def open(self, command: str) -> _OpenCall:
        make_folder(self._folder)
        call = uuid4().hex[:12]
        lock = open_lock(self._folder / "in-flight.lock")
        try_lock(lock)  # changing calls of one run are serial, and earlier runs were settled
        entry = {"call": call, "step": self.step, "command": command, "at": time.time()}
        try:
            append_line(self._path, json.dumps(entry))
        except StateError:
            os.close(lock)
            raise
        return _OpenCall(self._path, call, lock)

    def unfinished(self) -> tuple[Intent, ...]:
        return tuple(call for call in self.calls() if not call.outcome)

    def calls(self) -> tuple[Intent, ...]:
        found: dict[str, Intent] = {}
        for line in (read_text(self._path) or "").splitlines():
            try:
                entry = json_of(line)
                call = entry["call"]
            except (ValueError, TypeError, KeyError):
                continue  # a line that a crash cut short
            if "command" in entry:
                found[call] = Intent(
                    call, str(entry.get("step", "")), str(entry["command"]), float(entry.get("at", 0))
                )
            elif call in found and "pid" in entry:
                found[call] = replace(found[call], pid=int(entry["pid"]))
            elif call in found and "outcome" in entry:
                found[call] = replace(found[call], outcome=str(entry["outcome"]))
        return tuple(found.values())

    def note(self, entry: Mapping[str, Sequence[str] | str]) -> None:
        make_folder(self._folder)
        # On a line of its own, also after one that a power cut left without an end.
        append_line(self._book, "\n" + json.dumps({**entry, "at": time.time()}))

    def notes(self) -> tuple[Mapping[str, object], ...]:
        found = []
        for line in (read_text(self._book) or "").splitlines():
            with suppress(ValueError):  # a line that a crash cut short
                entry = json_of(line)
                found += [entry] if isinstance(entry, dict) else []
        return tuple(found)

    async def settle(self, seconds: float, on_wait: Callable[[], None] | None = None) -> None:
        end = time.monotonic() + seconds
        while not self._quiet():
            if on_wait is not None:
                on_wait()
                on_wait = None
            if time.monotonic() > end:
                raise _still_there(self.unfinished()[-1])
            await asyncio.sleep(POLL)
        for intent in self.unfinished():
            append_line(self._path, json.dumps({"call": intent.id, "outcome": "unknown", "at": time.time()}))

    def _quiet(self) -> bool:
        """No call of an earlier run is in flight."""
        waiting = self.unfinished()
        if not waiting:
            return True
        lock = open_lock(self._folder / "in-flight.lock")
        try:
            if try_lock(lock):
                return True
        finally:
            os.close(lock)
        if any(intent.pid == 0 and time.time() - intent.at < GAP for intent in waiting):
            return False
        return not any(intent.pid and _alive(intent.pid) for intent in waiting)


def _still_there(call: Intent) -> Busy:
    """Nobody waits for it any more, so it may hang for as long as it likes."""
    hint = _("Wait for it to end, then try again.")
    if call.pid:
        hint = _("Wait for it to end, or end it with `kill {pid}`, then try again.").format(pid=call.pid)
    words = _("A flyctl call of an earlier run is still going on: {command}")
    return Busy(words.format(command=call.command), hint=hint)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False  # somebody else's: the number was given anew
    return True
