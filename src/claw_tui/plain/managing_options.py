"""Options of the commands about a gateway's machine, its volume and its end."""

from __future__ import annotations

import argparse
from typing import NoReturn

from claw_tui.i18n import _
from claw_tui.plain.options import consent, log, passphrase


def managing(parser: argparse.ArgumentParser) -> None:
    """These commands want the name: none of them is to meet the wrong one."""
    parser.add_argument("app", metavar="APP", help=_("which gateway; one that others made will do"))
    passphrase(parser)
    log(parser)
    consent(parser)


def stopping(parser: argparse.ArgumentParser) -> None:
    managing(parser)
    words = _("a request to its address starts it again; else only `claw-tui start` does")
    parser.add_argument("--until-asked", action="store_true", help=words)


def migrating(parser: argparse.ArgumentParser) -> None:
    managing(parser)
    ways = parser.add_mutually_exclusive_group()
    words = _("after a migration: what ran before, with the volume as it was then")
    ways.add_argument("--back", action="store_true", help=words)
    words = _("after a migration: all is well; the old names of secrets go, and with them the way back")
    ways.add_argument("--confirm", action="store_true", help=words)


def changing(parser: argparse.ArgumentParser) -> None:
    managing(parser)
    parser.add_argument("--size", default="", metavar="SIZE", help=_("e.g. shared-cpu-4x, performance-1x"))
    parser.add_argument(
        "--memory", type=int, default=0, metavar="MB", help=_("e.g. 4096; Node's heap follows it")
    )
    parser.add_argument(
        "--volume", type=int, default=0, metavar="GB", help=_("larger only: Fly.io can't make one smaller")
    )
    words = _("a move: its volume is copied there, and it is away meanwhile; the old volume stays")
    parser.add_argument("--region", default="", metavar="CODE", help=words)
    words = _("what the machine starts, in one argument, for who knows why; empty: claw-tui's own again")
    parser.add_argument("--command", dest="start_command", default=None, metavar="COMMAND", help=words)
    words = _("a change that was cut off: all as it was before it (on: the same command once more)")
    parser.add_argument("--back", action="store_true", help=words)


class _NotEnough(argparse.Action):
    """What other commands take for a yes: what is removed does not come back, so here the name belongs to it."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        _space: argparse.Namespace,
        _said: object,
        option: str | None = None,
    ) -> NoReturn:
        words = _(
            "{option} is not enough to remove an app: --yes-remove and its name once more do it unasked. Nothing was done."
        )
        parser.error(words.format(option=option))


def removing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("app", metavar="APP", help=_("which app; one that others made will do"))
    words = _("do not ask; NAME is the app's name once more")
    parser.add_argument("--yes-remove", default="", metavar="NAME", help=words)
    parser.add_argument("--yes", "-y", action=_NotEnough, nargs=0, help=argparse.SUPPRESS)
    words = _("the empty app stays, with a snapshot that Fly.io keeps for some days")
    parser.add_argument("--keep-app", action="store_true", help=words)
    words = _("first save its openclaw.json into FILE, without the secrets in it")
    parser.add_argument("--copy", default="", metavar="FILE", help=words)
    words = _("afterwards forget what is kept here of it: answers, the log of its runs, keys")
    parser.add_argument("--forget", action="store_true", help=words)
    parser.add_argument(
        "--detach", action="store_true", help=_("start it and leave; claw-tui watch shows it")
    )
    passphrase(parser)
    log(parser)
