"""The machine as it is to be: what runs, with the parts of it mended that a fix names."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import replace

from claw_tui.domain.doctor.choice import Wanted
from claw_tui.domain.drift import command_problem
from claw_tui.domain.fly_toml import COMMAND, HEALTH_PATH, command_words, expected_service, heap_mb
from claw_tui.domain.layout import at_port, is_below, layout_of, with_port
from claw_tui.domain.spec import MIN_MEMORY_MB, STATE_DIR, Spec
from claw_tui.domain.world import Machine, Mount, World

_HEAP = re.compile(r"--max-old-space-size=\d+")


def repaired(world: World, wanted: Wanted, spec: Spec, said: str = "") -> World:
    """``world`` with its machine mended. ``said``: the start command that Fly.io has for the app."""
    machine = world.machine
    if machine is None:
        return world
    parts = {word.partition("=")[0] for word in wanted.deploys}
    whole = "all" in parts
    if whole or "command" in parts or "wanted" in parts:
        machine = replace(
            machine, command=_command(machine, spec, wanted.port, said if "wanted" in parts else "")
        )
    if "state" in parts or (whole and not _on_volume(machine)):
        machine = replace(machine, env={**machine.env, "OPENCLAW_STATE_DIR": STATE_DIR})
    memory = max(wanted.memory_mb, MIN_MEMORY_MB if whole and machine.memory_mb < MIN_MEMORY_MB else 0)
    if memory:
        machine = replace(machine, memory_mb=memory)
    if memory or "heap" in parts:
        machine = replace(machine, env={**machine.env, "NODE_OPTIONS": _with_heap(machine)})
    machine = _mounted(machine, world, wanted, whole=whole)
    machine = replace(machine, entrypoint=())
    return replace(world, machines=(machine, *(m for m in world.machines if m.id != machine.id)))


def makes_way(world: World, wanted: Wanted) -> str:
    """The machine that goes before such a deploy: one without a volume is given none by it. Empty: none has to."""
    machine = world.machine
    if machine is None or machine.mounts:
        return ""
    return machine.id if _mounted(machine, world, wanted, whole="all" in wanted.deploys).mounts else ""


def starts_after(world: World) -> str:
    """The machine that is to be started after a deploy, which leaves one stopped that was stopped."""
    machine = world.machine
    return machine.id if machine is not None and machine.state in ("stopped", "suspended") else ""


def serves(wanted: Wanted) -> bool:
    """Whether its services are to be ours."""
    return bool({"all", "service"}.intersection(wanted.deploys))


def is_as_wanted(world: World, wanted: Wanted, spec: Spec, said: str = "") -> bool:
    """Nothing is to be deployed any more."""
    now, then = world.machine, repaired(world, wanted, spec, said).machine
    if now is None or then is None or (wanted.image and now.image.partition("@")[0] != wanted.image):
        return False
    fits = not serves(wanted) or (
        now.services == (at_port(expected_service(spec), wanted.port),)
        and not now.stops_by_itself
        and HEALTH_PATH in now.check_paths
        and all(check.status == "passing" for check in now.checks)
    )
    return now == then and fits and now.state == "started"


def _command(machine: Machine, spec: Spec, port: int, said: str) -> tuple[str, ...]:
    """The answers', or what there is with port and address put right."""
    if said and not command_problem(said, port):
        return tuple(shlex.split(said))
    ours = command_words(spec)
    if spec.command and not command_problem(spec.command, port):
        return ours
    words = list(machine.command)
    if "gateway" not in words or tuple(words) == ours or spec.gateway.primary_model:
        return with_port(shlex.split(COMMAND) if spec.command else ours, port)
    return tuple(_with_options(words, port))


def _with_options(words: list[str], port: int) -> Iterable[str]:
    options = {"--port": str(port), "--bind": "lan"}
    left, skips = dict(options), False
    for word in words:
        name = word.partition("=")[0]
        if skips:
            skips = False
            continue
        if name in options:
            skips = "=" not in word
            if name in left:
                yield from (name, left.pop(name))
            continue
        yield word
    for name, value in left.items():
        yield from (name, value)


def _with_heap(machine: Machine) -> str:
    found, flag = machine.env.get("NODE_OPTIONS", ""), f"--max-old-space-size={heap_mb(machine.memory_mb)}"
    return _HEAP.sub(flag, found) if _HEAP.search(found) else f"{found} {flag}".strip()


def _mounted(machine: Machine, world: World, wanted: Wanted, *, whole: bool) -> Machine:
    named = next((word.partition("=")[2] for word in wanted.deploys if word.startswith("mount=")), "")
    has = machine.mounts[0].volume_id if machine.mounts else ""
    only = world.volumes[0].id if len(world.volumes) == 1 else ""
    volume = named or (has or only if whole else "")
    path = STATE_DIR if not (machine.mounts and _on_volume(machine)) else layout_of(machine).volume
    return replace(machine, mounts=(Mount(volume, path),)) if volume else machine


def _on_volume(machine: Machine) -> bool:
    """Its variables put its state where a volume is, or where ours is put."""
    layout = layout_of(machine)
    return bool(layout.named) and is_below(layout.state, layout.volume)
