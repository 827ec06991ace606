"""SIGKILL at random moments: the sitting, the run, flyctl, or several at once; secrets in each of the three places.

After each kill somebody starts it again. In the end there is one of everything, no secret that was kept is gone, and
what the run did is told whole. ``KILLS`` is how many in all, ``SEED`` moves the moments.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from claw_tui.domain.jobs import JobState
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import CANARIES, WISH, assert_whole
from tests.soak.sitting import LOST

pytestmark = [pytest.mark.anyio, pytest.mark.soak]
KILLS = int(os.environ.get("KILLS", "120"))
SEED = int(os.environ.get("SEED") or "1")
IN_A_WORLD = 5  # kills on the way to one gateway
PLACES = ("memory", "file", "keyring")
VICTIMS = (
    ("sitting",),
    ("runner",),
    ("flyctl",),
    ("runner", "flyctl"),
    ("sitting", "runner"),
    ("sitting", "runner", "flyctl"),
)
SIGNS = {
    b"tests.soak.sitting": "sitting", b"claw_tui.runner": "runner", b"claw_tui.demo.fly": "flyctl",
    b"claw_tui.adapters.keyring_child": "keyring",  # never a victim; it ends by itself
}  # fmt: skip
EARLY = 0.2  # so many of the kills come at any moment after the start, also before there is a run
LOOK_SECONDS = 0.02
SITTING_SECONDS, SITTINGS = 120.0, 6


def processes(folder: Path) -> dict[str, list[int]]:
    """What works on this test's world, by what it is."""
    found: dict[str, list[int]] = {name: [] for name in SIGNS.values()}
    ours = [str(folder).encode(), os.environ.get("DBUS_SESSION_BUS_ADDRESS", str(folder)).encode()]
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            argv = (process / "cmdline").read_bytes().split(b"\0")
            kind = next((SIGNS[word] for word in argv if word in SIGNS), "")
            environ = (process / "environ").read_bytes()
            if kind and any(sign in environ for sign in ours):
                found[kind].append(int(process.name))
    return found


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where secrets are kept; the keyring is a real one where there is one."""
    with ExitStack() as stack:
        if request.param == "keyring":
            if not shutil.which("gnome-keyring-daemon") or not shutil.which("dbus-run-session"):
                pytest.skip("there is no GNOME Keyring")
            from tests.real.test_keyring import ready

            for name, value in stack.enter_context(ready()).items():
                if name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
                    monkeypatch.setenv(name, value)
        monkeypatch.setenv("CLAW_TUI_SECRETS", request.param)
        yield request.param


def begin(folder: Path) -> subprocess.Popen[bytes]:
    out = (folder / "sittings.out").open("ab")
    with out:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.soak.sitting", str(folder / "noted")],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip


def kill_some(folder: Path, victims: tuple[str, ...], sitting: subprocess.Popen[bytes]) -> Counter[str]:
    """As soon as all of ``victims`` are there; nobody, when it has ended before."""
    while sitting.poll() is None:
        now = processes(folder)
        if all(now[kind] for kind in victims):
            break
        time.sleep(LOOK_SECONDS)
    killed: Counter[str] = Counter()
    for kind in victims:
        for pid in processes(folder)[kind]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed[kind] += 1
    return killed


class Pace:
    """How long a sitting takes here, as seen last: moments are parts of that."""

    seconds = 8.0


def wait_for_a_moment(folder: Path, sitting: subprocess.Popen[bytes], chance: random.Random) -> None:
    """Some of the way; mostly counted from when the run began."""
    early = chance.random() < EARLY
    while not early and sitting.poll() is None and not processes(folder)["runner"]:
        time.sleep(LOOK_SECONDS)
    with suppress(subprocess.TimeoutExpired):
        sitting.wait(chance.random() * Pace.seconds * (0.3 if early else 0.7))


def see_to_the_end(folder: Path) -> None:
    """A person who starts it again until it is done."""
    for _sitting in range(SITTINGS):
        began = time.monotonic()
        code = begin(folder).wait(SITTING_SECONDS)
        assert code != LOST, "a secret that was kept is gone"
        if code == 0:
            Pace.seconds = min(max(time.monotonic() - began, 2.0), 30.0)
            return
    raise AssertionError((folder / "sittings.out").read_text()[-2000:])


def assert_nothing_is_left(folder: Path) -> None:
    end = time.monotonic() + 60
    while any(left := processes(folder).values()):
        assert time.monotonic() < end, left
        time.sleep(0.05)


@pytest.mark.parametrize("number", range(-(-KILLS // IN_A_WORLD // len(PLACES))))
async def test_killed_again_and_again(
    number: int, place: str, services: Services, cloud: Cloud, tmp_path: Path
) -> None:
    chance, killed = random.Random(f"{SEED} {number} {place}"), Counter[str]()
    for _kill in range(IN_A_WORLD):
        sitting = begin(tmp_path)
        wait_for_a_moment(tmp_path, sitting, chance)
        killed += kill_some(tmp_path, chance.choice(VICTIMS), sitting)
        if sitting.poll() is None and chance.random() < 0.5:
            os.kill(sitting.pid, signal.SIGKILL)  # who watched a killed run leaves, or sees its end
            killed["sitting"] += 1
        assert sitting.wait(SITTING_SECONDS) != LOST, "a secret that was kept is gone"
    see_to_the_end(tmp_path)
    assert_nothing_is_left(tmp_path)
    assert_whole(cloud)
    run = services.runs.latest(WISH.app)
    assert run is not None
    assert run.state() is JobState.DONE
    assert [event.kind for event in run.new_events()][-1] == "ended"
    assert services.state.load_answers(WISH.app) == WISH
    assert CANARIES.find_in_files(tmp_path / "state") == []
    print(f"\n{place}: {killed.total()} killed: {dict(killed)}")
