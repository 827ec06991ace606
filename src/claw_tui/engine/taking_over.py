"""The answers of a gateway that was made elsewhere, as far as Fly.io tells them."""

from __future__ import annotations

from dataclasses import replace

from claw_tui.domain.spec import Spec
from claw_tui.domain.world import World


def spec_of(app: str, world: World) -> Spec:
    """What can be read off an existing gateway: place, disk, machine, version, who can reach it, secret names."""
    machine, volume = world.machine, next(iter(world.volumes), None)
    found = Spec(app=app, org=world.app.org if world.app else "", private=not world.public_ips)
    if machine is not None:
        tag = machine.image.rpartition(":")[2]
        found = replace(
            found, region=machine.region, vm_size=machine.vm_size, memory_mb=machine.memory_mb,
            version=tag if tag[:2] == "20" else found.version,
        )  # fmt: skip
    if volume is not None:
        found = replace(found, volume_name=volume.name, volume_gb=volume.size_gb)
    return replace(found, secret_names=tuple(secret.name for secret in world.secrets))
