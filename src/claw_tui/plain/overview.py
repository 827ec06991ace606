"""`claw-tui --help`: every command with what it does."""

from __future__ import annotations

import shutil
import textwrap

from claw_tui.i18n import _
from claw_tui.plain.commands import COMMANDS

NAME_WIDTH, MOST_WIDTH = 10, 100


def overview() -> str:
    """As wide as the terminal, for argparse's last part."""
    width = min(shutil.get_terminal_size().columns - 2, MOST_WIDTH)
    lines = textwrap.wrap(_("commands, in plain lines (`claw-tui COMMAND --help` tells more):"), width)
    for command in COMMANDS:
        beside = " " * (NAME_WIDTH + 2)
        lines += textwrap.wrap(
            _(command.words),
            width,
            initial_indent=f"  {command.name:<{NAME_WIDTH}}",
            subsequent_indent=beside,
        )
    return "\n".join(lines)
