"""Where a gateway listens and where it keeps its files, as its own machine says: start command, variables, openclaw.json."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from claw_tui.domain.spec import PORT, STATE_DIR
from claw_tui.domain.world import Machine, Service, World

OWN_PORT = 18789  # OpenClaw's, when nobody says another one
PREFIXES = ("OPENCLAW_", "MOLTBOT_", "CLAWDBOT_")  # today's counts most
PORT_NAMES, STATE_NAMES, CONFIG_NAMES = (
    tuple(f"{prefix}{name}" for prefix in PREFIXES) for name in ("GATEWAY_PORT", "STATE_DIR", "CONFIG_PATH")
)
FILE = "openclaw.json"
_PATH = re.compile(r"(?:/[\w@+-][\w.@+-]*|/\.[\w@+-][\w.@+-]*)+")  # it becomes part of scripts


@dataclass(frozen=True, slots=True)
class Layout:
    """Of one machine. ``port``: 0 when only openclaw.json may say it. ``exports``: what a command there has to be told.

    ``volume``: where its volume is. ``foreign``: a place of its settings that nothing is written to from here.
    """

    port: int = PORT
    exports: tuple[tuple[str, str], ...] = ()
    state: str = STATE_DIR
    config: str = f"{STATE_DIR}/{FILE}"
    volume: str = STATE_DIR
    named: str = ""  # the variable that says where openclaw.json is; empty: none does
    foreign: str = ""

    @property
    def folder(self) -> str:
        """Where openclaw.json and its backups are."""
        return self.config.rpartition("/")[0]

    def beside(self, name: str) -> str:
        """The path of a file that is called openclaw.json and something more: it is called as the file itself."""
        return f"{self.config}{name.removeprefix(FILE)}"

    def called(self, path: str) -> str:
        """The other way round: a backup by the name that everything else here knows."""
        name, own = path.rpartition("/")[2], self.config.rpartition("/")[2]
        return f"{FILE}{name.removeprefix(own)}" if name.startswith(f"{own}.") else name


def layout_of(machine: Machine) -> Layout:
    """A machine whose host does not answer tells nothing: then it is taken for one of ours."""
    if not machine.readable:
        return Layout()
    names = (*PORT_NAMES, *STATE_NAMES, *CONFIG_NAMES)
    exports = tuple((name, machine.env[name]) for name in names if machine.env.get(name))
    by_state, by_path = (_named(machine.env, some) for some in (STATE_NAMES, CONFIG_NAMES))
    state = _clean(machine.env.get(by_state, "")) or STATE_DIR
    config = _clean(machine.env.get(by_path, "")) or f"{state}/{FILE}"
    paths = [mount.path.rstrip("/") for mount in machine.mounts]
    told = [machine.env[name] for name in (by_state, by_path) if name]
    foreign = next((text for text in told if not _clean(text)), "")
    if by_path and not foreign and not any(is_below(config, path) for path in paths or [STATE_DIR]):
        foreign = config
    return Layout(
        said_port(machine) or 0, exports, state, config, next((p for p in paths if is_below(state, p)), STATE_DIR),
        by_path or by_state, foreign,
    )  # fmt: skip


def layout_in(world: World) -> Layout:
    return layout_of(world.machine) if world.machine else Layout()


def _named(env: Mapping[str, str], names: Iterable[str]) -> str:
    return next((name for name in names if env.get(name)), "")


def _clean(text: str) -> str:
    """A path that may stand in a script as it is; empty for any other."""
    path = text.rstrip("/")
    return path if _PATH.fullmatch(path) else ""


def is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")


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
