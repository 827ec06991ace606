"""Whose the gateway's folder is, and what in it: what root made there, the gateway can't write or not even read.

What does harm is what OpenClaw 2026.9.6 was seen to stumble over. Root may own without harm: backups of openclaw.json,
lost+found, its interface's cache, links to skills, its locks of another user (tmp/openclaw-0), a plugin that was
installed, and whatever is not OpenClaw's.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from urllib.parse import quote, unquote

from claw_tui.domain import fly_args
from claw_tui.domain.doctor import fixes
from claw_tui.domain.doctor.case import Case, not_known, skipped, unknown, well, wrong
from claw_tui.domain.doctor.facts import AWAY, Stranger, Unasked, failed
from claw_tui.domain.doctor.model import Finding, Fix
from claw_tui.i18n import _

OWN = "own:"  # what is given back, with commas between, stands behind it
USER = "1000:1000"
KEPT = ("agents", "credentials", "identity", "devices", "cron", "sessions", "memory")  # files that it changes
FOLDERS = (*KEPT, "tmp", "media", "workspace", "npm", "npm/projects", "extensions")
HARMLESS = ("cache", "plugin-skills", "lost+found", "logs")
LOCKS = "tmp/openclaw-"
NAMED = r"(?:EACCES|EPERM)\b[^']*'(/[^']+)'|gateway lock at (/\S+) .*(?:EACCES|unable to open)"
_NAMED = re.compile(NAMED)
ANY = ("state", "tmp")  # without them it does not start
MOST = 6  # lines that are shown


def owners(case: Case) -> Finding:
    """The folder of its state, as its machine tells of it."""
    strangers = case.inside.strangers
    if isinstance(case.facts.inside, Unasked):
        words = _("Nobody tells whose the gateway's files are.")
        if case.facts.inside.code in (AWAY, ""):
            words = _("Whose the gateway's files are: not looked at, its machine does not run.")
            return skipped("owners", words)
        return unknown("owners", words, case.facts.inside)
    if strangers is None:
        return not_known("owners", _("Nobody tells whose the gateway's files are."), Unasked(
            _("The search in its machine took too long."), "timeout"))  # fmt: skip
    if case.inside.user == "0":
        return well("owners", _("The gateway runs as root, and everything is its own."))
    if found := in_the_way(strangers, _workspaces(case), _told(case)):
        said = case.logged(NAMED, 2) if _silent(case) else ()
        seen = (*(_line(one) for one in found[: MOST - len(said)]), *said)
        return _wrong(case, "owners", [one.path for one in found], seen)
    if _silent(case) and not case.last_exit and (told := _told(case)):
        paths = [path for path in (_top(case, one) for one in told) if path]
        return _wrong(case, "owners", paths or _any(case), case.logged(NAMED))
    return well("owners", _("What the gateway has to write is its own."))


def refused(case: Case, seen: tuple[str, ...]) -> Finding:
    """It does not start, and says so; what was seen in its machine is told there."""
    told = in_the_way(case.inside.strangers or (), _workspaces(case), _told(case))
    if told:
        return skipped("start", _("It does not start: files in its folder are another user's."))
    paths = [path for path in (_top(case, one) for one in _told(case)) if path]
    return _wrong(case, "start", paths or _any(case), seen)


def in_the_way(
    strangers: Iterable[Stranger], workspaces: Iterable[str] = (), named: Iterable[str] = ()
) -> list[Stranger]:
    """Those that do harm. ``named``: paths that the gateway itself complained of."""
    works, complained = tuple(workspaces), tuple(named)
    return [one for one in strangers if _harms(one, works) or _is_named(one, complained)]


def _harms(one: Stranger, workspaces: tuple[str, ...]) -> bool:
    name, top = one.name, one.name.partition("/")[0]
    if not name:
        return not _writes(one)
    if top == "state":
        return True  # OpenClaw changes the mode of what is there, and only an owner can
    if name.startswith(LOCKS):
        mine = name.startswith(f"{LOCKS}{USER.partition(':')[0]}")
        return mine and not _writes(one)
    works = top.startswith("workspace") or any(f"{one.path}/".startswith(f"{path}/") for path in workspaces)
    if one.folder:
        belongs = works or name in FOLDERS or top in (*KEPT, "tmp", "media")
        return belongs and not _writes(one)
    return top in KEPT or ((works or top in ("tmp", "media")) and not _reads(one))


def _is_named(one: Stranger, paths: tuple[str, ...]) -> bool:
    """It is what could not be had, or that lies in it."""
    if one.name.partition("/")[0] in HARMLESS or not one.name:
        return False
    return any(f"{path}/".startswith(f"{one.path}/") for path in paths)


def _bits(one: Stranger) -> int:
    """What the gateway's user may do with it."""
    mine = one.owner.partition(":")[2] == USER.partition(":")[2]
    return int(one.mode[-2] if mine else one.mode[-1])


def _writes(one: Stranger) -> bool:
    return _bits(one) == 7 if one.folder else _bits(one) & 6 == 6


def _reads(one: Stranger) -> bool:
    return bool(_bits(one) & 4)


def _workspaces(case: Case) -> Iterator[str]:
    """The folders of its agents, where openclaw.json names them."""
    entries = case.at("agents.entries")
    places = [case.at("agents.defaults"), *(entries.values() if isinstance(entries, dict) else ())]
    for place in places:
        path = place.get("workspace") if isinstance(place, dict) else None
        if isinstance(path, str) and path.startswith("/"):
            yield path.rstrip("/")


def _told(case: Case) -> list[str]:
    """What it complained of since it was started last."""
    found = [_NAMED.search(line) for line in case.logged(NAMED, 9)]
    paths = [one[1] or one[2] for one in found if one]
    harmless = tuple(f"{case.layout.state}/{name}/" for name in HARMLESS)
    return [path for path in paths if not path.startswith(harmless)]


def _any(case: Case) -> list[str]:
    return [f"{case.layout.state}/{name}" for name in ANY]


def _silent(case: Case) -> bool:
    """Asked, it did not answer."""
    return not case.facts.answers and failed(case.facts.health) is None


def _top(case: Case, path: str) -> str:
    """The part of the state's folder that a path is in."""
    state = case.layout.state
    if not path.startswith(f"{state}/"):
        return ""
    return f"{state}/{path.removeprefix(f'{state}/').partition('/')[0]}"


def _line(one: Stranger) -> str:
    return f"{one.owner} {one.mode} {one.path}"


def _wrong(case: Case, id_: str, paths: list[str], seen: tuple[str, ...]) -> Finding:
    words = _("Files in the gateway's folder belong to another user, so it can't use them.")
    why = _(
        "Over SSH one is root, and so is what a command makes there. The gateway is another user: it can't write that, or can't read it."
    )
    fix = _fix(case, list(dict.fromkeys(paths)))
    fix = fixes.rescues(case, fix) if _silent(case) else fix  # one that hangs does not go on by itself
    return wrong(id_, "state-owner", words, why, fix, seen[:MOST])


def _fix(case: Case, paths: list[str]) -> Fix:
    words = _("Give the gateway's user what is another user's, and nothing else.")
    named = ",".join(quote(path, safe="/") for path in paths)
    return Fix(
        f"{OWN}{named}", words, tuple(commands(case.app, fixes.machine_id(case), paths, case.layout.state))
    )


def commands(app: str, machine: str, paths: Iterable[str], state: str) -> Iterator[str]:
    """As they would be typed."""
    some = list(paths)
    deep = [path for path in some if path != state]
    for argv in ([["chown", USER, state]] if state in some else []) + (
        [["chown", "-R", USER, *deep]] if deep else []
    ):
        yield fly_args.shown(("machine", "exec", machine, shlex.join(argv), "--app", app))


def named_in(words: Iterable[str]) -> tuple[str, ...]:
    """The paths of a choice; see ``Fix.id``."""
    return tuple(unquote(path) for word in words for path in word.split(",") if path)
