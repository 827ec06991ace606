"""An image of its own on the screens: what it costs, what the plan shows, and the phone that is linked at the end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claw_tui.domain.answers import Command
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import SignalSpec, Spec
from claw_tui.ports import Services
from claw_tui.screens import linking
from tests.conftest import Cloud
from tests.engine.rig import SECRETS, WISH, carry_out
from tests.screens.driver import driving

pytestmark = pytest.mark.anyio

SPEC = replace(
    WISH,
    gateway=replace(WISH.gateway, signal=SignalSpec(True, account="+15551234567", server="managed-native")),
)


async def test_who_builds_it_is_asked_and_a_build_from_source_refused(
    services: Services, cloud: Cloud
) -> None:
    cloud.log_in()
    async with driving(spec=SPEC) as driver:
        await driver.session.find_login()
        await driver.session.load_account()
        await driver.go("app")
        await driver.until("Built by", "Fly.io builds it with signal-cli with Java: 2 to 5")
        driver.session.update(source="git")
        await driver.go("gateway")
        await driver.go("app")
        await driver.until("A build from source has no signal-cli with Java")
        await driver.go("review")
        await driver.until("Still missing", "A build from source has no signal-cli")


async def test_the_plan_shows_the_dockerfile_its_time_and_its_builder(
    services: Services, cloud: Cloud
) -> None:
    cloud.log_in()
    async with driving(spec=SPEC) as driver:
        await driver.session.find_login()
        for name, value in SECRETS.items():
            await driver.session.keep_secret(name, Secret(value.reveal()), "accepted")
        await driver.go("review")
        await driver.until("Write the image's Dockerfile", "OpenClaw 2026.9.6 and signal-cli with")
        for _row in range(5):
            if "FROM ghcr.io" in driver.text:
                break
            await driver.press("down")
        await driver.until(
            "image/Dockerfile: FROM ghcr.io/openclaw/openclaw:2026.9.6", "2 to 5 minutes", "Enter shows it"
        )
        await driver.press("enter")
        await driver.until(
            "FROM ghcr.io/openclaw/openclaw:2026.9.6", "USER root", "signal-cli as its project"
        )


async def test_a_phone_is_linked_from_finish(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The terminal itself is tested with the console; here the simulated fly is given what it would be given."""
    from tests.demo.test_fly import fly

    cloud.log_in()
    await carry_out(services, SPEC)
    handed: list[Command] = []

    def hand_over(_app: object, command: Command, *, stays: bool) -> int:
        assert stays, "what it said is left there until Enter"
        handed.append(command)
        return fly(*command.argv[command.argv.index("ssh") :]).returncode

    monkeypatch.setattr(linking, "hand_over_terminal", hand_over)
    async with driving(spec=SPEC) as driver:
        await driver.session.find_login()
        await driver.go("finish")
        await driver.until("Signal is not linked yet", "F7")
        await driver.press("f7")
        await driver.until("Link +15551234567 with Signal?", "signal-cli --config", "some 30 lines high")
        await driver.press("down", "enter")
        await driver.until("Linked with +15551234567")
        await driver.until("Signal is connected")
    assert handed[0].argv[-4:-1] == ("--pty", "--quiet", "--command")
    assert "signal-cli --config /data/signal-cli link" in handed[0].argv[-1]


async def test_without_a_signal_cli_of_its_own_there_is_no_such_key(services: Services, cloud: Cloud) -> None:
    other: Spec = replace(
        SPEC, gateway=replace(SPEC.gateway, signal=replace(SPEC.gateway.signal, server="container"))
    )
    assert linking.may_link(SPEC)
    assert not linking.may_link(other)
    assert not linking.may_link(WISH)


async def test_a_file_alone_brings_no_program(services: Services, cloud: Cloud) -> None:
    """Signal that is switched on for a gateway that runs needs a deploy, and it is said where the file would be written."""
    from tests.engine.rig import have_gateway

    await have_gateway(services)
    cloud.log_in()
    async with driving(spec=SPEC) as driver:
        await driver.session.find_login()
        for name, value in SECRETS.items():
            await driver.session.keep_secret(name, Secret(value.reveal()), "accepted")
        await driver.go("gateway")
        await driver.until("Signal")
        await driver.press("f9")
        await driver.until("^N Write it into the gateway")
        await driver.press("ctrl+n")
        await driver.until("The image of its machine has no signal-cli with Java: this needs a deploy")
