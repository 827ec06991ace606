"""`run`: one command of OpenClaw in the machine; what it says is passed on, and so is what it ends with."""

from __future__ import annotations

import asyncio
import sys
from argparse import ArgumentParser, Namespace

from claw_tui.domain.answers import Command
from claw_tui.domain.errors import BadInput
from claw_tui.domain.openclaw_commands import checked, needs_terminal
from claw_tui.engine.command_desk import CommandDesk
from claw_tui.engine.lent_terminal import LentTerminal
from claw_tui.engine.session import Session
from claw_tui.i18n import _
from claw_tui.plain.desk import refuse_no_name
from claw_tui.plain.door import Door
from claw_tui.plain.out import Out
from claw_tui.plain.signals import Signals


def options(parser: ArgumentParser) -> None:
    parser.add_argument("app", metavar="APP", help=_("the gateway's app on Fly.io"))
    words = _("the command, after --: claw-tui run my-app -- openclaw doctor --lint")
    parser.add_argument("words", nargs="+", metavar="COMMAND", help=words)


class Runner:
    """One `run`."""

    def __init__(self, out: Out, session: Session, signals: Signals, door: Door, args: Namespace) -> None:
        self._out, self._session, self._signals, self._door, self._args = out, session, signals, door, args

    async def run(self) -> int:
        """The command's own exit code. Raises ClawError."""
        app = self._args.app
        refuse_no_name(app)
        words = checked([word for word in self._args.words if word != "--"])
        desk = CommandDesk(self._session, app)
        interactive = needs_terminal(words)
        if interactive and (self._out.as_json or not (sys.stdin.isatty() and sys.stdout.isatty())):
            raise BadInput(
                _("This command asks something, or shows what has to be scanned: it wants a terminal."),
                hint=_("Give the same command in a terminal (over SSH with `ssh -t`), or N on Home."),
            )
        await self._door.log_in()
        if interactive:
            return await self._lend(await desk.on_terminal(words))
        self._out.hide(self._session.redact)
        done = await desk.run(words)
        if done.stderr.strip() and not self._out.as_json:
            self._out.aside(done.stderr.rstrip("\n"))
        self._out.put("ran", done.stdout.rstrip("\n"), code=done.code, stdout=done.stdout, stderr=done.stderr)
        return done.code

    async def _lend(self, command: Command) -> int:
        """The terminal is the other program's until it ends; Ctrl-C is for it. What it changed there is put back."""
        terminal = LentTerminal()
        with self._signals.telling(lambda _number: None):
            child = await asyncio.create_subprocess_exec(*command.argv, env=dict(command.env))
            try:
                code = await child.wait()
                return code if code >= 0 else 128 - code
            finally:
                terminal.give_back()
