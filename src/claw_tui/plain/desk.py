"""What a command begins with: the answers, from wherever they come, and what is wrong with them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from claw_tui.domain.answers_reader import Source, read_answers
from claw_tui.domain.completeness import problems
from claw_tui.domain.errors import BadInput, ClawError, StateError
from claw_tui.domain.fly_toml import toml_problems
from claw_tui.domain.names import app_name_problem
from claw_tui.domain.sizes import memory_fits
from claw_tui.domain.spec import Spec
from claw_tui.domain.wanted_config import wanted_config
from claw_tui.i18n import _
from claw_tui.ports import StateStore

MOST_BYTES = 8 << 20
# What an answer is called in a file, by step and field of the wizard.
NAMES = {
    ("account", "org"): "org", ("app", "name"): "app", ("app", "volume"): "volume_gb", ("app", "memory"): "memory_mb",
    ("secrets", "model"): "secrets", ("gateway", "primary-model"): "gateway.primary_model",
    ("gateway", "max-concurrent"): "gateway.max_concurrent",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """Answers, and where they come from. ``is_draft``: those that the wizard is still asking for.

    ``says_door``: whether it is to be private or public was said.
    """

    spec: Spec
    name: str
    sources: Mapping[str, Source] = field(default_factory=dict)
    is_draft: bool = False
    says_door: bool = True


def find_wish(state: StateStore, file: str, app: str) -> Wish:
    """Raises BadInput, StateError."""
    if file and app:
        raise BadInput(_("A file of answers names its own app."), hint=_("Leave --app out, or the file."))
    if file:
        return _of_file(state, file)
    if app:
        refuse_no_name(app)
        found = state.load_answers(app)
        if found is None:
            raise BadInput(
                _("There are no answers for {app} here.").format(app=app), hint=_known_words(state)
            )
        return Wish(found, _("the answers of {app}").format(app=app))
    draft = state.load_draft()
    known = state.known_apps()
    if draft is None and len(known) == 1:
        return find_wish(state, "", known[0])
    if draft is None:
        raise BadInput(_("There are no answers yet."), hint=_known_words(state))
    return Wish(draft, _("the answers of last time"), is_draft=True)


def refuse_no_name(app: str) -> None:
    """It becomes a folder's name. Raises BadInput."""
    if problem := app_name_problem(app):
        raise BadInput(_("That is no app's name: {why}").format(why=problem))


def _known_words(state: StateStore) -> str:
    known = state.known_apps()
    if known:
        return _("Name a file of answers, or a gateway that is known here: --app {names}").format(
            names=", ".join(known)
        )
    return _("Name a file of answers. claw-tui writes one: on its screen Review, with F9.")


def _of_file(state: StateStore, file: str) -> Wish:
    if file == "-":
        found = read_answers(_of_stdin(), _("standard input"))
        return Wish(found.spec, _("standard input"), found.sources, says_door=found.says_door)
    path = Path(file).expanduser()
    try:
        text = state.read_file(path)
    except StateError as error:
        raise BadInput(error.message, hint=_("Name a file of answers; - is standard input.")) from error
    found = read_answers(text, path.name)
    own = found.spec.own_fly_toml
    if own and not own.startswith("~"):
        own = str(path.absolute().parent / own)  # the run is somewhere else
    spec = replace(found.spec, own_fly_toml=own)
    return Wish(spec, file, found.sources, says_door=found.says_door)


def _of_stdin() -> str:
    raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise BadInput(_("That is too long for answers."), hint=_("See what is sent to standard input."))
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise BadInput(_("That is no text."), hint=_("See what is sent to standard input.")) from error


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer, as a file of answers calls it, and what is wrong with it."""

    name: str
    words: str


def wrong_answers(spec: Spec) -> list[Wrong]:
    """All that keeps them from being a plan, and what OpenClaw would refuse."""
    found = []
    for problem in problems(spec):
        step = "" if problem.step == "app" else f"{problem.step}."
        name = NAMES.get((problem.step, problem.field), f"{step}{problem.field}")
        found.append(Wrong(name, problem.words))
    if not memory_fits(spec.vm_size, spec.memory_mb):
        found.append(Wrong("memory_mb", _("This machine can't have that much, or that little.")))
    return found or _config_problems(spec)


def wrong_own_file(state: StateStore, spec: Spec) -> list[Wrong]:
    """Of a fly.toml of the person's own."""
    if not spec.own_fly_toml:
        return []
    try:
        found = list(toml_problems(state.read_file(Path(spec.own_fly_toml).expanduser())))
    except ClawError as error:
        found = [error.message]
    return [Wrong("own_fly_toml", words) for words in found]


def _config_problems(spec: Spec) -> list[Wrong]:
    from claw_tui.domain.openclaw.checks import problems as config_problems  # noqa: PLC0415
    from claw_tui.domain.openclaw.config import Config  # noqa: PLC0415

    try:
        tree = wanted_config(spec)
    except ValueError as error:
        return [Wrong("gateway.base", str(error))]
    wrong = config_problems(Config.read(tree), spec.version, spec.secret_names)
    return [Wrong(f"openclaw.json, {one.path}", f"{one.words} {one.fix}") for one in wrong if one.refused]
