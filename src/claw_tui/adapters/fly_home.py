"""Where flyctl may write, and what it may see.

flyctl writes every HTTP body, secrets too, into ``logs/`` of its configuration folder. In ours a regular file of
that name stands in the way: it then writes no log at all. Scanning and purging is the second line of defence.
In the same way ``agent-logs`` keeps it from starting its agent where nobody would end it: for following a log, in a
folder that goes away. (It then reads the log by HTTP alone.)
Read-only calls each get a folder of their own, because flyctl's log pruning can crash when processes share one;
mutating calls share one folder, because flyctl keeps the secrets' versions there for the next deploy.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from claw_tui.adapters.files import cannot_write, make_folder
from claw_tui.domain.errors import StateError
from claw_tui.domain.redact import SHORTEST, forms
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
AGENT_SOCKET, SETTINGS = "fly-agent.sock", "config.yml"
MAX_SOCKET_FOLDER = 90  # bytes; flyctl's agent socket in it must stay below 108
FORGOTTEN_SECONDS = 3600.0  # a throwaway folder so old, whose maker is gone, was left by a crash


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The allow-listed part of ``environ`` plus what makes flyctl quiet."""
    kept = {name: environ[name] for name in ALLOWED if environ.get(name)}
    return {**kept, **FIXED}


def docker_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Which Docker is meant: for a build that it is to do, and for nothing else."""
    names = ("DOCKER_HOST", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY", "DOCKER_CONTEXT", "DOCKER_CONFIG")
    return {name: environ[name] for name in names if environ.get(name)}


def own_folder(environ: Mapping[str, str]) -> Path:
    """Where the person's own flyctl keeps its login; flyctl itself expands no ``~``."""
    given = environ.get("FLY_CONFIG_DIR")
    return Path(given).absolute() if given else Path(environ.get("HOME", "~")).expanduser() / ".fly"


def own_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """For the calls that are about the person's own login: in their folder, without a login of ours."""
    kept = child_environment(environ)
    return {**kept, "FLY_CONFIG_DIR": str(own_folder(environ))} if environ.get("FLY_CONFIG_DIR") else kept


def _block(folder: Path, name: str) -> None:
    """Put an empty file where flyctl would make a folder."""
    logs = folder / name
    if logs.is_dir() and not logs.is_symlink():
        shutil.rmtree(logs, ignore_errors=True)
    try:
        with suppress(FileExistsError):
            os.close(os.open(logs, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise cannot_write(logs, error) from error


def _make(folder: Path) -> None:
    make_folder(folder)
    try:
        found = folder.lstat()
    except OSError as error:
        raise cannot_write(folder, error) from error
    if found.st_uid != os.getuid():
        raise StateError(
            _("{folder} belongs to somebody else, so flyctl is not given it.").format(folder=folder),
            hint=_("Set CLAW_TUI_HOME to a folder of your own with a short path, then start again."),
        )
    if found.st_mode & 0o077 or folder.is_symlink():
        raise StateError(
            _("{folder} is open to others, so flyctl is not given it.").format(folder=folder),
            hint=_("Run `chmod 700 {folder}`, or remove it.").format(folder=folder),
        )


def _remove_if_gone(pid: int, folder: Path) -> None:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        shutil.rmtree(folder, ignore_errors=True)


class FlyHome:
    """Makes flyctl's configuration folders below ``state``."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._swept = False

    def shared(self) -> Path:
        """The one folder of all mutating calls. Raises StateError."""
        wanted = self._state / "fly"
        if len(os.fsencode(wanted)) > MAX_SOCKET_FOLDER:
            wanted = self._short()
        _make(wanted)
        _block(wanted, "logs")
        return wanted

    def _short(self) -> Path:
        """A place with a short path, for this state only: two of them must not share logins and versions."""
        from hashlib import sha256  # noqa: PLC0415  (the first screen does without OpenSSL)

        name = f"claw-tui-{os.getuid()}-{sha256(os.fsencode(self._state)).hexdigest()[:8]}"
        try:
            places = (Path(tempfile.gettempdir()) / name, Path("/tmp") / name)  # noqa: S108  (_make looks who owns it)
        except OSError as error:  # no folder for temporary files at all
            raise cannot_write(self._state, error) from error
        return min(places, key=lambda place: len(os.fsencode(place)) > MAX_SOCKET_FOLDER)

    def has_agent(self) -> bool:
        """Whether flyctl has an agent for the shared folder, or had one that was killed."""
        return (self.shared() / AGENT_SOCKET).exists()

    @contextmanager
    def throwaway(self) -> Iterator[Path]:
        """A folder for one read-only call; it is gone afterwards. Raises StateError."""
        parent = self._state / "tmp"
        _make(parent)
        self._sweep(parent)
        try:
            folder = Path(tempfile.mkdtemp(prefix=f"r-{os.getpid()}-", dir=parent))
        except OSError as error:
            raise cannot_write(parent, error) from error
        try:
            _block(folder, "logs")
            _block(folder, "agent-logs")
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _sweep(self, parent: Path) -> None:
        """Once: remove what programs of ours that were killed could not."""
        if self._swept:
            return
        self._swept = True
        for folder in parent.glob("r-*-*"):
            with suppress(OSError, ValueError):
                if time.time() - folder.stat().st_mtime > FORGOTTEN_SECONDS:
                    _remove_if_gone(int(folder.name.split("-")[1]), folder)

    def purge(self, secrets: Iterable[Secret] = ()) -> tuple[Path, ...]:
        """Remove flyctl's logs from our folder, and any other file in it that holds one of ``secrets``."""
        folder = self.shared()
        return (*purge_logs(folder), *_purge_holding(folder, secrets))


def purge_logs(folder: Path, *, since: float = 0.0) -> tuple[Path, ...]:
    """Remove flyctl's logs below ``folder``: all of them, or those that were written since ``since``."""
    removed = []
    for name in ("logs", "agent-logs"):
        try:
            paths = list((folder / name).iterdir())
        except OSError:  # there is none, or our file stands in its place
            continue
        for path in paths:
            with suppress(OSError):
                if path.lstat().st_mtime >= since:
                    path.unlink()
                    removed.append(path)
    return tuple(removed)


def _purge_holding(folder: Path, secrets: Iterable[Secret]) -> tuple[Path, ...]:
    """Whatever flyctl may write besides logs one day; only its settings are never removed."""
    found = {form.encode("utf-8", "surrogatepass") for secret in secrets for form in forms(secret)}
    needles = [needle for needle in found if len(needle) >= SHORTEST]
    removed = []
    for path in folder.rglob("*") if needles else ():
        with suppress(OSError):
            if path.name == SETTINGS or not stat.S_ISREG(path.lstat().st_mode):
                continue
            data = path.read_bytes()
            if any(needle in data for needle in needles):
                path.unlink()
                removed.append(path)
    return tuple(removed)
