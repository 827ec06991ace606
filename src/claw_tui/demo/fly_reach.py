"""``fly proxy`` and ``fly wireguard``: the ways into the private network."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable

from claw_tui.demo import agent, cloud, gateway, gateway_net, world
from claw_tui.demo.fly_org import find_org, wireguard_list
from claw_tui.demo.session import FlyFailure, Session
from claw_tui.demo.world import World, opened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WARNING = """
!!!! WARNING: Output includes private key. Private keys cannot be recovered !!!!
!!!! after creating the peer; if you lose the key, you'll need to remove    !!!!
!!!! and re-add the peering connection.                                     !!!!
"""
PEER_FILE = """
[Interface]
PrivateKey = {private}
Address = {address}/120
DNS = {dns}

[Peer]
PublicKey = {public}
AllowedIPs = {network}/48
Endpoint = {endpoint}:51820
PersistentKeepalive = 15

"""


ADD = "($input: AddWireGuardPeerInput!) { addWireGuardPeer(input: $input) { peerip endpointip pubkey } }"
REMOVE = "($input: RemoveWireGuardPeerInput!) { removeWireGuardPeer(input: $input) { organization { id } } }"


def mutate(session: Session, mutation: str, act: Callable[[World], Any], seconds: float = 0.3) -> Any:
    """What is refused is told with the whole mutation before it."""
    field = mutation.partition("{ ")[2].partition("(")[0]
    try:
        return session.send(f"#{field}", act, kind="mutation", seconds=seconds)
    except FlyFailure as refused:
        why = str(refused).rpartition("}: ")[2]
        raise FlyFailure(f"failed to run mutation{mutation}: {why}", refused.code) from refused


# -- proxy ------------------------------------------------------------------------------------------------------------
def proxy(session: Session) -> None:
    """It listens on this computer, really; what comes is taken to the simulated machine's gateway."""
    name, args = session.app_name(), session.parsed.args
    session.look_up_app()
    open_tunnel(session)
    stop = threading.Event()
    if session.has("watch-stdin"):
        watcher = threading.Thread(target=_watch_stdin, args=(stop,), daemon=True)
        watcher.start()
        watcher.join(0.05)
    local, _sep, remote = args[0].partition(":")
    host, remote = args[1] if len(args) > 1 else f"{name}.internal", remote or local
    if stop.is_set():  # the asking for the name is broken off
        raise KeyboardInterrupt
    if host.endswith(".flycast") and not _has_address(host):
        raise FlyFailure(f"{host}: host was not found in DNS")
    listener = _listen(session.parsed.text("bind-addr") or "127.0.0.1", int(local))
    session.say(f"Proxying localhost:{listener.getsockname()[1]} to remote [{host}]:{remote}")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: stop.set())
    _serve(listener, stop, host, int(remote))


def open_tunnel(session: Session) -> None:
    """The agent makes a peer for its tunnel. It stays, whatever comes of that."""
    agent.start(os.environ.get("FLY_CONFIG_DIR") or os.path.expanduser("~/.fly"))
    mutate(session, ADD, lambda _now: None, seconds=1.0)


def _has_address(host: str) -> bool:
    with opened(change=False) as now:
        app = now["apps"].get(host.removesuffix(".flycast"))
        return app is not None and any(ip["type"] == "private_v6" for ip in app["ips"])


def _listen(address: str, port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
        listener.listen(64)
    except OSError as error:
        raise FlyFailure(f"listen tcp {address}:{port}: bind: {str(error.strerror).lower()}") from error
    return listener


def _watch_stdin(stop: threading.Event) -> None:
    while os.read(0, 1):
        """What comes is of no interest."""
    stop.set()


def _serve(listener: socket.socket, stop: threading.Event, host: str, port: int) -> None:
    """Once a second it looks whether it is to end, as flyctl does; the simulated one also ends with its world."""
    listener.settimeout(world.lasts(1.0) or 0.05)
    while not stop.is_set() and os.path.exists(os.environ[world.WORLD]):
        try:
            connection, _address = listener.accept()
        except TimeoutError:
            continue
        threading.Thread(target=_answer, args=(connection, host, port), daemon=True).start()
    listener.close()


def _answer(connection: socket.socket, host: str, port: int) -> None:
    """One request. Where nobody is at the other end the line is only closed."""
    with connection:
        connection.settimeout(10)
        try:
            asked = connection.recv(1 << 16).decode("latin-1").split()
            found = _page(host, port, asked[1].partition("?")[0]) if len(asked) > 1 else None
            if found is not None:
                kind, text = found
                head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
                connection.sendall((head + text).encode())
        except OSError:
            return


def _page(host: str, port: int, path: str) -> tuple[str, str] | None:
    with opened(change=False) as now:
        app = now["apps"].get(host.partition(".")[0])
        machine = app["machines"][0] if app and app["machines"] else None
        if app is None or machine is None or not host.endswith(".flycast"):
            return None  # OpenClaw has no door at .internal: it listens on IPv4 only
        gateway.refresh(app)
        inside = gateway_net.door(machine, port)
        return (
            gateway.page(machine, path) if inside and gateway_net.answers_outside(machine, inside) else None
        )


# -- wireguard --------------------------------------------------------------------------------------------------------
def wireguard_create(session: Session) -> None:
    """The peer comes first; only then is its file looked at."""
    slug = find_org(session)
    if len(session.parsed.args) < 4:
        raise FlyFailure("EOF")
    _slug, region, name, file = session.parsed.args
    session.say(f'Creating WireGuard peer "{name}" in region "{region}" for organization {slug}')
    private, public = _key(), _key()
    made = mutate(session, ADD, lambda now: cloud.add_peer(now, slug, region, name, public))
    session.say(WARNING)
    network = ":".join(made["peerip"].split(":")[:3]) + "::"
    text = PEER_FILE.format(
        private=private, public=_key(), address=made["peerip"], network=network, dns=network + "3", endpoint=made["endpointip"]
    )  # fmt: skip
    if file == "stdout":
        sys.stdout.write(text)
        return
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise FlyFailure(f"open {file}: {str(error.strerror).lower()}") from error
    with os.fdopen(handle, "w") as out:
        out.write(text)
    session.say(f"Wrote WireGuard configuration to {file}; load in your WireGuard client")


def _key() -> str:
    import base64  # noqa: PLC0415

    return base64.b64encode(os.urandom(32)).decode()


def wireguard_remove(session: Session) -> None:
    slug = find_org(session)
    if len(session.parsed.args) < 2:
        raise FlyFailure("EOF")
    name = session.parsed.args[1]
    session.say(f'Removing WireGuard peer "{name}" for organization {slug}')
    mutate(session, REMOVE, lambda now: cloud.remove_peer(now, slug, name))
    session.say("Removed peer.")


COMMANDS = {
    "proxy": proxy, "wireguard list": wireguard_list, "wireguard create": wireguard_create,
    "wireguard remove": wireguard_remove,
}  # fmt: skip
