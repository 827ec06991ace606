"""The doctor on gateways of ours, inside this process: the real one asks the simulated cloud."""

from __future__ import annotations

import pytest

from claw_tui.demo import world
from claw_tui.domain.doctor.model import Diagnosis, Standing
from claw_tui.engine.doctor import diagnose
from claw_tui.engine.session import Session
from claw_tui.ports import Services
from tests.engine.rig import have_gateway

pytestmark = pytest.mark.anyio


@pytest.fixture
async def session(services: Services) -> Session:
    await have_gateway(services)
    with world.opened() as now:
        now["apps"]["my-app"]["machines"][0]["gateway"]["somebody"] = None
    return Session(services)


def told(found: Diagnosis) -> str:
    return "\n".join(f"{f.standing} {f.id} {f.cause} {f.words} {f.evidence}" for f in found.findings)


async def test_a_gateway_of_ours_is_well(session: Session) -> None:
    found = await diagnose(session, "my-app")
    assert found.first == "", told(found)
    assert {f.standing for f in found.findings} <= {Standing.WELL, Standing.NOTE, Standing.SKIPPED}, told(
        found
    )
    print(told(found))
