"""WireGuard peers: made with their file in one go, listed, removed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from claw_tui.domain.errors import BadInput, ClawError
from claw_tui.domain.exposure.facts import Peer
from claw_tui.domain.reach import peer_name_problem
from claw_tui.i18n import _
from claw_tui.ports import Services

OWN_PREFIX = "interactive-"  # of flyctl's own peers, which it makes for its tunnels and consoles


@dataclass(frozen=True, slots=True)
class Made:
    """A peer, and where its file is."""

    name: str
    file: Path


class Peers:
    """Of one organization. ``region``: where a new one's way into the network begins."""

    def __init__(self, services: Services, org: str, region: str) -> None:
        self._services, self._org, self._region = services, org, region

    @property
    def org(self) -> str:
        return self._org

    async def all(self) -> tuple[Peer, ...]:
        """Those that somebody made first, then flyctl's own."""
        found = await self._services.fly.peers(self._org)
        return tuple(sorted(found, key=lambda peer: (peer.name.startswith(OWN_PREFIX), peer.name)))

    async def make(self, name: str, place: str) -> Made:
        """Raises ClawError; then there is no new peer, as far as we can see.

        flyctl makes the peer first and its file then: without its file it would be a door to which nobody has the key.
        """
        file = Path(place).expanduser().absolute()
        if problem := peer_name_problem(name) or self._services.desktop.file_problem(file):
            raise BadInput(problem, hint=_("Nothing was made."))
        if name in [peer.name for peer in await self.all()]:
            raise BadInput(
                _("There is a peer {name} already.").format(name=name), hint=_("Choose another name.")
            )
        try:
            await self._services.fly.create_peer(self._org, self._region, name, file)
        except ClawError:
            if not self._services.desktop.file_problem(file).startswith(str(file)):
                await self._take_away(name)
            raise
        return Made(name, file)  # fmt: skip

    async def _take_away(self, name: str) -> None:
        if name in [peer.name for peer in await self.all()]:
            await self.remove(name)

    async def remove(self, name: str) -> None:
        await self._services.fly.remove_peer(self._org, name)
