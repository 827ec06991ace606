"""A gateway's door: how it is reached now, what another one means, and the run that changes it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import replace

from claw_tui.domain.door_words import Told, story
from claw_tui.domain.doors import Door, dedicated, door_of, obstacles
from claw_tui.domain.elsewhere import refuse_elsewhere
from claw_tui.domain.errors import BadInput, ClawError, FlyError
from claw_tui.domain.jobs import Task
from claw_tui.domain.no_such_app import no_such_app
from claw_tui.domain.openclaw import json5
from claw_tui.domain.openclaw.lift import lift
from claw_tui.domain.plan import Action, Plan, PlanItem
from claw_tui.domain.power import what_helps
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import World
from claw_tui.engine.adoption import spec_of
from claw_tui.engine.answers_kept import kept_answers
from claw_tui.engine.hardening import KEEP, RELEASE
from claw_tui.engine.reaching import WriteReach, told
from claw_tui.engine.session import Session
from claw_tui.engine.world import PARTS
from claw_tui.i18n import _
from claw_tui.ports import RunHandle


class DoorDesk:
    """``app`` is made private (``Task.HARDEN``) or public (``Task.EXPOSE``)."""

    def __init__(self, session: Session, app: str) -> None:
        self._session, self.app = session, app
        self._certificates: tuple[str, ...] | None = None
        self._members: tuple[str, ...] | None = None
        self._tree: dict[str, object] = {}
        self._unread = ""

    @property
    def world(self) -> World:
        return self._session.reader.known(self.app)

    @property
    def door(self) -> Door:
        return door_of(self.world)

    @property
    def dedicated(self) -> tuple[str, ...]:
        """Addresses that cost money: what becomes of them is asked by itself."""
        return dedicated(self.world)

    async def look(self) -> None:
        """Everything that the explanation needs. Raises FlyError, StateError; BadInput when it can't be begun."""
        world = await self._session.look(self.app, PARTS)
        if world.app is None:
            raise no_such_app(self.app)
        why = obstacles(world)
        if why:
            raise BadInput(
                _("It can't be changed so that all else stays: {why}").format(why=why[0]),
                hint=what_helps(world),
                detail="\n".join(why[1:]),
            )
        refuse_elsewhere(world, Task.HARDEN)
        reader = self._session.reader
        certificates = asyncio.create_task(_unless_refused(reader.certificates(self.app)))
        members = asyncio.create_task(_unless_refused(reader.members(world.app.org)))
        file = asyncio.create_task(self._read())
        await asyncio.gather(
            certificates, members, file, return_exceptions=True
        )  # whoever fails, all have ended
        file.result()
        self._certificates, self._members = certificates.result(), members.result()

    async def _read(self) -> None:
        """Its openclaw.json. What is written goes through arguments of commands: no secret may be in it."""
        machine = self.world.machine
        assert machine is not None
        self._tree = {}
        text = await self._session.services.gateway.read_config(self.app, machine.id)
        with suppress(ValueError):  # the run says so, in its own step
            found = json5.read(text) if text else {}
            self._tree = found if isinstance(found, dict) else {}
        names = [name for name, _secret in lift(self._tree)[1]]
        if names:
            raise BadInput(
                _("Secrets stand in the gateway's openclaw.json itself: {names}").format(
                    names=", ".join(names)
                ),
                hint=_("E on Home takes them out of it and keeps them; deploy, then try again."),
            )

    def spec(self, task: Task) -> Spec:
        """The answers with another door; of a gateway that others set up what Fly.io tells."""
        known = kept_answers(self._session.services.state, self.app)
        found = known or replace(spec_of(self.app, self.world), secret_names=())
        return replace(found, private=task is Task.HARDEN)

    def told(self, task: Task, choice: str = "") -> list[str]:
        """What will change, what stops, and what to do about it: lines for a person."""
        world, now = self.world, door_of(self.world)
        about = Told(
            self.app, world, now, self._certificates, self._members, self._tree,
            waiting=tuple(info.name for info in world.secrets if info.staged), released=choice.startswith(RELEASE),
        )  # fmt: skip
        return story(about, private=task is Task.HARDEN)

    def choice(self, *, release: bool) -> str:
        """For the run: what becomes of the dedicated addresses; empty when there is none."""
        return " ".join((RELEASE if release else KEEP, *self.dedicated)) if self.dedicated else ""

    async def plan(self, task: Task, choice: str = "") -> Plan:
        """What it would do. Raises FlyError, StateError, BadInput."""
        try:
            plan = await self._session.plan_for(self.spec(task), task, choice=choice)
        except ClawError:
            raise
        except ValueError as error:
            raise BadInput(_("It can't be planned: {why}").format(why=error)) from error
        plan = self._session.plan = self._as_told(plan, task)
        return plan

    def _as_told(self, plan: Plan, task: Task) -> Plan:
        """Its file was read here: where all else stays, it may know already what it is to be told."""
        others = (item for item in plan.items if item.id != WriteReach.id)
        if not self._tree or any(item.changes for item in others):
            return plan
        if told(self._session.services.state, self.spec(task), self.world, self._tree) != self._tree:
            return plan
        return replace(plan, items=tuple(map(_known, plan.items)))

    async def start(self) -> RunHandle:
        """Hand it to a run that outlives this program. Raises Busy, StateError, ClawError."""
        return await self._session.start_run()


def _known(item: PlanItem) -> PlanItem:
    if item.id != WriteReach.id:
        return item
    return replace(item, action=Action.KEEP, detail=_("it knows already"), commands=())


async def _unless_refused(question: Awaitable[tuple[str, ...]]) -> tuple[str, ...] | None:
    """None: it is said that it could not be asked, and the proof asks again."""
    with suppress(FlyError):
        return await question
    return None
