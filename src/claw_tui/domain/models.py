"""Models that can be chosen: the catalogue's, narrowed by the keys that were given."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from claw_tui.domain.model_catalogue import TYPED_PROVIDERS, VERSIONS, Model, known, offered, replacement
from claw_tui.i18n import _

__all__ = ["CATALOGUE_VERSION", "TYPED_PROVIDERS", "Model", "default_models", "model_problem", "models_for"]

CATALOGUE_VERSION = VERSIONS[-1]
_SECOND = ("claude-sonnet-5", "gpt-6-sol")


def models_for(
    providers: Iterable[str],
    version: str = CATALOGUE_VERSION,
    lists: Mapping[str, Collection[str]] | None = None,
) -> tuple[Model, ...]:
    """The catalogue's models of these providers, in the order of ``providers``; see ``offered`` for ``lists``."""
    return offered(providers, version, lists)


def default_models(
    providers: Iterable[str],
    version: str = CATALOGUE_VERSION,
    lists: Mapping[str, Collection[str]] | None = None,
) -> tuple[str, tuple[str, ...]]:
    """A sensible primary model and fallbacks: the first provider's best and second, then each other's best."""
    found = models_for(providers, version, lists)
    if not found:
        return "", ()
    first = found[0]
    seconds = [m for m in found if m.provider == first.provider and m.id in _SECOND][:1]
    others = {m.provider: m for m in reversed(found) if m.provider != first.provider}
    return first.ref, tuple(m.ref for m in [*seconds, *reversed(others.values())])


def model_problem(ref: str, providers: Iterable[str], version: str = CATALOGUE_VERSION) -> str:
    """What is wrong with a typed model, or an empty string."""
    provider, sep, rest = ref.partition("/")
    if not sep or not provider or not rest or ref != ref.strip() or " " in ref:
        return _("A model is written provider/name, e.g. anthropic/claude-opus-5.")
    better = replacement(ref, version)
    if better and known(better, version):
        return _("This model was replaced by {better}.").format(better=better)
    if provider not in providers:
        return _("No key for {provider} was given on the Secrets screen.").format(provider=provider)
    return ""
