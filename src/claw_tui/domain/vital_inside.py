"""The rows of what is used: memory and volumes, by the machine itself and by Fly.io."""

from __future__ import annotations

from collections.abc import Iterator

from claw_tui.domain.vital_figure import Figure
from claw_tui.domain.vital_units import MIB, size
from claw_tui.domain.vitals import NEARLY_FULL, Resources, Source, Standing, Vitals, share
from claw_tui.domain.world import Machine, Volume
from claw_tui.i18n import _


def inside_rows(vitals: Vitals) -> Iterator[Figure]:
    """What the machine itself tells, beside what Fly.io says it has."""
    machine, found = vitals.world.machine, vitals.resources
    told = found.value or Resources()
    whole = told.memory or (machine.memory_mb if machine is not None else 0) * MIB
    if machine is not None and whole:
        yield _used(
            "memory", _("Memory"), size(whole), share(told.memory_used, whole), told.memory_used, vitals
        )
    age = vitals.age_of("volumes")
    for volume in vitals.world.volumes:
        words = _("{name}, {size} GB, {region}").format(
            name=volume.name, size=volume.size_gb, region=volume.region
        )
        if vitals.age_of("machines") is None:
            yield Figure("volume", _("Volume"), words, Source.FLY, age)
        elif machine is not None and _has(machine, volume):
            part = share(told.disk_used, told.disk)
            yield _used("volume", _("Volume"), words, part, told.disk_used, vitals)
        elif other := next((one.id for one in vitals.world.machines if _has(one, volume)), ""):
            words = _("{volume}; machine {id} has it").format(volume=words, id=other)
            yield Figure("volume", _("Volume"), words, Source.FLY, age)
        else:
            words = _("{volume}; no machine has it").format(volume=words)
            yield Figure("volume", _("Volume"), words, Source.FLY, age, Standing.WARNING)


def _has(machine: Machine, volume: Volume) -> bool:
    """By its config; one that tells none has what Fly.io says is attached to it."""
    if not machine.readable:
        return volume.attached_to == machine.id
    return volume.id in [mount.volume_id for mount in machine.mounts]


def _used(name: str, title: str, whole: str, part: float | None, used: int | None, vitals: Vitals) -> Figure:
    found = vitals.resources
    if part is None or used is None:
        why = found.problem or ("" if found.value is None else _("the machine did not say"))
        words = _("{whole}; its use is not known: {why}").format(whole=whole, why=why) if why else whole
        return Figure(name, title, words, Source.FLY, vitals.age_of("machines"))
    standing = (
        Standing.BAD
        if part >= NEARLY_FULL
        else Standing.WARNING
        if part >= NEARLY_FULL - 0.1
        else Standing.PLAIN
    )
    words = _("{whole}; {used} in use ({percent:.0f}%)").format(
        whole=whole, used=size(used), percent=100 * part
    )
    return Figure(name, title, words, Source.MACHINE, found.age, standing)
