"""A full disk, a home that is read-only, paths that are too long: a sentence, nothing lost, nothing left lying about."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from claw_tui.adapters.files import append_line
from claw_tui.adapters.fly_home import MAX_SOCKET_FOLDER, FlyHome
from claw_tui.adapters.flyctl import Flyctl
from claw_tui.adapters.journal import JournalFile
from claw_tui.adapters.state_files import StateFiles
from claw_tui.domain import errors
from claw_tui.domain.spec import Spec
from tests.adapters.rig import Traces, program, raised
from tests.disks import Mount, fill, fill_names, mount, read_only

pytestmark = pytest.mark.anyio
__all__ = ["mount"]  # a fixture

ANSWER = 'echo \'{"email": "a@b"}\''


# -- full -------------------------------------------------------------------------------------------------------------
async def test_a_look_on_a_disk_without_room_for_a_file(mount: Mount) -> None:
    disk = mount("size=1m,nr_inodes=40")
    traces = Traces(disk / "state")
    fly = Flyctl((str(program(disk.parent, ANSWER)),), FlyHome(traces.state), os.environ, traces.extra)
    assert await fly.whoami() == "a@b"
    fill_names(disk)
    error = await raised(fly.whoami())
    assert isinstance(error, errors.StateError)
    assert "No space left" in error.message
    assert "Make room" in error.hint
    await traces.none_left()


@pytest.mark.parametrize("spare", [1, 2])
async def test_a_throwaway_folder_that_gets_half_way(mount: Mount, spare: int) -> None:
    """Room for the folder and not for the file in it: the folder goes again."""
    disk = mount("size=1m,nr_inodes=40")
    home = FlyHome(disk / "state")
    with home.throwaway():
        pass
    fill_names(disk)
    for number in range(spare):
        (disk / f"fill{number}").unlink()
    try:
        with home.throwaway() as folder:
            assert (folder / "logs").is_file()
    except errors.StateError as error:
        assert "logs" in error.message
    assert not list((disk / "state" / "tmp").iterdir())


async def test_a_change_is_not_made_when_it_cannot_be_written_down(mount: Mount, tmp_path: Path) -> None:
    disk = mount("size=64k")
    traces = Traces(tmp_path / "state")
    fly = traces.flyctl(f"echo x >>{tmp_path}/count")
    journal = JournalFile(disk / "gateway")
    fly.use_guard(journal)
    await fly.create_app("one", "personal")
    before = (disk / "gateway" / "journal.jsonl").read_bytes()
    fill(disk)
    (disk / "gateway" / "journal.jsonl").write_bytes(before + b"#" * (4096 - len(before) - 20))
    old = (disk / "gateway" / "journal.jsonl").read_bytes()
    error = await raised(fly.create_app("two", "personal"))
    assert isinstance(error, errors.StateError)
    assert "Make room" in error.hint
    assert (tmp_path / "count").read_text() == "x\n"
    assert (disk / "gateway" / "journal.jsonl").read_bytes() == old  # not half a line either
    await traces.none_left()


async def test_a_change_whose_end_cannot_be_written_down_stays_open(mount: Mount, tmp_path: Path) -> None:
    """The next run then looks what came of it."""
    disk = mount("size=64k")
    traces = Traces(tmp_path / "state")
    fly = traces.flyctl(f"cat </dev/zero >{disk}/fill 2>/dev/null; exit 0")
    journal = JournalFile(disk / "gateway")
    (disk / "gateway").mkdir()
    (disk / "gateway" / "journal.jsonl").write_text("#" * 3900 + "\n")  # room for the intent, not for its end
    fly.use_guard(journal)
    assert isinstance(await raised(fly.create_app("one", "personal")), errors.StateError)
    (intent,) = journal.unfinished()
    assert "apps create one" in intent.command
    (disk / "fill").unlink()
    await journal.settle(1.0)  # nobody holds its lock
    await traces.none_left()


async def test_lines_are_whole_or_not_there(mount: Mount) -> None:
    disk = mount("size=64k")
    path = disk / "events.jsonl"
    append_line(path, "a" * 4000)
    fill(disk)
    with pytest.raises(errors.StateError, match="No space left"):
        append_line(path, "b" * 4000)
    assert path.read_text() == "a" * 4000 + "\n"
    (disk / "fill").unlink()
    append_line(path, "c")
    assert path.read_text().splitlines()[1:] == ["c"]


async def test_answers_survive_a_full_disk(mount: Mount) -> None:
    disk = mount("size=64k")
    state = StateFiles(disk / "state")
    state.save_draft(Spec(app="one"))
    fill(disk)
    with pytest.raises(errors.StateError) as caught:
        state.save_draft(Spec(app="two", region="x" * 5000))
    assert "Make room" in caught.value.hint
    found = state.load_draft()
    assert found is not None
    assert found.app == "one"
    assert [path.name for path in (disk / "state").iterdir()] == ["draft.toml"]


# -- read-only --------------------------------------------------------------------------------------------------------
async def test_a_state_folder_that_is_read_only(mount: Mount) -> None:
    disk = mount("size=1m")
    traces = Traces(disk / "state")
    fly = Flyctl((str(program(disk.parent, ANSWER)),), FlyHome(traces.state), os.environ, traces.extra)
    await fly.whoami()
    state = StateFiles(traces.state)
    state.save_draft(Spec(app="one"))
    read_only(disk)
    for call in (fly.whoami(), fly.create_app("a", "b"), fly.version()):
        error = await raised(call)
        assert isinstance(error, errors.StateError)
        assert "Read-only" in error.message
        assert "CLAW_TUI_HOME" in error.hint
    for change in (state.drop_draft, lambda: state.save_draft(Spec())):
        with pytest.raises(errors.StateError, match="Read-only"):
            change()
    await traces.none_left()


REFUSES = """
folder=${FLY_CONFIG_DIR:-$HOME/.fly}
touch $folder/perms 2>/dev/null || {
  echo "Error: failed ensuring config directory perms: open $folder/perms.1: read-only file system" >&2; exit 1; }
echo '{"token": "fo1_x"}'
"""


async def test_a_home_that_is_read_only_still_takes_a_token(mount: Mount, tmp_path: Path) -> None:
    """flyctl refuses every command there; ours have folders elsewhere."""
    disk = mount("size=1m")
    (disk / ".fly").mkdir()
    read_only(disk)
    traces = Traces(tmp_path / "state")
    fly = traces.flyctl(REFUSES, {**os.environ, "HOME": str(disk)})
    error = await raised(fly.own_token())
    assert isinstance(error, errors.FlyFolder)
    assert str(disk / ".fly") in error.message
    assert "FLY_API_TOKEN" in error.hint
    await fly.validate_config("a", Path("/x"))
    await traces.none_left()


async def test_start_goes_on_without_flyctls_own_folder(mount: Mount, tmp_path: Path) -> None:
    from claw_tui.domain.readiness import Ready
    from claw_tui.engine.readiness import check_login
    from claw_tui.engine.session import Session
    from claw_tui.wiring import real_services

    disk = mount("size=1m")
    (disk / ".fly").mkdir()
    read_only(disk)
    path = program(tmp_path, REFUSES)
    environ = {"PATH": os.environ["PATH"], "HOME": str(disk), "CLAW_TUI_HOME": str(tmp_path / "state")}
    services = real_services({**environ, "CLAW_TUI_FLYCTL": str(path)})
    found = await check_login(Session(services))
    assert found.state is Ready.WARNING
    assert "paste a token" in found.todo
    await services.close()


# -- too long, and somebody else's ------------------------------------------------------------------------------------
@pytest.fixture
def short_temp(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files with a short path, as the system's is."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        monkeypatch.setattr(tempfile, "tempdir", name)
        yield Path(name)


async def test_a_state_folder_with_a_long_path(tmp_path: Path, short_temp: Path) -> None:
    deep = tmp_path / ("é" * 60)
    traces = Traces(deep)
    fly = Flyctl(
        (str(program(tmp_path, f"echo $FLY_CONFIG_DIR >>{tmp_path}/folders; {ANSWER}")),),
        FlyHome(deep), os.environ, traces.extra,
    )  # fmt: skip
    await fly.whoami()
    await fly.create_app("a", "b")
    look, change = (tmp_path / "folders").read_text().splitlines()
    assert look.startswith(str(deep))  # no agent is started there
    assert Path(change).parent == short_temp
    assert len(os.fsencode(change)) <= MAX_SOCKET_FOLDER
    assert FlyHome(deep).shared() == Path(change)
    assert FlyHome(tmp_path / ("y" * 120)).shared() != Path(
        change
    )  # its own logins, its own versions of secrets


async def test_a_folder_for_temporary_files_that_is_too_long_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("t" * 100)))
    folder = FlyHome(tmp_path / ("x" * 100)).shared()
    try:
        assert len(os.fsencode(folder)) <= MAX_SOCKET_FOLDER
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("name", ["x" * 300, "/".join(["x" * 200] * 25)])
async def test_a_path_that_no_system_takes(tmp_path: Path, name: str) -> None:
    fly = Flyctl((str(program(tmp_path, ANSWER)),), FlyHome(tmp_path / name), os.environ)
    error = await raised(fly.whoami())
    assert isinstance(error, errors.StateError)
    assert "shorter path" in error.hint


async def test_a_short_folder_that_is_somebody_elses(
    tmp_path: Path, short_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name can be foretold; whoever made it first would read our login."""
    home = FlyHome(tmp_path / ("x" * 100))
    home.shared()
    mine = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: mine + 1)
    home._short().mkdir(mode=0o700)
    with pytest.raises(errors.StateError, match="belongs to somebody else") as caught:
        home.shared()
    assert "CLAW_TUI_HOME" in caught.value.hint


# -- what a crash left ------------------------------------------------------------------------------------------------
async def test_folders_that_a_crash_left_are_removed(tmp_path: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    parent = tmp_path / "state" / "tmp"
    parent.mkdir(parents=True, mode=0o700)
    kinds = {
        f"r-{gone.pid}-old": 7200,
        f"r-{gone.pid}-new": 60,
        f"r-{os.getppid()}-long": 7200,
        "r-odd-name": 7200,
    }
    for name, age in kinds.items():
        (parent / name).mkdir()
        (parent / name / "logs").touch()
        os.utime(parent / name, (time.time() - age,) * 2)
    with FlyHome(tmp_path / "state").throwaway():
        pass
    assert {path.name for path in parent.iterdir()} == {name for name in kinds if not name.endswith("old")}
