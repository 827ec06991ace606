"""An app of which only some parts are there, in any combination: what is there is kept, the rest is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest

from claw_tui.demo import cloud as fly_cloud
from claw_tui.demo import world
from claw_tui.domain.jobs import JobState
from claw_tui.domain.plan import Action
from claw_tui.domain.world import App, Ip, IpKind, SecretInfo, Volume, World
from claw_tui.engine.context import View
from claw_tui.engine.plan import make_plan
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import SECRETS, WISH, assert_whole, carry_out, have_gateway
from tests.engine.test_plan import SPEC, finished

pytestmark = pytest.mark.anyio
PARTS = ("volume", "secrets", "v4", "v6", "private", "machine")


def half(present: set[str]) -> World:
    whole = finished(SPEC)
    kinds = {"v4": IpKind.SHARED_V4, "v6": IpKind.V6, "private": IpKind.PRIVATE_V6}
    ips = tuple(Ip(f"address-{name}", kind) for name, kind in kinds.items() if name in present)
    return World(
        App("my-app", "claw-club", "deployed" if "machine" in present else "pending"),
        whole.volumes if "volume" in present or "machine" in present else (),
        (SecretInfo("A", "d", "Staged"), SecretInfo("B", "d", "Staged")) if "secrets" in present else (),
        ips,
        whole.machines if "machine" in present else (),
    )


@pytest.mark.parametrize("private", [False, True])
def test_every_combination_is_planned_so_that_nothing_is_made_twice(private: bool) -> None:
    """64 half-made apps, in an organization that was not asked for."""
    spec = replace(SPEC, private=private)
    for there in product((False, True), repeat=len(PARTS)):
        present = {name for name, yes in zip(PARTS, there, strict=True) if yes}
        unsent = () if "secrets" in present else ("A", "B")
        found = {item.id: item.action for item in make_plan(View(spec, half(present), unsent)).items}
        assert found["create-app"] is Action.KEEP, present
        volume = "volume" in present or "machine" in present
        assert found["create-volume"] is (Action.KEEP if volume else Action.CREATE), present
        assert found["stage-secrets"] is (Action.CREATE if unsent else Action.KEEP), present
        assert (found["deploy"] is Action.CREATE) is ("machine" not in present), present
        if private:
            assert found["private-address"] is (Action.KEEP if "private" in present else Action.CREATE)
            public = present & {"v4", "v6"}
            assert found["no-public-addresses"] is (Action.CHANGE if public else Action.KEEP), present
        else:
            assert found["public-addresses"] is (Action.KEEP if {"v4", "v6"} <= present else Action.CREATE)


def test_a_volume_of_another_region_is_not_used_and_told_of() -> None:
    elsewhere = Volume("vol_1", "openclaw_data", "ams", 3)
    there = replace(half(set()), volumes=(elsewhere,))
    item = next(i for i in make_plan(View(SPEC, there, ("A", "B"))).items if i.id == "create-volume")
    assert item.action is Action.CREATE
    assert "vol_1" in item.detail
    assert "ams" in item.detail


@pytest.mark.parametrize("how", ["attached", "mounted"])
def test_the_volume_of_a_machine_elsewhere_is_kept_and_no_second_one_is_made(how: str) -> None:
    """A deploy does not move a machine: a volume in the region that is wished for would be an orphan."""
    whole = finished(SPEC)
    machine = replace(
        whole.machines[0], region="ams", mounts=whole.machines[0].mounts if how == "mounted" else ()
    )
    volume = replace(whole.volumes[0], region="ams", attached_to=machine.id if how == "attached" else "")
    there = replace(whole, machines=(machine,), volumes=(volume,))
    item = next(i for i in make_plan(View(SPEC, there)).items if i.id == "create-volume")
    assert item.action is Action.KEEP
    assert "ams" in item.detail


def made_app(org: str = "personal") -> None:
    with world.opened() as now:
        fly_cloud.create_app(now, "my-app", org)


def some(kind: str) -> Callable[[], None]:
    def add() -> None:
        with world.opened() as now:
            app = now["apps"]["my-app"]
            if kind == "volume":
                fly_cloud.create_volume(now, app, "openclaw_data", "fra", 3)
            elif kind == "secrets":
                fly_cloud.keep_secrets(app, {name: value.reveal() for name, value in SECRETS.items()})
            else:
                fly_cloud.new_ip(now, app, kind)

    return add


ORDERS = (
    (), ("volume",), ("secrets",), ("shared_v4",), ("v6",), ("volume", "secrets"), ("secrets", "volume"),
    ("v6", "volume", "secrets"), ("secrets", "shared_v4", "v6", "volume"), ("shared_v4", "v6"),
)  # fmt: skip


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
async def test_a_run_takes_up_what_is_there(order: tuple[str, ...], services: Services, cloud: Cloud) -> None:
    made_app("claw-club")
    for kind in order:
        some(kind)()
    before = cloud.app("my-app")
    state, events = await carry_out(services)
    assert state is JobState.DONE, events[-2:]
    assert_whole(cloud)
    after = cloud.app("my-app")
    assert after["org"] == "claw-club"
    assert [v["id"] for v in before["volumes"]] in ([], [v["id"] for v in after["volumes"]])
    assert {ip["address"] for ip in before["ips"]} <= {ip["address"] for ip in after["ips"]}


async def test_an_app_whose_machine_is_gone_gets_one_on_its_old_volume(
    services: Services, cloud: Cloud
) -> None:
    await have_gateway(services)
    with world.opened() as now:
        app = now["apps"]["my-app"]
        app["machines"].clear()
        for volume in app["volumes"]:
            volume["attached"] = None
    before = cloud.app("my-app")["volumes"][0]["id"]
    state, events = await carry_out(services)
    assert state is JobState.DONE, events[-2:]
    assert_whole(cloud)
    assert cloud.app("my-app")["volumes"][0]["id"] == before


async def test_a_gateway_in_another_region_gets_no_second_volume(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    state, events = await carry_out(services, replace(WISH, region="ams"))
    assert state is JobState.DONE, events[-2:]
    assert_whole(cloud)
