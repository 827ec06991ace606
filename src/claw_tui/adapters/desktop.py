"""The port ``Desktop``: who sits where, a browser, and files that a person names."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from claw_tui.adapters.files import MOST_BYTES
from claw_tui.domain.errors import ClawError, StateError
from claw_tui.domain.reach import ssh_line
from claw_tui.domain.secret import Secret
from claw_tui.i18n import _

# What a browser may know of our environment: there may be keys in the rest.
ALLOWED = (
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TMPDIR", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY",
    "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "XDG_DATA_DIRS",
    "XDG_CONFIG_HOME", "DESKTOP_SESSION",
)  # fmt: skip


class RealDesktop:
    """Of this computer."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ)

    def ssh_line(self, port: int) -> str:
        import getpass  # noqa: PLC0415

        try:
            user = getpass.getuser()
        except (OSError, KeyError):  # a number without a name
            user = str(os.getuid())
        return ssh_line(self._environ, port, user)

    def has_browser(self) -> bool:
        """Not over SSH: what opens there opens on the wrong computer, or in our terminal."""
        return bool(self._opener()) and not self._environ.get("SSH_CONNECTION")

    def _opener(self) -> str:
        path = self._environ.get("PATH")
        if sys.platform == "darwin":
            return shutil.which("open", path=path) or ""
        has_screen = self._environ.get("DISPLAY") or self._environ.get("WAYLAND_DISPLAY")
        return (shutil.which("xdg-open", path=path) or "") if has_screen else ""

    def browse(self, url: str) -> None:
        env = {name: self._environ[name] for name in ALLOWED if self._environ.get(name)}
        try:
            child = subprocess.Popen(
                [self._opener(), url], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True, cwd="/",
            )  # fmt: skip
        except OSError as error:
            words = _("No browser could be started: {why}.").format(why=error.strerror)
            raise ClawError(words, hint=_("Open the address by hand.")) from error
        threading.Thread(target=child.wait, daemon=True, name="reap the browser").start()

    def file_problem(self, file: Path) -> str:
        try:
            if file.is_symlink() or file.exists():
                return _("{path} exists already.").format(path=file)
            if not file.parent.is_dir():
                return _("There is no folder {path}.").format(path=file.parent)
        except OSError as error:
            return _("{path} can't be looked at: {why}.").format(path=file, why=error.strerror)
        return (
            ""
            if os.access(file.parent, os.W_OK)
            else _("{path} can't be written in.").format(path=file.parent)
        )

    def read_peer_file(self, file: Path) -> Secret:
        try:
            with file.open("rb") as found:
                return Secret(found.read(MOST_BYTES).decode("utf-8", "replace").strip())
        except OSError as error:
            words = _("{path} can't be read: {why}.").format(path=file, why=error.strerror)
            raise StateError(words) from error
