"""Answers on disk, the journal, and the stores."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from claw_tui.adapters import files
from claw_tui.adapters.journal import JournalFile
from claw_tui.adapters.state_files import StateFiles, spec_from_toml, spec_to_toml
from claw_tui.adapters.stores import KeyringStore, MemoryStore
from claw_tui.domain.answers import StoreState
from claw_tui.domain.errors import Busy, StateError, StoreError
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import Spec
from claw_tui.engine.session import Session
from claw_tui.ports import Services
from tests.engine.rig import ended, start
from tests.unit.test_gateway_config import FULL

pytestmark = pytest.mark.anyio


def test_answers_come_back_as_they_were(tmp_path: Path) -> None:
    state = StateFiles(tmp_path / "s")
    assert state.load_draft() is None
    state.save_draft(FULL)
    assert state.load_draft() == FULL
    state.save_answers(FULL)
    assert state.known_apps() == ("my-app",)
    assert state.load_answers("my-app") == FULL
    assert state.load_answers("other") is None
    state.drop_draft()
    state.drop_draft()
    assert state.load_draft() is None
    assert spec_from_toml(spec_to_toml(Spec()), "x") == Spec()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("volume_gb = 'big'", "volume_gb"),
        ("x = ", "Invalid"),
        ("schema = 99", "newer"),
        ("source = 'tape'", "source"),
    ],
)
def test_answers_that_cannot_be_read_say_where(text: str, said: str) -> None:
    with pytest.raises(StateError, match=said):
        spec_from_toml(text, "draft.toml")


def test_everything_is_for_our_eyes_only(tmp_path: Path) -> None:
    state = StateFiles(tmp_path / "s")
    state.save_answers(FULL)
    state.set_revision("my-app", "A", "r1")
    state.set_sent_digests("my-app", {"A": ("r1", "d1")})
    state.set_setting("x", "y")
    assert state.revisions("my-app") == {"A": "r1"}
    assert state.sent_digests("my-app") == {"A": ("r1", "d1")}
    assert state.setting("x") == "y"
    for path in (tmp_path / "s").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f"
    files.write_atomic(path, "old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StateError, match="No space left"):
        files.write_atomic(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["f", "home"] or [p.name for p in tmp_path.iterdir()] == [
        "home",
        "f",
    ]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError):
        StateFiles(tmp_path / "file").save_draft(Spec())


# -- the journal --------------------------------------------------------------------------------------------------
async def test_a_call_that_ended_leaves_nothing_open(tmp_path: Path) -> None:
    journal = JournalFile(tmp_path / "j")
    journal.step = "create-app"
    opened = journal.open("fly apps create x")
    (intent,) = journal.unfinished()
    assert (intent.step, intent.command, intent.pid) == ("create-app", "fly apps create x", 0)
    opened.started(123)
    assert journal.unfinished()[0].pid == 123
    opened.ended("done")
    assert journal.unfinished() == ()
    await journal.settle(0.1)


def orphan(folder: Path, seconds: float) -> subprocess.Popen[bytes]:
    """A run that is killed while its flyctl goes on."""
    code = (
        "import os, subprocess, sys\n"
        "from pathlib import Path\n"
        "from claw_tui.adapters.journal import JournalFile\n"
        f"opened = JournalFile(Path({str(folder)!r})).open('fly volumes create')\n"
        f"child = subprocess.Popen(['sleep', '{seconds}'], pass_fds=opened.fds)\n"
        "opened.started(child.pid)\n"
        "os.kill(os.getpid(), 9)"
    )
    return subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": "src"})


async def test_after_a_kill_the_call_in_flight_is_waited_for(tmp_path: Path) -> None:
    orphan(tmp_path / "j", 1.5).wait()
    journal = JournalFile(tmp_path / "j")
    assert [intent.command for intent in journal.unfinished()] == ["fly volumes create"]
    with pytest.raises(Busy, match="fly volumes create"):
        await journal.settle(0.2)
    start = time.monotonic()
    await journal.settle(20)
    assert time.monotonic() - start > 0.3
    assert journal.unfinished() == ()


async def test_a_daemon_that_kept_the_lock_does_not_hold_us_up(tmp_path: Path) -> None:
    """flyctl's agent inherits the descriptor and lives on; the recorded process is gone."""
    journal = JournalFile(tmp_path / "j")
    opened = journal.open("fly deploy")
    daemon = subprocess.Popen(["sleep", "30"], pass_fds=opened.fds)
    ended = subprocess.Popen(["true"])
    ended.wait()
    opened.started(ended.pid)
    os.close(opened.fds[0])
    start = time.monotonic()
    await JournalFile(tmp_path / "j").settle(10)
    assert time.monotonic() - start < 5
    daemon.kill()
    daemon.wait()


async def test_a_line_that_a_crash_cut_short_is_passed_over(tmp_path: Path) -> None:
    journal = JournalFile(tmp_path / "j")
    journal.open("fly x").ended("done")
    with (tmp_path / "j" / "journal.jsonl").open("a") as file:
        file.write('{"call": "abc", "comm')
    assert journal.unfinished() == ()


# -- stores -------------------------------------------------------------------------------------------------------
async def test_memory() -> None:
    store = MemoryStore()
    await store.put("a", Secret("x"))
    assert await store.get("a") == Secret("x")
    await store.delete("a")
    await store.delete("a")
    assert await store.get("a") is None


async def test_no_keyring_is_told_and_takes_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    store = KeyringStore(os.environ)
    start = time.monotonic()
    probe = await store.probe()
    assert time.monotonic() - start < 2.6
    assert probe.state is StoreState.ABSENT
    assert "no session bus" in probe.why
    with pytest.raises(StoreError):
        await store.put("a", Secret("canary"))
    await store.close()


@pytest.mark.parametrize(
    "backend", ["keyring.backends.null.Keyring", "keyrings.alt.file.PlaintextKeyring", "nosuch.mod.X"]
)
async def test_a_backend_that_keeps_nothing_safe_is_refused(backend: str) -> None:
    store = KeyringStore({**os.environ, "PYTHON_KEYRING_BACKEND": backend})
    probe = await store.probe()
    assert probe.state is StoreState.UNSAFE
    assert backend in probe.why
    with pytest.raises(StoreError):
        await store.put("a", Secret("x"))
    await store.close()


async def test_a_bus_that_never_answers_ends_in_time(tmp_path: Path) -> None:
    import socket

    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(tmp_path / "bus"))
        bus.listen()
        store = KeyringStore({**os.environ, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/bus"})
        start = time.monotonic()
        probe = await store.probe()
        assert time.monotonic() - start < 3.0
        assert probe.state in (StoreState.ABSENT, StoreState.HANGS)
        await store.close()


async def test_a_hung_keyring_is_left_after_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    from claw_tui.adapters import stores

    monkeypatch.setattr(stores, "CALL_SECONDS", 0.5)
    store = KeyringStore(os.environ)
    await store.probe()
    child = store._child
    assert child is not None
    os.kill(child.pid, 19)  # SIGSTOP
    with pytest.raises(StoreError, match="did not answer"):
        await store.put("a", Secret("canary"))
    assert child.returncode is not None
    await store.close()


async def test_two_questions_at_once_take_turns() -> None:
    store = KeyringStore(os.environ)
    first, second = await asyncio.gather(store.probe(), store.probe())
    assert first == second
    await store.close()


def test_specs_differ_by_what_was_changed() -> None:
    assert replace(FULL, app="x") != FULL


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = [", "\x00", "a = 1\na = 2"])
def test_answers_that_are_damaged_give_one_sentence(tmp_path: Path, text: str) -> None:
    state = StateFiles(tmp_path)
    state.file("my-app", "answers.toml").write_text(text)
    with pytest.raises(StateError, match="can't be used"):
        state.load_answers("my-app")


def test_a_journal_of_brackets_has_no_open_calls(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_text("[" * 100_000 + "\n")
    assert JournalFile(tmp_path).unfinished() == ()


async def test_one_damaged_run_does_not_stop_the_start(services: Services, tmp_path: Path) -> None:
    run = await start(services)
    await ended(run)
    folder = next((tmp_path / "state").rglob("status.json")).parent
    for text in ("[" * 100_000, "[]", "null", "7", '{"state": "bogus"}'):
        (folder / "status.json").write_text(text)
        assert Session(services).find_run() is None
    (folder / "status.json").unlink()
    os.mkfifo(folder / "status.json")
    assert Session(services).find_run() is None
    (folder / "job.json").write_text("[" * 100_000)
    assert Session(services).find_run() is None
