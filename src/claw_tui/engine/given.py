"""Secrets that are given with one command, from a variable or a descriptor: they may be kept in memory only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from claw_tui.domain.errors import StoreError
from claw_tui.domain.secret import Secret
from claw_tui.engine.context import View
from claw_tui.engine.plan import make_plan
from claw_tui.engine.session import Session
from claw_tui.i18n import _


@dataclass(frozen=True, slots=True)
class Given:
    """``values`` by name; ``left``: those that stay as Fly.io has them."""

    values: Mapping[str, Secret] = field(default_factory=dict)
    left: tuple[str, ...] = ()


def revision_of(app: str, name: str, value: Secret) -> str:
    """The same word for the same value, so that a second run has nothing to send.

    32 bits of a slow digest: enough to see a change, too little to tell the value, also from a list of guesses.
    """
    raw = value.reveal().encode("utf-8", "surrogatepass")
    salt = f"claw-tui {app}/{name}".encode()
    return hashlib.scrypt(raw, salt=salt, n=1 << 14, r=8, p=1, maxmem=1 << 26, dklen=4).hex()


class GivenSecrets:
    """What ``Given`` means for one plan of a session."""

    def __init__(self, session: Session, given: Given) -> None:
        self._session, self._given = session, given
        self._revisions: dict[str, str] = {}

    @property
    def values(self) -> Mapping[str, Secret]:
        return self._given.values

    async def adjust(self) -> None:
        """The session's plan, once more with what was given. Nothing is written down for it."""
        session = self._session
        assert session.view is not None
        app = session.view.spec.app
        for name, value in self._given.values.items():
            self._revisions[name] = await self._revision(app, name, value)
        session.view = replace(session.view, unsent=self._unsent(session.view))
        session.plan = make_plan(session.view)

    async def _revision(self, app: str, name: str, value: Secret) -> str:
        """Of the value that is kept here already, when it is the same."""
        if await self._session.vault.get(app, name) == value:
            return self._session.services.state.revisions(app).get(name, "")
        return revision_of(app, name, value)

    def _unsent(self, view: View) -> tuple[str, ...]:
        sent = self._session.services.state.sent_digests(view.spec.app)

        def has_it(name: str) -> bool:
            if not view.world.digest_of(name):
                return False
            if name in self._given.left:
                return True
            if name in self._revisions:
                return sent.get(name, ("", ""))[0] == self._revisions[name]
            return name not in view.unsent

        return tuple(name for name in view.spec.secret_names if not has_it(name))

    async def lost(self) -> tuple[str, ...]:
        """Secrets that have to be sent and are not at hand."""
        missing = await self._session.missing_secrets()
        return tuple(name for name in missing if name not in self._given.values)

    async def hold(self, *, keep: bool) -> Iterable[str]:
        """They are to be sent: in memory, or (``keep``) in the chosen place. Returns words for where. Raises StoreError."""
        vault, view = self._session.vault, self._session.view
        assert view is not None
        if keep and self._given.values and not vault.ready:
            words = _("The secrets can't be kept in {where}.").format(where=vault.where)
            raise StoreError(words, hint=_("Open that place in claw-tui (F6), or leave --keep out."))
        said = []
        for name, value in self._given.values.items():
            known = await vault.get(view.spec.app, name) == value
            if keep:
                if not known:
                    said.append(
                        f"{name} {await vault.put(view.spec.app, name, value, self._revisions[name])}"
                    )
            elif not known:
                vault.hold(view.spec.app, name, value, self._revisions[name])
        return said
