"""The OpenClaw Gateway inside its machine, through ``fly machine exec``: no tunnel, no SSH, no agent."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import uuid4

from claw_tui.adapters import gateway_scripts as scripts
from claw_tui.adapters.clean import clean
from claw_tui.adapters.fly_json import NoJson, find_json
from claw_tui.adapters.web import judge_health
from claw_tui.domain.answers import ChannelStatus, DashboardLink, ExecResult, HealthAnswer, PairingRequest
from claw_tui.domain.errors import ClawError, ConfigRejected, GatewayError
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import PORT, STATE_DIR
from claw_tui.i18n import _
from claw_tui.ports import FlyChange

COMMAND_SECONDS = (
    150.0  # an `openclaw` command takes 3 to 20 seconds on a shared CPU, a probe of channels longer
)
POLL_SECONDS = 1.5


class MachineGateway:
    """The port ``Gateway``. ``pause`` waits (seconds)."""

    def __init__(
        self,
        fly: FlyChange,
        pause: Callable[[float], Awaitable[None]],
        *,
        state: str = STATE_DIR,
        tmp: str = "/tmp",  # noqa: S108
    ) -> None:
        self._fly, self._pause, self._state, self._tmp = fly, pause, state, tmp

    async def health(self, app: str, machine: str) -> HealthAnswer:
        result = await self._fly.exec(app, machine, scripts.health(PORT))
        status, _sep, body = result.stdout.partition("\n")
        if result.code != 0 or not status.strip().isdigit():
            return HealthAnswer(
                reached=False, json_ok=False, words=_("the gateway does not answer in its machine yet")
            )
        return judge_health(int(status), body)

    async def read_config(self, app: str, machine: str) -> str | None:
        result = await self._exec(app, machine, scripts.read_file(self._config))
        return base64.b64decode(result.stdout).decode("utf-8", "replace") if result.stdout.strip() else None

    async def write_config(self, app: str, machine: str, text: str) -> None:
        digest = hashlib.sha256(text.encode()).hexdigest()
        candidate = f"{self._state}/.openclaw.json.{digest[:12]}"
        folder = f"{self._tmp}/claw-tui-{uuid4().hex[:12]}"
        for number, data in enumerate(scripts.parts(text)):
            await self._exec(app, machine, scripts.put_part(folder, number, data))
        joined = await self._exec(app, machine, scripts.join_parts(folder, candidate))
        _expect(digest, joined)
        await self._validate(app, machine, candidate)
        backup = f"{self._config}.before-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}"
        _expect(digest, await self._exec(app, machine, scripts.replace(candidate, self._config, backup)))

    async def _validate(self, app: str, machine: str, candidate: str) -> None:
        command = f"env OPENCLAW_CONFIG_PATH={candidate} openclaw config validate --json"
        result = await self._long(app, machine, command, as_node=True)
        answer = _json(result)
        if result.code == 0 and answer.get("valid") is True:
            return
        await self._fly.exec(app, machine, scripts.remove(candidate))
        issues = [
            f"{issue.get('path', '')}: {issue.get('message', '')}" for issue in answer.get("issues", [])
        ]
        raise ConfigRejected(
            _("OpenClaw does not accept this openclaw.json."),
            detail="\n".join(issues) or result.stderr.strip(),
        )

    async def channels(self, app: str, machine: str) -> tuple[ChannelStatus, ...]:
        answer = _json(await self._long(app, machine, "openclaw channels status --probe --json"))
        if answer.get("gatewayReachable") is False:  # OpenClaw says then what its file says, and ends with 0
            raise _silent()
        found = answer.get("channels", {})
        if not isinstance(found, dict):
            raise GatewayError(_("The gateway answered in a form that claw-tui does not know."))
        return tuple(_channel(name, about) for name, about in found.items() if isinstance(about, dict))

    async def dashboard(self, app: str, machine: str) -> DashboardLink:
        answer = _json(await self._long(app, machine, "openclaw dashboard --no-open --json"))
        url = str(answer.get("browserUrl") or "")
        if not url:
            raise GatewayError(
                _("The gateway gave no link."), hint=_("Open its address and type the gateway token instead.")
            )
        return DashboardLink(Secret(url), float(answer.get("browserBootstrapExpiresAtMs") or 0) / 1000)

    async def pairing_requests(
        self, app: str, machine: str, channels: Sequence[str]
    ) -> tuple[PairingRequest, ...]:
        devices = _json(await self._long(app, machine, "openclaw devices list --json"))
        found = [_device(entry) for entry in devices.get("pending", []) if isinstance(entry, dict)]
        for channel in channels:
            people = _json(await self._long(app, machine, f"openclaw pairing list {channel} --json"))
            found += [
                _person(channel, entry) for entry in people.get("requests", []) if isinstance(entry, dict)
            ]
        return tuple(found)

    async def approve(self, app: str, machine: str, request: PairingRequest) -> None:
        if not request.id.replace("-", "").isalnum():
            raise GatewayError(_("This request's number has an odd form; it was not approved."))
        command = (
            f"pairing approve {request.channel} {request.id}"
            if request.channel
            else f"devices approve {request.id}"
        )
        result = await self._long(app, machine, f"openclaw {command}")
        if result.code != 0:
            raise GatewayError(
                _("The gateway did not approve it."),
                hint=_("The request may have been replaced by a newer one: read the list again."),
                detail=_last_line(result),
            )

    @property
    def _config(self) -> str:
        return f"{self._state}/openclaw.json"

    async def _exec(self, app: str, machine: str, script: str) -> ExecResult:
        result = await self._fly.exec(app, machine, script)
        if result.code != 0:
            raise GatewayError(
                _("A command in the machine failed."),
                hint=_("Try again; if it happens again, look at the log."),
                detail=_last_line(result),
            )
        return result

    async def _long(self, app: str, machine: str, command: str, *, as_node: bool = False) -> ExecResult:
        """Run an ``openclaw`` command, which may take longer than one call to the machine may."""
        folder = f"{self._tmp}/claw-tui-{uuid4().hex[:12]}"
        await self._fly.exec(app, machine, scripts.begin(folder, command, state=self._state, as_node=as_node))
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


def _expect(digest: str, result: ExecResult) -> None:
    if result.stdout.split()[:1] != [digest]:
        raise GatewayError(
            _("The file arrived in the machine with another content."),
            hint=_("Trying again sends it once more."),
        )


def _last_line(result: ExecResult) -> str:
    lines = clean(result.stderr or result.stdout).strip().splitlines()
    return lines[-1] if lines else ""


def _json(result: ExecResult) -> dict[str, Any]:
    try:
        found = find_json(result.stdout)
    except NoJson:
        found = None
    if isinstance(found, dict):
        return found
    raise _silent(_last_line(result))


def _silent(detail: str = "") -> GatewayError:
    hint = _("It may still be starting. Try again in a minute.")
    return GatewayError(_("The gateway did not answer."), hint=hint, detail=detail)


def _channel(name: str, about: dict[str, Any]) -> ChannelStatus:
    probe = about.get("probe")
    ok = bool(probe.get("ok")) if isinstance(probe, dict) else None
    said = (probe.get("error") if isinstance(probe, dict) else None) or about.get("lastError") or ""
    return ChannelStatus(
        name, bool(about.get("configured")), bool(about.get("running")), ok, clean(str(said)).split(" | ")[0]
    )


def _device(entry: dict[str, Any]) -> PairingRequest:
    words = [str(entry.get(key)) for key in ("displayName", "platform", "remoteIp") if entry.get(key)]
    return PairingRequest(
        clean(str(entry.get("requestId", ""))), "", clean(_(" · ").join(words)) or _("a browser")
    )


def _person(channel: str, entry: dict[str, Any]) -> PairingRequest:
    about = entry.get("meta") or {}
    words = [str(about.get(key)) for key in ("username", "firstName", "senderId") if about.get(key)] or [
        str(entry.get("id", ""))
    ]
    return PairingRequest(clean(str(entry.get("code", ""))), channel, clean(_(" · ").join(words)))
