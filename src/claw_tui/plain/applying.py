"""`apply`: the plan, a question, and the run to its end. The run is the same one that the wizard starts."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import ClassVar

from claw_tui.domain.errors import Busy
from claw_tui.domain.jobs import JobState
from claw_tui.engine.run_state import state_of
from claw_tui.engine.session import Session
from claw_tui.engine.troubleshooting import Troubleshooter
from claw_tui.i18n import _
from claw_tui.plain import exits
from claw_tui.plain.desk import Wish, refuse_no_name
from claw_tui.plain.door import Door
from claw_tui.plain.follow import Follower
from claw_tui.plain.out import Out
from claw_tui.plain.planning import Planner
from claw_tui.plain.signals import Signals
from claw_tui.ports import RunHandle


def somebody_is_there() -> bool:
    """Who could answer a question."""
    return sys.stdin.isatty()


class Applier:
    """One `apply`; and what all commands have in common that change something by a run."""

    YES: ClassVar[str] = "--yes"  # what does it without a question

    def __init__(self, out: Out, session: Session, signals: Signals, door: Door, args: Namespace) -> None:
        self._out, self._session, self._signals, self._door, self._args = out, session, signals, door, args

    async def apply(self, wish: Wish) -> int:
        planner = Planner(self._out, self._session, self._door, wish)
        planner.refuse_wrong()
        if (number := await self._joined(wish.spec.app)) is not None:
            return number
        last = self._session.services.runs.latest(wish.spec.app)
        plan = await planner.make()
        if not plan.changes and not self._args.check and self._ended_well(last):
            return self._unchanged()
        await planner.refuse_lost()
        if (number := self._refused()) is not None:
            return number
        if self._args.keep:
            await self._door.open(make=True)
        for words in await planner.given.hold(keep=self._args.keep):
            self._out.put("kept", words, message=words)
        return await self._start(wish)

    async def _begun(self, app: str) -> int | None:
        """Log in. Of a run of ``app`` that goes on already: what watching it ended with."""
        refuse_no_name(app)
        await self._door.log_in()
        return await self._joined(app)

    def _unchanged(self, words: str = "") -> int:
        """There is nothing to do."""
        self._out.put("end", words or _("Nothing to change."), state="unchanged", exit=exits.DONE)
        return exits.DONE

    def _refused(self) -> int | None:
        """After the plan was shown: what it ends with, or None when it is to be done."""
        if self._args.yes:
            return None
        if somebody_is_there():
            if self._agreed():
                return None
            self._out.put("end", _("Nothing was done."), state="refused", exit=exits.CHANGES)
            return exits.CHANGES
        words = _("Nothing was done: nobody can be asked here. {option} does it without a question.")
        option = self.YES.format(app=self._args.app)
        self._out.put("end", words.format(option=option), state="unasked", needs=option, exit=exits.CHANGES)
        return exits.CHANGES

    def _agreed(self) -> bool:
        return self._ask(_("Do this?"))

    async def _start(self, wish: Wish) -> int:
        run = await self._session.start_run()
        if self._args.detach:
            words = _("Run {id} has begun and goes on by itself. To watch it: claw-tui watch {app}")
            self._out.put(
                "end", words.format(id=run.job.id, app=run.job.app), state="going on", id=run.job.id, app=run.job.app,
                exit=exits.DONE,
            )  # fmt: skip
            return exits.DONE
        number = await self._follow(run, may_cancel=True)
        if number == exits.DONE and wish.is_draft:
            self._session.services.state.drop_draft()
        return number

    @staticmethod
    def _ended_well(run: RunHandle | None) -> bool:
        """Else what it was for is looked at once more: a gateway may be as wanted and not answer."""
        return run is None or state_of(run) is JobState.DONE

    async def _joined(self, app: str) -> int | None:
        """Of a run of ``app`` that goes on already: what watching it ended with. Raises Busy; None when there is none."""
        last = self._session.services.runs.latest(app)
        if last is None or state_of(last) is not JobState.GOING_ON:
            return None
        return await self._watch_instead(last)

    async def _watch_instead(self, run: RunHandle) -> int:
        app = run.job.app
        words = _("A run for {app} is going on already.").format(app=app)
        if self._args.yes or self._args.detach or not somebody_is_there():
            raise Busy(words, hint=_("To watch it: claw-tui watch {app}").format(app=app))
        self._out.aside(words)
        if not self._ask(_("Watch it?")):
            raise Busy(words)
        return await self._follow(run, may_cancel=False)

    async def _follow(self, run: RunHandle, *, may_cancel: bool) -> int:
        self._session.run = run  # that it is to help with
        helper = Troubleshooter(self._session).look
        follower = Follower(
            self._out, run, self._signals, log=self._args.log, may_cancel=may_cancel, helper=helper
        )
        return await follower.to_the_end()

    def _ask(self, question: str) -> bool:
        """On stderr: what is asked is nothing that a file wants to have."""
        with self._signals.waiting_for_a_person():  # before it is asked: Ctrl-C may be the first answer
            sys.stderr.write(f"{question} [y/N] ")
            sys.stderr.flush()
            answer = sys.stdin.readline()
        return answer.strip().lower() in ("y", "yes", _("yes"))
