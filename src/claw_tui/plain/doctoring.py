"""`doctor`: what is wrong with a gateway, and its mending, for people, for scripts, for cron."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from dataclasses import asdict

from claw_tui.domain.doctor.differing import change_lines
from claw_tui.domain.doctor.model import Diagnosis, Finding, Fix, Standing, Verdict
from claw_tui.domain.errors import BadInput, ClawError, FlyError
from claw_tui.domain.no_such_app import no_such_app
from claw_tui.engine.doctor import diagnose
from claw_tui.engine.finding import find_gateways
from claw_tui.engine.fix_desk import FixDesk
from claw_tui.engine.session import Session
from claw_tui.i18n import _, n_
from claw_tui.plain import exits
from claw_tui.plain.applying import Applier
from claw_tui.plain.desk import Wish, refuse_no_name
from claw_tui.plain.door import Door
from claw_tui.plain.out import Out
from claw_tui.plain.planning import Planner
from claw_tui.plain.signals import Signals

SIGNS = {
    Standing.WELL: n_("WELL"), Standing.WRONG: n_("WRONG"), Standing.NOTE: n_("NOTE"), Standing.UNKNOWN: n_("UNKNOWN"),
    Standing.SKIPPED: n_("SKIPPED"),
}  # fmt: skip
ROUNDS = 3
EXITS = {Verdict.HEALTHY: exits.DONE, Verdict.SICK: exits.NEEDS_YOU, Verdict.UNKNOWN: exits.NOT_KNOWN}


class Doctor(Applier):
    """One `doctor`."""

    def __init__(self, out: Out, session: Session, signals: Signals, door: Door, args: Namespace) -> None:
        super().__init__(out, session, signals, door, args)
        self._several = False  # gateways: each gets its name above its lines
        self._unread: dict[str, FlyError] = {}  # apps that may be one

    async def look(self) -> int:
        """The worst of what it ends with, of one gateway or of each."""
        if self._args.app:
            refuse_no_name(self._args.app)
        try:
            await self._door.log_in()
        except ClawError:
            if not self._args.app:
                raise
        self._out.hide(self._session.redact)
        apps = await self._which()
        self._several = len(apps) > 1
        found = [await self._one(app) for app in apps]
        if self._unread:
            found.append(exits.NOT_KNOWN)
        return min(found, key=lambda number: WORST.index(number) if number in WORST else -1)

    async def _which(self) -> tuple[str, ...]:
        if self._args.app:
            return (self._args.app,)
        session = self._session
        unread = self._unread
        found = await find_gateways(
            session.reader, await session.services.fly.apps(), session.services.state.known_apps(), unread
        )
        if not found and unread:
            raise next(iter(unread.values()))
        for app, error in unread.items():
            words = _("{app} could not be looked at: {why}")
            self._out.aside(words.format(app=app, why=error.message))
        if not found:
            raise BadInput(_("There is no gateway in this account yet."))
        return found

    async def _one(self, app: str) -> int:
        found = await diagnose(self._session, app)
        if found.first == "app-missing" and app not in self._session.services.state.known_apps():
            raise no_such_app(app)  # nobody here has ever had it: the name is the mistake
        if not self._args.fix or not found.fixes:
            number = exit_of(found)
            self.tell(found, number)
            return number
        return await self._mend(found)

    async def _mend(self, found: Diagnosis) -> int:
        """Round after round: what was hidden by one cause may be seen once that is gone."""
        if (number := await self._joined(found.app)) is not None:
            return number
        tried: set[str] = set()
        for _round in range(ROUNDS):
            desk = FixDesk(self._session, found.app, found.fixes)
            if not desk.choice or desk.choice in tried:
                break
            tried.add(desk.choice)
            self.tell(found, exit_of(found))
            await self._show(desk)
            if (number := self._refused()) is not None:
                return number
            await self._carry_out(desk)
            if self._signals.left:
                return 128 + self._signals.left
            found = await diagnose(self._session, found.app)
        number = exits.FIXED if found.verdict is Verdict.HEALTHY else exit_of(found)
        self.tell(found, number)
        return number

    async def _show(self, desk: FixDesk) -> None:
        plan = await desk.plan()
        Planner(self._out, self._session, self._door, Wish(desk.spec, _("what Fly.io tells"))).show(plan)

    async def _carry_out(self, desk: FixDesk) -> None:
        run = await desk.start()
        await self._follow(run, may_cancel=True)

    def tell(self, found: Diagnosis, number: int) -> None:
        said: set[str] = set()
        for number_, finding in enumerate(found.findings):
            heading = ("", f"{found.app}:") if self._several and not number_ else ()
            lines = (*heading, *finding_lines(finding, said))
            self._out.put("check", "\n".join(lines), **finding_data(finding))
        self._out.put(
            "diagnosis", "\n".join(["", *verdict_lines(found)]), app=found.app, first=found.first,
            causes=list(found.causes), exit=number,
        )  # fmt: skip


WORST = (
    exits.NEEDS_YOU,
    exits.LOGIN,
    exits.NETWORK,
    exits.FAILED,
    exits.CHANGES,
    exits.NOT_KNOWN,
    exits.FIXED,
    exits.DONE,
)


def exit_of(found: Diagnosis) -> int:
    """What it ends with when nothing was mended."""
    if found.first == "not-logged-in":
        return exits.LOGIN
    if found.first in ("flyctl-missing", "flyctl-old"):
        return exits.FAILED
    return EXITS[found.verdict]


def finding_lines(finding: Finding, said: set[str]) -> Iterable[str]:
    """For people: what does not stand well is told in full. One thing that keeps many questions from being answered is told
    once: ``said`` grows.
    """
    lines = [f"{_(SIGNS[finding.standing]):<8} {finding.words}"]
    if finding.standing in (Standing.WELL, Standing.SKIPPED):
        return lines
    known = frozenset(said) if finding.standing is Standing.UNKNOWN else frozenset()
    if finding.standing is Standing.UNKNOWN:
        said |= {finding.words, finding.why, *finding.evidence}
    lines += [f"         | {line}" for line in finding.evidence if line not in known]
    if finding.why and finding.why not in known:
        lines.append(f"         {finding.why}")
    return [*lines, *(fix_lines(finding.fix) if finding.fix else ())]


def fix_lines(fix: Fix) -> list[str]:
    commands = (f"            $ {command}" for command in fix.commands)
    changes = (f"            {line}" for line in change_lines(fix.changes))
    return [f"         -> {fix.words}", *commands, *changes]


def finding_data(finding: Finding) -> dict[str, object]:
    fix = finding.fix
    shown = {
        "id": fix.id, "words": fix.words, "commands": list(fix.commands), "asks": fix.asks,
        "changes": [asdict(change) for change in fix.changes],
    } if fix else None  # fmt: skip
    return {
        "id": finding.id, "standing": finding.standing.value, "words": finding.words, "evidence": list(finding.evidence),
        "cause": finding.cause, "why": finding.why, "fix": shown,
    }  # fmt: skip


def verdict_lines(found: Diagnosis) -> list[str]:
    """One or two sentences."""
    if found.verdict is Verdict.HEALTHY:
        return [_("{app} is well.").format(app=found.app)]
    if found.verdict is Verdict.UNKNOWN:
        return [
            _(
                "Nothing wrong was found with {app}, but not everything could be asked: the lines with UNKNOWN say why."
            ).format(app=found.app)
        ]
    first, *others = found.wrong
    lines = [_("What is wrong with {app}: {words}").format(app=found.app, words=first.words)]
    lines += [
        _("Besides: {words}").format(words=other.words)
        for other in others
        if other.cause not in found.explained
    ]
    comes = [other.words for other in others if other.cause in found.explained]
    lines += [_("It comes of it: {words}").format(words=words) for words in comes]
    if found.fixes:
        lines.append(
            _("`claw-tui doctor {app} --fix` shows what can be done, and does it.").format(app=found.app)
        )
    return lines
