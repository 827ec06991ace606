"""The real program with one leak in it: ``python -m tests.real.planted LEAK --demo``. The canary test must find each."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

LEAKY = "ANTHROPIC_API_KEY"


def _keep(text: str, name: str = "notes.json") -> None:
    with (Path(os.environ["CLAW_TUI_HOME"]) / name).open("a") as file:
        file.write(text)


def _show(text: str) -> None:
    os.write(2, text.encode())


def _deleted(value: str) -> None:
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(f"KEY={value}\n")


def _piecemeal(value: str) -> None:
    """Letter by letter, so that no single call has it."""
    with tempfile.NamedTemporaryFile("w", buffering=1) as file:
        for char in value:
            os.write(file.fileno(), char.encode())


def _raise(value: str) -> None:
    raise RuntimeError(f"the keyring did not take {value}")


def _crash(value: str) -> None:
    key = value  # noqa: F841  (shown by a traceback with locals)
    raise RuntimeError("the keyring did not take it")


def _clipboard(value: str) -> None:
    _show(f"\x1b]52;c;{base64.b64encode(value.encode()).decode()}\a")


def _login() -> str:
    """Not by our own environment: that would be a leak of the test's."""
    world = json.loads(Path(os.environ["CLAW_DEMO_WORLD"]).read_text())
    return str(world["login"])


LEAKS: dict[str, tuple[str, Callable[[str], Any]]] = {  # name -> where it must be found, what leaks
    "argument": ("argv of", lambda value: subprocess.run(["true", "--key", value], check=False)),
    "argument-joined": ("argv of", lambda value: subprocess.run(["sh", "-c", f": KEY={value}"], check=False)),
    "environment": ("environment of true", lambda value: subprocess.run(["true"], env={"K": value}, check=False)),
    "log-line": ("written to", lambda value: _keep(f"12:00:00 given {value}\n", "log")),
    "deleted-file": ("written to", _deleted),
    "letter-by-letter": ("written to", _piecemeal),
    "terminal": ("written to /dev/pts", lambda value: _show(f"kept {value}\r\n")),
    "terminal-coloured": ("written to /dev/pts", lambda value: _show("\x1b[1m".join(value))),
    "clipboard": ("written to /dev/pts", _clipboard),
    "traceback": ("written to /dev/pts", _crash),
    "exception": ("written to /dev/pts", _raise),
    "base64-in-state": ("written to", lambda value: _keep(base64.b64encode(f"k:{value}".encode()).decode())),
    "half": ("written to", lambda value: _keep(value[: len(value) // 2])),
    "other-half": ("written to", lambda value: _keep(value[len(value) // 2 :])),
    "hex": ("written to", lambda value: _keep(value.encode().hex())),
    "reversed": ("written to", lambda value: _keep(value[::-1])),
    "json": ("written to", lambda value: _keep(json.dumps({"key": value}))),
    "file-name": ("file name", lambda value: _keep("", quote(value, safe=""))),
    "login-in-the-wrong-environment": (
        "environment of true",
        lambda _value: subprocess.run(["true"], env={"FLY_API_TOKEN": _login()}, check=False),
    ),
}  # fmt: skip


def main() -> int:
    leak = sys.argv[1]
    from claw_tui.engine.vault import Vault

    put = Vault.put

    async def leaking(self: Vault, app: str, name: str, value: Any) -> str:
        if name == LEAKY and leak != "nothing":
            LEAKS[leak][1](value.reveal())
        return await put(self, app, name, value)

    Vault.put = leaking  # type: ignore[method-assign]
    if leak == "traceback":
        from textual.app import App

        from claw_tui.app import ClawApp

        del ClawApp._fatal_error
        assert ClawApp._fatal_error is App._fatal_error
    from claw_tui.__main__ import main as program

    return program(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
