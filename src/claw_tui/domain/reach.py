"""How a person gets to a gateway: addresses, the tunnel's ports, WireGuard peers, the line for a laptop."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from claw_tui.domain.spec import PORT
from claw_tui.domain.world import IpKind, World
from claw_tui.i18n import _

PEER_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class LeftOn:
    """A tunnel that was left on: it needs no claw-tui. ``since`` in seconds since 1970."""

    app: str
    port: int
    pid: int
    since: float


class Stage(StrEnum):
    """Of a tunnel."""

    OFF = "off"
    STARTING = "starting"
    ON = "on"
    AGAIN = "again"  # it broke, and is being started again
    BROKEN = "broken"  # for good


def local_address(port: int) -> str:
    return f"http://localhost:{port}"


def network_address(app: str) -> str:
    """For who is in the private network, by WireGuard. It is one of the allowed origins."""
    return f"http://{app}.flycast:{PORT}"


def is_private(world: World) -> bool:
    return not world.public_ips


def no_way_in(world: World) -> tuple[str, str]:
    """What is missing for a tunnel to lead anywhere, and what to do; ("", "") when nothing is."""
    gives = _("H on Home, or `claw-tui harden {app}`, gives it one.").format(
        app=world.app.name if world.app else _("APP")
    )
    if not any(ip.kind is IpKind.PRIVATE_V6 for ip in world.ips):
        return _("The app has no Flycast address, so no tunnel can lead to it."), gives
    if not world.machines:
        return _("The app has no machine."), _("Deploy it first.")
    if not any(port.port == PORT for m in world.machines for s in m.services for port in s.ports):
        words = _("No machine of the app has a service on port {port}, so no tunnel can lead to it.")
        return words.format(port=PORT), gives
    return "", ""  # fmt: skip


def ssh_line(environ: Mapping[str, str], port: int, user: str) -> str:
    """For the laptop that somebody sits at who came here by SSH; "" for who did not.

    The port is the same at both ends, so that the browser's origin is an allowed one. ``SSH_CONNECTION`` has the
    address that the laptop reached us at, and the port if it is not 22.
    """
    parts = environ.get("SSH_CONNECTION", "").split()
    if len(parts) != 4:
        return ""
    host, ssh_port = parts[2], parts[3]
    option = "" if ssh_port == "22" else f" -p {ssh_port}"
    return f"ssh -L {port}:localhost:{port}{option} {user}@{host}"


def peer_name_problem(name: str) -> str:
    """What is wrong with the name of a peer; "" when nothing is."""
    if PEER_NAME.fullmatch(name):
        return ""
    return _("Small letters, digits and hyphens, 42 at most; a letter or digit first and last.")
