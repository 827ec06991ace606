"""A gateway with Signal: an image is built for it, deployed, proved, linked, updated, and changed back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from claw_tui.domain.jobs import JobEvent, JobState, Task
from claw_tui.domain.own_image import LINK_SIGNAL
from claw_tui.domain.plan import Action
from claw_tui.domain.spec import SignalSpec, Spec, VoiceSpec
from claw_tui.engine.plan import make_plan, steps_for, view_of
from claw_tui.engine.proof import Evidence, Proof, Verdict
from claw_tui.engine.world import WorldReader
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import WISH, assert_no_canary, assert_whole, carry_out, have_gateway

pytestmark = pytest.mark.anyio

SIGNAL = SignalSpec(True, account="+15551234567", server="managed-native")
PROVED = "program-signal-cli"


def with_gateway(app: str = WISH.app, **gateway: Any) -> Spec:
    return replace(WISH, app=app, gateway=replace(WISH.gateway, **gateway))


async def proved(services: Services, spec: Spec) -> dict[str, Evidence]:
    return {line.id: line async for line in Proof(services, spec, WorldReader(services.fly)).lines()}


def missing(events: list[JobEvent]) -> dict[str, str]:
    return {event.part: event.words for event in events if event.kind == "missing"}


def link(app: str) -> str:
    """As the terminal does it."""
    from tests.demo.test_fly import fly

    done = fly("ssh", "console", "--app", app, "--pty", "--command", LINK_SIGNAL)
    assert done.returncode == 0, done.stderr
    return done.stdout


async def test_signal_from_nothing_to_linked(services: Services, cloud: Cloud) -> None:
    spec = with_gateway(signal=SIGNAL)
    plan = make_plan(view_of(spec, await WorldReader(services.fly).read(spec.app), services.state))
    prepared = next(item for item in plan.items if item.id == "prepare-image")
    assert prepared.action is Action.CREATE
    assert "FROM ghcr.io/openclaw/openclaw:2026.9.6" in prepared.commands[0]
    assert "2 to 5 minutes" in prepared.commands[1]
    state, events = await carry_out(services, spec)
    assert state is JobState.DONE, events[-1]
    assert missing(events) == {}, "that no phone is linked yet is for the person"
    assert_whole(cloud, spec)
    machine = cloud.app(spec.app)["machines"][0]
    assert machine["image"] == spec.image
    folder = services.state.file(spec.app, "image")
    assert sorted(path.name for path in folder.iterdir()) == ["Dockerfile"], (
        "nothing else goes to the builder"
    )
    assert_no_canary(folder)

    lines = await proved(services, spec)
    assert lines[PROVED].words == "In the machine: signal-cli 0.14.10"
    assert lines["signal"].verdict is Verdict.TODO
    assert "F7" in lines["signal"].todo
    assert "Associated with: +15551234567" in link(spec.app)
    machine_id = machine["id"]
    assert await services.inside.signal_numbers(spec.app, machine_id) == ("+15551234567",)
    assert (await proved(services, spec))["signal"].verdict is Verdict.PASS

    # Nothing is built again for nothing; what it is linked with outlives the next deploy, on its volume.
    again, _events = await carry_out(services, spec)
    assert again is JobState.DONE
    assert len(cloud.app(spec.app)["releases"]) == 1
    bigger = replace(spec, memory_mb=4096)
    assert (await carry_out(services, bigger))[0] is JobState.DONE
    assert (await proved(services, bigger))["signal"].verdict is Verdict.PASS


async def test_a_gateway_gets_its_programs_and_loses_them_again(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    spec = with_gateway(signal=SIGNAL)
    lines = await proved(services, spec)
    assert lines[PROVED].words == "signal-cli with Java is not in the machine"
    assert lines[PROVED].verdict is Verdict.FAIL
    plan = make_plan(view_of(spec, await WorldReader(services.fly).read(spec.app), services.state))
    deploy = next(item for item in plan.items if item.id == "deploy")
    assert (deploy.action, deploy.detail) == (Action.CHANGE, "programs in the image: signal-cli with Java")
    assert f"--image-label {spec.image.rpartition(':')[2]}" in deploy.commands[0]
    assert (await carry_out(services, spec))[0] is JobState.DONE
    assert (await proved(services, spec))[PROVED].verdict is Verdict.PASS
    assert (await carry_out(services, WISH))[0] is JobState.DONE
    assert cloud.app(WISH.app)["machines"][0]["image"] == WISH.image
    assert PROVED not in await proved(services, WISH)


async def test_the_wrong_phone_is_named(services: Services, cloud: Cloud) -> None:
    spec = with_gateway("my-otherphone", signal=SIGNAL)
    assert (await carry_out(services, spec))[0] is JobState.DONE
    link(spec.app)
    lines = await proved(services, spec)
    assert (
        lines["signal-number"].words == "Signal is linked with +15559999999, and the answers say +15551234567"
    )
    assert lines["signal"].verdict is Verdict.TODO


@pytest.mark.parametrize(
    ("app", "spec", "words"),
    [
        ("my-noapt", {"voice": VoiceSpec(True, ngrok_domain="x.ngrok.app")}, "The image could not be built."),
        ("my-nopush", {"signal": SIGNAL}, "Fly.io's registry does not take it"),
    ],
)
async def test_a_build_that_fails_makes_no_machine_and_goes_on_afterwards(
    services: Services, cloud: Cloud, app: str, spec: dict[str, Any], words: str
) -> None:
    state, events = await carry_out(services, with_gateway(app, **spec))
    assert state is JobState.FAILED
    assert words in json.dumps([event.message for event in events])
    assert cloud.app(app)["machines"] == []


def test_an_update_builds_the_image_anew_and_the_way_back_does_not() -> None:
    spec = with_gateway(signal=SIGNAL)
    on = [step.id for step in steps_for(replace(spec, version="2026.9.7"), Task.UPDATE)]
    assert on[:2] == ["prepare-image", "take-snapshot"]
    assert "prepare-image" not in [step.id for step in steps_for(spec, Task.UPDATE, "image")]
    assert "prepare-image" not in [step.id for step in steps_for(WISH)]
