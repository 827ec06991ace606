"""Sizes as flyctl reads them, and which it refuses by itself."""

from __future__ import annotations

import re

from claw_tui.demo import world
from claw_tui.demo.session import FlyFailure
from claw_tui.demo.world import World


def change_guest(guest: World, size: str, memory: str) -> None:
    """A preset brings its own memory, unless that is said too."""
    if size and size not in world.SIZES:
        kind = next((kind for kind in ("shared", "performance") if size.startswith(kind)), "")
        if not kind:
            raise FlyFailure(
                f"invalid machine preset requested, '{size}', expected to start with 'shared' or 'performance'"
            )
        known = " ".join(sorted(name for name in world.SIZES if name.startswith(kind)))
        raise FlyFailure(f"'{size}' is an invalid machine size, choose one of: [{known}]")
    if size:
        guest["cpu_kind"], guest["cpus"], guest["memory_mb"] = world.SIZES[size]
    if memory:
        guest["memory_mb"] = parse_size(memory, 1024, 1 << 20)
        if not guest["memory_mb"]:
            raise FlyFailure("--vm-memory cannot be zero")


def parse_size(text: str, thousand: int, unit: int) -> int:
    """How many of ``unit`` bytes. A plain number is meant in that unit already."""
    found = re.fullmatch(r"([+-]?\d+)|(\d+(?:\.\d+)?) ?([kmgtp]?)(?:i?b)?", text.lower())
    if found is None:
        raise FlyFailure(f"invalid size: invalid size: '{text}'")
    if found.group(1):
        return int(found.group(1))
    power = " kmgtp".index(found.group(3) or " ")
    return int(float(found.group(2)) * thousand**power) // unit


def check_guest(guest: World) -> None:
    """`machine update` looks by rules of its own before Fly.io is asked; `machine clone` does not."""
    wanted, cpus = guest["memory_mb"], guest["cpus"]
    least, most = cpus * 256, cpus * 2048
    page = "View more information at  https://fly.io/docs/machines/guides-examples/machine-sizing/\n"
    if guest["cpu_kind"] != "shared":
        return
    if wanted % 256:
        near = wanted // 256 * 256
        raise FlyFailure(
            f"invalid memory size\n{wanted}MiB of memory is not valid\n\n"
            f"Memory size must be in a 256 MiB increment ({near}MiB would work)\n{page}"
        )
    if not least <= wanted <= most:
        word, sign, limit = ("low", ">=", least) if wanted < least else ("high", "<=", most)
        raise FlyFailure(
            f"memory size for config is too {word}\nFor shared VMs with {cpus} CPUs, {wanted}MiB of memory is too {word}\n\n"
            f"Try setting memory to a value {sign} {limit}MiB for the config changes requested\n{page}"
        )
