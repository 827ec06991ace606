"""How much of a simulated machine's memory is in use, and how long it runs: /proc as it would be there."""

from __future__ import annotations

import time

from claw_tui.demo import gateway
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.world import World

KIB = 1024  # of them are a MB
RESERVED = 28 * KIB  # the kernel keeps so much of a machine's memory
SYSTEM, NODE = 61 * KIB, 742 * KIB  # in use without the gateway, and by it
BOOT = 4.0  # seconds from the machine's start to the gateway's process


def show(machine: World, files: SimulatedFiles) -> None:
    """/proc/meminfo, /proc/uptime and /proc/PID/stat."""
    whole, runs = int(machine["guest"]["memory_mb"]) * KIB - RESERVED, gateway.listening(machine)
    used = int(machine.get("memory_used_mb", 0)) * KIB or SYSTEM + (NODE if runs else 0)
    free = max(0, whole - used)
    lines = {"MemTotal": whole, "MemFree": free // 2, "MemAvailable": free, "Buffers": free // 8}
    files.mount_virtual(
        "/proc/meminfo", "".join(f"{name + ':':<16}{count:>8} kB\n" for name, count in lines.items())
    )
    up = max(0.0, time.time() - _started(machine))
    files.mount_virtual("/proc/uptime", f"{up:.2f} {up * 1.8:.2f}\n")
    files.mount_virtual("/proc/1/stat", _process(1, "init", 0.0))
    if runs:
        files.mount_virtual("/proc/640/stat", _process(640, "node", min(BOOT, up)))


def _started(machine: World) -> float:
    return (
        float(next((event["timestamp"] for event in machine["events"] if event["status"] == "started"), 0))
        / 1000
    )


def _process(number: int, name: str, started: float) -> str:
    """The fields of a process; the 22nd is when it was started."""
    return f"{number} ({name}) S 0 {number} {number} 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 11 0 {int(started * 100)} 0 0\n"
