"""What surprises people in the real flyctl, and must surprise us in tests first. (Words and codes: tests/transcripts.)"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from claw_tui.demo import agent, world
from tests.conftest import Cloud
from tests.demo.test_fly import fly
from tests.transcripts import prepare
from tests.transcripts.play import wait_for

MY_APP = ("-a", "my-app")
TOML = prepare.fly_toml()


@pytest.fixture
def app() -> str:
    with world.opened() as now:
        prepare.app(now)
        prepare.secret(now)
    return "my-app"


@pytest.fixture
def machine() -> str:
    with world.opened() as now:
        prepare.deployed(now)
        return str(now["apps"]["my-app"]["machines"][0]["id"])


def conditions(*entries: dict[str, Any]) -> None:
    with world.opened() as now:
        now["conditions"] = list(entries)


def deploy(folder: Path, *more: str) -> list[str]:
    (folder / "fly.toml").write_text(TOML)
    return ["deploy", str(folder), *MY_APP, "-c", str(folder / "fly.toml"), *more]


def interrupted(argv: list[str], says: str) -> subprocess.CompletedProcess[str]:
    """SIGINT as soon as it says so."""
    child = subprocess.Popen(
        [sys.executable, "-m", "claw_tui.demo.fly", *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "FLY_API_TOKEN": "fo1_test", world.SPEED: "6"},
    )  # fmt: skip
    assert child.stdout is not None
    said = ""
    while says not in said:
        line = child.stdout.readline()
        assert line, said
        said += line
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=20)
    return subprocess.CompletedProcess(argv, child.returncode, said + out, err)


def test_a_post_whose_answer_is_lost_is_carried_out_twice(app: str, cloud: Cloud) -> None:
    conditions({"method": "POST", "path": "/volumes", "status": 502, "acts": True, "times": 1})
    done = fly("volumes", "create", "data", *MY_APP, "-r", "fra", "--yes", "--json")
    assert done.returncode == 0
    assert len(cloud.app(app)["volumes"]) == 2, "and only one of them is told of"
    assert isinstance(json.loads(done.stdout), dict)


def test_a_lost_answer_to_apps_create_says_that_the_name_is_taken_and_it_is_ours(cloud: Cloud) -> None:
    conditions({"method": "POST", "path": "/v1/apps", "status": 502, "acts": True, "times": 1})
    done = fly("apps", "create", "my-app", "--org", "personal", "--json")
    assert "Name has already been taken" in done.stderr
    assert "my-app" in cloud.read()["apps"]


def test_a_deploy_that_is_cancelled_says_nothing_and_leaves_its_machine_and_a_lease(
    app: str, tmp_path: Path, cloud: Cloud
) -> None:
    done = interrupted(deploy(tmp_path), "was created")
    assert (done.returncode, done.stderr.count("Error")) == (127, 0)
    (machine,) = cloud.app(app)["machines"]
    assert machine["lease"]["expires"] - time.time() > 200
    assert cloud.app(app)["releases"][-1]["status"] == "interrupted"
    refused = fly("machine", "restart", machine["id"], *MY_APP)
    assert "machine lease currently held by you@example.com" in refused.stderr
    assert fly("machine", "leases", "clear", machine["id"], *MY_APP).returncode == 0
    assert fly("machine", "restart", machine["id"], *MY_APP).returncode == 0


def test_an_update_that_is_cancelled_leaves_a_short_lease(machine: str, tmp_path: Path, cloud: Cloud) -> None:
    argv = deploy(tmp_path, "--deploy-retries", "1")
    assert interrupted(argv, "Acquired lease").returncode == 127
    assert cloud.app("my-app")["machines"][0]["lease"] is None, "given back where it could try again"
    assert interrupted(deploy(tmp_path), f"Updating {machine}").returncode == 127
    lease = cloud.app("my-app")["machines"][0]["lease"]
    assert 0 < lease["expires"] - time.time() < 14, machine


def test_an_update_always_restarts(machine: str, cloud: Cloud) -> None:
    before = len(cloud.app("my-app")["machines"][0]["events"])
    assert fly("machine", "update", machine, *MY_APP, "--yes").returncode == 0
    assert len(cloud.app("my-app")["machines"][0]["events"]) > before


def test_secrets_that_are_not_staged_restart_the_app(machine: str, cloud: Cloud) -> None:
    releases = len(cloud.app("my-app")["releases"])
    done = fly("secrets", "import", *MY_APP, stdin="A=b\n")
    assert f"Updating {machine}" in done.stdout
    assert len(cloud.app("my-app")["releases"]) == releases + 1


def test_grace_periods_end_after_a_minute(app: str, tmp_path: Path, cloud: Cloud) -> None:
    done = fly(*deploy(tmp_path))
    assert "this will be lowered to 1 minute" in done.stdout
    (check,) = cloud.app(app)["machines"][0]["services"][0]["checks"]
    assert check["grace_period"] == "1m0s"


def test_log_level_is_what_keeps_stdout_clean(app: str, tmp_path: Path) -> None:
    done = fly(*deploy(tmp_path), LOG_LEVEL="error", NO_COLOR="1")
    assert "lowered" not in done.stdout
    assert "\x1b[32m✓" in done.stdout, "some colour comes in any case"


def test_a_build_says_a_letter_that_nobody_sees(app: str, tmp_path: Path) -> None:
    (tmp_path / "fly.toml").write_text(TOML.replace('image = "ghcr.io/openclaw/openclaw:2026.9.1"', ""))
    (tmp_path / "Dockerfile").write_text("FROM node:24-bookworm\n")
    done = fly("deploy", str(tmp_path), *MY_APP, "-c", str(tmp_path / "fly.toml"))
    assert "\u200b" in done.stderr, app


def test_exec_ends_after_thirty_seconds(machine: str) -> None:
    done = fly("machine", "exec", machine, "sleep 31", *MY_APP, "--json", "--timeout", "600")
    assert done.returncode == 1
    assert "deadline_exceeded" in done.stderr


def test_ssh_has_no_shell_and_reads_a_pipe(machine: str, cloud: Cloud) -> None:
    ssh = ("ssh", "console", *MY_APP, "-q", "-C")
    assert fly(*ssh, "echo $HOME *", stdin="").stdout == "$HOME *\n"
    fly(*ssh, "sh -c 'cat > /data/x'", stdin="by a pipe")
    assert cloud.app("my-app")["volumes"][0]["files"]["/data/x"]["text"] == "by a pipe"
    failed = fly(*ssh, "cat /none", stdin="")
    assert failed.returncode == 1
    assert "Process exited with status 1" in failed.stderr, machine


@pytest.fixture
def hanging(machine: str) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(
        [sys.executable, "-m", "claw_tui.demo.fly", "ssh", "console", *MY_APP, "-C", "true"], stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE, env={**os.environ, "FLY_API_TOKEN": machine},
    )  # fmt: skip
    yield child
    child.kill()
    child.communicate()


def test_ssh_hangs_without_a_pipe(hanging: subprocess.Popen[bytes]) -> None:
    assert hanging.stderr is not None
    assert b"Connecting" in hanging.stderr.readline()
    with pytest.raises(subprocess.TimeoutExpired):
        hanging.wait(0.5)


def test_ssh_leaves_an_agent_behind_until_it_is_stopped(machine: str, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    fly("ssh", "console", *MY_APP, "-C", "true", stdin="", FLY_CONFIG_DIR=str(folder))
    assert wait_for(folder / agent.SOCKET, 5), machine
    pid = int((folder / agent.SOCKET).read_text())
    os.kill(pid, 0)
    assert fly("agent", "stop", FLY_CONFIG_DIR=str(folder)).returncode == 0
    assert "agent not running" in fly("agent", "stop", FLY_CONFIG_DIR=str(folder)).stderr


def test_no_lines_yet_and_it_waits_for_ever(app: str) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "claw_tui.demo.fly", "logs", *MY_APP, "--no-tail"], stdout=subprocess.PIPE,
        env={**os.environ, "FLY_API_TOKEN": app},
    )  # fmt: skip
    with pytest.raises(subprocess.TimeoutExpired):
        child.communicate(timeout=1.0)
    child.kill()
    assert child.communicate()[0] == b""
