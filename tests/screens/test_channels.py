"""The small screens of Telegram, Slack, WhatsApp, Signal and phone calls: keyboard only, on 80 columns and 24 rows."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest
from textual.widget import Widget

from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import (
    GatewaySpec,
    SignalSpec,
    SlackSpec,
    Spec,
    TelegramSpec,
    VoiceSpec,
    WhatsAppSpec,
)
from claw_tui.i18n import PSEUDO, use_language
from tests.conftest import Cloud
from tests.screens.driver import Driver, driving

pytestmark = pytest.mark.anyio
WISH = Spec(
    org="personal", app="my-app", region="fra", gateway=GatewaySpec(primary_model="anthropic/claude-opus-5")
)
ROWS = ("telegram", "slack", "whatsapp", "signal", "voice")


async def open_(driver: Driver, channel: str) -> None:
    await driver.go("gateway")
    driver.app.screen.query_one(f"#{channel}-opener").focus()
    await driver.press("enter")
    await driver.until("Esc Done")


async def at(driver: Driver, field: str) -> None:
    wanted = driver.app.screen.query_one(f"#{field}-input")
    wanted.focus()
    end = time.monotonic() + 10
    while driver.app.screen.focused is not wanted:
        assert time.monotonic() < end, driver.text
        await driver.until()


async def test_telegram_from_nothing_its_token_is_asked_for_right_there(cloud: Cloud) -> None:
    async with driving(spec=WISH) as driver:
        await open_(driver, "telegram")
        await driver.until("[ ] answer on Telegram")
        assert "Private messages" not in driver.text  # nothing is asked about what is off
        await driver.press("space")
        await driver.until(
            "not given yet: Enter gives it", "Nobody is on the list yet, so it stays silent in groups"
        )
        await driver.press("down", "enter")
        await driver.until("t.me/BotFather")
        await driver.press("f3", "enter")
        await driver.until("given (accepted", "The bot is @my_claw_bot", "Nobody else is sent its messages")
        await driver.press("down", "right")
        await driver.until("only these people")
        await driver.press("down")
        await driver.type("@ada")
        await driver.press("down")
        await driver.until("@ada: a numeric id is needed")
        await driver.press("up")
        driver.fill("8734062810, 745123456")
        await driver.press("down", "right", "escape")
        await driver.until("on; groups only when mentioned")
        assert driver.spec.gateway.telegram == TelegramSpec(
            True, who="allowlist", people=("8734062810", "745123456"), groups="everybody"
        )
        assert "TELEGRAM_BOT_TOKEN" in driver.spec.secret_names


async def test_a_token_that_was_not_given_is_named_on_the_line(cloud: Cloud) -> None:
    gateway = replace(WISH.gateway, telegram=TelegramSpec(True), slack=SlackSpec(True, mode="http"))
    async with driving(spec=replace(WISH, gateway=gateway)) as driver:
        await driver.session.keep_secret(
            "ANTHROPIC_API_KEY", Secret("sk-ant-api03-of-a-screen-of-a-screen"), ""
        )
        await driver.go("gateway")
        await driver.until("Needs TELEGRAM_BOT_TOKEN", "Needs SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET")
        await driver.press("ctrl+n")
        await driver.until("It needs TELEGRAM_BOT_TOKEN.")


async def test_messages_that_go_elsewhere_are_taken_back_when_asked(cloud: Cloud) -> None:
    gateway = replace(WISH.gateway, telegram=TelegramSpec(True))
    async with driving(spec=replace(WISH, gateway=gateway)) as driver:
        await driver.session.keep_secret(
            "TELEGRAM_BOT_TOKEN", Secret("123456789:AAelsewhere-of-a-screen"), "accepted"
        )
        await open_(driver, "telegram")
        await driver.until("sent to another program, at bots.example.com", "F8")
        assert driver.text.index("another program") < driver.text.index(
            "The bot is @my_claw_bot"
        )  # the worst first
        await driver.press("f8")
        await driver.until("Take them back?")
        await driver.press("down", "enter")
        await driver.until("Nobody else is sent its messages")
        assert "bots.example.com" not in driver.text


@pytest.mark.parametrize(("token", "words"), [
    ("AAbad-demo-demo-demo-demo", "withdrawn"), ("AAlimited-demo-demo-demo", "accepted, but its quota"),
    ("AApolled-demo-demo-demo", "another program fetches"), ("AAprivacy-demo-demo-demo", "/setprivacy"),
])  # fmt: skip
async def test_what_telegram_says_is_said(cloud: Cloud, token: str, words: str) -> None:
    gateway = replace(WISH.gateway, telegram=TelegramSpec(True))
    async with driving(spec=replace(WISH, gateway=gateway)) as driver:
        await driver.session.keep_secret("TELEGRAM_BOT_TOKEN", Secret(f"123456789:{token}"))
        await open_(driver, "telegram")
        await driver.until(words)
        assert token not in driver.text


async def test_slack_by_http_asks_for_the_signing_secret_and_not_in_private(cloud: Cloud) -> None:
    async with driving(spec=WISH) as driver:
        for name, value in (("SLACK_BOT_TOKEN", "xoxb-demo-demo"), ("SLACK_APP_TOKEN", "xapp-demo-demo")):
            await driver.session.keep_secret(name, Secret(value), "accepted")
        await open_(driver, "slack")
        await driver.press("space", "f5")
        await driver.until("The bot is claw in the workspace Claw Club", "may open the socket", "App token")
        await at(driver, "mode")
        await driver.press("right")
        await driver.until("Signing secret", "https://my-app.fly.dev/slack/events")
        assert "App token" not in driver.text
        driver.session.update(private=True)
        await driver.press("down", "escape")
        await driver.until("By HTTP Slack must reach the gateway, and yours is private")
        assert driver.spec.gateway.slack == SlackSpec(True, mode="http")


async def test_whatsapp_and_signal_say_what_comes_after_the_deploy(cloud: Cloud) -> None:
    async with driving(spec=WISH) as driver:
        await open_(driver, "whatsapp")
        await driver.until("openclaw channels login --channel whatsapp")
        await driver.press("space", "down", "right", "right", "escape")
        await driver.until("on; groups only when mentioned")
        assert driver.spec.gateway.whatsapp == WhatsAppSpec(True, who="open")
        await open_(driver, "signal")
        await driver.until("linked with a QR code")
        await driver.press("space")
        await at(driver, "account")
        await driver.type("015551234567")
        await driver.press("enter")
        await driver.until("Write it with + and country code")
        await at(driver, "account")
        driver.fill("+15551234567")
        await driver.press("down", "right")
        await driver.until("as a daemon")
        assert driver.app.screen.query_one("#url").display is True
        await driver.press("left")
        await driver.until(
            "in the gateway's machine", "An image is built with it and with Java", "4 GB are better"
        )
        assert driver.app.screen.query_one("#url").display is False
        await driver.press("escape")
        await driver.until("on; private messages only")
        assert driver.spec.gateway.signal == SignalSpec(True, account="+15551234567", server="managed-native")


async def test_phone_calls(cloud: Cloud) -> None:
    sid = "AC" + "1" * 32
    async with driving(spec=WISH) as driver:
        await driver.session.keep_secret("TWILIO_AUTH_TOKEN", Secret("de30" * 8))
        await driver.session.keep_secret("NGROK_AUTHTOKEN", Secret("2demo-demo-demo-demo-demo"))
        await open_(driver, "voice")
        await driver.press("space")
        await driver.until("Auth token", "ngrok token", "Domain at ngrok")
        for field, text in (("number", "+15550001234"), ("account", sid), ("ngrok_domain", "claw.ngrok.app")):
            await at(driver, field)
            driver.fill(text)
        await at(driver, "calls")
        await driver.press("right", "down")
        await driver.until("https://claw.ngrok.app/voice/webhook")
        driver.fill("+15550005678")
        await driver.press("f5")
        await driver.until("Claw calls", "A trial account", "+15550001234 is a number of this account")
        await driver.press("escape")
        await driver.until("on, +15550001234, Twilio")
        assert driver.spec.gateway.voice == VoiceSpec(
            True,
            "twilio",
            "+15550001234",
            sid,
            calls="allowlist",
            callers=("+15550005678",),
            ngrok_domain="claw.ngrok.app",
        )
        await open_(driver, "voice")
        await at(driver, "provider")
        await driver.press("right", "tab")
        await driver.until("API key", "Telnyx signs its calls: without its public key")
        await at(driver, "way")
        await driver.press("right")
        await driver.until("Auth key", "The machine joins your tailnet")
        await driver.press("right")
        await driver.until("Telnyx does not speak before it has reached")
        await driver.press("right")
        await driver.until("leads that address to port 3334")
        assert "ngrok token" not in driver.text
        await driver.press("escape")
        await driver.until("on, +15550001234, Telnyx")
        assert driver.spec.gateway.voice.way == "url"


async def test_a_channel_that_was_switched_off_stays_off_when_another_key_is_given(cloud: Cloud) -> None:
    async with driving(spec=WISH) as driver:
        for name, value in (("TELEGRAM_BOT_TOKEN", "123456789:AAdemo"), ("OPENCLAW_GATEWAY_TOKEN", "t" * 64)):
            await driver.session.keep_secret(name, Secret(value), "accepted")
        await driver.go("secrets")
        await driver.press("down", "enter")
        await driver.until("console.anthropic")
        await driver.press("f3", "enter")
        await driver.until("accepted")
        assert not driver.spec.gateway.telegram.enabled


async def test_escape_keeps_what_was_typed_even_when_it_is_wrong(cloud: Cloud) -> None:
    async with driving(spec=WISH) as driver:
        await open_(driver, "signal")
        await driver.press("space")
        await at(driver, "account")
        await driver.type("+1555")
        await driver.press("escape")
        await driver.until("Write it with + and country code")
        assert driver.spec.gateway.signal.account == "+1555"
        await driver.press("enter")
        await driver.until("Esc Done", "Write it with + and country code")


@pytest.mark.parametrize("channel", ROWS)
async def test_every_small_screen_has_room_for_longer_words(cloud: Cloud, channel: str) -> None:
    """All of its fields are reached by the keyboard; what is below comes into sight with the cursor."""
    use_language(PSEUDO)
    on = {
        "telegram": TelegramSpec(True), "slack": SlackSpec(True, mode="http"), "whatsapp": WhatsAppSpec(True),
        "signal": SignalSpec(True), "voice": VoiceSpec(True, calls="allowlist"),
    }  # fmt: skip
    gateway = replace(WISH.gateway, telegram=on["telegram"], slack=on["slack"], whatsapp=on["whatsapp"])  # type: ignore[arg-type]
    gateway = replace(gateway, signal=on["signal"], voice=on["voice"])  # type: ignore[arg-type]
    async with driving(spec=replace(WISH, gateway=gateway)) as driver:
        await driver.go("gateway")
        driver.app.screen.query_one(f"#{channel}-opener").focus()
        await driver.press("enter")
        await driver.settle()
        screen = driver.app.screen
        seen = set()
        for _step in range(20):
            focused = screen.focused
            assert focused is not None
            assert focused.region.height == 1
            await in_sight(driver, focused)
            seen.add(focused.id)
            await driver.press("tab")
        assert len(seen) >= len([w for w in screen.query("Field") if w.display])
        assert not [line for line in does_not_fit_here(driver) if "right edge" in line], driver.text


async def in_sight(driver: Driver, widget: Widget) -> None:
    """The list of fields scrolls a moment after the cursor's move."""
    end = time.monotonic() + 10
    while not driver.app.screen.query_one("#fields").region.contains_region(widget.region):
        assert time.monotonic() < end, driver.text
        await driver.until()
        await asyncio.sleep(0.02)


def does_not_fit_here(driver: Driver) -> list[str]:
    screen = driver.app.screen
    return [
        f"{part!r} ends beyond the right edge"
        for part in screen.query("Static")
        if part.region.right > screen.size.width
    ]


async def test_a_private_gateway_is_called_by_a_tunnel_or_not_at_all(cloud: Cloud) -> None:
    """Each of the three ways says in a sentence what it is; an address of one's own is refused with why."""
    gateway = replace(
        WISH.gateway,
        voice=VoiceSpec(True, "twilio", "+15550001234", "AC" + "1" * 32, ngrok_domain="claw.ngrok.app"),
    )
    async with driving(spec=replace(WISH, private=True, gateway=gateway)) as driver:
        await driver.session.keep_secret("TWILIO_AUTH_TOKEN", Secret("de30" * 8))
        await driver.session.keep_secret("NGROK_AUTHTOKEN", Secret("2demo-demo-demo-demo-demo"))
        await open_(driver, "voice")
        await at(driver, "way")
        await driver.until("opens a tunnel to your domain there")
        await driver.press("right")
        await driver.until("The machine joins your tailnet", "not given yet")
        await driver.press("right")
        await driver.until("Nobody can call or answer it")
        assert "Auth key" not in driver.text
        assert "ngrok token" not in driver.text
        await driver.press("right")
        await driver.until("Nobody outside reaches a private gateway")
        await driver.press("left", "escape")
        await driver.until("on, +15550001234, Twilio")
        assert driver.spec.gateway.voice.way == "none"
        await driver.go("app")
        await driver.until("About a minute, nothing is built")
