"""That the real flyctl has the traps which the simulated one has in ``tests/demo/test_traps.py``."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from claw_tui.demo import world
from tests.conftest import Cloud
from tests.fly_api.server import FlyApi
from tests.flyctl.conftest import PROGRAM
from tests.transcripts import prepare
from tests.transcripts.play import FIXED, wait_for

pytestmark = pytest.mark.flyctl


@pytest.fixture
def config(api: FlyApi, tmp_path: Path) -> Iterator[Path]:
    """A configuration folder; the agent that a command may leave for it is stopped in the end."""
    folder = tmp_path / "config"
    yield folder
    if (folder / "fly-agent.sock").exists():
        subprocess.run([PROGRAM, "agent", "stop"], env=environment(api, folder), check=False, timeout=30)


def environment(api: FlyApi, config: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(config.parent),
        "FLY_CONFIG_DIR": str(config),
        **FIXED,
        **api.environment,
    }


def deploy(folder: Path, retries: str = "1") -> list[str]:
    (folder / "fly.toml").write_text(prepare.fly_toml())
    return [
        PROGRAM,
        "deploy",
        str(folder),
        "-a",
        "my-app",
        "-c",
        str(folder / "fly.toml"),
        "--deploy-retries",
        retries,
    ]


def interrupted(argv: list[str], api: FlyApi, config: Path, at: str) -> tuple[int, bytes]:
    """SIGINT while the request that matches ``at`` waits for its answer; (exit code, stderr)."""
    api.hold = at
    child = subprocess.Popen(
        argv,
        env=environment(api, config),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )
    assert api.reached.wait(60)
    child.send_signal(signal.SIGINT)
    api.go.set()
    _out, err = child.communicate(timeout=60)
    return child.returncode, err


def test_a_deploy_that_is_cancelled_leaves_its_machine_and_a_lease(
    api: FlyApi, config: Path, tmp_path: Path, cloud: Cloud
) -> None:
    with world.opened() as now:
        prepare.app(now)
        prepare.secret(now)
    code, err = interrupted(deploy(tmp_path), api, config, "GET .*/machines/[0-9a-f]+$")
    assert (code, err.count(b"Error")) == (127, 0)
    app = cloud.app("my-app")
    assert app["machines"][0]["lease"]["expires"] - time.time() > 200
    assert app["releases"][-1]["status"] == "interrupted"


def test_the_lease_that_is_left_lasts_as_long_as_a_deploy_waits(
    api: FlyApi, config: Path, tmp_path: Path, cloud: Cloud
) -> None:
    with world.opened() as now:
        prepare.app(now)
        prepare.secret(now)
    argv = [*deploy(tmp_path), "--wait-timeout", "10m"]
    assert interrupted(argv, api, config, "GET .*/machines/[0-9a-f]+$")[0] == 127
    assert 590 < cloud.app("my-app")["machines"][0]["lease"]["expires"] - time.time() < 610


@pytest.mark.parametrize(("retries", "left"), [("1", False), ("0", True)])
def test_an_update_that_is_cancelled_gives_its_lease_back_only_when_it_may_try_again(
    api: FlyApi, config: Path, tmp_path: Path, cloud: Cloud, *, retries: str, left: bool
) -> None:
    with world.opened() as now:
        prepare.deployed(now)
    code, _err = interrupted(deploy(tmp_path, retries), api, config, "GET .*/wait$")
    assert code == 127
    assert bool(cloud.app("my-app")["machines"][0]["lease"]) is left


def test_bodies_are_logged_in_clear_unless_a_file_is_in_the_way(api: FlyApi, config: Path) -> None:
    with world.opened() as now:
        prepare.app(now)
    argv = [PROGRAM, "secrets", "import", "-a", "my-app", "--stage"]

    def send() -> None:
        subprocess.run(
            argv,
            input=b"A=CANARY\n",
            env=environment(api, config),
            check=True,
            timeout=30,
            capture_output=True,
        )

    send()
    assert any(b"CANARY" in path.read_bytes() for path in (config / "logs").iterdir())
    for path in (config / "logs").iterdir():
        path.unlink()
    (config / "logs").rmdir()
    (config / "logs").touch()
    send()
    assert not any(b"CANARY" in path.read_bytes() for path in config.rglob("*") if path.is_file())


def test_a_log_that_is_followed_brings_an_agent_unless_its_own_log_has_no_place(
    api: FlyApi, config: Path, tmp_path: Path
) -> None:
    with world.opened() as now:
        prepare.deployed(now)
    for folder, comes in ((config, True), (tmp_path / "other", False)):
        if not comes:
            folder.mkdir()
            (folder / "agent-logs").touch()
        api.requests.clear()
        child = subprocess.Popen(
            [PROGRAM, "logs", "-a", "my-app", "--json"], env=environment(api, folder), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            assert wait_for(folder / "fly-agent.sock", 20 if comes else 3) is comes
            assert sum("logs" in request.path for request in api.requests) > 1, (
                "it shows the log all the same"
            )
        finally:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
