"""The secrets of one session: where they are kept, which we hold, and a word that changes with each value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import uuid4

from claw_tui.domain.answers import StoreProbe, StoreState
from claw_tui.domain.errors import StoreError
from claw_tui.domain.secret import Secret
from claw_tui.i18n import _
from claw_tui.ports import SecretStore, StateStore

ACCOUNT = "account"  # the name under which the login's token is kept


class Vault:
    """Writes every secret to the chosen store before it is used; holds it in memory as long as we run."""

    def __init__(self, state: StateStore, keyring: SecretStore, memory: SecretStore) -> None:
        self._state, self._keyring, self._memory = state, keyring, memory
        self._held: dict[tuple[str, str], Secret] = {}
        self.probe: StoreProbe | None = None

    @property
    def store(self) -> SecretStore:
        ready = self.probe is not None and self.probe.state is StoreState.READY
        return self._keyring if ready and self._state.setting("secret_store") != "memory" else self._memory

    async def look(self) -> StoreProbe:
        """Find out whether the keyring can be used; what cannot be used is never tried."""
        self.probe = await self._keyring.probe()
        return self.probe

    async def put(self, app: str, name: str, value: Secret) -> str:
        """Keep a secret. Returns words that say where, also when it could only be kept in memory."""
        self._held[app, name] = value
        self._state.set_revision(app, name, uuid4().hex[:8])
        store = self.store
        try:
            await store.put(f"{app}/{name}", value)
        except StoreError as error:
            return _("in memory until you leave claw-tui: {why}").format(why=error.message)
        return _("in {where}").format(where=store.where)

    async def get(self, app: str, name: str) -> Secret | None:
        if (app, name) not in self._held:
            try:
                found = await self.store.get(f"{app}/{name}")
            except StoreError:
                found = None
            if found is None:
                return None
            self._held[app, name] = found
        return self._held[app, name]

    def held(self) -> tuple[Secret, ...]:
        """All values that we know now, whosever they are: for taking them out of what is shown."""
        return tuple(self._held.values())

    async def forget(self, app: str, name: str) -> None:
        self._held.pop((app, name), None)
        try:
            await self.store.delete(f"{app}/{name}")
        except StoreError:
            return  # a keyring that does not answer keeps it; the answer no longer names it

    async def values(self, app: str, names: Iterable[str]) -> Mapping[str, Secret]:
        """The values that we hold, of those asked for."""
        found = {name: await self.get(app, name) for name in names}
        return {name: value for name, value in found.items() if value is not None}

    async def rename(self, old: str, new: str, names: Iterable[str]) -> None:
        """Another app name was chosen: its secrets move with it."""
        for name, value in (await self.values(old, names)).items():
            await self.put(new, name, value)
            await self.forget(old, name)

    async def close(self) -> None:
        self._held.clear()
        await self._keyring.close()
        await self._memory.close()
