"""What the fixes of a diagnosis would make different, before anybody says yes: made by what the run makes it by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from claw_tui.domain.doctor import fixes
from claw_tui.domain.doctor.choice import Wanted
from claw_tui.domain.doctor.differing import CONFIG, config_changes, toml_changes
from claw_tui.domain.doctor.drifting import said_command
from claw_tui.domain.doctor.facts import Facts, Unasked, known
from claw_tui.domain.doctor.model import Diagnosis, FileChange, Finding, Fix
from claw_tui.domain.doctor.repairs import repaired
from claw_tui.domain.doctor.settings import bare, mended
from claw_tui.domain.errors import ClawError
from claw_tui.domain.gateway_config import Json
from claw_tui.domain.jobs import Task
from claw_tui.engine.context import View
from claw_tui.engine.fix_desk import FixDesk
from claw_tui.engine.own_config import own_config
from claw_tui.engine.plan import view_of
from claw_tui.engine.session import Session
from claw_tui.i18n import _


def with_changes(session: Session, facts: Facts, found: Diagnosis) -> Diagnosis:
    """Fixes that a person has to do, and those of which it is not known, stay as they are."""

    def told(finding: Finding) -> Finding:
        fix = finding.fix
        return replace(finding, fix=_previewed(session, facts, fix)) if fix and not fix.asks else finding

    return replace(found, findings=tuple(map(told, found.findings)))


def _previewed(session: Session, facts: Facts, fix: Fix) -> Fix:
    desk = FixDesk(session, facts.app, (fix,))
    if desk.makes or not (desk.wanted.deploys or desk.wanted.settings or desk.wanted.file):
        return fix
    try:
        view = view_of(desk.spec, facts.world, session.services.state, Task.FIX, desk.choice)
        return replace(fix, changes=tuple(_rows(view, desk.wanted, facts)))
    except (ClawError, ValueError):  # the plan says what is wrong
        return fix


def _rows(view: View, wanted: Wanted, facts: Facts) -> Iterator[FileChange]:
    spec, world = view.spec, view.world
    if wanted.file in (fixes.ANSWERS, fixes.BASIC):
        whole = wanted.file == fixes.ANSWERS
        machine = repaired(world, wanted, spec).machine
        yield from _whole(
            facts, own_config(view, machine) if whole else bare(spec, repaired(world, wanted, spec))
        )
    elif wanted.settings and facts.tree is not None and not _of_a_backup(wanted):
        yield from config_changes(facts.tree, mended(facts.tree, wanted.settings, spec, world))
    if wanted.deploys:
        said = said_command(known(facts.deployed, {})) if "wanted" in wanted.deploys else ""
        yield from toml_changes(world, wanted, spec, view.base_toml, image=view.image, said=said)


def _of_a_backup(wanted: Wanted) -> bool:
    return any(part.startswith("again=") for part in wanted.settings)


def _whole(facts: Facts, after: Json) -> Iterator[FileChange]:
    """Written anew."""
    if facts.tree is not None:
        yield from config_changes(facts.tree, after)
        return
    unread = _("not read") if isinstance(facts.config, Unasked) else _("what can't be understood")
    before = "" if facts.config is None else unread
    yield FileChange(CONFIG, _("all of it"), before, ", ".join(key for key in after if key != "meta"))
