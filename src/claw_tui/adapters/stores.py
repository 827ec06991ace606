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

from claw_tui.adapters.paths import PACKAGE_ROOT
from claw_tui.domain.answers import StoreKind, StoreProbe, StoreState
from claw_tui.domain.errors import StoreError
from claw_tui.domain.parse import json_of
from claw_tui.domain.secret import Secret
from claw_tui.i18n import _

PROBE_SECONDS, CALL_SECONDS = 2.5, 5.0
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
        self._turn = asyncio.Lock()

    @property
    def where(self) -> str:
        return _("this computer's keyring")

    async def probe(self) -> StoreProbe:
        try:
            answer = await self._ask({"op": "probe"}, PROBE_SECONDS)
        except TimeoutError:
            return StoreProbe(StoreState.HANGS, _("The keyring does not answer."))
        except StoreError as error:
            return StoreProbe(StoreState.ABSENT, error.message)
        state = StoreState(answer["state"])
        return StoreProbe(state, _words(state, answer["why"]))

    async def put(self, name: str, value: Secret) -> None:
        """Keep ``value``; the child reads it back and compares."""
        await self._call({"op": "put", "name": name, "value": value.reveal()})

    async def get(self, name: str) -> Secret | None:
        found = (await self._call({"op": "get", "name": name})).get("value")
        return None if found is None else Secret(str(found))

    async def delete(self, name: str) -> None:
        await self._call({"op": "delete", "name": name})

    async def close(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
            child._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001

    async def _call(self, question: dict[str, str]) -> dict[str, Any]:
        try:
            answer = await self._ask(question, CALL_SECONDS)
        except TimeoutError as late:
            raise StoreError(_("The keyring did not answer within 5 seconds.")) from late
        if "error" in answer:
            raise StoreError(_("The keyring refused: {why}").format(why=answer["error"]))
        return answer

    async def _ask(self, question: dict[str, str], seconds: float) -> dict[str, Any]:
        async with self._turn:
            try:
                async with asyncio.timeout(seconds):
                    return await self._exchange(question)
            except TimeoutError:
                await self.close()
                raise
            except (OSError, ValueError) as error:
                await self.close()
                raise StoreError(_("The helper for the keyring ended unexpectedly.")) from error

    async def _exchange(self, question: dict[str, str]) -> dict[str, Any]:
        if self._child is None or self._child.returncode is not None:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "claw_tui.adapters.keyring_child",
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
                env=self._env, start_new_session=True, limit=1 << 20,
            )  # fmt: skip
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps(question).encode() + b"\n")
        await self._child.stdin.drain()
        answer = json_of(await self._child.stdout.readline())
        assert isinstance(answer, dict)
        return answer


def _words(state: StoreState, why: str) -> str:
    match state:
        case StoreState.ABSENT:
            return _("There is no keyring here ({why}).").format(why=why)
        case StoreState.LOCKED:
            return _("The keyring is locked.")
        case StoreState.HANGS:
            return _("The keyring does not answer.")
        case StoreState.UNSAFE:
            return _("The keyring set up here ({why}) would not keep secrets safe.").format(why=why)
        case StoreState.READY:
            return ""


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

    async def put(self, name: str, value: Secret) -> None:
        self._kept[name] = value

    async def get(self, name: str) -> Secret | None:
        return self._kept.get(name)

    async def delete(self, name: str) -> None:
        self._kept.pop(name, None)

    async def close(self) -> None:
        self._kept.clear()
