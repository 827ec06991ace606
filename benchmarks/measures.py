"""One function per budget. Each measures claw-tui beside a bare Textual app or a bare interpreter, in turn."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.figure import Figure
from claw_tui.demo import world as simulated
from claw_tui.engine.world import PARTS, WorldReader
from claw_tui.wiring import services_for
from tests.conftest import TOKEN, Cloud
from tests.engine.rig import WISH, carry_out
from tests.terminal import Terminal

BARE = (sys.executable, str(Path(__file__).with_name("bare.py")))
ESCAPES = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]")


def bare(*argv: str) -> Terminal:
    return Terminal(list(argv), program=BARE, env={"COLORTERM": "truecolor"})


def demo() -> Terminal:
    return Terminal(["--demo"], env={"COLORTERM": "truecolor"})


def status(pid: int, key: str) -> float:
    """A memory figure of a process, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1024


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _painted(t: Terminal, text: str, since: int) -> float:
    """When ``text`` was painted, by the bytes after ``since``; nothing is drawn here, so that reading is never late."""
    needle, end = text.encode(), time.monotonic() + 30
    while needle not in ESCAPES.sub(b"", t.bytes[since:]):
        t.pump(1)
        assert time.monotonic() < end, f"“{text}” did not come:\n{t.text}"
    return t.read_at[-1]


# -- starting -----------------------------------------------------------------------------------------------------
def _first(open_: Callable[[], Terminal], text: str) -> tuple[float, float]:
    """Seconds until ``text`` is on the screen, and MiB once all is quiet."""
    with open_() as t:
        seconds = _painted(t, text, 0) - t.started
        t.settle(1.0, 10)
        return seconds, status(t.pid, "VmRSS")


def start(runs: int) -> list[Figure]:
    """First frame and memory: process start until the rail is painted, beside "Hello world"."""
    for open_, text in ((demo, "Start"), (bare, "Hello")):
        _first(open_, text)
    pairs = [(_first(demo, "Start"), _first(bare, "Hello")) for _ in range(runs)]
    ratio = median(a[0] / b[0] for a, b in pairs)
    more = median(a[1] - b[1] for a, b in pairs)
    times = [f"{median(p[side][0] for p in pairs) * 1000:.0f} ms" for side in (0, 1)]
    sizes = [f"{median(p[side][1] for p in pairs):.1f} MiB" for side in (0, 1)]
    return [
        Figure("First frame", "≤ 1.15×", f"{times[0]} ({ratio:.2f}×)", times[1], ratio <= 1.15),
        Figure("Memory", "≤ bare + 8 MiB", f"{sizes[0]} (+{more:.1f})", sizes[1], more <= 8),
    ]


def version(runs: int) -> list[Figure]:
    def took(*argv: str) -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, *argv], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - begun

    pairs = [(took("-m", "claw_tui", "--version"), took("-c", "pass")) for _ in range(runs * 3)]
    ratio = median(a / b for a, b in pairs)
    ours, theirs = (f"{median(p[side] for p in pairs) * 1000:.0f} ms" for side in (0, 1))
    return [Figure("`--version`", "≤ 3× the bare interpreter", f"{ours} ({ratio:.1f}×)", theirs, ratio <= 3)]


# -- keys ---------------------------------------------------------------------------------------------------------
def _press(t: Terminal, key: str) -> tuple[float, int]:
    """Milliseconds until the last byte of the answer, and its bytes."""
    while t.pump(0.3):
        pass
    begun, before, reads = time.perf_counter(), len(t.bytes), len(t.read_at)
    t.send(key)
    while t.pump(0.2):
        pass
    return (t.read_at[-1] - begun if len(t.read_at) > reads else 0.0) * 1000, len(t.bytes) - before


def keys(runs: int) -> list[Figure]:
    """Tab over the fields of App, and steps forth and back, beside Tab in a bare form."""
    presses = range(max(10, runs * 2))
    with demo() as t:
        t.wait_for("Logged in as")
        t.press("enter")
        t.wait_for("payment method")
        t.press("ctrl+n")
        t.wait_for("Probably free")
        tabs = [_press(t, "\t") for _ in presses]
        steps = []
        for _ in range(runs):
            begun, since = time.perf_counter(), len(t.bytes)
            t.send("\x0e")
            steps.append((_painted(t, "Gateway token", since) - begun) * 1000)
            t.settle(0.6)
            t.press("escape")  # (a lone Escape waits for what could follow it: not ours to measure)
            t.settle(0.6)
    with bare("form") as t:
        t.wait_for("Field 4")
        plain = [_press(t, "\t") for _ in presses]
    ms, size = median(p[0] for p in tabs), median(p[1] for p in tabs)
    bare_ms, bare_size = median(p[0] for p in plain), median(p[1] for p in plain)
    step = median(steps)
    return [
        Figure("Tab", "≤ 15 ms", f"{ms:.0f} ms ({ms / bare_ms:.2f}×)", f"{bare_ms:.0f} ms", ms <= 15),
        Figure("Tab, bytes to the terminal", "≤ 1 KB", f"{size:.0f}", f"{bare_size:.0f}", size <= 1024),
        Figure("Another step", "≤ 120 ms", f"{step:.0f} ms", "", step <= 120),
    ]


def idle(seconds: float) -> list[Figure]:
    def watch(t: Terminal, text: str) -> tuple[float, float]:
        t.wait_for(text)
        t.settle(2.0, 20)
        size, cpu, begun = len(t.bytes), cpu_seconds(t.pid), time.perf_counter()
        while time.perf_counter() - begun < seconds:
            t.pump(0.5)
        return (len(t.bytes) - size) / seconds, (cpu_seconds(t.pid) - cpu) / seconds * 100

    with demo() as t:
        ours = watch(t, "Logged in as")
    with bare() as t:
        theirs = watch(t, "Hello")
    return [
        Figure("Idle, bytes a second", "0", f"{ours[0]:.0f}", f"{theirs[0]:.0f}", ours[0] == 0),
        Figure("Idle, CPU", "≤ 0.5 %", f"{ours[1]:.1f} %", f"{theirs[1]:.1f} %", ours[1] <= 0.5),
    ]


# -- much of something --------------------------------------------------------------------------------------------
async def _read(runs: int) -> tuple[float, float, float]:
    """Median seconds of reading a whole world, of its slowest single call, and of looking once more."""
    services = services_for(os.environ, demo=True)
    services.fly.use_token(TOKEN)
    await carry_out(services)
    os.environ[simulated.SPEED] = "1"
    services = services_for(os.environ, demo=True)
    services.fly.use_token(TOKEN)
    reader = WorldReader(services.fly)

    async def took(*parts: str, max_age: float = 0.0) -> float:
        begun = time.perf_counter()
        await reader.read(WISH.app, parts, max_age=max_age)
        return time.perf_counter() - begun

    found = [
        (await took(*PARTS), max([await took(part) for part in PARTS]), await took(*PARTS, max_age=600.0))
        for _ in range(runs)
    ]
    os.environ[simulated.SPEED] = "0"
    await services.close()
    return median(f[0] for f in found), median(f[1] for f in found), median(f[2] for f in found)


def world(cloud: Cloud, runs: int) -> list[Figure]:
    cloud.log_in()
    whole, slowest, again = asyncio.run(_read(runs))
    ratio = whole / slowest
    text = f"{whole * 1000:.0f} ms ({ratio:.2f}×)"
    return [
        Figure(
            "Reading a whole world", "≤ 1.3× its slowest call", text, f"{slowest * 1000:.0f} ms", ratio <= 1.3
        ),
        Figure("… a second look at it", "≤ 1 ms", f"{again * 1000:.2f} ms", "", again <= 0.001),
    ]
