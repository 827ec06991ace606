"""The real program with one leak in it: ``python -m tests.real.planted LEAK --demo``. The canary test must find each."""

from __future__ import annotations

import asyncio
import base64
import ctypes
import json
import mmap
import os
import resource
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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


def _raise_and_forget(value: str) -> None:
    """asyncio complains of such a task when it is thrown away."""

    async def fail() -> None:
        raise RuntimeError(f"the keyring did not take {value}")

    KEPT.append(asyncio.get_running_loop().create_task(fail()))


def _mapped(value: str) -> None:
    with tempfile.TemporaryFile() as file:
        file.truncate(4096)
        with mmap.mmap(file.fileno(), 4096) as memory:
            memory[: len(value)] = value.encode()


def _memfd(value: str) -> None:
    os.close(_filled(value))


def _filled(value: str) -> int:
    memory = os.memfd_create("notes")
    os.write(memory, value.encode())
    return memory


@contextmanager
def _target() -> Iterator[int]:
    with tempfile.TemporaryFile() as file:
        yield file.fileno()


def _pwrite(value: str) -> None:
    """The end first."""
    middle = len(value) // 2
    with _target() as file:
        os.pwrite(file, value[middle:].encode(), middle)
        os.pwrite(file, value[:middle].encode(), 0)


def _writev(value: str) -> None:
    with _target() as file:
        os.writev(file, [value[at : at + 3].encode() for at in range(0, len(value), 3)])


def _sendfile(value: str) -> None:
    source, (reads, writes) = _filled(value), os.pipe()
    os.sendfile(writes, source, 0, len(value))  # into a pipe, where it may be
    with _target() as file:
        os.splice(reads, file, len(value))  # and on from there
    for fd in (source, reads, writes):
        os.close(fd)


def _spliced(value: str) -> None:
    reads, writes = os.pipe()
    os.write(writes, value.encode())
    with _target() as file:
        os.splice(reads, file, len(value))
    os.close(reads)
    os.close(writes)


def _to_a_server(family: socket.AddressFamily, address: Any) -> Callable[[str], None]:
    def leak(value: str) -> None:
        with socket.socket(family) as server, socket.socket(family) as client:
            server.bind(address() if callable(address) else address)
            server.listen()
            client.connect(server.getsockname())
            client.sendall(value.encode())

    return leak


def _in_an_answer(value: str) -> None:
    """From the server's side."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        asked, _who = server.accept()
        with asked:
            asked.sendall(value.encode())


def _datagram(value: str) -> None:
    """As a line for the system's log goes."""
    path = Path(os.environ["CLAW_TUI_HOME"]) / "log.sock"
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client,
    ):
        server.bind(str(path))
        client.sendto(f"<13>claw-tui: {value}".encode(), str(path))


def _xattr(value: str) -> None:
    with tempfile.NamedTemporaryFile() as file, suppress(OSError):  # not on every file system
        os.setxattr(file.name, "user.key", value.encode())


def _argv_in_memory(value: str) -> None:
    """As ``setproctitle`` does it: no call of the system's is needed."""
    stat = Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()
    start, end = int(stat[45]), int(stat[46])  # arg_start, arg_end
    ctypes.memset(start, 0, end - start)
    ctypes.memmove(start, value.encode()[-(end - start) + 1 :], min(len(value), end - start - 1))


def _thread_name(value: str) -> None:
    ctypes.CDLL(None).prctl(15, value[-15:].encode(), 0, 0, 0)  # PR_SET_NAME


def _core_dumps(_value: str) -> None:
    limit = resource.prlimit(0, resource.RLIMIT_CORE)[1]
    subprocess.run(["sh", "-c", "ulimit -c unlimited; true"], check=False)
    assert limit == 0


def _in_columns(value: str) -> None:
    """A traceback in a narrow frame: no half of it in one piece."""
    pieces = (value[at : at + 17] for at in range(0, len(value), 17))
    _keep("".join(f"│ {piece} │\n" for piece in pieces))


def _clipboard(value: str) -> None:
    _show(f"\x1b]52;c;{base64.b64encode(value.encode()).decode()}\a")


def _login() -> str:
    """Not by our own environment: that would be a leak of the test's."""
    world = json.loads(Path(os.environ["CLAW_DEMO_WORLD"]).read_text())
    return str(world["login"])


KEPT: list[asyncio.Task[None]] = []
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
    "base64-in-state": ("written to", lambda value: _keep(base64.b64encode(f"k:{value}".encode()).decode())),
    "half": ("written to", lambda value: _keep(value[: len(value) // 2])),
    "other-half": ("written to", lambda value: _keep(value[len(value) // 2 :])),
    "hex": ("written to", lambda value: _keep(value.encode().hex())),
    "reversed": ("written to", lambda value: _keep(value[::-1])),
    "json": ("written to", lambda value: _keep(json.dumps({"key": value}))),
    "file-name": ("file name", lambda value: _keep("", quote(value, safe=""))),
    "mapped": ("mapped for writing", _mapped),
    "memory-file": ("written to /memfd:", _memfd),
    "pwrite": ("written to", _pwrite),
    "writev": ("written to", _writev),
    "sendfile-and-splice": ("written to /", _sendfile),
    "splice": ("written to /", _spliced),
    "unix-socket": (
        "written to socket:", _to_a_server(socket.AF_UNIX, lambda: str(Path(os.environ["CLAW_TUI_HOME"]) / "x.sock")),
    ),
    "abstract-socket": ("written to socket:", _to_a_server(socket.AF_UNIX, "\0claw-tui-canary")),
    "network": ("written to socket:", _to_a_server(socket.AF_INET, ("127.0.0.1", 0))),
    "answer-to-the-network": ("written to socket:", _in_an_answer),
    "system-log": ("written to socket:", _datagram),
    "extended-attribute": ("said by setxattr", _xattr),
    "title": ("title of a process", _argv_in_memory),
    "name-of-a-thread": ("said by prctl", _thread_name),
    "name-in-proc": ("written to /proc/", lambda value: Path("/proc/self/comm").write_text(value[-15:])),
    "core-dumps": ("core dumps allowed", _core_dumps),
    "core-dump-of-ours": ("core dumps of claw-tui", lambda _value: None),
    "terminal-title": ("written to /dev/pts", lambda value: _show(f"\x1b]0;{value}\a")),
    "other-screen": ("written to /dev/pts", lambda value: _show(f"\x1b[?1049l{value}\x1b[?1049h")),
    "clipboard-of-tmux": (
        "written to /dev/pts", lambda value: _show(f"\x1bPtmux;\x1b\x1b]52;c;{base64.b64encode(value.encode()).decode()}\a\x1b\\"),
    ),
    "cell-by-cell": ("written to /dev/pts", lambda value: _show("".join(f"\x1b[{row};9H{c}" for row, c in enumerate(value, 1)))),
    "in-columns": ("written to", _in_columns),
    "base64-in-lines": ("written to", lambda value: _keep(base64.encodebytes(f"some words before it: {value}".encode()).decode())),
    "hex-in-groups": ("written to", lambda value: _keep(value.encode().hex(" ", 2))),
    "utf-16": ("written to", lambda value: _keep(value.encode("utf-16-le").decode("latin-1"))),
    "capitals": ("written to", lambda value: _keep(value.upper())),
    "forgotten-task": ("written to /dev/pts", _raise_and_forget),
    "login-in-the-wrong-environment": (
        "environment of true",
        lambda _value: subprocess.run(["true"], env={"FLY_API_TOKEN": _login()}, check=False),
    ),
}  # fmt: skip

# What would leak if nothing were done against it.
SAFE: dict[str, tuple[str, Callable[[str], Any]]] = {
    "exception": ("", _raise), "crash": ("", _crash),
}  # fmt: skip
CRASHES = ("traceback", *SAFE)


def main() -> int:
    leak = sys.argv[1]
    from claw_tui.engine.vault import Vault

    put = Vault.put

    async def leaking(self: Vault, app: str, name: str, value: Any, revision: str = "") -> str:
        if name == LEAKY and leak != "nothing":
            {**LEAKS, **SAFE}[leak][1](value.reveal())
        return await put(self, app, name, value, revision)

    Vault.put = leaking  # type: ignore[method-assign]
    if leak == "core-dump-of-ours":
        from claw_tui import wiring

        wiring.seal_process = lambda: None
    if leak == "traceback":
        from textual.app import App

        from claw_tui.app import ClawApp

        del ClawApp._fatal_error
        assert ClawApp._fatal_error is App._fatal_error
    from claw_tui.__main__ import main as program

    code = program(sys.argv[2:])
    KEPT.clear()  # the screen is gone, and asyncio says what it has to say
    return code


if __name__ == "__main__":
    sys.exit(main())
