"""Machines for the real OpenClaw; and figures that tests measured, as tables at the end, also when many workers ran."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.real.machine_rig import RealMachine


def pytest_terminal_summary(terminalreporter: Any) -> None:
    rows = {
        tuple(value) for reports in terminalreporter.stats.values() for report in reports
        for name, value in getattr(report, "user_properties", ()) if name == "probe"
    }  # fmt: skip
    if rows:
        terminalreporter.section("how long the keyring's probe takes (milliseconds)")
        for cells in (("situation", "state", "first", "again"), *sorted(rows)):
            terminalreporter.write_line("{:<44} {:<10} {:>6} {:>6}".format(*cells))


@pytest.fixture
def fresh() -> Iterator[RealMachine]:
    """One with a disk of its own, for a gateway that does not start."""
    made = RealMachine()
    try:
        yield made
    finally:
        made.close()
