"""Every screen of the road has room for a language that needs 40 % more letters, on 80 columns and 24 rows."""

from __future__ import annotations

import pytest
from textual.containers import VerticalScroll
from textual.widgets import Static

from claw_tui.i18n import PSEUDO, use_language
from claw_tui.screens import road
from tests.conftest import Cloud
from tests.engine.rig import SECRETS, WISH
from tests.screens.driver import Driver, driving

pytestmark = pytest.mark.anyio


def does_not_fit(driver: Driver) -> list[str]:
    """What is hidden below or beside the screen, or has fewer rows than its text needs."""
    screen = driver.app.screen
    body = screen.query_one("#body", VerticalScroll)
    found = [f"{body.max_scroll_y} rows below"] if body.max_scroll_y else []
    for part in screen.query(Static):
        if not part.display or not part.size:
            continue
        needed = part.get_content_height(part.container_size, screen.size, part.content_size.width)
        if part.content_size.height < needed:
            found.append(f"{part!r} has {part.content_size.height} rows and needs {needed}")
        if part.region.right > screen.size.width:
            found.append(f"{part!r} ends beyond the right edge")
    return found


async def what_stays_wrong(driver: Driver) -> list[str]:
    """Words that have just come are laid out a moment later."""
    for _ in range(100):
        if not (found := does_not_fit(driver)):
            break
        await driver.settle()
    return found


async def test_every_screen_has_room_for_longer_words(cloud: Cloud) -> None:
    cloud.log_in()
    use_language(PSEUDO)
    wrong = {}
    async with driving(spec=WISH) as driver:
        for name, value in SECRETS.items():
            await driver.session.keep_secret(name, value, "accepted")
        for step in [*road.ORDER, "home", "rotation"]:
            driver.session.home_app = "my-app" if step in ("home", "rotation") else ""
            await driver.go(step)
            if found := await what_stays_wrong(driver):
                wrong[step] = [*found, driver.text]
    assert not wrong, "\n".join(line for lines in wrong.values() for line in lines)
