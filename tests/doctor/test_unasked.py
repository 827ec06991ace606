"""Each world once more, with one thing after the other that could not be asked: it is said, and never taken for "none"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from claw_tui.domain.doctor.facts import Facts, Unasked
from claw_tui.domain.doctor.judge import judge
from claw_tui.domain.doctor.model import Verdict
from claw_tui.domain.doctor.unasked import ASKED, FROM_OUTSIDE
from claw_tui.engine.doctor import gather
from claw_tui.engine.session import Session
from claw_tui.ports import Services
from tests.doctor.asking import inside, sick, told
from tests.doctor.healthy import HEALTHY, Well
from tests.doctor.making import an_hour_passes, have
from tests.doctor.world import Broken
from tests.doctor.worlds import BROKEN

pytestmark = pytest.mark.anyio
STOPPED = {
    "machine-stopped",
    "config-missing",
}  # what is seen all the same, and is not mended before more is known


def without(facts: Facts) -> dict[str, Facts]:
    """By what could not be asked. Machines are read before all that is in them, so that is not known either."""
    asked = [name for name, _what, _ids in ASKED if not isinstance(getattr(facts, name), Unasked)]
    trouble: dict[str, Any] = dict.fromkeys(asked, Unasked("the sky fell", "trouble"))
    return {name: replace(facts, **{name: why}) for name, why in trouble.items()}


@pytest.mark.parametrize("case", HEALTHY, ids=lambda case: case.name)
async def test_of_a_healthy_one_it_is_not_known(case: Well, services: Services) -> None:
    await have(services, case.spec, values=case.values)
    case.made()
    an_hour_passes()
    facts = await gather(Session(inside(services)), case.app)
    for name, some in without(facts).items():
        found = judge(some)
        assert (found.causes, found.fixes) == ((), ()), (name, told(found))
        if name not in FROM_OUTSIDE or not case.name.endswith("private"):
            assert found.verdict is Verdict.UNKNOWN, (name, told(found))


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
async def test_of_a_broken_one_no_other_cause_is_made_up(case: Broken, services: Services) -> None:
    await sick(case, services)
    facts = await gather(Session(inside(services, case.token)), case.app)
    before = judge(facts)
    mends = {fix.id for fix in before.fixes}
    mends |= {f.fix.id for f in before.findings if f.fix is not None and f.cause in before.explained}
    for name, some in without(facts).items():
        found = judge(some)
        assert set(found.causes) - STOPPED <= set(before.causes), (name, told(found))
        assert {fix.id for fix in found.fixes} <= mends, (name, found.fixes, told(found))
        assert found.verdict is not Verdict.HEALTHY, (name, told(found))
