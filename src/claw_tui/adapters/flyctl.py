"""flyctl, command by command: arguments in, our own types out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from claw_tui.adapters import fly_json, fly_program, fly_shapes, process
from claw_tui.adapters.fly_access import UNKNOWN, FlyAccess
from claw_tui.adapters.fly_home import own_folder, purge_logs
from claw_tui.adapters.fly_login import FlyLogin
from claw_tui.adapters.fly_raw import RawApp
from claw_tui.domain import fly_args, import_format
from claw_tui.domain.answers import ExecResult, LogEntry
from claw_tui.domain.errors import AppNotFound, BadInput, FlyError, FlyFolder, NotLoggedIn, StateError
from claw_tui.domain.redact import Redactor
from claw_tui.domain.secret import Secret
from claw_tui.domain.world import (
    App,
    Check,
    ImageInfo,
    Ip,
    Lease,
    Org,
    Region,
    Release,
    SecretInfo,
    Snapshot,
    VmSize,
    Volume,
)
from claw_tui.i18n import _

if TYPE_CHECKING:
    from claw_tui.ports import OnLine

DEPLOY_SECONDS, LOG_SECONDS = 45 * 60.0, 12.0
SECRETS_SECONDS = 15 * 60.0  # a restart with a wait for the health check, for which flyctl takes 5 minutes
DEPLOY_GRACE = 12.0  # flyctl marks the release as interrupted before it ends


class Flyctl(FlyAccess):
    """The port ``Fly``, command by command."""

    # -- the account ------------------------------------------------------------------------------------------
    async def whoami(self) -> str:
        return str((await self._json(fly_args.WHOAMI))["email"])

    async def own_token(self) -> Secret | None:
        """Ask flyctl itself, in the person's own folder (the command is deprecated; None when it goes)."""
        try:
            done = await self._capture(fly_args.OWN_TOKEN, own_folder=True)
            token = str(fly_json.find_json(done.stdout).get("token", ""))
        except (NotLoggedIn, fly_json.NoJson, AttributeError):
            return None
        except FlyFolder as error:  # e.g. a home that is read-only: a token does without it
            hint = _("Make it writable, or set FLY_API_TOKEN, or paste a token on the Account screen.")
            raise FlyFolder(error.message, hint=hint, detail=error.detail) from error
        except FlyError as error:
            if "unknown flag" in error.detail or "unknown command" in error.detail:
                return None
            raise
        return Secret(token) if token else None

    def login(self, *, signup: bool = False) -> FlyLogin:
        """The login is the person's own: it goes into flyctl's own folder, not ours."""
        begun, argv = time.time(), fly_args.SIGNUP if signup else fly_args.LOGIN
        env = {**self._env(None), "BROWSER": "false"}
        folder = own_folder(env)

        def purge() -> None:
            purge_logs(folder, since=begun)

        return FlyLogin([*(self._command or UNKNOWN), *argv], env, on_end=purge)

    async def orgs(self) -> tuple[Org, ...]:
        return fly_shapes.orgs(await self._json(fly_args.ORGS))

    async def regions(self) -> tuple[Region, ...]:
        return fly_shapes.regions(await self._json(fly_args.REGIONS))

    async def vm_sizes(self) -> tuple[VmSize, ...]:
        return fly_shapes.vm_sizes(await self._json(fly_args.VM_SIZES))

    async def apps(self) -> tuple[App, ...]:
        return fly_shapes.apps(await self._json(fly_args.APPS))

    # -- looking at one app -----------------------------------------------------------------------------------
    async def app(self, app: str) -> App | None:
        try:
            return fly_shapes.app(fly_shapes.read(await self._json(fly_args.status(app)), RawApp))
        except AppNotFound:
            return None

    async def volumes(self, app: str) -> tuple[Volume, ...]:
        return fly_shapes.volumes(await self._json(fly_args.volumes_list(app)))

    async def snapshots(self, app: str, volume: str) -> tuple[Snapshot, ...]:
        """Oldest first."""
        return fly_shapes.snapshots(await self._json(fly_args.volumes_snapshots_list(app, volume)))

    async def secrets(self, app: str) -> tuple[SecretInfo, ...]:
        return fly_shapes.secrets(await self._json(fly_args.secrets_list(app)))

    async def ips(self, app: str) -> tuple[Ip, ...]:
        return fly_shapes.ips(await self._json(fly_args.ips_list(app)))

    async def checks(self, app: str) -> Mapping[str, tuple[Check, ...]]:
        return fly_shapes.checks(await self._json(fly_args.checks(app)))

    async def releases(self, app: str) -> tuple[Release, ...]:
        return fly_shapes.releases(await self._json(fly_args.releases(app)))

    async def leases(self, app: str) -> tuple[Lease, ...]:
        """It wants the machines named."""
        machines = [machine.id for machine in await self.machines(app)]
        return (
            fly_shapes.leases(await self._json(fly_args.machine_leases_view(app, machines)))
            if machines
            else ()
        )

    async def images(self, app: str) -> tuple[ImageInfo, ...]:
        return fly_shapes.images(await self._json(fly_args.image_show(app)))

    async def deployed_config(self, app: str) -> Mapping[str, object]:
        return fly_shapes.deployed(await self._json(fly_args.config_show(app)))

    async def validate_config(self, app: str, config: Path) -> None:
        await self._capture(fly_args.config_validate(app, str(config)))

    async def recent_logs(self, app: str) -> tuple[LogEntry, ...]:
        """What Fly still has, oldest first. flyctl waits for ever on an empty log, so this ends by itself."""
        found: list[LogEntry] = []
        try:
            async with asyncio.timeout(LOG_SECONDS):
                async for entry in self._logs(fly_args.logs(app, follow=False)):
                    found.append(entry)  # noqa: PERF401  (what came before the deadline is kept)
        except (TimeoutError, FlyError) as error:
            if not found and isinstance(error, FlyError):
                raise
        return tuple(found)

    def follow_logs(self, app: str) -> AsyncGenerator[LogEntry, None]:
        return self._logs(fly_args.logs(app, follow=True))

    async def _logs(self, argv: Sequence[str]) -> AsyncGenerator[LogEntry, None]:
        documents, command = fly_json.Documents(), await self._program()
        with self._home.throwaway() as folder:
            env = self._env(folder)
            try:
                async for line in process.stream(process.Call([*command, *argv], env, deadline=0)):
                    raw = documents.feed(line)
                    entry = fly_shapes.log_entry(raw) if raw is not None else None
                    if entry is not None:
                        yield entry
            except process.Failed as failed:
                raise self._explained(argv, env, failed.done) from failed
            except OSError as error:
                raise fly_program.not_started(command[0], error, self._environ.get("PATH")) from error

    # -- changing one app -------------------------------------------------------------------------------------
    async def create_app(self, name: str, org: str) -> None:
        await self._change(fly_args.apps_create(name, org))

    async def create_volume(
        self,
        app: str,
        name: str,
        *,
        region: str,
        size_gb: int,
        vm_size: str,
        memory_mb: int,
        snapshot: str = "",
    ) -> None:
        argv = fly_args.volumes_create(
            app, name, region=region, size_gb=size_gb, vm_size=vm_size, memory_mb=memory_mb, snapshot=snapshot
        )
        await self._change(argv)

    async def create_snapshot(self, app: str, volume: str) -> None:
        """Returns before it is made."""
        await self._change(fly_args.volumes_snapshots_create(app, volume))

    async def destroy_app(self, app: str) -> None:
        await self._change(fly_args.apps_destroy(app))

    async def destroy_volume(self, app: str, volume: str) -> None:
        await self._change(fly_args.volumes_destroy(app, volume))

    async def destroy_machine(self, app: str, machine: str) -> None:
        await self._change(fly_args.machine_destroy(app, machine))

    async def import_secrets(self, app: str, values: Mapping[str, Secret]) -> None:
        """Stage the values. Raises BadInput for a value that neither way of flyctl's can carry exactly."""
        lines, alone = "", {}
        for name, value in values.items():
            encoded = import_format.encode(name, value.reveal())
            if encoded is not None:
                lines += encoded
            elif import_format.carried_alone(value.reveal()):
                alone[name] = value.reveal()
            else:
                raise BadInput(
                    _("flyctl cannot carry the value of {name} without changing it.").format(name=name),
                    hint=_("Give it without blanks or line breaks at its ends, and under 60 000 bytes."),
                )
        failed: FlyError | None = None
        try:
            if lines:
                await self._change(fly_args.secrets_import(app), stdin=lines)
            for name, text in alone.items():
                await self._change(fly_args.secrets_set_stdin(app, name), stdin=text)
        except FlyError as error:  # flyctl repeats a line that it does not understand
            failed = error.without(Redactor(values.values()))
        finally:
            self._home.purge(values.values())
        if failed is not None:
            raise failed  # here, so that it has no context with the words as they were

    async def unset_secrets(self, app: str, names: Sequence[str]) -> None:
        await self._change(fly_args.secrets_unset(app, names))

    async def deploy_secrets(self, app: str, on_line: OnLine) -> None:
        """What was staged comes in; machines that run are restarted, one that is stopped stays so."""
        await self._change(fly_args.secrets_deploy(app), deadline=SECRETS_SECONDS, on_line=on_line)

    async def allocate_shared_v4(self, app: str) -> None:
        await self._change(fly_args.ips_allocate_shared_v4(app))

    async def allocate_v6(self, app: str, *, private: bool = False) -> None:
        await self._change(fly_args.ips_allocate_v6(app, private=private))

    async def release_ip(self, app: str, address: str) -> None:
        await self._change(fly_args.ips_release(app, address))

    async def deploy(
        self, app: str, config: Path, folder: Path, *, private: bool, on_line: OnLine, builder: str = "", label: str = "",
        image: str = "",
    ) -> None:  # fmt: skip
        argv = fly_args.deploy(
            app, str(config), str(folder), private=private, builder=builder, label=label, image=image
        )
        docker = builder == "local"
        await self._change(argv, deadline=DEPLOY_SECONDS, grace=DEPLOY_GRACE, on_line=on_line, docker=docker)

    async def restart_machine(self, app: str, machine: str) -> None:
        await self._change(fly_args.machine_restart(app, machine), deadline=DEPLOY_SECONDS)

    async def start_machine(self, app: str, machine: str) -> None:
        """Returns before it runs."""
        await self._change(fly_args.machine_start(app, machine))

    async def rescue_machine(self, app: str, machine: str) -> None:
        await self._change(fly_args.machine_rescue(app, machine), deadline=DEPLOY_SECONDS)

    async def clear_leases(self, app: str, machine: str) -> None:
        await self._change(fly_args.machine_leases_clear(app, machine))

    async def exec(self, app: str, machine: str, script: str) -> ExecResult:
        argv = fly_args.machine_exec(app, machine, fly_args.shell(script))
        return fly_shapes.exec_result(await self._json(argv))

    async def stop_agent(self) -> None:
        """Flyctl leaves an agent running in our folder; it would hold our login."""
        with suppress(FlyError, StateError):
            if self._home.has_agent():
                await self._capture(fly_args.AGENT_STOP, folder=self._home.shared())
