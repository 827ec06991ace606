"""How much of it is done: ``KILLS`` under 120 means a share of the points at which something is killed, by ``SEED``."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

ALL = 120  # so many kills, and every point is taken
HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    every = max(1, round(ALL / max(1, int(os.environ.get("KILLS") or ALL))))
    if every == 1:
        return
    seen: Counter[str] = Counter()
    left_out = []
    for item in items:
        if HERE not in item.path.parents or "point" not in getattr(item, "fixturenames", ()):
            continue
        name = item.nodeid.partition("[")[0]
        if (seen[name] + int(os.environ.get("SEED") or 0)) % every:
            left_out.append(item)
        seen[name] += 1
    gone = set(map(id, left_out))
    items[:] = [item for item in items if id(item) not in gone]
    config.hook.pytest_deselected(items=left_out)
