"""The child that talks to the system's keyring: one JSON question a line on stdin, one answer a line on stdout.

It uses only backends that are known to keep secrets safe and never takes what happens to be configured: a
plaintext backend would win over none. It never prompts: a locked keyring is reported, not opened.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "claw-tui"
STEP_SECONDS = 2.0
SAFE = (
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.macOS.Keyring",
    "keyring.backends.libsecret.Keyring",
)


class Unsafe(Exception):
    """A backend is configured that would not keep a secret."""


def _configured() -> str:
    """The backend that the person chose for keyring in general, or ""."""
    chosen = os.environ.get("PYTHON_KEYRING_BACKEND", "")
    if chosen:
        return chosen
    base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    try:
        text = (base / "python_keyring" / "keyringrc.cfg").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    lines = [line.partition("=") for line in text.splitlines() if "default-keyring" in line]
    return lines[0][2].strip() if lines else ""


def _backend() -> KeyringBackend:
    chosen = _configured()
    if chosen and chosen not in SAFE:
        raise Unsafe(chosen)
    if sys.platform == "darwin":
        from keyring.backends import macOS  # noqa: PLC0415

        return macOS.Keyring()
    from keyring.backends import SecretService  # noqa: PLC0415

    return SecretService.Keyring()  # type: ignore[no-untyped-call]


def _secret_service() -> tuple[str, str]:
    """Ask the Secret Service how it is: (state, why). Never prompts; every step has its deadline."""
    from jeepney import DBusAddress, MessageType, Properties, message_bus, new_method_call  # noqa: PLC0415
    from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415

    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return "absent", "no session bus"
    try:
        bus = open_dbus_connection("SESSION")
    except (OSError, ValueError, KeyError, TimeoutError):
        return "absent", "the session bus does not answer"

    def call(address: Any, method: str, signature: str | None = None, body: tuple[str, ...] = ()) -> Any:
        reply = bus.send_and_get_reply(
            new_method_call(address, method, signature, body), timeout=STEP_SECONDS
        )
        if reply.header.message_type == MessageType.error:
            raise OSError(str(reply.body))
        return reply.body

    name = "org.freedesktop.secrets"
    try:
        if (
            not call(message_bus, "NameHasOwner", "s", (name,))[0]
            and name not in call(message_bus, "ListActivatableNames")[0]
        ):
            return "absent", "no Secret Service"
        service = DBusAddress("/org/freedesktop/secrets", name, "org.freedesktop.Secret.Service")
        path = call(service, "ReadAlias", "s", ("default",))[0]
        if path == "/":
            return "absent", "no keyring was created yet"
        collection = DBusAddress(path, name, "org.freedesktop.Secret.Collection")
        reply = bus.send_and_get_reply(Properties(collection).get("Locked"), timeout=STEP_SECONDS)
        return ("locked" if reply.body[0][1] else "ready"), path
    except TimeoutError:
        return "hangs", name
    except (OSError, IndexError, TypeError) as error:
        return "absent", str(error)
    finally:
        bus.close()


def answer(question: dict[str, str]) -> dict[str, Any]:
    """Do what one line asks."""
    op, name = question["op"], question.get("name", "")
    if op == "probe":
        _backend()
        state, why = ("ready", "") if sys.platform == "darwin" else _secret_service()
        return {"state": state, "why": why}
    backend = _backend()
    if op == "put":
        backend.set_password(SERVICE, name, question["value"])
        if backend.get_password(SERVICE, name) != question["value"]:
            return {"error": "what was written could not be read back"}
        return {}
    if op == "get":
        return {"value": backend.get_password(SERVICE, name)}
    if backend.get_password(SERVICE, name) is not None:
        backend.delete_password(SERVICE, name)
    return {}


def main() -> int:
    for line in sys.stdin:
        question = json.loads(line)
        try:
            reply = answer(question)
        except Unsafe as unsafe:
            reply = {"state": "unsafe", "why": str(unsafe), "error": str(unsafe)}
        except Exception as error:  # noqa: BLE001  (backends raise outside keyring's own tree; see the facts in ARCHITECTURE.md)
            reply = {
                "state": "absent",
                "why": type(error).__name__,
                "error": f"{type(error).__name__}: {error}",
            }
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
