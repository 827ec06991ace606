"""What another machine, volume or region means, before it is begun: in plain words, with the price."""

from __future__ import annotations

from collections.abc import Iterator

from claw_tui.domain.machine_wish import MachineWish, dollars_after, dollars_before, is_exact, rows
from claw_tui.domain.prices import AS_OF, VOLUME_GB
from claw_tui.domain.world import World
from claw_tui.i18n import _, n_

TITLES = {
    "size": n_("Machine"),
    "memory": n_("Memory"),
    "volume": n_("Volume"),
    "region": n_("Region"),
    "command": n_("Start command"),
}


def difference(wish: MachineWish) -> str:
    """In one line: now, then, and what lies between."""
    now, then = dollars_before(wish.before), dollars_after(wish)
    words = _("${now:.2f} → ${then:.2f} a month ({more:+.2f})").format(now=now, then=then, more=then - now)
    return words if is_exact(wish) else _("{words}, or a little more").format(words=words)


def story(wish: MachineWish, world: World) -> list[str]:
    """Lines; empty ones part them."""
    if wish.back:
        return [
            _(
                "What the change has made is removed, and the machine of before runs again. Its volume was not touched."
            )
        ]
    parts = [list(_changes(wish)), list(_meaning(wish, world)), list(_move(wish)) if wish.moves else []]
    lines: list[str] = []
    for part in filter(None, parts):
        lines += [*part, ""]
    return lines[:-1]


def _changes(wish: MachineWish) -> Iterator[str]:
    for what, now, then in rows(wish):
        if now != then:
            words = _("{what}: {now} → {then}")
            yield words.format(what=_(TITLES[what]), now=now or _("the image has its own"), then=then)
    yield _("Price: {words}, by Fly.io's prices of {date}.").format(words=difference(wish), date=AS_OF)


def _meaning(wish: MachineWish, world: World) -> Iterator[str]:
    was = wish.before
    if wish.moves:
        return
    if (wish.size, wish.memory, wish.command or was.command) != (was.vm_size, was.memory_mb, was.command):
        yield _(
            "The machine restarts: it is away for about a minute. If it does not answer then, it is put back."
        )
    if wish.memory != was.memory_mb and was.heap:
        yield _("Node's heap (NODE_OPTIONS) follows the memory.")
    if wish.disk != was.volume_gb:
        yield _(
            "The file system grows with the volume, mostly without a restart. Fly.io can't make it smaller again."
        )
    if any(info.staged for info in world.secrets):
        yield _("Secrets that wait for a restart come in with one.")


def _move(wish: MachineWish) -> Iterator[str]:
    was = wish.before
    yield _(
        "Fly.io moves neither machines nor volumes. So the machine is stopped, its volume is copied to {region} as it is then,"
        " and the same machine is started there. Until that is done it is away: some minutes, more with much on the volume."
    ).format(region=wish.region)
    yield _(
        "Only once the new one answers the old machine is removed. If anything fails the old one runs again, and the copy goes."
    )
    words = _("The old volume {id} stays and costs ${dollars:.2f} a month, until C on Home removes it.")
    yield words.format(id=was.volume, dollars=was.volume_gb * VOLUME_GB)
    yield _(
        "Addresses, name, secrets and image stay. Snapshots stay with the old volume; the new one gets its own."
    )
