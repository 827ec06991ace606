"""openclaw.json beside the form: both in step, edited by hand, loaded, saved, compared, taken back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Static, TextArea

from claw_tui.demo import world
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import AgentSpec, GatewaySpec, Spec, TelegramSpec
from claw_tui.domain.wanted_config import wanted_config
from claw_tui.engine.config_desk import ConfigDesk
from tests.conftest import Cloud
from tests.engine.rig import WISH, have_gateway
from tests.screens.driver import Driver, driving
from tests.screens.test_screens import NAMED, give_all

pytestmark = pytest.mark.anyio
OPUS = replace(NAMED, gateway=GatewaySpec(primary_model="anthropic/claude-opus-5"))
TOKEN = "7123456789:AAH" + "q" * 32  # looks like Telegram's
OLD = {
    "agents": {
        "defaults": {"model": {"primary": "anthropic/claude-opus-4-5"}},
        "list": [{"id": "main", "default": True}],
    },
    "channels": {"telegram": {"enabled": True, "botToken": TOKEN}},
    "gateway": {"mode": "local"},
}


@pytest.fixture(autouse=True)
def logged_in(cloud: Cloud) -> None:
    cloud.log_in()


def area(driver: Driver) -> TextArea:
    return driver.app.screen.query_one(TextArea)


def typed(driver: Driver, change: Any) -> None:
    """As if it had been typed."""
    tree = json.loads(area(driver).text)
    change(tree)
    area(driver).text = json.dumps(tree, indent=2)


async def at_the_file(driver: Driver) -> None:
    await give_all(driver)
    await driver.go("gateway")
    await driver.press("f4")
    await driver.until('"port": 3000')
    assert area(driver).has_focus


async def test_what_was_wrong_is_not_said_any_more_once_it_is_mended(cloud: Cloud) -> None:
    async with driving(spec=OPUS) as driver:
        await at_the_file(driver)
        area(driver).move_cursor((0, 0))
        await driver.type("x")
        await driver.press("ctrl+n")
        await driver.until("This is no openclaw.json", "the file: this is no value. Mend")
        await driver.press("backspace")
        await driver.until("This is no openclaw.json", gone=True)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_form_follows_the_file(cloud: Cloud, size: tuple[int, int]) -> None:
    async with driving(size, OPUS) as driver:
        await at_the_file(driver)

        def change(tree: Any) -> None:
            tree["agents"]["entries"]["night"] = {"model": "anthropic/claude-haiku-4-5"}
            tree["agents"]["ownership"] = "explicit"

        typed(driver, change)
        await driver.press("f4")
        await driver.until("main, night")
        await driver.settle()
        assert driver.spec.gateway.agents == (
            AgentSpec("main"),
            AgentSpec("night", "anthropic/claude-haiku-4-5"),
        )


async def test_the_file_follows_the_form(cloud: Cloud) -> None:
    async with driving((120, 40), OPUS) as driver:
        await give_all(driver)
        await driver.go("gateway")
        await driver.until('"port": 3000', "At the same time")
        await driver.press("tab", "tab", "tab")
        driver.fill("9")
        await driver.press("f4")
        assert '"maxConcurrent": 9' in area(driver).text


async def test_a_problem_is_marked_at_its_line_and_found_by_a_key(cloud: Cloud) -> None:
    async with driving(spec=OPUS) as driver:
        await at_the_file(driver)
        typed(driver, lambda tree: tree["gateway"].update(bind="everywhere", port="x"))
        await driver.until("2 problems", "✗")
        await driver.press("f8")
        first = area(driver).cursor_location[0]
        assert "everywhere" in area(driver).document.get_line(first)
        await driver.press("f8")
        assert '"x"' in area(driver).document.get_line(area(driver).cursor_location[0])
        marked = [line for line in driver.text.splitlines() if "✗" in line and '"bind"' in line]
        assert marked


async def test_a_file_that_can_not_be_used_is_not_lost_and_not_taken(cloud: Cloud) -> None:
    async with driving(spec=OPUS) as driver:
        await at_the_file(driver)
        area(driver).text = '{\n  "gateway": {,\n}'
        await driver.press("ctrl+n")
        await driver.until("line 2", "name")
        assert driver.app.current_mode == "gateway"
        await driver.press("f4")
        await driver.until("Drop what was changed in it?")
        await driver.press("enter")  # the careful answer
        await driver.until('"gateway": {,')
        await driver.press("escape")
        await driver.until("Drop what was changed in it?")
        await driver.press("down", "enter")
        await driver.until("Fallbacks")
        assert driver.spec.gateway == OPUS.gateway


async def test_ctrl_n_in_the_file_takes_it_and_goes_on(cloud: Cloud) -> None:
    async with driving(spec=OPUS) as driver:
        await at_the_file(driver)
        typed(driver, lambda tree: tree.update(tools={"profile": "full"}))
        await driver.press("ctrl+n")
        await driver.until("Who may knock")
        assert '"tools"' in driver.spec.gateway.base
        await driver.go("gateway")
        await driver.press("f4")
        assert '"tools"' in area(driver).text


async def test_what_was_changed_is_read_before_one_goes_on(cloud: Cloud) -> None:
    async with driving(spec=OPUS) as driver:
        await at_the_file(driver)
        typed(
            driver,
            lambda tree: tree["agents"]["defaults"]["model"].update(primary="anthropic/claude-opus-4-5"),
        )
        await driver.press("ctrl+n")
        await driver.until("What was changed in it", "claude-opus-4-5")
        await driver.press("escape")
        await driver.until("Fallbacks")
        assert driver.app.current_mode == "gateway"
        await driver.press("ctrl+n")
        await driver.until("Who may knock")


async def test_what_other_answers_decide_is_told(cloud: Cloud) -> None:
    async with driving(spec=OPUS) as driver:
        await at_the_file(driver)
        typed(driver, lambda tree: tree["gateway"].update(port=4000))
        await driver.press("f4")
        await driver.until("gateway.port: 4000 › 3000", "set back")


async def test_changes_are_taken_back_one_by_one_and_done_again(cloud: Cloud) -> None:
    async with driving(spec=OPUS) as driver:
        await at_the_file(driver)
        typed(driver, lambda tree: tree.update(tools={"profile": "full"}))
        await driver.press("f4")
        await driver.until("Fallbacks")
        await driver.settle()
        await driver.press("tab", "tab", "tab")
        driver.fill("7")
        await driver.press("f4", "f4")
        await driver.settle()
        assert driver.spec.gateway.max_concurrent == 7
        await driver.press("ctrl+z")
        await driver.until("Taken back.")
        assert driver.spec.gateway.max_concurrent == 4
        assert driver.spec.gateway.base
        await driver.press("ctrl+z")
        assert driver.spec.gateway == OPUS.gateway
        await driver.press("ctrl+y", "ctrl+y")
        await driver.until("Done again.")
        assert driver.spec.gateway.max_concurrent == 7
        await driver.press("ctrl+y")
        await driver.until("nothing to do again")


async def load(driver: Driver, path: Path) -> None:
    await driver.press("f7")
    await driver.until("Load a file")
    driver.fill(str(path))
    await driver.press("enter")
    await driver.until("What was changed in it", "TELEGRAM_BOT_TOKEN")
    assert TOKEN not in driver.text
    await driver.press("escape")
    await driver.until("F4", '"agents"')


async def test_an_older_file_is_loaded_brought_up_to_date_and_its_secret_is_nowhere_to_be_seen(
    cloud: Cloud, tmp_path: Path
) -> None:
    (tmp_path / "old.json").write_text(json.dumps(OLD))
    async with driving(spec=OPUS) as driver:
        await give_all(driver)
        await driver.go("gateway")
        await load(driver, tmp_path / "old.json")
        assert TOKEN not in area(driver).text
        await driver.press("f4")
        await driver.until("Fallbacks")
        await driver.settle()
        assert driver.spec.gateway.telegram.enabled
        assert driver.spec.gateway.primary_model == "anthropic/claude-opus-5"
        held = await driver.session.vault.values("my-app", ["TELEGRAM_BOT_TOKEN"])
        assert held["TELEGRAM_BOT_TOKEN"].reveal() == TOKEN
        assert TOKEN not in driver.spec.gateway.base
        on_disk = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
        assert any(path.name == "draft.toml" for path in on_disk)
        assert not [path for path in on_disk if TOKEN.encode() in path.read_bytes()]
        await driver.press("ctrl+z")
        assert "TELEGRAM_BOT_TOKEN" not in driver.spec.secret_names, "taken back, it is not sent"
        await driver.press("ctrl+y")
        assert "TELEGRAM_BOT_TOKEN" in driver.spec.secret_names


async def test_a_file_that_is_dropped_leaves_no_secret_behind(cloud: Cloud, tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text(json.dumps(OLD))
    async with driving(spec=OPUS) as driver:
        await give_all(driver)
        await driver.go("gateway")
        names = driver.spec.secret_names
        await load(driver, tmp_path / "old.json")
        area(driver).text = "{"
        await driver.press("escape")
        await driver.until("Drop what was changed in it?")
        await driver.press("down", "enter")
        await driver.until("Fallbacks")
        assert driver.spec.secret_names == names
        assert not await driver.session.vault.values("my-app", ["TELEGRAM_BOT_TOKEN"])


@pytest.mark.parametrize("use", [False, True])
async def test_a_key_that_was_given_is_replaced_only_when_one_says_so(
    cloud: Cloud, tmp_path: Path, *, use: bool
) -> None:
    (tmp_path / "old.json").write_text(json.dumps(OLD))
    mine = "1111111111:AAH" + "m" * 32
    async with driving(spec=OPUS) as driver:
        await give_all(driver)
        await driver.session.keep_secret("TELEGRAM_BOT_TOKEN", Secret(mine), "accepted")
        await driver.go("gateway")
        await load(driver, tmp_path / "old.json")
        await driver.press("f4")
        await driver.until("Use the file's?", "TELEGRAM_BOT_TOKEN")
        await driver.press(*(["down"] if use else []), "enter")
        await driver.until("Fallbacks")
        await driver.settle()
        held = await driver.session.vault.values("my-app", ["TELEGRAM_BOT_TOKEN"])
        assert held["TELEGRAM_BOT_TOKEN"].reveal() == (TOKEN if use else mine)
        assert driver.spec.gateway.telegram.enabled


async def test_what_is_wrong_in_the_form_comes_first_and_goes_when_it_is_mended(cloud: Cloud) -> None:
    async with driving(spec=OPUS) as driver:
        await give_all(driver)
        await driver.go("gateway")
        await driver.press("tab", "tab")
        driver.fill("main, Work")
        await driver.press("f4")
        await driver.until("Work: Small letters")
        assert not driver.app.screen.query(TextArea)
        driver.fill("main, work")
        await driver.until("Work: Small letters", gone=True)
        await driver.press("f4")
        await driver.until('"port": 3000')


async def test_a_secret_in_the_gateways_file_is_a_difference(cloud: Cloud) -> None:
    spec = replace(WISH, gateway=replace(WISH.gateway, telegram=TelegramSpec(enabled=True)))
    async with driving(spec=spec) as driver:
        await have_gateway(driver.session.services)
        with world.opened() as now:
            (volume,) = now["apps"]["my-app"]["volumes"]
            tree: Any = wanted_config(spec)
            tree["channels"]["telegram"]["botToken"] = TOKEN
            volume["files"]["/data/openclaw.json"]["text"] = json.dumps(tree)
        await driver.go("gateway")
        await driver.press("f9")
        await driver.until("From the gateway's")
        assert "(a secret, in clear)" in str(driver.app.screen.query_one("#differences", Static).content)
        assert TOKEN not in driver.text


@pytest.mark.parametrize(
    ("text", "words"), [("{", "missing"), ("[1]", "no object"), (None, "There is no file")]
)
async def test_a_file_that_can_not_be_loaded_is_told(
    cloud: Cloud, tmp_path: Path, text: str | None, words: str
) -> None:
    if text is not None:
        (tmp_path / "x.json").write_text(text)
    async with driving(spec=OPUS) as driver:
        await give_all(driver)
        await driver.go("gateway")
        await driver.press("f7")
        await driver.until("Load a file")
        driver.fill(str(tmp_path / "x.json"))
        await driver.press("enter")
        await driver.until(words)
        assert driver.spec.gateway == OPUS.gateway


async def test_it_is_saved_to_a_file(cloud: Cloud, tmp_path: Path) -> None:
    async with driving(spec=OPUS) as driver:
        await at_the_file(driver)
        typed(driver, lambda tree: tree.update(tools={"profile": "full"}))
        await driver.press("f6")
        await driver.until("Save as")
        driver.fill(str(tmp_path / "mine.json"))
        await driver.press("enter")
        await driver.until("Saved")
        saved = json.loads((tmp_path / "mine.json").read_text())
        assert saved["tools"] == {"profile": "full"}
        assert saved["agents"]["defaults"]["model"]["primary"] == "anthropic/claude-opus-5"


async def test_there_is_nothing_to_compare_with_before_a_deploy(cloud: Cloud) -> None:
    async with driving(spec=OPUS) as driver:
        await give_all(driver)
        await driver.go("gateway")
        await driver.press("f9")
        await driver.until("no running gateway my-app")


async def test_it_is_compared_with_what_the_gateway_has(cloud: Cloud) -> None:
    async with driving(spec=WISH) as driver:
        spec = WISH
        await have_gateway(driver.session.services)
        await driver.go("gateway")
        await driver.press("f9")
        await driver.until("Nothing differs")
        await driver.press("escape", "tab", "tab", "tab")
        driver.fill("9")
        await driver.press("f9")
        await driver.until('-      "maxConcurrent": 4', '+      "maxConcurrent": 9')
        await driver.press("f7")
        await driver.until('"port": 3000')
        assert '"maxConcurrent": 4' in area(driver).text
        await driver.press("f4")
        await driver.until("Fallbacks")
        await driver.settle()
        assert driver.spec.gateway == spec.gateway


async def test_a_change_is_written_into_the_gateway_without_a_deploy(cloud: Cloud) -> None:
    async with driving(spec=WISH) as driver:
        await have_gateway(driver.session.services)
        releases = len(cloud.app("my-app")["releases"])
        await driver.go("gateway")
        await driver.press("tab", "tab", "tab")
        driver.fill("9")
        await driver.press("f9")
        await driver.until('+      "maxConcurrent": 9', "^N Write it into the gateway")
        await driver.press("ctrl+n")
        await driver.until("comes back when the new one is not taken", "fly machine exec")
        await driver.press("down", "enter")
        await driver.until("Done: the gateway runs with this openclaw.json")
        assert len(cloud.app("my-app")["releases"]) == releases
        kept = driver.session.services.state.load_answers("my-app")
        assert kept is not None
        assert kept.gateway.max_concurrent == 9


def test_another_gateways_answers_are_nothing_to_go_back_to(cloud: Cloud) -> None:
    class Sitting:
        spec = Spec(app="one")

        def update(self, **changes: Any) -> None:
            self.spec = replace(self.spec, **changes)

    sitting: Any = Sitting()
    desk = ConfigDesk(sitting)
    desk.change(max_concurrent=5)
    sitting.spec = Spec(app="two")
    assert not desk.undo()
    assert sitting.spec == Spec(app="two")
