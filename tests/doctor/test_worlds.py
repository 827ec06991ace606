"""The doctor names the right cause first in every broken world, and raises no false alarm in healthy ones."""

from __future__ import annotations

import pytest

from claw_tui.demo import gateway
from claw_tui.domain.doctor.model import Verdict
from claw_tui.engine.doctor import diagnose
from claw_tui.engine.session import Session
from claw_tui.ports import Services
from tests.doctor.asking import inside, sick, told
from tests.doctor.healthy import HEALTHY, Well
from tests.doctor.making import an_hour_passes, have, log, look
from tests.doctor.world import Broken
from tests.doctor.worlds import BROKEN

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
async def test_the_cause_comes_first(case: Broken, services: Services) -> None:
    await sick(case, services)
    found = await diagnose(Session(inside(services, case.token)), case.app)
    assert found.first == case.first, told(found)


@pytest.mark.parametrize("case", HEALTHY, ids=lambda case: case.name)
async def test_no_false_alarm(case: Well, services: Services) -> None:
    await have(services, case.spec, values=case.values)
    case.made()
    an_hour_passes()
    assert look(lambda _app, machine: gateway.listening(machine), case.app), log(case.app)
    found = await diagnose(Session(inside(services)), case.app)
    assert found.causes == (), told(found)
    assert found.verdict is Verdict.HEALTHY, told(found)
