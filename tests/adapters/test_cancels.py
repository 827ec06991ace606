"""Some calls of every kind, cancelled at random moments. `make soak` cancels many more."""

from __future__ import annotations

from pathlib import Path

import pytest

from claw_tui.ports import Services
from tests.adapters.cancels import cancel_many

pytestmark = pytest.mark.anyio


async def test_random_cancellations_leave_nothing(services: Services, tmp_path: Path) -> None:
    outcome = await cancel_many(services, tmp_path, count=10, seed=1)
    assert outcome.cancelled.total() == 10, outcome
