"""What a file of answers says of each secret: where it is when the file is used, which may be after we have ended."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from math import inf

from claw_tui.domain.errors import FlyError
from claw_tui.engine.session import Session


async def lasting_sources(session: Session) -> Mapping[str, str]:
    """For those that our own place will not have then: a variable of their name, or Fly.io's, which has it already."""
    vault, spec = session.vault, session.spec
    lasts = vault.kind in ("keyring", "file")
    gone = [name for name in spec.secret_names if not (lasts and vault.is_in_place(spec.app, name))]
    here = await vault.values(spec.app, gone)
    with suppress(FlyError):  # then a variable is named for each
        if gone:
            await session.look(spec.app, ("secrets",), max_age=inf)
    there = {info.name for info in session.reader.known(spec.app).secrets}
    return {name: "keep" if name in there and name not in here else f"env:{name}" for name in gone}
