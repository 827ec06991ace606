"""How a simulated gateway ends: it refuses to start or takes too much memory, is started again, and is given up."""

from __future__ import annotations

import re
import time

from claw_tui.demo import gateway_words as words
from claw_tui.demo.machine_log import ABORTED, KILLED, note_event, say
from claw_tui.demo.world import World, lasts

REFUSES = 6.0  # seconds of life until it says no
GIVE_UP, MOST = 25.0, 10  # seconds until Fly has restarted a refusing gateway ten times

# What 2026.9 needs (measured, docs of the gateway): below the first it is killed before it listens, below the second after.
LISTENS_MB, STAYS_MB = 768, 1024
HEAP_MB = 400  # Node's own limit, below which it ends itself
HEAP = re.compile(r"--max[-_]old[-_]space[-_]size=(\d+)")

# Fly.io's own words, as people have reported them; not recorded.
STARVED = (
    "[    9.417] Out of memory: Killed process 642 (node) total-vm:22815472kB, anon-rss:{rss}kB, file-rss:0kB,"
    " shmem-rss:0kB, UID:1000 pgtables:9812kB oom_score_adj:0",
    " INFO Process appears to have been OOM killed!",
)
# Node's own words, when its heap is full.
ABORTS = (
    "<--- Last few GCs --->",
    "[642:0x3f1c5000]    21342 ms: Mark-Compact (reduce) {heap}.8 (259.2) -> {heap}.1 (259.4) MB, pooled: 0 MB, 412.30 / 0.00 ms"
    " (average mu = 0.105, current mu = 0.012) last resort; GC in old space requested",
    "<--- JS stacktrace --->",
    "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
)


def too_little(machine: World) -> tuple[tuple[str, ...], int]:
    """The lines and the code with which too little memory ends it; nothing when it has enough. January's is content with less."""
    memory = int(machine.get("guest", {}).get("memory_mb", 2048))
    wanted = (
        4096 if "oom" in machine["app"] else 0 if words.january(machine) else STAYS_MB
    )  # apps of this name want 4 GB
    if memory < wanted:
        return tuple(line.format(rss=memory * 897) for line in STARVED), KILLED
    found = HEAP.search(str(machine["env"].get("NODE_OPTIONS", "")))
    if found and int(found.group(1)) < HEAP_MB and not words.january(machine):
        return tuple(line.format(heap=found.group(1)) for line in ABORTS), ABORTED
    return (), 0


def listens_first(machine: World) -> bool:
    """Does one that ends for want of memory come as far as to listen?"""
    return int(machine["guest"]["memory_mb"]) >= LISTENS_MB and "oom" not in machine["app"]


def ended(code: int) -> str:
    """What init says of its child's end."""
    if code in (KILLED, ABORTED):
        name, dumped = ("SIGKILL", "false") if code == KILLED else ("SIGABRT", "true")
        return f" INFO Main child exited with signal (with signal '{name}', core dumped? {dumped})"
    return f" INFO Main child exited normally with code: {code}"


def refuse(machine: World, lines: tuple[str, ...], begins: float, code: int) -> None:
    """It ends with ``code`` each time that Fly starts it, until Fly gives up."""
    at = begins + lasts(REFUSES)
    for line in lines:
        say(machine, line, at, level="error")
    say(machine, ended(code), at)
    gateway = machine["gateway"]
    gateway["stops"], gateway["code"] = begins + lasts(GIVE_UP), code
    gateway["crashes"] = [at + lasts((GIVE_UP - REFUSES) / MOST * count) for count in range(MOST)]
    say(
        machine, "machine has reached its max restart count of 10", begins + lasts(GIVE_UP), provider="runner"
    )


def refresh(app: World) -> None:
    """What time has brought: a gateway that ended once is started again, a refusing one's machine stops."""
    now = time.time()
    for machine in app["machines"]:
        gateway = machine["gateway"]
        away = gateway.get("away")  # the world may be an earlier version's
        if away and machine["state"] == "started" and away[0] <= now:
            machine["state"] = "stopped"
            note_event(machine, "exit", away[0], code=1)
        if away and away[1] <= now:
            machine["state"] = "started"
            note_event(machine, "start", away[1])
            gateway["away"] = None
        _crash(machine, now)


def _crash(machine: World, now: float) -> None:
    """Each end of a refusing gateway is an event; after the last one the machine stays stopped."""
    gateway = machine["gateway"]
    code = gateway.get("code", words.refusal_code(machine))
    while gateway.get("crashes") and gateway["crashes"][0] <= now:
        count = MOST - len(gateway["crashes"])
        note_event(machine, "exit", gateway["crashes"].pop(0), code=code, restarts=count, restarting=True)
    stops = gateway["stops"]
    if machine["state"] == "started" and stops and stops <= now:
        machine["state"] = "stopped"
        note_event(machine, "exit", stops, code=code, restarts=MOST)


def is_crashing(machine: World) -> bool:
    """What flyctl's smoke check looks for: the last end was not the first, and it is started again."""
    last: World = next((event["request"] for event in machine["events"] if event["type"] == "exit"), {})
    return bool(last.get("restart_count", 0) > 1 and last["exit_event"].get("restarting"))


def comes_back(machine: World) -> bool:
    """Has it ended only to be started again?"""
    return machine["gateway"].get("away") is not None
