"""Home: one sentence, the figures with who said them and when, and a refresh that costs nothing while nothing changes."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable

import pytest

from claw_tui.demo import world
from claw_tui.demo.machine_log import note_event
from claw_tui.domain.errors import BadKey
from claw_tui.domain.secret import Secret
from claw_tui.engine.key_notes import read_notes
from claw_tui.screens.home import HomeScreen
from claw_tui.screens.home_actions import ACTIONS
from claw_tui.widgets.figures import Figures, Row
from claw_tui.widgets.key_bar import KeyBar
from claw_tui.wiring import services_for
from tests.conftest import TOKEN, Cloud
from tests.engine.rig import SECRETS, have_gateway
from tests.screens.driver import Driver, driving

pytestmark = pytest.mark.anyio


@pytest.fixture
async def gateway(cloud: Cloud) -> None:
    made = services_for(os.environ, demo=True)
    made.fly.use_token(TOKEN)
    cloud.log_in()
    await have_gateway(made)


async def open_home(driver: Driver) -> HomeScreen:
    driver.session.home_app = "my-app"
    await driver.go("home")
    await driver.until("Looked at")
    assert isinstance(driver.app.screen, HomeScreen)
    return driver.app.screen


def change_machine(change: Callable[[world.World], None]) -> None:
    with world.opened() as now:
        change(now["apps"]["my-app"]["machines"][0])


@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_figure_is_there_with_who_said_it(size: tuple[int, int]) -> None:
    async with driving(size=size) as driver:
        page = await open_home(driver)
        await driver.until("Well: it answers, Discord is connected.")
        await driver.settle()
        for words in (
            "started, passing; shared-cpu-2x, fra", "Discord connected", "in use (40%)", "openclaw_data, 3 GB",
            "2026.9.6; 2026.10.1 is out (U)", "everybody, with the token", "v1, complete", "with deploy v1",
            "a month", "my-app (personal), deployed", "3 set (K)", "(machine, now)", "(gateway, now)", "(registry, now)", "(Fly.io, now)",
            "Anthropic: not checked from here", "prices of",
        ):  # fmt: skip
            assert words in page.query_one(Figures).text, words
        assert page.query_one("#body").max_scroll_y == 0
        assert page.query_one(KeyBar).size.height <= 2
        assert "..." not in driver.text.splitlines()[-1], "a key has no room"


@pytest.mark.usefixtures("gateway")
async def test_what_can_not_be_had_says_why_and_the_rest_is_there(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = {"command": "machine exec", "exit": 1, "stderr": "Error: connection reset by peer\n"}
    cloud.faults(monkeypatch, *[fault] * 9)
    async with driving() as driver:
        await open_home(driver)
        await driver.until("Well: it runs, its health check passes.", "its use is not known:", "not known:")
        await driver.until("openclaw_data, 3 GB, fra", "v1, complete")


def offered(page: HomeScreen) -> set[str]:
    return {action.id for action in ACTIONS if action.is_offered(page)}


OF_MACHINES = {"let_in", "run", "files", "machine", "stop"}


@pytest.mark.usefixtures("gateway")
async def test_while_it_reads_it_says_that_more_keys_come(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = cloud.hold(monkeypatch, "ips list")
    async with driving() as driver:
        driver.session.home_app = "my-app"
        driver.app.go("home")
        await driver.until(
            "my-app (personal)", "started, passing", "openclaw_data, 3 GB", "3 set", "v1, complete"
        )
        await driver.until("more keys come once all has been read")
        await driver.until_true(gate.is_reached)
        page = driver.app.screen
        assert isinstance(page, HomeScreen)
        assert {"doctor", "remove", *OF_MACHINES} <= offered(page)
        assert not {"harden", "expose"} & offered(page)
        assert "a month" not in driver.text, "addresses may cost something"
        await driver.press("m")
        await driver.until("Not all about it has been read yet")
        await driver.press("escape")
        gate.open()
        await driver.until("Looked at", "a month")
        assert "more keys" not in driver.text
        assert "harden" in offered(page)
        await driver.press("m")
        await driver.until("Type to search")


@pytest.mark.usefixtures("gateway")
async def test_back_from_its_page_is_home_again() -> None:
    async with driving() as driver:
        await open_home(driver)
        await driver.press("o")
        await driver.until("The gateway answers")
        await driver.press("escape")
        await driver.until("Open to")
        assert driver.app.current_mode == "home"


@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize(("command", "unread", "hidden"), [
    ("releases", "deploys", set()),
    ("ips list", "addresses", {"harden"}),
    ("secrets list", "secrets", {"keys"}),
    ("volumes list", "volumes", set()),
    ("machine list", "machines", {"harden", *OF_MACHINES}),
])  # fmt: skip
async def test_what_can_not_be_read_hides_only_what_goes_by_it(
    command: str, unread: str, hidden: set[str], cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.refuse(monkeypatch, command)
    async with driving() as driver:
        driver.session.home_app = "my-app"
        await driver.go("home")
        page = driver.app.screen
        assert isinstance(page, HomeScreen)
        await driver.until("the sky fell", f"{unread}; R tries again")
        await driver.until("Not known: its machine" if unread == "machines" else "Well: it answers")
        usual = {"doctor", "remove", "keys", "harden", *OF_MACHINES}
        assert usual - offered(page) == hidden
        cloud.faults(monkeypatch)
        await driver.press("r")
        await driver.settle()
        await driver.until("Looked at", "Well: it answers")
        assert usual <= offered(page)


@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize(("key", "words"), [("t", "Restart machine"), ("u", "Which version instead?")])
async def test_a_key_that_needs_the_machine_waits_for_it(
    key: str, words: str, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = cloud.hold(monkeypatch, "machine list", times=9)
    async with driving(early=True) as driver:
        driver.session.home_app = "my-app"
        driver.app.go("home")
        await driver.until("openclaw_data, 3 GB")
        await driver.until_true(gate.is_reached)
        await driver.press(key)
        await driver.until("Looking …")
        gate.open()
        await driver.until(words)


@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize("key", ["t", "u", "b"])
async def test_a_machine_that_can_not_be_read_is_not_no_machine(
    key: str, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.refuse(monkeypatch, "machine list")
    async with driving() as driver:
        driver.session.home_app = "my-app"
        await driver.go("home")
        await driver.press(key)
        await driver.settle()
        await driver.until("the sky fell", "machines; R tries again")
        assert "no machine" not in driver.text


@pytest.mark.usefixtures("gateway")
async def test_a_key_whose_answer_comes_when_one_has_left_opens_nothing(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = cloud.hold(monkeypatch, "machine list", times=9)
    async with driving(early=True) as driver:
        driver.session.home_app = "my-app"
        driver.app.go("home")
        await driver.until_true(gate.is_reached)
        await driver.press("t", "escape")
        await driver.until("What would you like to do?")
        gate.open()
        await driver.settle()
        assert "Restart" not in driver.text


@pytest.mark.usefixtures("gateway")
async def test_a_stopped_machine_is_not_well_and_nobody_looks_into_it(cloud: Cloud) -> None:
    change_machine(lambda machine: machine.update(state="stopped"))
    cloud.record()
    async with driving() as driver:
        await open_home(driver)
        await driver.until(
            "Not well: its machine is stopped; nobody gets an answer.", "the machine is stopped"
        )
    assert not [call for call in cloud.calls() if call["argv"][:2] == ["machine", "exec"]]


@pytest.mark.usefixtures("gateway")
async def test_a_gateway_that_does_not_answer_is_not_asked_for_its_channels(cloud: Cloud) -> None:
    change_machine(lambda machine: machine["gateway"].update(listening=0.0))
    cloud.record()
    async with driving() as driver:
        await open_home(driver)
        await driver.until("does not answer in its machine", "not known: the gateway does not answer")
    assert not [call for call in cloud.calls() if "channels status" in " ".join(call["argv"])]


@pytest.mark.usefixtures("gateway")
async def test_what_was_read_before_a_restart_is_of_another_time() -> None:
    async with driving() as driver:
        page = await open_home(driver)
        await driver.settle()
        assert page.desk.vitals().resources.value is not None
        with world.opened() as now:
            note_event(now["apps"]["my-app"]["machines"][0], "start", time.time() + 1)
        await driver.session.look("my-app", ("machines",))
        assert page.desk.vitals().resources.value is None
        await page.desk.look_inside(lambda: None, max_age=300.0)
        assert page.desk.vitals().resources.value is not None


@pytest.mark.usefixtures("gateway")
async def test_a_quiet_look_asks_for_the_machines_only_and_paints_what_changed(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with driving() as driver:
        page = await open_home(driver)
        await driver.settle()
        painted: list[object] = []
        figures = page.query_one(Figures)
        monkeypatch.setattr(figures, "refresh", lambda *where, **_more: painted.append(where))
        cloud.record()
        await page._look_quietly().wait()
        assert [call["argv"][:2] for call in cloud.calls()] == [["machine", "list"]]
        assert painted == []
        change_machine(lambda machine: machine.update(state="stopped"))
        await page._look_quietly().wait()
        assert painted
        await driver.until("Not well: its machine is stopped")


@pytest.mark.usefixtures("gateway")
async def test_nobody_who_looks_elsewhere_costs_anything(cloud: Cloud) -> None:
    async with driving() as driver:
        page = await open_home(driver)
        await driver.settle()
        cloud.record()
        driver.app.app_focus = False
        await page._look_quietly().wait()
        driver.app.app_focus = True
        await driver.press("m")
        await driver.until("What would you like to do?")
        await page._look_quietly().wait()
        assert cloud.calls() == []


@pytest.mark.usefixtures("gateway")
async def test_figures_grow_old_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async with driving() as driver:
        page = await open_home(driver)
        await driver.until("machine, now")
        await driver.settle()
        clock = page.desk._clock
        monkeypatch.setattr(page.desk, "_clock", lambda: clock() + 200)
        page.show_now()
        await driver.until("machine, 3 min ago", "gateway, 3 min ago")


@pytest.mark.usefixtures("gateway")
async def test_keys_are_checked_again_and_it_is_kept_when(monkeypatch: pytest.MonkeyPatch) -> None:
    async with driving() as driver:
        await open_home(driver)
        for name, value in SECRETS.items():
            await driver.session.vault.put("my-app", name, value)
        await driver.press("j")
        await driver.until("The keys were checked.", "last check, now")
        await driver.until("not checked from here", gone=True)

        async def refused(_env: str, _value: Secret) -> None:
            raise BadKey("Anthropic does not accept this key.")

        monkeypatch.setattr(driver.session.services.keys, "check", refused)
        await driver.press("j")
        await driver.until("Not well: the key for Anthropic was refused", "Anthropic: refused (J)")
        note = read_notes(driver.session.services.state, "my-app")["ANTHROPIC_API_KEY"]
        assert abs(note.at - time.time()) < 60
    async with driving() as driver:  # another sitting
        await open_home(driver)
        await driver.until("Anthropic: refused (J)")


@pytest.mark.usefixtures("gateway")
async def test_a_key_that_is_not_here_is_named() -> None:
    async with driving() as driver:
        await open_home(driver)
        await driver.press("j")
        await driver.until("Not at hand on this computer: Anthropic")


@pytest.mark.usefixtures("gateway")
async def test_everything_is_in_the_palette_and_no_key_is_there_twice() -> None:
    async with driving() as driver:
        page = await open_home(driver)
        await driver.settle()
        titles = " ".join(command.title for command in driver.app.get_system_commands(page))
        found = [action for action in ACTIONS if action.is_offered(page)]
        assert all(action.title in titles for action in found)
        assert len({action.key for action in found}) == len(found)


async def test_only_rows_that_changed_are_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    async with driving(size=(120, 40)) as driver:
        figures = Figures()
        await driver.app.screen.query_one("#body").mount(figures)
        rows = [Row(f"title {n}", f"words {n}", "Fly.io, now") for n in range(6)]
        figures.show(rows)
        await driver.until("words 5")
        regions: list[tuple[int, int, int, int]] = []
        paint: Callable[..., Awaitable[None]] = figures.refresh  # type: ignore[assignment]

        def spy(*where: tuple[int, int, int, int], **more: bool) -> None:
            regions.extend(where)
            paint(*where, **more)

        monkeypatch.setattr(figures, "refresh", spy)
        figures.show(rows)
        assert regions == []
        figures.show([*rows[:4], rows[4]._replace(words="another"), rows[5]])
        assert [(region[1], region[3]) for region in regions] == [(1, 1)]
        await driver.until("another")


@pytest.mark.usefixtures("gateway")
async def test_the_menu_has_all_that_can_be_done_and_does_it() -> None:
    async with driving() as driver:
        await open_home(driver)
        await driver.settle()
        await driver.press("m")
        await driver.until("What would you like to do?", "Look", "L  Logs", "Use it")
        await driver.type("nothing like this")
        await driver.until("Nothing has “nothing like this”. Backspace takes it back.")
        await driver.press("escape")
        await driver.until("L  Logs")
        await driver.press("l", "enter")  # a key that stands there
        await driver.until("Live")
        await driver.press("escape")
        await driver.until("M More")
        await driver.press("m")
        await driver.until("What would you like to do?")
        await driver.type("backups")
        await driver.press("enter")
        await driver.until("Earlier openclaw.json")
