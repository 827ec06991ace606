"""What kind of gateway it is: how old, and whether a newer one is known."""

from __future__ import annotations

from claw_tui.domain.doctor import fixes
from claw_tui.domain.doctor.case import Case, note, skipped, well
from claw_tui.domain.doctor.model import Finding
from claw_tui.domain.generations import program_of, what_it_is
from claw_tui.domain.spec import PINNED_VERSION
from claw_tui.domain.versions import is_older
from claw_tui.i18n import _


def generation(case: Case) -> Finding:
    if case.machine is None:
        return skipped("generation", _("There is no machine that would tell its version."))
    if case.old:
        program = program_of(case.world)
        what = what_it_is(program) if program.old else case.image
        words = _("It is of January 2026 or before: {what}").format(what=what)
        why = _(
            "It is read, restarted, made private and mended here. Its settings are changed by taking it over to today's version only."
        )
        fix = fixes.by_hand(
            "migrate",
            _("Y on Home brings it to OpenClaw of today, after a snapshot; so does `claw-tui migrate`."),
        )
        return note("generation", "old-generation", words, why, fix)
    if is_older(case.version, PINNED_VERSION):
        words = _("It runs {now}; {newer} is known to work.").format(now=case.version, newer=PINNED_VERSION)
        fix = fixes.by_hand("update", _("U on Home goes to it, after a snapshot."))
        return note(
            "generation", "version-older", words, _("Newer versions mend mistakes of older ones."), fix
        )
    return well("generation", _("Its version: {version}").format(version=case.version or case.image))
