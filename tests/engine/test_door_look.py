"""What Harden looks at before it explains: also who else is in the organization, and what could not be asked."""

from __future__ import annotations

import pytest

from claw_tui.demo import world
from claw_tui.domain.jobs import Task
from claw_tui.engine.door_desk import DoorDesk
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import have_gateway
from tests.engine.test_hardening import APP
from tests.engine.test_run import again
from tests.engine.test_update import session

pytestmark = pytest.mark.anyio


async def told(services: Services) -> str:
    desk = DoorDesk(session(services), APP)
    await desk.look()
    return "\n".join(desk.told(Task.HARDEN))


async def test_members_and_addresses(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    with world.opened() as now:
        now["orgs"]["personal"]["members"] = ["friend@example.com"]
    text = await told(await again(services))
    assert "2 people are in that organization" in text
    assert "friend@example.com" in text
    for ip in cloud.app(APP)["ips"]:
        assert f"{ip['address']} ({ip['type']})" in text


async def test_what_is_refused_is_said_to_be_unknown(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    await have_gateway(services)
    refused = {"exit": 1, "stderr": "Error: 502 Bad Gateway", "times": 9}
    cloud.faults(monkeypatch, {"command": "certs list", **refused}, {"command": "orgs show", **refused})
    text = await told(await again(services))
    assert "host names of its own could not be asked" in text
    assert "Who is in that organization could not be asked" in text
