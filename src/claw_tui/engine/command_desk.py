"""Commands of OpenClaw in one gateway's machine: run and waited for, or to be given the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from claw_tui.domain.access_args import by_hand
from claw_tui.domain.answers import ChannelStatus, Command, ExecResult
from claw_tui.domain.fly_args import shown
from claw_tui.engine.guest_desk import commanded_machine
from claw_tui.engine.session import Session


class CommandDesk:
    """Raises GatewayError, FlyError."""

    def __init__(self, session: Session, app: str) -> None:
        self._session, self._app = session, app

    async def run(self, words: Sequence[str]) -> ExecResult:
        machine = await commanded_machine(self._session, self._app)
        return await self._session.services.gateway.run(self._app, machine.id, words)

    async def on_terminal(self, words: Sequence[str]) -> Command:
        machine = await commanded_machine(self._session, self._app)
        return self._session.services.fly.terminal(self._app, machine.id, words)

    async def channel(self, name: str) -> ChannelStatus | None:
        """How the gateway sees one of its channels now; None when it has no such one."""
        machine = await commanded_machine(self._session, self._app)
        found = await self._session.services.gateway.channels(self._app, machine.id)
        return next((channel for channel in found if channel.name == name), None)

    def line_by_hand(self, words: Sequence[str]) -> str:
        """What a person may type who has a terminal and no claw-tui there."""
        return shown(by_hand(self._app, words))
