"""An installer's rig: a world, a wish, a run of the real runner process, and what must be true afterwards."""

from __future__ import annotations

import asyncio
import atexit
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from claw_tui.demo import world
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
    view = view_of(spec, await WorldReader(services.fly).read(spec.app), services.state)
    plan = make_plan(view)
    job = Job(
        time.strftime("%Y%m%d-%H%M%S-", time.gmtime()) + f"{time.monotonic_ns():020d}-{secrets.token_hex(2)}", spec.app, spec,
        step_infos(spec), plan.fingerprint, time.time(), demo=True, sends=dict(services.state.revisions(spec.app)),
        first=not view.world.machines,
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


_made: list[Path] = []  # what a whole run leaves behind, once for all tests of a process
NOT_KEPT = shutil.ignore_patterns("fly", "tmp", "home", "*.lock")


async def have_gateway(services: Services) -> None:
    """The world as a whole run leaves it; the first who asks with nothing there yet has it run, the others get a copy."""
    here = Path(os.environ["CLAW_TUI_HOME"])
    if not _made:
        with world.opened(change=False) as now:
            is_new = not now["apps"] and not [*here.rglob("*.toml"), *here.rglob("job.json")]
        state, events = await carry_out(services)
        assert state is JobState.DONE, events[-2:]
        if not is_new:
            return
        folder = Path(tempfile.mkdtemp(prefix="claw-tui-rig-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        shutil.copytree(here, folder, dirs_exist_ok=True, ignore=NOT_KEPT)
        _made.append(folder)
        return
    with world.opened(change=False) as now:
        login = now["login"]
    shutil.copytree(_made[0], here, dirs_exist_ok=True)
    with world.opened() as now:
        now["login"] = login
        _made_just_now(now["apps"][WISH.app])


def _made_just_now(app: dict[str, Any]) -> None:
    """However long ago it was: a start belongs to a release that was made shortly before."""
    at = time.time()
    for release in app["releases"]:
        release["created"] = datetime.fromtimestamp(at - 1, UTC).isoformat()
    for machine in app["machines"]:
        for event in machine["events"]:
            event["timestamp"] = int(at * 1000)


def assert_whole(cloud: Cloud, spec: Spec = WISH) -> None:
    """One of everything, as it was wanted; nothing twice."""
    apps = cloud.read()["apps"]
    assert list(apps) == [spec.app]
    app = apps[spec.app]
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
