"""The store over the encrypted file: its key is kept for the sitting, and nothing of it is done on the event loop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from claw_tui.adapters.secret_file import SALT_BYTES, Entries, Key, N, SecretFile, make_header, make_key
from claw_tui.domain.answers import StoreKind, StoreProbe, StoreState
from claw_tui.domain.errors import StoreError
from claw_tui.domain.secret import Secret
from claw_tui.i18n import _


class FileStore:
    """The port ``SecretStore`` over the encrypted file. The key takes a quarter of a second, and a disk may take longer."""

    kind: StoreKind = "file"

    def __init__(self, path: Path) -> None:
        self._file = SecretFile(path)
        self._key: Key | None = None

    @property
    def where(self) -> str:
        return _("a file, encrypted with your passphrase")

    async def probe(self) -> StoreProbe:
        try:
            found = await asyncio.to_thread(self._file.read)
        except StoreError as error:
            return StoreProbe(StoreState.ERROR, error.message, error.hint)
        if self._key is not None and (found is None or found[0].salt == self._key.header.salt):
            return StoreProbe(StoreState.READY)
        if found is None:
            return StoreProbe(StoreState.UNCREATED, _("There is no file of secrets yet."), _("F6 makes one."))
        words = _("The file of secrets is not open yet.")
        if self._key is not None:
            words = _("The file of secrets has another passphrase now; another program gave it.")
        return StoreProbe(StoreState.LOCKED, words, _("F6 opens it with your passphrase."))

    async def unlock(self, password: Secret) -> None:
        """Open the file with its passphrase; where there is none, make one with this."""
        if not password:
            raise StoreError(_("Nothing was typed."), hint=_("Type a passphrase."))
        self._key = await asyncio.to_thread(self._unlock, password)

    def _unlock(self, password: Secret) -> Key:
        found = self._file.read()
        if found is None:
            key = make_key(password, make_header(N, os.urandom(SALT_BYTES)))
            with self._file.locked():
                found = self._file.read()  # another one of us may have been faster
                if found is None:
                    self._file.write({}, key)
                    return key
        header, box = found
        key = make_key(password, header)
        self._file.unbox(header, box, key)
        return key

    async def change_password(self, password: Secret) -> None:
        """Encrypt all of it with another passphrase. Until that is done, the file is the old one, with the old one."""
        if not password:
            raise StoreError(_("Nothing was typed."), hint=_("Type a passphrase."))
        old = self._opened()

        def work() -> None:
            new = make_key(password, make_header(N, os.urandom(SALT_BYTES)))
            with self._file.locked():
                self._file.write(self._file.open(old), new)
                self._key = new  # here: nobody may be waiting for this thread any more

        await asyncio.to_thread(work)

    async def put(self, name: str, value: Secret) -> None:
        text = value.reveal()
        await self._change(lambda entries: entries.update({name: text}))

    async def get(self, name: str) -> Secret | None:
        key = self._opened()
        found = (await asyncio.to_thread(self._file.open, key)).get(name)
        return None if found is None else Secret(found)

    async def delete(self, name: str) -> None:
        await self._change(lambda entries: entries.pop(name, None))

    async def close(self) -> None:
        self._key = None

    def _opened(self) -> Key:
        if self._key is None:
            raise StoreError(
                _("The file of secrets is not open yet."), hint=_("F6 opens it with your passphrase.")
            )
        return self._key

    async def _change(self, change: Callable[[Entries], object]) -> None:
        key = self._opened()

        def work() -> None:
            with self._file.locked():
                before = self._file.open(key)
                after = dict(before)
                change(after)
                if after:
                    self._file.write(after, key)
                elif before:
                    self._file.remove()

        await asyncio.to_thread(work)
