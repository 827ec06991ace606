"""The models that each OpenClaw version we know was shipped with, and what became of older ones.

The data are in ``openclaw/data/models-VERSION.tsv``, with their source and date. A model that the catalogue lacks may
still work: a person can type it, and the provider's own list decides.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from claw_tui.i18n import _

VERSIONS = ("2026.9.1", "2026.9.6")
DATA = Path(__file__).parent / "openclaw" / "data"

# Providers whose models we do not list: the id is typed, e.g. openrouter/anthropic/claude-sonnet-5.
TYPED_PROVIDERS = ("openrouter", "groq", "mistral", "deepseek", "moonshot")

# What OpenClaw 2026.9 itself makes of ids that it no longer has (legacy-config-migrations.runtime.models), then the
# catalogue's "replaced by"; the guides' claude-opus-4-6 and 4-7 and claude-sonnet-4-6 are the last links of that chain.
_RENAMED: tuple[tuple[str, str, str], ...] = (
    ("anthropic", r"claude-(?:opus-4(?:[-.][0567])?|opus-4-1|3.*opus.*|opus-4-20\d{6})(?:[-@:]\d{6,8}|-latest)?", "claude-opus-4-8"),
    ("anthropic", r"claude-(?:sonnet-4(?:[-.][01567])?|3.*(?:sonnet|haiku).*|sonnet-4-20\d{6})(?:[-@:]\d{6,8}|-latest)?", "claude-sonnet-5"),
    ("openai", r"gpt-(?:4|4-turbo|4\.1|4o(?:-2024-\d\d-\d\d)?|5|5-chat-latest|5\.[12](?:-chat-latest)?|5\.1-codex-max)", "gpt-5.5"),
    ("openai", r"gpt-(?:4\.1|4o|5|5\.1-codex)-mini", "gpt-5.4-mini"),
    ("openai", r"gpt-(?:4\.1|5)-nano", "gpt-5.4-nano"),
    ("openai", r"gpt-5(?:\.2)?-pro", "gpt-5.5-pro"),
    ("openai", r"gpt-5\.6", "gpt-5.6-sol"),
    ("google", r"gemini-(?:3-pro(?:-preview)?|3\.1-pro|1\.5-pro.*|2\.0-pro.*|2\.5-pro-(?:exp|preview).*)", "gemini-3.1-pro-preview"),
    ("google", r"gemini-(?:1\.5-flash-8b|2\.0-flash-lite.*|2\.5-flash-lite-preview.*)", "gemini-2.5-flash-lite"),
    ("google", r"gemini-(?:1\.5-flash|2\.0-flash.*|2\.5-flash-preview-0[45].*)", "gemini-2.5-flash"),
    ("google", r"gemini-(?:3-flash|2\.5-flash-preview-09.*)", "gemini-3-flash-preview"),
    ("xai", r"grok-code-fast(?:-1.*)?", "grok-build-0.1"),
    ("xai", r"grok-(?:4-fast-reasoning|4-1-fast-reasoning|4-0709)", "grok-4.3"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Model:
    """A model as OpenClaw names it: ``provider/id``. Prices are dollars per million tokens, in and out."""

    provider: str
    id: str
    name: str
    price: tuple[float, float] | None = None
    context: int = 0  # tokens
    replaced_by: str = ""  # an id of the same provider; the model is deprecated then

    @property
    def ref(self) -> str:
        return f"{self.provider}/{self.id}"

    @property
    def deprecated(self) -> bool:
        return bool(self.replaced_by)

    def words(self) -> str:
        if self.price is None:
            return self.name
        return _("{name} · ${inp:g}/{out:g}").format(name=self.name, inp=self.price[0], out=self.price[1])


def nearest(version: str) -> str:
    """The version whose catalogue fits: itself, or the newest one that we know."""
    return version if version in VERSIONS else VERSIONS[-1]


@cache
def catalogue(version: str) -> tuple[Model, ...]:
    """All models that ``version`` knows, best first within a provider, deprecated ones last."""
    text = (DATA / f"models-{nearest(version)}.tsv").read_text("utf-8")
    found = []
    for line in text.splitlines():
        if not line.startswith("#"):
            provider, id_, name, inp, out, context, replaced = line.split("\t")
            price = (float(inp), float(out)) if inp else None
            found.append(Model(provider, id_, name, price, int(context), replaced))
    return tuple(found)


def known(ref: str, version: str) -> Model | None:
    """The catalogue's model of that name; a date behind it, or an account (“@work”), makes no other one of it."""
    bare = _bare(ref)
    return next((m for m in catalogue(version) if bare in (m.ref, _dated(m.ref, bare))), None)


def offered(
    providers: Iterable[str], version: str, lists: Mapping[str, Collection[str]] | None = None
) -> tuple[Model, ...]:
    """The models that can be chosen: of the providers whose keys were given, in their order, without deprecated ones.

    ``lists``: what providers said themselves that they have (their /v1/models). One that said nothing, or nothing that
    we know, narrows nothing: an answer that we can't read is no reason to offer nothing.
    """
    found: list[Model] = []
    for provider in dict.fromkeys(providers):
        ours = [m for m in catalogue(version) if m.provider == provider and not m.deprecated]
        theirs = {name.removeprefix("models/") for name in (lists or {}).get(provider, ())}
        found += [m for m in ours if any(name in (m.id, _dated(m.id, name)) for name in theirs)] or ours
    return tuple(found)


def replacement(ref: str, version: str) -> str:
    """What ``ref`` is called today, or what took its place; an empty string when nothing is known to have changed."""
    bare = _bare(ref)
    account = ref[len(bare) :]
    provider, _sep, name = bare.partition("/")
    if bare.startswith("claude-"):  # OpenClaw took Anthropic's without their provider once
        provider, name = "anthropic", bare
    target = next(
        (new for whose, old, new in _RENAMED if whose == provider and re.fullmatch(old, name)), name
    )
    seen = {target}
    model = known(f"{provider}/{target}", version)
    while model and model.replaced_by and model.replaced_by not in seen:
        seen.add(model.replaced_by)
        target = model.replaced_by
        model = known(f"{provider}/{target}", version)
    now = f"{provider}/{target}"
    return f"{now}{account}" if name and now != bare else ""


def _bare(ref: str) -> str:
    """Without the account that may stand behind it: provider/model@account."""
    found = re.fullmatch(r"(.+?)@(?!\d{6,8}$)[\w.:-]+", ref.strip())
    return found.group(1) if found else ref.strip()


def _dated(name: str, other: str) -> str:
    """``other`` when it is ``name`` with a date behind it, else nothing that anything could be called."""
    return (
        other
        if re.fullmatch(re.escape(name) + r"[-@]\d{6,8}|" + re.escape(name) + "-latest", other)
        else "\0"
    )
