"""F1, F2: what there is to know, inside the program."""

from __future__ import annotations

import pytest

from tests.conftest import Cloud
from tests.screens.driver import driving

pytestmark = pytest.mark.anyio


async def test_costs_are_read_from_the_help_of_any_screen(cloud: Cloud) -> None:
    cloud.log_in()
    async with driving() as driver:
        await driver.press("f1")
        await driver.until("Keys here", "F2")
        await driver.press("f2")
        await driver.until("What would you like to read?")
        await driver.type("costs")
        await driver.press("enter")
        await driver.until("$13.39", "the first 10 GB are free")
        await driver.press("escape")
        await driver.until("What would you like to read?")
        await driver.press("escape")
        await driver.until("Keys here")
