"""Taking a whole app away, whoever made it: what there is, what it costs, what is lost, and the run that does it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from claw_tui.domain.errors import ClawError, FlyError, StoreError
from claw_tui.domain.gateway_config import config_text
from claw_tui.domain.jobs import Job, Task
from claw_tui.domain.losses import Leaving, losses
from claw_tui.domain.made import Kind, Thing, choice_of, chosen, things
from claw_tui.domain.no_such_app import no_such_app
from claw_tui.domain.openclaw import json5
from claw_tui.domain.openclaw.lift import lift
from claw_tui.domain.plan import Plan
from claw_tui.domain.spec import Spec
from claw_tui.engine import drafts
from claw_tui.engine.extras import Piece, pieces
from claw_tui.engine.removing import NO_SNAPSHOT
from claw_tui.engine.session import Session
from claw_tui.engine.undoing import Removal, spec_for
from claw_tui.ports import RunHandle


class RemovalDesk:
    """One app that is to go."""

    def __init__(self, session: Session, app: str) -> None:
        self._session, self.app = session, app
        self._removal = Removal(session, Spec(app=app))  # until it was looked at
        self.certificates: tuple[str, ...] = ()
        self.snapshots = 0
        self.config: dict[str, object] = {}
        self.copy = ""  # its openclaw.json without the secrets in it; empty when it could not be read

    async def look(self) -> None:
        """Raises FlyError, StateError; BadInput when there is no such app."""
        await self._removal.look()
        world = self._removal.world
        self._removal.spec = spec_for(self._session, self.app, world)
        if world.app is None:
            raise no_such_app(self.app)
        reader = self._session.reader
        with suppress(FlyError):
            self.certificates = await reader.certificates(self.app)
        with suppress(FlyError):
            self.snapshots = sum(
                [len(await reader.snapshots(self.app, volume.id)) for volume in world.volumes]
            )
        await self._read()

    async def _read(self) -> None:
        machine = self._removal.world.machine
        if machine is None or machine.state != "started":
            return
        with suppress(ClawError, ValueError):
            text = await self._session.services.gateway.read_config(self.app, machine.id)
            found = json5.read(text) if text else None
            if isinstance(found, dict):
                self.config = lift(found)[0]
                self.copy = config_text(self.config)

    @property
    def is_ours(self) -> bool:
        """Made from this computer, or looked after from here."""
        return self._removal.book.is_ours or self.app in self._session.services.state.known_apps()

    @property
    def everything(self) -> tuple[Piece, ...]:
        world = self._removal.world
        return pieces(world, things(world), self._removal.book)

    def goes(self, *, keep_app: bool = False) -> tuple[Piece, ...]:
        """What costs something or holds something. The secrets go with the app, or stay with it."""
        stays = (Kind.SECRET, *((Kind.APP,) if keep_app else ()))
        return tuple(piece for piece in self.everything if piece.thing.kind not in stays)

    def losses(self, *, keep_app: bool = False) -> list[str]:
        leaving = Leaving(
            self.app, self._removal.world, self.certificates, self.config, self.snapshots,
        )  # fmt: skip
        return list(losses(leaving, keeps_app=keep_app))

    async def plan(self, *, keep_app: bool = False) -> Plan:
        """What it would do. Raises FlyError, StateError."""
        choice = choice_of([piece.thing for piece in self.goes(keep_app=keep_app)])
        if not keep_app:
            choice = f"{NO_SNAPSHOT} {choice}"
        spec = replace(self._removal.spec, own_fly_toml="")  # it may be gone, and nothing is deployed
        return await self._session.plan_for(spec, Task.REMOVE, choice=choice)

    async def start(self) -> RunHandle:
        """Hand it to a run that outlives this program. Raises Busy, StateError, ClawError."""
        return await self._session.start_run()


def takes_app(job: Job) -> bool:
    """Whether the run has taken, or takes, the whole app."""
    return job.task is Task.REMOVE and Thing(Kind.APP, job.app) in chosen(job.choice)


async def forget(session: Session, app: str) -> tuple[str, ...]:
    """Answers, files and keys of an app that are kept on this computer go. Returns the names of keys that could not.

    Raises StateError.
    """
    state, vault = session.services.state, session.vault
    names, left = tuple(state.revisions(app)), []
    with suppress(StoreError):
        await vault.look()
    for name in names:
        if vault.is_in_place(app, name) and not vault.ready and vault.kind != "memory":
            left.append(name)
        else:
            await vault.forget(app, name)
    if left:
        return tuple(left)
    state.forget(app)
    drafts.forget(state, app)
    if session.spec.app == app:
        session.start_over()
    if session.run is not None and session.run.job.app == app:
        session.run = None
    return ()
