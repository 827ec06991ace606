"""Writing files so that a crash, a full disk or a second program cannot leave half of one behind."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from claw_tui.domain.errors import StateError
from claw_tui.i18n import _, n_

HELD_SECONDS = 5.0
MOST_BYTES = 8 << 20  # more than any file that is read whole


_HINTS = {
    errno.ENOSPC: n_("Make room on that disk, then try again."),
    errno.EDQUOT: n_("Make room on that disk, then try again."),
    errno.EROFS: n_("Set CLAW_TUI_HOME to a folder that can be written, then start again."),
    errno.EACCES: n_("Make the folder yours, or set CLAW_TUI_HOME to another one and start again."),
    errno.ENAMETOOLONG: n_("Set CLAW_TUI_HOME to a shorter path, then start again."),
}


def cannot_write(path: Path, error: OSError) -> StateError:
    """What to tell when ``path`` can't be written, and what helps against that."""
    words = _("{path} can't be written: {why}.").format(path=path, why=error.strerror or error)
    return StateError(words, hint=_(_HINTS[error.errno]) if error.errno in _HINTS else "")


def make_folder(path: Path) -> Path:
    """Make ``path`` and its parents, for our eyes only. Raises StateError."""
    try:
        for folder in (*reversed(path.parents), path):
            folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error
    return path


def write_atomic(path: Path, text: str) -> None:
    """Replace ``path`` in one step (0600). Raises StateError; the old file is then still whole."""
    make_folder(path.parent)
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            new.unlink()
        raise cannot_write(path, error) from error


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def append_line(path: Path, line: str) -> None:
    """Add a line and wait until it is on the disk. Raises StateError; no half of it is then in the file."""
    data = line.encode() + b"\n"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            before = os.fstat(handle).st_size
            if os.write(handle, data) < len(data):  # a disk that is nearly full takes what it can
                os.ftruncate(handle, before)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise cannot_write(path, error) from error


def read_text(path: Path) -> str | None:
    """The file's text, or None when there is none. Raises StateError, also for what is no file: it could hang."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode) or about.st_size > MOST_BYTES:
            raise StateError(_("{path} is no file that can be used.").format(path=path))
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        words = _("{path} can't be read: {why}.").format(path=path, why=error.strerror or error)
        theirs = _("Make it readable for you: it may belong to root, after sudo.")
        raise StateError(words, hint=theirs if isinstance(error, PermissionError) else "") from error
    except UnicodeDecodeError as error:
        words = _("{path} can't be read: {why}.").format(path=path, why=error.reason)
        raise StateError(words, hint=_("It is no text file: look whether it is the right one.")) from error


def open_lock(path: Path) -> int:
    """Open (and make) a lock file; it is never removed. The descriptor is not inherited by itself."""
    make_folder(path.parent)
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise cannot_write(path, error) from error


def try_lock(handle: int) -> bool:
    """Take the lock; the kernel gives it back when the last holder of the descriptor ends."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def held(path: Path, lock: Path, seconds: float = HELD_SECONDS) -> Iterator[None]:
    """Hold ``lock`` for the moment that ``path`` is changed in. Raises StateError when that can't be had."""
    handle = open_lock(lock)
    try:
        _wait_for(handle, path, seconds)
        yield
    finally:
        os.close(handle)


def _wait_for(handle: int, path: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    try:
        while not try_lock(handle):
            if time.monotonic() > end:
                raise StateError(
                    _("Another claw-tui is writing {path} and does not end.").format(path=path),
                    hint=_("Close the other one, then try again."),
                )
            time.sleep(0.01)
    except OSError as error:
        raise StateError(
            _("{path} can't be locked: {why}.").format(path=path, why=error.strerror),
            hint=_("Set CLAW_TUI_HOME to a folder on this computer's own disk, then start again."),
        ) from error


@contextmanager
def is_free(path: Path) -> Iterator[bool]:
    """Whether nobody holds the lock at this moment."""
    if not path.exists():
        yield True
        return
    handle = open_lock(path)
    try:
        yield try_lock(handle)
    finally:
        os.close(handle)
