"""`change` without a screen: now and then with their prices, the plan, a question, and the run to its end."""

from __future__ import annotations

from dataclasses import replace

from claw_tui.domain.errors import BadInput
from claw_tui.domain.machine_rules import wrong
from claw_tui.domain.machine_wish import MachineWish, dollars_after, dollars_before
from claw_tui.engine.machine_desk import MachineDesk
from claw_tui.i18n import _
from claw_tui.plain.managing import Manager


class Changer(Manager):
    """One `change`."""

    async def _manage(self, app: str) -> int:
        desk = MachineDesk(self._session, app)
        await desk.look()
        wish = await self._wish(desk)
        if not wish.back and not wish.differs:
            return self._unchanged()
        plan = await desk.plan(wish)
        self._about(
            app, desk.told(wish, plan), plan, now=dollars_before(wish.before), then=dollars_after(wish)
        )
        return await self._carry_out(app, plan)

    async def _wish(self, desk: MachineDesk) -> MachineWish:
        """Raises BadInput, FlyError."""
        args, left = self._args, desk.left
        said = {
            "vm_size": args.size, "memory_mb": args.memory, "volume_gb": args.volume, "region": args.region,
            "command": desk.usual_command if args.start_command == "" else args.start_command,
        }  # fmt: skip
        given = {name: value for name, value in said.items() if value}
        if args.back:
            if left is None or given:
                raise BadInput(_("There is no change that was cut off: nothing to go back from."))
            return replace(left, back=True)
        if left is None and not given:
            raise BadInput(
                _("What is to be another way? Nothing was said."),
                hint=_("`claw-tui change --help` lists it."),
            )
        wish = replace(left or desk.begin(), **given)
        if left is not None and wish != left:
            raise BadInput(
                _("A change of {app} was cut off, and this is another one.").format(app=desk.app),
                hint=_("`claw-tui change {app}` goes on with it; --back goes back.").format(app=desk.app),
            )
        if why := wrong(wish, await desk.regions()):
            raise BadInput(why, hint=_("Nothing was done."))
        return wish
