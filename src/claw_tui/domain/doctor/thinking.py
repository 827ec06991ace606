"""The models: is there a key for them, is it taken, are they known?"""

from __future__ import annotations

from claw_tui.domain.doctor import fixes
from claw_tui.domain.doctor.case import Case, skipped, unknown, well, wrong
from claw_tui.domain.doctor.facts import Unasked, failed
from claw_tui.domain.doctor.filing import no_file
from claw_tui.domain.doctor.model import Finding
from claw_tui.domain.model_catalogue import known, replacement
from claw_tui.domain.secret_kinds import KINDS, key_of, providers_of
from claw_tui.i18n import _

BAD_KEY = (
    r"authentication_error|invalid x-api-key|invalid_api_key|Incorrect API key|API_KEY_INVALID|API key not valid"
    r"|\b401\b.{0,60}(anthropic|openai|google|gemini|xai|openrouter)|(anthropic|openai|google|gemini|xai|openrouter).{0,60}\b401\b"
)
ANY = "*"  # a company, whichever it is
NO_MODEL = (
    r"unknown model|model_not_found|not_found_error.{0,60}model|model .{0,60}(does not exist|not found)"
)


def chosen(case: Case) -> tuple[str, ...]:
    """Models that its file names, the first one first; short names are left out."""
    found = case.at("agents.defaults.model")
    rows: list[object] = [found]
    if isinstance(found, dict):
        more = found.get("fallbacks")
        rows = [found.get("primary"), *(more if isinstance(more, list) else [])]
    return tuple(row for row in rows if isinstance(row, str) and "/" in row)


def key(case: Case) -> Finding:
    if found := no_file(case, "model-key"):
        return found
    refs = chosen(case)
    bad = case.logged(BAD_KEY)
    told = {} if isinstance(case.facts.bad_keys, Unasked) else case.facts.bad_keys
    if bad or told:
        words = _("A company does not accept the key for its models.")
        fix = fixes.by_hand("new-model-key", _("Make a new one there, and give it with K on Home."))
        seen = (*(f"{name}: {said}" for name, said in told.items()), *bad)
        return wrong(
            "model-key", "model-key", words, _("The gateway answers nobody with that model."), fix, seen
        )
    if isinstance(case.facts.secrets, Unasked):
        return skipped("model-key", _("Its secrets are not known."))
    if not (lacks := missing_key(case)):
        return well("model-key", _("There is a key for its model."), refs[:1])
    if fact := failed(case.facts.opened):
        words = _("No secret is a key for its model; whether it has another one is not known.")
        return unknown("model-key", words, fact)
    opened = frozenset[str]() if isinstance(case.facts.opened, Unasked) else case.facts.opened
    if lacks in opened or (lacks == ANY and opened):
        return well("model-key", _("It has a key for its model that is no secret of Fly.io's."), refs[:1])
    return _no_key(case, lacks, refs)


def _no_key(case: Case, lacks: str, refs: tuple[str, ...]) -> Finding:
    why = _("Without one the gateway can't answer.")
    if lacks == ANY:
        fix = fixes.by_hand("give-key", _("K on Home gives one."))
        return wrong("model-key", "no-model-key", _("There is no key for any model."), why, fix)
    words = _("There is no key for {provider}, whose model it is to use.").format(provider=lacks)
    return wrong("model-key", "no-model-key", words, why, fixes.send(case, key_of(lacks)), refs[:1])


def missing_key(case: Case) -> str:
    """The company for whose model no secret and no setting is there; ANY without a model and a key; empty: none is missed,
    or what there is could not be asked.
    """
    if isinstance(case.facts.secrets, Unasked) or case.tree is None:
        return ""
    refs = chosen(case)
    listed = {kind.provider for kind in KINDS if kind.provider}
    names = (*case.facts.secret_names, *(case.machine.env if case.machine else ()))
    opened = {*providers_of(names), *_own(case)}
    if not refs:
        return "" if opened else ANY
    provider = refs[0].partition("/")[0]
    return "" if provider in opened or provider not in listed or _logins(case, provider) else provider


def _own(case: Case) -> tuple[str, ...]:
    """Providers that the file itself sets up."""
    found = case.at("models.providers")
    return tuple(found) if isinstance(found, dict) else ()


def _logins(case: Case, provider: str) -> bool:
    """A login in place of a key."""
    found = case.at("auth.profiles")
    rows = found.values() if isinstance(found, dict) else ()
    return any(
        isinstance(row, dict) and row.get("provider") == provider and row.get("mode") == "oauth"
        for row in rows
    )


def model(case: Case) -> Finding:
    if found := no_file(case, "model"):
        return found
    refs = chosen(case)
    # What was said of a model that is not chosen any more counts no more.
    said = tuple(
        line
        for line in case.logged(NO_MODEL)
        if not refs or any(ref.partition("/")[2] in line for ref in refs)
    )
    listed = ("anthropic", "openai", "google", "xai")
    odd = [
        ref for ref in chosen(case)
        if ref.partition("/")[0] in listed and not known(ref, case.version) and not replacement(ref, case.version)
    ] if not case.old else []  # fmt: skip
    if not odd and not said:
        return well("model", _("Its models are known."), chosen(case)[:1])
    words = (
        _("OpenClaw does not know the model {name}.").format(name=odd[0])
        if odd
        else _("The model is not there.")
    )
    why = _("It is misspelled, or newer than this version of OpenClaw.")
    fix = fixes.by_hand("choose-model", _("E on Home, Gateway: choose one from the list."))
    ours = case.spec.gateway.primary_model if case.spec is not None else ""
    if ours and known(ours, case.version) and ours not in chosen(case)[:1]:
        fix = fixes.writes(
            case, f"model={ours}", _("Take {model} again, which the answers here have.").format(model=ours)
        )
    return wrong("model", "model-unknown", words, why, fix, (*odd, *said))
