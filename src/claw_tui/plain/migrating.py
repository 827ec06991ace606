"""`migrate` without a screen: what it means, a question, and the run to its end; so with --back and --confirm."""

from __future__ import annotations

from claw_tui.domain.errors import BadInput, NothingToDo
from claw_tui.domain.migration import CONFIRM
from claw_tui.engine.migration_desk import MigrationDesk
from claw_tui.i18n import _
from claw_tui.plain.applying import Applier
from claw_tui.plain.desk import Wish
from claw_tui.plain.planning import Planner


class Migrator(Applier):
    """One `migrate`."""

    async def migrate(self) -> int:
        app: str = self._args.app
        if (number := await self._begun(app)) is not None:
            return number
        desk = MigrationDesk(self._session, app)
        try:
            await desk.look()
        except NothingToDo as error:
            if self._args.back or self._args.confirm:
                raise self._no_migration() from error
            return self._unchanged(error.message)
        if desk.migrated and desk.record.done and not (self._args.back or self._args.confirm):
            words = _(
                "OpenClaw runs in place of {name} already: --confirm when all is well, --back for what ran before."
            )
            return self._unchanged(words.format(name=desk.record.version))
        choice = self._choice(desk)
        if desk.secrets_in_file:
            await self._door.open()
        going_on = desk.migrated and not choice
        plan = await (desk.plan_rest() if going_on else desk.plan(choice))
        lines = desk.told_after(choice) if choice or going_on else desk.told()
        self._out.put("about", "\n".join(lines), app=app, lines=lines, program=desk.program.name)
        assert self._session.view is not None
        wish = Wish(self._session.view.spec, _("what Fly.io and its machine tell"))
        Planner(self._out, self._session, self._door, wish).show(plan)
        if (number := self._refused()) is not None:
            return number
        await desk.ready()
        return await self._start(wish)

    def _choice(self, desk: MigrationDesk) -> str:
        """Raises BadInput for what there is not."""
        back, confirm = self._args.back, self._args.confirm
        if not desk.migrated:
            if back or confirm:
                raise self._no_migration()
            return ""
        ways = desk.ways_back
        if confirm and desk.record.done:
            return CONFIRM
        if back and ways:
            return ways[0]
        if back:
            raise BadInput(
                _("There is no way back: the volume of then, or its snapshot, is not known any more.")
            )
        if confirm:
            raise BadInput(_("The migration is not done yet: there is nothing to confirm."))
        return ""

    def _no_migration(self) -> BadInput:
        words = _("No migration of {app} is known here that could be undone or confirmed.")
        return BadInput(words.format(app=self._args.app))
