"""`watch`: a run that somebody started, from its beginning, live, to its end."""

from __future__ import annotations

from claw_tui.domain.errors import BadInput
from claw_tui.i18n import _
from claw_tui.plain.desk import refuse_no_name
from claw_tui.plain.follow import Follower
from claw_tui.plain.out import Out
from claw_tui.plain.signals import Signals
from claw_tui.ports import Runs


async def watch(out: Out, runs: Runs, signals: Signals, *, app: str, log: bool) -> int:
    """Returns what the run came to. Raises BadInput when there is none."""
    if app:
        refuse_no_name(app)
    found = runs.latest(app)
    if found is None:
        words = (
            _("There was no run for {app} here.").format(app=app) if app else _("There was no run here yet.")
        )
        raise BadInput(words, hint=_("claw-tui status lists the gateways."))
    return await Follower(out, found, signals, log=log, may_cancel=False).to_the_end()
