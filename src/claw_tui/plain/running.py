"""`run`: one command of OpenClaw in the machine; what it says is passed on, and so is what it ends with."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from claw_tui.domain.errors import BadInput
from claw_tui.domain.openclaw_commands import checked, needs_terminal
from claw_tui.engine.command_desk import CommandDesk
from claw_tui.engine.session import Session
from claw_tui.i18n import _
from claw_tui.plain.desk import refuse_no_name
from claw_tui.plain.door import Door
from claw_tui.plain.out import Out


def options(parser: ArgumentParser) -> None:
    parser.add_argument("app", metavar="APP", help=_("the gateway's app on Fly.io"))
    words = _("the command, after --: claw-tui run my-app -- openclaw doctor --lint")
    parser.add_argument("words", nargs="+", metavar="COMMAND", help=words)


class Runner:
    """One `run`."""

    def __init__(self, out: Out, session: Session, door: Door, args: Namespace) -> None:
        self._out, self._session, self._door, self._args = out, session, door, args

    async def run(self) -> int:
        """The command's own exit code. Raises ClawError."""
        app = self._args.app
        refuse_no_name(app)
        words = checked([word for word in self._args.words if word != "--"])
        desk = CommandDesk(self._session, app)
        if needs_terminal(words):
            raise BadInput(
                _("This command asks something, or shows what has to be scanned: it wants a terminal."),
                hint=_("N on Home gives it one; by hand: {line}").format(line=desk.line_by_hand(words)),
            )
        await self._door.log_in()
        self._out.hide(self._session.redact)
        done = await desk.run(words)
        if done.stderr.strip() and not self._out.as_json:
            self._out.aside(done.stderr.rstrip("\n"))
        self._out.put("ran", done.stdout.rstrip("\n"), code=done.code, stdout=done.stdout, stderr=done.stderr)
        return done.code
