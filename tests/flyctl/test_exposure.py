"""The verdict about a world is the same when the real flyctl is asked."""

from __future__ import annotations

import os

import pytest

from claw_tui.demo.services import FLYCTL
from claw_tui.wiring import services_for
from tests.conftest import TOKEN
from tests.exposure.test_worlds import check, judged, prepared
from tests.exposure.worlds import CASES, Case
from tests.fly_api.server import FlyApi
from tests.flyctl.conftest import PROGRAM

pytestmark = [pytest.mark.anyio, pytest.mark.flyctl]


@pytest.mark.parametrize("case", [case for case in CASES if not case.failing], ids=lambda case: case.name)
async def test_the_verdict(case: Case, api: FlyApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FLYCTL, PROGRAM)
    services = services_for(os.environ, demo=True)
    services.fly.use_token(TOKEN)
    prepared(case, services)
    try:
        check(case, await judged(services))
    finally:
        await services.close()
    assert "GET /v1/apps/my-app/certificates" in api.seen()
