"""Regions, models, Discord's order, texts, completeness."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.segment import Segment
from textual.color import Color
from textual.strip import Strip, get_line_length

from claw_tui import i18n
from claw_tui.adapters.here import whereabouts
from claw_tui.domain.completeness import problems
from claw_tui.domain.geo import distance_km, nearest_first
from claw_tui.domain.models import default_models, model_problem, models_for
from claw_tui.domain.spans import span
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import Ip, IpKind, Region, World
from claw_tui.screens import road
from claw_tui.widgets.harmless import HARMLESS

FRA, IAD, SYD = (
    Region("fra", "F", 50.1, 8.7),
    Region("iad", "I", 39.0, -77.5),
    Region("syd", "S", -33.9, 151.2),
)


def test_the_nearest_region_comes_first() -> None:
    assert [r.code for r in nearest_first([SYD, IAD, FRA], (52.5, 13.4))] == ["fra", "iad", "syd"]
    assert [r.code for r in nearest_first([SYD, IAD, FRA], None)] == ["fra", "iad", "syd"]
    assert 6500 < distance_km((50.1, 8.7), (39.0, -77.5)) < 6700


def test_whereabouts_come_from_the_time_zone() -> None:
    found = whereabouts({"TZ": "America/New_York"})
    assert found is None or (40 < found[0] < 41.5 and -75 < found[1] < -73)
    assert whereabouts({"TZ": "Nowhere/Land"}) is None


@pytest.mark.parametrize(
    "text",
    ["a\x1b[2Jb", "\x1b]0;title\x07a", "one\ntwo\tthree", "\u202ea\x9b", "👩\u200d💻 at work", "half \udc9b"],
)
def test_what_is_drawn_steers_nothing_and_is_as_wide_as_it_was_laid_out(text: str) -> None:
    line = Strip([Segment("plain "), Segment(text)])
    drawn = line.apply_filter(HARMLESS, Color(0, 0, 0))
    assert drawn.text.isprintable()
    assert (drawn.text[:6], get_line_length(drawn)) == ("plain ", line.cell_length)


def test_default_models_mix_providers() -> None:
    primary, fallbacks = default_models(("anthropic", "openai"))
    assert primary == "anthropic/claude-opus-5"
    assert fallbacks == ("anthropic/claude-sonnet-5", "openai/gpt-6-astra")
    assert default_models(()) == ("", ())
    assert default_models(("groq",)) == ("", ())
    assert next(m.provider for m in models_for(("openai", "anthropic"))) == "openai"


def test_a_typed_model_is_looked_at() -> None:
    assert "replaced" in model_problem("openai/gpt-4o", ("openai",))
    assert "key" in model_problem("openai/gpt-6-sol", ("anthropic",))
    assert model_problem("nonsense", ("openai",))
    assert model_problem("openrouter/any/thing", ("openrouter",)) == ""


def test_unknown_addresses_count_as_public() -> None:
    assert Ip("1", IpKind.UNKNOWN).public
    assert not Ip("1", IpKind.PRIVATE_V6).public
    assert not Ip("1", IpKind.EGRESS_V4).public


def test_a_fingerprint_changes_with_things_and_not_with_passing_states() -> None:
    world = World(ips=(Ip("1", IpKind.V6),))
    assert world.fingerprint() == World(ips=(Ip("1", IpKind.V6),)).fingerprint()
    assert world.fingerprint() != World().fingerprint()


def test_the_pseudo_language_is_longer_and_keeps_placeholders() -> None:
    text = i18n.pseudo("Logged in as {email}.")
    assert "{email}" in text
    assert len(text) >= 1.4 * len("Logged in as {email}.")
    i18n.use_language("pseudo")
    assert i18n.many("{count} channel", "{count} channels", 2).startswith("2 çĥàñ")
    i18n.use_language("de_DE.UTF-8")
    assert i18n._("Help") == "Help"


def test_what_is_missing_is_told_in_the_order_of_the_road() -> None:
    steps = [problem.step for problem in problems(Spec())]
    assert steps == sorted(steps, key=road.ORDER.index)
    assert set(steps) == {"account", "app", "secrets", "gateway"}
    assert "2 GB" in " ".join(p.words for p in problems(replace(Spec(), memory_mb=1024)))


def test_spans() -> None:
    assert [span(s) for s in (0, 59.9, 60, 125)] == ["0 s", "59 s", "1:00", "2:05"]
