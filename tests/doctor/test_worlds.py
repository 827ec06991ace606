"""The doctor names the right cause first in every broken world, and raises no false alarm in healthy ones."""

from __future__ import annotations

import pytest

from claw_tui.engine.doctor import diagnose
from claw_tui.engine.session import Session
from claw_tui.ports import Services
from tests.doctor.asking import inside, sick, told
from tests.doctor.world import Broken
from tests.doctor.worlds import BROKEN

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
async def test_the_cause_comes_first(case: Broken, services: Services) -> None:
    await sick(case, services)
    found = await diagnose(Session(inside(services, case.token)), case.app)
    assert found.first == case.first, told(found)
