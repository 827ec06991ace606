"""The whole road beside a bare script: the same flyctl calls in the same order, one after the other, and nothing else.

Both go through a wrapper that writes down each call with its times. Where we waited between two looks whether the
gateway answers, the script waits as long: any script has to.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from benchmarks.figure import Figure
from claw_tui.demo import world as simulated
from claw_tui.demo.services import FLYCTL
from claw_tui.domain.jobs import JobState
from claw_tui.engine.answering import POLL_SECONDS
from claw_tui.wiring import services_for
from tests.conftest import TOKEN, Cloud
from tests.engine.rig import SECRETS, carry_out

SOURCE = Path(simulated.__file__).parents[2]
SPEED = 6.0  # as `make demo` has it
WRAPPER = """#!/bin/sh
began=$(date +%s.%N)
{python} -S -m claw_tui.demo.fly "$@"
code=$?
{{ printf '%s\\0' "$began" "$(date +%s.%N)" "$@"; printf '\\036'; }} >> {calls}
exit $code
"""


@dataclass(frozen=True)
class Called:
    """One call: when it began and ended (seconds since 1970), and its arguments."""

    began: float
    ended: float
    argv: tuple[str, ...]


def _wrapper(folder: Path) -> tuple[Path, Path]:
    calls, program = folder / "calls", folder / "fly"
    program.write_text(WRAPPER.format(python=sys.executable, calls=calls))
    program.chmod(0o755)
    return program, calls


def _read(calls: Path) -> list[Called]:
    found = []
    for entry in calls.read_text().split("\036")[:-1]:
        began, ended, *argv = entry.split("\0")[:-1]
        found.append(Called(float(began), float(ended), tuple(argv)))
    calls.unlink()
    return sorted(found, key=lambda call: call.began)


async def _ours(program: Path) -> float:
    os.environ[FLYCTL] = str(program)
    services = services_for(os.environ, demo=True)
    services.fly.use_token(TOKEN)
    began = time.perf_counter()
    state, events = await carry_out(services)
    took = time.perf_counter() - began
    assert state is JobState.DONE, events[-2:]
    await services.close()
    del os.environ[FLYCTL]
    return took


def _pauses(calls: list[Called]) -> dict[int, float]:
    """After which call how long was waited: only what is as long as the pause between two looks."""
    pause = simulated.lasts(POLL_SECONDS)
    gaps = {index: after.began - before.ended for index, (before, after) in enumerate(pairwise(calls))}
    return {index: pause for index, gap in gaps.items() if gap >= pause}


def _bare(program: Path, calls: list[Called], folder: Path) -> float:
    """The same calls by a script that knows beforehand all that has to be done."""
    lines = "".join(f"{name}={value.reveal()}\n" for name, value in SECRETS.items())
    env = {
        **os.environ,
        "FLY_API_TOKEN": TOKEN.reveal(),
        "FLY_CONFIG_DIR": str(folder / "script"),
        "PYTHONPATH": str(SOURCE),
    }
    pauses, began = _pauses(calls), time.perf_counter()
    for index, call in enumerate(calls):
        subprocess.run(
            [program, *call.argv], env=env, input=lines, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        time.sleep(pauses.get(index, 0.0))
    return time.perf_counter() - began


def _once(cloud: Cloud, folder: Path) -> tuple[float, float, int]:
    """Seconds of ours and of the script, and how many calls that were."""
    base = cloud.path.parent
    shutil.rmtree(base, ignore_errors=True)
    base.mkdir(parents=True)
    cloud.log_in()
    program, log = _wrapper(folder)
    ours = asyncio.run(_ours(program))
    calls = _read(log)
    made = cloud.read()["apps"]
    cloud.path.unlink()
    cloud.log_in()
    bare = _bare(program, calls, folder)
    _read(log)
    theirs = cloud.read()["apps"]
    assert (
        [len(app["machines"]) for app in made.values()]
        == [len(app["machines"]) for app in theirs.values()]
        == [1]
    )
    return ours, bare, len(calls)


def road(cloud: Cloud, folder: Path, runs: int) -> list[Figure]:
    """From nothing to a gateway that answers."""
    os.environ[simulated.SPEED] = str(SPEED)
    pairs = [_once(cloud, folder) for _ in range(runs)]
    os.environ[simulated.SPEED] = "0"
    ratio = median(ours / bare for ours, bare, _count in pairs)
    ours, bare = (median(pair[side] for pair in pairs) for side in (0, 1))
    what = f"The whole road ({pairs[-1][2]} flyctl calls)"
    return [
        Figure(
            what,
            "≤ 1.1× the same calls by a script",
            f"{ours:.1f} s ({ratio:.2f}×)",
            f"{bare:.1f} s",
            ratio <= 1.1,
        )
    ]
