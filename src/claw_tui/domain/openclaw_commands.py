"""Commands of OpenClaw that are worth knowing, and how one that somebody typed is read."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from claw_tui.domain.errors import BadInput
from claw_tui.i18n import _, n_

PROGRAM = "openclaw"


@dataclass(frozen=True, slots=True)
class Useful:
    """``line``: without the program's name. ``terminal``: it asks, or shows something to be scanned."""

    line: str
    words: str
    terminal: bool = False


USEFUL = (
    Useful("doctor --lint", n_("what is wrong; nothing is changed")),
    Useful("channels status --probe", n_("whether each channel is connected")),
    Useful("models status", n_("which models it uses")),
    Useful("security audit", n_("what is open that should be shut")),
    Useful("plugins list", n_("its plugins, and which are on")),
    Useful("config validate", n_("OpenClaw's own check of openclaw.json")),
    Useful("devices list", n_("browsers and devices (also Home, A)")),
    Useful("pairing list telegram", n_("who waits in Telegram with a code")),
    Useful("channels login --channel whatsapp", n_("link WhatsApp: shows a QR code to scan"), terminal=True),
    Useful("channels logout --channel whatsapp", n_("unlink WhatsApp here")),
    Useful("sessions", n_("the talks that it remembers")),
    Useful("cron list", n_("what it does by itself at set times")),
    Useful("secrets audit", n_("secrets in files in the clear")),
    Useful("tui", n_("talk to it here, in the terminal"), terminal=True),
)  # fmt: skip
# Commands that ask or draw, by how they begin; others' answers can be waited for.
ASKING = (
    ("onboard",), ("configure",), ("setup",), ("tui",), ("chat",), ("channels", "login"), ("channels", "add"),
    ("models", "auth"), ("logs", "--follow"), ("plugins", "login"), ("agents", "add"), ("secrets", "configure"),
)  # fmt: skip
# Those that take something away that does not come back.
ENDING = (("reset",), ("uninstall",), ("devices", "clear"), ("agents", "delete"), ("channels", "remove"), ("backup", "restore"))  # fmt: skip


def words_of(text: str) -> tuple[str, ...]:
    """The command, with the program's name. Raises BadInput for one that is not OpenClaw's."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise BadInput(_("A quotation mark is not closed."), hint=_("Close it, or leave it out.")) from error
    return checked(words)


def checked(words: list[str]) -> tuple[str, ...]:
    rest = words[1:] if words[:1] == [PROGRAM] else words
    if not rest:
        raise BadInput(_("There is no command."), hint=_("For example: openclaw doctor --lint"))
    if words[0] in ("sh", "bash", "node", "cat", "ls", "env", "sudo"):
        raise BadInput(
            _("Only commands of openclaw are run here."), hint=_("S on Home opens a shell in the machine.")
        )
    if any(ord(char) < 32 for word in rest for char in word):
        raise BadInput(_("A command is one line."), hint=_("Leave line breaks and control characters out."))
    return (PROGRAM, *rest)


def _begins(words: tuple[str, ...], table: tuple[tuple[str, ...], ...]) -> bool:
    said = tuple(word for word in words[1:] if word == "--follow" or not word.startswith("-"))
    return any(said[: len(begin)] == begin for begin in table)


def needs_terminal(words: tuple[str, ...]) -> bool:
    return _begins(words, ASKING)


def takes_away(words: tuple[str, ...]) -> bool:
    return _begins(words, ENDING)
