"""How many machines it has, and whether somebody is changing one."""

from __future__ import annotations

from claw_tui.domain.doctor import fixes
from claw_tui.domain.doctor.case import Case, not_known, skipped, well, wrong
from claw_tui.domain.doctor.facts import Unasked, failed
from claw_tui.domain.doctor.model import Finding, Fix
from claw_tui.i18n import _

SHORT = 60.0  # seconds: such a lease is over before anybody could do something about it


def count(case: Case) -> Finding:
    if failed(case.facts.machines):
        return skipped("machines", _("How many machines it has is not known."))
    machines = case.world.machines
    if len(machines) < 2:
        return well("machines", _("It has not more machines than one."))
    seen = tuple(
        f"{m.id} {m.state} {', '.join(mount.volume_id for mount in m.mounts) or _('no volume')}"
        for m in machines
    )
    words = _("It has {count} machines.").format(count=len(machines))
    why = _(
        "A gateway is one program with one volume: Fly's proxy sends people to the other one too, which knows nothing of them."
    )
    return wrong("machines", "two-machines", words, why, _fewer(case), seen)


def _fewer(case: Case) -> Fix:
    """Those without a volume go, or those that were not made from here; a volume stays in any case."""
    machines = case.world.machines
    if case.dark:  # one that tells of no volume may have it all the same
        return fixes.look_again(_("all its machines"))
    bare = [m.id for m in machines if not m.mounts]
    others = [m.id for m in machines if m.id not in case.facts.made]
    for going in (bare, others):
        if len(going) == len(machines) - 1:
            return fixes.remove(case, going)
    todo = _("Each has a volume: see which one has your data, then `fly machine destroy` the other.")
    return fixes.by_hand("choose-machine", todo)


def lease(case: Case) -> Finding:
    leases = case.facts.leases
    if isinstance(leases, Unasked):
        return not_known("lease", _("Nobody tells whether somebody is changing it."), leases)
    held = [one for one in leases if one.until > case.facts.at + SHORT]
    if not held or case.facts.own_run:
        return well("lease", _("Nobody is changing it."))
    words = _("Somebody is changing it now, or was cut off while doing so.")
    why = _(
        "As long as the lease is held nobody else can change the machine. It ends by itself, after minutes."
    )
    seen = tuple(f"{one.machine}: {one.owner}" for one in held)
    return wrong(
        "lease",
        "lease-held",
        words,
        why,
        fixes.by_hand("wait", _("Wait for its end, then look again.")),
        seen,
    )
