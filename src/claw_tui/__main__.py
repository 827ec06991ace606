"""Command line entry point. Textual is imported only once the screen is really wanted."""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace

from claw_tui import __version__
from claw_tui.i18n import _, use_ascii_signs, use_language
from claw_tui.plain.names import NAMES

TYPE_CHECKING = False  # `--version` and every refusal wait for what is imported here
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from typing import Any, TextIO

    from claw_tui.ports import Services

DOORS = ("harden", "expose")  # by the wizard, or in plain lines when that is said
IN_PLAIN_LINES = (
    "--yes",
    "-y",
    "--json",
    "--detach",
    "--log",
    "--passphrase",
    "--dedicated-ipv4",
    "--help",
    "-h",
)
WRONG_WORDS, INTERRUPTED = 3, 130  # what they end with, see plain/exits.py
MIN_COLUMNS, MIN_ROWS = 60, 20
# Of a predecessor that was killed in this terminal: mouse reports, focus reports, bracketed paste.
MODES_OFF = b"\x1b[?1000;1002;1003;1006;1015;1004;2004l"


def build_parser(overview: str = "") -> argparse.ArgumentParser:
    """``overview``: of the commands, for who asked for help."""
    import argparse  # noqa: PLC0415

    parser = argparse.ArgumentParser(
        prog="claw-tui",
        description=_("Put your own OpenClaw Gateway on Fly.io, and look after it."),
        epilog=overview,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"claw-tui {__version__}")
    parser.add_argument(
        "--demo", action="store_true", help=_("everything on a simulated cloud; nothing is real")
    )
    parser.add_argument("--ascii", action="store_true", help=_("draw with plain letters and signs only"))
    parser.add_argument(
        "--no-mouse", action="store_true", help=_("leave the mouse to the terminal (quieter over SSH)")
    )
    parser.add_argument(
        "command",
        nargs="?",
        choices=NAMES,
        metavar="COMMAND",
        help=_("in plain lines, for scripts and screen readers; without one the wizard opens"),
    )
    return parser


def door_parser() -> argparse.ArgumentParser:
    """`harden` and `expose` on a terminal."""
    parser = build_parser()
    parser.add_argument("app", nargs="?", default="", metavar="APP")
    return parser


def switches(argv: Sequence[str]) -> SimpleNamespace | None:
    """What the wizard is mostly started with; argparse, which the first frame would wait for, is for all else."""
    given = {word: word in argv for word in ("--demo", "--ascii", "--no-mouse")}
    if not {*argv} <= {*given}:
        return None
    return SimpleNamespace(
        demo=given["--demo"], ascii=given["--ascii"], no_mouse=given["--no-mouse"], command=""
    )


def _parsed(argv: Sequence[str], by_wizard: bool) -> SimpleNamespace:  # noqa: FBT001
    parser = door_parser() if by_wizard else build_parser(help_wanted(argv))
    return parser.parse_args(argv, SimpleNamespace())


def help_wanted(argv: Sequence[str]) -> str:
    """What the commands do, where that was asked for: nobody else waits for their table."""
    if not {"-h", "--help"} & {*argv}:
        return ""
    from claw_tui.plain.overview import overview  # noqa: PLC0415

    return overview()


def terminal_problem() -> str:
    """Why the wizard cannot be drawn here, in one sentence; or an empty string."""
    if not (
        sys.stdin.isatty() and sys.stdout.isatty() and sys.__stderr__ is not None and sys.__stderr__.isatty()
    ):
        return _(
            "claw-tui needs a terminal, and nothing of it sent to a file or a pipe: start it in one, over SSH with `ssh -t`."
            " Without one there are its commands in plain lines, as claw-tui status, plan, apply, doctor: claw-tui --help"
        )
    if os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        return _("This terminal can't be drawn on (TERM is “{term}”).").format(
            term=os.environ.get("TERM", "")
        )
    columns, rows = os.get_terminal_size(sys.__stderr__.fileno())  # Textual draws on stderr
    if columns < MIN_COLUMNS or rows < MIN_ROWS:
        return _(
            "This window is too small ({columns}x{rows}): claw-tui needs 60 columns and 20 rows."
        ).format(columns=columns, rows=rows)
    return system_problem()


def _seen_by_a_person() -> TextIO | None:
    """What is wrong is said on stderr, unless that goes into a file and stdout does not."""
    hidden = sys.stderr is None or not sys.stderr.isatty()
    return sys.stdout if hidden and sys.stdout is not None and sys.stdout.isatty() else sys.stderr


def system_problem() -> str:
    """The same for what has nothing to do with the terminal."""
    place = os.environ.get("CLAW_TUI_SECRETS", "")
    if place not in (
        "",
        "keyring",
        "file",
        "memory",
    ):  # domain.answers has them too, and takes long to import
        return _("CLAW_TUI_SECRETS is “{place}”; it can be keyring, file or memory.").format(place=place)
    if sys.platform == "win32":
        return _("claw-tui runs on Linux and macOS; on Windows, start it inside WSL.")
    return ""


def main(argv: Sequence[str] | None = None) -> int:
    argv = sys.argv[1:] if argv is None else argv
    if list(argv) == ["--version"]:
        print(f"claw-tui {__version__}")  # noqa: T201
        return 0
    language = os.environ.get("CLAW_TUI_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    use_language(language)
    command = next((word for word in argv if not word.startswith("-")), "")
    by_wizard = (
        command in DOORS
        and sys.stdin.isatty()
        and not any(word.partition("=")[0] in IN_PLAIN_LINES for word in argv)
    )
    if command in NAMES and not by_wizard:
        return in_plain_lines(argv)
    try:
        args = switches(argv) or _parsed(argv, by_wizard)
    except SystemExit as left:
        return WRONG_WORDS if left.code else 0  # argparse's own 2 means changes here
    problem = terminal_problem()
    if problem:
        print(problem, file=_seen_by_a_person())
        return WRONG_WORDS
    for name in [name for name in os.environ if name.startswith("TEXTUAL")]:
        del os.environ[name]  # TEXTUAL_LOG would write every key that is pressed into a file
    os.umask(0o077)
    return in_quiet_terminal(args)


def in_plain_lines(argv: Sequence[str]) -> int:
    problem = system_problem()
    if problem:
        print(problem, file=sys.stderr)  # noqa: T201
        return WRONG_WORDS
    os.umask(0o077)
    try:
        from claw_tui.plain.cli import main as plain_main  # noqa: PLC0415

        return plain_main(argv, make_services)
    except KeyboardInterrupt:  # before it could listen to that itself
        return INTERRUPTED


def make_services(demo: bool) -> Services:  # noqa: FBT001
    from claw_tui.wiring import seal_process, services_for  # noqa: PLC0415

    seal_process()  # before there is any secret, and after the first frame
    return services_for(os.environ, demo=demo)


def in_quiet_terminal(args: SimpleNamespace) -> int:
    """What is typed before the first screen must not be echoed: it may be a secret."""
    import termios  # noqa: PLC0415

    before, quiet = termios.tcgetattr(0), termios.tcgetattr(0)
    quiet[3] &= ~termios.ECHO
    termios.tcsetattr(0, termios.TCSAFLUSH, quiet)
    os.write(2, MODES_OFF)
    try:
        return draw(args, before)
    finally:
        # The rest of a paste is not for the shell and its history.
        termios.tcsetattr(0, termios.TCSAFLUSH, before)


def draw(args: SimpleNamespace, terminal_mode: list[Any]) -> int:
    """Run the screens. ``terminal_mode`` is what other programs are given the terminal with."""
    import gc  # noqa: PLC0415

    gc.disable()  # start-up only allocates; it is enabled again once the first screen is there
    from claw_tui.app import ClawApp  # noqa: PLC0415
    from claw_tui.widgets.marks import use_ascii  # noqa: PLC0415

    encoding = (getattr(sys.__stderr__, "encoding", "") or "").lower().replace("-", "")
    if args.ascii or encoding != "utf8":
        use_ascii(on=True)
        use_ascii_signs()
    goal = (args.command or "", getattr(args, "app", ""))
    app = ClawApp(lambda: make_services(args.demo), demo=args.demo, terminal_mode=terminal_mode, goal=goal)
    app.run(mouse=not args.no_mouse)
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
