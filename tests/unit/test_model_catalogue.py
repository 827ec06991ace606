from __future__ import annotations

import pytest

from claw_tui.domain.model_catalogue import VERSIONS, catalogue, known, nearest, offered, replacement
from claw_tui.domain.secret_kinds import KINDS
from claw_tui.domain.spec import PINNED_VERSION

every_version = pytest.mark.parametrize("version", VERSIONS)


@every_version
def test_it_is_sound(version: str) -> None:
    models = catalogue(version)
    assert len({model.ref for model in models}) == len(models) > 30
    assert {model.provider for model in models} <= {kind.provider for kind in KINDS}
    for model in models:
        assert model.context >= 100_000, model
        assert model.price is None or 0 < model.price[0] <= model.price[1], model
        if model.deprecated:
            heir = known(f"{model.provider}/{model.replaced_by}", version)
            assert heir, model
            assert not heir.deprecated, model


def test_the_pinned_version_has_one_of_its_own() -> None:
    assert PINNED_VERSION in VERSIONS
    assert nearest(PINNED_VERSION) == PINNED_VERSION
    assert nearest("2027.1.1") == VERSIONS[-1]
    assert known("openai/gpt-6-sol", "2026.9.6")
    assert not known("openai/gpt-6-sol", "2026.9.1")


@every_version
@pytest.mark.parametrize(("old", "new"), [
    ("anthropic/claude-opus-4-5", "anthropic/claude-opus-5"), ("anthropic/claude-opus-4-6", "anthropic/claude-opus-5"),
    ("anthropic/claude-opus-4-5-20251101", "anthropic/claude-opus-5"), ("claude-opus-4-5", "anthropic/claude-opus-5"),
    ("anthropic/claude-opus-4-5@work", "anthropic/claude-opus-5@work"), ("anthropic/claude-opus-4-8", "anthropic/claude-opus-5"),
    ("anthropic/claude-sonnet-4-5", "anthropic/claude-sonnet-5"), ("anthropic/claude-sonnet-4-6", "anthropic/claude-sonnet-5"),
    ("openai/gpt-4o", "openai/gpt-5.6-sol"), ("openai/gpt-4o-mini", "openai/gpt-5.4-mini"), ("openai/gpt-5.5", "openai/gpt-5.6-sol"),
    ("google/gemini-3-pro-preview", "google/gemini-3.1-pro-preview"),
])  # fmt: skip
def test_the_guides_models_are_known_by_what_replaced_them(version: str, old: str, new: str) -> None:
    assert replacement(old, version) == new
    assert replacement(new, version) == ""
    assert known(new, version)


@every_version
@pytest.mark.parametrize("ref", [
    "anthropic/claude-opus-5", "anthropic/claude-haiku-4-5", "anthropic/claude-haiku-4-5-20251001", "openai/gpt-5.4",
    "openrouter/anthropic/claude-opus-4-5", "groq/anything", "opus", "",
])  # fmt: skip
def test_what_is_not_known_to_be_old_is_left(version: str, ref: str) -> None:
    assert replacement(ref, version) == ""


@every_version
def test_what_is_offered_follows_the_keys(version: str) -> None:
    refs = [model.ref for model in offered(("openai", "anthropic"), version)]
    assert refs[0].startswith("openai/")
    assert "anthropic/claude-opus-5" in refs
    assert "anthropic/claude-opus-4-8" not in refs
    assert offered((), version) == ()
    assert offered(("groq",), version) == ()


def test_what_is_offered_follows_the_providers_own_list() -> None:
    lists = {
        "anthropic": ["claude-opus-5", "claude-haiku-4-5-20251001", "claude-2"],
        "google": ["models/gemini-2.5-pro"],
    }
    refs = [model.ref for model in offered(("anthropic", "google", "xai"), "2026.9.6", lists)]
    assert refs[:3] == ["anthropic/claude-opus-5", "anthropic/claude-haiku-4-5", "google/gemini-2.5-pro"]
    assert len(refs) > 5  # xAI said nothing, which narrows nothing
    nothing_we_know = offered(("anthropic",), "2026.9.6", {"anthropic": ["claude-2"]})
    assert nothing_we_know == offered(("anthropic",), "2026.9.6")
