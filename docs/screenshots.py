"""The pictures in the README, taken on the simulated cloud: ``make screenshots``."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from claw_tui.demo import world  # noqa: E402
from tests.conftest import Cloud, use_home  # noqa: E402
from tests.engine.rig import SECRETS, WISH, spec_with  # noqa: E402
from tests.screens.driver import Driver, driving  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
SIZE = (88, 26)


def save(driver: Driver, name: str) -> None:
    svg = driver.app.export_screenshot()
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)  # a picture fetches nothing
    (FOLDER / f"{name}.svg").write_text(svg.replace("Fira Code", "ui-monospace, Menlo, Consolas"))
    print(name)  # noqa: T201


async def answers(driver: Driver) -> None:
    """Start to Review."""
    save(driver, "start")
    await driver.go("account")
    await driver.go("app")
    await driver.until("The registry has it")
    save(driver, "app")
    for name, value in SECRETS.items():
        await driver.session.keep_secret(name, value, "accepted")
    await driver.go("secrets")
    save(driver, "secrets")
    await driver.go("gateway")
    await driver.until("1 channel in Claw Club")
    await driver.press("tab", "tab", "tab", "tab", "enter")
    await driver.until("#general")
    save(driver, "discord")
    await driver.press("w")
    await driver.until("@Moderators")
    await driver.press("space", "down")
    save(driver, "who")
    await driver.press("escape", "escape")
    await driver.resize(124, 30)
    await driver.until("At the same time", '"port": 3000')
    save(driver, "file")
    await driver.resize(*SIZE)
    await driver.go("privacy")
    save(driver, "privacy")
    await driver.go("review")
    await driver.until("Ctrl+N starts")
    await driver.press("down")
    save(driver, "review")


async def main() -> None:
    async with driving(SIZE, spec_with(app=WISH.app, secret_names=())) as driver:
        await answers(driver)
        await driver.press("ctrl+n")
        await driver.until("Done. Ctrl+N")
        save(driver, "deploy")
        await driver.press("ctrl+n")
        await driver.until("Looked at", "Waiting to be let in")
        save(driver, "finish")
        await driver.press("ctrl+n")
        await driver.until("started, passing")
        await driver.settle()
        save(driver, "home")
        await driver.press("m")
        await driver.until("What would you like to do?")
        save(driver, "menu")
        await driver.press("escape", "g")
        await driver.until("Somebody waits to be let in")
        await driver.settle()
        save(driver, "doctor")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as monkeypatch:
        use_home(Path(name), monkeypatch)
        os.umask(0o022)
        monkeypatch.setenv(world.SPEED, "12")  # so that the steps take the time that they take
        Cloud().log_in()
        asyncio.run(main())
