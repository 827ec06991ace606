"""Where flyctl may write, and what it may see.

flyctl writes every HTTP body, secrets too, into ``logs/`` of its configuration folder. In ours a regular file of
that name stands in the way: it then writes no log at all. Scanning and purging is the second line of defence.
Read-only calls each get a folder of their own, because flyctl's log pruning can crash when processes share one;
mutating calls share one folder, because flyctl keeps the secrets' versions there for the next deploy.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from claw_tui.adapters.files import make_folder
from claw_tui.domain.errors import StateError
from claw_tui.domain.secret import Secret
from claw_tui.i18n import _

# What a child may know of our environment. Everything else is left out (an empty FLY_* variable counts as set).
ALLOWED = (
    "PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ", "LANG", "LC_ALL", "LC_CTYPE",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
    "FLY_API_BASE_URL", "FLY_FLAPS_BASE_URL", "FLY_UIEX_BASE_URL",
)  # fmt: skip
FIXED = {
    "TERM": "dumb",
    "NO_COLOR": "1",
    "LOG_LEVEL": "error",
    "BUILDKIT_PROGRESS": "plain",
    "FLY_NO_UPDATE_CHECK": "1",
    "FLY_NO_INCIDENTS_CHECK": "1",
    "FLY_SEND_METRICS": "0",
    "FLY_TRACE_COLLECTOR_URL": "127.0.0.1",
}
MAX_SOCKET_FOLDER = 90  # characters; flyctl's agent socket in it must stay below 108


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The allow-listed part of ``environ`` plus what makes flyctl quiet."""
    kept = {name: environ[name] for name in ALLOWED if environ.get(name)}
    return {**kept, **FIXED}


def _block_logs(folder: Path) -> None:
    logs = folder / "logs"
    if logs.is_dir() and not logs.is_symlink():
        shutil.rmtree(logs, ignore_errors=True)
    with suppress(FileExistsError):
        os.close(os.open(logs, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


class FlyHome:
    """Makes flyctl's configuration folders below ``state``."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._shared: Path | None = None

    def shared(self) -> Path:
        """The one folder of all mutating calls. Raises StateError."""
        if self._shared is None:
            wanted = self._state / "fly"
            if len(str(wanted)) > MAX_SOCKET_FOLDER:
                wanted = Path(tempfile.gettempdir()) / f"claw-tui-{os.getuid()}"
            self._make(wanted)
            self._shared = wanted
        _block_logs(self._shared)
        return self._shared

    def _make(self, folder: Path) -> None:
        try:
            make_folder(folder)
            found = folder.lstat()
        except OSError as error:
            raise StateError(
                _("{folder} can't be made: {why}").format(folder=folder, why=error.strerror)
            ) from error
        if found.st_uid != os.getuid() or found.st_mode & 0o077 or folder.is_symlink():
            raise StateError(
                _("{folder} is open to others, so flyctl is not given it.").format(folder=folder),
                hint=_("Run `chmod 700 {folder}`, or remove it.").format(folder=folder),
            )

    @contextmanager
    def throwaway(self) -> Iterator[Path]:
        """A folder for one read-only call; it is gone afterwards."""
        parent = self._state / "tmp"
        try:
            self._make(parent)
            folder = Path(tempfile.mkdtemp(prefix="r-", dir=parent))
        except OSError as error:
            raise StateError(
                _("{folder} can't be written: {why}").format(folder=parent, why=error.strerror)
            ) from error
        try:
            _block_logs(folder)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def purge(self, secrets: Iterable[Secret] = ()) -> tuple[Path, ...]:
        """Remove flyctl's logs from our folder, and any file in it that holds one of ``secrets``."""
        return purge_folder(self.shared(), secrets, whole_logs=True)


def purge_folder(
    folder: Path, secrets: Iterable[Secret], *, whole_logs: bool, since: float = 0.0
) -> tuple[Path, ...]:
    """Remove log files below ``folder``: all of them, or those since ``since`` that hold one of ``secrets``."""
    needles = [secret.reveal().encode() for secret in secrets if len(secret) >= 8]
    removed = []
    for name in ("logs", "agent-logs"):
        if not (folder / name).is_dir():
            continue
        for path in (folder / name).iterdir():
            with suppress(OSError):
                if path.stat().st_mtime >= since and (
                    whole_logs or any(needle in path.read_bytes() for needle in needles)
                ):
                    path.unlink()
                    removed.append(path)
    return tuple(removed)
