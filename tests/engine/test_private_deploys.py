"""A deploy or an update of a private gateway ends with the proof that it is private, and the proof is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from claw_tui.demo import world
from claw_tui.domain.jobs import JobEvent, JobState, Task
from claw_tui.engine.former import former
from claw_tui.engine.plan import step_infos
from claw_tui.plain.exits import exit_of
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import WISH, assert_no_canary, carry_out, have_gateway, spec_with
from tests.engine.test_hardening import APP, add_v4, change, ips
from tests.engine.test_run import again
from tests.engine.test_update import have_old, image, update

pytestmark = pytest.mark.anyio
PRIVATE = spec_with(private=True)


def ends(events: list[JobEvent]) -> dict[str, str]:
    return {event.step: event.state for event in events if event.kind == "step"}


def reports(services: Services) -> list[Path]:
    return sorted(services.state.file(APP, "x").parent.glob("privacy-*"))


async def test_a_first_private_deploy_is_proved(services: Services, cloud: Cloud) -> None:
    state, events = await carry_out(services, PRIVATE)
    assert state is JobState.DONE
    assert list(ends(events))[-2:] == ["prove", "prove-private"]
    assert "prove-private" not in [step.id for step in step_infos(WISH)]
    assert ends(events)["prove-private"] == "done"
    text, data = sorted(reports(services), key=lambda path: path.suffix, reverse=True)
    assert "my-app is private" in text.read_text()
    assert json.loads(data.read_text())["verdict"] == "private"
    assert_no_canary(text.parent)
    assert ips(cloud) == ["private_v6"]
    calls = [line for line in (text.parent / "journal.jsonl").read_text().splitlines() if "fly " in line]
    assert any("fly deploy" in line for line in calls)
    assert [line for line in calls if "fly deploy" in line and "--no-public-ips" not in line] == []
    assert [line for line in calls if "allocate" in line and "--private" not in line] == []
    assert former(services.state, APP) == (), "it was never public, not for a second"


async def test_what_was_public_is_tried_after_a_deploy_took_it_away(services: Services, cloud: Cloud) -> None:
    """The answer on the Privacy screen was changed: the same as Harden, by a deploy."""
    await have_gateway(services)
    had = {ip["address"] for ip in cloud.app(APP)["ips"]}
    with world.opened() as now:
        v6 = next(ip["address"] for ip in now["apps"][APP]["ips"] if ip["type"] == "v6")
        now["apps"][APP]["outside"] = {"answers": {v6: "gateway"}}
    state, events = await carry_out(await again(services), PRIVATE)
    assert state is JobState.FAILED
    (failed,) = [event for event in events if event.kind == "step" and event.state == "failed"]
    assert (failed.step, failed.code) == ("prove-private", "not-private")
    assert {ip.address for ip in former(services.state, APP)} == had


async def test_what_could_not_be_asked_is_named(services: Services, cloud: Cloud) -> None:
    """The gateway is there, so it is no failed setup; and nobody is told that it is private."""
    await have_old(services, PRIVATE)
    with world.opened() as now:
        now["apps"][APP]["outside"] = {"dns_down": True}
    state, events = await carry_out(await again(services), PRIVATE)
    assert state is JobState.DONE
    (missing,) = [event for event in events if event.kind == "missing"]
    assert "could not be proved" in missing.words
    assert "claw-tui doctor --private my-app" in missing.hint
    assert cloud.app(APP)["machines"][0]["state"] == "started"


async def test_an_update_says_that_it_is_not_private(services: Services, cloud: Cloud) -> None:
    """The new version runs: going back to the old one would help nothing."""
    await have_old(services, replace(PRIVATE, version="2026.9.1"))
    with world.opened() as now:
        now["apps"][APP]["outside"] = {"dns": {"A": ["66.241.124.9"]}}
    state, events, log = await update(await again(services), PRIVATE)
    assert state is JobState.DONE, events[-3:]
    assert any("Not yet: it is looked at again in" in line for line in log)
    assert ends(events)["prove-private"] == "done"
    (missing,) = [event for event in events if event.kind == "missing"]
    assert "It is not private" in missing.words
    assert image(cloud).endswith(f":{WISH.version}")


async def test_hardening_keeps_its_proof(services: Services) -> None:
    await have_gateway(services)
    state, events, log = await change(services, Task.HARDEN)
    assert state is JobState.DONE, events[-3:]
    data, text = reports(services)
    assert any(str(text) in line for line in log)
    assert "is private" in text.read_text()
    assert json.loads(data.read_text())["verdict"] == "private"


async def test_without_ipv6_here_the_verdict_says_so(services: Services) -> None:
    """What it had over IPv6 can't be tried: that is not "private", and no failure either."""
    await have_gateway(services)
    with world.opened() as now:
        now["outside"] = {"v6": False}
    state, events, _log = await change(services, Task.HARDEN)
    assert state is JobState.DONE, events[-3:]
    (missing,) = [event for event in events if event.kind == "missing"]
    assert exit_of(missing.code) == 10
    assert "by Fly's records" in missing.words


async def test_an_address_that_was_kept_does_not_keep_from_deploying(
    services: Services, cloud: Cloud
) -> None:
    """It was asked about once. It is told each time, and nobody calls that private."""
    await have_gateway(services)
    add_v4()
    assert (await change(services, Task.HARDEN))[0] is JobState.DONE
    larger = replace(PRIVATE, memory_mb=4096)
    state, events = await carry_out(await again(services), larger)
    assert state is JobState.DONE, events[-3:]
    assert ends(events)["no-public-addresses"] == "unchanged"
    (missing,) = [event for event in events if event.kind == "missing"]
    assert "It is NOT private" in missing.words
    assert exit_of(missing.code) == 11
    assert ips(cloud) == ["private_v6", "v4"]
    assert cloud.app(APP)["machines"][0]["guest"]["memory_mb"] == 4096
