"""What a fix would make different is shown before it is done, line by line and without secrets."""

from __future__ import annotations

import pytest

from claw_tui.domain.doctor.differing import change_lines
from claw_tui.domain.doctor.model import Fix
from claw_tui.engine.doctor import diagnose
from claw_tui.engine.fix_desk import FixDesk
from claw_tui.engine.session import Session
from claw_tui.ports import Services
from tests.doctor.asking import inside, sick
from tests.doctor.making import APP, look
from tests.doctor.worlds import BROKEN

pytestmark = pytest.mark.anyio
SECRET_TEXT = "typed-into-the-file"
SHOWN: dict[str, tuple[str, ...]] = {
    "403: other trustedProxies": ("openclaw.json: gateway.trustedProxies: + 172.16.0.0/16, 2a09:",),
    "no gateway.port": ("openclaw.json: gateway.port: nothing → 3000",),
    "a token typed into the file": ('openclaw.json: gateway.auth.token: "(a secret, in clear)" → {"source": "env"',),
    "512 MB": ('fly.toml: vm.memory: "512mb" → "2048mb"',),
    "--bind loopback": ("fly.toml: processes.app: ", '--bind loopback" → "node dist/index.js gateway'),
    "internal_port 8080": ("fly.toml: http_service.internal_port: 8080 → 3000",),
    "a check for another program": ("fly.toml: checks.alive: critical → nothing",),
    "no volume in its machine": ('fly.toml: mounts.source: nothing → "openclaw_data"', 'mounts.destination: nothing → "/data"'),
    "half a file": ("openclaw.json: all of it: not read → gateway, ",),
    "the file was removed": ("openclaw.json: all of it: nothing → gateway, ",),
}  # fmt: skip


async def first_fix(name: str, services: Services) -> tuple[Session, Fix]:
    await sick(next(case for case in BROKEN if case.name == name), services)
    session = Session(inside(services))
    found = await diagnose(session, APP)
    assert found.wrong[0].fix is not None, found.first
    return session, found.wrong[0].fix


@pytest.mark.parametrize("name", SHOWN)
async def test_each_line_that_changes_is_shown(services: Services, name: str) -> None:
    _session, fix = await first_fix(name, services)
    shown = "\n".join(change_lines(fix.changes))
    assert all(words in shown for words in SHOWN[name]), shown
    assert SECRET_TEXT not in shown + str(fix)


@pytest.mark.parametrize("name", ["no volume in its machine", "fly launch wrote its own file"])
async def test_a_machine_that_goes_for_it_is_shown(services: Services, name: str) -> None:
    """It has no volume, and a deploy gives it none: in the fix, and in the step of the plan."""
    session, fix = await first_fix(name, services)
    id_ = look(lambda _app, machine: machine["id"])
    going = f"fly machine destroy {id_} --app {APP} --force"
    plan = await FixDesk(session, APP, (fix,)).plan()
    (step,) = [item for item in plan.items if item.id == "deploy"]
    for commands in (fix.commands, step.commands):
        assert commands[0] == going, commands
        assert commands[1].startswith("fly deploy "), commands
    assert id_ in step.detail, step
