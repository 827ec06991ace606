"""One command of OpenClaw in the machine, as the gateway's user and with what the gateway knows."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Sequence
from uuid import uuid4

from claw_tui.adapters import gateway_scripts as scripts
from claw_tui.adapters.gateway_answers import json_in, silent
from claw_tui.adapters.gateway_guests import GatewayGuests
from claw_tui.domain.answers import ExecResult
from claw_tui.domain.as_gateway import as_gateway
from claw_tui.domain.clean import clean
from claw_tui.domain.errors import GatewayError
from claw_tui.i18n import _

RUN_SECONDS = 240.0  # then it is ended in the machine; what takes longer wants a terminal
TIMED_OUT = 124  # of the program `timeout`
LOOK_SECONDS = 1.0
MOST = 200_000  # bytes of its output that are fetched: the end of it


class GatewayCommands(GatewayGuests):
    """The port ``GatewayShell``, and what is told by a command that only the gateway's user may run."""

    async def opened_providers(self, app: str, machine: str) -> frozenset[str]:
        """Of each the answer has a part of its key: nothing else of it is taken over."""
        command = ("openclaw", "models", "status", "--json")
        auth = json_in(await self.run(app, machine, command)).get("auth")
        listed = auth.get("providers") if isinstance(auth, dict) else None
        if not isinstance(listed, list):
            raise silent()
        return frozenset(
            str(one["provider"]) for one in listed if isinstance(one, dict) and "provider" in one
        )

    async def run(self, app: str, machine: str, words: Sequence[str]) -> ExecResult:
        folder = f"{self._tmp}/claw-tui-{uuid4().hex[:12]}"
        command = f"timeout -k 5 {RUN_SECONDS:.0f} {shlex.join(as_gateway(words))}"
        await self._exec(app, machine, scripts.begin_plain(folder, command))
        try:
            return await self._until_done(app, machine, folder, shlex.join(words))
        finally:
            await self._tidy(app, machine, folder)

    async def _until_done(self, app: str, machine: str, folder: str, command: str) -> ExecResult:
        waited = 0.0
        while waited < RUN_SECONDS + 30.0:
            lines = (await self._exec(app, machine, scripts.poll_end(folder, MOST))).stdout.split("\n")
            if lines[0].strip():
                out, err = (
                    clean(base64.b64decode(line).decode("utf-8", "replace"))
                    for line in (*lines[1:3], "", "")[:2]
                )
                if int(lines[0]) == TIMED_OUT:
                    break
                return ExecResult(int(lines[0]), out, err)
            await self._pause(LOOK_SECONDS)
            waited += LOOK_SECONDS
        raise GatewayError(
            _("`{command}` did not end within {seconds:.0f} seconds and was stopped.").format(
                command=command, seconds=RUN_SECONDS
            ),
            hint=_("Where it may take longer, or asks something, give it the terminal: F3 on Home's N."),
        )
