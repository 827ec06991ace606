"""A picture of each screen at 80x24 and 120x40. Few, and only for how it looks; behaviour is tested elsewhere.

The pictures belong to one Textual and one Rich (requirements/dev.lock). `make snapshots` takes them anew.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import pytest
from pytest_textual_snapshot import SVGImageExtension
from textual.pilot import Pilot
from textual.widgets import TextArea

import claw_tui.app
from claw_tui.app import ClawApp
from claw_tui.demo import cloud as fly_side
from claw_tui.demo import world
from claw_tui.domain import names
from claw_tui.domain.errors import NoCapacity
from claw_tui.domain.jobs import Job, JobEvent, JobState
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import AgentSpec, Route, Spec
from claw_tui.engine.plan import step_infos
from claw_tui.engine.proof import Evidence, Proof, Verdict
from claw_tui.widgets.transcript import Transcript
from claw_tui.wiring import services_for
from tests.conftest import Cloud
from tests.engine.clawdbot import APP as OLD
from tests.engine.clawdbot import have_clawdbot
from tests.engine.rig import SECRETS, WISH, carry_out, have_gateway
from tests.screens.driver import Driver, answer
from tests.screens.test_doctor import a_sick_one
from tests.screens.test_gateways import add_others
from tests.screens.test_own_image import SPEC as WITH_SIGNAL
from tests.transcripts import prepare

Act = Callable[[Driver], Awaitable[None]]
NOON = 1_795_262_400.0  # 2026-11-21 12:00 UTC


@pytest.fixture(autouse=True)
def frozen(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that changes from run to run: a name, a time."""
    cloud.log_in()
    monkeypatch.setattr(names, "suggest_app_names", lambda _count=3: ("my-claw-1a2b",))
    monkeypatch.setattr(time, "strftime", lambda *_args: "12:00:00")


async def give(driver: Driver) -> None:
    for name, value in SECRETS.items():
        await driver.session.keep_secret(name, value, "accepted")


async def start(driver: Driver) -> None:
    await driver.settle()


async def account(driver: Driver) -> None:
    await driver.go("account")
    await driver.until("payment method")


async def login(driver: Driver) -> None:
    await driver.go("account")
    await driver.until("payment method")
    driver.app.screen.query_one("#ways").focus()
    await driver.press("enter")
    await driver.until("In the demo the code is", "▀")


async def app(driver: Driver) -> None:
    driver.session.update(app="", region="fra")
    await driver.go("app")
    await driver.until("Probably free", "The registry has it")


async def region(driver: Driver) -> None:
    await app(driver)
    await driver.press("tab", "enter")
    await driver.until("Type to search")


async def secrets(driver: Driver) -> None:
    await give(driver)
    await driver.go("secrets")
    await driver.until("accepted")


async def secret(driver: Driver) -> None:
    await driver.go("secrets")
    await driver.until("not given")
    await driver.press("down", "enter")
    await driver.until("console.anthropic.com")
    await driver.press("f3")
    await driver.until("looks right")


async def gateway(driver: Driver) -> None:
    await give(driver)
    await driver.go("gateway")
    await driver.until("1 channel in Claw Club")


async def discord(driver: Driver) -> None:
    await gateway(driver)
    await driver.press("tab", "tab", "tab", "tab", "enter")
    await driver.until("#general")
    await driver.until("Reading what the bot sees", gone=True)


async def who(driver: Driver) -> None:
    await discord(driver)
    await driver.press("w")
    await driver.until("@Moderators")
    await driver.press("space", "down")


async def invite(driver: Driver) -> None:
    await give(driver)
    with world.opened() as now:  # nobody opens the link
        now["guild_asked_at"] = time.time() + 3600
    await driver.session.keep_secret("DISCORD_BOT_TOKEN", Secret("MTE4.noguild.noguild"))
    await driver.go("gateway")
    await driver.press("tab", "tab", "tab", "tab", "enter")
    await driver.until("no server yet", "▀")


async def privacy(driver: Driver) -> None:
    await driver.go("privacy")
    await driver.until("Found by scanners")


async def review(driver: Driver) -> None:
    await give(driver)
    await driver.go("review")
    await driver.until("Ctrl+N starts")
    await driver.press("down")


async def missing(driver: Driver) -> None:
    driver.session.update(gateway=replace(WISH.gateway, primary_model=""))
    await driver.go("review")
    await driver.until("Still missing")


async def preview(driver: Driver) -> None:
    await review(driver)
    await driver.press("f4")
    await driver.until("primary_region")


async def help_(driver: Driver) -> None:
    await privacy(driver)
    await driver.press("f1")
    await driver.until("Help")


async def rotation(driver: Driver) -> None:
    """One of each kind of standing."""
    with world.opened() as now:
        prepare.deployed(now)
        secrets: dict[str, str | None] = {
            "ANTHROPIC_API_KEY": "a",
            "OPENAI_API_KEY": "b",
            "DISCORD_BOT_TOKEN": "c",
            "TWILIO_AUTH_TOKEN": "d",
        }
        fly_side.keep_secrets(now["apps"]["my-app"], secrets)
        for name in ("OPENAI_API_KEY", "DISCORD_BOT_TOKEN", "TWILIO_AUTH_TOKEN"):
            now["apps"]["my-app"]["secrets"][name]["status"] = "Deployed"
    session = driver.session
    session.home_app = "my-app"
    for name in ("OPENCLAW_GATEWAY_TOKEN", "OPENAI_API_KEY"):
        await session.vault.put("my-app", name, Secret("x" * 40))
    revision = session.services.state.revisions("my-app")["OPENAI_API_KEY"]
    session.services.state.set_sent_digests("my-app", {"OPENAI_API_KEY": (revision, "0" * 16)})
    session.services.state.set_removal("my-app", "TWILIO_AUTH_TOKEN", wanted=True)
    await driver.go("rotation")
    await driver.until("to be taken away")


async def file(driver: Driver) -> None:
    """openclaw.json itself, with something that OpenClaw would refuse."""
    await gateway(driver)
    await driver.press("f4")
    area = driver.app.screen.query_one(TextArea)
    area.text = area.text.replace('"bind": "lan"', '"bind": "everywhere"')
    await driver.until("1 problem")
    await driver.press("f8")


async def agents(driver: Driver) -> None:
    first, second = AgentSpec("main"), AgentSpec("work", "anthropic/claude-haiku-4-5", "/data/work")
    work = replace(second, routes=(Route("discord"),))
    driver.session.update(gateway=replace(WISH.gateway, agents=(first, work, AgentSpec("night"))))
    await gateway(driver)
    await driver.press("tab", "tab", "tab", "enter")
    await driver.until("answers in 1 place")


async def channel(driver: Driver, name: str, words: str) -> None:
    await gateway(driver)
    driver.app.screen.query_one(f"#{name}-opener").focus()
    await driver.press("enter")
    await driver.until(words)
    await driver.press("enter")  # on
    await driver.settle()


async def telegram(driver: Driver) -> None:
    await channel(driver, "telegram", "Telegram")


async def slack(driver: Driver) -> None:
    await channel(driver, "slack", "Slack")


async def signal(driver: Driver) -> None:
    await channel(driver, "signal", "Signal")


async def voice(driver: Driver) -> None:
    await channel(driver, "voice", "Twilio")


async def differences(driver: Driver) -> None:
    await have_gateway(driver.session.services)
    driver.session.update(gateway=replace(WISH.gateway, max_concurrent=9))
    await gateway(driver)
    await driver.press("f9")
    await driver.until('"maxConcurrent": 9')


STATIC = (
    start,
    account,
    login,
    app,
    region,
    secrets,
    secret,
    gateway,
    discord,
    who,
    invite,
    privacy,
    review,
    missing,
    preview,
    help_,
    rotation,
    file,
    agents,
    telegram,
    slack,
    signal,
    voice,
    differences,
)


class Take(Protocol):
    """``roomy``: at 120x40, too."""

    def __call__(self, act: Act, *, kind: type[ClawApp] = ..., roomy: bool = ...) -> None: ...


@pytest.fixture
def take(snap_compare: Any, snapshot: Any) -> Take:
    """Take both pictures in one sitting: the wide one after a change of size, as people make them."""
    wide_before = snapshot.use_extension(SVGImageExtension)

    def both(act: Act, *, kind: type[ClawApp] = ClawApp, roomy: bool = True) -> None:
        made = kind(lambda: services_for(os.environ, demo=True), demo=True)
        wide = []

        async def before(pilot: Pilot[None]) -> None:
            driver = Driver(made, pilot)
            await driver.settle()
            answer(made, replace(WISH, secret_names=()))
            await act(driver)
            made.workers.cancel_all()
            if not roomy:
                return
            await driver.resize(120, 40)
            await driver.settle()
            wide.append(made.export_screenshot())
            await driver.resize(80, 24)

        assert snap_compare(made, terminal_size=(80, 24), run_before=before)
        assert not roomy or wide_before(name="120x40") == wide[0]

    return both


@pytest.mark.parametrize("act", STATIC, ids=lambda act: act.__name__.strip("_"))
def test_screen(act: Act, take: Take) -> None:
    take(act)


LOG = [
    "==> Verifying app config", "--> Verified app config", "==> Building image", "image found: img_1",
    "> Launching new machine",
]  # fmt: skip


class FrozenRun:
    """A run whose picture does not change: the state after three of its steps."""

    def __init__(self, spec: Spec, *, failed: bool) -> None:
        self.job = Job("1", spec.app, spec, step_infos(spec), "", NOON - 61, demo=True)
        first, second, third, fourth = (info.id for info in self.job.steps[:4])
        self._events = []
        for step, end, at in ((first, "done", 60), (second, "done", 58), (third, "unchanged", 55)):
            self._events += [
                JobEvent("step", NOON - at, step, "running"),
                JobEvent("step", NOON - at + 2, step, end),
            ]
        self._events.append(JobEvent("step", NOON - 50, fourth, "running"))
        if failed:
            error = NoCapacity("Fly.io has no room for this machine in the region now.")
            self._events.append(
                JobEvent("step", NOON - 8, fourth, "failed", error.message, error.hint, error.code)
            )
        self._log = list(LOG)
        self._state = JobState.FAILED if failed else JobState.GOING_ON

    def state(self) -> JobState:
        return self._state

    def dismiss(self) -> None:
        """Nobody does."""

    def new_events(self) -> list[JobEvent]:
        found, self._events = self._events, []
        return found

    def new_log(self) -> list[str]:
        found, self._log = self._log, []
        return found

    log_path = Path("/a/folder/log")

    def heard(self) -> float:
        return NOON

    def cancel(self) -> None:
        """Nothing to cancel."""


@pytest.mark.parametrize("failed", [False, True], ids=["going-on", "failed"])
def test_deploy(failed: bool, take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: NOON)

    async def act(driver: Driver) -> None:
        driver.session.run = FrozenRun(WISH, failed=failed)
        await driver.go("deploy")
        await driver.until("R  Try again" if failed else "Launching new machine")

    take(act)


def test_finish(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lines(_proof: Proof) -> Any:
        yield Evidence(
            "machine", Verdict.PASS, "Machine 148e21ea4d9389 is started in fra, health check passing"
        )
        yield Evidence("health", Verdict.PASS, "The gateway answers https://my-app.fly.dev")
        yield Evidence(
            "lines", Verdict.UNKNOWN, "Its recent log has no line that says it is ready.", "An older start."
        )
        yield Evidence("discord", Verdict.FAIL, "Discord: WebSocket closed 4014: Disallowed intent(s)")

    monkeypatch.setattr(Proof, "lines", lines)

    async def act(driver: Driver) -> None:
        await driver.go("finish")
        await driver.until("Looked at", "4014")

    take(act)


# -- day two ------------------------------------------------------------------------------------------------------
class OneDay(ClawApp):
    """What the machine says has times of today: in the picture all of them are the same."""

    CSS_PATH = str(Path(claw_tui.app.__file__).parent / "assets/claw.tcss")
    CHANGES = (
        (r"\d\d:\d\d:\d\d", "12:00:00"),
        (r"20\d\d-\d\d-\d\d", "2026-11-21"),
        (r"(terminal)-\d+-", r"\1-0-"),  # made of all the rest
    )

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        picture = super().export_screenshot(title=title, simplify=simplify)
        for what, instead in self.CHANGES:
            picture = re.sub(what, instead, picture)
        return picture


async def at_home(driver: Driver, app: str = "my-app") -> None:
    driver.session.home_app = app
    await driver.session.find_login()
    await driver.session.load_account()
    await driver.go("home")
    await driver.until("Looked at")
    await driver.settle()
    log = driver.app.screen.query_one(Transcript)
    await driver.until_true(lambda: log._painted == log.count)


async def home(driver: Driver) -> None:
    await have_gateway(driver.session.services)
    await at_home(driver)


async def home_stopped(driver: Driver) -> None:
    await have_gateway(driver.session.services)
    with world.opened() as now:
        now["apps"]["my-app"]["machines"][0]["state"] = "stopped"
    await at_home(driver)


async def home_clawdbot(driver: Driver) -> None:
    have_clawdbot()
    with world.opened() as now:  # its launch and a restart may fall into one millisecond
        machine = now["apps"][OLD]["machines"][0]
        machine["events"] = [event for event in machine["events"] if event["type"] == "start"][:1]
    await at_home(driver, OLD)


async def gateways(driver: Driver) -> None:
    await have_gateway(driver.session.services)
    add_others()
    await driver.session.find_login()
    await driver.session.load_account()
    await driver.go("gateways")
    await driver.until("together")


async def press_at_home(driver: Driver, key: str, *words: str) -> None:
    await home(driver)
    await driver.press(key)
    await driver.until(*words)


async def logs(driver: Driver) -> None:
    await press_at_home(driver, "l", "Live", "[discord] client initialized")


async def let_in(driver: Driver) -> None:
    await home(driver)
    with world.opened() as now:  # however long ago this gateway was made
        now["apps"]["my-app"]["machines"][0]["gateway"]["somebody"]["from"] = time.time()
    await driver.press("a")
    await driver.until("Chrome", "ada", "min left")


async def run(driver: Driver) -> None:
    await press_at_home(driver, "n", "doctor --lint")


async def files(driver: Driver) -> None:
    await press_at_home(driver, "i", "openclaw.json.last-good")


async def machine(driver: Driver) -> None:
    await press_at_home(driver, "v", "Start command")


async def power(driver: Driver) -> None:
    await press_at_home(driver, "p", "Stop my-app?")


async def remove(driver: Driver) -> None:
    await press_at_home(driver, "delete", "what is to go?")


async def doctor(driver: Driver) -> None:
    await a_sick_one(driver.session.services)
    await at_home(driver)
    await driver.press("g")
    await driver.until("belongs to another user")
    await driver.settle()


async def migrate(driver: Driver) -> None:
    await home_clawdbot(driver)
    await driver.press("y")
    await driver.until("Migrate it")


async def signal_link(driver: Driver) -> None:
    await carry_out(driver.session.services, WITH_SIGNAL)
    await at_home(driver)
    await driver.press("q")
    await driver.until("Link +15551234567 with Signal?")


LATER = (
    home, home_stopped, home_clawdbot, gateways, logs, let_in, run, files, machine, power, remove, doctor, migrate, signal_link,
)  # fmt: skip
ROOMY = (home, logs, doctor)


@pytest.mark.parametrize("act", LATER, ids=lambda act: act.__name__)
def test_later(act: Act, take: Take) -> None:
    take(act, kind=OneDay, roomy=act in ROOMY)
