"""Which program runs, by the names that people gave when they set it up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claw_tui.domain.generations import (
    Generation,
    OldGateway,
    Told,
    looks_like_gateway,
    old_file,
    old_secrets,
    program_of,
    refuse_old,
    runs_old,
    state_folder,
    what_it_is,
)
from claw_tui.domain.jobs import Task
from claw_tui.domain.world import App, Machine, Mount, SecretInfo, Volume, World

GUIDE = ("node", "dist/index.js", "gateway", "--allow-unconfigured", "--port", "3000", "--bind", "lan")
BUILT = "registry.fly.io/my-claw:deployment-01K3X5Z2J8"


def machine(image: str = BUILT, command: tuple[str, ...] = GUIDE, **env: str) -> Machine:
    return Machine(
        "m1", "", "started", "iad", image, env=env, command=command, mounts=(Mount("vol_1", "/data"),)
    )


def world(one: Machine | None, *secrets: str, volume: str = "data") -> World:
    infos = tuple(SecretInfo(name, "d") for name in secrets)
    return World(App("my-claw"), (Volume("vol_1", volume, "iad", 1),), infos, machines=(one,) if one else ())


CLAWDBOT = world(
    machine(CLAWDBOT_STATE_DIR="/data", CLAWDBOT_PREFER_PNPM="1"), "CLAWDBOT_GATEWAY_TOKEN", "ANTHROPIC_API_KEY",
    volume="clawdbot_data",
)  # fmt: skip


def test_as_the_guide_of_clawdbot_has_it() -> None:
    program = program_of(CLAWDBOT)
    assert program.generation is Generation.CLAWDBOT
    assert program.evidence == (
        "variable CLAWDBOT_STATE_DIR", "variable CLAWDBOT_PREFER_PNPM", "secret CLAWDBOT_GATEWAY_TOKEN", "volume clawdbot_data",
    )  # fmt: skip
    assert what_it_is(program) == "Clawdbot (variable CLAWDBOT_STATE_DIR)"
    assert old_file(program) == "clawdbot.json"
    assert old_secrets(CLAWDBOT) == {"CLAWDBOT_GATEWAY_TOKEN": "OPENCLAW_GATEWAY_TOKEN"}


@pytest.mark.parametrize(
    ("found", "generation"),
    [
        (world(machine("ghcr.io/openclaw/openclaw:2026.9.6")), Generation.OPENCLAW),
        (world(machine("ghcr.io/openclaw/openclaw:latest")), Generation.OPENCLAW),
        (world(machine("ghcr.io/openclaw/openclaw:2026.1.29@sha256:ab")), Generation.JANUARY),
        (world(machine("registry.fly.io/my-claw:2026.1.29")), Generation.JANUARY),
        (world(machine("registry.fly.io/my-claw:2026.1.24", CLAWDBOT_STATE_DIR="/data")), Generation.CLAWDBOT),
        (world(machine(OPENCLAW_STATE_DIR="/data")), Generation.OPENCLAW),
        (world(machine(MOLTBOT_STATE_DIR="/data")), Generation.MOLTBOT),
        (world(machine(command=("clawdbot", "gateway", "--port", "3000"))), Generation.CLAWDBOT),
        (world(machine("ghcr.io/moltbot/moltbot:main")), Generation.MOLTBOT),
        # What is left over does not count where something runs.
        (world(machine("ghcr.io/openclaw/openclaw:2026.9.6"), "CLAWDBOT_GATEWAY_TOKEN", volume="clawdbot_data"), Generation.OPENCLAW),
        (world(machine(OPENCLAW_STATE_DIR="/data", CLAWDBOT_PREFER_PNPM="1"), "CLAWDBOT_GATEWAY_TOKEN"), Generation.OPENCLAW),
        (world(machine("registry.fly.io/my-clawdbot:deployment-1", OPENCLAW_STATE_DIR="/data")), Generation.OPENCLAW),
        # It does where nothing else tells it.
        (world(machine(), "MOLTBOT_GATEWAY_TOKEN"), Generation.MOLTBOT),
        (world(machine(), volume="clawdbot_data"), Generation.CLAWDBOT),
        (world(None, volume="clawdbot_data"), Generation.CLAWDBOT),
        (world(machine("registry.fly.io/my-clawdbot:deployment-1")), Generation.CLAWDBOT),
        (world(machine()), Generation.UNKNOWN),
        (World(), Generation.UNKNOWN),
    ],
    ids=lambda case: str(case) if isinstance(case, Generation) else "",
)  # fmt: skip
def test_by_its_names(found: World, generation: Generation) -> None:
    assert program_of(found).generation is generation
    assert program_of(found).old is (
        generation in (Generation.JANUARY, Generation.MOLTBOT, Generation.CLAWDBOT)
    )


def test_what_the_machine_tells_of_itself_counts_most() -> None:
    found = world(machine(OPENCLAW_STATE_DIR="/data"))
    assert not program_of(found).old
    inside = program_of(found, Told("openclaw", "2026.1.29", ("openclaw.json",)))
    assert (inside.generation, inside.version, inside.name) == (
        Generation.JANUARY,
        "2026.1.29",
        "OpenClaw 2026.1.29",
    )
    assert program_of(found, Told("moltbot", "2026.1.27-beta.1")).generation is Generation.MOLTBOT
    assert old_file(program_of(found, Told("moltbot", "2026.1.27")), ("clawdbot.json",)) == "clawdbot.json"


def test_another_app_is_no_gateway() -> None:
    assert not looks_like_gateway(machine("library/postgres:2026.1.1", ("postgres",), PGDATA="/data"))
    assert looks_like_gateway(machine("library/node:24", ("node", "x.js"), MOLTBOT_GATEWAY_PORT="3000"))
    assert looks_like_gateway(machine(BUILT, GUIDE))


def test_where_its_state_is() -> None:
    assert state_folder(machine(CLAWDBOT_STATE_DIR="/data/claw")) == "/data/claw"
    assert state_folder(machine()) == "/data"


def test_settings_are_only_migrated() -> None:
    for task in (Task.DEPLOY, Task.CONFIG, Task.UPDATE, Task.RESCUE):
        with pytest.raises(OldGateway, match="only by migrating it to OpenClaw") as refused:
            refuse_old(CLAWDBOT, task)
        assert "claw-tui migrate my-claw" in refused.value.hint
    for task in (Task.SECRETS, Task.HARDEN, Task.EXPOSE, Task.MIGRATE, Task.TIDY, Task.UNDO):
        refuse_old(CLAWDBOT, task)
    january = replace(CLAWDBOT, machines=(machine("ghcr.io/openclaw/openclaw:2026.1.29"),))
    refuse_old(january, Task.UPDATE)
    refuse_old(january, Task.CONFIG, "openclaw.json.before-20260101-000000")
    with pytest.raises(OldGateway):
        refuse_old(january, Task.CONFIG)
    today = replace(CLAWDBOT, machines=(machine("ghcr.io/openclaw/openclaw:2026.9.6"),))
    refuse_old(today, Task.DEPLOY)


def test_who_can_check_a_file() -> None:
    assert runs_old(machine(CLAWDBOT_STATE_DIR="/data"))
    assert not runs_old(machine("registry.fly.io/my-clawdbot:deployment-1", OPENCLAW_STATE_DIR="/data"))
