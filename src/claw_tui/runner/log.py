"""The run's log. flyctl says many lines at once: they are written together, a moment after they were said."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path


class RunLog:
    """Whole lines, secrets taken out already. The umask keeps the file ours."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8", buffering=1 << 16)
        self._due = False

    def add(self, line: str) -> None:
        with suppress(OSError):  # a full disk: a line that is missing is no reason to stop a deploy half-way
            self._file.write(line + "\n")
        if self._due:
            return
        try:
            asyncio.get_running_loop().call_soon(self.flush)
        except RuntimeError:  # nothing runs yet, or any more
            self.flush()
        else:
            self._due = True

    def flush(self) -> None:
        self._due = False
        if not self._file.closed:  # a flush that was asked for just before the end
            with suppress(OSError):
                self._file.flush()

    def close(self) -> None:
        with suppress(OSError):
            self._file.close()
