"""Home's screen for the secrets, driven by its keys, on the simulated cloud and with the real runner."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from claw_tui.demo import cloud as fly_side
from claw_tui.demo import world
from claw_tui.domain.jobs import JobState
from claw_tui.domain.secret import Secret
from claw_tui.ports import Services
from claw_tui.widgets.secret_input import SecretInput
from tests.conftest import Cloud
from tests.engine.clawdbot import APP as CLAWDBOT
from tests.engine.clawdbot import have_clawdbot
from tests.engine.rig import SECRETS, WISH, assert_no_canary
from tests.screens.driver import Driver, driving
from tests.transcripts import prepare

pytestmark = pytest.mark.anyio
TOKEN = "OPENCLAW_GATEWAY_TOKEN"
CLAUDE = "sk-ant-api03-CANARYanother\x43ANARYanother"


@pytest.fixture
def theirs(cloud: Cloud) -> Cloud:
    """A gateway that was made without us."""
    cloud.log_in()
    with world.opened() as now:
        prepare.deployed(now)
        fly_side.keep_secrets(now["apps"]["my-app"], {"ANTHROPIC_API_KEY": "x" * 30})
        now["apps"]["my-app"]["secrets"]["ANTHROPIC_API_KEY"]["status"] = "Deployed"
    return cloud


async def open_secrets(driver: Driver) -> None:
    driver.session.home_app = "my-app"
    await driver.session.vault.move("memory")
    await driver.go("home")
    await driver.until("2 set")
    await driver.press("K")  # as the key bar writes it
    await driver.until("Gateway token", "in use")


async def give_token_and_apply(driver: Driver) -> None:
    await driver.press("g")
    await driver.until("^N Apply")
    await driver.press("ctrl+n")
    await driver.until("Not yet")
    await driver.press("down", "enter")


async def test_a_new_token_waits_until_it_is_known_which_names_the_gateway_has(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clawdbot's token has another name: a second one beside it would change nothing."""
    cloud.log_in()
    have_clawdbot()
    gate = cloud.hold(monkeypatch, "secrets list")
    async with driving() as driver:
        await driver.session.vault.move("memory")
        driver.session.home_app = CLAWDBOT
        driver.app.go("rotation")
        await driver.until_true(gate.is_reached)
        await driver.press("g")
        await driver.until("Looking …")
        gate.open()
        await driver.until("A new random token", "new here, not sent yet")
        assert set(services.state.revisions(CLAWDBOT)) == {"CLAWDBOT_GATEWAY_TOKEN"}


async def test_secrets_that_can_not_be_read_were_not_taken_away(
    theirs: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with driving() as driver:
        await open_secrets(driver)
        await give_token_and_apply(driver)
        await driver.until("Done: ")
    theirs.refuse(monkeypatch, "secrets list")
    async with driving() as driver:
        driver.session.home_app = "my-app"
        await driver.go("rotation")
        await driver.until("the sky fell", "It is not known which secrets it has")
        await driver.press("f6")
        await driver.until("Where")
        await driver.press("escape")
        await driver.settle()
        for key in ("g", "n", "delete"):
            await driver.press(key)
            await driver.settle()
            await driver.until("It is not known which secrets it has")
        assert "taken away" not in driver.text
        assert "has no secret" not in driver.text
        theirs.faults(monkeypatch)
        await driver.press("r")
        await driver.until("Gateway token", "in use")


async def test_another_gateways_secrets_are_not_those_of_this_one(
    theirs: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    have_clawdbot()
    theirs.faults(monkeypatch)
    async with driving() as driver:
        await open_secrets(driver)
        gate = theirs.hold(monkeypatch, "secrets list")
        driver.session.home_app = CLAWDBOT
        driver.app.go("home")
        await driver.until_true(gate.is_reached)
        driver.app.go("rotation")
        await driver.until("Looking …")
        assert "in use" not in driver.text
        gate.open()
        await driver.until("Discord", "in use")


async def test_replace_and_apply(theirs: Cloud, tmp_path: Path) -> None:
    before = theirs.app("my-app")
    async with driving() as driver:
        await open_secrets(driver)
        assert "Apply" not in driver.text
        await driver.press("g")
        await driver.until("new here, not sent yet", "^N Apply")
        await driver.press("down", "enter")
        await driver.until("console.anthropic.com")
        driver.app.screen.query_one(SecretInput).value = CLAUDE
        await driver.press("enter")
        await driver.until("accepted")
        await driver.until("(2), with one restart")
        await driver.press("ctrl+n")
        await driver.until("fly secrets import --app my-app --stage", "fly secrets deploy --app my-app")
        await driver.press("down", "enter")
        await driver.until("Done: the gateway runs with its secrets", "It has a new token")
        assert "Privacy" not in driver.text, "the road's rail is not for this"
        await driver.press("ctrl+n")
        await driver.until("2 set (K)")
        assert "CANARY" not in driver.text
    app = theirs.app("my-app")
    assert app["secrets"]["ANTHROPIC_API_KEY"]["digest"] == world.digest(CLAUDE)
    assert app["secrets"][TOKEN]["digest"] != before["secrets"][TOKEN]["digest"]
    assert len(app["releases"]) == len(before["releases"]) + 1
    assert_no_canary(tmp_path)


async def test_take_away_and_think_again(theirs: Cloud) -> None:
    async with driving() as driver:
        await open_secrets(driver)
        await driver.press("delete")
        await driver.until("Without its token the gateway does not start")
        await driver.press("down", "delete")
        await driver.until("Take ANTHROPIC_API_KEY away?")
        await driver.press("escape")
        await driver.until("in use")
        await driver.press("delete")
        await driver.until("Take ANTHROPIC_API_KEY away?")
        await driver.press("down", "enter")
        await driver.until("goes away when you apply", "to be taken away")
        await driver.press("enter")
        await driver.until("ANTHROPIC_API_KEY stays.")
        assert "to be taken away" not in driver.text
        await driver.press("delete")
        await driver.until("last key of a model provider")
        await driver.press("down", "enter")
        await driver.until("to be taken away; Enter keeps it")
        await driver.press("delete")
        await driver.until("ANTHROPIC_API_KEY stays.")
    assert "ANTHROPIC_API_KEY" in theirs.app("my-app")["secrets"]


async def test_one_that_was_set_elsewhere(theirs: Cloud) -> None:
    async with driving() as driver:
        await open_secrets(driver)
        state = driver.session.services.state
        await driver.session.vault.put("my-app", "ANTHROPIC_API_KEY", Secret(CLAUDE))
        state.set_sent_digests(
            "my-app", {"ANTHROPIC_API_KEY": (state.revisions("my-app")["ANTHROPIC_API_KEY"], "0123")}
        )
        await driver.press("r")
        await driver.until("set anew elsewhere")
        await driver.press("down", "enter")
        await driver.until("was set elsewhere after it was sent from here")
        await driver.press("down", "enter")
        await driver.until("new here, not sent yet")
        await driver.press("enter")
        await driver.until("is not sent yet")
        await driver.press("down", "enter")
        await driver.until("not sent yet", gone=True)
        await driver.press("escape")
        await driver.until("2 set (K)")


async def test_one_of_a_name_of_ones_own(theirs: Cloud) -> None:
    async with driving() as driver:
        await open_secrets(driver)
        await driver.press("n")
        await driver.until("TWILIO_AUTH_TOKEN")
        await driver.type("AIzaSyABCDEFGHIJabcdefghij0123456789")
        await driver.press("enter")
        await driver.until("looks like a key, not like a name")
        await driver.press("home", "shift+end", "delete")
        await driver.type("FLY_X")
        await driver.press("enter")
        await driver.until("belong to Fly.io")
        for _ in "FLY_X":
            await driver.press("backspace")
        await driver.type("MY_OWN")
        await driver.press("enter")
        await driver.until("A secret of your own")
        driver.app.screen.query_one(SecretInput).value = "CANARYown"
        await driver.press("enter")
        await driver.until("MY_OWN", "new here, not sent yet")


async def test_a_run_that_failed_goes_on_from_the_start(
    theirs: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The memory that the value was in is gone: it is asked for where it was given."""
    theirs.faults(monkeypatch, {"command": "secrets import", "exit": 1, "stderr": "Error: upstream error"})
    async with driving() as driver:
        await open_secrets(driver)
        await give_token_and_apply(driver)
        await driver.until("R  Try again")
        await driver.press("escape")  # what helps
        await driver.until("It stopped at a step that failed")
    async with driving() as driver:
        await driver.until("Go on giving my-app its secrets")
        await driver.press("enter")
        await driver.until("R  Try again")
        await driver.press("escape")
        await driver.until("It stopped at a step that failed")
        await driver.press("r")
        await driver.until("Not at hand: OPENCLAW_GATEWAY_TOKEN")
        await driver.until("not at hand here: give it again", "kept in memory only")


async def test_the_answers_of_home_are_not_touched_by_another_draft(theirs: Cloud) -> None:
    async with driving(spec=WISH) as driver:
        driver.session.update(app="another-one")
        for name, value in SECRETS.items():
            await driver.session.keep_secret(name, value)
        await open_secrets(driver)
        await give_token_and_apply(driver)
        await driver.until("Done: the gateway runs")
        async with asyncio.timeout(20):
            while driver.session.run is None or driver.session.run.state() is not JobState.DONE:
                await asyncio.sleep(0.02)
        draft = driver.session.services.state.load_draft()
        assert draft is not None
        assert draft.app == driver.spec.app == "another-one"
        assert draft.secret_names == tuple(SECRETS)
