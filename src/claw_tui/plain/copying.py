"""`get` and `put`: one file from the machine to here, or from here to the machine."""

from __future__ import annotations

import posixpath
from argparse import ArgumentParser, Namespace
from pathlib import Path

from claw_tui.domain.machine_files import Copied, owner_words, remote_path, size_words
from claw_tui.engine.file_desk import FileDesk
from claw_tui.engine.session import Session
from claw_tui.i18n import _
from claw_tui.plain import exits
from claw_tui.plain.desk import refuse_no_name
from claw_tui.plain.door import Door
from claw_tui.plain.out import Out


def get_options(parser: ArgumentParser) -> None:
    parser.add_argument("app", metavar="APP", help=_("the gateway's app on Fly.io"))
    parser.add_argument(
        "remote", metavar="REMOTE", help=_("the file in the machine; a relative path is below /data")
    )
    parser.add_argument(
        "local", nargs="?", default="", metavar="LOCAL", help=_("where to; else its name, here")
    )
    parser.add_argument("--replace", action="store_true", help=_("overwrite a file that is there already"))


def put_options(parser: ArgumentParser) -> None:
    parser.add_argument("app", metavar="APP", help=_("the gateway's app on Fly.io"))
    parser.add_argument("local", metavar="LOCAL", help=_("the file here"))
    parser.add_argument(
        "remote", metavar="REMOTE", help=_("where to in the machine; a relative path is below /data")
    )
    parser.add_argument("--replace", action="store_true", help=_("replace a file that is there already"))


class Copier:
    """One `get`, or one `put`."""

    def __init__(self, out: Out, session: Session, door: Door, args: Namespace) -> None:
        self._out, self._session, self._door, self._args = out, session, door, args

    async def _begin(self) -> FileDesk:
        refuse_no_name(self._args.app)
        await self._door.log_in()
        self._out.hide(self._session.redact)
        return FileDesk(self._session, self._args.app)

    async def get(self) -> int:
        """Raises ClawError."""
        desk, remote = await self._begin(), remote_path(self._args.remote)
        local = Path(self._args.local or posixpath.basename(remote))
        if local.is_dir():
            local = local / posixpath.basename(remote)
        copied = await desk.get(remote, local, replace=self._args.replace)
        words = _("Fetched {remote} to {local} ({size}); only you can read it.")
        return self._done("got", words, copied, remote, local)

    async def put(self) -> int:
        """Raises ClawError."""
        desk, local = await self._begin(), Path(self._args.local)
        remote = remote_path(self._args.remote)
        if self._args.remote.endswith("/"):
            remote = posixpath.join(remote, local.name)
        copied = await desk.put(local, remote, replace=self._args.replace)
        words = _("Put {local} to {remote} ({size}); it is {owner}'s, mode {mode}.")
        return self._done("put", words, copied, remote, local)

    def _done(self, event: str, words: str, copied: Copied, remote: str, local: Path) -> int:
        said = words.format(
            remote=remote,
            local=local,
            size=size_words(copied.size),
            owner=owner_words(copied.owner),
            mode=copied.mode,
        )
        self._out.put(
            event, said, app=self._args.app, remote=remote, local=str(local), size=copied.size, sha256=copied.digest,
            owner=copied.owner, mode=copied.mode,
        )  # fmt: skip
        return exits.DONE
