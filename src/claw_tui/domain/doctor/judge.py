"""All checks, from the terminal outwards, and what they amount to."""

from __future__ import annotations

from collections.abc import Callable

from claw_tui.domain.doctor import here
from claw_tui.domain.doctor.case import Case
from claw_tui.domain.doctor.facts import Facts
from claw_tui.domain.doctor.model import Diagnosis, Finding, Standing
from claw_tui.domain.doctor.order import explained, ordered

Check = Callable[[Case], Finding]
CHECKS: tuple[Check, ...] = (
    here.disk, here.store, here.flyctl, here.login, here.organization, here.app,
)  # fmt: skip


def judge(facts: Facts) -> Diagnosis:
    """One finding for each check."""
    case = Case(facts)
    findings = tuple(check(case) for check in CHECKS)
    causes = list(dict.fromkeys(f.cause for f in findings if f.standing is Standing.WRONG))
    return Diagnosis(facts.app, findings, ordered(causes), explained(causes), facts.at)
