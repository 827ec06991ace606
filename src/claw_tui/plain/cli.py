"""The commands: their options, their services, and what they end with. No Textual is loaded for them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

from claw_tui.domain.answers_reader import Source, source_of
from claw_tui.domain.errors import ClawError
from claw_tui.engine.session import Session
from claw_tui.i18n import _, n_, use_ascii_signs
from claw_tui.plain import exits
from claw_tui.plain.desk import find_wish
from claw_tui.plain.door import Door
from claw_tui.plain.out import NobodyReads, Out
from claw_tui.plain.signals import Signals
from claw_tui.ports import Services

MakeServices = Callable[[bool], Services]


DOORS = {
    "harden": n_("Make a gateway private. Without --yes or --json the wizard opens at it."),
    "expose": n_("Make a private gateway public. Without --yes or --json the wizard opens at it."),
}


MANAGING = {
    "stop": n_("Stop a gateway: it costs nearly nothing then, and nothing is lost."),
    "start": n_("Start a gateway that is stopped."),
    "restart": n_("Start a gateway anew; it is away for about half a minute."),
}


class Parser(argparse.ArgumentParser):
    """Its own code for a wrong word is 2; here that means changes."""

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
    commands = parser.add_subparsers(dest="command", required=True)
    form = argparse.RawDescriptionHelpFormatter

    def command(name: str, words: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            help=words,
            description=words,
            parents=[everywhere],
            epilog=exits.table(),
            formatter_class=form,
        )

    _planning(command("plan", _("Show what would be done, and what it costs. Nothing is changed.")))
    _applying(command("apply", _("Do what the plan says, and follow it to its end.")))
    watch = command(
        "watch", _("Follow a run that was started here, from its beginning. Ctrl-C only ends the watching.")
    )
    watch.add_argument(
        "app", nargs="?", default="", metavar="APP", help=_("whose newest run; else the newest of all")
    )
    _log(watch)
    status = command(
        "status", _("How a gateway is, and how its last run ended. Ends with 8 when it is not healthy.")
    )
    status.add_argument(
        "app", nargs="?", default="", metavar="APP", help=_("without it: the list of gateways")
    )
    _passphrase(status)
    for name, words in DOORS.items():
        _door(command(name, _(words)))
    doctor = command("doctor", _("Look at an app from all sides: is it private, and what shows that?"))
    words = _("whether it can be reached from the internet; an app that others made will do")
    doctor.add_argument("--private", required=True, metavar="APP", help=words)
    _passphrase(doctor)
    for name, words in MANAGING.items():
        _managing(name, command(name, _(words)))
    _removing(command("remove", _("Take a whole app away for good, after all that is lost was said.")))
    _reaching(command("reach", _("How a gateway is reached; and a tunnel to a private one, until Ctrl-C.")))
    return parser


def _door(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "app", nargs="?", default="", metavar="APP", help=_("which gateway; without it: the only one")
    )
    _passphrase(parser)
    _log(parser)
    parser.add_argument("--yes", "-y", action="store_true", help=_("do not ask"))
    parser.add_argument(
        "--detach", action="store_true", help=_("start it and leave; claw-tui watch shows it")
    )
    if parser.prog.endswith("harden"):
        words = _(
            "what becomes of an IPv4 address that costs money: keep (the result is not private) or release (for good)"
        )
        parser.add_argument("--dedicated-ipv4", choices=("keep", "release"), default="", help=words)


def _place(text: str) -> Source:
    source = source_of(text)
    if source is None or not source.name:
        raise argparse.ArgumentTypeError(
            _("env:NAME or fd:3 belongs here")
        )  # what was typed may be the passphrase
    return source


def _passphrase(parser: argparse.ArgumentParser) -> None:
    words = _("where the passphrase of a locked place for secrets is: env:NAME or fd:3; else it is asked for")
    parser.add_argument("--passphrase", type=_place, metavar="PLACE", help=words)


def _planning(parser: argparse.ArgumentParser) -> None:
    words = _(
        "a file of answers (- is standard input); claw-tui writes one: screen Review, F9. Else the last answers"
    )
    parser.add_argument("answers", nargs="?", default="", metavar="ANSWERS", help=words)
    parser.add_argument(
        "--app", default="", metavar="NAME", help=_("the answers of a gateway that is known here")
    )
    _passphrase(parser)


def _reaching(parser: argparse.ArgumentParser) -> None:
    from claw_tui.plain import reaching  # noqa: PLC0415

    reaching.options(parser)
    _passphrase(parser)


def _managing(name: str, parser: argparse.ArgumentParser) -> None:
    from claw_tui.plain import managing  # noqa: PLC0415

    managing.options(name, parser)
    _passphrase(parser)
    _log(parser)


def _removing(parser: argparse.ArgumentParser) -> None:
    from claw_tui.plain import removing  # noqa: PLC0415

    removing.options(parser)
    _passphrase(parser)
    _log(parser)


def _log(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--log", action="store_true", help=_("also what flyctl and the gateway say"))


def _applying(parser: argparse.ArgumentParser) -> None:
    _planning(parser)
    _log(parser)
    parser.add_argument("--yes", "-y", action="store_true", help=_("do not ask"))
    parser.add_argument(
        "--detach", action="store_true", help=_("start it and leave; claw-tui watch shows it")
    )
    parser.add_argument(
        "--check", action="store_true", help=_("when there is nothing to change: see that it answers")
    )
    words = _("keep secrets of variables and descriptors where claw-tui keeps secrets; else in memory only")
    parser.add_argument("--keep", action="store_true", help=words)


def main(argv: Sequence[str], make_services: MakeServices) -> int:
    _mend_streams()
    args = build_parser().parse_args(argv)
    given = vars(args)
    if given.get("ascii") or (sys.stdout.encoding or "").lower().replace("-", "") != "utf8":
        use_ascii_signs()
    out, signals = Out(as_json=bool(given.get("json"))), Signals()
    try:
        services = make_services(bool(given.get("demo")))
        number = signals.run(_guarded(out, services, _work(out, services, signals, args)))
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


async def _work(out: Out, services: Services, signals: Signals, args: argparse.Namespace) -> int:
    if args.command == "watch":
        from claw_tui.plain.watching import watch  # noqa: PLC0415

        return await watch(out, services.runs, signals, app=args.app, log=args.log)
    session = Session(services)
    try:
        return await _look(out, session, signals, args)
    finally:
        await session.close()


async def _look(out: Out, session: Session, signals: Signals, args: argparse.Namespace) -> int:
    asks = not (out.as_json or getattr(args, "yes", False))
    door = Door(session, signals, args.passphrase, asks=asks)
    if args.command == "status":
        from claw_tui.plain.status import Status  # noqa: PLC0415

        status = Status(out, session, door)
        return await (status.one(args.app) if args.app else status.every())
    if args.command in DOORS:
        from claw_tui.plain.doors import DoorChanger  # noqa: PLC0415

        return await DoorChanger(out, session, signals, door, args).change()
    if args.command == "doctor":
        from claw_tui.plain.doctor import privacy  # noqa: PLC0415

        return await privacy(out, session, door, args.private)
    if args.command == "reach":
        from claw_tui.plain.reaching import Reacher  # noqa: PLC0415

        return await Reacher(out, session, door, args).reach()
    if args.command in MANAGING:
        from claw_tui.plain.managing import Manager  # noqa: PLC0415

        return await Manager(out, session, signals, door, args).manage()
    if args.command == "remove":
        from claw_tui.plain.removing import Remover  # noqa: PLC0415

        return await Remover(out, session, signals, door, args).remove()
    wish = find_wish(session.services.state, args.answers, args.app)
    if args.command == "plan":
        from claw_tui.plain.planning import plan  # noqa: PLC0415

        return await plan(out, session, door, wish)
    from claw_tui.plain.applying import Applier  # noqa: PLC0415

    return await Applier(out, session, signals, door, args).apply(wish)
