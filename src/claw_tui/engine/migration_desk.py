"""One old gateway: what it is, what a migration to OpenClaw means for it, the run that does it, and the way back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from claw_tui.domain.doors import Door, door_of, obstacles
from claw_tui.domain.errors import BadInput, NothingToDo, StateError
from claw_tui.domain.gateway_config import config_text
from claw_tui.domain.generations import Program, Told, old_file, program_of
from claw_tui.domain.jobs import Task
from claw_tui.domain.migration import (
    FILE,
    Story,
    after_story,
    grown,
    own_toml,
    secret_names,
    story,
    working_folders,
)
from claw_tui.domain.no_such_app import no_such_app
from claw_tui.domain.openclaw import json5
from claw_tui.domain.openclaw.edited import edit_of
from claw_tui.domain.openclaw.migrate import TakenOver, take_over
from claw_tui.domain.plan import Plan
from claw_tui.domain.power import what_helps
from claw_tui.domain.spec import PINNED_VERSION, Spec
from claw_tui.domain.update import BACK, FROM_SNAPSHOT, UpdateRecord, snapshot_in, volume_name
from claw_tui.domain.world import World
from claw_tui.engine.adoption import spec_of
from claw_tui.engine.drift_desk import OWN
from claw_tui.engine.own_config import own_addresses
from claw_tui.engine.session import Session
from claw_tui.engine.update_notes import data_volume, read_record
from claw_tui.engine.world import PARTS
from claw_tui.i18n import _
from claw_tui.ports import RunHandle, StateStore

EMPTY = '{"gateway": {"mode": "local"}}'


@dataclass(frozen=True, slots=True)
class _Old:
    """What was read in the machine. ``folders``: where its notes are, when they are beside the volume."""

    program: Program
    file: str
    found: bool
    taken: TakenOver
    folders: tuple[str, ...]


class MigrationDesk:
    """The migration of ``app``, its way back, and its end."""

    def __init__(self, session: Session, app: str) -> None:
        self._session, self.app = session, app
        self._old: _Old | None = None

    @property
    def world(self) -> World:
        return self._session.reader.known(self.app)

    @property
    def record(self) -> UpdateRecord:
        """Of a migration that was begun and not confirmed; of one that never changed anything it says nothing."""
        return read_record(self._session.services.state, self.app, FILE)

    @property
    def program(self) -> Program:
        return self._old.program if self._old is not None else program_of(self.world)

    @property
    def migrated(self) -> bool:
        """OpenClaw is in its place, and nobody has said yet that all is well."""
        return bool(self.record.to) and not program_of(self.world).old

    @property
    def ways_back(self) -> tuple[str, ...]:
        """Job.choice of each, the better one first."""
        record = self.record
        if not self.migrated or not record.image:
            return ()
        if record.snapshot and record.volume in [volume.id for volume in self.world.volumes]:
            return (FROM_SNAPSHOT + record.snapshot,)
        return () if record.volume else (BACK,)

    async def look(self) -> None:
        """Everything that the explanation needs. Raises FlyError, GatewayError, StateError; BadInput when it can't be begun."""
        world = await self._session.look(self.app, PARTS)
        if world.app is None:
            raise no_such_app(self.app)
        if self.migrated:
            return
        if why := obstacles(world):
            raise BadInput(
                _("It can't be migrated so that all else stays: {why}").format(why=why[0]),
                hint=what_helps(world),
                detail="\n".join(why[1:]),
            )
        assert world.machine is not None
        told = await self._session.services.gateway.told(self.app, world.machine.id)
        program = program_of(world, told)
        if not program.old:
            raise NothingToDo(
                _("{app} runs {name}: there is nothing to migrate.").format(app=self.app, name=program.name),
                hint=_("U on Home brings another version."),
            )
        await self._read(world, program, told)

    async def _read(self, world: World, program: Program, told: Told) -> None:
        assert world.machine is not None
        file = old_file(program, told.files)
        text = await self._session.services.gateway.read_old(self.app, world.machine.id, file)
        try:
            tree = json5.read(text or EMPTY)
            taken = take_over(text or EMPTY, PINNED_VERSION)
        except ValueError as error:
            raise BadInput(
                _("Its {file} can't be read: {why}").format(file=file, why=error),
                hint=_("Mend it in the machine (S on Home), then try again. Nothing was done."),
            ) from error
        folders, said = working_folders(tree if isinstance(tree, dict) else {})
        if said:
            taken = _without_folder(taken)
        self._old = _Old(program, file, bool(text), taken, folders)

    def spec(self) -> Spec:
        """The answers that OpenClaw is deployed with. Raises BadInput."""
        world, old = self.world, self._old
        assert old is not None
        assert world.machine is not None
        found = grown(spec_of(self.app, world))
        volume = next((v for v in world.volumes if v.id == data_volume(world.machine)), None)
        if volume is not None:
            found = replace(found, volume_name=volume.name, volume_gb=volume.size_gb)
        found = replace(found, version=PINNED_VERSION, private=door_of(world) not in (Door.PUBLIC, Door.NONE))
        try:
            edit = edit_of(config_text(old.taken.config.write()), found, tuple(own_addresses(world)))
        except ValueError as error:
            raise BadInput(_("Its settings can't be taken over: {why}").format(why=error)) from error
        names = secret_names(world, (name for name, _secret in old.taken.secrets))
        return replace(found, gateway=edit.gateway, secret_names=names)

    def told(self) -> list[str]:
        """What will change, what stays, what one notices, and the way back: lines for a person."""
        world, old = self.world, self._old
        assert old is not None
        assert world.machine is not None
        return story(
            Story(
                old.program, self.spec(), world, world.machine, old.file, old.found, old.taken.notes,
                old.taken.secrets, old.folders,
            )
        )  # fmt: skip

    def told_after(self, choice: str) -> list[str]:
        """The same of a way back, and of its end."""
        return after_story(self.record.version, self.record.volume, choice)

    @property
    def secrets_in_file(self) -> tuple[str, ...]:
        return tuple(name for name, _secret in self._old.taken.secrets) if self._old is not None else ()

    async def plan(self, choice: str = "") -> Plan:
        """What it would do; ``choice`` is a way back, or CONFIRM. Raises FlyError, StateError, BadInput."""
        spec = self._spec_after(choice) if choice else self._with_variables(self.spec())
        return await self._session.plan_for(spec, Task.MIGRATE, choice=choice)

    def _with_variables(self, spec: Spec) -> Spec:
        """What somebody set stays, also at later deploys."""
        state, machine = self._session.services.state, self.world.machine
        assert machine is not None
        if not (text := own_toml(machine, spec)):
            return spec
        path = state.file(self.app, OWN)
        state.write_file(path, text)
        return replace(spec, own_fly_toml=str(path))

    async def plan_rest(self) -> Plan:
        """What is left of a migration that was cut off after OpenClaw came in. Raises FlyError, StateError, BadInput."""
        run = self._session.services.runs.latest(self.app)
        if run is None or run.job.task is not Task.MIGRATE or run.job.choice:
            raise BadInput(
                _("The run that began it is not known here any more."),
                hint=_(
                    "D on Home deploys OpenClaw as the answers say; `claw-tui migrate {app} --back` goes back."
                ).format(app=self.app),
            )
        return await self._session.plan_for(run.job.spec, Task.MIGRATE)

    def _spec_after(self, choice: str) -> Spec:
        """The answers of the migration; on the way back with the volume that is made of the snapshot."""
        found = self._session.services.state.load_answers(self.app) or spec_of(self.app, self.world)
        found = replace(found, secret_names=())
        kept = snapshot_in(choice)
        if not kept:
            return found
        now = next((v.name for v in self.world.volumes if v.id == self.record.volume), found.volume_name)
        return replace(found, volume_name=volume_name(now, kept))

    async def start(self) -> RunHandle:
        """Hand it to a run that outlives this program. Raises Busy, StateError, ClawError."""
        await self.ready()
        return await self._session.start_run()

    async def ready(self) -> None:
        """Secrets that stand in its file go to their place, and with the run. Raises StateError."""
        view = self._session.view
        if view is not None and not view.choice and self._old is not None:
            for name, secret in self._old.taken.secrets:
                await self._session.vault.put(self.app, name, secret)
            self._session.view = replace(view, unsent=_with(view.unsent, self.secrets_in_file))


def _with(names: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*names, *more)))


def _without_folder(taken: TakenOver) -> TakenOver:
    """OpenClaw's own choice, which is on the volume."""
    from claw_tui.domain.openclaw.config import Config  # noqa: PLC0415
    from claw_tui.domain.openclaw.notes import Migration  # noqa: PLC0415

    tree = taken.config.write()
    path = tree.get("agents", {}).get("defaults", {}).pop("workspace", "")
    why = _(
        "It is not on the volume, and is lost whenever the machine starts anew; its content goes to the new place."
    )
    note = Migration("workspace-to-volume", why, "agents.defaults.workspace", str(path), "/data/workspace")
    return replace(taken, config=Config.read(tree), notes=(*taken.notes, note))


def migration_offered(session: Session, world: World) -> bool:
    """There is something to migrate, or a migration that is to be confirmed or undone."""
    if world.app is None or world.machine is None:
        return False
    return program_of(world).old or bool(migration_words(session.services.state, world))


def migration_words(state: StateStore, world: World) -> str:
    """How a migration stands that nobody has confirmed; empty when there is none."""
    try:
        record = read_record(state, world.app.name, FILE) if world.app else UpdateRecord()
    except StateError:  # the run says so
        record = UpdateRecord()
    if not record.to or program_of(world).old:
        return ""
    if not record.done:
        return _("from {name}: it did not end well. Y goes on or back").format(name=record.version)
    return _("from {name}: try it; then Y takes the old names away, or goes back").format(name=record.version)
