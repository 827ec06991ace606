"""Changing the secrets of a gateway that exists: given, taken away, then brought in with one restart."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from claw_tui.domain.errors import ClawError, StateError
from claw_tui.domain.gateway_config import uses_of
from claw_tui.domain.jobs import Task
from claw_tui.domain.parse import json_of
from claw_tui.domain.plan import Plan
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import providers_of
from claw_tui.domain.secret_state import SecretRow, Standing, secret_rows
from claw_tui.domain.spec import Spec
from claw_tui.engine.answers_kept import kept_answers
from claw_tui.engine.key_notes import note_said
from claw_tui.engine.session import Session
from claw_tui.ports import RunHandle

PARTS = ("secrets", "machines")


class Rotation:
    """The secrets of ``app``. What is changed here is kept at once, and sent when it is applied."""

    def __init__(self, session: Session, app: str) -> None:
        self._session, self.app = session, app
        self._state, self._vault = session.services.state, session.vault
        self.rows: tuple[SecretRow, ...] = ()
        self.known = False  # its secrets were read; before, none of them says nothing

    async def look(self, max_age: float = 0.0) -> None:
        """Read what Fly.io has and what is at hand. Raises FlyError, StateError; what could be read counts all the same."""
        try:
            await self._session.look(self.app, PARTS, max_age=max_age)
        finally:
            await self.refresh()

    async def refresh(self) -> None:
        """The rows anew, from what was read last; none before that."""
        self.known = self._session.reader.age(self.app, ("secrets",)) is not None
        if not self.known:
            self.rows = ()
            return
        world = self._session.reader.known(self.app)
        revisions = self._state.revisions(self.app)
        names = {*revisions, *(info.name for info in world.secrets)}
        held = await self._vault.values(self.app, names)
        self.rows = secret_rows(
            world.secrets, revisions, self._state.sent_digests(self.app), self._state.removals(self.app), held
        )

    def row(self, name: str) -> SecretRow | None:
        return next((row for row in self.rows if row.name == name), None)

    @property
    def waiting(self) -> tuple[SecretRow, ...]:
        """What a restart would bring in."""
        return tuple(row for row in self.rows if row.waits and row.name not in self.lost)

    @property
    def lost(self) -> tuple[str, ...]:
        """Given here, not sent, and not at hand any more."""
        return tuple(row.name for row in self.rows if row.standing is Standing.GIVEN and not row.held)

    async def uses(self, name: str) -> tuple[str, ...] | None:
        """Where in openclaw.json the gateway takes ``name`` from; None when the file could not be read."""
        world = self._session.reader.known(self.app)
        machine = world.machine
        if machine is None or machine.state != "started":
            return None
        try:
            text = await self._session.services.gateway.read_config(self.app, machine.id)
            return uses_of(json_of(text), name) if text else ()
        except (ClawError, ValueError):
            return None

    def is_locked(self, name: str) -> bool:
        """Its value is in the chosen place, and that is not open."""
        return not self._vault.ready and self._vault.is_in_place(self.app, name)

    def is_last_key(self, name: str) -> bool:
        """Without it no model provider would have a key."""
        left = [row.name for row in self.rows if row.standing is not Standing.REMOVED and row.name != name]
        return bool(providers_of([name])) and not providers_of(left)

    # -- changing -------------------------------------------------------------------------------------------------
    async def keep(self, name: str, value: Secret, said: str = "") -> str:
        """A new value. Returns words for where it is kept. Raises StateError."""
        where = await self._vault.put(self.app, name, value)
        self._session.checked[name] = said
        note_said(self._session.services, self.app, name, said)
        self._state.set_removal(self.app, name, wanted=False)
        self._note(name, given=True)
        return where

    async def send_again(self, name: str) -> None:
        """The value that is here is to take the place of the one that somebody else set. Raises StateError."""
        value = await self._vault.get(self.app, name)
        if value is not None:
            await self.keep(name, value)

    async def leave_theirs(self, name: str) -> None:
        """What Fly.io has counts, or that it has none; the value that is here is forgotten. Raises StateError."""
        await self._vault.forget(self.app, name)
        self._state.set_sent_digests(self.app, {name: ("", "")})
        if not self._session.reader.known(self.app).digest_of(name):
            self._note(name, given=False)

    async def remove(self, name: str) -> None:
        """To be taken away on Fly.io with the next restart, and forgotten here. Raises StateError."""
        there = self._session.reader.known(self.app).digest_of(name)
        if there:
            self._state.set_removal(self.app, name, wanted=True)
        await self.leave_theirs(name)
        self._note(name, given=False)
        self._session.checked.pop(name, None)

    def stay(self, name: str) -> None:
        """It is not to be taken away after all. Raises StateError."""
        self._state.set_removal(self.app, name, wanted=False)
        self._note(name, given=True)

    def _note(self, name: str, *, given: bool) -> None:
        """The answers of this gateway, where it has some, name its secrets."""
        answers, draft = (
            self._noted(kept_answers(self._state, self.app), name, given=given),
            self._noted(self._draft(), name, given=given),
        )
        if answers is not None:
            self._state.save_answers(answers)
        if draft is not None:
            self._state.save_draft(draft)
        mine = self._noted(self._session.spec, name, given=given)
        if mine is not None:
            self._session.spec = mine

    def _noted(self, spec: Spec | None, name: str, *, given: bool) -> Spec | None:
        """What changes in ``spec``; None when nothing does."""
        if spec is None or spec.app != self.app or (name in spec.secret_names) == given:
            return None
        names = (*spec.secret_names, name) if given else tuple(n for n in spec.secret_names if n != name)
        return replace(spec, secret_names=names)

    def _draft(self) -> Spec | None:
        with suppress(StateError):  # damaged: Start says so
            return self._state.load_draft()
        return None

    # -- applying -------------------------------------------------------------------------------------------------
    async def plan(self) -> Plan:
        """What applying would do with what is at hand. Raises FlyError, StateError."""
        await self.refresh()
        given = tuple(row.name for row in self.rows if row.standing is Standing.GIVEN and row.held)
        spec = replace(
            kept_answers(self._state, self.app) or Spec(app=self.app), secret_names=given, own_fly_toml=""
        )
        return await self._session.plan_for(spec, Task.SECRETS)

    async def start(self) -> RunHandle:
        """Hand it to a run that outlives this program. Raises Busy, StateError, ClawError."""
        return await self._session.start_run()
