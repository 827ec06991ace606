"""What the machine has to work with: memory, room, a volume, its secrets."""

from __future__ import annotations

import re

from claw_tui.domain.doctor import fixes
from claw_tui.domain.doctor.case import LATELY, Case, not_known, note, skipped, unknown, well, wrong
from claw_tui.domain.doctor.facts import Unasked, failed
from claw_tui.domain.doctor.lines import once
from claw_tui.domain.doctor.model import Finding, Fix
from claw_tui.domain.elsewhere import not_looked_after
from claw_tui.domain.layout import STATE_NAMES, is_below
from claw_tui.domain.spec import MIN_MEMORY_MB, STATE_DIR
from claw_tui.domain.world import MachineEvent, Volume
from claw_tui.i18n import _

KILLED, ABORTED = 137, 134
OOM = r"out of memory: killed|oom[_-]kill|appears to have been OOM|\bOOM\b"
HEAP = r"heap limit|heap out of memory|Runtime_AllocateIn|Ineffective mark-compacts|SIGABRT|code: 134"
FULL = r"no space left on device|ENOSPC|disk quota exceeded|database or disk is full"
LEAST_FREE_MB = 50  # a plugin alone takes 35 to 80
OLD_MEMORY_MB = 1024  # January's took 428 MB at most
_HEAP = re.compile(r"--max-old-space-size=(\d+)")


def memory(case: Case) -> Finding:
    machine = case.machine
    if machine is None:
        return skipped("memory", _("There is no machine that could have memory."))
    ends = _ends(case)
    least = OLD_MEMORY_MB if case.old else MIN_MEMORY_MB
    said, heap = _matching(case, OOM), _matching(case, HEAP)
    aborted, killed = any(e.exit_code == ABORTED for e in ends), any(e.oom_killed for e in ends)
    often = machine.memory_mb >= least and sum(e.exit_code == KILLED for e in ends) > 1
    if (unread := failed(case.facts.releases)) and (aborted or killed or often) and not (heap or said):
        return unknown(
            "memory", _("It ran out of memory once; whether it was deployed since can't be told."), unread
        )
    if heap or aborted:
        return _heap(case, ends, heap)
    if killed or said or often:
        words = _("The gateway was ended because the machine's memory ran out.")
        why = _(
            "It has {now:g} GB. OpenClaw takes more than 1 GB by itself, and each channel and command more."
        ).format(now=machine.memory_mb / 1024)
        return wrong("memory", "oom-killed", words, why, _more(case), (*_shown(ends), *said))
    if machine.memory_mb < least:
        words = _("The machine has too little memory: {now} MB.").format(now=machine.memory_mb)
        why = _(
            "OpenClaw needs 2 GB. With less it is ended and started again without a word, or not even that."
        )
        return wrong("memory", "memory-small", words, why, _more(case), _shown(ends))
    return well("memory", _("Its memory is enough, as far as can be seen."), (f"{machine.memory_mb} MB",))


def _ends(case: Case) -> list[MachineEvent]:
    released = 0.0 if failed(case.facts.releases) else case.released_at
    since = max(released, case.facts.at - LATELY)
    return [
        e for e in (case.machine.events if case.machine else ()) if e.type == "exit" and e.at / 1000 >= since
    ]


def _shown(ends: list[MachineEvent]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(
        _("ended with code {code}").format(code=e.exit_code) + (", oom_killed" if e.oom_killed else "")
        for e in ends[:2] if e.exit_code
    ))  # fmt: skip


def _matching(case: Case, pattern: str) -> tuple[str, ...]:
    found = [line for line in case.since_release() if re.search(pattern, line, re.IGNORECASE)]
    return once(found)[-2:]


def _more(case: Case) -> Fix:
    machine = case.machine
    assert machine is not None
    wanted = MIN_MEMORY_MB if machine.memory_mb < MIN_MEMORY_MB else machine.memory_mb * 2
    if wanted > fixes.most_memory(machine):
        return fixes.by_hand("bigger-machine", _("E on Home gives it a bigger machine."))
    return fixes.more_memory(case, wanted)


def _heap(case: Case, ends: list[MachineEvent], said: tuple[str, ...]) -> Finding:
    machine = case.machine
    assert machine is not None
    set_to = _HEAP.search(machine.env.get("NODE_OPTIONS", ""))
    limit = int(set_to.group(1)) if set_to else 0
    words = _("Node, which runs the gateway, ran into its own limit of memory and gave up.")
    why = (
        _("Its limit is what NODE_OPTIONS says: {limit} MB.").format(limit=limit)
        if limit
        else _("NODE_OPTIONS sets no limit.")
    )
    fits = machine.memory_mb // 2 <= limit < machine.memory_mb
    fix = _more(case) if fits or machine.memory_mb < MIN_MEMORY_MB else fixes.heap(case)
    return wrong("memory", "oom-heap", words, why, fix, (*_shown(ends), *said))


def room(case: Case) -> Finding:
    free, whole = case.inside.free_mb, case.inside.disk_mb
    said = case.logged(FULL) if free is None or free < 4 * LEAST_FREE_MB else ()
    if said or (free is not None and free < LEAST_FREE_MB):
        words = _("Its volume is full.")
        why = _("Nothing can be kept any more: no settings, no plugin, no memory of what was said.")
        todo = _(
            "Make it bigger, which costs $0.15 a GB and month, and can't be undone; or remove files by SSH (S on Home)."
        )
        volume = _volume(case)
        command = f"fly volumes extend {volume.id if volume else 'VOLUME'} --size {volume.size_gb + 2 if volume else 5} --app {case.app}"
        seen = (
            (_("{free} MB of {whole} MB are free").format(free=free, whole=whole),)
            if free is not None
            else ()
        )
        commands = () if failed(case.facts.volumes) else (command,)
        return wrong(
            "room",
            "volume-full",
            words,
            why,
            Fix("extend-volume", todo, commands, asks=True),
            (*seen, *said),
        )
    if free is None:
        return not_known("room", _("Nobody tells how full its volume is."), case.facts.inside)
    return well("room", _("There is room on its volume."), (f"{free} MB",))


def _volume(case: Case) -> Volume | None:
    """The one that it has, or that it could have: the only one, or the only one of its region."""
    mounted = {mount.volume_id for machine in case.world.machines for mount in machine.mounts}
    some = [v for v in case.world.volumes if "destroy" not in v.state]
    used = [v for v in some if v.id in mounted]
    here = [v for v in some if case.machine is None or v.region == case.machine.region]
    return used[0] if used else here[0] if len(here) == 1 else None


def mount(case: Case) -> Finding:
    machine = case.machine
    if machine is None:
        return skipped("mount", _("There is no machine that could have a volume."))
    paths = [one.path for one in machine.mounts]
    where = _state_dir(case) or STATE_DIR
    if STATE_DIR in paths or any(is_below(where, path) for path in paths):
        return well("mount", _("Its volume is where its state is kept."), (where,))
    words = _("No volume is where the gateway keeps its state.")
    why = _("All that it knows is lost at the next deploy: settings, people who were let in, memory.")
    seen = (_("volumes at: {paths}").format(paths=", ".join(paths) or _("nowhere")),)
    volume = _volume(case)
    todo = _("There is no volume of it that could be put there: D on Home makes one.")
    fix = fixes.by_hand("make-volume", todo)
    if failed(case.facts.volumes):
        fix = fixes.look_again(_("its volumes"))
    if volume is not None:
        mend = _("Put its volume {id} at {path}.").format(id=volume.id, path=STATE_DIR)
        fix = fixes.deploys(case, f"mount={volume.id}", mend)
    return wrong("mount", "mount-missing", words, why, fix, seen)


def _state_dir(case: Case) -> str:
    env = case.machine.env if case.machine else {}
    return next((env[name] for name in STATE_NAMES if env.get(name)), "")


def state(case: Case) -> Finding:
    if case.machine is None:
        return skipped("state", _("There is no machine that could keep state."))
    if case.foreign:
        error = not_looked_after(case.foreign)
        return unknown("state", error.message, Unasked("", error.code, error.hint or ""))
    found = _state_dir(case)
    paths = [one.path for one in case.machine.mounts] or [STATE_DIR]
    if found and any(is_below(found, path) for path in paths):
        return well("state", _("Its state is kept on the volume."), (found,))
    words = _("The gateway is not told to keep its state on the volume.")
    why = _(
        "It keeps it in its home folder then, which is made anew at each deploy: settings and people who were let in are lost."
    )
    seen = (f"OPENCLAW_STATE_DIR={found}" if found else _("OPENCLAW_STATE_DIR is not set"),)
    fix = fixes.deploys(case, "state", _("Set OPENCLAW_STATE_DIR to {path}.").format(path=STATE_DIR))
    return wrong("state", "state-not-kept", words, why, fix, seen)


def staged(case: Case) -> Finding:
    if unread := failed(case.facts.secrets):
        return unknown("staged", _("Which secrets it has could not be asked."), unread)
    waiting = [info.name for info in case.world.secrets if info.staged]
    if not waiting or not case.world.machines:
        return well("staged", _("The machine has all its secrets as they were set."))
    words = _("Secrets were set, and the machine does not have them yet: {names}").format(
        names=", ".join(waiting)
    )
    why = _("They come in with a restart only.")
    return wrong(
        "staged",
        "secrets-staged",
        words,
        why,
        fixes.apply_secrets(case),
        tuple(f"Staged {name}" for name in waiting),
    )


def changed(case: Case) -> Finding:
    if failed(case.facts.secrets):
        return skipped("secrets", _("Whether secrets were changed elsewhere can't be told."))
    sent = case.facts.sent
    other = [
        info.name
        for info in case.world.secrets
        if info.name in sent and info.digest and sent[info.name] != info.digest
    ]
    if not other:
        return well("secrets", _("No secret was changed elsewhere, as far as this computer knows."))
    words = _("Secrets were changed elsewhere since they were sent from here: {names}").format(
        names=", ".join(other)
    )
    why = _("What is kept here is not what the gateway has. That may well be meant so.")
    return note("secrets", "secret-changed", words, why)


def stops(case: Case) -> Finding:
    machine = case.machine
    if machine is None or case.rescued or not machine.stops_by_itself:
        return (
            well("stops", _("It is not stopped when nobody asks for it."))
            if machine
            else skipped("stops", _("There is no machine."))
        )
    words = _("Fly.io stops the machine when no web page asks for it for a while.")
    why = _("A bot in a channel gets no web request: it is gone, and hears nobody.")
    fix = fixes.deploys(case, "service", _("Let it run always."))
    return wrong("stops", "stops-by-itself", words, why, fix, ("auto_stop_machines",))
