"""`remove` without a screen: what there is, what is lost, the name once more, and the run to its end."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import ClassVar

from claw_tui.domain.errors import BadInput
from claw_tui.domain.plan import Plan
from claw_tui.engine.extras import total
from claw_tui.engine.removal_desk import RemovalDesk, forget
from claw_tui.engine.removal_words import removal_lines
from claw_tui.i18n import _
from claw_tui.plain import exits
from claw_tui.plain.applying import Applier
from claw_tui.plain.desk import Wish


class Remover(Applier):
    """One `remove`."""

    YES: ClassVar[str] = "--yes-remove {app}"

    async def remove(self) -> int:
        app: str = self._args.app
        self._args.yes = bool(self._args.yes_remove)
        self._refuse_wrong_words(app)
        if (number := await self._begun(app)) is not None:
            return number
        desk = RemovalDesk(self._session, app)
        await desk.look()
        path = self._copy_path(desk) if self._args.copy else None
        plan = await desk.plan(keep_app=self._args.keep_app)
        self._show(desk, plan)
        if (number := self._refused()) is not None:
            return number
        if path is not None:
            self._save(desk, path)
        assert self._session.view is not None
        number = await self._start(Wish(self._session.view.spec, app))
        if number == exits.DONE and self._args.forget:
            await self._forget(app)
        return number

    def _refuse_wrong_words(self, app: str) -> None:
        said: str = self._args.yes_remove
        if said and said != app:
            words = _("--yes-remove says {said}, and the app is {app}. Nothing was done.")
            raise BadInput(words.format(said=said, app=app))
        if self._args.forget and (self._args.keep_app or self._args.detach):
            raise BadInput(_("--forget is for an app that is gone: it goes without --keep-app and --detach."))

    def _copy_path(self, desk: RemovalDesk) -> Path:
        """Raises BadInput when there is nothing to be saved, or no place for it."""
        if not desk.copy:
            raise BadInput(
                _("Its openclaw.json can't be read, so that there is no copy. Nothing was done."),
                hint=_("Its machine has to run for that; or leave --copy out."),
            )
        path = Path(self._args.copy).expanduser().absolute()
        if path.exists():
            raise BadInput(_("{path} exists. Nothing was done.").format(path=path))
        if not path.parent.is_dir():
            words = _("There is no folder {path} here. Nothing was done.").format(path=path.parent)
            raise BadInput(words, hint=_("Make it first."))
        return path

    def _save(self, desk: RemovalDesk, path: Path) -> None:
        self._session.services.state.write_file(path, desk.copy)
        words = _("openclaw.json was saved as {path}, without secrets.")
        self._out.put("copy", words.format(path=path), path=str(path))

    def _show(self, desk: RemovalDesk, plan: Plan) -> None:
        keep_app, goes = self._args.keep_app, desk.goes(keep_app=self._args.keep_app)
        lines = removal_lines(desk, plan, keep_app=keep_app)
        some = [
            {"kind": piece.thing.kind.value, "id": piece.thing.id, "dollars": piece.dollars} for piece in goes
        ]
        self._out.put(
            "about", "\n".join(lines), app=desk.app, ours=desk.is_ours, goes=some, dollars=round(total(goes), 2),
            losses=desk.losses(keep_app=keep_app), lines=lines,
            commands=[command for item in plan.items for command in item.commands],
        )  # fmt: skip

    def _agreed(self) -> bool:
        """By the name, typed once more."""
        app: str = self._args.app
        with self._signals.waiting_for_a_person():
            sys.stderr.write(_("Type {app} to remove it: ").format(app=app))
            sys.stderr.flush()
            return sys.stdin.readline().strip() == app

    async def _forget(self, app: str) -> None:
        left = await forget(self._session, app)
        words = _("This computer has forgotten {app}.").format(app=app)
        if left:
            words = _("Nothing was forgotten here: the place of these keys is locked: {names}").format(
                names=", ".join(left)
            )
        self._out.put("forgotten", words, app=app, left=left)
