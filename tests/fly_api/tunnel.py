"""flyctl's agent without WireGuard: what flyctl asks it to connect to is a server on loopback.

flyctl talks to whoever listens on ``fly-agent.sock`` in its configuration folder, if its version is flyctl's own.
A message is its length in two bytes, the low one first, and then words.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from claw_tui.demo.fly_account import VERSION

SOCKET = "fly-agent.sock"
ADDRESS = "fdaa:0:1:a7b:1::3"


class FakeAgent:
    """``servers``: of each port in the private network, the port here. ``hosts``: the names that it knows."""

    def __init__(
        self, servers: Mapping[int, int], hosts: tuple[str, ...] = ("my-app.flycast",), version: str = VERSION
    ) -> None:
        self.servers, self.hosts, self.version = servers, hosts, version
        self.asked: list[str] = []
        self._socket = Path()

    @contextmanager
    def running(self, folder: Path) -> Iterator[FakeAgent]:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._socket = folder / SOCKET
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(self._socket))
            server.listen()
            threading.Thread(target=self._serve, args=(server,), daemon=True).start()
            try:
                yield self
            finally:
                server.shutdown(socket.SHUT_RDWR)
                self._end()

    def _end(self) -> None:
        self._socket.unlink(missing_ok=True)

    def _serve(self, server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _address = server.accept()
                threading.Thread(target=self._session, args=(client,), daemon=True).start()

    def _session(self, client: socket.socket) -> None:
        with client, suppress(OSError, EOFError):
            verb, *words = _read(client).split(" ")
            if verb == "set-token":
                _write(client, "ok")
                verb, *words = _read(client).split(" ")
            self.asked.append(" ".join((verb, *words)))
            if verb == "kill":
                self._end()
            if verb == "connect":
                self._connect(client, words[1])
            else:
                _write(client, self._answer(verb, words))
                client.recv(1)  # flyctl closes; until then it may still write an empty last word

    def _answer(self, verb: str, words: list[str]) -> str:
        if verb == "ping":
            return "ok " + json.dumps({"PID": 1, "Version": self.version, "Background": True})
        if verb in ("establish", "reestablish"):
            return "ok " + json.dumps({"WireGuardState": None, "TunnelConfig": None})
        if verb == "resolve":
            return f"ok {ADDRESS}" if words[1] in self.hosts else "err host was not found in DNS"
        return "ok" if verb in ("probe", "kill") else "err unsupported command"

    def _connect(self, client: socket.socket, address: str) -> None:
        port = self.servers.get(int(address.rpartition(":")[2]))
        try:
            there = socket.create_connection(("127.0.0.1", port or 9), timeout=10)
        except OSError:
            _write(client, f"err connect tcp {address}: connection was refused")
            return
        there.settimeout(None)
        _write(client, "ok")
        with there:
            back = threading.Thread(target=_copy, args=(there, client), daemon=True)
            back.start()
            _copy(client, there)
            back.join()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def _read(client: socket.socket) -> str:
    length = int.from_bytes(_exactly(client, 2), "little")
    return _exactly(client, length).decode()


def _exactly(client: socket.socket, length: int) -> bytes:
    found = b""
    while len(found) < length:
        data = client.recv(length - len(found))
        if not data:
            raise EOFError
        found += data
    return found


def _write(client: socket.socket, text: str) -> None:
    data = text.encode()
    client.sendall(len(data).to_bytes(2, "little") + data)
