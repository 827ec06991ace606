"""The plan: what a run would do, from the wish and the world alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claw_tui.domain.fly_toml import COMMAND, environment, expected_service
from claw_tui.domain.gateway_config import build_config, config_text
from claw_tui.domain.plan import Action
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import App, Ip, IpKind, Machine, Mount, SecretInfo, Volume, World
from claw_tui.engine.context import View
from claw_tui.engine.own_config import own_addresses
from claw_tui.engine.plan import make_plan

SPEC = Spec(org="personal", app="my-app", region="fra", secret_names=("A", "B"))


def finished(spec: Spec) -> World:
    """The world in which everything is as ``spec`` wants it."""
    ips = (
        (Ip("fdaa::1", IpKind.PRIVATE_V6),)
        if spec.private
        else (Ip("1.2.3.4", IpKind.SHARED_V4), Ip("2a09::1", IpKind.V6))
    )
    machine = Machine(
        "148e", "m", "started", "fra", image=spec.image, cpu_kind="shared", cpus=2, memory_mb=2048, env=environment(spec),
        command=tuple(COMMAND.split()), mounts=(Mount("vol_1", "/data"),), services=(expected_service(spec),),
    )  # fmt: skip
    return World(
        App("my-app", "personal", "deployed", "my-app.fly.dev", deployed=True), (Volume("vol_1", "openclaw_data", "fra", 3),),
        (SecretInfo("A", "d", "Deployed"), SecretInfo("B", "d", "Deployed")), ips, (machine,),
    )  # fmt: skip


def view(spec: Spec, world: World, unsent: tuple[str, ...] = ()) -> View:
    written = config_text(build_config(spec, own_addresses(world)))
    return View(spec, world, unsent, written_config=written)


def actions(view_: View) -> dict[str, Action]:
    return {item.id: item.action for item in make_plan(view_).items}


@pytest.mark.parametrize("private", [False, True])
def test_from_nothing_everything_is_created(private: bool) -> None:
    plan = make_plan(View(replace(SPEC, private=private), World(), ("A", "B")))
    assert plan.changes
    found = [(item.id, item.action) for item in plan.items]
    assert found[0] == ("create-app", Action.CREATE)
    proofs = ["prove", "prove-private"] if private else ["prove"]
    assert found[-len(proofs) - 1 :] == [(step, Action.CHECK) for step in ("await-gateway", *proofs)]
    ids = [item_id for item_id, _action in found]
    assert ids.index("stage-secrets") < ids.index("deploy") < ids.index("write-config")
    if private:
        assert ids.index("private-address") < ids.index("deploy")
        assert "public-addresses" not in ids
        assert all("--no-public-ips" in item.commands[0] for item in plan.items if item.id == "deploy")
    else:
        assert "private-address" not in ids


@pytest.mark.parametrize("private", [False, True])
def test_of_a_finished_world_nothing_is_changed(private: bool) -> None:
    spec = replace(SPEC, private=private)
    plan = make_plan(view(spec, finished(spec)))
    assert not plan.changes, [
        (item.id, item.detail) for item in plan.items if item.action in (Action.CREATE, Action.CHANGE)
    ]


@pytest.mark.parametrize(
    ("change", "step"),
    [
        ({"memory_mb": 4096}, "deploy"), ({"version": "2026.9.3"}, "deploy"), ({"volume_name": "other"}, "create-volume"),
        ({"private": True}, "no-public-addresses"), ({"private": True}, "deploy"), ({"private": True}, "private-address"),
    ],
)  # fmt: skip
def test_what_was_changed_is_what_is_done(change: dict[str, object], step: str) -> None:
    spec = replace(SPEC, **change)  # type: ignore[arg-type]
    assert actions(view(spec, finished(SPEC)))[step] in (Action.CREATE, Action.CHANGE)


def test_new_secrets_are_sent_and_brought_in_by_a_deploy() -> None:
    found = actions(view(SPEC, finished(SPEC), unsent=("A",)))
    assert found["stage-secrets"] is Action.CHANGE
    assert found["deploy"] is Action.CHANGE
    staged = replace(
        finished(SPEC), secrets=(SecretInfo("A", "d", "Staged"), SecretInfo("B", "d", "Deployed"))
    )
    assert actions(view(SPEC, staged))["deploy"] is Action.CHANGE


def test_a_stopped_machine_and_one_left_in_rescue_are_deployed_again() -> None:
    world = finished(SPEC)
    stopped = replace(world, machines=(replace(world.machines[0], state="stopped"),))
    assert actions(view(SPEC, stopped))["deploy"] is Action.CHANGE
    rescue = replace(
        world, machines=(replace(world.machines[0], entrypoint=("/bin/sh", "-c", "exec sleep 900")),)
    )
    assert actions(view(SPEC, rescue))["deploy"] is Action.CHANGE


def test_missing_addresses_are_added_and_only_those() -> None:
    world = replace(finished(SPEC), ips=(Ip("2a09::1", IpKind.V6),))
    item = next(item for item in make_plan(view(SPEC, world)).items if item.id == "public-addresses")
    assert item.commands == ("fly ips allocate-v4 --shared --app my-app",)


def test_commands_are_whole_and_without_secrets() -> None:
    plan = make_plan(View(SPEC, World(), ("A", "B")))
    commands = [command for item in plan.items for command in item.commands]
    assert "fly secrets import --app my-app --stage < (names and values, on standard input)" in commands
    assert all(command.startswith("fly ") for command in commands)


def test_the_price_counts_a_paid_address() -> None:
    world = replace(finished(SPEC), ips=(Ip("1.2.3.4", IpKind.V4), Ip("2a09::1", IpKind.V6)))
    assert make_plan(view(SPEC, world)).price.total == pytest.approx(
        make_plan(view(SPEC, finished(SPEC))).price.total + 2
    )


def test_a_build_from_source_fetches_it_first() -> None:
    plan = make_plan(View(replace(SPEC, source="git"), World(), ()))
    ids = [item.id for item in plan.items]
    assert ids.index("fetch-source") < ids.index("deploy")
    deploy = next(item for item in plan.items if item.id == "deploy")
    assert "--remote-only" in deploy.commands[0]
