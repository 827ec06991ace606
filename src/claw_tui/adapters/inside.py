"""Programs beside the gateway in its machine, through ``fly machine exec``: what they say of themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from claw_tui.adapters.gateway_answers import json_in
from claw_tui.adapters.gateway_calls import GatewayCalls
from claw_tui.domain.clean import clean
from claw_tui.domain.errors import GatewayError
from claw_tui.domain.inside import CallsSetup, Tailnet
from claw_tui.domain.own_image import SIGNAL_STATE
from claw_tui.domain.parse import json_of

ASK = {"ngrok": "ngrok version", "tailscale": "tailscale version", "signal-cli": "signal-cli --version"}
MOST = 3  # complaints


class InsidePrograms(GatewayCalls):
    """The port ``Inside``."""

    async def versions(self, app: str, machine: str, names: Sequence[str]) -> Mapping[str, str]:
        asked = [
            f'[ -z "$(command -v {name})" ] || echo "{name}=$({ASK[name]} 2>&1 | head -n 1)"'
            for name in names
        ]
        result = await self._exec(app, machine, "; ".join([*asked, "true"]))
        lines = (line.partition("=") for line in clean(result.stdout).splitlines())
        return {name: said.strip() for name, sep, said in lines if sep and name in names}

    async def signal_numbers(self, app: str, machine: str) -> tuple[str, ...]:
        result = await self._exec(app, machine, f"cat {SIGNAL_STATE}/data/accounts.json 2>/dev/null || true")
        accounts = _table(result.stdout).get("accounts")
        found = (
            [one.get("number") for one in accounts if isinstance(one, dict)]
            if isinstance(accounts, list)
            else []
        )
        return tuple(number for number in found if isinstance(number, str) and number)

    async def tailnet(self, app: str, machine: str) -> Tailnet:
        result = await self._exec(app, machine, "tailscale status --json 2>/dev/null || true")
        status = _table(result.stdout)
        mine = status.get("Self")
        name = mine.get("DNSName") if isinstance(mine, dict) else None
        shared = await self._exec(app, machine, "tailscale funnel status --json 2>/dev/null || true")
        allowed = _table(shared.stdout).get("AllowFunnel")
        return Tailnet(
            str(status.get("BackendState") or ""), str(name or "").rstrip("."),
            isinstance(allowed, dict) and any(allowed.values()),
        )  # fmt: skip

    async def calls_setup(self, app: str, machine: str) -> CallsSetup:
        try:
            answer = json_in(await self._long(app, machine, "openclaw voicecall setup --json"))
        except GatewayError:
            return CallsSetup(known=False)
        checks = answer.get("checks")
        if not isinstance(checks, list):
            return CallsSetup(known=isinstance(answer.get("ok"), bool), ok=answer.get("ok") is True)
        wrong = [
            _complaint(check) for check in checks if isinstance(check, dict) and check.get("ok") is not True
        ]
        return CallsSetup(
            known=True, ok=not wrong and answer.get("ok") is not False, wrong=tuple(wrong[:MOST])
        )


def _table(text: str) -> dict[str, Any]:
    try:
        found = json_of(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _complaint(check: dict[str, Any]) -> str:
    return clean(str(check.get("message") or check.get("id") or "?"))
