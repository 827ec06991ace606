"""A terminal in the machine and files of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from claw_tui.domain.answers import Command
    from claw_tui.domain.layout import Layout
    from claw_tui.domain.machine_files import Copied, Folder


class FlyShell(Protocol):
    """Programs to hand the terminal to."""

    async def layout(self, app: str, machine: str) -> Layout:
        """Where its gateway listens and keeps its files, as Fly.io told of the machine last."""
        ...

    def console(self, app: str) -> Command: ...
    def terminal(self, app: str, machine: str, words: Sequence[str]) -> Command:
        """A command of OpenClaw there, as the gateway's user and with what the gateway knows."""
        ...

    async def sftp_get(self, app: str, machine: str, remote: str, local: Path) -> None:
        """``local`` must not be there."""
        ...

    async def sftp_put(self, app: str, machine: str, local: Path, remote: str) -> None:
        """``remote`` must not be there."""
        ...


class FilesInside(Protocol):
    """Files of the machine. Raises BadInput for a place that can't be one, GatewayError, FlyError, StateError."""

    async def list_folder(self, app: str, machine: str, folder: str) -> Folder: ...
    async def file_text(self, app: str, machine: str, path: str, most: int) -> str:
        """Its first ``most`` bytes."""
        ...

    async def get_file(self, app: str, machine: str, remote: str, local: Path, *, replace: bool) -> Copied:
        """Compared, for its owner only; over another file only with ``replace``."""
        ...

    async def put_file(self, app: str, machine: str, local: Path, remote: str, *, replace: bool) -> Copied:
        """Compared, with owner and mode of the file that was there, in one step. Raises BadInput for openclaw.json."""
        ...
