"""Another machine, volume or region for a gateway that is there: what is wanted, what was before, what it costs.

All that a run needs to know of before is in its job's choice: so it can go on after a kill, and back.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields

from claw_tui.domain.change_args import MachineChange
from claw_tui.domain.drift import HEAP
from claw_tui.domain.fly_toml import heap_mb
from claw_tui.domain.layout import steady_port
from claw_tui.domain.parse import json_of
from claw_tui.domain.prices import REGION_FACTOR, VOLUME_GB, machine_price
from claw_tui.domain.spec import PORT
from claw_tui.domain.world import Machine, Volume, World

_HEAP = re.compile(r"--max-old-space-size=\d+")


@dataclass(frozen=True, slots=True)
class Before:
    """The gateway's one machine and its volume as they were. ``heap``: its NODE_OPTIONS; ``volumes``: ids that were there."""

    machine: str = ""
    region: str = ""
    vm_size: str = ""
    memory_mb: int = 0
    command: str = ""
    heap: str = ""
    volume: str = ""
    volume_gb: int = 0
    volumes: tuple[str, ...] = ()
    port: int = PORT  # at which it has to listen


@dataclass(frozen=True, slots=True)
class MachineWish:
    """What is empty stays. ``back``: all is to be as it was before."""

    vm_size: str = ""
    memory_mb: int = 0
    volume_gb: int = 0
    region: str = ""
    command: str = ""
    back: bool = False
    before: Before = field(default_factory=Before)

    @property
    def moves(self) -> bool:
        return bool(self.region) and self.region != self.before.region

    @property
    def size(self) -> str:
        return self.vm_size or self.before.vm_size

    @property
    def memory(self) -> int:
        return self.memory_mb or self.before.memory_mb

    @property
    def disk(self) -> int:
        return self.volume_gb or self.before.volume_gb

    @property
    def place(self) -> str:
        return self.region or self.before.region

    @property
    def differs(self) -> bool:
        """Whether anything is to be another way."""
        was = self.before
        now = (self.size, self.memory, self.disk, self.place, self.command or was.command)
        return now != (was.vm_size, was.memory_mb, was.volume_gb, was.region, was.command)


def choice_of_wish(wish: MachineWish) -> str:
    return json.dumps(asdict(wish))


def wish_of(choice: str) -> MachineWish:
    """Raises ValueError, TypeError for what is none."""
    raw = json_of(choice)
    if not isinstance(raw, dict) or not isinstance(raw.get("before"), dict):
        raise TypeError(choice)
    was = {
        name: value for name, value in raw.pop("before").items() if name in [f.name for f in fields(Before)]
    }
    was["volumes"] = tuple(map(str, was.get("volumes", ())))
    known = {name: value for name, value in raw.items() if name in [f.name for f in fields(MachineWish)]}
    return MachineWish(**known, before=Before(**was))


def before_of(machine: Machine, world: World) -> Before:
    """Of the gateway's machine now."""
    mounted = machine.mounts[0].volume_id if machine.mounts else ""
    volume = next((volume for volume in world.volumes if volume.id == mounted), None)
    return Before(
        machine.id, machine.region, machine.vm_size, machine.memory_mb, shlex.join(machine.command),
        machine.env.get(HEAP, ""), mounted, volume.size_gb if volume else 0,
        tuple(sorted(one.id for one in world.volumes)), steady_port(machine),
    )  # fmt: skip


# -- what there is ----------------------------------------------------------------------------------------------------
def new_volumes(world: World, wish: MachineWish) -> list[Volume]:
    """Copies that a move has made; one that was there before it is none."""
    if not wish.moves:
        return []
    return [
        volume for volume in world.volumes
        if volume.region == wish.region and volume.id not in wish.before.volumes and "destroy" not in volume.state
    ]  # fmt: skip


def new_machines(world: World, wish: MachineWish) -> list[Machine]:
    """Those that a move has made: they have one of its copies."""
    copies = {volume.id for volume in new_volumes(world, wish)}
    return [m for m in world.machines if any(mount.volume_id in copies for mount in m.mounts)]


def old_machine(world: World, wish: MachineWish) -> Machine | None:
    return next((m for m in world.machines if m.id == wish.before.machine), None)


def target(world: World, wish: MachineWish) -> Machine | None:
    """The machine that is to be as it is wanted; None as long as a move has not made it."""
    return next(iter(new_machines(world, wish)), None) if wish.moves else old_machine(world, wish)


def target_volume(world: World, wish: MachineWish) -> Volume | None:
    machine = target(world, wish)
    mounted = [mount.volume_id for mount in machine.mounts] if machine else []
    copies = new_volumes(world, wish) if wish.moves else world.volumes
    wanted = mounted or ([] if wish.moves else [wish.before.volume])
    return next((v for v in copies if v.id in wanted), next(iter(copies), None) if wish.moves else None)


def is_partly_there(world: World, wish: MachineWish) -> bool:
    """Something of it is as it is wanted and was not before, and the rest is as it was: a run has changed it."""
    machine = target(world, wish)
    if machine is None:
        return False
    here = [now for _what, now, _then in rows(MachineWish(before=before_of(machine, world)))]
    wanted = [(now, then) for _what, now, then in rows(wish)]
    return any(found == then != now for found, (now, then) in zip(here, wanted, strict=True)) and all(
        found in both for found, both in zip(here, wanted, strict=True)
    )


# -- what is to be changed --------------------------------------------------------------------------------------------
def heap_for(options: str, memory_mb: int) -> str:
    """NODE_OPTIONS with Node's heap below that memory; one that says nothing of the heap stays so."""
    return _HEAP.sub(f"--max-old-space-size={heap_mb(memory_mb)}", options)


def change_of(machine: Machine, wish: MachineWish) -> MachineChange:
    """What ``machine`` has otherwise than it is wanted."""
    other_size = (machine.vm_size, machine.memory_mb) != (wish.size, wish.memory)
    options = machine.env.get(HEAP, "")
    heap = heap_for(options, wish.memory) if wish.memory != wish.before.memory_mb else options
    other_command = bool(wish.command) and tuple(shlex.split(wish.command)) != machine.command
    return MachineChange(
        wish.size if other_size else "", wish.memory if other_size else 0, {HEAP: heap} if heap != options else {},
        wish.command if other_command else "",
    )  # fmt: skip


def change_back(machine: Machine, was: Before) -> MachineChange:
    """What ``machine`` has otherwise than before."""
    other_size = (machine.vm_size, machine.memory_mb) != (was.vm_size, was.memory_mb)
    other_heap = was.heap and machine.env.get(HEAP, "") != was.heap
    other_command = shlex.join(machine.command) != was.command
    return MachineChange(
        was.vm_size if other_size else "", was.memory_mb if other_size else 0, {HEAP: was.heap} if other_heap else {},
        was.command if other_command else "", other_command and not was.command,
    )  # fmt: skip


# -- what it costs ----------------------------------------------------------------------------------------------------
def dollars_before(was: Before) -> float:
    return machine_price(was.vm_size, was.memory_mb, was.region) + round(was.volume_gb * VOLUME_GB, 2)


def dollars_after(wish: MachineWish) -> float:
    return machine_price(wish.size, wish.memory, wish.place) + round(wish.disk * VOLUME_GB, 2)


def is_exact(wish: MachineWish) -> bool:
    """Whether both regions' prices are known."""
    return wish.place in REGION_FACTOR and wish.before.region in REGION_FACTOR


def rows(wish: MachineWish) -> Iterator[tuple[str, str, str]]:
    """(what, now, then) for each thing that can be another way."""
    was = wish.before
    yield "size", was.vm_size, wish.size
    yield "memory", f"{was.memory_mb} MB", f"{wish.memory} MB"
    yield "volume", f"{was.volume_gb} GB", f"{wish.disk} GB"
    yield "region", was.region, wish.place
    yield "command", was.command, wish.command or was.command
