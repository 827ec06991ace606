"""The child that talks to the system's keyring: one JSON question a line on stdin, one answer a line on stdout.

It uses only backends that are known to keep secrets safe and never takes what happens to be installed: a plaintext
backend would win over none. It never prompts: a locked keyring is reported, not opened. Whatever hangs, it ends by an
alarm, also when nobody is left to kill it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claw_tui.adapters.sealed import seal_process
from claw_tui.adapters.secret_service import Found, look, open_with

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "claw-tui"
ALARM_SECONDS = 6  # more than the parent ever waits
SECRET_SERVICE, MACOS = "keyring.backends.SecretService.Keyring", "keyring.backends.macOS.Keyring"
SAFE = (SECRET_SERVICE, MACOS, "keyring.backends.libsecret.Keyring")
OFF = ("keyring.backends.null.Keyring", "keyring.backends.fail.Keyring")
KWALLET = "keyring.backends.kwallet."  # its open() waits for a window, or for "may this program?", whenever it is called
NEEDS_A_WINDOW = -25308  # errSecInteractionNotAllowed, as keyring words it
CHAINER = "keyring.backends.chainer.ChainerBackend"


def configured() -> str:
    """The backend that the person chose for keyring in general, or ""."""
    import configparser  # noqa: PLC0415

    chosen = os.environ.get("PYTHON_KEYRING_BACKEND", "")
    if chosen:
        return chosen
    base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    found = configparser.RawConfigParser()
    try:
        found.read(base / "python_keyring" / "keyringrc.cfg", encoding="utf-8")
        return found.get("backend", "default-keyring").strip()
    except (configparser.Error, UnicodeDecodeError, OSError):
        return ""


def _chained() -> str:
    """The first member of keyring's chain that is known to be safe, or the chain itself."""
    from keyring.backends.chainer import ChainerBackend  # noqa: PLC0415

    members = [f"{type(one).__module__}.{type(one).__qualname__}" for one in ChainerBackend.backends]
    return next((name for name in members if name in SAFE), CHAINER)


def chosen_backend() -> str:
    """The name of the backend to use. What is not in ``SAFE`` is to be refused."""
    name = configured() or (MACOS if sys.platform == "darwin" else SECRET_SERVICE)
    return _chained() if name == CHAINER else name


def _backend(name: str) -> KeyringBackend:
    import importlib  # noqa: PLC0415

    module, _dot, kind = name.rpartition(".")
    made: KeyringBackend = getattr(importlib.import_module(module), kind)()
    return made


def _keychain() -> Found:
    """Whether the macOS login keychain is open. From then on nothing in this process may open a window: what would
    have to ask ("may this Python read it?") fails instead of waiting (-25308).
    """
    import ctypes  # noqa: PLC0415

    security = ctypes.CDLL("/System/Library/Frameworks/Security.framework/Security")
    with suppress(AttributeError):  # it is old, and may go one day
        security.SecKeychainSetUserInteractionAllowed(0)
    status = ctypes.c_uint32()
    failed = security.SecKeychainGetStatus(None, ctypes.byref(status))
    if failed:
        return Found("error", "keychain", str(failed))
    return Found("ready") if status.value & 1 else Found("locked", "keychain")


def probe() -> Found:
    """How the keyring is; nothing is unlocked or made."""
    name = chosen_backend()
    if name in OFF:
        return Found("disabled", "", name)
    if name.startswith(KWALLET):
        return Found("unsafe", "kwallet", SECRET_SERVICE)
    if name not in SAFE:
        return Found("unsafe", "", name)
    return _keychain() if name == MACOS else look()


def answer(question: dict[str, str]) -> dict[str, Any]:
    """Do what one line asks. A keyring that is not ready is not touched: a touch could prompt."""
    op, name = question["op"], question.get("name", "")
    found = probe()
    if op == "unlock" and found.state in ("locked", "uncreated") and not found.code:
        found = open_with(question["value"])
    if op in ("probe", "unlock") or found.state != "ready":
        return found._asdict()
    backend = _backend(chosen_backend())
    if op == "put":
        backend.set_password(SERVICE, name, question["value"])
        if backend.get_password(SERVICE, name) != question["value"]:
            return Found("error", "not-kept")._asdict()
    elif op == "get":
        return {"state": "ready", "value": backend.get_password(SERVICE, name)}
    elif backend.get_password(SERVICE, name) is not None:
        backend.delete_password(SERVICE, name)
        if backend.get_password(SERVICE, name) is not None:
            return Found("error", "not-gone")._asdict()
    return {"state": "ready"}


def main() -> int:
    seal_process()
    for line in sys.stdin:
        signal.alarm(ALARM_SECONDS)
        try:
            reply = answer(json.loads(line))
        except Exception as error:  # noqa: BLE001  (backends raise outside keyring's own tree: see ARCHITECTURE.md)
            asks = f"({NEEDS_A_WINDOW}, " in str(error)
            reply = Found("error", "not-allowed" if asks else "raised", type(error).__name__)._asdict()
        signal.alarm(0)
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
