"""What brings an old gateway's settings over is shown as the commands that are run, before anybody says yes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claw_tui.demo import world
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import Machine, World
from claw_tui.engine.context import View
from claw_tui.engine.migration_desk import MigrationDesk
from claw_tui.engine.session import Session
from claw_tui.engine.updating import CarryConfig
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.clawdbot import APP, have_clawdbot
from tests.plain.program import claw_tui

pytestmark = pytest.mark.anyio
SENDS = 'sh -c "echo BASE64 | base64 -d > /data/.openclaw.json.new"'
MOVES = "mv /data/.openclaw.json.new /data/openclaw.json"


async def test_a_migration(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    have_clawdbot()
    desk = MigrationDesk(Session(services), APP)
    await desk.look()
    items = {item.id: item.commands for item in (await desk.plan()).items}
    assert not any("…" in command for commands in items.values() for command in commands), items
    machine = cloud.app(APP)["machines"][0]["id"]
    owns = 'sh -c "[ -d /data/workspace ] || cp -a FOLDER /data/workspace; chown -R 1000:1000 /data"'
    assert items["carry-config"] == tuple(
        f"fly machine exec {machine} '{what}' --app {APP}" for what in (owns, SENDS, MOVES)
    )


def test_an_update_of_januarys() -> None:
    machine = Machine("m1", "m", "started", "fra", "ghcr.io/openclaw/openclaw:2026.1.29")
    spec = replace(Spec(), app="my-app")
    found = CarryConfig().look(View(spec, World(machines=(machine,))))
    assert found.commands == tuple(f"fly machine exec m1 '{what}' --app my-app" for what in (SENDS, MOVES))


def test_an_account_whose_gateway_cannot_be_looked_at_is_not_empty(cloud: Cloud) -> None:
    cloud.log_in()
    have_clawdbot()

    with world.opened() as now:
        now["apps"][APP]["machines"][0]["config"] = None
    said = claw_tui("status")
    assert "There is no gateway" not in said.out
    assert "its host does not answer" in said.out
