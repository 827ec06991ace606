"""Models that the pinned OpenClaw version knows, best first within a provider.

Taken from the model catalogue that OpenClaw 2026.9.6 ships. Prices are dollars per million tokens
(input, output); None where the catalogue gives none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from claw_tui.i18n import _

CATALOGUE_VERSION = "2026.9.6"


@dataclass(frozen=True, slots=True)
class Model:
    """A model as OpenClaw names it: ``provider/id``."""

    provider: str
    id: str
    name: str
    price: tuple[float, float] | None = None

    @property
    def ref(self) -> str:
        return f"{self.provider}/{self.id}"

    def words(self) -> str:
        if self.price is None:
            return self.name
        return _("{name} · ${inp:g}/{out:g}").format(name=self.name, inp=self.price[0], out=self.price[1])


MODELS: tuple[Model, ...] = (
    Model("anthropic", "claude-opus-5", "Claude Opus 5", (5, 25)),
    Model("anthropic", "claude-opus-5-5", "Claude Opus 5.5", (4, 20)),
    Model("anthropic", "claude-sonnet-5", "Claude Sonnet 5", (2, 10)),
    Model("anthropic", "claude-fable-5-1", "Claude Fable 5.1", (10, 50)),
    Model("anthropic", "claude-haiku-4-5", "Claude Haiku 4.5"),
    Model("openai", "gpt-6-astra", "GPT-6 Astra", (10, 50)),
    Model("openai", "gpt-6-sol", "GPT-6 Sol", (2, 10)),
    Model("openai", "gpt-6-luna", "GPT-6 Luna", (0.1, 0.5)),
    Model("openai", "gpt-5.6-sol", "GPT-5.6 Sol", (5, 30)),
    Model("openai", "gpt-5.6-luna", "GPT-5.6 Luna", (1, 6)),
    Model("google", "gemini-3.1-pro-preview", "Gemini 3.1 Pro Preview"),
    Model("google", "gemini-3.7-flash", "Gemini 3.7 Flash"),
    Model("google", "gemini-3.6-flash", "Gemini 3.6 Flash"),
    Model("google", "gemini-2.5-pro", "Gemini 2.5 Pro"),
    Model("google", "gemini-2.5-flash", "Gemini 2.5 Flash"),
    Model("xai", "grok-4.7", "Grok 4.7", (2, 6)),
    Model("xai", "grok-4.3", "Grok 4.3", (1.25, 2.5)),
)

# Providers whose models we do not list: the id is typed, e.g. openrouter/anthropic/claude-sonnet-5.
TYPED_PROVIDERS = ("openrouter", "groq", "mistral", "deepseek", "moonshot", "together")

REPLACED = {
    "anthropic/claude-opus-4-5": "anthropic/claude-opus-5",
    "anthropic/claude-opus-4-6": "anthropic/claude-opus-5",
    "anthropic/claude-opus-4-8": "anthropic/claude-opus-5",
    "anthropic/claude-sonnet-4-5": "anthropic/claude-sonnet-5",
    "openai/gpt-4o": "openai/gpt-6-astra",
    "openai/gpt-5.5": "openai/gpt-5.6-sol",
    "openai/gpt-5.5-pro": "openai/gpt-5.6-sol",
}


def models_for(providers: Iterable[str]) -> tuple[Model, ...]:
    """The catalogue's models of these providers, in the order of ``providers``."""
    wanted = list(providers)
    return tuple(sorted((m for m in MODELS if m.provider in wanted), key=lambda m: wanted.index(m.provider)))


def default_models(providers: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """A sensible primary model and fallbacks: the first provider's best and second, then each other's best."""
    found = models_for(providers)
    if not found:
        return "", ()
    first = found[0]
    seconds = [m for m in found if m.provider == first.provider and m.id in ("claude-sonnet-5", "gpt-6-sol")][
        :1
    ]
    others = {m.provider: m for m in reversed(found) if m.provider != first.provider}
    return first.ref, tuple(m.ref for m in [*seconds, *reversed(others.values())])


def model_problem(ref: str, providers: Iterable[str]) -> str:
    """What is wrong with a typed model, or an empty string."""
    provider, sep, rest = ref.partition("/")
    if not sep or not provider or not rest or ref != ref.strip() or " " in ref:
        return _("A model is written provider/name, e.g. anthropic/claude-opus-5.")
    if ref in REPLACED:
        return _("This model was replaced by {better}.").format(better=REPLACED[ref])
    if provider not in providers:
        return _("No key for {provider} was given on the Secrets screen.").format(provider=provider)
    return ""
