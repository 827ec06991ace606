"""What the doctor found and can mend: the plan for it, and the run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from claw_tui.domain.doctor import fixes
from claw_tui.domain.doctor.choice import Wanted, choice_of, read_choice
from claw_tui.domain.doctor.model import Fix
from claw_tui.domain.doors import is_private, is_public
from claw_tui.domain.errors import BadInput
from claw_tui.domain.jobs import Task
from claw_tui.domain.plan import Plan
from claw_tui.domain.secret_kinds import new_gateway_token
from claw_tui.domain.spec import Spec
from claw_tui.domain.versions import version_of
from claw_tui.domain.world import World
from claw_tui.engine.adoption import spec_of
from claw_tui.engine.answers_kept import kept_answers
from claw_tui.engine.session import Session
from claw_tui.engine.world import PARTS, YOUNG_SECONDS
from claw_tui.i18n import _
from claw_tui.ports import RunHandle


class FixDesk:
    """Some fixes of ``app``, all in one run."""

    def __init__(self, session: Session, app: str, some: Iterable[Fix]) -> None:
        self._session, self.app = session, app
        self.choice = choice_of(fix for fix in some if not fix.asks)
        self.wanted: Wanted = read_choice(self.choice)

    @property
    def makes(self) -> bool:
        """There is no machine: the answers are deployed."""
        return self.wanted.has(fixes.MAKE)

    @property
    def spec(self) -> Spec:
        """The answers; of a gateway that others set up what Fly.io tells. Raises BadInput before that was read."""
        world = self._session.reader.known(self.app)
        known = self._known()
        if self.makes and known is not None:
            return known
        if self._session.reader.age(self.app, PARTS) is None:
            raise BadInput(_("What {app} has on Fly.io is not known yet.").format(app=self.app))
        found = known or replace(spec_of(self.app, world), secret_names=())
        found = replace(found, private=self._private(world, known))
        if self.wanted.memory_mb:
            found = replace(found, memory_mb=self.wanted.memory_mb)
        version = version_of(self.wanted.image)
        return replace(found, version=version) if version and known else found

    def _known(self) -> Spec | None:
        return kept_answers(self._session.services.state, self.app)

    def _private(self, world: World, known: Spec | None) -> bool:
        """How it is reached stays as it is, also where the answers say otherwise: a raw port on a public address is nobody's wish."""
        if self.wanted.has(fixes.PRIVATE):
            return True
        if world.public_ips or self.wanted.has(fixes.ADDRESSES):
            return False
        if known is not None and world.machines:
            return known.private or all(map(is_private, world.machines))
        return not any(map(is_public, world.machines))

    async def plan(self) -> Plan:
        """What it would do. Raises FlyError, StateError, BadInput."""
        if not self.choice:
            raise BadInput(_("There is nothing here that can be mended without you."))
        await self._session.look(self.app)  # what the doctor could not ask is not to be taken for nothing
        if self.makes:
            return await self._session.plan_for(self.spec, Task.DEPLOY)
        return await self._session.plan_for(self.spec, Task.FIX, max_age=YOUNG_SECONDS, choice=self.choice)

    async def start(self) -> RunHandle:
        """Hand it to a run that outlives this program. Raises Busy, StateError, StoreError, ClawError."""
        for name in self.wanted.after(f"{fixes.TOKEN}:"):
            await self._session.vault.put(self.app, name, new_gateway_token())
        return await self._session.start_run()
