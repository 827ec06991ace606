"""Addresses that an app had are remembered on this computer, and tried after their release."""

from __future__ import annotations

import pytest

from claw_tui.demo import cloud as fly_cloud
from claw_tui.demo import world
from claw_tui.domain.exposure.judgement import Privacy
from claw_tui.domain.world import Ip, IpKind
from claw_tui.engine.former import FILE, former, remember
from claw_tui.ports import Services
from tests.exposure.inside import in_memory, with_fly_inside
from tests.exposure.test_worlds import judged
from tests.exposure.worlds import app_of, ip, private

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("in_memory")]
__all__ = ["in_memory"]  # the fixture
OLD = Ip("66.241.124.9", IpKind.SHARED_V4)
NEW = Ip("2a09:8280:1::9:9:0", IpKind.V6)


async def test_public_ones_only_and_each_once(services: Services) -> None:
    state = services.state
    assert former(state, "my-app") == ()
    remember(state, "my-app", [OLD, Ip("fdaa:0:1::2", IpKind.PRIVATE_V6), Ip("1.2.3.4", IpKind.EGRESS_V4)])
    remember(state, "my-app", [OLD, NEW, Ip("203.0.113.5", IpKind.UNKNOWN)])
    assert former(state, "my-app") == (OLD, NEW, Ip("203.0.113.5", IpKind.UNKNOWN))
    assert former(state, "another") == ()


@pytest.mark.parametrize("text", ["", "{", "{}", "[1, {}]", '[{"address": 5}]'])
async def test_a_damaged_file_is_as_good_as_none(text: str, services: Services) -> None:
    path = services.state.file("my-app", FILE)
    path.write_text(text)
    assert former(services.state, "my-app") == ()
    remember(services.state, "my-app", [OLD])
    assert former(services.state, "my-app") == (OLD,)


async def test_what_was_seen_once_is_tried_after_its_release(services: Services) -> None:
    """An address that is released, and still leads to the app."""
    with world.opened() as now:
        private(now)
        address = ip(now, "v6")
    inside = with_fly_inside(services)
    assert (await judged(inside)).privacy is Privacy.EXPOSED
    with world.opened() as now:
        fly_cloud.release_ip(app_of(now), address)
    assert (await judged(inside)).privacy is Privacy.PRIVATE
    with world.opened() as now:
        app_of(now)["outside"] = {"answers": {address: "gateway"}}
    found = await judged(inside)
    assert found.privacy is Privacy.EXPOSED
    assert [line.id for line in found.lines if line.standing == "fail"] == ["probes"]


async def test_dns_and_the_edge_lag_behind(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Right after a release both still know the address; later neither does."""
    with world.opened() as now:
        private(now)
        address = ip(now, "v4")
        monkeypatch.setenv(world.SPEED, "1")
        fly_cloud.release_ip(app_of(now), address)
        monkeypatch.setenv(world.SPEED, "0")
    inside = with_fly_inside(services)
    found = await judged(inside)
    assert found.privacy is Privacy.EXPOSED
    assert {"dns", "probes"} == {line.id for line in found.lines if line.standing == "fail"}
    with world.opened() as now:
        app_of(now)["released"][0]["until"] = 0.0
    assert (await judged(inside)).privacy is Privacy.PRIVATE
