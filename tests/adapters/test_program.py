"""Which program is flyctl: the name `fly` is others' too, versions grow old, files lose their execute bit."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from claw_tui.adapters import fly_calls
from claw_tui.adapters.fly_home import FlyHome
from claw_tui.adapters.flyctl import Flyctl
from claw_tui.domain import errors
from claw_tui.domain.secret import Secret
from claw_tui.wiring import real_services
from tests.adapters.rig import program, raised

pytestmark = pytest.mark.anyio

ABOUT = {"Name": "fly", "Version": "0.4.87", "Commit": "x", "BuildDate": "2026-08-14T16:25:03Z"}


def flyctl_of(version: str) -> str:
    return f"echo \"$0 $*\" >>$(dirname $0)/calls; echo '{json.dumps({**ABOUT, 'Version': version})}'"


CONCOURSE = (
    'case "$1" in --version) echo 7.11.2;; *) echo "error: unknown command \\`$1\'" >&2; exit 1;; esac'
)
KINDS = {
    "good": flyctl_of("0.4.87"),
    "development": flyctl_of("2026.8.21-dev.1787270400"),
    "old": flyctl_of("0.4.72"),
    "concourse": CONCOURSE,
    "game": "echo 'buzz'",
    "json": "echo '{\"version\": 7}'",
    "nonsense": flyctl_of("unknown"),
    "missing interpreter": "#!/no/such/interpreter\n",
    "other computer": "#!",
    "no bit": flyctl_of("0.4.87"),
    "hangs": "sleep 300",
}


def put(folder: Path, name: str, kind: str) -> Path | None:
    if not kind:
        return None
    path = program(folder, KINDS[kind], name)
    if kind == "other computer":
        path.write_bytes(b"\x7fELF\x02\x01\x01" + b"\0" * 200)
    if kind == "no bit":
        path.chmod(0o644)
    return path


def environment(tmp_path: Path, *folders: Path) -> Mapping[str, str]:
    path = os.pathsep.join(map(str, (*folders, "/usr/bin", "/bin")))
    return {"PATH": path, "HOME": str(tmp_path / "home"), "CLAW_TUI_HOME": str(tmp_path / "state")}


def found_in(environ: Mapping[str, str], tmp_path: Path) -> Flyctl:
    return Flyctl((), FlyHome(tmp_path / "state"), environ)


@pytest.mark.parametrize(
    ("flyctl", "fly", "taken", "over"),
    [
        ("good", "good", "flyctl", ""),
        ("good", "concourse", "flyctl", ""),
        ("good", "", "flyctl", ""),
        ("", "good", "fly", ""),
        ("", "development", "fly", ""),
        ("old", "good", "fly", "too old"),
        ("concourse", "good", "fly", "flyctl is not flyctl"),
        ("game", "good", "fly", "is not flyctl"),
        ("json", "good", "fly", "is not flyctl"),
        ("nonsense", "good", "fly", "is not flyctl"),
        ("no bit", "good", "fly", "lacks the execute permission"),
        ("missing interpreter", "good", "fly", "does not run on this computer"),
        ("other computer", "good", "fly", "does not run on this computer"),
    ],
)
async def test_the_first_that_fits_is_taken(
    tmp_path: Path, flyctl: str, fly: str, taken: str, over: str
) -> None:
    put(tmp_path / "bin", "flyctl", flyctl)
    put(tmp_path / "bin", "fly", fly)
    found = await found_in(environment(tmp_path, tmp_path / "bin"), tmp_path).version()
    assert found.path == str(tmp_path / "bin" / taken)
    assert over in " ".join(found.passed_over)
    assert bool(over) == bool(found.passed_over)


@pytest.mark.parametrize(
    ("flyctl", "fly", "kind", "words", "hint"),
    [
        ("", "", errors.FlyNotInstalled, "not found", "Install"),
        ("", "concourse", errors.FlyError, "fly is not flyctl", "PATH"),
        ("old", "", errors.FlyTooOld, "0.4.72", "upgrade"),
        ("old", "concourse", errors.FlyTooOld, "fly is not flyctl", "upgrade"),
        ("concourse", "old", errors.FlyTooOld, "too old", "upgrade"),
        ("no bit", "", errors.FlyNotInstalled, "execute permission", "chmod +x"),
        ("other computer", "", errors.FlyNotInstalled, "does not run on this computer", "Install"),
        ("missing interpreter", "", errors.FlyNotInstalled, "does not run", "Install"),
        ("no bit", "concourse", errors.FlyNotInstalled, "fly is not flyctl", "chmod +x"),
    ],
)
async def test_none_fits_and_each_is_told_why(
    tmp_path: Path, flyctl: str, fly: str, kind: type[errors.ClawError], words: str, hint: str
) -> None:
    put(tmp_path / "bin", "flyctl", flyctl)
    put(tmp_path / "bin", "fly", fly)
    for call in ("version", "whoami"):  # the run never asks for the version
        error = await raised(getattr(found_in(environment(tmp_path, tmp_path / "bin"), tmp_path), call)())
        assert type(error) is kind
        assert words in error.message
        assert hint in error.hint
        for name, there in (("flyctl", flyctl), ("fly", fly)):
            assert bool(re.search(rf"/bin/{name}\b", error.message)) == bool(there)


async def test_one_that_hangs_is_not_waited_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fly_calls, "PROBE_SECONDS", 0.5)
    put(tmp_path / "bin", "flyctl", "hangs")
    put(tmp_path / "bin", "fly", "good")
    found = await found_in(environment(tmp_path, tmp_path / "bin"), tmp_path).version()
    assert found.path.endswith("/fly")
    assert "did not say its version" in found.passed_over[0]


async def test_a_later_folder_of_the_path_and_flys_own(tmp_path: Path) -> None:
    put(tmp_path / "a", "flyctl", "old")
    put(tmp_path / "b", "flyctl", "good")
    environ = environment(tmp_path, tmp_path / "a", Path("relative"), tmp_path / "nowhere", tmp_path / "b")
    assert (await found_in(environ, tmp_path).version()).path == str(tmp_path / "b" / "flyctl")
    own = put(tmp_path / "home" / ".fly" / "bin", "flyctl", "good")
    assert (await found_in(environment(tmp_path), tmp_path).version()).path == str(own)


async def test_asked_once_and_again_when_the_person_says_so(tmp_path: Path) -> None:
    put(tmp_path / "bin", "flyctl", "good")
    fly = found_in(environment(tmp_path, tmp_path / "bin"), tmp_path)
    for _ in range(3):
        await fly.validate_config("my-app", Path("/x/fly.toml"))
    calls = (tmp_path / "bin" / "calls").read_text().splitlines()
    assert [line.split()[1] for line in calls] == ["version", "config", "config", "config"]
    put(tmp_path / "bin", "flyctl", "old")
    assert isinstance(await raised(fly.version()), errors.FlyTooOld)
    put(tmp_path / "bin", "flyctl", "good")
    await fly.version()


async def test_a_program_that_may_be_anybodys_is_not_given_the_login(tmp_path: Path) -> None:
    log = tmp_path / "env"
    program(tmp_path / "bin", f"env >>{log}; echo 'error: unknown' >&2; exit 1", "fly")
    fly = found_in(environment(tmp_path, tmp_path / "bin"), tmp_path)
    fly.use_token(Secret("fo1_canary"))
    await raised(fly.version())
    await raised(fly.whoami())
    assert "FLY_CONFIG_DIR=" in log.read_text()
    assert "canary" not in log.read_text()


async def test_a_program_that_is_named_is_taken_or_refused(tmp_path: Path) -> None:
    put(tmp_path / "bin", "flyctl", "good")
    other = put(tmp_path / "other", "my-fly", "old")
    named = {**environment(tmp_path, tmp_path / "bin"), "CLAW_TUI_FLYCTL": str(other)}
    assert "my-fly" in (await raised(real_services(named).fly.version())).message
    found = await real_services({**named, "CLAW_TUI_FLYCTL": ""}).fly.version()
    assert found.path == str(tmp_path / "bin" / "flyctl")
    nowhere = real_services({**named, "CLAW_TUI_FLYCTL": "/no/such/fly"}).fly
    assert "/no/such/fly" in (await raised(nowhere.version())).message


async def test_start_says_which_was_taken(tmp_path: Path) -> None:
    from claw_tui.domain.readiness import Ready
    from claw_tui.engine.readiness import check_flyctl
    from claw_tui.engine.session import Session

    put(tmp_path / "bin", "flyctl", "old")
    put(tmp_path / "bin", "fly", "good")
    services = real_services(environment(tmp_path, tmp_path / "bin"))
    found = await check_flyctl(Session(services))
    assert (found.state, found.words) == (Ready.READY, f"flyctl 0.4.87: {tmp_path}/bin/fly")
    assert "too old" in found.todo
    await services.close()
