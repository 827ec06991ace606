"""`stop`, `start` and `restart` without a screen: what it means, a question, and the run to its end."""

from __future__ import annotations

from claw_tui.domain.plan import Plan
from claw_tui.domain.power import RESTART, SLEEP, START, STOP, resting_dollars, running_dollars
from claw_tui.engine.power_desk import PowerDesk
from claw_tui.plain.applying import Applier
from claw_tui.plain.desk import Wish

CHOICES = {"stop": STOP, "start": START, "restart": RESTART}


class Manager(Applier):
    """One command about a gateway's machine."""

    async def manage(self) -> int:
        app: str = self._args.app
        if (number := await self._begun(app)) is not None:
            return number
        return await self._manage(app)

    async def _manage(self, app: str) -> int:
        desk = PowerDesk(self._session, app)
        await desk.look()
        choice = CHOICES[self._args.command]
        if choice == STOP and self._args.until_asked:
            choice = SLEEP
        if choice == RESTART and desk.rests:
            choice = START
        plan = await desk.plan(choice)
        rest = resting_dollars(desk.world)
        self._about(
            app, desk.told(choice, plan), plan, running=rest + running_dollars(desk.world), stopped=rest
        )
        return await self._carry_out(app, plan)

    def _about(self, app: str, lines: list[str], plan: Plan, **dollars: float) -> None:
        commands = [command for item in plan.items for command in item.commands]
        prices = {name: round(value, 2) for name, value in dollars.items()}
        self._out.put(
            "about",
            "\n".join(lines),
            app=app,
            lines=lines,
            commands=commands,
            changes=plan.changes,
            dollars=prices,
        )

    async def _carry_out(self, app: str, plan: Plan) -> int:
        last = self._session.services.runs.latest(app)
        if not plan.changes and self._ended_well(last):
            return self._unchanged()
        if (number := self._refused()) is not None:
            return number
        assert self._session.view is not None
        return await self._start(Wish(self._session.view.spec, app))
