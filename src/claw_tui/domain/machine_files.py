"""Files of a machine: what is listed, what may hold secrets, what a path may look like."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from claw_tui.domain.errors import BadInput
from claw_tui.domain.spec import STATE_DIR
from claw_tui.i18n import _, many, n_

SHOWN_BYTES = 32 * 1024  # so much of a file is shown on the screen
MOST_BYTES = 512 << 20  # what is larger is no matter of a minute
TAKEN = n_("Give another name, or say that it is to be replaced.")  # what helps where there is such a file
CONFIG = f"{STATE_DIR}/openclaw.json"
# Names below which, or at which, OpenClaw and others keep tokens, and what people said.
_SECRET = re.compile(
    r"openclaw\.json|clawdbot\.json|credential|creds|auth|secret|token|passw|\.env|\.key$|\.pem$|id_(rsa|ed25519|ecdsa)|identity"
    r"|sqlite|\.db$|session|transcript|\.jsonl|cookie|environ|device",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One line of a folder. ``kind``: d, f, l, as `find` says it; ``at`` in seconds since 1970."""

    name: str
    kind: str
    size: int
    owner: str
    mode: str
    at: float

    @property
    def is_folder(self) -> bool:
        return self.kind == "d"


@dataclass(frozen=True, slots=True)
class Folder:
    """What is in one. ``more``: there are so many that not all are listed."""

    path: str
    entries: tuple[FileEntry, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Copied:
    """How a copy ended. ``owner`` and ``mode``: of the file in the machine."""

    size: int
    digest: str
    owner: str = ""
    mode: str = ""


def remote_path(text: str, folder: str = STATE_DIR) -> str:
    """An absolute path there; a relative one is meant from ``folder``. Raises BadInput."""
    if not text.strip() or not text.isprintable():
        raise BadInput(_("This is no path in the machine."), hint=_("For example: /data/notes.txt"))
    path = posixpath.normpath(posixpath.join(folder, text))
    return "/" + path.lstrip("/")


def may_hold_secrets(path: str) -> bool:
    return _SECRET.search(path) is not None


def is_config(path: str) -> bool:
    """The gateway's own file: it is checked before it is put in place, and followed."""
    return posixpath.normpath(path) == CONFIG


def size_words(size: int) -> str:
    if size < 1024:
        return many("{count} byte", "{count} bytes", size)
    if size < 1 << 20:
        return f"{size / 1024:.1f} KB"
    return f"{size / (1 << 20):.1f} MB" if size < 1 << 30 else f"{size / (1 << 30):.1f} GB"


def mode_words(entry: FileEntry) -> str:
    """As `ls` writes it."""
    bits = int(entry.mode or "0", 8)
    letters = "".join("rwx"[at % 3] if bits >> (8 - at) & 1 else "-" for at in range(9))
    return ("-" if entry.kind == "f" else entry.kind) + letters


def owner_words(owner: str) -> str:
    return {"1000:1000": "node", "0:0": "root"}.get(owner, owner)
