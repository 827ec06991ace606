"""Figures that tests measured are printed at the end as tables, also when many workers ran them."""

from __future__ import annotations

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    rows = {
        tuple(value) for reports in terminalreporter.stats.values() for report in reports
        for name, value in getattr(report, "user_properties", ()) if name == "probe"
    }  # fmt: skip
    if rows:
        terminalreporter.section("how long the keyring's probe takes (milliseconds)")
        for cells in (("situation", "state", "first", "again"), *sorted(rows)):
            terminalreporter.write_line("{:<44} {:<10} {:>6} {:>6}".format(*cells))
