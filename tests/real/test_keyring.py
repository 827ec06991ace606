"""The store against a real GNOME Keyring on a session bus of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytestmark = pytest.mark.real
UNLOCK = "printf %s pass-word | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\n"
LOCKED = "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1\n"


def on_a_bus(shell: str, script: str, tmp_path: Path) -> str:
    """Run ``script`` (the body of an async function that has ``store``) after ``shell`` on a new session bus."""
    program = tmp_path / "program.py"
    program.write_text(
        "import asyncio, os, signal, time\n"
        "from claw_tui.adapters.stores import KeyringStore\n"
        "from claw_tui.domain.secret import Secret\n"
        "async def main():\n    store = KeyringStore(os.environ)\n"
        + textwrap.indent(textwrap.dedent(script), "    ")
        + "\n    await store.close()\nasyncio.run(main())\n"
    )
    source = str(Path(__file__).parents[2] / "src")
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", f"{shell}exec {sys.executable} {program}"],
        env={**os.environ, "PYTHONPATH": source}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_is_kept_comes_back_in_another_program(tmp_path: Path) -> None:
    said = on_a_bus(UNLOCK, """
        print((await store.probe()).state.value)
        for number, text in enumerate(["CANARYvalue", "ü 😀 \\"' \\n two lines", "x" * 100_000]):
            await store.put(f"T{number}", Secret(text))
            await store.close()  # a new helper, as in the next sitting
            assert (await store.get(f"T{number}")).reveal() == text
            await store.delete(f"T{number}")
            await store.delete(f"T{number}")
            assert await store.get(f"T{number}") is None
        print("kept")
    """, tmp_path)  # fmt: skip
    assert said.split() == ["ready", "kept"]


def test_a_locked_keyring_is_locked_and_not_absent(tmp_path: Path) -> None:
    on_a_bus(UNLOCK, "await store.put('T', Secret('CANARYvalue'))", tmp_path)
    said = on_a_bus(LOCKED, "print((await store.probe()).state.value)", tmp_path)
    assert said.split() == ["locked"]
    kept = [path for path in Path(os.environ["HOME"]).rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if b"CANARYvalue" in path.read_bytes()]


def test_a_keyring_that_hangs_holds_nobody_up(tmp_path: Path) -> None:
    said = on_a_bus(UNLOCK, """
        import subprocess
        await store.put("T", Secret("CANARYvalue"))
        pids = subprocess.run(["pidof", "gnome-keyring-daemon"], capture_output=True, text=True).stdout.split()
        mine = [int(p) for p in pids if open(f"/proc/{p}/environ").read().find(os.environ["HOME"]) >= 0]
        for pid in mine:
            os.kill(pid, signal.SIGSTOP)
        start = time.monotonic()
        print((await store.probe()).state.value)
        assert time.monotonic() - start < 3.5
        for pid in mine:
            os.kill(pid, signal.SIGKILL)
    """, tmp_path)  # fmt: skip
    assert said.split() == ["hangs"]
