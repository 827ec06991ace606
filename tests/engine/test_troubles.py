"""Failed runs against the simulated cloud: recognised by their real words, mended by a fix, and gone on with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from claw_tui.demo import world
from claw_tui.demo.cloud import Refusal, create_app
from claw_tui.domain.jobs import JobEvent, JobState
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import DISCORD
from claw_tui.domain.spec import Spec, WhatsAppSpec
from claw_tui.domain.troubles.model import Fix, FixKind, Trouble
from claw_tui.engine import troubleshooting
from claw_tui.engine.course import Course
from claw_tui.engine.session import Session
from claw_tui.engine.troubleshooting import Troubleshooter, other_names
from claw_tui.ports import Services
from claw_tui.wiring import services_for
from tests.conftest import TOKEN, Cloud
from tests.engine.rig import SECRETS, WISH, assert_whole, ended, have_gateway, spec_with

pytestmark = pytest.mark.anyio


class Sitting:
    """Somebody who deploys, and does what is offered when it fails."""

    def __init__(self, services: Services, spec: Spec) -> None:
        self.session = Session(services)
        self.session.spec = spec
        self.helper = Troubleshooter(self.session)
        self.course = Course(())

    async def give(self, secrets: Mapping[str, Secret] = SECRETS) -> None:
        for name, value in secrets.items():
            await self.session.keep_secret(name, value)

    async def run(self) -> JobState:
        """A new run of what is planned; the course of it is kept."""
        await self.session.start_run()
        run = self.session.run
        assert run is not None
        state = await ended(run)
        self.course = Course(run.job.steps)
        for event in run.new_events():
            self.course.take(event)
        return state

    async def trouble(self) -> Trouble:
        assert await self.run() is JobState.FAILED
        assert self.course.failure is not None
        return await self.helper.look(self.course.failure)

    async def take(self, fix: Fix, choice: str = "") -> None:
        changes = next((found.changes for found in fix.choices if found.id == choice), fix.changes)
        await self.helper.change(changes)
        await self.helper.plan(fix)


@pytest.fixture
async def with_faults(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Services whose flyctl says these things, one at each deploy."""
    made: list[Services] = []

    def make(*said: str, exit: int = 1) -> Services:
        cloud.log_in()
        faults = [{"command": "deploy", "exit": exit, "stderr": f"Error: {words}\n"} for words in said]
        cloud.faults(monkeypatch, *faults)
        services = services_for(os.environ, demo=True)
        services.fly.use_token(TOKEN)
        made.append(services)
        return services

    yield make
    for services in made:
        await services.close()


LEASED = (
    "failed to acquire leases: Unrecoverable error: failed to get lease on VM 148e: machine ID 148e lease currently held by"
    " 9af60c27@tokens.fly.io, expires at 2001-05-14T10:41:08Z"
)
CRASHED = "smoke checks for 148e failed: the app appears to be crashing\nCheck its logs: here's the last lines below:\n"
BUILDING = "failed to fetch an image or build from source: error building: failed to solve: "
# One after the other: what flyctl says at a deploy, the kind of trouble, what of it is shown, what helps.
AT_DEPLOYS = (
    ('Post "https://api.machines.dev/v1/apps/my-app/machines": dial tcp: lookup api.machines.dev: no such host', "network",
     "no such host", "wait"),
    ("failed to create release (status 502): bad gateway", "trouble", "502", "wait"),
    (LEASED, "lease-held", "9af60c27@tokens.fly.io", "retry"),
    ("failed to launch VM: Your trial has ended, please add a credit card.", "billing", "trial has ended", "wait"),
    (BUILDING + "failed to push registry.fly.io/my-app:x: denied: not permitted", "push-denied", "denied", "login"),
    (BUILDING + "write /var/lib/buildkit/x: no space left on device", "build-context", "no space left", "retry"),
    ("failed to update machine 148e: invalid_argument: invalid config.guest.memory_mb, minimum required 4096 MiB", "size-refused",
     "minimum required 4096 MiB", "size"),
    ("timeout reached waiting for health checks to pass for machine 148e: context deadline exceeded", "unhealthy",
     "timeout reached", "retry"),
    ("timeout reached waiting for health checks to pass for machine 148e\nWARNING The app is not listening on the expected address and"
     " will not be reachable by fly-proxy.\n  - 0.0.0.0:3000", "not-listening", "0.0.0.0:3000", "retry"),
    (CRASHED + "OpenClaw state database /data/s.sqlite uses newer schema version 19; this OpenClaw build supports 18.",
     "newer-state", "uses newer schema", "retry"),
    (CRASHED + "gateway already running (pid 4321); lock timeout after 5000ms", "lock-held", "pid 4321", "wait"),
    (CRASHED + "Refusing to bind gateway to lan without auth.\nMain child exited normally with code: 78", "no-auth",
     "exited normally with code: 78", "answer"),
    ("failed loading app config from /x/fly.toml: toml: line 9: expected '='", "file-refused", "line 9", "retry"),
    ("Process group 'app' needs volumes with name 'openclaw_data' to fulfill mounts", "volume-needed", "needs volumes", "retry"),
)  # fmt: skip


async def test_one_trouble_after_the_other_and_nothing_is_made_twice(cloud: Cloud, with_faults: Any) -> None:
    """From a taken name to a gateway that works, by what is offered at each failure."""
    services = with_faults(*(said for said, _kind, _shown, _fix in AT_DEPLOYS))
    sitting = Sitting(services, spec_with(app="demo-taken-1", region="bom"))
    await sitting.give()
    trouble = await sitting.trouble()
    assert (trouble.kind, trouble.title) == ("name-taken", "Somebody on Fly.io already has this app name.")
    assert trouble.evidence[0] == "Validation failed: Name has already been taken"
    assert not cloud.read()["apps"]
    assert "demo-taken-1" not in [choice.id for choice in trouble.fix("name").choices]
    await sitting.take(trouble.fix("name"), "my-demo-taken-1")
    trouble = await sitting.trouble()
    assert trouble.kind == "no-capacity"
    assert "could not reserve resource" in trouble.evidence[0]
    assert trouble.fix("region").choices[0].id == "sin"  # the nearest to Mumbai
    assert "+$" in trouble.fix("size").choices[-1].detail
    await sitting.take(trouble.fix("region"), "fra")
    for said, kind, shown, fix in AT_DEPLOYS:
        trouble = await sitting.trouble()
        assert sitting.course.failure is not None
        assert (trouble.kind, sitting.course.failure.step) == (kind, "deploy"), said
        assert any(shown in line for line in trouble.evidence), (said, trouble.evidence)
        assert trouble.fix(fix).kind is not FixKind.CHANGE
        await sitting.take(trouble.fix("retry"))
    assert await sitting.run() is JobState.DONE
    assert not sitting.course.missing
    assert_whole(cloud, spec_with(app="my-demo-taken-1", region="fra"))


async def test_a_machine_without_room_names_the_volume_that_is_left(cloud: Cloud, with_faults: Any) -> None:
    services = with_faults(
        "error creating a new machine: failed to launch VM: aborted: could not reserve resource for machine: insufficient memory"
        " available to fulfill request"
    )
    sitting = Sitting(services, spec_with(version="2025.1.1"))
    await sitting.give()
    trouble = await sitting.trouble()
    volume = cloud.app("my-app")["volumes"][0]["id"]
    assert trouble.kind == "no-capacity"
    assert f"The volume {volume} in fra is empty and costs $0.45 a month" in trouble.cause
    await sitting.take(trouble.fix("retry"))
    trouble = await sitting.trouble()
    assert (trouble.kind, trouble.evidence) == (
        "image-not-found",
        (
            'failed to fetch an image or build from source: could not find image "ghcr.io/openclaw/openclaw:2025.1.1"',
        ),
    )
    assert "2026.9.6" in [choice.id for choice in trouble.fix("version").choices]
    await sitting.take(trouble.fix("version"), "2026.9.6")
    assert await sitting.run() is JobState.DONE
    assert_whole(cloud)


async def test_a_crash_of_flyctl_is_no_trouble_of_ours(
    services: Services, cloud: Cloud, with_faults: Any
) -> None:
    await have_gateway(services)
    services = with_faults("Oops, something went wrong! Could you try that again?", exit=3)
    sitting = Sitting(services, spec_with(memory_mb=4096))
    trouble = await sitting.trouble()
    assert (trouble.kind, [fix.key for fix in trouble.fixes]) == ("panic", ["r"])
    assert "fly version upgrade" in trouble.cause
    await sitting.take(trouble.fix("retry"))
    assert await sitting.run() is JobState.DONE
    assert_whole(cloud)


@pytest.mark.parametrize("app", ["my-oom-app", "my-bigbuild", "my-nopush"])
async def test_values_of_the_demo_that_make_it_fail(services: Services, cloud: Cloud, app: str) -> None:
    sitting = Sitting(services, spec_with(app=app, source="image" if "oom" in app else "git"))
    await sitting.give()
    trouble = await sitting.trouble()
    kind, fix, shown = {
        "my-oom-app": ("out-of-memory", "memory", "Killed process 642 (node)"),
        "my-bigbuild": ("build-memory", "image", "exit code: 137"),
        "my-nopush": ("push-denied", "login", "401 Unauthorized"),
    }[app]
    assert trouble.kind == kind
    assert any(shown in line for line in trouble.evidence), trouble.evidence
    changed = trouble.fix(fix)
    if changed.kind is FixKind.GO:
        assert changed.step == "account"
        return
    await sitting.take(changed)
    assert await sitting.run() is JobState.DONE
    assert_whole(cloud, replace(sitting.session.spec))


async def test_a_file_that_is_refused_at_a_start_is_written_anew(services: Services, cloud: Cloud) -> None:
    """The machine ends with 78 again and again: what its gateway says is found, and the rescue is one key away."""
    await have_gateway(services)
    with world.opened() as now:
        file = now["apps"]["my-app"]["volumes"][0]["files"]["/data/openclaw.json"]
        file["text"] = file["text"].replace('"gateway": {', '"gateway": {"tokn": 1,', 1)
    sitting = Sitting(services, spec_with(memory_mb=4096))
    trouble = await sitting.trouble()
    assert (trouble.kind, trouble.title) == (
        "bad-config",
        "The gateway does not start: it refuses its openclaw.json.",
    )
    assert any("tokn" in line for line in trouble.evidence), trouble.evidence
    assert any("code: 78" in line or "exit code 78" in line for line in trouble.evidence), trouble.evidence
    await sitting.take(trouble.fix("rescue"))
    assert await sitting.run() is JobState.DONE
    assert_whole(cloud)
    assert "tokn" not in cloud.app("my-app")["volumes"][0]["files"]["/data/openclaw.json"]["text"]


async def test_a_wait_ends_when_it_is_over(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(troubleshooting, "POLL_SECONDS", 0.02)
    sitting = Sitting(services, WISH)

    async def waited(code: str, seconds: float) -> bool:
        trouble = await sitting.helper.look(JobEvent("step", 0.0, "deploy", "failed", "x", code=code))
        return await sitting.helper.wait(replace(trouble.fix("wait"), seconds=seconds), lambda _left: None)

    assert await waited("trouble", 0.05)
    services.fly.use_token(None)
    assert not await waited("network", 0.1)
    services.fly.use_token(TOKEN)
    assert await waited("network", 20.0)
    with world.opened() as now:
        now["orgs"]["personal"]["billing"] = "TRIAL_ENDED"
    assert not await waited("billing", 0.1)
    with world.opened() as now:
        now["orgs"]["personal"]["billing"] = "CURRENT"
    assert await waited("billing", 20.0)


async def test_a_run_says_itself_what_does_not_work(services: Services, cloud: Cloud) -> None:
    """Everything is there and flyctl is content, but the bot may not read, and a phone is still to be linked."""
    gateway = replace(WISH.gateway, whatsapp=WhatsAppSpec(enabled=True))
    sitting = Sitting(services, spec_with(gateway=gateway))
    await sitting.give({**SECRETS, DISCORD: Secret(SECRETS[DISCORD].reveal() + "nointent")})
    assert await sitting.run() is JobState.DONE
    assert list(sitting.course.missing) == ["discord"]
    assert "4014" in sitting.course.missing["discord"].words
    assert "Message Content Intent" in sitting.course.missing["discord"].hint
    # Its bot was mended: the next run says that, too.
    with world.opened() as now:
        now["apps"]["my-app"]["machines"][0]["gateway"]["channels"]["discord"]["error"] = ""
    await sitting.session.plan_again()
    assert await sitting.run() is JobState.DONE
    assert not sitting.course.missing


async def test_a_channel_that_never_comes_is_waited_for_and_named(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    with world.opened() as now:
        now["apps"]["my-app"]["machines"][0]["gateway"]["channels"].clear()
    sitting = Sitting(services, WISH)
    assert await sitting.run() is JobState.DONE
    assert "is not connected" in sitting.course.missing["discord"].words
    assert "plugin" in sitting.course.missing["discord"].hint


@pytest.mark.parametrize("name", ["demo-taken", "demo-taken-1"])
def test_the_names_that_are_offered_are_free(cloud: Cloud, name: str) -> None:
    """In place of one that is taken."""
    cloud.log_in()
    offered = other_names(name, {name})
    assert len(offered) > 3
    with world.opened() as now:
        with pytest.raises(Refusal):
            create_app(now, name, "personal")
        for other in offered:
            create_app(now, other, "personal")
