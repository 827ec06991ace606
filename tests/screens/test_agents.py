"""Several agents: each with a model, a folder and places of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from claw_tui.domain.spec import AgentSpec, Route
from claw_tui.domain.wanted_config import wanted_config
from tests.conftest import Cloud
from tests.engine.rig import WISH
from tests.screens.driver import driving
from tests.screens.test_screens import give_all

pytestmark = pytest.mark.anyio
TWO = replace(WISH, gateway=replace(WISH.gateway, agents=(AgentSpec("main"), AgentSpec("work"))))


@pytest.fixture(autouse=True)
def logged_in(cloud: Cloud) -> None:
    cloud.log_in()


async def test_an_agent_gets_a_model_a_folder_and_a_place(cloud: Cloud) -> None:
    (guild,) = WISH.gateway.discord.guilds
    async with driving(spec=TWO) as driver:
        await give_all(driver)
        await driver.go("gateway")
        await driver.until("Each agent", "none but the first")
        await driver.press("tab", "tab", "tab", "enter")
        await driver.until("answers all that no other one does", "answers nowhere yet")
        await driver.press("down", "w")
        await driver.until("Workspace of work")
        driver.fill("work")
        await driver.press("enter")
        await driver.until("It must be below /data/")
        driver.fill("/data/work")
        await driver.press("enter")
        await driver.until("/data/work")
        await driver.press("m")
        await driver.until("Model of work")
        await driver.type("haiku")
        await driver.press("enter")
        await driver.until("anthropic/claude-haiku-4-5 ·")
        await driver.press("p")
        await driver.until("Where work answers", guild.name)
        await driver.press("down", "space", "enter")
        await driver.until("answers in 1 place")
        await driver.press("enter")
        await driver.until("places of their own: work")
        work = driver.spec.gateway.agents[1]
        assert work == AgentSpec(
            "work", "anthropic/claude-haiku-4-5", "/data/work", (Route("discord", guild.id),)
        )
        tree: Any = wanted_config(driver.spec)
        assert tree["bindings"][0] == {
            "type": "route", "agentId": "work", "match": {"channel": "discord", "guildId": guild.id},
        }  # fmt: skip


async def test_leaving_changes_nothing_and_one_agent_has_no_such_question(cloud: Cloud) -> None:
    async with driving(spec=TWO) as driver:
        await give_all(driver)
        await driver.go("gateway")
        await driver.press("tab", "tab", "tab", "enter")
        await driver.until("answers nowhere yet")
        await driver.press("down", "m")
        await driver.until("Model of work")
        await driver.press("down", "enter")
        await driver.until("Model of work", gone=True)
        await driver.press("escape")
        await driver.until("Each agent")
        assert driver.spec == TWO
        await driver.press("shift+tab")
        driver.fill("main")
        await driver.press("f4", "f4")
        await driver.until("Each agent", gone=True)
