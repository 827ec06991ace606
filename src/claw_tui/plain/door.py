"""The login, and the place for secrets that may be locked: a passphrase is asked for only when it is needed."""

from __future__ import annotations

import getpass
import sys

from claw_tui.domain.answers_reader import Source
from claw_tui.domain.errors import NotLoggedIn, StoreError, TokenRejected
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import FLY_TOKEN
from claw_tui.engine.session import Session
from claw_tui.engine.vault import ACCOUNT
from claw_tui.i18n import _
from claw_tui.plain.signals import Signals
from claw_tui.plain.sources import read_source

TRIES = 3


class Door:
    """``passphrase``: where it is, when nobody is to be asked. ``asks``: a person is there."""

    def __init__(self, session: Session, signals: Signals, passphrase: Source | None, *, asks: bool) -> None:
        self._session, self._signals = session, signals
        self._given = read_source(_("the passphrase"), passphrase) if passphrase is not None else None
        self._asks = asks and sys.stdin.isatty() and sys.stderr.isatty()

    async def log_in(self) -> None:
        """Raises FlyError, StoreError."""
        session = self._session
        await session.vault.look()
        try:
            await session.find_login()
        except (NotLoggedIn, TokenRejected):
            if not session.vault.is_kept(ACCOUNT, FLY_TOKEN) or not await self.open():
                raise
            await session.find_login()

    async def open(self) -> bool:
        """Whether the chosen place was locked and is open now. Raises StoreError."""
        vault = self._session.vault
        kind = vault.kind
        if kind is None or not vault.probe.opens:
            return False
        if self._given is not None:
            await vault.unlock(kind, self._given)
            return vault.ready
        return self._asks and await self._ask(kind)

    async def _ask(self, kind: str) -> bool:
        vault = self._session.vault
        for left in reversed(range(TRIES)):
            with self._signals.waiting_for_a_person():
                typed = getpass.getpass(_("Passphrase of {where}: ").format(where=vault.where))
            if not typed:
                return False
            try:
                await vault.unlock("file" if kind == "file" else "keyring", Secret(typed))
            except StoreError as error:
                if not left:
                    raise
                sys.stderr.write(f"{error.message}\n")
            else:
                return vault.ready
        return False
