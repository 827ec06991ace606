"""`plan`: what would be done, and what is missing for it."""

from __future__ import annotations

from collections.abc import Sequence

from claw_tui.domain.answers import StoreState
from claw_tui.domain.builds import build_words, is_built
from claw_tui.domain.errors import BadInput, StoreError
from claw_tui.domain.parse import toml_of
from claw_tui.domain.plan import Action, Plan, PlanItem
from claw_tui.domain.prices import AS_OF
from claw_tui.domain.toml_changes import change_lines
from claw_tui.engine.context import View
from claw_tui.engine.deploying import opening_words, opens
from claw_tui.engine.given import GivenSecrets
from claw_tui.engine.session import Session
from claw_tui.engine.staying import stay_words
from claw_tui.engine.turn import others_words
from claw_tui.engine.undoing import Removal
from claw_tui.i18n import _, n_
from claw_tui.plain import exits
from claw_tui.plain.desk import Wish, Wrong, wrong_answers, wrong_own_file
from claw_tui.plain.door import Door
from claw_tui.plain.facts import wrong_facts
from claw_tui.plain.out import Out
from claw_tui.plain.sources import read_given

ACTIONS = {
    Action.CREATE: n_("create"), Action.CHANGE: n_("change"), Action.KEEP: n_("keep"), Action.CHECK: n_("check"),
}  # fmt: skip


class Planner:
    """Answers against what there is. After ``make`` the session has the plan."""

    def __init__(self, out: Out, session: Session, door: Door, wish: Wish) -> None:
        self._out, self._session, self._door, self.wish = out, session, door, wish
        given = read_given(wish.sources)
        out.hide(session.redact, given.values.values())
        self.given = GivenSecrets(session, given)

    async def make(self) -> Plan:
        """Look, plan and show it; the answers are whole. Raises BadInput, StoreError, FlyError and others."""
        spec = self.wish.spec
        self._session.spec = spec
        await self._door.log_in()
        try:
            await self._session.plan_for(spec)
            await self.given.adjust()
        except ValueError as error:  # of a file of the person's own
            raise BadInput(_("The answers can't be planned for: {why}").format(why=error)) from error
        plan, view = self._session.plan, self._session.view
        assert plan is not None
        assert view is not None
        self._refuse_opening(view)
        if plan.changes:
            self._refuse(await wrong_facts(self._session.services, view, self.given.values))
        self.show(plan)
        await self._notes(plan)
        return plan

    def _refuse_opening(self, view: View) -> None:
        """What nobody said opens no door that was shut. Raises BadInput."""
        if self.wish.says_door or not opens(view):
            return
        raise BadInput(
            _("{app} is private, and {name} does not say whether it is to stay so.").format(
                app=view.spec.app, name=self.wish.name
            ),
            hint=_("Write `private = true` into it; or `private = false`, and everybody can reach it."),
        )

    async def refuse_lost(self) -> None:
        """Raises StoreError when a secret has to be sent and is not at hand."""
        lost = await self.given.lost()
        if lost and await self._door.open():
            lost = await self.given.lost()
        if not lost:
            return
        self._out.put("missing", secrets=lost)
        words = _("Secrets are not at hand: {names}").format(
            names=", ".join(f"secrets.{name}" for name in lost)
        )
        vault = self._session.vault
        hint = _("Give them in claw-tui, or say in the answers where each one is: env:NAME or fd:3.")
        if vault.probe.opens and vault.probe.state is StoreState.LOCKED:
            hint = _("Their place is locked; --passphrase opens it. {hint}").format(hint=hint)
        raise StoreError(words, hint=hint)

    def refuse_wrong(self) -> None:
        """Raises BadInput."""
        self._refuse(
            [
                *wrong_answers(self.wish.spec),
                *wrong_own_file(self._session.services.state, self.wish.spec),
            ]
        )

    def _refuse(self, wrong: Sequence[Wrong]) -> None:
        if not wrong:
            return
        for one in wrong:
            self._out.put("wrong", name=one.name, problem=one.words)
        words = _("{name} can't be planned for yet.").format(name=self.wish.name)
        lines = "\n".join(f"{one.name} - {one.words}" for one in wrong)
        raise BadInput(words, detail=lines, hint=_("Mend these answers."))

    async def _notes(self, plan: Plan) -> None:
        """What is no part of the plan and has to be known before it is begun."""
        session, view = self._session, self._session.view
        assert view is not None
        for piece in Removal(session, view.spec).extras_of(view.world):
            words = _(
                "Note: not needed, and there all the same: {what}, {price}. claw-tui takes it away: screen Review, F8."
            )
            self._out.put(
                "extra", words.format(what=piece.words, price=piece.price), kind=piece.thing.kind.value, id=piece.thing.id,
                dollars=piece.dollars,
            )  # fmt: skip
        others = await others_words(session.services, session.reader, plan, view.spec.app)
        stay = await stay_words(session.services) if plan.changes else ""
        build = build_words(view.spec) if plan.changes and is_built(view.spec) else ""
        for words in self._own_file():
            self._out.put("fly.toml", words, message=words)
        for words in filter(None, (opening_words(view), build, others, stay)):
            self._out.put("note", _("Note: {words}").format(words=words), message=words)

    def _own_file(self) -> list[str]:
        """What is changed in the person's own fly.toml; a door to the internet in a file that had none is among it."""
        view = self._session.view
        if view is None or not view.base_toml or not (changes := change_lines(view.base_toml, view.spec)):
            return []
        lines = [_("What is changed in your fly.toml, and why (comments and the rest stay):"), *changes]
        if not view.spec.private and not {"http_service", "services"} & set(toml_of(view.base_toml)):
            lines.append(
                _("Note: that file opens no door to the internet; the answers do (private = false).")
            )
        return lines

    # -- showing --------------------------------------------------------------------------------------------------
    def show(self, plan: Plan) -> None:
        spec = self.wish.spec
        words = _("Plan for {app} (organization {org}, region {region}), from {name}:")
        self._out.put(
            "begin", words.format(app=spec.app, org=spec.org, region=spec.region, name=self.wish.name),
            app=spec.app, org=spec.org, region=spec.region, version=spec.version,
        )  # fmt: skip
        for item in plan.items:
            self._item(item)
        lines = [{"what": line.what, "dollars": line.dollars} for line in plan.price.lines]
        price = {
            "total": round(plan.price.total, 2),
            "exact": plan.price.exact,
            "as_of": AS_OF,
            "lines": lines,
        }
        words = _("Price: {price}, by Fly.io's prices of {date}; traffic and models apart.")
        self._out.put(
            "plan", words.format(price=plan.price.short(), date=AS_OF), changes=plan.changes, price=price
        )

    def _item(self, item: PlanItem) -> None:
        lines = [f"{_(ACTIONS[item.action])}: {item.title}" + (f" ({item.detail})" if item.detail else "")]
        lines += [f"    $ {command}" for command in item.commands]
        if item.undo and item.action is not Action.KEEP:
            lines.append("    " + _("undone by: {command}").format(command=item.undo))
        self._out.put(
            "item", "\n".join(lines), step=item.id, title=item.title, action=item.action.value, detail=item.detail,
            commands=item.commands, undo=item.undo,
        )  # fmt: skip


async def plan(out: Out, session: Session, door: Door, wish: Wish) -> int:
    planner = Planner(out, session, door, wish)
    planner.refuse_wrong()
    found = await planner.make()
    await planner.refuse_lost()
    number = exits.CHANGES if found.changes else exits.DONE
    words = (
        _("There is something to do: claw-tui apply does it.") if found.changes else _("Nothing to change.")
    )
    out.put("end", words, exit=number)
    return number
