"""What the simulated internet sees of an app: DNS, and whatever answers at an address.

The world file says what is out of the ordinary: ``now["outside"]`` ({"v6": false}: this computer has no IPv6; {"v4": false}) and an
app's ``outside``: {"dns": {"A": […]}: what DNS says besides; "dns_down": true; "answers": {address: what}}, with what
one of gateway, clawdbot, fly, other, silent, no-route.
"""

from __future__ import annotations

import asyncio
import errno
import time

from claw_tui.demo import gateway, gateway_net, world
from claw_tui.demo.world import World

PUBLIC = {"v4": "A", "shared_v4": "A", "v6": "AAAA"}
HTTP = "HTTP/1.1 {status}\r\nserver: Fly/8d4c9b2 (2026-11-09)\r\ncontent-type: {kind}\r\nconnection: close\r\n\r\n"


def _special(app: World) -> World:
    found: World = app.get("outside", {})
    return found


def _at(now: World, host: str) -> World | None:
    found: World | None = now["apps"].get(host.removesuffix(".fly.dev"))
    return found


def addresses(app: World) -> list[World]:
    """Public ones that lead to it: its own, and those that were released just now."""
    lately = [ip for ip in app.get("released", ()) if ip["until"] > time.time()]
    return [ip for ip in (*app["ips"], *lately) if ip["type"] in PUBLIC]


def dns(host: str, kind: str) -> tuple[tuple[str, ...], str]:
    """Raises OSError when no name server answers."""
    with world.opened(change=False) as now:
        app = _at(now, host)
        if app is None:
            return (), "ns1.flydns.net"
        if _special(app).get("dns_down") in (True, kind):
            raise TimeoutError
        found = [ip["address"] for ip in addresses(app) if PUBLIC[ip["type"]] == kind]
        return (*found, *_special(app).get("dns", {}).get(kind, ())), "ns1.flydns.net"


def exchange(address: str, port: int, host: str) -> bytes:
    """What comes back. Raises OSError."""
    with world.opened(change=False) as now:
        way = "v6" if ":" in address else "v4"
        if not now.get("outside", {}).get(way, True):
            raise OSError(errno.ENETUNREACH, "Network is unreachable")
        app = _at(now, host)
        if app is None:
            return b""
        said = _special(app).get("answers", {}).get(address)
        if said is None:
            said = "gateway" if _leads(app, address, port) else "silent"
        return _said(app, said)


def _leads(app: World, address: str, port: int) -> bool:
    """Fly's proxy: to a machine that runs, by a service with this port. A shared address knows apps by TLS and HTTP only."""
    kind = next((ip["type"] for ip in addresses(app) if ip["address"] == address), "")
    for machine in app["machines"] if kind else ():
        gateway.refresh(app)
        inside = gateway_net.door(machine, port, handler=kind == "shared_v4")
        if inside:
            return gateway_net.answers_outside(machine, inside)
    return False


def _said(app: World, what: str) -> bytes:
    if what == "silent":
        return b""
    if what == "no-route":
        raise OSError(errno.ENETUNREACH, "Network is unreachable")
    if what == "fly":
        return HTTP.format(status="404 Not Found", kind="text/plain").encode()
    if what == "other":
        return (HTTP.format(status="200 OK", kind="text/html") + "<h1>Welcome to nginx!</h1>").encode()
    if what == "clawdbot":
        return (HTTP.format(status="200 OK", kind="text/html") + "<title>Clawdbot Control</title>").encode()
    _kind, body = gateway.page(app["machines"][0], "/healthz") if app["machines"] else ("", '{"ok":true}')
    return (HTTP.format(status="200 OK", kind="application/json") + body).encode()


async def asked_zone(host: str, kind: str) -> tuple[tuple[str, ...], str]:
    return await asyncio.to_thread(dns, host, kind)


async def exchanged(address: str, port: int, host: str, _request: bytes) -> bytes:
    return await asyncio.to_thread(exchange, address, port, host)


async def reaches(over_v6: bool) -> bool:  # noqa: FBT001
    def look() -> bool:
        with world.opened(change=False) as now:
            return bool(now.get("outside", {}).get("v6" if over_v6 else "v4", True))

    return await asyncio.to_thread(look)
