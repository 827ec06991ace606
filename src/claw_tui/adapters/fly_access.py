"""flyctl's SSH: a terminal in the machine, and one command on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from claw_tui.adapters.fly_layout import FlyLayout
from claw_tui.domain import access_args, fly_args
from claw_tui.domain.answers import Command
from claw_tui.domain.fly_args import Argv

FILE_SECONDS = 20 * 60.0  # half a gigabyte over a slow line
UNKNOWN = ("flyctl",)  # before it was looked for: the person's shell may know more than we do


class FlyAccess(FlyLayout):
    """The port ``FlyShell``."""

    def console(self, app: str) -> Command:
        return self._on_terminal(fly_args.console(app))

    def terminal(self, app: str, machine: str, words: Sequence[str]) -> Command:
        return self._on_terminal(access_args.ssh_terminal(app, machine, words))

    async def sftp_get(self, app: str, machine: str, remote: str, local: Path) -> None:
        """``local`` must not be there; it is then for its owner only. It looks, but by the agent of our own folder."""
        argv = access_args.sftp_get(app, machine, remote, str(local))
        async with self._changing:
            await self._run(argv, self._env(self._home.shared()), FILE_SECONDS)

    async def sftp_put(self, app: str, machine: str, local: Path, remote: str) -> None:
        """``remote`` must not be there."""
        await self._change(access_args.sftp_put(app, machine, str(local), remote), deadline=FILE_SECONDS)

    def _on_terminal(self, argv: Argv) -> Command:
        """For handing the terminal over: this one may use colour and the person's own settings."""
        env = self._env(self._home.shared())
        env.update({name: self._environ[name] for name in ("TERM", "COLORTERM") if self._environ.get(name)})
        if not self._environ.get("NO_COLOR"):
            env.pop("NO_COLOR", None)
        return Command((*(self._command or UNKNOWN), *argv), env)
