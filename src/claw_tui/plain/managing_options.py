"""Options of the commands about a gateway's machine, its volume and its end."""

from __future__ import annotations

import argparse

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


def removing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("app", metavar="APP", help=_("which app; one that others made will do"))
    words = _("do not ask; NAME is the app's name once more")
    parser.add_argument("--yes-remove", default="", metavar="NAME", help=words)
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
