"""Whatever people choose: what is written is good by our own list of problems, and is read as what was chosen."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import pytest

from claw_tui.demo.openclaw_config import read_config
from claw_tui.domain.gateway_config import build_config, config_text
from claw_tui.domain.openclaw.checks import problems
from claw_tui.domain.openclaw.config import Config
from claw_tui.domain.openclaw.shapes import VERSIONS
from claw_tui.domain.openclaw.spec_of import spec_of_config
from claw_tui.domain.spec import AgentSpec, GatewaySpec, Spec
from claw_tui.domain.wanted_config import wanted_config
from tests import answers
from tests.answers import ADDRESSES, TeachTheGenerator, specs, wrong

COUNT = 120
SEED = 20261122


def seen(value: Any, key: str, found: dict[str, set[str]]) -> None:
    """The values that each field had."""
    if is_dataclass(value):
        for field in fields(value):
            inside = getattr(value, field.name)
            found.setdefault(f"{type(value).__name__}.{field.name}", set()).add(repr(inside))
            seen(inside, field.name, found)
    elif isinstance(value, tuple):
        for one in value:
            seen(one, key, found)


def test_every_field_of_the_answers_is_drawn_with_several_values() -> None:
    found: dict[str, set[str]] = {}
    for spec in specs(SEED, COUNT, VERSIONS[0]):
        seen(spec, "", found)
    assert {key for key, values in found.items() if len(values) < 2} <= answers.NOT_IN_THE_FILE


def test_a_field_that_nobody_taught_it_is_refused() -> None:
    @dataclass(frozen=True)
    class Phone:
        on: bool = False
        number: str = ""

    with pytest.raises(TeachTheGenerator, match=r"Phone\.number"):
        answers._value("Part.one", "one", Phone, random.Random(1))


def test_the_same_seed_gives_the_same_answers() -> None:
    assert list(specs(1, 20, VERSIONS[0])) == list(specs(1, 20, VERSIONS[0]))
    assert list(specs(1, 20, VERSIONS[0])) != list(specs(2, 20, VERSIONS[0]))


@pytest.mark.parametrize("version", VERSIONS)
def test_whatever_is_chosen_is_good_and_is_read_as_what_was_chosen(version: str) -> None:
    for index, spec in enumerate(specs(SEED, COUNT, version)):
        assert wrong(spec.gateway) == []
        config = wanted_config(spec, ADDRESSES)
        assert [p for p in problems(Config.read(config), version) if p.refused] == [], (SEED, index)
        if not spec.gateway.base:
            assert read_config(config_text(config))[1] == [], (SEED, index)
            assert wanted_config(as_read(spec, config), ADDRESSES) == config, (SEED, index)
        assert_answers(spec.gateway, spec_of_config(Config.read(config)), (SEED, index))


def as_read(spec: Spec, config: Any) -> Spec:
    """The answers that are read out of the file, to be written into it again: nothing changes."""
    gateway = spec_of_config(Config.read(config))
    return replace(spec, gateway=replace(gateway, base=json.dumps(config)))


def assert_answers(chosen: GatewaySpec, read: GatewaySpec, where: object) -> None:
    """What was read would write the same. (Answers that count for another choice only, and names, are not in a file.)"""
    assert by_id(chosen) == by_id(read), where
    if not chosen.base:  # else bindings that were there stay beside them
        assert bindings(chosen) == bindings(read), where
    in_order = replace(read, agents=chosen.agents)  # whom whole channels are bound to is read first
    mine, theirs = (build_config(Spec(app="a", gateway=replace(one, base=""))) for one in (chosen, in_order))
    assert mine == theirs, where


def by_id(gateway: GatewaySpec) -> dict[str, AgentSpec]:
    return {one.id: replace(one, routes=()) for one in gateway.agents}


def bindings(gateway: GatewaySpec) -> set[str]:
    built: Any = build_config(Spec(app="a", gateway=gateway))
    return {json.dumps(binding, sort_keys=True) for binding in built.get("bindings", ())}
