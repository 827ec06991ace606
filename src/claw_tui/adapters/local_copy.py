"""A file that arrives here: written beside its place, for its owner only, and never over another one unasked."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from uuid import uuid4

from claw_tui.adapters.files import cannot_write
from claw_tui.domain.errors import BadInput
from claw_tui.domain.machine_files import TAKEN
from claw_tui.i18n import _

BLOCK = 1 << 20


def part_of(local: Path) -> Path:
    """Where it is written until it is whole. Raises BadInput for a place that can't be one."""
    if local.is_dir():
        raise BadInput(_("{path} is a folder.").format(path=local), hint=_("Give a file's name in it."))
    if not local.parent.is_dir():
        raise BadInput(
            _("There is no folder {path} here.").format(path=local.parent), hint=_("Make it first.")
        )
    return local.with_name(f".{local.name}.claw-tui-{uuid4().hex[:8]}")


def refuse_existing(local: Path) -> None:
    if os.path.lexists(local):
        raise BadInput(
            _("{path} is there already; it was left alone.").format(path=local),
            hint=_(TAKEN),
        )


def settle(part: Path, local: Path, *, replace: bool) -> None:
    """Raises BadInput where somebody else made a file of that name meanwhile, StateError."""
    try:
        part.chmod(0o600)
        if replace:
            part.replace(local)
            return
        try:
            os.link(part, local)
        except FileExistsError:
            refuse_existing(local)
        except OSError:  # a disk without links
            refuse_existing(local)
            part.replace(local)
            return
        part.unlink()
    except OSError as error:
        raise cannot_write(local, error) from error


def write(part: Path, data: bytes) -> None:
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
    except OSError as error:
        raise cannot_write(part, error) from error


def digest_of(path: Path) -> tuple[int, str]:
    """Its size and sha256. Raises BadInput for what can't be read."""
    found, size = hashlib.sha256(), 0
    try:
        if not path.is_file():
            raise BadInput(
                _("{path} is no file that can be sent.").format(path=path),
                hint=_("Folders are sent file by file."),
            )
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                found.update(block)
                size += len(block)
    except OSError as error:
        words = _("{path} can't be read: {why}.").format(path=path, why=error.strerror or error)
        raise BadInput(words, hint=_("Look whether it is yours.")) from error
    return size, found.hexdigest()
