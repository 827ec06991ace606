"""Who can reach a gateway, by what Fly.io has of it; and what keeps a deploy from changing only that."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from claw_tui.domain import fly_args
from claw_tui.domain.drift import FLYS, command_problem, is_secret
from claw_tui.domain.fly_toml import expected_service
from claw_tui.domain.layout import at_port, said_port
from claw_tui.domain.openclaw.lift import holds_secret
from claw_tui.domain.rescue import in_rescue
from claw_tui.domain.spec import PORT, Spec
from claw_tui.domain.untold import untold
from claw_tui.domain.world import OUR_PROCESS_GROUP, IpKind, Machine, World
from claw_tui.i18n import _

PRIVATE_SERVICE = expected_service(Spec(private=True))


class Door(StrEnum):
    """How a gateway is reached."""

    NONE = "none"  # there is no machine
    PUBLIC = "public"  # it has a public address
    PRIVATE = "private"  # by its private address only, and it answers there
    SHUT = "shut"  # no public address, and nothing leads to the gateway: the guides' private recipe
    HALF = "half"  # no public address, and the service is not the private one: cut off, or somebody's own way


def door_of(world: World) -> Door:
    """Whatever is not known to be private is not."""
    if not world.machines:
        return Door.NONE
    if world.public_ips:
        return Door.PUBLIC
    if not any(machine.services or not machine.readable for machine in world.machines):
        return Door.SHUT
    private = any(ip.kind is IpKind.PRIVATE_V6 for ip in world.ips)
    return Door.PRIVATE if private and all(map(is_private, world.machines)) else Door.HALF


def nothing_leads_to(world: World) -> bool:
    """Neither from the internet nor from the organization's network. Who has read no addresses must not ask."""
    if untold(world):
        return False
    private = any(ip.kind is IpKind.PRIVATE_V6 for ip in world.ips)
    return door_of(world) is Door.SHUT or (door_of(world) is Door.HALF and not private)


def is_private(machine: Machine) -> bool:
    """Its one service is the private one, which leads to where the gateway listens."""
    return machine.services == (at_port(PRIVATE_SERVICE, said_port(machine) or PORT),)


def is_public(machine: Machine) -> bool:
    """Fly's proxy speaks TLS for it."""
    return any("tls" in port.handlers for service in machine.services for port in service.ports)


def outer_ports(machines: Iterable[Machine]) -> tuple[int, ...]:
    """At which Fly's proxy takes visitors for them, on whatever address."""
    return tuple(sorted({p.port for m in machines for service in m.services for p in service.ports}))


def missing_public(world: World) -> tuple[IpKind, ...]:
    """What a public gateway has and this one has not; both are free."""
    kinds = {ip.kind for ip in world.ips}
    missing = () if kinds & {IpKind.V4, IpKind.SHARED_V4} else (IpKind.SHARED_V4,)
    return missing if IpKind.V6 in kinds else (*missing, IpKind.V6)


def public_commands(app: str, world: World) -> tuple[str, ...]:
    """What gives it those, as one would type it."""
    argv = {IpKind.SHARED_V4: fly_args.ips_allocate_shared_v4(app), IpKind.V6: fly_args.ips_allocate_v6(app)}
    return tuple(fly_args.shown(argv[kind]) for kind in missing_public(world))


def dedicated(world: World) -> tuple[str, ...]:
    """IPv4 addresses that cost money, each for itself."""
    return tuple(ip.address for ip in world.ips if ip.kind is IpKind.V4)


def variables(machine: Machine) -> dict[str, str]:
    """Those that a file has set, or somebody by hand."""
    return {name: value for name, value in machine.env.items() if not name.startswith(FLYS)}


def obstacles(world: World) -> tuple[str, ...]:
    """Why a deploy can't change who reaches the gateway and leave everything else as it is."""
    machine = world.machine
    if machine is None:
        return (_("It has no machine yet. D on Home deploys one."),)
    if words := untold(world):  # all that is not told would be lost
        return (words,)
    if in_rescue(machine):
        return (_("Its machine is in rescue: X on Home goes on from there."),)
    if machine.state != "started":
        return (_("Its machine is {state}.").format(state=machine.state),)
    return (*_of_machine(machine), *_of_others(world.machines))


def _of_machine(machine: Machine) -> Iterator[str]:
    command = shlex.join(machine.command)
    if machine.entrypoint:
        yield _("Its machine has an entrypoint of its own, and fly.toml has no place for one.")
    if holds_secret(command):
        yield _("A secret stands in its start command: set it with K on Home, and take it out there.")
    for name, value in variables(machine).items():
        if is_secret(name, value):
            words = _(
                "The variable {name} may be a secret, and is no Fly secret: set it with K on Home, then take it out of fly.toml."
            )
            yield words.format(name=name)
    if len(machine.mounts) > 1:
        yield _("Its machine has several volumes.")
    if not machine.services and (why := command_problem(command)):
        yield _("It is not started in a way that anybody could reach it: {why}.").format(why=why)
    for service in machine.services:
        if service.internal_port != PORT or service.protocol != "tcp":
            words = _(
                "It has a service at port {port} ({protocol}) too, and claw-tui knows the gateway's at 3000 only."
            )
            yield words.format(port=service.internal_port, protocol=service.protocol)


def _of_others(machines: Sequence[Machine]) -> Iterator[str]:
    """A deploy makes them all alike."""
    first = machines[0]
    for machine in machines:
        group = machine.group
        if not group:
            words = _(
                "Machine {id} was not made by a deploy, so that none changes it: `fly machine destroy {id}`, if nobody needs it."
            )
            yield words.format(id=machine.id)
        elif group != OUR_PROCESS_GROUP:
            words = _("Machine {id} is of the process group “{group}”; claw-tui knows the group “app” only.")
            yield words.format(id=machine.id, group=group)
    unlike = [m.id for m in machines[1:] if _kind(m) != _kind(first)]
    if unlike:
        words = _(
            "Its machines {first} and {others} are not alike (image, size, variables or volume), and a deploy would make them so."
        )
        yield words.format(first=first.id, others=", ".join(unlike))


def _kind(machine: Machine) -> tuple[object, ...]:
    image = machine.image.partition("@")[0]
    paths = [mount.path for mount in machine.mounts]
    return (image, machine.vm_size, machine.memory_mb, machine.command, variables(machine), paths)
