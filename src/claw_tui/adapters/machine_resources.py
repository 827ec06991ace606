"""Memory, disk and uptime, as the machine itself tells them: one short script over /proc and df."""

from __future__ import annotations

import re
from typing import Protocol

from claw_tui.adapters.gateway_names import is_gateway
from claw_tui.domain.answers import ExecResult
from claw_tui.domain.layout import Layout
from claw_tui.domain.vitals import Resources

KIB = 1024
TICKS = 100  # a second has so many in /proc, on every Linux that Fly.io runs
STARTED = 19  # of the fields of /proc/PID/stat behind the name: when it was started
_FIELD = re.compile(r"^(MemTotal|MemAvailable):\s+(\d+) kB$", re.MULTILINE)
_DISK = re.compile(r"^\S+\s+(\d+)\s+(\d+)\s+\d+\s+\d+%\s+\S+$", re.MULTILINE)
_UP = re.compile(r"^(\d+\.\d+) \d+\.\d+$", re.MULTILINE)
_PROCESS = re.compile(r"^\d+ \((.*)\) (.+)$", re.MULTILINE)


class Machines(Protocol):
    """What runs a script in a machine."""

    async def exec(self, app: str, machine: str, script: str) -> ExecResult: ...


def script(folder: str) -> str:
    return f"cat /proc/meminfo /proc/uptime; df -Pk {folder}; cat /proc/[0-9]*/stat 2>/dev/null; true"


def read(text: str) -> Resources:
    """What it printed; a part that is missing is not known."""
    memory = {name: int(count) * KIB for name, count in _FIELD.findall(text)}
    whole, free = memory.get("MemTotal"), memory.get("MemAvailable")
    disk, up = _DISK.search(text), _UP.search(text)
    return Resources(
        whole, whole - free if whole is not None and free is not None else None,
        int(disk.group(1)) * KIB if disk else None, int(disk.group(2)) * KIB if disk else None,
        float(up.group(1)) if up else None, _gateway_up(text, float(up.group(1))) if up else None,
    )  # fmt: skip


def _gateway_up(text: str, up: float) -> float | None:
    """Of the oldest process of that name: what the gateway itself starts is younger."""
    started = []
    for name, rest in _PROCESS.findall(text):
        fields = rest.split()
        if is_gateway(name) and len(fields) > STARTED and fields[STARTED].isdigit():
            started.append(int(fields[STARTED]) / TICKS)
    return max(0.0, up - min(started)) if started else None


class InMachine(Protocol):
    """What it is mixed into."""

    @property
    def _fly(self) -> Machines: ...

    async def _layout(self, app: str, machine: str) -> Layout: ...


class MachineResources:
    """The part of the port ``Gateway`` that is about its machine."""

    async def resources(self: InMachine, app: str, machine: str) -> Resources:
        found = await self._fly.exec(app, machine, script((await self._layout(app, machine)).volume))
        return read(found.stdout)
