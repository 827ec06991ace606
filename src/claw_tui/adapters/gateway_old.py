"""What a migration asks of a machine that still runs Clawdbot, Moltbot or January's OpenClaw, and prepares in it."""

from __future__ import annotations

import base64
import binascii
import re
import shlex
from collections.abc import Sequence
from typing import Protocol

from claw_tui.adapters import gateway_scripts as scripts
from claw_tui.domain.answers import ExecResult
from claw_tui.domain.errors import GatewayError
from claw_tui.domain.generations import Told
from claw_tui.domain.layout import Layout
from claw_tui.domain.secret import Secret
from claw_tui.i18n import _
from claw_tui.ports import FlyChange

_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,127}")
_FOLDER = re.compile(r"/[\w./ -]{1,200}")
_PACKAGE = re.compile(r'^  "(name|version)": "([\w.@/-]{1,64})"', re.MULTILINE)


def about(state: str) -> str:
    """The top of its package.json, an empty line, and the names in its state folder."""
    keys = shlex.quote('^  "(name|version)": ')
    return f"cat /app/package.json 2>/dev/null | grep -E {keys}; echo; ls -1 {state} 2>/dev/null; true"


def values(names: Sequence[str]) -> str:
    """For each one a line: what the gateway's process has for it, in base64; a line break in it is sent as the letter 1."""
    read = "cat /proc/[0-9]*/environ 2>/dev/null | tr '\\000\\n' '\\n\\001'"
    return "; ".join(
        f"{read} | sed -n 's/^{name}=//p' | head -n 1 | base64 | tr -d '\\n'; echo" for name in names
    )


def adopt(state: str, folders: Sequence[str]) -> str:
    """The first of ``folders`` that is there becomes the working folder on the volume, and all of it is the user node's."""
    new = f"{state}/workspace"
    copies = [
        f"[ -d {new} ] || [ ! -d {shlex.quote(old)} ] || {{ rm -rf {new}.new; cp -a {shlex.quote(old)} {new}.new && mv {new}.new {new}; }}"
        for old in folders
    ]
    return "; ".join((*copies, f"chown -R {scripts.OWNER} {state}"))


class InMachine(Protocol):
    """What ``MachineGateway`` has for it."""

    _fly: FlyChange

    async def _exec(self, app: str, machine: str, script: str) -> ExecResult: ...
    async def _place(self, app: str, machine: str) -> Layout: ...


class AsksOld:
    """The part of the port ``Gateway`` that a migration uses."""

    async def told(self: InMachine, app: str, machine: str) -> Told:
        said = (await self._exec(app, machine, about((await self._place(app, machine)).state))).stdout
        top, _sep, files = said.partition("\n\n") if "\n\n" in said else ("", "", said)
        found = dict(_PACKAGE.findall(top))
        return Told(found.get("name", ""), found.get("version", ""), tuple(files.split("\n")))

    async def read_old(self: InMachine, app: str, machine: str, name: str) -> str | None:
        if not re.fullmatch(r"[a-z]{1,20}\.json", name):
            raise GatewayError(_("Its settings have a name of an odd form: {name}").format(name=name))
        place = await self._place(app, machine)
        result = await self._exec(app, machine, scripts.read_file(f"{place.state}/{name}"))
        return base64.b64decode(result.stdout).decode("utf-8", "replace") if result.stdout.strip() else None

    async def values(self: InMachine, app: str, machine: str, names: Sequence[str]) -> dict[str, Secret]:
        asked = [name for name in names if _NAME.fullmatch(name)]
        if not asked:
            return {}
        # Not by ``_exec``: what a failure prints last may be a value.
        lines = (await self._fly.exec(app, machine, values(asked))).stdout.split("\n")
        found = {}
        for name, line in zip(asked, lines, strict=False):
            try:
                value = (
                    base64.b64decode(line, validate=True).decode().removesuffix("\n").replace("\x01", "\n")
                )
            except (binascii.Error, UnicodeDecodeError):
                continue  # whoever asked says that it is missing
            if value:
                found[name] = Secret(value)
        return found

    async def adopt_state(self: InMachine, app: str, machine: str, folders: Sequence[str]) -> None:
        good = [folder for folder in folders if _FOLDER.fullmatch(folder) and ".." not in folder]
        place = await self._place(app, machine)
        await self._exec(app, machine, adopt(place.state, good))
