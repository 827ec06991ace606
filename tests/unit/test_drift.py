"""What somebody changed on the machine is seen, and what of it the answers can take over."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from claw_tui.domain.drift import command_problem, drift, taken_variables, with_machine
from claw_tui.domain.fly_toml import COMMAND, build_fly_toml, environment, expected_service
from claw_tui.domain.rescue import ENTRYPOINT
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import Machine, Mount, Port, Service

SPEC = Spec(app="my-app", region="fra", version="2026.9.1")
TOML = build_fly_toml(SPEC)
SECRET = "sk-ant-api03-CANARYanthropicCANARYanthropic"
GUIDES = "node dist/index.js gateway --port 3000 --bind lan"
MACHINE = Machine(
    "148e21ea4d9389", "n", "started", "fra", image=SPEC.image, cpu_kind="shared", cpus=2, memory_mb=2048,
    env={**environment(SPEC), "FLY_PROCESS_GROUP": "app", "PRIMARY_REGION": "fra"}, command=tuple(COMMAND.split()),
    mounts=(Mount("vol_1", "/data"),), services=(expected_service(SPEC),), check_paths=("/healthz",),
)  # fmt: skip


def rows(**changes: object) -> list[tuple[str, str, str, bool]]:
    found = drift(SPEC, replace(MACHINE, **changes), TOML)  # type: ignore[arg-type]
    assert all(row.keeps != bool(row.why) for row in found), "what can't be kept has its reason"
    return [(row.what, row.has, row.wants, row.keeps) for row in found]


def test_a_machine_as_it_was_deployed() -> None:
    assert rows() == []
    assert with_machine(SPEC, MACHINE) == SPEC


@pytest.mark.parametrize(("changes", "row"), [
    ({"memory_mb": 4096}, ("memory", "4096 MB", "2048 MB", True)),
    ({"memory_mb": 512}, ("memory", "512 MB", "2048 MB", False)),
    ({"cpus": 4}, ("machine size", "shared-cpu-4x", "shared-cpu-2x", True)),
    ({"image": "ghcr.io/openclaw/openclaw:2026.9.6@sha256:ab"}, ("version", "2026.9.6", "2026.9.1", True)),
    ({"image": "ghcr.io/openclaw/openclaw:latest"}, ("version", "latest", "2026.9.1", False)),
    ({"image": "registry.fly.io/my-app:deployment-1"}, ("version", "registry.fly.io/my-app:deployment-1", SPEC.image, False)),
    ({"command": tuple(GUIDES.split())}, ("start command", GUIDES, COMMAND, True)),
    ({"command": ("node", "dist/index.js", "gateway")}, ("start command", "node dist/index.js gateway", COMMAND, False)),
    ({"command": ()}, ("start command", "the image's own", COMMAND, False)),
    ({"entrypoint": ("tini",)}, ("entrypoint", "tini", "the image's own", False)),
    ({"env": {**MACHINE.env, "MY_VAR": "CANARY"}}, ("variable MY_VAR", "set", "not set", True)),
    ({"env": {**MACHINE.env, "MY_KEY": "CANARY"}}, ("variable MY_KEY", "set", "not set", False)),
    ({"env": {**MACHINE.env, "X": SECRET}}, ("variable X", "set", "not set", False)),
    ({"command": (*COMMAND.split(), "--token", "CANARY")}, ("start command", "***", COMMAND, False)),
    ({"env": {**MACHINE.env, "OPENCLAW_STATE_DIR": "/x"}}, ("variable OPENCLAW_STATE_DIR", "/x", "/data", False)),
    ({"services": (Service("tcp", 8080, (Port(443, ("http", "tls")),)),)}, ("who can reach it", "443 to 8080", "80, 443 to 3000", False)),
    ({"services": ()}, ("who can reach it", "nothing", "80, 443 to 3000", False)),
    ({"check_paths": ("/",)}, ("health check", "/", "/healthz", False)),
    ({"stops_by_itself": True}, ("stops by itself", "yes", "no", False)),
    ({"mounts": ()}, ("volume at", "nothing", "/data", False)),
])  # fmt: skip
def test_one_change_is_one_row(changes: dict[str, object], row: tuple[str, str, str, bool]) -> None:
    assert rows(**changes) == [row]


def test_fly_launchs_port_is_recognised() -> None:
    machine = replace(MACHINE, services=(Service("tcp", 8080, (Port(443, ("http", "tls")),)),))
    assert "`fly launch`" in drift(SPEC, machine, TOML)[0].why


def test_a_machine_in_rescue_is_no_drift() -> None:
    assert rows(entrypoint=tuple(shlex.split(ENTRYPOINT)), command=()) == []


def test_what_is_taken_over_is_no_drift_any_more() -> None:
    changed = replace(
        MACHINE, memory_mb=4096, cpus=4, command=tuple(GUIDES.split()), image="ghcr.io/openclaw/openclaw:2026.9.6",
        env={**MACHINE.env, "MY_VAR": "1"},
    )  # fmt: skip
    new = with_machine(SPEC, changed)
    assert (new.memory_mb, new.vm_size, new.command, new.version) == (
        4096,
        "shared-cpu-4x",
        GUIDES,
        "2026.9.6",
    )
    assert taken_variables(SPEC, changed, TOML) == {"MY_VAR": "1"}
    left = drift(new, changed, build_fly_toml(new, '[env]\nMY_VAR = "1"\n'))
    assert not left, "NODE_OPTIONS follows the memory at the next deploy: nobody changed it"
    assert f'"{GUIDES}"' in build_fly_toml(new)
    assert with_machine(new, replace(changed, command=tuple(COMMAND.split()))).command == ""


@pytest.mark.parametrize(("command", "said"), [
    (COMMAND, ""), (GUIDES, ""), ("openclaw gateway --port=3000 --bind=lan", ""), ("node server.js", "does not start the gateway"),
    ("openclaw gateway --bind lan", "--port 3000"), ("openclaw gateway --port 3000", "--bind lan"),
    ("openclaw gateway --port 8080 --bind lan", "--port 3000"),
])  # fmt: skip
def test_start_commands(command: str, said: str) -> None:
    assert said in command_problem(command)
    assert bool(said) == bool(command_problem(command))


def test_a_secret_on_the_machine_goes_into_no_file() -> None:
    machine = replace(
        MACHINE,
        env={**MACHINE.env, "ANTHROPIC_API_KEY": "x", "WORD": SECRET},
        command=(*COMMAND.split(), "--token", "CANARY"),
    )
    assert taken_variables(SPEC, machine, TOML) == {}
    assert with_machine(SPEC, machine) == SPEC
    assert "CANARY" not in repr(drift(SPEC, machine, TOML))
