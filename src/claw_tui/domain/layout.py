"""Where a gateway listens and where it keeps its files, as its own machine says: start command, variables, openclaw.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from claw_tui.domain.spec import PORT
from claw_tui.domain.world import Machine, Service

OWN_PORT = 18789  # OpenClaw's, when nobody says another one
PREFIXES = ("OPENCLAW_", "MOLTBOT_", "CLAWDBOT_")
PORT_NAMES = tuple(f"{prefix}GATEWAY_PORT" for prefix in PREFIXES)


@dataclass(frozen=True, slots=True)
class Layout:
    """Of one machine. ``port``: 0 when only openclaw.json may say it. ``exports``: what a command there has to be told."""

    port: int = PORT
    exports: tuple[tuple[str, str], ...] = ()


def layout_of(machine: Machine) -> Layout:
    """A machine whose host does not answer tells nothing: then it is taken for one of ours."""
    if not machine.readable:
        return Layout()
    exports = tuple((name, machine.env[name]) for name in PORT_NAMES if machine.env.get(name))
    return Layout(said_port(machine) or 0, exports)


def option(words: Sequence[str], name: str) -> str:
    """The value of an option in a command; empty when it has none."""
    joined = next((word.partition("=")[2] for word in words if word.startswith(f"{name}=")), "")
    return joined or dict(pairwise(words)).get(name, "")


def said_port(machine: Machine) -> int | None:
    """By its command, and else by its environment; None when its openclaw.json would say it."""
    return port_said(machine.command, machine.env)


def port_said(command: Sequence[str], env: Mapping[str, str]) -> int | None:
    given = (option(command, "--port"), *(env.get(name, "") for name in PORT_NAMES))
    text = next(filter(None, given), "")
    return int(text) if text.isdigit() else None


def file_port(tree: object) -> int | None:
    """``gateway.port`` of an openclaw.json."""
    gateway = tree.get("gateway") if isinstance(tree, Mapping) else None
    found = gateway.get("port") if isinstance(gateway, Mapping) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def listening_at(tree: dict[str, object], port: int | None) -> dict[str, object]:
    """An openclaw.json that names the port at which its gateway is told to listen, so that commands there find it."""
    gateway = tree.get("gateway")
    if port is None or not isinstance(gateway, dict):
        return tree
    return {**tree, "gateway": {**gateway, "port": port}}


def asked_ports(machine: Machine) -> set[int]:
    """At which Fly's proxy asks."""
    return {service.internal_port for service in machine.services}


def at_port(service: Service, port: int) -> Service:
    return Service(service.protocol, port, service.ports)


def steady_port(machine: Machine | None) -> int:
    """The port of a machine that agrees with itself, so that nothing has to change it; else ours."""
    if machine is None:
        return PORT
    said, asked = said_port(machine), asked_ports(machine)
    if said is not None:
        return said if not asked or said in asked else PORT
    return next(iter(asked)) if len(asked) == 1 else PORT


def with_port(words: Iterable[str], port: int) -> tuple[str, ...]:
    """A command that says this port, where it said one."""
    found: list[str] = []
    for word in words:
        if word.startswith("--port="):
            found.append(f"--port={port}")
        else:
            found.append(str(port) if found and found[-1] == "--port" else word)
    return tuple(found)
