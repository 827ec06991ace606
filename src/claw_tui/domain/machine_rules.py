"""What can be changed of a gateway's machine and volume, and what Fly.io or OpenClaw does not allow."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from claw_tui.domain.drift import HEAP, command_problem, is_secret
from claw_tui.domain.machine_wish import MachineWish
from claw_tui.domain.openclaw.lift import holds_secret
from claw_tui.domain.power import is_resting
from claw_tui.domain.rescue import in_rescue
from claw_tui.domain.sizes import SIZES, memory_fits
from claw_tui.domain.spec import MIN_MEMORY_MB
from claw_tui.domain.untold import untold
from claw_tui.domain.world import World
from claw_tui.i18n import _

MEMORIES = (2048, 3072, 4096, 6144, 8192, 12288, 16384)  # MB that are offered
VOLUMES = (1, 2, 3, 5, 10, 20, 50, 100)  # GB that are offered
LARGEST_GB = 500
_SIZE = re.compile(r"shared-cpu-(1|2|4|6|8)x|performance-(1|2|4|6|8|10|12|14|16)x")


def obstacles(world: World) -> Iterator[str]:
    """Why nothing of it can be changed from here."""
    machine = world.machine
    if machine is None:
        yield _("It has no machine yet. D on Home deploys one.")
        return
    if len(world.machines) > 1:
        words = _("It has {count} machines, and claw-tui changes a gateway that has one.")
        yield words.format(count=len(world.machines))
    if words := untold(world):
        yield words
        return
    if in_rescue(machine):
        yield _("Its machine is in rescue: X on Home goes on from there.")
    elif is_resting(world):
        yield _("Its machine is {state}.").format(state=machine.state)
    if len(machine.mounts) > 1:
        yield _("Its machine has several volumes.")
    if holds_secret(shlex.join(machine.command)) or is_secret("", machine.env.get(HEAP, "")):
        yield _("A secret stands in its start command: set it with K on Home, and take it out there.")


def offered_sizes(now: str) -> tuple[str, ...]:
    return SIZES if now in SIZES else (now, *SIZES)


def offered_memories(size: str, now: int) -> tuple[int, ...]:
    """What this machine can have, and OpenClaw can live with."""
    found = {memory for memory in MEMORIES if memory_fits(size, memory)}
    if memory_fits(size, now):
        found.add(now)
    return tuple(sorted(found))


def wrong(wish: MachineWish, regions: tuple[str, ...] = ()) -> str:
    """What is wrong with it; empty when nothing is. ``regions``: those that there are, where they are known."""
    was = wish.before
    if not _SIZE.fullmatch(wish.size):
        return _("There is no machine {size}; there are {names}.").format(
            size=wish.size, names=", ".join(SIZES)
        )
    if wish.memory < MIN_MEMORY_MB and wish.memory != was.memory_mb:
        return _("OpenClaw needs {least} MB of memory at least.").format(least=MIN_MEMORY_MB)
    if not memory_fits(wish.size, wish.memory):
        words = _("{size} can't have {memory} MB; it can have {names}.")
        names = ", ".join(str(memory) for memory in offered_memories(wish.size, 0))
        return words.format(size=wish.size, memory=wish.memory, names=names or _("too little for OpenClaw"))
    return _wrong_volume(wish) or _wrong_place(wish, regions) or _wrong_command(wish)


def _wrong_volume(wish: MachineWish) -> str:
    was = wish.before
    if wish.disk < was.volume_gb:
        words = _("The volume has {now} GB, and Fly.io can't make a volume smaller.")
        return words.format(now=was.volume_gb)
    if wish.disk > LARGEST_GB:
        return _("A volume can have {most} GB at most.").format(most=LARGEST_GB)
    if wish.disk > was.volume_gb and not was.volume:
        return _("It has no volume that could be made larger.")
    return ""


def _wrong_place(wish: MachineWish, regions: tuple[str, ...]) -> str:
    if not wish.moves:
        return ""
    if regions and wish.region not in regions:
        return _("Fly.io has no region {region} now.").format(region=wish.region)
    if not wish.before.volume:
        return _("It has no volume, so that there is nothing to be moved: deploy it where it is to be.")
    return ""


def _wrong_command(wish: MachineWish) -> str:
    if not wish.command or wish.command == wish.before.command:
        return ""
    try:
        shlex.split(wish.command)
    except ValueError:
        return _("In the start command a quote is not closed.")
    why = command_problem(wish.command, wish.before.port)
    return _("That start command is no use: {why}.").format(why=why) if why else ""
