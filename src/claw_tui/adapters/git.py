"""git, for a source build: the official repository at one tag, and nothing of its history. One clone for all versions."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from claw_tui.adapters import process
from claw_tui.adapters.files import make_folder
from claw_tui.adapters.fly_home import child_environment, docker_environment
from claw_tui.domain.build_errors import SourceRefused, SourceUnreachable, TagNotFound
from claw_tui.domain.errors import ClawError
from claw_tui.i18n import _

if TYPE_CHECKING:
    from claw_tui.ports import OnLine

CLONE_SECONDS, LOOK_SECONDS, DOCKER_SECONDS = 15 * 60.0, 60.0, 5.0
OURS = "fly.claw-tui.toml"  # the deploy puts it there
MOVING = "claw-tui-moving"  # in .git, while files are replaced: what is changed then is no person's work
NAMED = 5  # changed files that are named
# What git says last, in its own English (LC_ALL below).
NO_TAG = re.compile(r"Remote branch \S+ not found|couldn't find remote ref")
NO_WAY = re.compile(
    r"unable to access|Could not resolve|Failed to connect|Connection (?:refused|reset|timed out)|early EOF|RPC failed|"
    r"unexpected disconnect|remote end hung up|[Oo]peration timed out"
)


def refused(ref: str, last: str) -> ClawError:
    """What it means that git did not fetch ``ref``: by the last line that it said."""
    if NO_TAG.search(last):
        return TagNotFound(_("OpenClaw's repository has no version {ref}.").format(ref=ref), detail=last)
    if NO_WAY.search(last):
        return SourceUnreachable(_("OpenClaw's repository could not be reached."), detail=last)
    return SourceRefused(
        _("git could not fetch {ref} of the OpenClaw repository.").format(ref=ref),
        hint=_("Check the version on the App screen, and the network."),
        detail=last,
    )


class GitCli:
    """The port ``Git``."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
        self._env = {**child_environment(environ), **quiet}
        self._docker_env = {**child_environment(environ), **docker_environment(environ)}

    async def fetch(self, url: str, ref: str, folder: Path, on_line: OnLine) -> None:
        """Have ``folder`` at ``ref``. Raises ClawError, also when somebody changed files in it: they are left alone."""
        try:
            if not (folder / ".git").is_dir():
                await self._clone(url, ref, folder, on_line)
                return
            moving = folder / ".git" / MOVING
            if moving.exists():
                (folder / ".git" / "index.lock").unlink(missing_ok=True)
            else:
                await self._refuse_changes(folder)
                if await self._is_at(folder, ref):
                    return
            tag = f"refs/tags/{ref}"
            await self._git(
                folder, "fetch", "--depth", "1", "--progress", url, f"+{tag}:{tag}", ref=ref, on_line=on_line
            )
            moving.touch()
            await self._git(folder, "checkout", "--force", "--detach", tag, ref=ref, on_line=on_line)
            moving.unlink()
        except FileNotFoundError as missing:
            raise SourceRefused(
                _("git was not found; a build from source needs it."),
                hint=_("Install git, or use the prebuilt image (App screen)."),
            ) from missing
        except process.TimedOut as late:
            raise SourceUnreachable(_("The repository was not fetched within 15 minutes.")) from late

    async def has_docker(self) -> bool:
        """Does its daemon answer? ``docker version`` fails where only the program is there."""
        call = process.Call(
            ["docker", "version", "--format", "{{.Server.Version}}"], self._docker_env, DOCKER_SECONDS
        )
        try:
            return (await process.run(call)).code == 0
        except (OSError, process.TimedOut, process.TooMuchOutput):
            return False

    async def _clone(self, url: str, ref: str, folder: Path, on_line: OnLine) -> None:
        """In one step: a clone that was cut short leaves nothing there."""
        make_folder(folder.parent)
        half = folder.with_name(f".{folder.name}.{os.getpid()}")
        shutil.rmtree(half, ignore_errors=True)
        try:
            argv = ("clone", "--depth", "1", "--branch", ref, "--progress", url, str(half))
            await self._git(folder.parent, *argv, ref=ref, on_line=on_line)
            half.rename(folder)
        finally:
            shutil.rmtree(half, ignore_errors=True)

    async def _refuse_changes(self, folder: Path) -> None:
        said = await self._git(folder, "status", "--porcelain", "--untracked-files=all")
        changed = [line[3:] for line in said.splitlines() if line[3:] != OURS]
        if not changed:
            return
        shown = ", ".join(changed[:NAMED])
        if len(changed) > NAMED:
            shown = _("{files} and {count} more").format(files=shown, count=len(changed) - NAMED)
        raise SourceRefused(
            _("Somebody changed files in the clone of OpenClaw: {files}").format(files=shown),
            hint=_(
                "They are left alone. `git -C {folder} stash --include-untracked` puts them aside."
            ).format(folder=folder),
        )

    async def _is_at(self, folder: Path, ref: str) -> bool:
        here = await self._git(folder, "rev-parse", "HEAD")
        try:
            return here == await self._git(
                folder, "rev-parse", "--verify", "--quiet", f"refs/tags/{ref}^{{commit}}"
            )
        except ClawError:
            return False

    async def _git(self, folder: Path, *argv: str, ref: str = "", on_line: OnLine | None = None) -> str:
        command = ["git", "-c", "core.hooksPath=/dev/null", "-C", str(folder), *argv]
        seconds = CLONE_SECONDS if on_line else LOOK_SECONDS
        env = {
            **self._env,
            "GIT_CEILING_DIRECTORIES": str(folder.parent),
        }  # a repository around ours is not meant
        done = await process.run(process.Call(command, env, seconds, on_line=on_line))
        if done.code == 0:
            return done.stdout.rstrip("\n")
        last = (done.stderr.strip().splitlines() or [""])[-1]
        if not ref:
            raise SourceRefused(
                _("The clone of OpenClaw in {folder} can't be used.").format(folder=folder),
                hint=_("Remove that folder: it is fetched anew."),
                detail=last,
            )
        raise refused(ref, last)
