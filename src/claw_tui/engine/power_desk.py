"""Stopping a gateway, and starting it again: what it means, and the run that does it."""

from __future__ import annotations

from dataclasses import replace

from claw_tui.domain.errors import BadInput
from claw_tui.domain.jobs import Task
from claw_tui.domain.no_such_app import no_such_app
from claw_tui.domain.plan import Plan
from claw_tui.domain.power import (
    RESTART,
    is_off_proxy,
    is_resting,
    is_stop,
    restart_of,
    start_lines,
    stop_lines,
)
from claw_tui.domain.rescue import in_rescue
from claw_tui.domain.world import World
from claw_tui.engine.extras import kept_machine
from claw_tui.engine.plan_words import plan_lines
from claw_tui.engine.session import Session
from claw_tui.engine.undoing import spec_for
from claw_tui.engine.world import PARTS
from claw_tui.i18n import _
from claw_tui.ports import RunHandle


class PowerDesk:
    """One app that is there, whoever made it."""

    def __init__(self, session: Session, app: str) -> None:
        self._session, self.app = session, app

    @property
    def world(self) -> World:
        return self._session.reader.known(self.app)

    @property
    def rests(self) -> bool:
        return is_resting(self.world) or is_off_proxy(self.world)

    async def look(self) -> None:
        """Raises FlyError, StateError; BadInput when there is nothing to stop or start."""
        world = await self._session.look(self.app, PARTS)
        if world.app is None:
            raise no_such_app(self.app)
        machine = world.machine
        if machine is None:
            raise BadInput(_("It has no machine yet. D on Home deploys one."))
        if in_rescue(machine):
            raise BadInput(_("Its machine is in rescue: X on Home goes on from there."))

    async def plan(self, choice: str) -> Plan:
        """``choice``: STOP, SLEEP, START or RESTART. Raises FlyError, StateError."""
        machine = kept_machine(self.world)
        if choice == RESTART and machine is not None:
            choice = restart_of(machine)
        spec = replace(spec_for(self._session, self.app, self.world), own_fly_toml="")
        return await self._session.plan_for(spec, Task.POWER, choice=choice)

    def told(self, choice: str, plan: Plan) -> list[str]:
        """What it means, and what is done: lines for a person."""
        if is_stop(choice):
            about = stop_lines(self.world, choice)
        elif choice.startswith(RESTART):
            about = [_("It is away for about half a minute, and costs what it costs.")]
        else:
            about = start_lines(self.world)
        return [*about, "", *plan_lines(plan)]

    async def start(self) -> RunHandle:
        """Hand it to a run that outlives this program. Raises Busy, StateError, ClawError."""
        return await self._session.start_run()
