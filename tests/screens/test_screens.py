"""Every screen: what it shows, what it asks, what it refuses, and that nothing typed is lost."""

from __future__ import annotations

import asyncio
import math
import os
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual.app import App
from textual.events import Paste

import claw_tui.app
from claw_tui.app import ClawApp
from claw_tui.demo import world
from claw_tui.domain.errors import ClawError
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import FLY_TOKEN, kind_of
from claw_tui.domain.spec import DiscordSpec, GatewaySpec, GuildSpec, Spec
from claw_tui.engine.proof import Evidence, Proof, Verdict
from claw_tui.engine.vault import ACCOUNT
from claw_tui.screens import finish, road
from claw_tui.screens.login import TokenDialog
from claw_tui.screens.secret import SecretDialog
from claw_tui.widgets.line_input import LineInput
from claw_tui.widgets.secret_input import SecretInput
from claw_tui.wiring import services_for
from tests.conftest import Cloud
from tests.engine.rig import SECRETS, WISH, assert_no_canary, have_gateway
from tests.screens.driver import Driver, answer, driving

pytestmark = pytest.mark.anyio
NAMED = Spec(org="personal", app="my-app", region="fra")


@pytest.fixture(autouse=True)
def logged_in(cloud: Cloud, request: pytest.FixtureRequest) -> None:
    if "nobody" not in request.keywords:
        cloud.log_in()


async def give_all(driver: Driver) -> None:
    for name, value in SECRETS.items():
        await driver.session.keep_secret(name, value, "accepted")


# -- Start --------------------------------------------------------------------------------------------------------
async def test_start_tells_what_is_ready(cloud: Cloud) -> None:
    async with driving() as driver:
        await driver.until(
            "READY", "flyctl 0.4.87", "Logged in as you@example.com", "payment method", "Set up a new gateway"
        )
        await driver.press("f5")
        await driver.until("flyctl 0.4.87")


async def test_start_says_how_large_the_window_is_now(cloud: Cloud) -> None:
    async with driving() as driver:
        await driver.until("Terminal 80x24")
        await driver.resize(120, 40)
        await driver.until("Terminal 120x40")


async def test_start_without_a_login_leads_to_the_account(cloud: Cloud) -> None:
    with world.opened() as now:
        now["login"] = None
    async with driving() as driver:
        await driver.until("Nobody is logged in", "The next screen logs you in")
        await driver.press("enter")
        await driver.until("You are not logged in.")


async def test_start_without_flyctl_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAW_TUI_FLYCTL", "no-such-flyctl")
    app = ClawApp(lambda: services_for(os.environ, demo=False), demo=False)
    async with app.run_test(size=(80, 24)) as pilot:
        driver = Driver(app, pilot)
        await driver.until("BLOCKED", "flyctl was not found", "https://fly.io/docs/flyctl/install/")
        await driver.press("enter")
        await driver.until("Something above is in the way")


async def test_start_offers_the_answers_of_last_time(cloud: Cloud) -> None:
    async with driving(spec=NAMED):
        pass
    async with driving() as driver:
        await driver.until("Go on with the answers of last time (my-app)")
        await driver.press("enter")
        await driver.until("Logged in as")
        assert driver.spec.app == "my-app"


async def test_answers_that_cannot_be_read_are_told_and_stay(tmp_path: Path) -> None:
    draft = tmp_path / "state" / "demo" / "draft.toml"
    draft.parent.mkdir(parents=True, exist_ok=True)
    draft.write_text("app = 3")
    async with driving() as driver:
        await driver.until("draft.toml can't be used")
        assert draft.read_text() == "app = 3"


# -- Account ------------------------------------------------------------------------------------------------------
async def test_logging_in_with_a_code_a_wrong_one_first(cloud: Cloud) -> None:
    with world.opened() as now:
        now["login"] = None
    async with driving() as driver:
        await driver.go("account")
        await driver.press("ctrl+n")
        await driver.until("Log in first")
        await driver.press("enter")
        await driver.until("https://fly.io/app/auth/cli/", "In the demo the code is: demo", "▀")
        await driver.paste("wrong")
        await driver.press("enter")
        await driver.until("That code did not work")
        await driver.paste("demo")
        await driver.press("enter")
        await driver.until("Logged in as you@example.com", "personal", "payment method")
        await driver.press("ctrl+n")
        await driver.until("App name")


async def test_nobody_is_taken_for_logged_out_before_flyctl_has_answered(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.log_in()
    gate = cloud.hold(monkeypatch, "auth whoami", times=9)
    async with driving(early=True) as driver:
        await driver.until("Set up a new gateway")
        await driver.until_true(gate.is_reached)
        await driver.press("enter")
        await driver.until("Asking flyctl")
        await driver.press("ctrl+n")
        gate.open()
        await driver.until("App name")


async def test_a_login_that_can_not_be_asked_for_is_not_none(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.log_in()
    cloud.refuse(monkeypatch, "auth whoami")
    async with driving() as driver:
        await driver.go("account")
        await driver.until("Who is logged in could not be asked", "the sky fell")
        await driver.press("ctrl+n")
        await driver.settle()
        await driver.until("Who is logged in could not be asked", "the sky fell")


async def test_leaving_the_login_ends_flyctl(cloud: Cloud) -> None:
    with world.opened() as now:
        now["login"] = None
    async with driving() as driver:
        await driver.go("account")
        await driver.press("enter")
        await driver.until("https://fly.io/app/auth/cli/")
        login = driver.app.screen._login  # type: ignore[attr-defined]
        await driver.press("escape")
        await driver.until("You are not logged in.")
        assert login._run.done()


async def test_a_pasted_token_is_tried_before_it_is_kept(cloud: Cloud) -> None:
    with world.opened() as now:
        now["login"] = None
    async with driving() as driver:
        await driver.go("account")
        await driver.press("down", "enter")
        await driver.until("Paste a Fly.io token")
        await driver.paste("fo1_bad-token-bad-token")
        await driver.press("enter")
        await driver.until("does not accept the login")
        assert driver.session.services.fly.token is None
        await driver.press("f3", "enter")
        await driver.until("Logged in as you@example.com, with the token that you pasted")


async def test_of_a_token_and_a_login_it_is_said_which_counts(cloud: Cloud) -> None:
    with world.opened() as now:
        now["login"] = None
    async with driving() as driver:
        await driver.go("account")
        assert "Forget the token" not in driver.text
        await driver.press("down", "enter")
        await driver.until("Paste a Fly.io token")
        await driver.press("f3", "enter")
        await driver.until("Logged in as you@example.com, with the token that you pasted")
        assert "not used" not in driver.text
        driver.app.screen.query_one("#ways").focus()
        await driver.press("home", "enter")
        await driver.until("https://fly.io/app/auth/cli/")
        await driver.paste("demo")
        await driver.press("enter")
        await driver.until(
            "Logged in as you@example.com, with the token that you pasted",
            "Here, too, and not used: flyctl's own login. What counts first: the token that you pasted.",
        )
        driver.app.screen.query_one("#ways").focus()
        await driver.press("end", "enter")
        await driver.until("Forget the token that you pasted?")
        await driver.press("down", "enter")
        await driver.until(
            "Logged in as you@example.com, with flyctl's own login", "The token was forgotten."
        )
        assert "Forget the token that I" not in driver.text
        driver.app.screen.query_one("#ways").focus()
        await driver.press("home", "down", "enter")
        await driver.until("Paste a Fly.io token")
        await driver.press("f3", "enter")
        await driver.until("with the token that you pasted", "Here, too, and not used: flyctl's own login.")


async def test_a_pasted_token_that_is_not_accepted_any_more_is_named(cloud: Cloud) -> None:
    async with driving() as driver:
        await driver.session.vault.put(ACCOUNT, FLY_TOKEN, Secret("fo1_bad-token-bad-token"))
        await driver.go("account")
        await driver.press("f5")
        await driver.until(
            "with flyctl's own login", "Not accepted by Fly.io any more: the token that you pasted."
        )


async def test_a_trial_is_told_when_its_organization_is_chosen(cloud: Cloud) -> None:
    async with driving() as driver:
        await driver.go("account")
        await driver.until("payment method")
        await driver.press("right")
        await driver.until("Free trial: machines stop after 5 minutes", "Add a card")
        assert driver.spec.org == "claw-club"
        await driver.press("enter")
        await driver.until("Type to search")
        await driver.type("pers")
        await driver.press("enter")
        await driver.until("personal")
        assert driver.spec.org == "personal"


# -- App ----------------------------------------------------------------------------------------------------------
async def test_the_name_is_checked_while_it_is_typed(cloud: Cloud) -> None:
    async with driving() as driver:
        await driver.go("app")
        await driver.until("Probably free", "About $")
        await driver.press("home", "shift+end", "delete")
        await driver.until("The app needs a name")
        await driver.type("My_App")
        await driver.until("Small letters only, e.g. my-app")
        await driver.press("ctrl+n")
        await driver.until("App name", "Small letters only")
        await driver.press("f4")
        await driver.until("Probably free")
        await driver.press("ctrl+n")
        await driver.until("Gateway token")
        assert driver.spec.app.startswith("my-")


async def test_what_is_typed_survives_lists_and_going_back_and_forth(cloud: Cloud) -> None:
    async with driving() as driver:
        await driver.go("app")
        await driver.until("Probably free")
        await driver.press("home", "shift+end", "delete")
        await driver.type("kept-name")
        await driver.press("tab", "enter")
        await driver.until("Type to search")
        await driver.type("sydney")
        await driver.press("enter")
        await driver.until("syd", "kept-name")
        await driver.press("escape")
        await driver.until("Logged in as")
        await driver.press("ctrl+n")
        await driver.until("kept-name", "syd")
        assert (driver.spec.app, driver.spec.region) == ("kept-name", "syd")


async def test_the_price_follows_the_choices(cloud: Cloud) -> None:
    async with driving(spec=replace(NAMED, region="iad")) as driver:
        await driver.go("app")
        await driver.until("About $13.84 a month: machine $13.39 + volume $0.45")
        await driver.press("tab", "tab", "right")
        await driver.until("About $14.14")
        await driver.press("tab", "tab", "right")
        await driver.until("4 GB", "machine $25.39")
        assert (driver.spec.volume_gb, driver.spec.memory_mb) == (5, 4096)


async def test_a_version_that_does_not_exist_or_moves_is_told(cloud: Cloud) -> None:
    async with driving(spec=replace(NAMED, version="2026.9.1")) as driver:
        await driver.go("app")
        await driver.until("The registry has it; the newest is 2026.10.1.")
        await driver.press("shift+tab", "end", *["backspace"] * 8)
        await driver.type("1999.1.1")
        await driver.press("tab")
        await driver.until("The image registry has no version 1999.1.1.")
        await driver.press("shift+tab", "end", "backspace")
        assert "has no version" not in driver.text, "something else stands there"
        await driver.type("1")
        await driver.press("tab")
        await driver.until("The image registry has no version 1999.1.1.")
        await driver.press("shift+tab", "end", *["backspace"] * 8)
        await driver.type("latest")
        await driver.press("ctrl+n")
        await driver.until("This tag moves")


async def test_of_a_paste_that_is_too_long_there_is_as_much_as_has_room(cloud: Cloud) -> None:
    async with driving(spec=NAMED) as driver:
        await driver.go("app")
        await driver.press("end", "ctrl+u")
        await driver.paste("x" * 90)
        await driver.until("At most 63 characters")
        await driver.press("end", "ctrl+u")
        await driver.paste("my-own-name\nand more")
        assert driver.app.screen.query_one("#name-input", LineInput).value == "my-own-name"


async def test_a_version_that_does_not_exist_is_told_before_anything_is_made(cloud: Cloud) -> None:
    async with driving(spec=replace(WISH, version="1999.1.1")) as driver:
        await give_all(driver)
        await driver.go("review")
        await driver.until("Still missing", "The image registry has no OpenClaw 1999.1.1.")
        await driver.press("ctrl+n")
        await driver.until("There is no plan yet.")
        await driver.press("enter")
        await driver.until("App name")
    assert cloud.read()["apps"] == {}


async def test_an_app_that_is_ones_own_is_taken_up_with_its_volume(services: object, cloud: Cloud) -> None:
    fly = services_for(os.environ, demo=True).fly
    fly.use_token(Secret("fo1_x"))
    await fly.create_app("mine", "personal")
    await fly.create_volume(
        "mine", "old_data", region="syd", size_gb=7, vm_size="shared-cpu-1x", memory_mb=256
    )
    async with driving(spec=replace(NAMED, app="mine")) as driver:
        await driver.go("app")
        await driver.until("This app is yours already; its volume old_data, 7 GB in syd", "7 GB", "syd")
        assert (driver.spec.region, driver.spec.volume_name, driver.spec.volume_gb) == ("syd", "old_data", 7)


# -- Secrets ------------------------------------------------------------------------------------------------------
async def test_a_gateway_token_is_made_and_a_model_key_is_asked_for(cloud: Cloud) -> None:
    async with driving(spec=NAMED) as driver:
        await driver.go("secrets")
        await driver.until("Gateway token", "given", "new, random")
        await driver.press("ctrl+n")
        await driver.until("Give the key of one model provider at least")


async def test_a_key_is_looked_at_tried_and_kept(cloud: Cloud, tmp_path: Path) -> None:
    async with driving(spec=NAMED) as driver:
        await driver.go("secrets")
        await driver.press("down", "enter")
        await driver.until(
            "https://console.anthropic.com/settings/keys", "It looks like this: sk-ant-api03-…"
        )
        await driver.paste("nonsense")
        await driver.until("does not look like one")
        await driver.press("home", "shift+end", "delete")
        await driver.paste("sk-ant-api03-bad-bad-bad-bad-bad")
        await driver.until("looks right")
        await driver.press("enter")
        await driver.until("does not accept it")
        await driver.press("home", "shift+end", "delete", "f3", "enter")
        await driver.until("accepted · 3 models can be used")
        assert driver.spec.gateway.primary_model == "anthropic/claude-opus-5"
        await driver.press("delete")
        await driver.until("was forgotten here")
        assert driver.spec.gateway.primary_model == ""


async def test_a_key_without_a_check_and_one_without_quota(cloud: Cloud) -> None:
    async with driving(spec=NAMED) as driver:
        await driver.go("secrets")
        await driver.press("down", "down", "enter")
        await driver.until("OpenAI")
        await driver.paste("sk-limited-limited-limited-x")
        await driver.press("enter")
        await driver.until("no credit left")
        await driver.press("enter")
        await driver.until("platform.openai.com")
        await driver.paste("sk-bad-bad-bad-bad-bad-bad-x")
        await driver.press("f7")
        await driver.until("not checked")


async def test_other_providers_appear_when_asked_for(cloud: Cloud) -> None:
    async with driving(spec=NAMED) as driver:
        await driver.go("secrets")
        await driver.press("down", "down", "down", "down", "enter")
        await driver.until("OpenRouter", "Groq", "Mistral")


async def test_a_secret_is_in_no_message_no_file_and_not_on_the_screen(cloud: Cloud, tmp_path: Path) -> None:
    messages: list[object] = []
    app = ClawApp(lambda: services_for(os.environ, demo=True), demo=True)
    async with app.run_test(size=(80, 24), message_hook=messages.append) as pilot:
        driver = Driver(app, pilot)
        await driver.settle()
        app.session.update(app="my-app")
        await driver.go("secrets")
        await driver.press("down", "enter")
        await driver.until("sk-ant-api03-…")
        field = app.screen.query_one(SecretInput)
        field._on_paste(_paste("  sk-ant-api03-CANARYanthropic\nCANARYanthropic  "))
        await driver.until("F8 takes off", "blanks around it")
        await driver.press("enter")
        await driver.until("line breaks or blanks", "F8 takes off")
        await driver.press("f8")
        await driver.until("43 characters, looks right")
        assert "CANARY" not in driver.text
        for select in ("ctrl+shift+a", "shift+home"):
            await driver.press("end", select, "ctrl+c", "ctrl+x", "super+c")
        await pilot.click(field, times=2)
        await driver.press("ctrl+c")
        assert field.secret == SECRETS["ANTHROPIC_API_KEY"]
        assert app.clipboard == ""
        await driver.press("end", "f2")
        await driver.until("43 characters, the end is …opic")
        await driver.press("x")
        await driver.until("the end is", gone=True)
        await driver.press("backspace")
        await driver.press("enter")
        await driver.until("accepted")
        assert "CANARY" not in driver.text
    assert "CANARY" not in repr([m for m in messages if type(m).__name__ not in ("Paste", "Key")])
    assert_no_canary(tmp_path)


def _paste(text: str) -> Paste:
    return Paste(text)


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
async def test_a_long_paste_over_several_lines_stays_as_it_is(cloud: Cloud, line_end: str) -> None:
    """Twenty kilobytes, as a key of somebody's own may have; a terminal sends its line ends as Enter."""
    lines = ["-----BEGIN KEY-----", *("CANARY" + "x" * 58 for _ in range(310)), "-----END KEY-----"]
    async with driving(spec=NAMED) as driver:
        await driver.until("claw-tui")
        answers: list[str | None] = []
        driver.app.push_screen(SecretDialog(kind_of("MY_OWN_KEY")), answers.append)
        await driver.until("paste it here")
        await driver.paste(line_end.join(lines))
        await driver.until("looks right")
        assert "CANARY" not in driver.text
        await driver.press("enter")
        await driver.until("paste it here", gone=True)
        assert answers
        kept = await driver.session.vault.get(NAMED.app, "MY_OWN_KEY")
        assert kept == Secret("\n".join(lines))


async def test_an_odd_value_is_kept_as_it_is_when_enter_is_pressed_again(cloud: Cloud) -> None:
    async with driving(spec=NAMED) as driver:
        await driver.until("claw-tui")
        driver.app.push_screen(SecretDialog(kind_of("MY_OWN_KEY")))
        await driver.until("paste it here")
        await driver.paste('"in quotes"')
        await driver.until("F8 takes off: the quotes around it. 9 characters stay.")
        await driver.press("enter")
        await driver.until("Enter again keeps it as it is.")
        await driver.press("enter")
        await driver.until("F8 takes off", gone=True)
        assert await driver.session.vault.get(NAMED.app, "MY_OWN_KEY") == Secret('"in quotes"')


async def test_another_companys_key_is_called_by_its_name_and_goes_to_nobody(cloud: Cloud) -> None:
    async with driving(spec=NAMED) as driver:
        await driver.until("claw-tui")
        asked: list[str] = []
        driver.session.services.keys.check = lambda env, _value: asked.append(env)  # type: ignore[assignment, method-assign, return-value]
        driver.app.push_screen(SecretDialog(kind_of("OPENAI_API_KEY")))
        await driver.until("paste it here")
        await driver.paste("sk-ant-api03-" + "x" * 40)
        await driver.until("This is another one: Anthropic key. Here belongs: OpenAI key.")
        for key in ("enter", "f7"):
            await driver.press(key)
            await driver.until("This is another one")
        assert not asked
        assert await driver.session.vault.get(NAMED.app, "OPENAI_API_KEY") is None


async def test_a_key_that_only_looks_otherwise_can_be_kept_without_a_check(cloud: Cloud) -> None:
    async with driving(spec=NAMED) as driver:
        await driver.until("claw-tui")
        driver.app.push_screen(SecretDialog(kind_of("GEMINI_API_KEY")))
        await driver.until("paste it here")
        await driver.paste("AQ.new-kind-of-key")
        await driver.press("enter")
        await driver.until("does not look like one", "If it is one, F7 keeps it without a check.")
        await driver.press("f7")
        await driver.until("does not look like one", gone=True)
        assert await driver.session.vault.get(NAMED.app, "GEMINI_API_KEY") == Secret("AQ.new-kind-of-key")


async def test_what_cannot_be_sent_is_refused_in_the_field(cloud: Cloud) -> None:
    async with driving(spec=NAMED) as driver:
        await driver.until("claw-tui")
        driver.app.push_screen(SecretDialog(kind_of("MY_OWN_KEY")))
        await driver.until("paste it here")
        await driver.paste(' "#')
        await driver.press("enter", "enter")
        await driver.until("flyctl would change it", "F8 takes off: the blanks around it")
        await driver.press("f8")
        await driver.until("2 characters, looks right")


async def test_a_key_is_not_tried_as_a_fly_token(cloud: Cloud) -> None:
    async with driving() as driver:
        await driver.until("claw-tui")
        before = driver.session.services.fly.token
        driver.app.push_screen(TokenDialog())
        await driver.until("Paste a Fly.io token")
        await driver.paste("sk-proj-" + "x" * 48)
        await driver.press("enter")
        await driver.until("This is another one: OpenAI key. Here belongs: Fly.io token.")
        assert driver.session.services.fly.token == before


async def test_a_token_is_offered_clean_too(cloud: Cloud) -> None:
    async with driving() as driver:
        await driver.until("claw-tui")
        driver.app.push_screen(TokenDialog())
        await driver.until("Paste a Fly.io token")
        await driver.paste("export FLY_API_TOKEN='FlyV1 fm2_abcdefgh'\n")
        await driver.until("F8 takes off", "“FLY_API_TOKEN”", "18 characters stay")
        await driver.press("enter")
        await driver.until("F8 takes off")
        await driver.press("f8", "enter")
        await driver.until("Trying it …", "F8 takes off", gone=True)


async def test_where_secrets_are_kept_can_be_chosen(cloud: Cloud) -> None:
    async with driving(spec=NAMED) as driver:
        await driver.go("secrets")
        await driver.press("f6")
        await driver.until("Where are secrets kept?", "Memory, until you leave claw-tui")
        await driver.press("escape")
        await driver.until("Gateway token")


# -- Gateway ------------------------------------------------------------------------------------------------------
async def test_servers_and_channels_are_picked_not_typed(cloud: Cloud) -> None:
    async with driving(spec=NAMED) as driver:
        await give_all(driver)
        await driver.go("secrets")
        await driver.press("down", "enter")
        await driver.until("console.anthropic")
        await driver.press("f3", "enter")
        await driver.until("accepted")
        await driver.go("gateway")
        await driver.until("anthropic/claude-opus-5", "Phone calls")
        await driver.press("tab", "tab", "tab", "tab", "enter")
        await driver.until("Claw Club", "#general", "Talk")
        await driver.press("slash")
        await driver.type("ask")
        await driver.until("#general", gone=True)
        await driver.press("space", "escape", "slash")
        await driver.type("chat")
        await driver.until("#ask", gone=True)
        await driver.press("space", "enter")
        await driver.until("2 channels in Claw Club, Open Source Friends", "[x] only when mentioned")
        one, three = driver.spec.gateway.discord.guilds
        assert [c.name for c in one.channels] == ["ask-the-claw"]
        assert [c.name for c in three.channels] == ["chat"]
        await driver.press("tab", "space")
        assert not any(guild.require_mention for guild in driver.spec.gateway.discord.guilds)
        await driver.press("f4")
        await driver.until("openclaw.json", '"gateway"')


@pytest.mark.parametrize(
    ("version", "best"), [("2026.9.1", "openai/gpt-5.6-sol"), ("2026.9.6", "openai/gpt-6-astra")]
)
async def test_the_models_are_those_of_the_version_that_is_deployed(
    cloud: Cloud, version: str, best: str
) -> None:
    async with driving(spec=replace(NAMED, version=version)) as driver:
        await driver.session.keep_secret("OPENAI_API_KEY", Secret("sk-" + "o" * 30), "accepted")
        await driver.go("gateway")
        await driver.press("enter")
        await driver.until("Another model", best)
        await driver.press("enter")
        await driver.until("F4 openclaw.json")
        assert driver.spec.gateway.primary_model == best


async def test_models_agents_and_numbers(cloud: Cloud) -> None:
    async with driving(
        spec=replace(NAMED, gateway=GatewaySpec(primary_model="anthropic/claude-opus-5"))
    ) as driver:
        await give_all(driver)
        await driver.go("gateway")
        await driver.press("enter")
        await driver.until("Another model")
        await driver.type("sonnet")
        await driver.press("enter")
        await driver.until("anthropic/claude-sonnet-5")
        await driver.press("tab", "enter")
        await driver.until("Fallback models")
        await driver.press("space", "down", "space", "enter")
        assert driver.spec.gateway.primary_model == "anthropic/claude-sonnet-5"
        assert driver.spec.gateway.fallback_models == (
            "anthropic/claude-opus-5",
            "anthropic/claude-opus-5-5",
        )
        await driver.press("tab", "end")
        await driver.type(", Work")
        await driver.press("ctrl+n")
        await driver.until("Work: Small letters")
        await driver.press("backspace", "backspace", "backspace", "backspace")
        await driver.type("work")
        await driver.press("tab", "end", "backspace")
        await driver.type("99")
        await driver.press("ctrl+n")
        await driver.until("A number from 1 to 64")
        await driver.press("backspace", "backspace")
        await driver.type("8")
        await driver.press("ctrl+n")
        await driver.until("Who may knock")
        assert [agent.id for agent in driver.spec.gateway.agents] == ["main", "work"]
        assert driver.spec.gateway.max_concurrent == 8


async def test_a_typed_model_is_looked_at(cloud: Cloud) -> None:
    async with driving(
        spec=replace(NAMED, gateway=GatewaySpec(primary_model="anthropic/claude-opus-5"))
    ) as driver:
        await give_all(driver)
        await driver.go("gateway")
        await driver.press("enter")
        await driver.until("Another model")
        await driver.press("end", "enter")
        await driver.until("provider/name, as OpenClaw writes it")
        await driver.press("home", "shift+end", "delete")
        await driver.type("openai/gpt-4o")
        await driver.press("enter")
        await driver.until("This model was replaced by openai/gpt-5.6-sol")


async def test_a_channel_without_its_token_is_stopped(cloud: Cloud) -> None:
    wish = replace(
        NAMED,
        gateway=GatewaySpec(primary_model="a/b", discord=DiscordSpec(enabled=True, guilds=(GuildSpec("1"),))),
    )
    async with driving(spec=wish) as driver:
        await driver.go("gateway")
        await driver.until("Needs DISCORD_BOT_TOKEN")
        await driver.press("ctrl+n")
        await driver.until("It needs DISCORD_BOT_TOKEN on the Secrets screen")


# -- Privacy, Review ----------------------------------------------------------------------------------------------
async def test_the_choice_of_privacy_reaches_every_file(cloud: Cloud) -> None:
    async with driving(spec=WISH) as driver:
        await give_all(driver)
        await driver.go("privacy")
        await driver.until("Found by scanners", "https://my-app.fly.dev")
        await driver.press("down")
        await driver.until("fly proxy 3000:3000 my-app.flycast -a my-app")
        assert driver.spec.private
        await driver.press("enter")
        await driver.until("Give it a private address", "Ctrl+N starts")
        await driver.press("f4")
        await driver.until("fly.toml", "[[services]]")
        await driver.press("escape")
        await driver.press("down", "down", "down", "down")
        await driver.until("--no-public-ips")


async def test_review_names_what_is_missing_and_goes_there(cloud: Cloud) -> None:
    async with driving(spec=NAMED) as driver:
        await driver.go("review")
        await driver.until("Still missing", "Secrets", "The gateway needs a token", "Choose a model")
        await driver.press("ctrl+n")
        await driver.until("There is no plan yet")
        await driver.press("enter")
        await driver.until("Model providers")


async def test_what_could_not_be_asked_is_forgotten_once_it_could(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.log_in()
    cloud.faults(monkeypatch)
    async with driving(spec=WISH) as driver:
        await give_all(driver)
        cloud.refuse(monkeypatch, "status", "apps list")
        driver.session.reader.changed("my-app")
        await driver.go("review")
        await driver.until("the sky fell")
        await driver.press("ctrl+n")
        await driver.until("There is no plan yet.")
        cloud.faults(monkeypatch)
        await driver.press("f5")
        await driver.until("Ctrl+N starts", "Create the app")
        assert "There is no plan yet." not in driver.text


async def test_ones_own_fly_toml_is_used_and_a_broken_one_refused(cloud: Cloud, tmp_path: Path) -> None:
    own, broken = tmp_path / "own.toml", tmp_path / "broken.toml"
    own.write_text('# mine\n[env]\nMINE = "1"\n')
    broken.write_text("x x")
    async with driving(spec=WISH) as driver:
        await give_all(driver)
        await driver.go("review")
        for name, said in ((str(tmp_path / "none"), "There is no file"), (str(broken), "It is not TOML")):
            await driver.press("f7")
            await driver.until("Use my own fly.toml")
            driver.fill(name)
            await driver.press("enter")
            await driver.until(said)
        await driver.press("f7")
        await driver.until("Use my own fly.toml")
        driver.fill(str(own))
        await driver.press("enter")
        await driver.until("What is changed in your fly.toml", "is no clean end")
        await driver.press("escape")
        await driver.until("Using ")
        await driver.press("f4")
        await driver.until("# mine", "MINE")


async def test_a_file_can_be_saved_and_is_not_replaced_unasked(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with driving(spec=WISH) as driver:
        await give_all(driver)
        await driver.go("review")
        await driver.press("f4")
        await driver.until("primary_region")
        await driver.press("f6")
        await driver.until("Save as")
        await driver.press("enter")
        await driver.until("Saved")
        assert 'app = "my-app"' in (tmp_path / "fly.toml").read_text()
        (tmp_path / "fly.toml").write_text("old")
        await driver.press("f6")
        await driver.until("Save as")
        await driver.press("enter")
        await driver.until("exists. Replace it?")
        await driver.press("enter")
        await driver.until("Replace it?", gone=True)
        assert (tmp_path / "fly.toml").read_text() == "old"


# -- Deploy, Finish, Home -----------------------------------------------------------------------------------------
async def test_a_run_is_watched_to_its_proof_and_home(cloud: Cloud) -> None:
    async with driving(spec=WISH) as driver:
        await give_all(driver)
        await driver.go("review")
        await driver.until("Ctrl+N starts")
        await driver.press("ctrl+n")
        await driver.until("Create the app", "You may leave")
        await driver.until("Done. Ctrl+N shows the proof", "answers     done")
        await driver.press("ctrl+n")
        await driver.until(
            "https://my-app.fly.dev",
            "PASS",
            "The gateway answers",
            "Discord is connected",
            "Its log says: ready",
        )
        await driver.until("Waiting to be let in", "Chrome", "ada")
        await driver.press("enter")
        await driver.until("Let this in?")
        await driver.press("down", "enter")
        await driver.until("Let in: Chrome", "Waiting to be let in")
        await driver.press("f4")
        await driver.until("One-time link", "(hidden,", "Valid for")
        assert "bootstrapToken" not in driver.text
        await driver.press("f2")
        await driver.until("bootstrapToken=", "https://my-app.fly.dev/#")
        await driver.press("escape", "f6")
        await driver.until("OPENCLAW_GATEWAY_TOKEN", "(hidden,")
        await driver.press("f2")
        await driver.until("CANARYgateway")
        await driver.press("escape", "ctrl+n")
        await driver.until("Machine", "started, passing", "2026.9.6; 2026.10.1 is out (U)", "[gateway] ready")


async def test_what_is_still_starting_is_looked_at_again_without_a_key(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finish, "AGAIN_SECONDS", 0.3)
    looks, connected = 0, False

    async def lines(_proof: Proof) -> AsyncIterator[Evidence]:
        nonlocal looks
        looks += 1
        yield Evidence("health", Verdict.PASS, "The gateway answers")
        if not connected:
            yield Evidence("discord", Verdict.WAIT, "Discord is not connected yet", "A minute or two.")
        else:
            yield Evidence("discord", Verdict.PASS, "Discord is connected")

    monkeypatch.setattr(Proof, "lines", lines)
    async with driving(spec=WISH) as driver:
        await driver.go("finish")
        await driver.until("WAIT", "A minute or two.", "Looks again by itself.")
        connected = True
        await driver.until("Discord is connected", "PASS")
        await driver.settle()
        assert "Looks again" not in driver.text
        assert looks > 1


@pytest.mark.parametrize(
    ("app", "said", "goes"),
    [("demo-taken-1", "already has this app name", "App name"), ("demo-card-1", "payment method", "")],
)
async def test_a_failure_is_one_sentence_with_its_keys(cloud: Cloud, app: str, said: str, goes: str) -> None:
    async with driving(spec=replace(WISH, app=app)) as driver:
        await give_all(driver)
        await driver.go("review")
        await driver.until("Ctrl+N starts")
        await driver.press("ctrl+n")
        await driver.until(said, "R  Try again")
        await driver.press("escape")
        await driver.until(said, "R tries again", "failed")
        if goes:
            await driver.press("b")
            await driver.until(goes, said)
            assert driver.spec.app == app


async def test_a_failed_run_can_be_taken_up_in_the_next_sitting(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.faults(monkeypatch, {"command": "deploy", "exit": 1, "stderr": "Error: something odd\n"})
    async with driving(spec=WISH) as driver:
        await give_all(driver)
        await driver.go("review")
        await driver.until("Ctrl+N starts")
        await driver.press("ctrl+n")
        await driver.until("something odd", "R  Try again")
    async with driving() as driver:
        await driver.until("Go on with my-app: its setup was not finished")
        await driver.press("enter")
        await driver.until("something odd", "R  Try again")
        await driver.press("r")
        await driver.until("Done. Ctrl+N shows the proof", "was there already")


async def test_cancelling_is_asked_about(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    cloud.faults(monkeypatch, {"command": "deploy", "hold": str(gate)})
    async with driving(spec=WISH) as driver:
        await give_all(driver)
        await driver.go("review")
        await driver.until("Ctrl+N starts")
        await driver.press("ctrl+n")
        await driver.until("Deploy  ", "working")
        await driver.press("x")
        await driver.until("Cancel the run?")
        await driver.press("escape")
        await driver.until("Cancel the run?", gone=True)
        await driver.press("x")
        await driver.until("Cancel the run?", "it costs what it costs; R goes on later")
        await driver.press("enter")
        await driver.until("It was cancelled. What is there stays there")
        await driver.until("Cancelling", "elsewhere", gone=True)
        Path(f"{gate}.go").touch()
        await driver.press("r")
        await driver.until("Done. Ctrl+N shows the proof")


async def test_secrets_that_were_in_memory_only_are_asked_for_again(cloud: Cloud) -> None:
    async with driving(spec=WISH) as driver:
        await driver.go("review")
        await driver.until("Still missing", "Give again what was in memory only")
        await driver.press("enter")
        await driver.until("give it again: it was in memory only", "Gateway token       given")
        await give_all(driver)
        await driver.go("review")
        await driver.until("Ctrl+N starts")


@pytest.mark.parametrize("damage", [b"\xff\xfe\x00", b"app = [broken"])
async def test_damaged_answers_of_a_gateway_are_said_and_done_without(
    services: object, cloud: Cloud, tmp_path: Path, damage: bytes
) -> None:
    made = services_for(os.environ, demo=True)
    made.fly.use_token(Secret("fo1_x"))
    await have_gateway(made)
    next((tmp_path / "state").rglob("answers.toml")).write_bytes(damage)
    async with driving() as driver:
        await driver.until("Look after my-app")
        await driver.press("down", "enter")
        await driver.until("everybody, with the token")
        await driver.press("e")
        await driver.until("App name", "my-app", "Going on with what Fly.io tells")


async def test_a_failure_that_no_screen_expected_is_told_and_not_a_crash(cloud: Cloud) -> None:
    async with driving() as driver:

        async def fail() -> None:
            raise ClawError("The disk is full.", hint="Make room.")

        driver.app.screen.run_worker(fail(), group="test")
        await driver.until("The disk is full.", "Make room.", "Set up a new gateway")
        await driver.press("enter")
        await driver.until("Logged in as")


def test_a_failure_in_a_handler_ends_the_program_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    class Fails(ClawApp):
        CSS_PATH = str(Path(claw_tui.app.__file__).parent / "assets/claw.tcss")

        async def on_mount(self) -> None:
            raise ClawError("The disk is full.", hint="Make room.")

    app = Fails(lambda: services_for(os.environ, demo=True), demo=True)
    asyncio.run(app.run_async(headless=True))
    said = capsys.readouterr()
    assert app.return_code == 1
    assert "The disk is full. Make room." in said.out + said.err
    assert "Traceback" not in said.out + said.err


async def test_a_fly_toml_that_is_no_file_is_refused_and_the_path_stays(cloud: Cloud, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    async with driving(spec=WISH) as driver:
        await give_all(driver)
        await driver.go("review")
        await driver.until("Ctrl+N starts")
        await driver.press("f7")
        await driver.until("Use my own fly.toml")
        driver.fill(str(pipe))
        await driver.press("enter")
        await driver.until("is no file that can be used")  # its name may be broken over lines
        driver.fill("")
        await driver.press("enter")
        await driver.until("Using claw-tui's own fly.toml.")
        assert driver.spec.own_fly_toml == ""


async def test_a_name_that_fly_refused_is_not_called_free_again(cloud: Cloud) -> None:
    async with driving(spec=replace(WISH, app="demo-taken-1")) as driver:
        await give_all(driver)
        await driver.go("review")
        await driver.until("Ctrl+N starts")
        await driver.press("ctrl+n")
        await driver.until("B  Back to the answer")
        await driver.press("escape")
        await driver.until("W shows why")
        assert "✓Deploy" not in driver.text
        await driver.press("b")
        await driver.until("Fly.io has refused this name")
        await driver.press("home", "shift+end", "delete")
        await driver.type("another-name")
        await driver.until("Probably free: another-name.fly.dev")


async def test_an_app_made_in_this_sitting_is_known_to_be_ours(cloud: Cloud) -> None:
    async with driving() as driver:
        made = services_for(os.environ, demo=True)
        made.fly.use_token(Secret("fo1_x"))
        await have_gateway(made)
        answer(driver.app, WISH)
        await driver.go("app")
        await driver.until("This app is yours already")


async def test_home_of_a_gateway_that_exists(services: object, cloud: Cloud) -> None:
    made = services_for(os.environ, demo=True)
    made.fly.use_token(Secret("fo1_x"))
    await have_gateway(made)
    async with driving() as driver:
        await driver.until("Look after my-app")
        await driver.press("down", "enter")
        await driver.until("everybody, with the token", "openclaw_data, 3 GB, fra", "v1, complete")
        await driver.press("t")
        await driver.until("Restart machine")
        await driver.press("down", "enter")
        await driver.until("Restarted.")
        await driver.press("l")
        await driver.until("Live", "[gateway] ready")
        await driver.press("escape")
        await driver.until("Looked at")
        await driver.press("e")
        await driver.until("App name", "my-app")
        assert driver.spec == WISH
        await driver.go("home")
        await driver.press("d")
        await driver.until("Nothing to change; Ctrl+N checks")
        await driver.go("home")
        await driver.press("o")
        await driver.until("PASS")


async def test_a_gateway_that_somebody_else_made_is_found_and_read(
    services: object, cloud: Cloud, tmp_path: Path
) -> None:
    made = services_for(os.environ, demo=True)
    made.fly.use_token(Secret("fo1_x"))
    await have_gateway(made)
    for path in (tmp_path / "state" / "demo").glob("gateways/*/answers.toml"):
        path.unlink()
    async with driving() as driver:
        await driver.until("Look after my-app")
        await driver.press("down", "enter")
        await driver.until("openclaw_data, 3 GB")
        await driver.press("e")
        await driver.until("App name", "my-app")
        assert (driver.spec.region, driver.spec.memory_mb, driver.spec.private) == ("fra", 2048, False)
        assert set(driver.spec.secret_names) == set(SECRETS)


async def test_an_app_that_is_gone_says_so(cloud: Cloud) -> None:
    async with driving() as driver:
        driver.session.home_app = "gone"
        await driver.go("home")
        await driver.until("There is no app gone in this account")


# -- everywhere ---------------------------------------------------------------------------------------------------
async def test_help_says_what_each_screen_is_for_and_its_keys(cloud: Cloud) -> None:
    async with driving(spec=WISH) as driver:
        for step in (*road.ORDER, "home", "rotation"):
            driver.session.home_app = "my-app"
            await driver.go(step)
            await driver.press("f1")
            await driver.until("Help", "Keys here")
            assert len(driver.text.split()) > 40, step
            await driver.press("escape")
            assert "DEMO: a simulated cloud" in driver.text


async def test_a_window_that_gets_too_small_says_so_and_comes_back(cloud: Cloud) -> None:
    async with driving(spec=NAMED) as driver:
        await driver.go("app")
        await driver.resize(59, 24)
        await driver.until("Please make this window larger")
        await driver.resize(80, 24)
        await driver.until("App name")


async def test_nothing_that_is_typed_goes_to_what_a_small_window_hides(cloud: Cloud) -> None:
    async with driving(spec=NAMED) as driver:
        await driver.go("app")
        driver.app.screen.query_one("#name-input").focus()
        await driver.press("end")
        before = driver.app.screen.focused
        await driver.resize(59, 24)
        await driver.until("Please make this window larger", "Ctrl+Q leaves")
        await driver.type("xyz")
        await driver.paste("more")
        await driver.press("ctrl+n", "escape", "f1", "ctrl+p", "tab", "enter")
        await driver.resize(80, 24)
        await driver.until("App name")
        assert driver.app.screen.focused is before
        assert driver.spec.app == NAMED.app
        await driver.press("f1")
        await driver.until("Keys here")
        await driver.resize(59, 24)
        await driver.until("Please make this window larger")
        await driver.press("escape", "f2")
        await driver.resize(80, 24)
        await driver.until("Keys here")
        await driver.press("escape")
        await driver.until("App name")
        assert driver.app.screen.query_one("#name-input").value == NAMED.app  # type: ignore[attr-defined]
        await driver.resize(80, 19)
        await driver.press("ctrl+q")
        await driver.settle()
        assert driver.app._leaving


async def test_a_page_that_was_left_in_a_small_window_is_there_again_in_a_larger_one(cloud: Cloud) -> None:
    async with driving(spec=NAMED) as driver:
        await driver.go("app")
        await driver.resize(59, 24)
        await driver.go("account")
        await driver.until("Please make this window larger")
        await driver.resize(80, 24)
        await driver.go("app")
        await driver.until("App name")


async def test_the_palette_has_no_screenshot_command(cloud: Cloud) -> None:
    async with driving() as driver:
        titles = [command.title for command in driver.app.get_system_commands(driver.app.screen)]
        assert "Screenshot" not in titles
        assert "Quit" in titles


def test_the_crash_screen_shows_no_local_variables(capsys: pytest.CaptureFixture[str]) -> None:
    class Crash(ClawApp):
        CSS_PATH = str(Path(claw_tui.app.__file__).parent / "assets/claw.tcss")

        async def on_mount(self) -> None:
            secret = "CANARYlocal"  # noqa: F841
            raise RuntimeError("boom")

    app = Crash(lambda: services_for(os.environ, demo=True), demo=True)
    with pytest.raises(RuntimeError):
        asyncio.run(_headless(app))
    shown = capsys.readouterr().err
    assert "boom" in shown
    assert "CANARYlocal'" not in shown  # the line of code is shown, the variable's value is not


async def _headless(app: App[None]) -> None:
    async with app.run_test():
        pass


async def test_screens_share_what_was_read_and_say_when(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = services_for(os.environ, demo=True)
    made.fly.use_token(Secret("fo1_x"))
    await have_gateway(made)
    cloud.record()
    cloud.faults(monkeypatch)

    def asked() -> int:
        return sum(call["argv"][:2] == ["volumes", "list"] for call in cloud.calls())

    def looked() -> float:
        """When, in seconds of the day; no number while that is not shown."""
        time_shown = re.search(r"Looked at +(\d\d):(\d\d):(\d\d)", driver.text)
        if time_shown is None:
            return math.nan
        hours, minutes, seconds = map(int, time_shown.groups())
        return hours * 3600 + minutes * 60 + seconds

    async with driving() as driver:
        await driver.until("Look after my-app")
        await driver.press("down", "enter")
        await driver.until("openclaw_data, 3 GB, fra", "v1, complete", "Looked at")
        first = looked()
        await driver.press("d")
        await driver.until("Nothing to change; Ctrl+N checks")
        assert asked() == 1
        clock = driver.session.reader._clock
        monkeypatch.setattr(driver.session.reader, "_clock", lambda: clock() + 3600)  # an hour later …
        gate = tmp_path / "gate"
        cloud.faults(monkeypatch, {"command": "volumes list", "hold": str(gate)})
        driver.app.go("home")
        await driver.until_true(
            lambda: 3000 < (first - looked()) % 86400 < 4000
        )  # … it is shown as it was then
        assert "openclaw_data, 3 GB, fra" in driver.text
        Path(f"{gate}.go").touch()
        await driver.until_true(lambda: (looked() - first) % 86400 < 3000)
        assert asked() == 2
        await driver.press("r")
        await driver.settle()
        assert asked() == 3


async def test_what_was_seen_stays_when_looking_fails(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    made = services_for(os.environ, demo=True)
    made.fly.use_token(Secret("fo1_x"))
    await have_gateway(made)
    cloud.faults(monkeypatch)
    async with driving() as driver:
        await driver.until("Look after my-app")
        await driver.press("down", "enter")
        await driver.until("openclaw_data, 3 GB, fra", "Looked at")
        no = {"command": "ips list", "exit": 1, "stderr": "Error: dial tcp: no such host\n"}
        cloud.faults(monkeypatch, no)
        await driver.press("r")
        await driver.until("Fly.io could not be reached", "openclaw_data, 3 GB, fra", "Looked at")


async def test_help_is_there_in_a_dialog_too(cloud: Cloud) -> None:
    async with driving(spec=NAMED) as driver:
        await driver.go("secrets")
        await driver.press("down", "enter")
        await driver.until("console.anthropic.com", "F1 Help")
        await driver.type("sk-ant")
        await driver.press("f1")
        await driver.until("F7 keeps it without asking", "Keys here")
        await driver.press("f1")
        await driver.until("Keys here", gone=True)
        await driver.until("It does not look like one")


async def test_the_cursor_is_back_when_the_window_is_large_enough_again(cloud: Cloud) -> None:
    async with driving(spec=NAMED) as driver:
        await driver.go("secrets")
        await driver.press("down", "enter")
        await driver.until("console.anthropic.com")
        await driver.resize(50, 15)
        await driver.until("Please make this window larger")
        await driver.resize(80, 24)
        await driver.until("console.anthropic.com", "F2 Length")
        await driver.type("sk-ant")
        await driver.until("It does not look like one")


async def test_start_looks_again_when_a_gateway_was_made_meanwhile(cloud: Cloud) -> None:
    async with driving() as driver:
        await driver.until("Set up a new gateway")
        made = services_for(os.environ, demo=True)
        made.fly.use_token(Secret("fo1_x"))
        await have_gateway(made)
        cloud.log_in()
        await driver.go("account")
        await driver.go("start")
        await driver.until("Look after my-app")
