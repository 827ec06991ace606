"""The doctor: what is wrong with a gateway, whoever set it up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from claw_tui.domain.doctor.facts import Facts, Unasked
from claw_tui.domain.doctor.judge import judge
from claw_tui.domain.doctor.model import Diagnosis, FileChange, Finding
from claw_tui.domain.errors import ClawError, StoreError
from claw_tui.domain.jobs import JobState
from claw_tui.engine.doctor_reader import DoctorReader, asked, of_this_computer
from claw_tui.engine.run_state import state_of
from claw_tui.engine.session import Session


async def diagnose(session: Session, app: str) -> Diagnosis:
    """Look at everything anew. Never raises but for what is a mistake of ours; no secret is in what it says."""
    from claw_tui.engine.fix_preview import with_changes  # noqa: PLC0415  (every step of every run)

    facts = await gather(session, app)
    return redacted(with_changes(session, facts, judge(facts)), session.redact)


async def gather(session: Session, app: str) -> Facts:
    """All facts about one app, those of this computer first."""
    services = session.services
    facts = await _with_store(session, of_this_computer(services, app))
    flyctl = await asked(services.fly.version())
    facts = replace(facts, flyctl=flyctl if isinstance(flyctl, Unasked) else flyctl.version)
    if isinstance(flyctl, Unasked):
        return facts
    login = await asked(_who(session))
    facts = replace(facts, login=login)
    if isinstance(login, Unasked):
        return facts
    return await DoctorReader(services, session.reader, facts).read()


async def _who(session: Session) -> str:
    fly = session.services.fly
    return await fly.whoami() if fly.token is not None else (await session.find_login()).email


async def _with_store(session: Session, facts: Facts) -> Facts:
    vault = session.vault
    try:
        await vault.look()
        values = await vault.values(facts.app, facts.spec.secret_names if facts.spec else ())
    except (StoreError, ClawError) as error:
        return replace(facts, store=error.message)
    run = session.services.runs.latest(facts.app)
    going = run is not None and state_of(run) is JobState.GOING_ON
    return replace(
        facts, store="" if vault.ready else vault.probe.why, store_ready=vault.ready and vault.kind != "memory", at_hand=frozenset(values), own_run=going
    )  # fmt: skip


def redacted(found: Diagnosis, redact: Callable[[str], str]) -> Diagnosis:
    """What others said, without secrets."""

    def without(change: FileChange) -> FileChange:
        return replace(change, before=redact(change.before), after=redact(change.after))

    def clean(finding: Finding) -> Finding:
        fix = finding.fix
        mended = replace(
            fix, words=redact(fix.words), commands=tuple(map(redact, fix.commands)), changes=tuple(map(without, fix.changes)),
        ) if fix else None  # fmt: skip
        seen = tuple(map(redact, finding.evidence))
        return replace(finding, evidence=seen, log_line=redact(finding.log_line), fix=mended)

    return replace(found, findings=tuple(map(clean, found.findings)))
