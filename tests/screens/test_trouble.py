"""A failed run on the screen: it says why by itself, and one key mends it and goes on. 80x24, keys only."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from claw_tui.demo import world
from claw_tui.domain.jobs import Task
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import DISCORD
from tests.conftest import Cloud
from tests.engine.rig import SECRETS, WISH, assert_whole, have_gateway
from tests.screens import driver as driver_module
from tests.screens.driver import Driver, driving

pytestmark = pytest.mark.anyio
DONE = "Done. Ctrl+N shows the proof"


@pytest.fixture(autouse=True)
def logged_in(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver_module, "SECONDS", 120.0)  # several whole runs, one after the other
    cloud.log_in()


async def deploy(driver: Driver, secrets: Mapping[str, Secret] = SECRETS) -> None:
    for name, value in secrets.items():
        await driver.session.keep_secret(name, value, "accepted")
    await driver.go("review")
    await driver.until("Ctrl+N starts")
    await driver.press("ctrl+n")


async def test_a_taken_name_and_a_full_region_are_answered_where_they_are_told(cloud: Cloud) -> None:
    async with driving(spec=replace(WISH, app="demo-taken-1", region="bom")) as driver:
        await deploy(driver)
        await driver.until("Somebody on Fly.io already has this app name.", "demo-taken-1 is somebody",
                           "Validation failed: Name has already been taken", "N  Take another name", "B  Back to the answer")  # fmt: skip
        await driver.press("escape")
        await driver.until("W shows why and what helps")
        await driver.press("w")
        await driver.until("N  Take another name")
        await driver.press("n")
        await driver.until("my-demo-taken-1.fly.dev")
        await driver.type("my-demo")
        await driver.press("enter")
        await driver.until("Fly.io has no room", "could not reserve resource", "P  Take another place")
        assert driver.spec.app == "my-demo-taken-1"
        assert not cloud.app("my-demo-taken-1")["volumes"]
        await driver.press("p")
        await driver.until("sin  Singapore", "a month")
        await driver.press("enter")
        await driver.until(DONE)
        left = [run.job.app for run in driver.session.services.runs.unfinished()]
        assert left == [], "nobody goes on with a name that is somebody else's"
    assert_whole(cloud, replace(WISH, app="my-demo-taken-1", region="sin"))


async def test_a_machine_without_enough_memory_gets_more_by_one_key(cloud: Cloud) -> None:
    async with driving(spec=replace(WISH, app="my-oom-app")) as driver:
        await deploy(driver)
        await driver.until("The machine ran out of memory.", "It has 2 GB", "Out of memory: Killed process",
                           "M  Give it 4 GB of memory", "a month, +$")  # fmt: skip
        await driver.press("m")
        await driver.until(DONE)
    assert_whole(cloud, replace(WISH, app="my-oom-app"))
    assert cloud.app("my-oom-app")["machines"][0]["guest"]["memory_mb"] == 4096


async def test_a_build_that_is_too_much_becomes_the_ready_image(cloud: Cloud) -> None:
    async with driving(spec=replace(WISH, app="my-bigbuild", source="git")) as driver:
        await deploy(driver)
        await driver.until("The builder ran out of memory", "exit code: 137", "I  Use the ready image")
        await driver.press("i")
        await driver.until(DONE)
    assert driver.spec.source == "image"
    assert_whole(cloud, replace(WISH, app="my-bigbuild"))


async def test_a_version_that_the_repository_does_not_have(cloud: Cloud) -> None:
    """Of a build from source nobody knows it before git is asked: another one is a key away, so is the answer."""
    async with driving(spec=replace(WISH, source="git", version="2031.1.1")) as driver:
        await deploy(driver)
        await driver.until("OpenClaw's repository has no version v2031.1.1.", "Remote branch v2031.1.1 not found",
                           "V  Take a version that there is", "B  Back to the answer")  # fmt: skip
        await driver.press("v")
        await driver.until("2026.9.6")
        await driver.type("2026.9.6")
        await driver.press("enter")
        await driver.until(DONE)
    assert driver.spec.version == "2026.9.6"
    assert_whole(cloud, replace(WISH, source="git"))


async def test_waiting_for_a_card_goes_on_by_itself(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    from claw_tui.engine import troubleshooting

    monkeypatch.setattr(troubleshooting, "POLL_SECONDS", 0.1)
    with world.opened() as now:
        now["orgs"]["personal"]["billing"] = "SOURCE_REQUIRED"
    cloud.faults(
        monkeypatch,
        {
            "command": "apps create",
            "exit": 1,
            "stderr": "Error: To create more apps, please add a payment method.\n",
        },
    )
    async with driving(spec=WISH) as driver:
        await deploy(driver)
        await driver.until(
            "payment method", "https://fly.io/dashboard/personal/billing", "W  Go on as soon as"
        )
        await driver.press("w")
        await driver.until("Waiting,", "Escape stops waiting")
        await driver.press("escape")
        await driver.until("Waiting,", gone=True)
        await driver.press("w")
        await driver.until("Waiting,")
        with world.opened() as now:
            now["orgs"]["personal"]["billing"] = "CURRENT"
        await driver.until(DONE)
    assert_whole(cloud)


CRASHES = (
    "Error: smoke checks for 148e failed: the app appears to be crashing\nGateway failed to start: Invalid config at /data/"
    'openclaw.json:\nopenclaw.json:9 — gateway.auth: Unrecognized key "tokn"\n'
)


async def test_an_unknown_version_and_a_lease_and_a_refused_file(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[dict[str, Any]] = [
        {"command": "deploy", "exit": 1, "stderr": "Error: failed to acquire leases: Unrecoverable error: failed to get lease on VM"
         " 148e: machine ID 148e lease currently held by 9af60c27@tokens.fly.io, expires at 2001-05-14T10:41:08Z\n"},
        {"command": "deploy", "exit": 1, "stderr": CRASHES},
    ]  # fmt: skip
    async with driving(spec=replace(WISH, version="2025.1.1")) as driver:

        async def cannot_be_asked(_repository: str, _tag: str) -> None:
            """Else Review has said it already."""

        monkeypatch.setattr(driver.session.services.web, "image_exists", cannot_be_asked)
        await deploy(driver)
        await driver.until(
            "container image can't be fetched", 'could not find image "ghcr', "V  Take a version"
        )
        cloud.faults(monkeypatch, *faults)
        driver.session.services.runs._env["CLAW_DEMO_FAULTS"] = os.environ["CLAW_DEMO_FAULTS"]  # type: ignore[attr-defined]
        await driver.press("v", "enter")
        await driver.until(
            "Somebody else is changing this machine", "9af60c27@tokens.fly.io", "R  Look again now"
        )
        await driver.press("r")
        await driver.until("it refuses its openclaw.json", 'Unrecognized key "tokn"', "openclaw.json:9")
        await driver.press("r")
        await driver.until(DONE)
        assert driver.spec.version == "2026.10.1"
    assert_whole(cloud)


async def test_a_run_that_is_done_says_what_is_missing(cloud: Cloud) -> None:
    secrets = {**SECRETS, DISCORD: Secret(SECRETS[DISCORD].reveal() + "nointent")}
    async with driving(spec=WISH) as driver:
        await deploy(driver, secrets)
        words = "with something missing: Discord: WebSocket closed 4014"
        await driver.until(DONE, words, "Message Content Intent")
        await driver.press("ctrl+n")
        await driver.until("FAIL", "Message Content Intent")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_every_way_out_is_seen_in_any_window(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    cloud.faults(
        monkeypatch, {"command": "deploy", "exit": 1, "stderr": CRASHES + "a line of the log\n" * 30}
    )
    async with driving(spec=WISH, size=size) as driver:
        await deploy(driver)
        await driver.until("refuses its openclaw.json", "R  Try again", "B  Back to the answer", "Help")
        await driver.press("f1")
        await driver.until("nothing is made twice")
        await driver.press("escape", "b")
        await driver.until("gateway in it does not get healthy")
        assert driver.app.current_mode == "gateway"


async def test_a_refused_file_is_written_anew_and_the_deploy_goes_on(cloud: Cloud) -> None:
    async with driving(spec=replace(WISH, memory_mb=4096)) as driver:
        await have_gateway(driver.session.services)
        with world.opened() as now:
            file = now["apps"]["my-app"]["volumes"][0]["files"]["/data/openclaw.json"]
            file["text"] = file["text"].replace('"gateway": {', '"gateway": {"tokn": 1,', 1)
        await deploy(driver)
        await driver.until("it refuses its openclaw.json", "tokn", "O  Write openclaw.json anew")
        await driver.press("o")
        await driver.until("Mend openclaw.json")
        await driver.until(DONE, "Prove that it works")
        assert driver.session.run is not None
        assert driver.session.run.job.task is Task.DEPLOY
    assert_whole(cloud, replace(WISH, memory_mb=4096))
