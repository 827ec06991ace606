"""Each broken world really shows its fault: the line, the code, the answer, the file."""

from __future__ import annotations

import pytest

from claw_tui.ports import Services
from tests.doctor.healthy import HEALTHY
from tests.doctor.making import have, log
from tests.doctor.world import Broken, Mend
from tests.doctor.worlds import BROKEN

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
async def test_the_fault_is_there(case: Broken, services: Services) -> None:
    await have(services, case.spec)
    case.break_it()
    assert case.shows(), log()


def test_there_are_enough_of_them() -> None:
    assert len({case.name for case in BROKEN}) == len(BROKEN) >= 34
    assert len({case.first for case in BROKEN}) >= 30
    assert len({case.name for case in HEALTHY}) == len(HEALTHY) >= 10
    assert sum(case.mend is Mend.HEALTHY for case in BROKEN) >= 25
