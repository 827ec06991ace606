"""Options that several commands have."""

from __future__ import annotations

import argparse

from claw_tui.domain.answers_reader import Source, source_of
from claw_tui.i18n import _


def _place(text: str) -> Source:
    source = source_of(text)
    if source is None or not source.name:
        raise argparse.ArgumentTypeError(
            _("env:NAME or fd:3 belongs here")
        )  # what was typed may be the passphrase
    return source


def passphrase(parser: argparse.ArgumentParser) -> None:
    words = _("where the passphrase of a locked place for secrets is: env:NAME or fd:3; else it is asked for")
    parser.add_argument("--passphrase", type=_place, metavar="PLACE", help=words)


def log(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--log", action="store_true", help=_("also what flyctl and the gateway say"))


def consent(parser: argparse.ArgumentParser) -> None:
    """Of what starts a run."""
    parser.add_argument("--yes", "-y", action="store_true", help=_("do not ask"))
    parser.add_argument(
        "--detach", action="store_true", help=_("start it and leave; claw-tui watch shows it")
    )


def app(parser: argparse.ArgumentParser, words: str = "") -> None:
    words = words or _("which gateway; without it: the only one")
    parser.add_argument("app", nargs="?", default="", metavar="APP", help=words)


def running(parser: argparse.ArgumentParser) -> None:
    """Of what changes one gateway by a run."""
    app(parser)
    passphrase(parser)
    log(parser)
    consent(parser)


def answers(parser: argparse.ArgumentParser) -> None:
    words = _(
        "a file of answers (- is standard input); claw-tui writes one: screen Review, F9. Else the last answers"
    )
    parser.add_argument("answers", nargs="?", default="", metavar="ANSWERS", help=words)
    parser.add_argument(
        "--app", default="", metavar="NAME", help=_("the answers of a gateway that is known here")
    )
    passphrase(parser)


def applying(parser: argparse.ArgumentParser) -> None:
    answers(parser)
    log(parser)
    consent(parser)
    parser.add_argument(
        "--check", action="store_true", help=_("when there is nothing to change: see that it answers")
    )
    words = _("keep secrets of variables and descriptors where claw-tui keeps secrets; else in memory only")
    parser.add_argument("--keep", action="store_true", help=words)


def hardening(parser: argparse.ArgumentParser) -> None:
    running(parser)
    words = _(
        "what becomes of an IPv4 address that costs money: keep (the result is not private) or release (for good)"
    )
    parser.add_argument("--dedicated-ipv4", choices=("keep", "release"), default="", help=words)


def watching(parser: argparse.ArgumentParser) -> None:
    app(parser, _("whose newest run; else the newest of all"))
    log(parser)


def status(parser: argparse.ArgumentParser) -> None:
    app(parser, _("without it: the list of gateways"))
    words = _("only what Fly.io tells: nothing is asked in the machine, nor of the image registry")
    parser.add_argument("--quick", action="store_true", help=words)
    passphrase(parser)


def doctor(parser: argparse.ArgumentParser) -> None:
    app(parser, _("which gateway; without it: the only one, or each of them"))
    words = _("another question: can this app be reached from the internet? One that others made will do")
    parser.add_argument("--private", default="", metavar="APP", help=words)
    parser.add_argument("--fix", action="store_true", help=_("show what helps, and do it"))
    parser.add_argument("--yes", "-y", action="store_true", help=_("do not ask"))
    parser.set_defaults(detach=False)
    passphrase(parser)
    log(parser)


def reaching(parser: argparse.ArgumentParser) -> None:
    from claw_tui.plain import reaching as command  # noqa: PLC0415

    command.options(parser)
    passphrase(parser)


def devices(parser: argparse.ArgumentParser) -> None:
    from claw_tui.plain import devices as command  # noqa: PLC0415

    command.options(parser)
    passphrase(parser)


def run(parser: argparse.ArgumentParser) -> None:
    from claw_tui.plain import running as command  # noqa: PLC0415

    command.options(parser)
    passphrase(parser)


def get(parser: argparse.ArgumentParser) -> None:
    from claw_tui.plain import copying  # noqa: PLC0415

    copying.get_options(parser)
    passphrase(parser)


def put(parser: argparse.ArgumentParser) -> None:
    from claw_tui.plain import copying  # noqa: PLC0415

    copying.put_options(parser)
    passphrase(parser)


def topics(parser: argparse.ArgumentParser) -> None:
    words = _("which one; without it: the list")
    parser.add_argument("topic", nargs="?", default="", metavar="TOPIC", help=words)
