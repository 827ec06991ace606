"""What an app has besides what a gateway needs, and what each thing of it costs.

flyctl repeats a request whose answer was lost, also one that makes something: so a volume or an address can be there
twice, and costs twice. Nothing is taken away without the person's word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from claw_tui.domain.made import Book, Kind, Thing, things
from claw_tui.domain.prices import DEDICATED_V4, VOLUME_GB, machine_price
from claw_tui.domain.spec import STATE_DIR, Spec
from claw_tui.domain.world import Ip, IpKind, Machine, Volume, World
from claw_tui.engine.provenance import used_volumes
from claw_tui.i18n import _

NOTHING_KNOWN = Book()
ONE_IS_ENOUGH = (IpKind.SHARED_V4, IpKind.V6, IpKind.PRIVATE_V6)


@dataclass(frozen=True, slots=True)
class Piece:
    """A thing of an app, for people. ``dollars`` a month; ``ours``: a run of this program on this computer made it.

    ``busy``: a machine uses it. ``data``: something may be lost with it.
    """

    thing: Thing
    words: str
    dollars: float = 0.0
    ours: bool = False
    busy: bool = False
    data: bool = False

    @property
    def safe(self) -> bool:
        """Nobody misses it: it came from a request that ran twice, and nothing was ever in it."""
        return self.ours and not self.busy and not self.data

    @property
    def price(self) -> str:
        if self.thing.kind is Kind.MACHINE and not self.dollars:
            return _("a few cents: it is stopped")  # for its image, by the GB
        return _("${dollars:.2f} a month").format(dollars=self.dollars) if self.dollars else _("free")


def extras(world: World, spec: Spec, book: Book = NOTHING_KNOWN) -> tuple[Piece, ...]:
    """What ``world`` has twice, or that ``spec`` never asked for; the one that is in use is not among it."""
    found: list[Thing] = []
    kept = kept_machine(world)
    found += [Thing(Kind.MACHINE, m.id) for m in world.machines if kept and m.id != kept.id]
    found += [Thing(Kind.VOLUME, volume.id) for volume in _extra_volumes(world, spec, book)]
    found += [Thing(Kind.IP, ip.address) for ip in _extra_ips(world, spec, book)]
    return pieces(world, found, book)


def pieces(world: World, wanted: Iterable[Thing], book: Book = NOTHING_KNOWN) -> tuple[Piece, ...]:
    """``wanted`` as far as the world has it, in the order in which it is taken away."""
    there = things(world)
    order = list(Kind)
    some = sorted((t for t in wanted if t in there), key=lambda t: (-order.index(t.kind), t.id))
    return tuple(_piece(world, thing, book) for thing in some)


def about(piece: Piece) -> str:
    """What it costs, where it comes from, and whether something is lost with it."""
    origin = _("made twice from here") if piece.ours else _("not known who made it")
    parts = [piece.price, origin]
    if piece.busy:
        parts.append(_("in use"))
    elif piece.thing.kind is Kind.VOLUME:
        parts.append(_("may hold data") if piece.data else _("empty"))
    return ", ".join(parts)


def total(found: Iterable[Piece]) -> float:
    return sum(piece.dollars for piece in found)


def mounts(machine: Machine, volume: str = "") -> bool:
    return any(mount.volume_id == volume if volume else mount.path == STATE_DIR for mount in machine.mounts)


def kept_machine(world: World) -> Machine | None:
    """The gateway: the one with its volume, then one that runs."""
    return min(world.machines, key=lambda m: (not mounts(m), m.state != "started", m.id), default=None)


def _extra_volumes(world: World, spec: Spec, book: Book) -> list[Volume]:
    """Those of the gateway's name that no machine has, when another one does its work or could."""
    used = used_volumes(world)
    same = [v for v in world.volumes if v.name == spec.volume_name and "destroy" not in v.state]
    if any(v.id in used for v in same):
        return [v for v in same if v.id not in used]
    fitting = [v for v in same if v.region == spec.region]
    # One that was used before has data; of equals the one that was there first stays.
    kept = min(
        fitting, key=lambda v: Thing(Kind.VOLUME, v.id) in book.made and v.id not in book.used, default=None
    )
    return [v for v in same if kept is not None and v.id != kept.id]


def _extra_ips(world: World, spec: Spec, book: Book) -> list[Ip]:
    found: list[Ip] = []
    for kind in ONE_IS_ENOUGH:
        some = [ip for ip in world.ips if ip.kind is kind]
        kept = min(some, key=lambda ip: Thing(Kind.IP, ip.address) in book.made, default=None)
        found += [ip for ip in some if ip is not kept]
    shared = any(ip.kind is IpKind.SHARED_V4 for ip in world.ips)
    if shared or spec.private:  # else it is the only way in over IPv4
        found += [ip for ip in world.ips if ip.kind is IpKind.V4]
    return found


def _piece(world: World, thing: Thing, book: Book) -> Piece:
    ours = thing in book.made
    match thing.kind:
        case Kind.MACHINE:
            return _machine_piece(next(m for m in world.machines if m.id == thing.id), thing, ours=ours)
        case Kind.VOLUME:
            return _volume_piece(world, next(v for v in world.volumes if v.id == thing.id), thing, book)
        case Kind.IP:
            ip = next(ip for ip in world.ips if ip.address == thing.id)
            words = _("address {address} ({kind})").format(address=ip.address, kind=ip.kind.value)
            return Piece(thing, words, DEDICATED_V4 if ip.kind is IpKind.V4 else 0.0, ours)
        case Kind.SECRET:
            return Piece(thing, _("secret {name}").format(name=thing.id), ours=ours)
        case Kind.APP:
            return Piece(thing, _("app {name}").format(name=thing.id), ours=ours)


def _machine_piece(machine: Machine, thing: Thing, *, ours: bool) -> Piece:
    runs = machine.state == "started"
    words = _("machine {id} ({size}, {region}, {state})").format(
        id=machine.id, size=machine.vm_size, region=machine.region, state=machine.state
    )
    dollars = (
        machine_price(machine.vm_size, machine.memory_mb, machine.region) if runs and machine.cpus else 0.0
    )
    return Piece(thing, words, dollars, ours, busy=runs, data=bool(machine.mounts))


def _volume_piece(world: World, volume: Volume, thing: Thing, book: Book) -> Piece:
    ours, busy = thing in book.made, volume.id in used_volumes(world)
    words = _("volume {id} ({size} GB, {region})").format(
        id=volume.id, size=volume.size_gb, region=volume.region
    )
    data = busy or volume.id in book.used or not ours
    return Piece(thing, words, round(volume.size_gb * VOLUME_GB, 2), ours, busy, data)
