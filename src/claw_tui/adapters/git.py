"""git, for a source build: the official repository at one tag, and nothing of its history."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from claw_tui.adapters import process
from claw_tui.adapters.files import make_folder
from claw_tui.adapters.fly_home import child_environment
from claw_tui.domain.errors import ClawError, NetworkDown
from claw_tui.i18n import _
from claw_tui.ports import OnLine

CLONE_SECONDS = 15 * 60.0


class GitCli:
    """The port ``Git``."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._env = {**child_environment(environ), "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_NOSYSTEM": "1"}

    async def fetch(self, url: str, ref: str, folder: Path, on_line: OnLine) -> None:
        """Clone ``ref`` into ``folder``, in one step: a clone that was cut short leaves nothing there."""
        if (folder / ".git").is_dir():
            return
        make_folder(folder.parent)
        half = folder.with_name(f".{folder.name}.{os.getpid()}")
        shutil.rmtree(half, ignore_errors=True)
        argv = ["git", "clone", "--depth", "1", "--branch", ref, "--progress", url, str(half)]
        try:
            done = await process.run(process.Call(argv, self._env, CLONE_SECONDS, on_line=on_line))
            if done.code == 0:
                half.rename(folder)
                return
        except FileNotFoundError as missing:
            raise ClawError(
                _("git was not found; a build from source needs it."),
                hint=_("Install git, or use the prebuilt image (App screen)."),
            ) from missing
        except process.TimedOut as late:
            raise NetworkDown(_("The repository was not fetched within 15 minutes.")) from late
        finally:
            shutil.rmtree(half, ignore_errors=True)
        last = (done.stderr.strip().splitlines() or [""])[-1]
        raise ClawError(
            _("git could not fetch {ref} of the OpenClaw repository.").format(ref=ref),
            hint=_("Check the version on the App screen, and the network."),
            detail=last,
        )
