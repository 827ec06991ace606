"""`harden` and `expose` without a screen: what it means, a question, and the run to its end."""

from __future__ import annotations

from argparse import Namespace

from claw_tui.domain.errors import BadInput
from claw_tui.domain.jobs import Task
from claw_tui.domain.prices import DEDICATED_V4
from claw_tui.engine.door_desk import DoorDesk
from claw_tui.engine.finding import find_gateways
from claw_tui.engine.session import Session
from claw_tui.i18n import _
from claw_tui.plain.applying import Applier, somebody_is_there
from claw_tui.plain.desk import Wish, refuse_no_name
from claw_tui.plain.doctor import privacy
from claw_tui.plain.door import Door
from claw_tui.plain.out import Out
from claw_tui.plain.planning import Planner
from claw_tui.plain.signals import Signals


class DoorChanger(Applier):
    """One `harden`, or one `expose`."""

    def __init__(self, out: Out, session: Session, signals: Signals, door: Door, args: Namespace) -> None:
        super().__init__(out, session, signals, door, args)
        self._task = Task(args.command)

    async def change(self) -> int:
        if self._args.app:
            refuse_no_name(self._args.app)
        await self._door.log_in()
        app = self._args.app or await self._only_one()
        if (number := await self._joined(app)) is not None:
            return number
        desk = DoorDesk(self._session, app)
        await desk.look()
        choice = self._choice(desk)
        plan = await desk.plan(self._task, choice)
        lines = desk.told(self._task, choice)
        self._out.put("about", "\n".join(lines), lines=lines)
        wish = Wish(desk.spec(self._task), _("what Fly.io tells"))
        Planner(self._out, self._session, self._door, wish).show(plan)
        if not plan.changes and not self._args.yes:
            return await self._as_it_is(app)
        if (number := self._refused()) is not None:
            return number
        return await self._start(wish)

    async def _as_it_is(self, app: str) -> int:
        """Nothing to be asked about. That nothing is left to do makes nothing private: that is looked at."""
        if self._task is Task.HARDEN:
            return await privacy(self._out, self._session, self._door, app)
        return self._unchanged()

    async def _only_one(self) -> str:
        """Raises BadInput unless there is exactly one that can be meant."""
        session = self._session
        known = session.services.state.known_apps()
        found = await find_gateways(session.reader, await session.services.fly.apps(), known)
        if len(found) == 1:
            return found[0]
        if not found:
            raise BadInput(_("There is no gateway in this account yet."))
        raise BadInput(
            _("There are several gateways: {names}").format(names=", ".join(found)),
            hint=_("Name the one that is meant."),
        )

    def _choice(self, desk: DoorDesk) -> str:
        """Money and an address that can't be had again: only with the person's own word."""
        if self._task is not Task.HARDEN or not desk.dedicated:
            return ""
        said: str = self._args.dedicated_ipv4
        words = _("This app has a dedicated IPv4 address, {address}, for ${price:.2f} a month.").format(
            address=", ".join(desk.dedicated), price=len(desk.dedicated) * DEDICATED_V4
        )
        if not said and (self._args.yes or not somebody_is_there()):
            raise BadInput(
                words,
                hint=_(
                    "--dedicated-ipv4 release gives it back for good; --dedicated-ipv4 keep keeps it, and the result is not private."
                ),
            )
        if not said:
            self._out.aside(words)
            said = (
                "release"
                if self._ask(_("Give it back for good? Else it is kept, and the result is not private."))
                else "keep"
            )
        return desk.choice(release=said == "release")
