"""Adapter calls of every kind, cancelled at random moments: no process, no folder, no descriptor is left.

``CANCELS`` is how many in all, in ten series of their own seeds; ``SEED`` moves the seeds.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from claw_tui.ports import Services
from tests.adapters.cancels import cancel_many

pytestmark = [pytest.mark.anyio, pytest.mark.soak]
CANCELS = int(os.environ.get("CANCELS", "200"))
SEED = int(os.environ.get("SEED", "1"))
SERIES = 10


@pytest.mark.parametrize("number", range(SERIES))
async def test_random_cancellations(number: int, services: Services, tmp_path: Path) -> None:
    count = CANCELS // SERIES + (number < CANCELS % SERIES)
    outcome = await cancel_many(services, tmp_path, count, SEED * 1000 + number)
    print(
        f"\n{outcome.cancelled.total()} cancelled: {dict(outcome.cancelled)}; {outcome.ended.total()} had ended"
    )
