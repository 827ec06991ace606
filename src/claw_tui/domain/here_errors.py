"""What this computer lacks."""

from __future__ import annotations

from claw_tui.domain.errors import FlyError
from claw_tui.i18n import n_


class DiskFull(FlyError):
    """flyctl could not write a file here."""

    code = "disk"
    default_hint = n_("Make some room, then go on: nothing that was done is lost.")
