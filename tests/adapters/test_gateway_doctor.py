"""The doctor's look into a machine: its script in a real shell, and what is read of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from claw_tui.adapters.gateway_doctor import drop_locks, look, read_look, same_token
from claw_tui.domain.layout import Layout


def of(folder: Path) -> Layout:
    return Layout(state=str(folder), config=f"{folder}/openclaw.json", volume=str(folder))


def sh(script: str) -> str:
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=30, check=True)
    return done.stdout


def test_a_real_shell_tells_it_all(tmp_path: Path) -> None:
    state, tmp = tmp_path / "data", tmp_path / "tmp"
    (state / "npm" / "projects" / "openclaw-discord").mkdir(parents=True)
    (tmp / "openclaw").mkdir(parents=True)
    (state / "openclaw.json").write_text("{}")
    (state / "openclaw.json").chmod(0o640)
    (state / "gateway.1a2b.lock").write_text(
        json.dumps({"pid": 4_000_000, "createdAt": "2026-02-03T10:00:00Z"})
    )
    line = {"0": "{}", "1": "observed unattributable proxy-shaped traffic from 172.16.3.162", "time": "x"}
    (tmp / "openclaw" / "openclaw-2026-11-30.log").write_text(json.dumps(line) + "\nall is well\n")
    found = read_look(sh(look(of(state), str(tmp))), of(state))
    assert found.file is not None
    assert (found.file.owner, found.file.mode, found.file.size) == (f"{os.getuid()}:{os.getgid()}", "640", 2)
    (lock,) = found.locks
    assert (lock.path, lock.pid, lock.alive) == (f"{state}/gateway.1a2b.lock", 4_000_000, False)
    assert found.plugins is not None
    assert "openclaw-discord" in found.plugins
    assert found.free_mb is not None
    assert found.disk_mb is not None
    assert found.disk_mb >= found.free_mb > 0
    assert found.log == ("observed unattributable proxy-shaped traffic from 172.16.3.162",)
    assert found.listens is not None


def test_an_empty_machine_is_no_failure(tmp_path: Path) -> None:
    found = read_look(sh(look(of(tmp_path / "none"), str(tmp_path))), of(tmp_path / "none"))
    assert (found.file, found.locks, found.log, found.free_mb) == (None, (), (), None)


def test_who_listens() -> None:
    table = "  sl  local_address rem_address st\n   0: {address}:0BB8 00000000:0000 0A 0:0 0:0\n   1: 00000000:0050 0:0 0A\n"
    for address, said in (("0100007F", ("127.0.0.1",)), ("00000000", ("0.0.0.0",))):
        assert read_look(f"== tcp\n{table.format(address=address)}", Layout()).listens == said
    assert read_look("== tcp\n  sl  local_address\n", Layout()).listens is None


@contextmanager
def a_program(name: str) -> Iterator[int]:
    """Something that runs under this name; its number."""
    script = f"printf %s '{name}' > /proc/self/comm; exec 3<&0; read x"
    with subprocess.Popen(["sh", "-c", script], stdin=subprocess.PIPE) as one:
        assert one.stdin is not None
        while Path(f"/proc/{one.pid}/comm").read_text().strip() != name:
            pass
        yield one.pid
        one.stdin.close()


def a_lock(folder: Path, pid: int) -> Path:
    path = folder / "gateway.x.lock"
    path.write_text(json.dumps({"pid": pid}))
    return path


def looked(folder: Path) -> bool | None:
    (lock,) = read_look(sh(look(of(folder), str(folder / "tmp"))), of(folder)).locks
    return lock.alive


def test_a_lock_goes_when_its_owner_has_gone(tmp_path: Path) -> None:
    lock = a_lock(tmp_path, 4_000_000)
    assert looked(tmp_path) is False
    assert "removed" in sh(drop_locks([str(lock)], [4_000_000]))
    assert not lock.exists()


@pytest.mark.parametrize(
    "name", ["node", "MainThread", "openclaw-gatewa", "clawdbot", "moltbot", "a-wrapper", "gateway", "bun"]
)
def test_a_lock_stays_while_its_owner_may_run_under_whatever_name(tmp_path: Path, name: str) -> None:
    """Clawdbot and Moltbot called themselves so; what nobody knows may be one, too."""
    with a_program(name) as pid:
        lock = a_lock(tmp_path, pid)
        assert looked(tmp_path) is True
        assert sh(drop_locks([str(lock)], [4_000_000, pid])) == ""
    assert lock.exists()


@pytest.mark.parametrize("name", ["sleep", "hallpass", "kworker/0:1"])
def test_a_number_that_another_program_certainly_has_by_now_is_no_owner(tmp_path: Path, name: str) -> None:
    with a_program(name) as pid:
        lock = a_lock(tmp_path, pid)
        assert looked(tmp_path) is False
        assert "removed" in sh(drop_locks([str(lock)], [pid]))


def test_the_token_does_not_leave_the_machine() -> None:
    """Only a digest does, whosever it is here."""
    assert re.fullmatch(r"[0-9a-f]{64} +-\n", sh(same_token()))
