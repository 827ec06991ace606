"""flyctl's ways into the private network: its proxy and its WireGuard peers."""

from __future__ import annotations

import re
from pathlib import Path

from claw_tui.adapters import fly_errors, process
from claw_tui.adapters.fly_exposure import FlyExposure
from claw_tui.domain import reach_args
from claw_tui.domain.errors import ClawError, FlyError
from claw_tui.domain.reach_errors import NoWayIn, PortTaken, TunnelRefused
from claw_tui.i18n import _

FOR_EVER = 366 * 86400.0  # seconds; a tunnel is on for as long as somebody wants it
GRACE = 3.0  # it looks once a second whether it is to end

_TAKEN = re.compile(r"bind: address already in use")
_NO_NAME = re.compile(r"host was not found in DNS")
_TUNNEL = re.compile(
    r"tunnel unavailable|can't establish agent|failed to start|[wW]ire[gG]uard|failed starting agent|websocket"
)


def _nobody(_line: str) -> None:
    """Only the end of what it says is kept."""


def explain_proxy(port: int, done: process.Completed) -> ClawError:
    """Why a proxy ended."""
    said = fly_errors.error_text(done)
    if _TAKEN.search(said):
        words = _("Port {port} of this computer is taken by another program.").format(port=port)
        return PortTaken(words, hint=_("Choose another port, or end that program."), detail=said)
    if _NO_NAME.search(said):
        words = _("The private network does not know the app's Flycast address (yet).")
        return NoWayIn(
            words,
            hint=_("A new address takes a minute. Else: a deploy as a private gateway gives it one."),
            detail=said,
        )
    found = fly_errors.explain(reach_args.proxy("APP", port), done)
    if type(found) is FlyError and _TUNNEL.search(done.stderr):  # there also what was asked of Fly.io stands
        return TunnelRefused(
            _("Fly.io did not let flyctl into the private network (WireGuard)."), detail=said
        )
    if done.code == 0:
        return FlyError(_("The tunnel has ended."), hint=_("Start it again."), detail=said)
    return found  # fmt: skip


class FlyReach(FlyExposure):
    """The port ``WireGuard``, and how a proxy is called."""

    async def proxy_call(self, app: str, port: int, folder: Path, *, stays: bool = False) -> process.Call:
        """``folder``: flyctl's, of tunnels only, for its agent lives as long as they do."""
        argv = (*await self._program(), *reach_args.proxy(app, port, stays=stays))
        return process.Call(
            argv, self._env(folder), FOR_EVER, hold_stdin=not stays, grace=GRACE, on_line=_nobody
        )

    async def stop_agent_of(self, folder: Path) -> None:
        await self._capture(reach_args.AGENT_STOP, folder=folder)

    async def create_peer(self, org: str, region: str, name: str, file: Path) -> None:
        await self._change(reach_args.peer_create(org, region, name, str(file)))

    async def remove_peer(self, org: str, name: str) -> None:
        await self._change(reach_args.peer_remove(org, name))
