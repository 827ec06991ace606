"""A machine whose host does not answer: nothing of it is known, and nothing is made up for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claw_tui.domain.door_words import Told, story
from claw_tui.domain.doors import Door, door_of, nothing_leads_to, obstacles
from claw_tui.domain.drift import drift
from claw_tui.domain.fly_toml import build_fly_toml
from claw_tui.domain.machine_rules import obstacles as machine_obstacles
from claw_tui.domain.spec import Spec
from claw_tui.domain.vital_rows import figures
from claw_tui.domain.vital_verdict import verdict
from claw_tui.domain.vitals import Known, Standing
from claw_tui.domain.world import Ip, IpKind, Machine, MachineEvent, Mount, Volume, World
from claw_tui.engine.vitals import price_of
from tests.unit.test_vitals import NOW, machine, row, vitals

DARK = Machine("m1", "", "started", "fra", readable=False)
WORDS = "Fly.io does not tell how machine m1 is set up: its host does not answer."


def with_ips(*ips: Ip) -> World:
    return replace(vitals(DARK).world, ips=ips)


def test_nothing_of_it_is_changed_and_nobody_is_told_to_destroy_it() -> None:
    world = vitals(DARK).world
    assert obstacles(world) == (WORDS,)
    assert list(machine_obstacles(world)) == [WORDS]
    assert drift(Spec(app="a"), DARK, build_fly_toml(Spec(app="a"))) == ()


def test_who_can_reach_it_is_not_made_up() -> None:
    for ips in ((), (Ip("fdaa::1", IpKind.PRIVATE_V6),)):
        world = with_ips(*ips)
        assert door_of(world) not in (Door.SHUT, Door.PRIVATE)
        assert not nothing_leads_to(world)
        assert row(vitals(world=world), "reach").words == "not known: its host does not answer"
    assert "https://a.fly.dev" in row(vitals(DARK), "reach").words


def test_its_figures_say_that_they_are_not_known() -> None:
    found = vitals(DARK, resources=Known(None, None, ""))
    shown = {figure.id: figure.words for figure in figures(found)}
    assert (
        shown["machine"]
        == "started, no check; fra; m1; how it is set up is not known: its host does not answer"
    )
    assert shown["version"] == "not known: its host does not answer"
    assert "memory" not in shown
    assert "no machine has it" not in shown["volume"]
    assert price_of("a", found.world) is None, "a part of the price is not the price"
    assert verdict(vitals(DARK)).standing is Standing.GOOD, "it answers"


def test_another_machines_volume_is_its() -> None:
    world = vitals().world
    other = machine(id="m2", mounts=(Mount("vol2", "/data"),))
    both = replace(
        world,
        machines=(*world.machines, other),
        volumes=(*world.volumes, Volume("vol2", "openclaw_data", "fra", 3)),
    )
    words = [figure.words for figure in figures(vitals(world=both)) if figure.id == "volume"]
    assert words[1] == "openclaw_data, 3 GB, fra; machine m2 has it"


@pytest.mark.parametrize(
    ("code", "oom", "words"),
    [(137, True, "its memory ran out"), (134, False, "with code 134"), (0, False, "as it was asked to")],
)
def test_one_that_does_not_run_tells_why(code: int, oom: bool, words: str) -> None:
    ends = MachineEvent("exit", "stopped", int((NOW - 60) * 1000), code, oom)
    assert row(vitals(machine(ends, state="stopped")), "end").words.endswith(f": {words}")
    assert not [figure for figure in figures(vitals(machine(ends))) if figure.id == "end"]


def test_harden_says_nothing_of_services_that_nobody_told() -> None:
    text = "\n".join(story(Told("a", vitals(DARK).world, Door.PUBLIC), private=True))
    assert "no service" not in text
