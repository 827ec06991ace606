"""How things are asked of a machine: a short script by ``machine exec``, a longer command apart from the call."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import Protocol
from uuid import uuid4

from claw_tui.adapters import gateway_scripts as scripts
from claw_tui.adapters.gateway_answers import last_line
from claw_tui.domain.answers import ExecResult
from claw_tui.domain.clean import clean
from claw_tui.domain.elsewhere import not_looked_after
from claw_tui.domain.errors import ClawError, GatewayError
from claw_tui.domain.layout import OWN_PORT, Layout, file_port
from claw_tui.i18n import _
from claw_tui.ports import FlyChange
from claw_tui.ports.access import FlyShell

COMMAND_SECONDS = (
    150.0  # an `openclaw` command takes 3 to 20 seconds on a shared CPU, a probe of channels longer
)
POLL_SECONDS = 1.5


class FlyInside(FlyChange, FlyShell, Protocol):
    """What of flyctl leads into a machine."""


class GatewayCalls:
    """``pause`` waits (seconds). ``state``: of a gateway that is in no machine of Fly.io's."""

    def __init__(
        self,
        fly: FlyInside,
        pause: Callable[[float], Awaitable[None]],
        *,
        state: str = "",
        tmp: str = "/tmp",  # noqa: S108
    ) -> None:
        self._fly, self._pause, self._tmp = fly, pause, tmp
        self._fixed = Layout(state=state, config=f"{state}/openclaw.json", volume=state) if state else None

    async def _layout(self, app: str, machine: str) -> Layout:
        return self._fixed or await self._fly.layout(app, machine)

    async def _place(self, app: str, machine: str) -> Layout:
        """Where its files are. Raises Elsewhere where nothing is read and written from here."""
        layout = await self._layout(app, machine)
        if layout.foreign:
            raise not_looked_after(layout.foreign)
        return layout

    async def read_config(self, app: str, machine: str) -> str | None:
        place = await self._place(app, machine)
        result = await self._exec(app, machine, scripts.read_file(place.config))
        return base64.b64decode(result.stdout).decode("utf-8", "replace") if result.stdout.strip() else None

    async def _port(self, app: str, machine: str) -> int:
        """Where its gateway listens: by its command or environment, else by its file, else OpenClaw's own."""
        layout = await self._layout(app, machine)
        if layout.port:
            return layout.port
        from claw_tui.domain.openclaw import json5  # noqa: PLC0415  (seldom: nothing but the file says it)

        try:
            tree = json5.read(await self.read_config(app, machine) or "{}")
        except ValueError:
            tree = None
        return file_port(tree) or OWN_PORT

    @property
    def _logs(self) -> str:
        return f"{self._tmp}/openclaw/openclaw-*.log"

    async def _exec(self, app: str, machine: str, script: str) -> ExecResult:
        result = await self._fly.exec(app, machine, script)
        if result.code != 0:
            raise GatewayError(
                _("A command in the machine failed."),
                hint=_("Try again; if it happens again, look at the log."),
                detail=last_line(result),
            )
        return result

    async def _long(self, app: str, machine: str, command: str, *, as_node: bool = False) -> ExecResult:
        """Run an ``openclaw`` command, which may take longer than one call to the machine may."""
        folder = f"{self._tmp}/claw-tui-{uuid4().hex[:12]}"
        layout = await self._layout(app, machine)
        script = scripts.begin(folder, command, state=layout.state, as_node=as_node, own=layout.exports)
        await self._fly.exec(app, machine, script)
        try:
            waited = 0.0
            while waited < COMMAND_SECONDS:
                lines = (await self._exec(app, machine, scripts.poll(folder))).stdout.split("\n")
                if lines[0].strip():
                    out, err = (
                        base64.b64decode(line).decode("utf-8", "replace") for line in (*lines[1:3], "")[:2]
                    )
                    return ExecResult(int(lines[0]), out, clean(err))
                await self._pause(POLL_SECONDS)
                waited += POLL_SECONDS
        finally:
            await self._tidy(app, machine, folder)
        raise GatewayError(
            _("`{command}` did not end within {seconds:.0f} seconds.").format(
                command=command, seconds=COMMAND_SECONDS
            ),
            hint=_("The machine may be too small or busy: look at its log, then try again."),
        )

    async def _tidy(self, app: str, machine: str, folder: str) -> None:
        try:
            await self._fly.exec(app, machine, scripts.tidy(folder))
        except ClawError:
            return  # a leftover in /tmp of a machine that cannot be reached now is gone at its next start
