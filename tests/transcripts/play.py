"""Playing a scene: with a program that is called as flyctl is, in a folder and a world of its own."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from claw_tui.demo import world
from tests.transcripts.scene import Scene

FIXED = {
    "FLY_API_TOKEN": "fo1_test", "FLY_NO_UPDATE_CHECK": "1", "FLY_NO_INCIDENTS_CHECK": "1", "FLY_SEND_METRICS": "0",
    "FLY_TRACE_COLLECTOR_URL": "127.0.0.1", "NO_COLOR": "1", "TERM": "dumb", "BROWSER": "false",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it said on which stream."""

    exit: int
    stdout: str
    stderr: str

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


def prepare(scene: Scene) -> dict[str, str]:
    """Make the scene's world in the file that CLAW_DEMO_WORLD names; returns what its placeholders stand for."""
    with world.opened() as now:
        for step in scene.prepare:
            step(now)
        now["conditions"] = [dict(condition) for condition in scene.conditions]
        app = now["apps"].get("my-app", {"machines": [], "volumes": []})
        machine = next((m["id"] for m in app["machines"]), "148e21ea000000")
        volume = next((v["id"] for v in app["volumes"]), "vol_none")
    return {"{machine}": machine, "{volume}": volume}


def arguments(scene: Scene, folder: Path, stands_for: Mapping[str, str]) -> list[str]:
    found = []
    for argument in scene.argv:
        for name, value in {**stands_for, "{folder}": str(folder)}.items():
            argument = argument.replace(name, value)  # noqa: PLW2901
        found.append(argument)
    return found


def environment(scene: Scene, folder: Path, extra: Mapping[str, str]) -> dict[str, str]:
    given = {**FIXED, **extra, **scene.env}
    env = {name: value for name, value in given.items() if value is not None}
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "FLY_CONFIG_DIR": str(folder / "config"), **env}


def play(
    command: Sequence[str],
    scene: Scene,
    folder: Path,
    stands_for: Mapping[str, str],
    extra: Mapping[str, str],
    reached: Callable[[float], bool] = lambda _seconds: False,
) -> Said:
    """Run it to its end. ``reached`` waits until the scene's ``interrupt`` is reached; then SIGINT is sent."""
    for name, text in scene.files.items():
        (folder / name).write_text(text)
    argv = [*command, *arguments(scene, folder, stands_for)]
    with _stdin(scene) as stdin:
        process = subprocess.Popen(
            argv, env=environment(scene, folder, extra), stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=folder, start_new_session=True,
        )  # fmt: skip
        if scene.interrupt:
            assert reached(60), f"{scene.name}: {scene.interrupt} was never asked"
            process.send_signal(signal.SIGINT)
        try:
            out, err = process.communicate(
                scene.stdin.encode() if scene.stdin is not None else None, scene.seconds
            )
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
    return Said(process.returncode, out.decode(), err.decode())


@contextmanager
def _stdin(scene: Scene) -> Iterator[int]:
    """A terminal where something is typed, a pipe where something is read, nothing otherwise."""
    if not scene.typed:
        yield subprocess.PIPE if scene.stdin is not None else subprocess.DEVNULL
        return
    master, slave = pty.openpty()
    attributes = termios.tcgetattr(slave)
    attributes[3] &= ~termios.ECHO
    termios.tcsetattr(slave, termios.TCSANOW, attributes)
    done = threading.Event()

    def type_lines() -> None:
        for line in scene.typed:
            os.write(master, line.encode() + b"\n")
            if done.wait(1.0):  # a person looks at what comes back before typing again
                return

    thread = threading.Thread(target=type_lines)
    thread.start()
    try:
        yield slave
    finally:
        done.set()
        thread.join()
        os.close(master)
        os.close(slave)


def wait_for(path: Path, seconds: float) -> bool:
    """Wait until a file exists."""
    end = time.monotonic() + seconds
    while not path.exists():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
