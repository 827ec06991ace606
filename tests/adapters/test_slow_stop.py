"""A machine that takes longer to stop than `machine stop` waits for it."""

from __future__ import annotations

import pytest

from claw_tui.demo import world
from claw_tui.domain.errors import FlyTimeout
from claw_tui.ports import Services
from tests.conftest import TOKEN
from tests.transcripts import prepare

pytestmark = pytest.mark.anyio


def deployed(times: int) -> str:
    """The machine's id. Fly.io answers so often that it has not stopped yet."""
    body = {"error": "deadline_exceeded: timed out waiting"}
    with world.opened() as now:
        prepare.deployed(now)
        now["conditions"] = [{"method": "GET", "path": "/wait", "status": 408, "times": times, "acts": False, "body": body}]  # fmt: skip
        return str(now["apps"]["my-app"]["machines"][0]["id"])


async def test_it_is_waited_for_once_more(services: Services) -> None:
    services.fly.use_token(TOKEN)
    await services.fly.stop_machine("my-app", deployed(1))


async def test_not_for_ever(services: Services) -> None:
    services.fly.use_token(TOKEN)
    with pytest.raises(FlyTimeout):
        await services.fly.stop_machine("my-app", deployed(2))
