"""Review saves the answers; a plan made from the file is the one that the screen shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from claw_tui.domain.answers_reader import read_answers
from claw_tui.engine.plan import make_plan, view_of
from tests.conftest import Cloud
from tests.engine.rig import CANARIES, SECRETS, WISH
from tests.screens.driver import driving

pytestmark = pytest.mark.anyio


async def test_what_is_in_memory_only_is_not_said_to_be_in_the_store(cloud: Cloud, tmp_path: Path) -> None:
    cloud.log_in()
    path = tmp_path / "a.toml"
    async with driving(spec=WISH) as driver:
        await driver.session.vault.look(everywhere=True)
        await driver.session.vault.move("memory")
        for name, value in SECRETS.items():
            await driver.session.keep_secret(name, value, "accepted")
        await driver.go("review")
        await driver.until("Ctrl+N starts")
        await driver.press("f9")
        await driver.until("Save as")
        driver.fill(str(path))
        await driver.press("enter")
        await driver.until("Saved")
        assert "for them the file says env:NAME." in driver.app.screen.told  # type: ignore[attr-defined]
        found = read_answers(path.read_text(), path.name)
        assert {name: str(source) for name, source in found.sources.items()} == {
            name: f"env:{name}" for name in driver.spec.secret_names
        }
        await driver.go("secrets")
        await driver.press("f6")
        words = "In memory they are gone when claw-tui ends, and it asks for them again"
        await driver.until("Where are secrets kept?", words)


async def test_the_answers_are_saved(cloud: Cloud, tmp_path: Path) -> None:
    cloud.log_in()
    path = tmp_path / "my answers.toml"
    async with driving(spec=WISH) as driver:
        for name, value in SECRETS.items():
            await driver.session.keep_secret(name, value, "accepted")
        await driver.go("review")
        await driver.until("Ctrl+N starts")
        await driver.press("f9")
        await driver.until("Save as", "my-app.toml")
        driver.fill(str(path))
        await driver.press("enter")
        await driver.until("Saved")
        found = read_answers(path.read_text(), path.name)
        assert found.spec == driver.spec
        assert {str(source) for source in found.sources.values()} == {"store"}
        session = driver.session
        assert session.plan is not None
        view = view_of(found.spec, session.reader.known("my-app"), session.services.state)
        assert make_plan(view) == session.plan
    assert CANARIES.find_in_files(tmp_path) == []
    assert path.stat().st_mode & 0o777 == 0o600
