"""What is lost when an app is taken away for good, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from claw_tui.domain.world import IpKind, World
from claw_tui.i18n import _, many

LINKED = {"whatsapp": "WhatsApp", "signal": "Signal"}  # by a phone, whose link is kept on the volume
CANNOT_RETURN = (
    IpKind.V4,
    IpKind.V6,
    IpKind.PRIVATE_V6,
    IpKind.UNKNOWN,
)  # what is given out next is another one


@dataclass(frozen=True, slots=True)
class Leaving:
    """``config``: its openclaw.json as far as it could be read. ``snapshots``: how many there are of its volumes."""

    app: str
    world: World
    certificates: tuple[str, ...] = ()
    config: Mapping[str, object] = field(default_factory=dict)
    snapshots: int = 0


def losses(leaving: Leaving, *, keeps_app: bool) -> Iterator[str]:
    """One sentence for each thing. ``keeps_app``: the empty app stays, with its name, its secrets and its snapshots."""
    world = leaving.world
    yield from _data(leaving, keeps_app=keeps_app)
    yield from _links(leaving.config)
    lost = [ip.address for ip in world.ips if ip.kind in CANNOT_RETURN]
    if lost:
        words = _(
            "Addresses that can't be had again: {addresses}. Whoever has them in a DNS has to change it."
        )
        yield words.format(addresses=", ".join(lost))
    if keeps_app:
        return
    yield _("The name {app}, and {app}.fly.dev with it: anybody can take it then.").format(app=leaving.app)
    for host in leaving.certificates:
        words = _("The certificate of {host}: take that name out of your DNS, for it leads nowhere then.")
        yield words.format(host=host)
    if world.secrets:
        names = ", ".join(info.name for info in world.secrets)
        yield _("Secrets, which nobody can read back from Fly.io: {names}.").format(names=names)


def _data(leaving: Leaving, *, keeps_app: bool) -> Iterator[str]:
    volumes = leaving.world.volumes
    if volumes:
        where = ", ".join(f"{volume.id} ({volume.size_gb} GB)" for volume in volumes)
        words = _("All that is on {where}: openclaw.json, conversations, memory, files, who was let in.")
        yield words.format(where=where)
    if keeps_app:
        return
    if leaving.snapshots:
        words = many(
            "{count} snapshot of it: snapshots belong to the app.",
            "{count} snapshots of it: snapshots belong to the app.",
            leaving.snapshots,
        )
        yield words


def _links(config: Mapping[str, object]) -> Iterator[str]:
    channels: Any = config.get("channels")
    for name, title in LINKED.items():
        channel = channels.get(name) if isinstance(channels, dict) else None
        if isinstance(channel, dict) and channel.get("enabled") is not False:
            yield _("The link to {channel}: a phone has to be linked anew.").format(channel=title)
