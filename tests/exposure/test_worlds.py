"""Each world of the table, read with the adapters from the simulated flyctl, has its verdict."""

from __future__ import annotations

import os

import pytest

from claw_tui.demo import world
from claw_tui.domain.exposure.judgement import Judgement, Standing
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import Ip, IpKind
from claw_tui.engine.exposure import PrivacyProof
from claw_tui.engine.former import remember
from claw_tui.engine.world import WorldReader
from claw_tui.ports import Services
from claw_tui.wiring import services_for
from tests.conftest import TOKEN, Cloud
from tests.exposure.inside import REFUSED, in_memory, with_fly_inside
from tests.exposure.worlds import CASES, Case, private

pytestmark = pytest.mark.anyio
__all__ = ["in_memory"]  # the fixture
NEVER = ("hidden", "secure")  # nobody can promise that


def prepared(case: Case, services: Services) -> None:
    """The world as the case has it."""
    with world.opened() as now:
        private(now)
        for change in case.changes:
            change(now)
    remember(
        services.state, "my-app", [Ip(one, IpKind.V6 if ":" in one else IpKind.V4) for one in case.former]
    )


async def judged(services: Services) -> Judgement:
    return await PrivacyProof(services, Spec(app="my-app", private=True), WorldReader(services.fly)).look()


def check(case: Case, found: Judgement) -> None:
    said = "\n".join(f"{line.id}={line.standing}: {line.words} {line.evidence}" for line in found.lines)
    assert found.privacy is case.verdict, said
    wanted = dict(part.split("=") for part in case.lines.split())
    standings = {line.id: line.standing.value for line in found.lines}
    assert {name: standings[name] for name in wanted} == wanted, said
    assert (found.reachable is not False) is case.reachable, said
    assert not [word for word in NEVER if word in f"{said} {found.words}".lower()]
    for line in found.lines:
        assert line.standing is not Standing.FAIL or line.todo, line


@pytest.mark.usefixtures("in_memory")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_the_verdict(case: Case, services: Services) -> None:
    prepared(case, services)
    check(case, await judged(with_fly_inside(services, case.failing)))


@pytest.mark.parametrize("case", [case for case in CASES if case.slow], ids=lambda case: case.name)
async def test_the_verdict_by_a_program(case: Case, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same with a flyctl that is a process."""
    faults = [{"command": one, "exit": 1, "stderr": REFUSED, "times": 99} for one in case.failing]
    cloud.faults(monkeypatch, *faults)
    services = services_for(os.environ, demo=True)
    services.fly.use_token(TOKEN)
    prepared(case, services)
    try:
        check(case, await judged(services))
    finally:
        await services.close()


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 40
    assert sum(case.slow for case in CASES) * 3 >= len(CASES)
