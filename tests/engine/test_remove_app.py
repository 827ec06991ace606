"""A whole app is taken away, whoever made it: what is lost is said before, and nothing of it is left."""

from __future__ import annotations

import json

import pytest

from claw_tui.demo import cloud as fly_cloud
from claw_tui.demo import world
from claw_tui.domain.errors import BadInput
from claw_tui.domain.jobs import JobState
from claw_tui.engine.removal_desk import RemovalDesk, forget, takes_app
from claw_tui.engine.session import Session
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import CANARIES, SECRETS, ended, have_gateway
from tests.engine.test_hardening import have_guides

pytestmark = pytest.mark.anyio
APP = "my-app"


async def looked(services: Services) -> RemovalDesk:
    desk = RemovalDesk(Session(services), APP)
    await desk.look()
    return desk


async def removed(desk: RemovalDesk, *, keep_app: bool = False) -> list[str]:
    """Returns its log."""
    await desk.plan(keep_app=keep_app)
    run = await desk.start()
    assert await ended(run) is JobState.DONE, list(run.new_events())[-2:]
    assert takes_app(run.job) is not keep_app
    return list(run.new_log())


async def test_one_that_others_made(services: Services, cloud: Cloud) -> None:
    """Another app of the account stays as it is."""
    await have_guides(services, cloud)
    with world.opened() as now:
        app = now["apps"][APP]
        fly_cloud.new_ip(now, app, "v4")
        fly_cloud.create_volume(now, app, "photos", "fra", 1)
        fly_cloud.create_app(now, "other", "personal")
        app["certificates"] = ["claw.example.com"]
    desk = await looked(services)
    assert not desk.is_ours
    assert [piece.thing.kind.value for piece in desk.goes()] == [
        "machine",
        *["ip"] * 3,
        *["volume"] * 2,
        "app",
    ]
    told = "\n".join(desk.losses())
    for words in ("137.66.", "my-app.fly.dev", "claw.example.com", "OPENCLAW_GATEWAY_TOKEN"):
        assert words in told
    log = await removed(desk)
    assert list(cloud.read()["apps"]) == ["other"]
    assert any("Nothing of my-app is left" in line for line in log)


async def test_the_empty_app_may_stay_with_a_snapshot(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    await removed(await looked(services), keep_app=True)
    app = cloud.app(APP)
    assert (app["machines"], app["volumes"], app["ips"]) == ([], [], [])
    assert set(app["secrets"]) == set(SECRETS)
    assert len(app["snapshots"]) == 1


async def test_without_the_app_there_is_no_use_in_a_snapshot(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    cloud.record()
    await removed(await looked(services))
    calls = [" ".join(call["argv"][:3]) for call in cloud.calls()]
    assert not [call for call in calls if call.startswith("volumes snapshots create")]


async def test_what_is_lost_is_read_off_its_own_file(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    with world.opened() as now:
        file = now["apps"][APP]["volumes"][0]["files"]["/data/openclaw.json"]
        tree = json.loads(file["text"])
        tree["channels"]["whatsapp"] = {"enabled": True}
        tree["channels"]["signal"] = {"enabled": False}
        tree["gateway"]["auth"]["token"] = SECRETS["OPENCLAW_GATEWAY_TOKEN"].reveal()
        file["text"] = json.dumps(tree)
    desk = await looked(services)
    told = "\n".join(desk.losses())
    assert "The link to WhatsApp" in told
    assert "Signal" not in told
    assert '"whatsapp"' in desk.copy
    assert CANARIES.find(desk.copy.encode()) == []


async def test_nothing_is_forgotten_by_itself_and_all_when_it_is_wanted(
    services: Services, cloud: Cloud
) -> None:
    await have_gateway(services)
    session = Session(services)
    desk = RemovalDesk(session, APP)
    await desk.look()
    assert desk.is_ours
    await removed(desk)
    folder = services.state.file(APP, "x").parent
    assert (folder / "answers.toml").exists()
    assert await forget(session, APP) == ()
    assert not folder.exists()
    assert services.runs.latest(APP) is None
    assert services.state.known_apps() == ()
    assert services.state.revisions(APP) == {}


async def test_one_that_is_not_there(services: Services, cloud: Cloud) -> None:
    with pytest.raises(BadInput, match="There is no app"):
        await looked(services)
