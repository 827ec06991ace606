"""An installer's rig: a world, a wish, a run of the real runner process, and what must be true afterwards."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from claw_tui.domain.jobs import Job, JobEvent, JobState
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import ChannelSpec, DiscordSpec, GatewaySpec, GuildSpec, Spec
from claw_tui.engine.plan import make_plan, step_infos, view_of
from claw_tui.engine.world import WorldReader
from claw_tui.ports import RunHandle, Services
from tests.canary import Canaries
from tests.conftest import Cloud

SECRETS = {
    "OPENCLAW_GATEWAY_TOKEN": Secret("CANARYgatewayCANARYgatewayCANARYgateway"),
    "ANTHROPIC_API_KEY": Secret("sk-ant-api03-CANARYanthropicCANARYanthropic"),
    "DISCORD_BOT_TOKEN": Secret("MTE4MDAwMDAwMDAwMDAwMDAw.CANARYd.CANARYdiscordCANARYdiscord1"),
}
WISH = Spec(
    org="personal", app="my-app", region="fra", secret_names=tuple(SECRETS),
    gateway=GatewaySpec(
        primary_model="anthropic/claude-opus-5",
        discord=DiscordSpec(enabled=True, guilds=(GuildSpec("1170000000000000001", "Claw Club", channels=(ChannelSpec("1171000000000000003"),)),)),
    ),
)  # fmt: skip


async def start(services: Services, spec: Spec = WISH, values: Mapping[str, Secret] = SECRETS) -> RunHandle:
    """Plan and start, as the Review screen does."""
    for name in values:
        if name not in services.state.revisions(spec.app):
            services.state.set_revision(spec.app, name, "r1")
    world = await WorldReader(services.fly).read(spec.app)
    plan = make_plan(view_of(spec, world, services.state))
    job = Job(
        time.strftime("%Y%m%d-%H%M%S-") + f"{time.monotonic_ns():020d}-{secrets.token_hex(2)}", spec.app, spec,
        step_infos(spec), plan.fingerprint, time.time(), demo=True,
    )  # fmt: skip
    return await services.runs.start(job, values, services.fly.token)


async def ended(run: RunHandle, seconds: float = 60.0) -> JobState:
    end = time.monotonic() + seconds
    while (state := run.state()) is JobState.GOING_ON:
        assert time.monotonic() < end, "the run does not end"
        await asyncio.sleep(0.02)
    return state


async def carry_out(services: Services, spec: Spec = WISH) -> tuple[JobState, list[JobEvent]]:
    run = await start(services, spec)
    state = await ended(run)
    return state, list(run.new_events())


def assert_whole(cloud: Cloud, spec: Spec = WISH) -> None:
    """One of everything, as it was wanted; nothing twice."""
    world = cloud.read()
    assert list(world["apps"]) == [spec.app]
    app = world["apps"][spec.app]
    assert [(v["name"], v["region"], v["size_gb"]) for v in app["volumes"]] == [
        (spec.volume_name, spec.region, spec.volume_gb)
    ]
    assert len(app["machines"]) == 1
    assert app["machines"][0]["state"] == "started"
    assert app["machines"][0]["mounts"][0]["volume"] == app["volumes"][0]["id"]
    assert set(app["secrets"]) == set(spec.secret_names)
    assert {s["status"] for s in app["secrets"].values()} == {"Deployed"}
    assert sorted(ip["type"] for ip in app["ips"]) == (
        ["private_v6"] if spec.private else ["shared_v4", "v6"]
    )
    assert "/data/openclaw.json" in app["volumes"][0]["files"]


CANARIES = Canaries({name: value.reveal() for name, value in SECRETS.items()})


def assert_no_canary(*folders: Path) -> None:
    """No planted secret in any file or file's name, in whatever form."""
    assert CANARIES.find_in_files(*folders) == []


def spec_with(**changes: object) -> Spec:
    return replace(WISH, **changes)  # type: ignore[arg-type]
