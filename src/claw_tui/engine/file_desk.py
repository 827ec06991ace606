"""Files of one gateway's machine: looking at a folder, fetching one, putting one."""

from __future__ import annotations

from pathlib import Path

from claw_tui.domain.machine_files import SHOWN_BYTES, Copied, Folder, remote_path
from claw_tui.engine.guest_desk import running_machine
from claw_tui.engine.session import Session


class FileDesk:
    """Raises BadInput, GatewayError, FlyError, StateError."""

    def __init__(self, session: Session, app: str) -> None:
        self._session, self._app = session, app
        self._files = session.services.gateway

    async def _machine(self) -> str:
        return (await running_machine(self._session, self._app)).id

    async def look(self, folder: str) -> Folder:
        return await self._files.list_folder(self._app, await self._machine(), remote_path(folder))

    async def text(self, path: str) -> str:
        """For the screen: its beginning, without secrets that are known or look like some."""
        text = await self._files.file_text(self._app, await self._machine(), path, SHOWN_BYTES)
        return self._session.redact(text)

    async def get(self, remote: str, local: Path, *, replace: bool = False) -> Copied:
        return await self._files.get_file(
            self._app,
            await self._machine(),
            remote_path(remote),
            local.expanduser().absolute(),
            replace=replace,
        )

    async def put(self, local: Path, remote: str, *, replace: bool = False) -> Copied:
        return await self._files.put_file(
            self._app,
            await self._machine(),
            local.expanduser().absolute(),
            remote_path(remote),
            replace=replace,
        )
