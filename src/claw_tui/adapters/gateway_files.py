"""Files of the machine: listed, fetched, put. Small ones go by ``machine exec``, larger ones by flyctl's sftp.

flyctl's sftp never overwrites: what is put goes beside its place under a new name, is compared, gets owner and mode of
the file that was there, and then takes its place in one step.
"""

from __future__ import annotations

import base64
import posixpath
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

from claw_tui.adapters import file_scripts, local_copy
from claw_tui.adapters import gateway_scripts as scripts
from claw_tui.adapters.gateway_commands import GatewayCommands
from claw_tui.domain.clean import clean
from claw_tui.domain.errors import BadInput, ClawError, GatewayError
from claw_tui.domain.machine_files import MOST_BYTES, TAKEN, Copied, FileEntry, Folder, is_config, size_words
from claw_tui.i18n import _

SMALL = 48 * 1024  # bytes: eight calls of an exec; larger ones want flyctl's tunnel
_ABOUT_PARTS = 4


class GatewayFiles(GatewayCommands):
    """The port ``FilesInside``."""

    async def list_folder(self, app: str, machine: str, folder: str) -> Folder:
        result = await self._fly.exec(app, machine, file_scripts.listing(folder))
        if result.code != 0:
            raise BadInput(
                _("There is no folder {path} in the machine.").format(path=folder),
                hint=_("Look at the one above it."),
            )
        text = base64.b64decode(result.stdout).decode("utf-8", "surrogateescape")
        entries = [entry for line in text.split("\0")[:-1] if (entry := _entry(line)) is not None]
        ordered = sorted(entries, key=lambda entry: (not entry.is_folder, entry.name.casefold()))
        return Folder(folder, tuple(ordered), more=len(text) >= file_scripts.LISTED)

    async def file_text(self, app: str, machine: str, path: str, most: int) -> str:
        result = await self._exec(app, machine, file_scripts.read(path, most))
        return clean(base64.b64decode(result.stdout).decode("utf-8", "replace"))

    async def get_file(self, app: str, machine: str, remote: str, local: Path, *, replace: bool) -> Copied:
        part = local_copy.part_of(local)
        if not replace:
            local_copy.refuse_existing(local)
        there = await self._about(app, machine, remote)
        if there is None:
            raise BadInput(
                _("There is no file {path} in the machine.").format(path=remote),
                hint=_("Look at its folder first."),
            )
        try:
            if there.size <= SMALL:
                result = await self._exec(app, machine, file_scripts.read(remote, SMALL + 1))
                local_copy.write(part, base64.b64decode(result.stdout))
            else:
                await self._fly.sftp_get(app, machine, remote, part)
            _size, digest = local_copy.digest_of(part)
            if digest != there.digest:
                raise GatewayError(
                    _("{path} changed while it was copied.").format(path=remote),
                    hint=_("Try again; a log changes all the time."),
                )
            local_copy.settle(part, local, replace=replace)
        finally:
            part.unlink(missing_ok=True)
        return there

    async def put_file(self, app: str, machine: str, local: Path, remote: str, *, replace: bool) -> Copied:
        if is_config(remote) or remote == (await self._layout(app, machine)).config:
            raise BadInput(
                _(
                    "openclaw.json is not put like other files: a bad one would keep the gateway from starting."
                ),
                hint=_(
                    "E on Home, then F7 on the screen Gateway loads your file; it is checked, sent and followed from there."
                ),
            )
        size, digest = local_copy.digest_of(local)
        _refuse_large(size)
        folder, name = posixpath.split(remote)
        candidate = posixpath.join(folder, f".{name}.claw-tui-{uuid4().hex[:8]}")
        if await self._about(app, machine, remote, candidate) is not None and not replace:
            raise BadInput(
                _("{path} is in the machine already; it was left alone.").format(path=remote),
                hint=_(TAKEN),
            )
        try:
            async with AsyncExitStack() as undo:  # also when it is cancelled, nothing of ours stays there
                undo.push_async_callback(self._drop, app, machine, candidate)
                if size <= SMALL:
                    await self._send(app, machine, local.read_bytes(), candidate)
                else:
                    await self._fly.sftp_put(app, machine, local, candidate)
                await self._compare(app, machine, candidate, digest)
                moved = (await self._exec(app, machine, file_scripts.move(candidate, remote))).stdout.split()
                undo.pop_all()
        except OSError as error:
            raise BadInput(
                _("{path} can't be read: {why}.").format(path=local, why=error.strerror),
                hint=_("Look whether it is yours."),
            ) from error
        return Copied(size, digest, *moved[:2])

    async def _compare(self, app: str, machine: str, candidate: str, digest: str) -> None:
        found = (await self._exec(app, machine, file_scripts.digest(candidate))).stdout.split()[:1]
        if found != [digest]:
            raise GatewayError(
                _("The file arrived in the machine with another content."),
                hint=_("Trying again sends it once more."),
            )

    async def _send(self, app: str, machine: str, data: bytes, candidate: str) -> None:
        whole = base64.b64encode(data).decode()
        folder = f"{self._tmp}/claw-tui-{uuid4().hex[:12]}"
        for number, start in enumerate(range(0, max(1, len(whole)), scripts.PART)):
            await self._exec(
                app, machine, scripts.put_part(folder, number, whole[start : start + scripts.PART] or "''")
            )
        await self._exec(app, machine, file_scripts.join(folder, candidate))

    async def _drop(self, app: str, machine: str, candidate: str) -> None:
        try:
            await self._fly.exec(app, machine, file_scripts.remove(candidate))
        except ClawError:
            return  # its name says whose it is

    async def _about(self, app: str, machine: str, path: str, candidate: str = "") -> Copied | None:
        """None: there is nothing. Raises BadInput for what is no file, and where ``candidate`` can't be made."""
        script = file_scripts.about(path)
        if candidate:
            script = f"{file_scripts.room(candidate)}; {script}"
        words = (await self._exec(app, machine, script)).stdout.split()
        if words[:1] in (["no-folder"], ["closed"]):
            raise _no_room(posixpath.dirname(candidate), closed=words[0] == "closed")
        if words[:1] == ["nothing"]:
            return None
        if words[:1] == ["folder"] or len(words) < _ABOUT_PARTS:
            raise BadInput(
                _("{path} is no file: it is a folder, or something else.").format(path=path),
                hint=_("Files are copied one by one."),
            )
        _refuse_large(int(words[2]))
        return Copied(int(words[2]), words[3], words[0], words[1])


def _no_room(folder: str, *, closed: bool) -> BadInput:
    if closed:
        return BadInput(
            _("No file can be made in {path} in the machine; nothing was sent.").format(path=folder),
            hint=_("Choose a folder below /data: that is the volume."),
        )
    return BadInput(
        _("There is no folder {path} in the machine; nothing was sent.").format(path=folder),
        hint=_("Choose one that is there: the key I on Home shows them."),
    )


def _refuse_large(size: int) -> None:
    if size > MOST_BYTES:
        raise BadInput(
            _("It has {size}; more than {most} is not copied here.").format(
                size=size_words(size), most=size_words(MOST_BYTES)
            ),
            hint=_("In a shell: fly sftp get --app APP PATH, or fly sftp put."),
        )


def _entry(line: str) -> FileEntry | None:
    parts = line.split("\t", 5)
    if len(parts) < 6 or not parts[1].isdigit():
        return None
    kind, size, owner, mode, at, name = parts
    return FileEntry(name, kind, int(size), owner, mode, float(at or 0))
