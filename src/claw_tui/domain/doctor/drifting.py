"""The command that the machine is started with: as its fly.toml has it, and as the answers that are kept here?"""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from claw_tui.domain.doctor import fixes
from claw_tui.domain.doctor.case import Case, not_known, note, skipped, well, wrong
from claw_tui.domain.doctor.facts import failed, known
from claw_tui.domain.doctor.model import Finding
from claw_tui.domain.drift import masked
from claw_tui.domain.fly_toml import command_words
from claw_tui.domain.world import OUR_PROCESS_GROUP
from claw_tui.i18n import _


def command(case: Case) -> Finding:
    machine = case.machine
    if machine is None or case.rescued:
        return skipped("command", _("There is no gateway that could have been started."))
    ours = command_words(case.spec) if case.spec is not None else ()
    if ours and machine.command == ours:
        return well("command", _("It is started as the answers that are kept here say."))
    if failed(case.facts.deployed):
        return not_known("command", _("How else it should be started can't be told."), case.facts.deployed)
    wanted = words_of(said_command(known(case.facts.deployed, {})))
    if ours and wanted == machine.command:
        return _deployed(machine.command, ours)
    if not ours and wanted in ((), machine.command):
        return well(
            "command",
            _("It is started as its fly.toml says.")
            if wanted
            else _("Nobody says how else it should be started."),
        )
    return _drifted(case, wanted or ours)


def _drifted(case: Case, wanted: tuple[str, ...]) -> Finding:
    """The machine differs from the file that was deployed last."""
    machine, spec = case.machine, case.spec
    assert machine is not None
    words = _("The machine is started with another command than its fly.toml has.")
    why = _(
        "Somebody changed it by hand (`fly machine update`), or a deploy did not bring it in. The next deploy takes it away again."
    )
    seen = (
        _("has: {command}").format(command=shown_command(machine.command)),
        _("fly.toml: {command}").format(command=shown_command(wanted)),
    )
    part = "command" if spec is not None and wanted == command_words(spec) else "wanted"
    fix = fixes.deploys(case, part, _("Deploy it with the command of its fly.toml."))
    return wrong("command", "command-drift", words, why, fix, seen)


def _deployed(has: tuple[str, ...], ours: tuple[str, ...]) -> Finding:
    """A person's own deploy: nobody here knows better than they do what they want."""
    words = _("It is started as its fly.toml says, and the answers that are kept here say otherwise.")
    why = _("A fly.toml of somebody's own was deployed. The next deploy from here would take it back.")
    fix = fixes.by_hand(
        "this-command",
        _(
            "Choose with F on Home: the answers take it over, and it stays; or they are deployed again, and it goes."
        ),
    )
    seen = (
        _("has: {command}").format(command=shown_command(has)),
        _("the answers: {command}").format(command=shown_command(ours)),
    )
    return note("command", "command-own", words, why, fix, seen)


def shown_command(words: tuple[str, ...]) -> str:
    """As a person may see it."""
    return masked(shlex.join(words)) or _("the image's own")


def said_command(deployed: Mapping[str, object]) -> str:
    """The start command in the fly.toml that Fly.io was given last; empty when it has none."""
    processes = deployed.get("processes")
    some = processes if isinstance(processes, dict) else {}
    text = some.get(OUR_PROCESS_GROUP, next(iter(some.values())) if len(some) == 1 else "")
    return text if isinstance(text, str) else ""


def words_of(command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command))
    except ValueError:  # an open quote
        return ()
