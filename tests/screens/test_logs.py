"""Logs: live, filtered, searched, paused without losing anything, saved without secrets, opened at a diagnosis' line."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from claw_tui.demo import world
from claw_tui.demo.machine_log import say
from claw_tui.domain.doctor.model import Diagnosis, Finding
from claw_tui.domain.doctor.model import Standing as DoctorStanding
from claw_tui.domain.log_book import KEPT
from claw_tui.domain.log_lines import LONGEST, From, Level, LogLine
from claw_tui.domain.secret import Secret
from claw_tui.engine import log_stream
from claw_tui.screens.doctor import DoctorScreen
from claw_tui.screens.logs import LogsScreen, open_logs
from claw_tui.widgets.pick_list import Item, PickList
from claw_tui.widgets.transcript import Transcript
from claw_tui.wiring import services_for
from tests.conftest import TOKEN, Cloud
from tests.engine.rig import have_gateway
from tests.screens.driver import STEERING, Driver, driving, steers

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
async def gateway(cloud: Cloud) -> None:
    made = services_for(os.environ, demo=True)
    made.fly.use_token(TOKEN)
    cloud.log_in()
    await have_gateway(made)


LINES_LIKE_TRAPS = (
    '{"a":' + "[" * 3_500, '{"message":"x","subsystem":' + "[" * 900 + "]" * 900 + "}", '{"message":"x","level":' + "9" * 3_900 + "}",
    '{"message":"half \\ud83d"}', '{"message":' + '{"message":' * 300 + "1" + "}" * 301, "{" * 3_900, "[" * 3_900,
)  # fmt: skip


def speak(*messages: str, level: str = "info", provider: str = "app") -> None:
    with world.opened() as now:
        for message in messages:
            say(now["apps"]["my-app"]["machines"][0], message, time.time(), level=level, provider=provider)


async def open_at_home(driver: Driver) -> LogsScreen:
    """As a person does: L on Home."""
    driver.session.home_app = "my-app"
    await driver.go("home")
    await driver.until("Looked at")
    await driver.press("l")
    await driver.until("Live", "[discord] client initialized")
    assert isinstance(driver.app.screen, LogsScreen)
    return driver.app.screen


async def open_it(driver: Driver, line: str = "") -> LogsScreen:
    open_logs(driver.app, "my-app", line)
    await driver.until("[discord] client initialized")
    assert isinstance(driver.app.screen, LogsScreen)
    return driver.app.screen


async def test_recent_lines_and_then_live_ones() -> None:
    async with driving() as driver:
        await open_at_home(driver)
        assert driver.text.count("[discord] client initialized") == 1
        speak(
            "[telegram] somebody wrote", "[gateway] ANTHROPIC_API_KEY=sk-ant-api03-CANARYcanaryCANARYcanary"
        )
        await driver.until("[telegram] somebody wrote", "ANTHROPIC_API_KEY=***")
        assert "CANARY" not in driver.text
        await driver.press("escape")
        await driver.until("Looked at")


async def test_filters_by_level_source_and_text() -> None:
    async with driving() as driver:
        await open_it(driver)
        speak("[telegram] broken", level="error")
        speak("could not route", level="warn", provider="proxy")
        await driver.until("[telegram] broken", "could not route")
        await driver.press("1")
        await driver.until("errors", "[telegram] broken")
        await driver.until("could not route", "[gateway] ready", gone=True)
        await driver.press("2")
        await driver.until("warnings and errors", "could not route")
        await driver.press("4", "w")
        await driver.until("Lines of whom?", "[discord]")
        await driver.type("proxy")
        await driver.press("enter")
        await driver.until("Fly's proxy", "could not route")
        await driver.until("[telegram] broken", gone=True)
        await driver.press("escape")
        await driver.until("[telegram] broken", "[gateway] ready")
        await driver.press("t")
        await driver.until("Only lines with this text")
        driver.fill("CLIENT init")
        await driver.press("enter")
        await driver.until("with “CLIENT init”", "[discord] client initialized")
        await driver.until("[telegram] broken", gone=True)
        await driver.press("escape", "escape")
        await driver.until("Looked at")


async def test_a_pause_loses_nothing_and_says_how_many_wait() -> None:
    async with driving() as driver:
        page = await open_it(driver)
        await driver.press("space")
        await driver.until("Paused")
        speak(*(f"[gateway] later {n}" for n in range(40)))
        await driver.until("Paused: 40 new lines wait")
        assert "later" not in driver.text
        await driver.press("end")
        await driver.until("Live", "later 39")
        assert [page.view.book.text(n)[-8:] for n in page.view.book.shown[-40:]] == [
            f"later {n}".rjust(8) for n in range(40)
        ]


async def until_at(page: LogsScreen, number: int) -> None:
    async with asyncio.timeout(20):
        while page.view._at != number:
            await asyncio.sleep(0.01)


async def test_search_goes_up_and_down_and_round() -> None:
    async with driving() as driver:
        page = await open_it(driver)
        speak(*(f"[gateway] word {n % 50}" for n in range(100)))
        await driver.until("word 49")
        assert "Previous" not in driver.text
        await driver.press("f")
        await driver.until("Search for")
        driver.fill("WORD 7")
        await driver.press("enter")
        await driver.until("Next", "Shift+N Previous", "word 7")
        first = page.view._at
        await driver.press("N")
        await until_at(page, first - 50)
        await driver.press("n")
        await until_at(page, first)
        await driver.press("n")
        await until_at(page, first - 50)  # round at the end
        await driver.press("slash")
        await driver.until("Search for")
        driver.fill("nobody said this")
        await driver.press("enter")
        await driver.until("No line that is shown has “nobody said this”.")


async def test_escape_ends_a_search_before_it_leaves() -> None:
    async with driving() as driver:
        page = await open_at_home(driver)
        await driver.press("f")
        await driver.until("Search for")
        driver.fill("client")
        await driver.press("escape")
        await driver.until("Search for", gone=True)
        assert driver.app.screen is page
        await driver.press("f")
        await driver.until("Search for")
        driver.fill("client")
        await driver.press("enter")
        await driver.until("Shift+N Previous")
        await driver.press("escape")
        await driver.until("The search is ended.")
        await driver.until("Shift+N Previous", gone=True)
        assert driver.app.screen is page
        await driver.press("escape")
        await driver.until("Looked at")


async def test_a_long_line_says_that_there_is_more_of_it() -> None:
    speak("[gateway] long " + "x" * 150 + " its end")
    async with driving() as driver:
        await open_it(driver)
        await driver.until("[gateway] long xxx")
        line = next(line for line in driver.text.splitlines() if "long xxx" in line)
        assert line.endswith("x…"), line
        await driver.press("right")
        line = next(line for line in driver.text.splitlines() if "xxx" in line)
        assert (line[0], line[-1]) == ("…", "…"), line
        await driver.press(*("right",) * 5)
        await driver.until("x its end")
        line = next(line for line in driver.text.splitlines() if "its end" in line)
        assert (line[0], line[-1]) == ("…", "d"), line
        await driver.press("end")
        await driver.until("[gateway] long xxx")


async def test_homes_log_begins_at_the_left_again() -> None:
    async with driving() as driver:
        driver.session.home_app = "my-app"
        await driver.go("home")
        await driver.until("Looked at", "[discord] client initialized")
        log = driver.app.screen.query_one(Transcript)
        log.focus()
        await driver.press("right", "right", "right", "right")
        await driver.until("[discord] client initialized", gone=True)
        speak("[gateway] something new")
        await driver.press("f5")
        await driver.until("[gateway] something new", "[discord] client initialized")


async def test_it_is_saved_as_it_is_shown(tmp_path: Path) -> None:
    async with driving() as driver:
        await open_it(driver)
        speak("[gateway] Authorization: Bearer CANARYcanaryCANARY", level="error")
        await driver.until("Authorization: Bearer ***")
        await driver.press("1", "s")
        await driver.until("Save as")
        driver.fill(str(tmp_path))
        await driver.press("enter")
        await driver.until("is a folder: give a file's name in it")
        driver.fill(str(tmp_path / "new" / "my.log"))
        await driver.press("enter")
        await driver.until("There is no folder", "make it first")
        assert not (tmp_path / "new").exists()
        assert driver.app.screen.focused.value == str(tmp_path / "new" / "my.log")  # type: ignore[union-attr]
        driver.fill(str(tmp_path / "my.log"))
        await driver.press("enter")
        await driver.until("Saved")
        text = (tmp_path / "my.log").read_text()
        assert "gateway ERROR [gateway] Authorization: Bearer ***" in text
        assert "[gateway] ready" not in text
        assert "CANARY" not in text


async def test_a_json_line_steers_neither_the_terminal_nor_whoever_reads_what_was_saved(
    tmp_path: Path,
) -> None:
    async with driving() as driver:
        await open_it(driver)
        words = f"hello {STEERING} tail"
        speak(json.dumps({"level": "error", "subsystem": "discord", "message": words}))
        await driver.until("[discord] hello", "tail")
        assert not steers(driver)
        await driver.press("s")
        await driver.until("Save as")
        driver.fill(str(tmp_path / "my.log"))
        await driver.press("enter")
        await driver.until("Saved")
        text = (tmp_path / "my.log").read_text()
        assert "[discord] hello" in text
        assert text.replace("\n", "").isprintable()


async def test_no_line_ends_the_reading_of_the_others() -> None:
    async with driving() as driver:
        await open_it(driver)
        speak(*LINES_LIKE_TRAPS, "[telegram] after them")
        await driver.until("Live", "[telegram] after them")


def mistaken(_lines: Sequence[LogLine]) -> None:
    raise ValueError


async def test_reading_that_fails_says_so_and_begins_anew_when_the_log_is_opened_again() -> None:
    async with driving() as driver:
        page = await open_it(driver)
        stream = page._stream
        assert stream is not None
        take, stream._take = stream._take, mistaken
        speak("[telegram] nobody takes this one")
        await driver.until(
            "Not live: claw-tui itself failed at this log (ValueError); leave this screen and open it again"
        )
        stream._take = take
        await driver.press("escape")
        await open_it(driver)
        speak("[telegram] and this one comes")
        await driver.until("Live", "[telegram] and this one comes")


async def test_a_secret_that_reaches_over_the_end_of_a_long_line_is_taken_out() -> None:
    async with driving() as driver:
        page = await open_it(driver)
        await driver.session.keep_secret("OPENCLAW_GATEWAY_TOKEN", Secret("CANARYgateway" * 3))
        speak(f"[gateway] {'x' * (LONGEST - 40)} {'CANARYgateway' * 3}", "[gateway] behind it")
        await driver.until("[gateway] behind it")
        assert "xxxx ***" in page.view.book.all_text()
        assert "CANARY" not in page.view.book.all_text()


async def test_it_opens_at_the_line_of_a_diagnosis() -> None:
    speak("[discord] WebSocket closed 4014: Disallowed intent(s)", level="error")
    speak(*(f"[gateway] later {n}" for n in range(90)))
    async with driving() as driver:
        page = await open_it_somewhere(driver, "[discord] WebSocket closed 4014: Disallowed intent(s)")
        await driver.until("This is the line.", "closed 4014")
        assert "closed 4014" in page.view.book.text(page.view._at)
        await driver.press("end")
        await driver.until("later 89")


async def test_the_doctor_leads_to_the_line_and_back() -> None:
    async with driving() as driver:
        driver.session.home_app = "my-app"
        await driver.go("doctor")
        page = driver.app.screen
        assert isinstance(page, DoctorScreen)
        found = (
            Finding(
                "gateway",
                DoctorStanding.WRONG,
                "It is odd.",
                cause="odd",
                log_line="[gateway] ready",
                evidence=("[gateway] ready", "port = 1"),
            ),
        )
        page._found = Diagnosis("my-app", found)
        page.query_one(PickList).set_items([Item("0", "It is odd.")])
        page._moved()
        await driver.until("L In the log")
        await driver.press("l")
        await driver.until("This is the line.", "[gateway] ready")
        await driver.press("escape")
        await driver.until("L In the log")


async def open_it_somewhere(driver: Driver, line: str) -> LogsScreen:
    open_logs(driver.app, "my-app", line)
    await driver.until("line")
    assert isinstance(driver.app.screen, LogsScreen)
    return driver.app.screen


async def test_a_line_that_is_gone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claw_tui.screens.logs.LOOK_SECONDS", 0.5)
    async with driving() as driver:
        await open_it_somewhere(driver, "[discord] said long ago")
        await driver.until("This is not among the lines that Fly.io still has:", "[discord] said long ago")


async def test_a_stream_that_breaks_is_taken_up_again_without_a_line_twice(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_stream, "AGAIN_SECONDS", 0.05)
    cloud.faults(monkeypatch, {"command": "logs", "exit": 1, "stderr": "Error: connection reset by peer\n"})
    async with driving() as driver:
        page = await open_it(driver)
        await driver.until("Live")
        before = page.view.book.count
        await driver.press("escape")
        await driver.until("Looked at")
        speak("[gateway] meanwhile")
        await driver.press("l")
        await driver.until("[gateway] meanwhile")
        assert page.view.book.count == before + 1


async def test_a_hundred_thousand_lines_do_not_hold_up_a_key() -> None:
    """Our own time between two looks of the loop; the figures are in `make bench`."""
    async with driving() as driver:
        page = await open_it(driver)
        lines = [
            LogLine("2026-11-30T12:00:01Z", Level(n % 4), From.GATEWAY, "", f"line {n}") for n in range(KEPT)
        ]
        page.view.add(lines)
        await driver.until("line 99999")
        await driver.press("1")
        await driver.until("errors", "of 100")
        await driver.press("4", "home")
        await driver.until("Starting init", "Scrolled up •")
