"""The secrets of one session: where they are kept, which we hold, and a word that changes with each value.

There are three places: the system's keyring, a file with a passphrase, and memory. The keyring is used where it is
ready and nothing else was chosen; every other place is chosen by the person, and what was chosen is not replaced by
something weaker: while it can't be used, a secret is in memory only, and the words say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import uuid4

from claw_tui.domain.answers import STORE_KINDS, StoreKind, StoreProbe, StoreState
from claw_tui.domain.errors import ClawError, StoreError
from claw_tui.domain.secret import Secret
from claw_tui.i18n import _

if TYPE_CHECKING:
    from claw_tui.ports import SecretStore, StateStore

ACCOUNT = "account"  # the name under which the login's token is kept
SETTING = "secret_store"


class Vault:
    """Writes every secret to the chosen store before it is used; holds it in memory as long as we run."""

    def __init__(
        self, state: StateStore, stores: Iterable[SecretStore], given: StoreKind | None = None
    ) -> None:
        self._state = state
        self._stores: Mapping[StoreKind, SecretStore] = dict(zip(STORE_KINDS, stores, strict=True))
        self.given = given  # by the environment: it can't be changed here
        self._now: StoreKind | None = None  # chosen in this sitting
        self._held: dict[tuple[str, str], Secret] = {}
        # The revision of each that is held: another claw-tui may give a newer one.
        self._at: dict[tuple[str, str], str] = {}
        self._loose: set[tuple[str, str]] = set()  # held, and not in the chosen place
        self.probes: dict[StoreKind, StoreProbe] = {"memory": StoreProbe(StoreState.READY)}

    # -- the place ------------------------------------------------------------------------------------------------
    @property
    def kind(self) -> StoreKind | None:
        """The place that was chosen; None while that is still to be asked."""
        chosen = self.given or self._now or self._state.setting(SETTING)
        found = next((kind for kind in STORE_KINDS if kind == chosen), None)
        return found or ("keyring" if self.probe_of("keyring").state is StoreState.READY else None)

    def probe_of(self, kind: StoreKind) -> StoreProbe:
        """What the last look at a place found."""
        return self.probes.get(kind) or StoreProbe(StoreState.ABSENT, _("it was not looked at yet"))

    @property
    def probe(self) -> StoreProbe:
        """How the chosen place is; while none is chosen, how the keyring is, for that is why."""
        return self.probe_of(self.kind or "keyring")

    @property
    def ready(self) -> bool:
        """A place was chosen and can be used."""
        return self.kind is not None and self.probe.state is StoreState.READY

    @property
    def where(self) -> str:
        """Words for where a secret that is given now is kept."""
        kind = self.kind
        if kind is None:
            return _("memory, until you choose a place (F6)")
        where = self._stores[kind].where
        if self.probe.opens:
            return _("{where} (locked: F6 opens it)").format(where=where)
        return where if self.ready else _("memory: {why}").format(why=self.probe.why.rstrip("."))

    @property
    def lost_words(self) -> str:
        """What to say about secrets ({names}) that are not at hand."""
        if self.ready or self.kind is None:
            return _("Give again what was in memory only: {names}")
        return _("Open the place where these are kept: {names}")

    async def look(self, *, everywhere: bool = False) -> StoreProbe:
        """Find out whether the chosen place can be used, or each of them; what cannot be used is never tried."""
        if everywhere or self.kind in (None, "keyring"):
            self.probes["keyring"] = await self._stores["keyring"].probe()
        if everywhere or self.kind == "file":
            self.probes["file"] = await self._stores["file"].probe()
        return self.probe

    async def unlock(self, kind: StoreKind, password: Secret) -> None:
        """Open a place, or make it with this password. Raises StoreError."""
        store = self._stores[kind]
        try:
            await store.unlock(password)
        finally:
            await self._look_again(kind)

    async def change_passphrase(self, password: Secret) -> None:
        """Give the open file another passphrase. Raises StoreError; the file is then as it was."""
        try:
            await self._stores["file"].change_password(password)
        except StoreError:
            await self._look_again("file")
            raise

    async def _look_again(self, kind: StoreKind) -> None:
        """A place failed: if it was locked or went away, the screens are to say so, and nobody else waits for it."""
        self.probes[kind] = await self._stores[kind].probe()

    async def move(self, kind: StoreKind) -> tuple[int, int]:
        """Keep everything in another place from now on; the old one is emptied once all is in the new one.

        Returns how many secrets are there now, and how many the old place did not let go. Raises StoreError and
        StateError; all is then where it was.
        """
        old = self._stores[self.kind] if self.ready and self.kind else None
        new = self._stores[kind]
        if old is new:
            self._choose(kind)
            return await self.settle(), 0
        values = await self._everything(old)
        before: dict[
            str, Secret | None
        ] = {}  # an earlier move from a locked place may have left something there
        try:
            for name, value in values.items():
                before[name] = await new.get(name)
                await new.put(name, value)
            self._choose(kind)
        except ClawError:
            await self._put_back(new, before)
            raise
        for key in self._held if kind == "memory" else self._loose:
            self._state.set_kept(*key, self._at.get(key, "") if kind != "memory" else "")
        self._loose.clear()
        return len(values), await self._empty(old, values)

    async def _put_back(self, store: SecretStore, before: Mapping[str, Secret | None]) -> None:
        for name, value in before.items():
            with suppress(StoreError):
                await (store.delete(name) if value is None else store.put(name, value))

    async def settle(self) -> int:
        """The place can be used now: what was given before that goes there. Returns how many. Raises StoreError."""
        loose = [key for key in self._loose if self._is_newest(key)] if self.ready else []
        for key in loose:
            await self._keep(key, self._held[key])
            self._note_kept(key)
        return len(loose)

    def _choose(self, kind: StoreKind) -> None:
        if self.given is None and self._state.setting(SETTING) != kind:
            self._state.set_setting(SETTING, kind)
        self._now = kind

    async def _everything(self, old: SecretStore | None) -> dict[str, Secret]:
        """All that we hold, and all that the old place has; one that can't be used keeps what it has."""
        values: dict[str, Secret] = {}
        for key in self._state.revised() if old is not None else ():
            if old is not None and key not in self._loose:  # another claw-tui may have given a newer value
                found = await old.get("/".join(key))
                if found is not None:
                    values["/".join(key)] = found
        for key, value in self._held.items():
            values.setdefault("/".join(key), value)
        return values

    async def _empty(self, old: SecretStore | None, names: Iterable[str]) -> int:
        left = 0
        for name in names if old is not None else ():
            try:
                if old is not None:
                    await old.delete(name)
            except StoreError:
                left += 1
        return left

    # -- secrets --------------------------------------------------------------------------------------------------
    async def put(self, app: str, name: str, value: Secret, revision: str = "") -> str:
        """Keep a secret. Returns words that say where, also when it could only be kept in memory.

        ``revision``: the caller's word for this value, if they have one.
        """
        key, revision = (app, name), revision or uuid4().hex[:8]
        self._held[key] = value
        self._loose.add(key)
        words = await self._try_to_keep(key, value)
        # Only now: nobody is to take the old value for this one.
        self._state.set_revision(app, name, revision)
        self._at[key] = revision
        self._note_kept(key)
        return words

    def hold(self, app: str, name: str, value: Secret, revision: str) -> None:
        """A value for this sitting only; ``revision`` is the caller's word for it."""
        key = (app, name)
        self._held[key], self._at[key] = value, revision
        self._loose.add(key)
        self._state.set_revision(app, name, revision)
        self._note_kept(key)

    async def _try_to_keep(self, key: tuple[str, str], value: Secret) -> str:
        if self.kind is None:
            return _("in {where}").format(where=self.where)
        if not self.ready:
            return self._only_memory(self.probe.why)
        try:
            await self._keep(key, value)
        except StoreError as error:
            await self._look_again(self.kind)
            return self._only_memory(error.message)
        return _("in {where}").format(where=self.where)

    def _note_kept(self, key: tuple[str, str]) -> None:
        """Which revision the chosen place has; what is in memory is in no place that others can look into."""
        kept = key not in self._loose and self.kind != "memory"
        self._state.set_kept(*key, self._at.get(key, "") if kept else "")

    def _is_newest(self, key: tuple[str, str]) -> bool:
        """Whether what is held is what was given last, by whichever claw-tui."""
        revision = self._state.revisions(key[0]).get(key[1], "")
        return key in self._held and self._at.get(key, revision) == revision

    async def _keep(self, key: tuple[str, str], value: Secret) -> None:
        kind = self.kind
        assert kind is not None
        await self._stores[kind].put("/".join(key), value)
        self._loose.discard(key)
        if not self._state.setting(SETTING):  # so that another time a locked keyring is known to be the place
            self._choose(kind)

    def _only_memory(self, why: str) -> str:
        return _("in memory until you leave claw-tui: {why}").format(why=why)

    async def get(self, app: str, name: str) -> Secret | None:
        """The value that was given last; None when it is not at hand, also when another claw-tui holds it in memory."""
        key = app, name
        if self._is_newest(key):
            return self._held[key]
        found = None
        if self.ready and self.kind is not None and self.is_in_place(app, name):
            try:
                found = await self._stores[self.kind].get(f"{app}/{name}")
            except StoreError:
                await self._look_again(self.kind)
        if found is not None:
            self._held[key], self._at[key] = found, self._state.revisions(app).get(name, "")
        return found

    def is_in_place(self, app: str, name: str) -> bool:
        """Whether the chosen place should have the value that was given last, open or not."""
        if self.kind == "memory":
            return (app, name) not in self._held  # moved there from another place
        return self._state.kept(app).get(name, "") == self._state.revisions(app).get(name, "")

    def held(self) -> tuple[Secret, ...]:
        """All values that we know now, whosever they are: for taking them out of what is shown."""
        return tuple(self._held.values())

    async def forget(self, app: str, name: str) -> None:
        self._held.pop((app, name), None)
        self._at.pop((app, name), None)
        self._loose.discard((app, name))
        if self.is_kept(app, name):
            self._state.set_revision(app, name, "")
        if self.ready and self.kind is not None:
            try:
                await self._stores[self.kind].delete(f"{app}/{name}")
            except StoreError:  # it keeps it; the answers no longer name it
                await self._look_again(self.kind)

    async def values(self, app: str, names: Iterable[str]) -> Mapping[str, Secret]:
        """The values that we hold, of those asked for."""
        found = {name: await self.get(app, name) for name in names}
        return {name: value for name, value in found.items() if value is not None}

    async def rename(self, old: str, new: str, names: Iterable[str]) -> None:
        """Another app name was chosen: its secrets move with it."""
        for name, value in (await self.values(old, names)).items():
            await self.put(new, name, value)
            await self.forget(old, name)

    def is_kept(self, app: str, name: str) -> bool:
        """It was given at some time, here or in an earlier sitting."""
        return name in self._state.revisions(app)

    async def close(self) -> None:
        self._held.clear()
        for store in self._stores.values():
            await store.close()
