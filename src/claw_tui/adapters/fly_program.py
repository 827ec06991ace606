"""Which program is flyctl, and why one can't be started.

Fly's own installer makes ``flyctl`` and ``fly``; packages of others often have one of the two; and other programs
(Concourse CI's) are called ``fly`` as well. So each that is found is asked what it is.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from claw_tui.adapters import fly_errors, fly_json, fly_shapes
from claw_tui.adapters.fly_raw import RawVersion
from claw_tui.adapters.process import Completed
from claw_tui.domain.errors import FlyError, FlyNotInstalled, FlyTooOld
from claw_tui.domain.world import Versions
from claw_tui.i18n import _

NAMES = ("flyctl", "fly")
MIN_VERSION = (0, 4, 73)  # the login with a pasted code came with it (July 2026)


def candidates(environ: Mapping[str, str]) -> Iterator[str]:
    """Paths of all that are called like flyctl, in the order in which they are to be asked.

    Fly's installer only asks the person to add its folder to the PATH, so it is looked at as well, last.
    """
    folders = [Path(name) for name in (environ.get("PATH") or os.defpath).split(os.pathsep)]
    if environ.get("HOME"):
        folders.append(Path(environ["HOME"], ".fly", "bin"))
    seen = set()
    for path in (folder / name for name in NAMES for folder in folders if folder.is_absolute()):
        same = (path.name, os.path.realpath(path))  # with the name: a version manager's shims are one file
        if os.path.isfile(path) and same not in seen:  # noqa: PTH113  (Path's raises where it may not look)
            seen.add(same)
            yield str(path)


def identify(done: Completed, path: str) -> Versions:
    """What answered ``version --json``. Raises FlyTooOld, or FlyError when it is not flyctl."""
    try:
        found = fly_shapes.read(fly_json.find_json(done.stdout), RawVersion)
    except (fly_json.NoJson, FlyError) as error:
        raise not_flyctl(path) from error
    numbers = tuple(map(int, re.findall(r"\d+", found.version)[:3]))
    if not numbers:
        raise not_flyctl(path)
    if numbers < MIN_VERSION:  # (a development build, 2026.8.21-dev, counts as new)
        words = _("flyctl {version} ({path}) is too old; {minimum} or newer is needed.")
        minimum = ".".join(map(str, MIN_VERSION))
        raise FlyTooOld(words.format(version=found.version, path=path, minimum=minimum))
    return Versions(found.name, found.version, path)


def not_flyctl(path: str, said: str = "") -> FlyError:
    return FlyError(
        _("{path} is not flyctl.").format(path=path),
        hint=_("Another program has this name. Put flyctl before it on your PATH, or install it as flyctl."),
        detail=said,
    )


def none_fits(found: Sequence[FlyError]) -> FlyError:
    """One error out of those about each program: all their sentences, and the advice that is nearest to success."""
    if not found:
        return FlyNotInstalled(
            _("flyctl was not found (looked for `flyctl` and `fly` on the PATH and in ~/.fly/bin)."),
            hint=_("Install it: https://fly.io/docs/flyctl/install/ and check again."),
        )
    best = next((error for error in found if isinstance(error, FlyTooOld)), found[0])
    words = " ".join(dict.fromkeys(error.message for error in found))
    return type(best)(words, hint=best.hint, detail=best.detail)


def not_started(program: str, error: OSError, path: str | None = None) -> FlyError:
    """Why the system did not start ``program``, and what helps."""
    found = program if os.path.isfile(program) else shutil.which(program, path=path)  # noqa: PTH113
    if isinstance(error, PermissionError):
        return FlyNotInstalled(
            _("{path} may not be started: it lacks the execute permission.").format(path=found or program),
            hint=_("Run `chmod +x {path}`, or install flyctl anew.").format(path=found or program),
        )
    if found is None and isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return fly_errors.not_installed(program)
    if error.errno in (
        errno.ENOEXEC,
        errno.ENOENT,
        errno.ENOTDIR,
    ):  # a script's interpreter may be what is missing
        return FlyNotInstalled(
            _("{path} does not run on this computer.").format(path=found or program),
            hint=_("Install the flyctl for it: https://fly.io/docs/flyctl/install/ and check again."),
        )
    return FlyError(
        _("flyctl can't be started: {why}.").format(why=error.strerror or error),
        hint=_("The computer has no room for another program now. Close some, then try again."),
    )
