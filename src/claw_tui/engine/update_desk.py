"""Which versions there are for a gateway, and the ways back from an update."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import inf

from claw_tui.domain import versions
from claw_tui.domain.jobs import Task
from claw_tui.domain.plan import Plan
from claw_tui.domain.rescue import refuses_to_start
from claw_tui.domain.spec import IMAGE, Spec
from claw_tui.domain.update import BACK, FROM_SNAPSHOT, UpdateRecord, snapshot_in, volume_name
from claw_tui.domain.world import Machine
from claw_tui.engine.session import Session
from claw_tui.engine.update_notes import read_record
from claw_tui.engine.version_check import unknown_version
from claw_tui.ports import RunHandle


@dataclass(frozen=True, slots=True)
class Offer:
    """``now`` is what runs; ``asked``: whether the image registry could be asked."""

    now: str = ""
    newer: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    asked: bool = False
    image: str = ""  # that runs
    well: bool = False  # it runs, and its check passes
    record: UpdateRecord = field(default_factory=UpdateRecord)

    @property
    def ways_back(self) -> tuple[str, ...]:
        """Job.choice of each, the likelier first; none when what was before an update runs, and all is well."""
        record, back = self.record, self.now == self.record.version
        if not record.to or (back and self.well):
            return ()
        kept = (FROM_SNAPSHOT + record.snapshot,) if record.snapshot else ()
        if back:  # it runs on what the newer one has made of the volume
            return kept
        return (*kept, BACK) if record.done else (BACK, *kept)


def is_well(machine: Machine | None) -> bool:
    if machine is None or machine.state != "started" or refuses_to_start(machine):
        return False
    return all(check.status == "passing" for check in machine.checks)


class UpdateDesk:
    """Another version for ``app``."""

    def __init__(self, session: Session, app: str) -> None:
        self._session, self.app = session, app

    async def offer(self) -> Offer:
        """What there is, by what was last read of the app, or is read now. Raises FlyError, StateError."""
        world = await self._session.look(self.app, ("machines", "volumes"), max_age=inf)
        machine = world.machine
        now = versions.version_of(machine.image) if machine else ""
        found = await self._session.services.web.newest_versions(IMAGE)
        newer, older = versions.split(now, found)
        record = read_record(self._session.services.state, self.app)
        if record.volume not in [volume.id for volume in world.volumes]:
            record = UpdateRecord()  # of an app that had this name before, or a volume that somebody removed
        image = machine.image if machine else ""
        return Offer(now, newer, older, bool(found), image, is_well(machine), record)

    async def missing(self, version: str) -> str:
        """Words, when there is no such version; empty also for one that is built from source: git knows those."""
        return (
            await unknown_version(self._session.services, version)
            if self._session.spec.source == "image"
            else ""
        )

    def spec_for(self, version: str, record: UpdateRecord, choice: str = "") -> Spec:
        """The answers, with another version; on the way back with the volume that is made of the snapshot."""
        spec = self._session.spec
        if not choice:
            return replace(spec, version=version)
        found = replace(spec, version=record.version if versions.number(record.version) else spec.version)
        kept = snapshot_in(choice)
        return replace(found, volume_name=volume_name(spec.volume_name, kept)) if kept else found

    async def plan(self, spec: Spec, choice: str = "") -> Plan:
        """What it would do. Raises FlyError, StateError, BadInput."""
        return await self._session.plan_for(spec, Task.UPDATE, choice=choice)

    async def start(self) -> RunHandle:
        """Hand it to a run that outlives this program. Raises Busy, StateError, ClawError."""
        return await self._session.start_run()
