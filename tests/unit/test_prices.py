"""Every price that Fly publishes for a preset comes out to the cent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claw_tui.domain.prices import machine_price, monthly_price
from claw_tui.domain.spec import Spec


@pytest.mark.parametrize(
    ("size", "memory", "region", "dollars"),
    [
        ("shared-cpu-1x", 256, "iad", 2.19), ("shared-cpu-1x", 512, "iad", 3.69), ("shared-cpu-1x", 1024, "iad", 6.70),
        ("shared-cpu-2x", 2048, "iad", 13.39), ("shared-cpu-2x", 4096, "iad", 25.39),
        ("performance-2x", 4096, "iad", 66.00), ("shared-cpu-1x", 1024, "fra", 7.73), ("shared-cpu-1x", 1024, "sin", 8.50),
    ],
)  # fmt: skip
def test_published_prices(size: str, memory: int, region: str, dollars: float) -> None:
    assert machine_price(size, memory, region) == dollars


def test_a_whole_month() -> None:
    price = monthly_price(Spec(region="iad"))
    assert price.total == pytest.approx(13.84)
    assert price.short() == "$13.84 a month"
    assert monthly_price(Spec(region="iad"), dedicated_v4=1).total == pytest.approx(15.84)


def test_an_unknown_region_may_cost_more() -> None:
    assert monthly_price(replace(Spec(), region="xyz")).short().endswith("or a little more")
