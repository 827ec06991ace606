"""A changed openclaw.json for a gateway that runs, and the files that it had before."""

from __future__ import annotations

from claw_tui.domain.delivery import Backup
from claw_tui.domain.errors import GatewayError
from claw_tui.domain.gateway_config import Json
from claw_tui.domain.jobs import Task
from claw_tui.domain.plan import Plan
from claw_tui.domain.power import STARTS_OR_RESCUE
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import Machine
from claw_tui.engine.rescuing import ANSWERS, LOOK, OWNER, PUT
from claw_tui.engine.session import Session
from claw_tui.i18n import _
from claw_tui.ports import RunHandle

PARTS = ("machines",)


class Delivery:
    """The openclaw.json of ``app``: written anew, or put back. Nothing is deployed for it."""

    LOOK, OWNER, ANSWERS, PUT = LOOK, OWNER, ANSWERS, PUT  # for plan_rescue

    def __init__(self, session: Session, app: str) -> None:
        self._session, self.app = session, app

    async def plan(self, spec: Spec) -> Plan:
        """What writing the answers' file would do. Raises FlyError, StateError."""
        return await self._session.plan_for(spec, Task.CONFIG)

    async def plan_restore(self, name: str) -> Plan:
        """What putting the backup ``name`` back would do. Raises FlyError, StateError."""
        return await self._session.plan_for(Spec(app=self.app), Task.CONFIG, choice=name)

    async def plan_rescue(self, spec: Spec, choice: str) -> Plan:
        """What a rescue would do; ``choice``: LOOK, OWNER, ANSWERS or PUT and a backup's name. Raises FlyError, StateError."""
        return await self._session.plan_for(spec, Task.RESCUE, choice=choice)

    async def start(self) -> RunHandle:
        """Hand it to a run that outlives this program. Raises Busy, StateError, ClawError."""
        return await self._session.start_run()

    async def backups(self) -> tuple[Backup, ...]:
        """The earlier files, the newest first. Raises FlyError, GatewayError."""
        machine = await self._machine()
        return await self._session.services.gateway.backups(self.app, machine.id)

    async def compare(self, name: str) -> tuple[str, ...]:
        """What putting ``name`` back would change, as ``line_changes`` marks it. Secrets are masked."""
        machine = await self._machine()
        now = await self._session.services.gateway.read_config(self.app, machine.id)
        then = await self._session.services.gateway.read_backup(self.app, machine.id, name)
        return _differences(masked(now or ""), masked(then))

    async def _machine(self) -> Machine:
        machine = (await self._session.look(self.app, PARTS)).machine
        if machine is None:
            raise GatewayError(_("There is no machine to look into."), hint=_("D on Home deploys one."))
        if machine.state != "started":
            raise GatewayError(
                _("The machine is {state}: its files can't be read now.").format(state=machine.state),
                hint=_(STARTS_OR_RESCUE),
            )
        return machine


def masked(text: str) -> Json | None:
    """The file with a name in the place of each secret in it; None for one that can't be read."""
    from claw_tui.domain.openclaw.json5 import read  # noqa: PLC0415
    from claw_tui.domain.openclaw.lift import lift  # noqa: PLC0415

    try:
        tree = read(text)
    except ValueError:
        return None
    return lift(tree)[0] if isinstance(tree, dict) else None


def _differences(now: Json | None, then: Json | None) -> tuple[str, ...]:
    from claw_tui.domain.openclaw.changes import line_changes  # noqa: PLC0415

    unread = _("(not JSON: it is not shown, for there may be secrets in it)")
    if now is not None and then is not None:
        return tuple(line_changes(now, then))
    return tuple(f"{sign} {unread}" for sign, tree in (("-", now), ("+", then)) if tree is None)
