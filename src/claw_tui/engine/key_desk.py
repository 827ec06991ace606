"""The model and channel keys of one gateway: what was said of them last, and asking again."""

from __future__ import annotations

import time
from collections.abc import Mapping

from claw_tui.domain.errors import BadKey
from claw_tui.domain.vitals import KeyNote
from claw_tui.engine.key_notes import WORDS, read_notes, write_note
from claw_tui.engine.session import Session
from claw_tui.i18n import _


class KeyDesk:
    """The keys of one gateway that can be asked about."""

    def __init__(self, session: Session, app: str) -> None:
        self._session, self.app = session, app

    def names(self) -> tuple[str, ...]:
        known = self._session.reader.known(self.app).secrets
        return tuple(secret.name for secret in known if self._session.services.keys.can_check(secret.name))

    def notes(self) -> Mapping[str, KeyNote | None]:
        kept = read_notes(self._session.services.state, self.app)
        return {name: kept.get(name) for name in self.names()}

    async def check(self) -> tuple[str, ...]:
        """Ask every provider again; names of those whose key is not at hand here. Raises NetworkDown, RateLimited."""
        names = self.names()
        values = await self._session.vault.values(self.app, names)
        for name, value in values.items():
            try:
                said = await self._session.services.keys.check(name, value)
                note = KeyNote(time.time(), said.words[:WORDS])
            except BadKey:
                note = KeyNote(time.time(), _("refused"), good=False)
            write_note(self._session.services.state, self.app, name, note)
        return tuple(name for name in names if name not in values)
