"""Where secrets are kept: the system's keyring, reached through a child process with deadlines, or memory.

A keyring call can hang for ever (a locked keyring asks on a display that nobody looks at), and inside this
process nothing could end it. So a child does the calls; when it is late it is killed, and we go on.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from claw_tui.adapters.keyring_words import RESTART, told
from claw_tui.adapters.paths import PACKAGE_ROOT
from claw_tui.domain.answers import StoreKind, StoreProbe, StoreState
from claw_tui.domain.errors import StoreError
from claw_tui.domain.parse import json_of
from claw_tui.domain.secret import Secret
from claw_tui.i18n import _

PROBE_SECONDS, CALL_SECONDS = 2.4, 5.0
CHILD_ENVIRONMENT = (
    "PATH", "HOME", "USER", "LANG", "LC_ALL", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME",
    "PYTHON_KEYRING_BACKEND",
)  # fmt: skip


class KeyringStore:
    """The port ``SecretStore`` over the system's keyring. One child serves all calls of a session."""

    kind: StoreKind = "keyring"

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._env = {name: environ[name] for name in CHILD_ENVIRONMENT if environ.get(name)}
        self._env["PYTHONPATH"] = str(PACKAGE_ROOT)
        self._child: asyncio.subprocess.Process | None = None
        self._ended: list[asyncio.subprocess.Process] = []  # killed, and not yet seen to be gone
        self._turn = asyncio.Lock()

    @property
    def where(self) -> str:
        return _("this computer's keyring")

    async def probe(self) -> StoreProbe:
        try:
            async with asyncio.timeout(PROBE_SECONDS):  # waiting for another call's end included
                answer = await self._ask({"op": "probe"})
        except TimeoutError:
            await self._reap()
            return StoreProbe(StoreState.HANGS, _("The keyring does not answer."), _(RESTART))
        except StoreError as error:
            return StoreProbe(StoreState.ERROR, error.message, error.hint)
        return told(answer)

    async def unlock(self, password: Secret) -> None:
        await self._call({"op": "unlock", "value": password.reveal()})

    async def change_password(self, password: Secret) -> None:  # noqa: ARG002
        """Its password is not ours to change."""
        raise StoreError(
            _("The keyring's password is not changed here."),
            hint=_("Change it with your desktop's own program."),
        )

    async def put(self, name: str, value: Secret) -> None:
        """Keep ``value``; the child reads it back and compares."""
        await self._call({"op": "put", "name": name, "value": value.reveal()})

    async def get(self, name: str) -> Secret | None:
        found = (await self._call({"op": "get", "name": name})).get("value")
        return None if found is None else Secret(str(found))

    async def delete(self, name: str) -> None:
        await self._call({"op": "delete", "name": name})

    async def close(self) -> None:
        self._drop()
        await self._reap()

    def _drop(self) -> None:
        """End the child, now: what it would still answer is for a question that nobody asks any more."""
        child, self._child = self._child, None
        if child is not None:
            with suppress(ProcessLookupError):
                child.kill()
            self._ended.append(child)

    async def _reap(self) -> None:
        while self._ended:
            child = self._ended.pop()
            await child.wait()
            child._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001

    async def _call(self, question: dict[str, str]) -> dict[str, Any]:
        try:
            async with asyncio.timeout(CALL_SECONDS):
                answer = await self._ask(question)
        except TimeoutError as late:
            await self._reap()
            raise StoreError(_("The keyring did not answer within 5 seconds."), hint=_(RESTART)) from late
        found = told(answer)
        if found.state is not StoreState.READY:
            raise StoreError(found.why, hint=found.hint)
        return answer

    async def _ask(self, question: dict[str, str]) -> dict[str, Any]:
        async with self._turn:
            try:
                return await self._exchange(question)
            except (OSError, ValueError) as error:
                self._drop()
                raise StoreError(
                    _("The helper for the keyring ended unexpectedly."), hint=_("Try again.")
                ) from error
            except asyncio.CancelledError:  # late, or not wanted any more
                self._drop()
                raise

    async def _exchange(self, question: dict[str, str]) -> dict[str, Any]:
        await self._reap()
        if self._child is None or self._child.returncode is not None:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "claw_tui.adapters.keyring_child",
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
                env=self._env, start_new_session=True, limit=1 << 20, cwd="/",
            )  # fmt: skip
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps(question).encode() + b"\n")
        await self._child.stdin.drain()
        answer = json_of(await self._child.stdout.readline())
        assert isinstance(answer, dict)
        return answer


class MemoryStore:
    """The port ``SecretStore`` in this process; gone when it ends."""

    kind: StoreKind = "memory"

    def __init__(self) -> None:
        self._kept: dict[str, Secret] = {}

    @property
    def where(self) -> str:
        return _("memory, until you leave claw-tui")

    async def probe(self) -> StoreProbe:
        return StoreProbe(StoreState.READY)

    async def unlock(self, password: Secret) -> None:
        """Nothing is locked here."""

    async def change_password(self, password: Secret) -> None:
        """There is none."""

    async def put(self, name: str, value: Secret) -> None:
        self._kept[name] = value

    async def get(self, name: str) -> Secret | None:
        return self._kept.get(name)

    async def delete(self, name: str) -> None:
        self._kept.pop(name, None)

    async def close(self) -> None:
        self._kept.clear()
