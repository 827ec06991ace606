"""The commands: their options, their services, and what they end with. No Textual is loaded for them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

from claw_tui.domain.errors import ClawError
from claw_tui.i18n import _, use_ascii_signs
from claw_tui.plain import exits
from claw_tui.plain.commands import BY_NAME, COMMANDS, Call
from claw_tui.plain.out import NobodyReads, Out
from claw_tui.plain.signals import Signals
from claw_tui.ports import Services

MakeServices = Callable[[bool], Services]


class Parser(argparse.ArgumentParser):
    """Its own code for a wrong word is 2; here that means changes. A word that only begins like an option is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "allow_abbrev": False})

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(exits.USAGE, f"{self.prog}: {message}\n")


def _everywhere() -> Parser:
    everywhere = Parser(add_help=False)
    hidden = argparse.SUPPRESS  # what was said before the command is not undone by its default
    everywhere.add_argument(
        "--demo",
        action="store_true",
        default=hidden,
        help=_("everything on a simulated cloud; nothing is real"),
    )
    everywhere.add_argument(
        "--ascii", action="store_true", default=hidden, help=_("plain letters and signs only")
    )
    everywhere.add_argument("--no-mouse", action="store_true", default=hidden, help=hidden)
    everywhere.add_argument(
        "--json",
        action="store_true",
        default=hidden,
        help=_("one JSON object a line, and nothing else, on stdout"),
    )
    return everywhere


def build_parser() -> Parser:
    everywhere = _everywhere()
    parser = Parser(prog="claw-tui", parents=[everywhere])
    parsers = parser.add_subparsers(dest="command", required=True)
    for command in COMMANDS:
        words = _(command.words)
        command.options(
            parsers.add_parser(
                command.name,
                help=words,
                description=exits.wrapped(words),
                parents=[everywhere],
                epilog=exits.table(),
                formatter_class=argparse.RawDescriptionHelpFormatter,
            )
        )
    return parser


def main(argv: Sequence[str], make_services: MakeServices) -> int:
    _mend_streams()
    args = build_parser().parse_args(argv)
    given = vars(args)
    if given.get("ascii") or (sys.stdout.encoding or "").lower().replace("-", "") != "utf8":
        use_ascii_signs()
    out, signals = (
        Out(as_json=bool(given.get("json")), app=given.get("app") or "", demo=bool(given.get("demo"))),
        Signals(),
    )
    try:
        services = make_services(bool(given.get("demo")))
        number = signals.run(_guarded(out, services, _work(Call(out, services, signals, args))))
        if signals.left:
            out.put("stopped", _("Stopped."), exit=number)
    except KeyboardInterrupt:
        number = exits.STOPPED
    except NobodyReads:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # Python says its last words there
        number = exits.FAILED
    return number


def _mend_streams() -> None:
    """One that was closed from outside is nobody's; a letter that it can't show ends nothing."""
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115
    sys.stdin = sys.stdin or Path(os.devnull).open()  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


async def _guarded(out: Out, services: Services, work: Coroutine[Any, Any, int]) -> int:
    """Every failure is told; whatever was opened is closed."""
    try:
        return await work
    except ClawError as error:
        out.error(error)
        return exits.exit_of_error(error)
    finally:
        await services.close()


async def _work(call: Call) -> int:
    try:
        return await BY_NAME[call.args.command].work(call)
    finally:
        await call.close()
