"""The OpenClaw Gateway inside its machine, through ``fly machine exec``: no tunnel, no SSH, no agent."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import uuid4

from claw_tui.adapters import gateway_scripts as scripts
from claw_tui.adapters.gateway_answers import (
    channel_of,
    expect,
    json_in,
    read_backups,
    read_delivery,
    silent,
)
from claw_tui.adapters.gateway_doctor import AsksInside
from claw_tui.adapters.gateway_files import GatewayFiles
from claw_tui.adapters.gateway_old import AsksOld
from claw_tui.adapters.gateway_strangers import GivesBack
from claw_tui.adapters.machine_resources import MachineResources
from claw_tui.adapters.web import judge_health
from claw_tui.domain.answers import ChannelStatus, DashboardLink, HealthAnswer
from claw_tui.domain.delivery import BACKUP, PATTERN, Backup, Delivery
from claw_tui.domain.errors import ConfigRejected, GatewayError
from claw_tui.domain.layout import Layout
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import PORT
from claw_tui.i18n import _


class MachineGateway(AsksInside, GivesBack, AsksOld, GatewayFiles, MachineResources):
    """The port ``Gateway``."""

    async def health(self, app: str, machine: str) -> HealthAnswer:
        return await self._health(app, machine, scripts.health(await self._port(app, machine)))

    async def knock(self, app: str, machine: str) -> HealthAnswer:
        """At the service's port, which is ours wherever it leads to."""
        return await self._health(app, machine, scripts.health(PORT, f"{app}.flycast"))

    async def tunnels(self, app: str, machine: str) -> tuple[str, ...]:
        from claw_tui.domain.exposure.tunnels import tunnels  # noqa: PLC0415  (no start reads openclaw.json)

        running = await self._exec(app, machine, scripts.processes())
        return tunnels(running.stdout.splitlines(), await self.read_config(app, machine))

    async def _health(self, app: str, machine: str, script: str) -> HealthAnswer:
        result = await self._fly.exec(app, machine, script)
        status, _sep, body = result.stdout.partition("\n")
        if result.code != 0 or not status.strip().isdigit():
            return HealthAnswer(
                reached=False, json_ok=False, words=_("the gateway does not answer in its machine yet")
            )
        return judge_health(int(status), body)

    async def write_config(
        self,
        app: str,
        machine: str,
        text: str,
        *,
        watched: bool = False,
        expected: str | None = None,
        check: bool = True,
    ) -> str:
        digest = hashlib.sha256(text.encode()).hexdigest()
        place = await self._place(app, machine)
        candidate = f"{place.folder}/.openclaw.json.{digest[:12]}"
        folder = f"{self._tmp}/claw-tui-{uuid4().hex[:12]}"
        for number, data in enumerate(scripts.parts(text)):
            await self._exec(app, machine, scripts.put_part(folder, number, data))
        joined = await self._exec(app, machine, scripts.join_parts(folder, candidate))
        expect(digest, joined)
        if check:  # January's can't
            await self._validate(app, machine, candidate)
        return await self._replace(app, machine, candidate, digest, watched=watched, expected=expected)

    async def _replace(
        self,
        app: str,
        machine: str,
        candidate: str,
        digest: str,
        *,
        watched: bool,
        expected: str | None = None,
    ) -> str:
        place = await self._place(app, machine)
        backup = f"{place.config}.before-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}"
        script = scripts.replace(candidate, place.config, backup, watched=watched, logs=self._logs)
        result = await self._exec(app, machine, script)
        expect(digest, result)
        found = result.stdout.split("\n")[1].split() if "\n" in result.stdout.strip() else []
        if expected is not None and found and found[0] != hashlib.sha256(expected.encode()).hexdigest():
            return place.called(found[1])
        return ""

    async def _validate(self, app: str, machine: str, candidate: str) -> None:
        await self._check(
            app, machine, candidate, lambda: self._fly.exec(app, machine, scripts.remove(candidate))
        )

    async def _check(
        self, app: str, machine: str, path: str, tidy: Callable[[], Awaitable[object]] | None = None
    ) -> None:
        command = f"env OPENCLAW_CONFIG_PATH={path} openclaw config validate --json"
        result = await self._long(app, machine, command, as_node=True)
        answer = json_in(result)
        if result.code == 0 and answer.get("valid") is True:
            return
        if tidy is not None:
            await tidy()
        issues = [
            f"{issue.get('path', '')}: {issue.get('message', '')}" for issue in answer.get("issues", [])
        ]
        raise ConfigRejected(
            _("OpenClaw does not accept this openclaw.json."),
            detail="\n".join(issues) or result.stderr.strip(),
        )

    # -- following a change, and going back ---------------------------------------------------------------------
    async def delivery(self, app: str, machine: str) -> Delivery:
        place = await self._place(app, machine)
        result = await self._fly.exec(app, machine, scripts.progress(place.config, self._logs, PATTERN))
        found = read_delivery(result.stdout)
        return replace(found, back=place.called(found.back))

    async def settle(self, app: str, machine: str) -> None:
        await self._exec(app, machine, scripts.settle((await self._place(app, machine)).config))

    async def touch_config(self, app: str, machine: str) -> None:
        await self._exec(app, machine, scripts.touch((await self._place(app, machine)).config))

    async def put_back(self, app: str, machine: str, name: str) -> None:
        place = await self._place(app, machine)
        backup = _beside(place, name)
        refused = f"{place.config}.refused-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}"
        found = await self._exec(app, machine, scripts.put_back(place.config, backup, refused))
        wanted = await self._exec(app, machine, scripts.digest(backup))
        expect(wanted.stdout.strip(), found)

    async def mend_owner(self, app: str, machine: str) -> bool:
        place = await self._place(app, machine)
        before = await self._exec(app, machine, scripts.mend_owner(place.config))
        return before.stdout.strip() not in ("", scripts.OWNED)

    async def validate(self, app: str, machine: str) -> None:
        await self._check(app, machine, (await self._place(app, machine)).config)

    async def backups(self, app: str, machine: str) -> tuple[Backup, ...]:
        place = await self._place(app, machine)
        result = await self._exec(app, machine, scripts.backups(place.config))
        return tuple(replace(one, name=place.called(one.name)) for one in read_backups(result.stdout))

    async def read_backup(self, app: str, machine: str, name: str) -> str:
        path = _beside(await self._place(app, machine), name)
        result = await self._exec(app, machine, scripts.read_file(path))
        return base64.b64decode(result.stdout).decode("utf-8", "replace")

    async def has_backup(self, app: str, machine: str, name: str) -> bool:
        """Is it, byte for byte, what is in place now?"""
        place = await self._place(app, machine)
        result = await self._exec(app, machine, scripts.digest(place.config, _beside(place, name)))
        now, _sep, there = result.stdout.strip("\n").partition("\n")
        return bool(now) and now == there

    async def restore(self, app: str, machine: str, name: str, *, check: bool) -> None:
        place = await self._place(app, machine)
        backup, candidate = _beside(place, name), f"{place.folder}/.openclaw.json.restore"
        copied = await self._exec(app, machine, scripts.copy(backup, candidate))
        if check:
            await self._validate(app, machine, candidate)
        await self._replace(app, machine, candidate, copied.stdout.split()[0], watched=True)

    async def channels(self, app: str, machine: str) -> tuple[ChannelStatus, ...]:
        answer = json_in(await self._long(app, machine, "openclaw channels status --probe --json"))
        if answer.get("gatewayReachable") is False:  # OpenClaw says then what its file says, and ends with 0
            raise silent()
        found = answer.get("channels", {})
        if not isinstance(found, dict):
            raise GatewayError(_("The gateway answered in a form that claw-tui does not know."))
        return tuple(channel_of(name, about) for name, about in found.items() if isinstance(about, dict))

    async def dashboard(self, app: str, machine: str) -> DashboardLink:
        answer = json_in(await self._long(app, machine, "openclaw dashboard --no-open --json"))
        url = str(answer.get("browserUrl") or "")
        if not url:
            raise GatewayError(
                _("The gateway gave no link."), hint=_("Open its address and type the gateway token instead.")
            )
        return DashboardLink(Secret(url), float(answer.get("browserBootstrapExpiresAtMs") or 0) / 1000)


def _beside(place: Layout, name: str) -> str:
    """A backup's path. Raises GatewayError for a name that is none: it becomes part of a script."""
    if not BACKUP.fullmatch(name):
        raise GatewayError(_("This backup's name has an odd form; it was not touched."))
    return place.beside(name)
