"""Where the simulated gateway keeps its files, and who else holds them: its state folder, its file, its lock."""

from __future__ import annotations

import json
import re
import time

from claw_tui.demo import gateway_words as words
from claw_tui.demo.gateway_net import bound
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.programs import config_path, program, state_folder
from claw_tui.demo.world import World

OLD_LOCK = re.compile(r"/data/gateway\.[0-9a-f]+\.lock")
LOCKS = "/tmp/openclaw-1000"  # noqa: S108
STATE_LOCKS = ("gateway.state.lock", "gateway.27a74cf1.lock")
GATEWAY_PID = 640
NO_ROOM = "database or disk is full"
# As 2026.9.6 says it, where another gateway or `openclaw doctor` has the state.
CONTENTION = (
    "Doctor could not enter maintenance. StateDatabaseCoordinatorContentionError: another OpenClaw process owns gateway-lifecycle"
    " Stop the Gateway service and other OpenClaw processes using this state, then run openclaw doctor --fix from an independent shell."
)
MIGRATION = (
    "Stop the service with openclaw gateway stop (or its service owner), then run openclaw doctor --fix, then start it again with"
    " openclaw gateway start."
)


def take(machine: World, files: SimulatedFiles) -> None:
    """Its lock, on the volume: it stays there when the gateway is killed, and the next one takes it over."""
    if words.january(machine):
        return
    about = {
        "pid": GATEWAY_PID,
        "configPath": config_path(machine, files),
        "stateDir": state_folder(machine),
        "port": bound(machine)[1],
        "startTime": int(time.time() * 100) % 100_000,  # of its process, since the machine's start
    }
    for name in STATE_LOCKS:
        files.put(f"{state_folder(machine)}{LOCKS}/{name}", json.dumps(about, indent=2) + "\n")


def held(machine: World, files: SimulatedFiles) -> tuple[str, ...]:
    """The lines of one that finds another's lock; nothing when it is free."""
    if machine.get("holder"):  # a gateway that somebody started by hand, and that runs
        return (
            CONTENTION,
            f"[gateway] requires state migration. {MIGRATION}",
            f"Gateway failed to start: {CONTENTION} | gateway.maintenance_required. {MIGRATION}",
        )
    name = program(machine).name
    if not words.january(machine):
        places = [f"{state_folder(machine)}{LOCKS}/{lock}" for lock in STATE_LOCKS]
    else:
        places = list(filter(OLD_LOCK.fullmatch, files.paths())) if name == "clawdbot" else []
    for path in places:
        about = json.loads(files.read(path) or "{}")
        # Numbers begin anew with each start, so a dead owner's may be one that lives. When that began would tell them apart.
        if about.get("pid") == GATEWAY_PID and (words.january(machine) or "startTime" not in about):
            return (
                f"Gateway failed to start: gateway already running (pid {GATEWAY_PID}); lock timeout after 5000ms",
                f"If the gateway is supervised, stop it with: {name} gateway stop",
            )
    return ()


def not_its_own(machine: World, files: SimulatedFiles) -> tuple[str, ...]:
    """The lines of one whose database or whose locks' folder is another user's."""
    state = state_folder(machine)
    database, locks = f"{state}/state/openclaw.sqlite", f"{state}{LOCKS}"
    if words.january(machine):
        return ()
    if files.read(database) is not None and not files.owner_and_mode(database)[0].startswith("1000"):
        problem = f"EPERM: operation not permitted, chmod '{database}'"
        if not files.readable_by_node(database):
            problem = (
                f"Doctor cannot repair this state: shared state database is unreadable at {database}: SQLite read-only worker EACCES:"
                f" permission denied, open '{database}' (code=EACCES). Stop OpenClaw processes, then restore this file from a verified"
                " backup; the unreadable database was left unchanged."
            )
        return (
            problem,
            f"[gateway] requires state migration. {MIGRATION}",
            f"Gateway failed to start: {problem} | gateway.maintenance_required. {MIGRATION}",
        )
    return _without_locks(files, locks)


def _without_locks(files: SimulatedFiles, locks: str) -> tuple[str, ...]:
    """The lines of one that may not write into the folder of its locks, or may not make it."""
    tmp, named = locks.rpartition("/")[0], files.paths()
    if locks in named and not files.owner_and_mode(locks)[0].startswith("1000"):
        shut = files.owner_and_mode(locks)[1][-1] == "0"
        why = (
            "unable to open database file | ERR_SQLITE_ERROR"
            if shut
            else "openat2 beneath root: Permission denied (os error 13) | EACCES"
        )
        return (
            f"Gateway failed to start: failed to acquire gateway lock at {locks}/gateway.state.lock | {why}",
            "If the gateway is supervised, stop it with: openclaw gateway stop",
        )
    if tmp in named and not files.is_folder(locks) and not files.owner_and_mode(tmp)[0].startswith("1000"):
        why = f"EACCES: permission denied, mkdir '{locks}'"
        return (f"Gateway failed to start: {why}. Run openclaw gateway status --deep for diagnostics.",)
    return ()


def by_lock(refusal: tuple[str, ...]) -> bool:
    """By a file that names a process, or that can't be made; 2026.9.6 ends with 1 then."""
    return any(
        words in refusal[0] for words in ("gateway already running", "acquire gateway lock", ", mkdir")
    )


def full(machine: World, files: SimulatedFiles) -> tuple[str, ...]:
    """The lines of one whose disk has no room for its database."""
    if files.room() > 0:
        return ()
    return (
        NO_ROOM,
        f"[gateway] requires state migration. {MIGRATION}",
        f"Gateway failed to start: {NO_ROOM} | gateway.maintenance_required | ERR_SQLITE_ERROR. {MIGRATION}",
    )
