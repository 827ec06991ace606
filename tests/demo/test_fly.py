"""The simulated fly has the real one's surprises."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from claw_tui.domain.fly_toml import build_fly_toml
from claw_tui.domain.spec import Spec
from tests.conftest import Cloud

ENV_TOKEN = {"FLY_API_TOKEN": "fo1_test"}


def fly(*argv: str, stdin: str = "", token: bool = True, **env: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, **(ENV_TOKEN if token else {}), **env}
    argv = (sys.executable, "-m", "claw_tui.demo.fly", *argv)
    return subprocess.run(argv, input=stdin, capture_output=True, text=True, env=environ, check=False)


@pytest.fixture
def app(tmp_path: Path) -> str:
    fly("apps", "create", "my-app", "--org", "personal")
    fly("secrets", "import", "-a", "my-app", "--stage", stdin="OPENCLAW_GATEWAY_TOKEN=" + "ab" * 32 + "\n")
    (tmp_path / "fly.toml").write_text(build_fly_toml(Spec(app="my-app", region="fra")))
    return "my-app"


def deploy(tmp_path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return fly("deploy", str(tmp_path), "-a", "my-app", "-c", str(tmp_path / "fly.toml"), "--ha=false", *more)


def test_without_a_login() -> None:
    done = fly("auth", "whoami", token=False)
    assert (done.returncode, done.stderr) == (
        1,
        "Error: no access token available. Please login with 'flyctl auth login'\n",
    )


def test_an_empty_variable_counts_as_set() -> None:
    assert fly("auth", "whoami", FLY_ACCESS_TOKEN="").returncode == 1


def test_a_bad_flag_prints_usage_on_stdout_and_the_error_on_stderr() -> None:
    done = fly("apps", "create", "x", "--bogus")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: unknown flag: --bogus")
    assert done.stdout.startswith("Usage:")


def test_login_needs_a_terminal() -> None:
    done = fly("auth", "login", token=False)
    assert done.returncode == 1
    assert "requires an interactive terminal" in done.stderr


def test_login_on_a_terminal_takes_a_code(cloud: Cloud) -> None:
    master, slave = pty.openpty()
    argv = [sys.executable, "-m", "claw_tui.demo.fly", "auth", "login"]
    child = subprocess.Popen(argv, stdin=slave, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    os.write(master, b"wrong\ndemo\n")
    out, _ = child.communicate(timeout=20)
    os.close(master)
    os.close(slave)
    assert b"Copy the url (https://fly.io/app/auth/cli/" in out
    assert b"That code didn't work" in out
    assert b"successfully logged in as you@example.com" in out
    assert cloud.read()["login"].startswith("fo1_")


def test_off_a_terminal_everything_must_be_said(app: str) -> None:
    assert "org slug must be specified" in fly("apps", "create", "x").stderr
    assert "yes flag must be specified" in fly("volumes", "create", "d", "-a", app, "-r", "fra").stderr
    assert "region code must be specified" in fly("volumes", "create", "d", "-a", app, "--yes").stderr
    assert "missing an app name" in fly("volumes", "list").stderr
    assert fly("volumes", "list", FLY_APP=app).returncode == 0


def test_a_second_volume_of_the_same_name_is_made_without_a_word(app: str, cloud: Cloud) -> None:
    for _ in range(2):
        assert fly("volumes", "create", "d", "-a", app, "-r", "fra", "--yes", "--json").returncode == 0
    assert (
        fly("volumes", "create", "d", "-a", app, "-r", "fra").returncode == 0
    )  # not even --yes is needed now
    assert len(cloud.app(app)["volumes"]) == 3


def test_the_import_panics_on_a_lone_quote(app: str) -> None:
    done = fly("secrets", "import", "-a", app, "--stage", stdin='K="\n')
    assert done.returncode == 3
    assert "Oops, something went wrong" in done.stdout
    assert done.stderr == ""


def test_an_import_error_shows_the_line_and_an_empty_one_is_refused(app: str) -> None:
    assert "(oops is invalid)" in fly("secrets", "import", "-a", app, stdin="A=1\noops\n").stderr
    assert "requires at least one" in fly("secrets", "import", "-a", app, stdin="\n").stderr


def test_http_bodies_are_logged_in_clear_unless_a_file_is_in_the_way(app: str, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    fly("secrets", "import", "-a", app, "--stage", stdin="K=canary\n", FLY_CONFIG_DIR=str(folder))
    assert any("canary" in log.read_text() for log in (folder / "logs").iterdir())
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / "logs").touch()
    fly("secrets", "import", "-a", app, "--stage", stdin="K=canary\n", FLY_CONFIG_DIR=str(blocked))
    assert [path.name for path in blocked.iterdir()] == ["logs"]
    assert (blocked / "logs").read_text() == ""


def test_a_first_deploy_brings_addresses_and_a_volume(app: str, tmp_path: Path, cloud: Cloud) -> None:
    done = deploy(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Provisioning ips for my-app" in done.stdout
    assert "==> Verifying app config" in done.stderr
    assert "Visit your newly deployed app" in done.stdout
    now = cloud.app(app)
    assert sorted(ip["type"] for ip in now["ips"]) == ["shared_v4", "v6"]
    assert [v["size_gb"] for v in now["volumes"]] == [1]
    assert now["secrets"]["OPENCLAW_GATEWAY_TOKEN"]["status"] == "Deployed"


def test_a_later_deploy_brings_no_addresses(app: str, tmp_path: Path, cloud: Cloud) -> None:
    deploy(tmp_path)
    for ip in cloud.app(app)["ips"]:
        fly("ips", "release", ip["address"], "-a", app)
    done = deploy(tmp_path)
    assert "Updating existing machines in 'my-app' with rolling strategy" in done.stdout
    assert cloud.app(app)["ips"] == []


def test_no_public_ips(app: str, tmp_path: Path, cloud: Cloud) -> None:
    deploy(tmp_path, "--no-public-ips")
    assert cloud.app(app)["ips"] == []


def test_without_a_token_the_gateway_refuses_with_78_and_the_machine_stops(
    tmp_path: Path, cloud: Cloud
) -> None:
    fly("apps", "create", "my-app", "--org", "personal")
    (tmp_path / "fly.toml").write_text(build_fly_toml(Spec(app="my-app", region="fra")))
    done = deploy(tmp_path)
    assert done.returncode == 1
    assert "appears to be crashing" in done.stderr
    (machine,) = json.loads(fly("machine", "list", "-a", "my-app", "--json").stdout)
    assert machine["state"] == "stopped"
    assert machine["events"][0]["request"]["exit_event"]["exit_code"] == 78
    done = fly("machine", "exec", machine["id"], "true", "-a", "my-app", "--json")
    assert done.returncode == 1
    assert "not running" in done.stderr


def of_version(tmp_path: Path, version: str) -> None:
    (tmp_path / "fly.toml").write_text(build_fly_toml(Spec(app="my-app", region="fra", version=version)))


def test_a_gateway_that_installs_its_plugins_ends_once_and_is_started_again(app: str, tmp_path: Path) -> None:
    """2026.9.1 does, later ones go on by themselves."""
    of_version(tmp_path, "2026.9.1")
    fly("secrets", "import", "-a", app, "--stage", stdin="DISCORD_BOT_TOKEN=x.y.z\n")
    assert deploy(tmp_path).returncode == 0
    (machine,) = json.loads(fly("machine", "list", "-a", app, "--json").stdout)
    assert machine["state"] == "started"
    assert [event["type"] for event in machine["events"]] == ["start", "exit", "start", "launch"]
    assert machine["events"][1]["request"]["exit_event"]["exit_code"] == 1
    assert "Restart OpenClaw" in fly("logs", "-a", app, "--json", "--no-tail").stdout
    fly("machine", "restart", machine["id"], "-a", app)
    (machine,) = json.loads(fly("machine", "list", "-a", app, "--json").stdout)
    codes = [
        event["request"]["exit_event"].get("exit_code", 0)
        for event in machine["events"]
        if "request" in event
    ]
    assert codes == [0, 1]  # what is on the volume is not installed again


def test_a_deploy_goes_on_while_the_machine_is_started_again(
    app: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAW_DEMO_SPEED", "40")
    of_version(tmp_path, "2026.9.1")
    fly("secrets", "import", "-a", app, "--stage", stdin="DISCORD_BOT_TOKEN=x.y.z\n")
    assert deploy(tmp_path).returncode == 0
    (machine,) = json.loads(fly("machine", "list", "-a", app, "--json").stdout)
    assert [event["type"] for event in machine["events"]] == ["start", "exit", "start", "launch"]


def test_exec_has_no_shell_of_its_own(app: str, tmp_path: Path) -> None:
    deploy(tmp_path)
    machine = json.loads(fly("machine", "list", "-a", app, "--json").stdout)[0]["id"]
    plain = json.loads(fly("machine", "exec", machine, "echo a > /data/x", "-a", app, "--json").stdout)
    assert plain["stdout"] == "a > /data/x\n"
    assert (
        json.loads(fly("machine", "exec", machine, "sh -c 'echo a > /data/x'", "-a", app, "--json").stdout)
        == {}
    )
    failed = json.loads(fly("machine", "exec", machine, "cat /data/none", "-a", app, "--json").stdout)
    assert failed["exit_code"] == 1


def test_a_lease_that_was_left_behind_stops_the_next_change(app: str, tmp_path: Path, cloud: Cloud) -> None:
    deploy(tmp_path)
    from claw_tui.demo import world

    machine = cloud.app(app)["machines"][0]["id"]
    with world.opened() as now:
        now["apps"][app]["machines"][0]["lease"] = {"owner": "me@x", "expires": time.time() + 300}
    done = fly("machine", "restart", machine, "-a", app)
    assert "lease currently held by me@x" in done.stderr
    fly("machine", "leases", "clear", machine, "-a", app)
    assert fly("machine", "restart", machine, "-a", app).returncode == 0


def test_logs_are_documents_over_several_lines(app: str, tmp_path: Path) -> None:
    deploy(tmp_path)
    done = fly("logs", "-a", app, "--json", "--no-tail")
    assert done.returncode == 0
    assert done.stdout.count("\n{\n") > 5
    assert "[gateway] ready" in done.stdout


def test_names_that_fail() -> None:
    assert "Name has already been taken" in fly("apps", "create", "demo-taken", "--org", "personal").stderr
    assert "payment method" in fly("apps", "create", "demo-card", "--org", "personal").stderr


@pytest.mark.parametrize("name", ["launch", "wireguard reset"])
def test_what_it_does_not_have_it_says(name: str) -> None:
    done = fly(*name.split())
    assert done.returncode == 1
    assert "simulated" in done.stderr
