"""flyctl's SSH: a terminal in the machine, and one command on it."""

from __future__ import annotations

from collections.abc import Sequence

from claw_tui.adapters.fly_changing import FlyChanges
from claw_tui.domain import access_args, fly_args
from claw_tui.domain.answers import Command
from claw_tui.domain.fly_args import Argv

UNKNOWN = ("flyctl",)  # before it was looked for: the person's shell may know more than we do


class FlyAccess(FlyChanges):
    """The port ``FlyShell``."""

    def console(self, app: str) -> Command:
        return self._on_terminal(fly_args.console(app))

    def terminal(self, app: str, machine: str, words: Sequence[str]) -> Command:
        return self._on_terminal(access_args.ssh_terminal(app, machine, words))

    def _on_terminal(self, argv: Argv) -> Command:
        """For handing the terminal over: this one may use colour and the person's own settings."""
        env = self._env(self._home.shared())
        env.update({name: self._environ[name] for name in ("TERM", "COLORTERM") if self._environ.get(name)})
        if not self._environ.get("NO_COLOR"):
            env.pop("NO_COLOR", None)
        return Command((*(self._command or UNKNOWN), *argv), env)
