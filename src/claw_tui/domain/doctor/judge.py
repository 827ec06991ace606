"""All checks, from the terminal outwards, and what they amount to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from claw_tui.domain.doctor import (
    deploying,
    drifting,
    filing,
    here,
    holding,
    kinds,
    machines,
    owning,
    reaching,
    starting,
    talking,
    thinking,
)
from claw_tui.domain.doctor.case import Case
from claw_tui.domain.doctor.facts import Facts
from claw_tui.domain.doctor.lines import line_of
from claw_tui.domain.doctor.model import Diagnosis, Finding, Standing
from claw_tui.domain.doctor.order import explained, ordered
from claw_tui.domain.doctor.unasked import unsaid

Check = Callable[[Case], Finding | Iterable[Finding]]
CHECKS: tuple[Check, ...] = (
    here.disk, here.store, here.flyctl, here.login, here.organization, here.app, kinds.generation,
    deploying.rewritten, deploying.bind, deploying.port, deploying.health_check, drifting.command,
    holding.mount, holding.state, holding.stops,
    filing.there, filing.owner, owning.owners, filing.accepted, filing.kept, filing.own_port, filing.auth,
    starting.there, machines.count, machines.lease, starting.rescue, holding.memory, starting.refusal, holding.room,
    holding.staged, holding.changed,
    reaching.addresses, reaching.answers, reaching.proxy, reaching.origin, reaching.token, reaching.pairing,
    talking.plugins, talking.channels, thinking.key, thinking.model,
)  # fmt: skip
FIRST = 6  # checks without which there is no gateway to look at
IN_THE_DARK: tuple[Check, ...] = (
    starting.there,
    machines.count,
    machines.lease,
)  # of machines that are not told of


def judge(facts: Facts) -> Diagnosis:
    """One finding for each check; for each channel, of the last but two."""
    case = Case(facts)
    looked = tuple(_findings(case))
    findings = (*looked, *(unsaid(case, looked) if case.world.app else ()))
    causes = list(dict.fromkeys(f.cause for f in findings if f.standing is Standing.WRONG))
    order = ordered(causes)
    return Diagnosis(facts.app, findings, order, explained(order), facts.at)


def _findings(case: Case) -> Iterator[Finding]:
    for number, check in enumerate(CHECKS):
        if number == FIRST and not case.world.app:
            return  # nobody was asked, or there is nothing to ask about
        if number >= FIRST and case.dark and check not in IN_THE_DARK:
            continue
        found = check(case)
        for finding in (found,) if isinstance(found, Finding) else found:
            yield replace(finding, log_line=line_of(case, finding.evidence)) if finding.evidence else finding
