"""The search for what is another user's, in a real shell and file system; and giving it back. It takes root to make such files."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from claw_tui.adapters.gateway_doctor import look, read_look
from claw_tui.adapters.gateway_strangers import MOST, give_back, read_search, search
from claw_tui.domain.layout import Layout

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root can make files of others")


def of(folder: Path) -> Layout:
    return Layout(state=str(folder), config=f"{folder}/openclaw.json", volume=str(folder))


def sh(script: str) -> str:
    return subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=30, check=True).stdout


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The gateway's own."""
    for name in (
        "state",
        "agents/main/sessions",
        "tmp/openclaw-1000",
        "npm/projects/x/node_modules/y",
        "lost+found",
    ):
        (tmp_path / "data" / name).mkdir(parents=True)
    for name in ("state/openclaw.sqlite", "agents/main/sessions/a.jsonl", "openclaw.json"):
        (tmp_path / "data" / name).write_text("{}")
    sh(f"chown -R 1000:1000 {tmp_path}/data")
    return tmp_path / "data"


def names(state: Path) -> list[str]:
    found = read_look(sh(look(of(state), str(state / "tmp"))), of(state)).strangers
    assert found is not None
    return sorted(one.name for one in found)


def by_root(path: Path, mode: int = 0o644) -> None:
    os.chown(path, 0, 0)
    path.chmod(mode)


def test_all_is_its_own(state: Path) -> None:
    assert names(state) == []


def test_the_top_of_each_tree_is_told(state: Path) -> None:
    sh(f"chown -R 0:0 {state}/agents/main")
    by_root(state / "state" / "openclaw.sqlite", 0o600)
    (state / "a, b").mkdir()
    sh(f"chmod 755 {state}/agents/main '{state}/a, b'")
    found = read_search(sh(search(str(state))).splitlines(), str(state))
    assert found is not None
    told = {one.name: (one.owner, one.mode, one.folder) for one in found}
    assert told == {
        "agents/main": ("0:0", "755", True), "state/openclaw.sqlite": ("0:0", "600", False), "a, b": ("0:0", "755", True),
    }  # fmt: skip


def test_what_has_another_check_or_is_npms_is_left_out(state: Path) -> None:
    sh(f"chown -R 0:0 {state}/npm/projects/x/node_modules {state}/lost+found {state}/openclaw.json")
    by_root(state / "openclaw.json")
    (state / "openclaw.json.bak").write_text("")
    (state / "link").symlink_to("/etc/passwd")
    assert names(state) == []


def test_the_folder_itself(state: Path) -> None:
    by_root(state, 0o755)
    sh(f"chown 0:0 {state}/tmp")
    assert names(state) == ["", "tmp"]
    sh(give_back(str(state), [str(state), f"{state}/tmp"]))
    assert names(state) == []


def test_it_is_given_back_with_all_that_is_in_it_and_no_link_is_followed(state: Path, tmp_path: Path) -> None:
    outside = tmp_path / "of-root"
    outside.write_text("")
    deep = state / "agents" / "it's mine" / "sessions"
    deep.mkdir(parents=True)
    (deep / "link").symlink_to(outside)
    (state / "other").mkdir()
    sh(give_back(str(state), [f"{state}/agents/it's mine", "/etc", f"{state}/../of-root"]))
    assert names(state) == ["other"]
    assert deep.stat().st_uid == 1000
    assert outside.stat().st_uid == 0
    assert Path("/etc").stat().st_uid == 0


def test_there_may_be_thousands(state: Path) -> None:
    many = state / "media"
    many.mkdir()
    for number in range(3000):
        (many / f"{number}").write_text("")
    os.chown(many, 1000, 1000)
    begun = time.monotonic()
    assert len(names(state)) == MOST
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("lines", [[], ["end 124"], ["end 127"], ["0:0 755 d /elsewhere", "end 124"]])
def test_a_search_that_did_not_end_is_not_known(lines: list[str]) -> None:
    assert read_search(lines, "/data") is None


def test_a_search_that_was_cut_off_still_tells_what_it_found() -> None:
    (one,) = read_search(["0:0 755 d /data/agents"], "/data") or ()
    assert (one.name, one.folder) == ("agents", True)


def test_whose_process_listens() -> None:
    table = "  sl  local\n 0: 00000000:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1\n"
    assert read_look(f"== tcp\n{table}", Layout()).user == "1000"
    assert read_look("== tcp\n", Layout()).user == ""
