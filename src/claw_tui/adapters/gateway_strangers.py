"""What in the state's folder is another user's than the gateway's: found in a bounded time, and given back."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from typing import Protocol

from claw_tui.adapters.gateway_scripts import OWNER
from claw_tui.domain.answers import ExecResult
from claw_tui.domain.doctor.facts import Stranger
from claw_tui.domain.layout import Layout

USER = OWNER.partition(":")[0]
MOST, SECONDS = 20, 10  # of them, and of the search
_LINE = re.compile(r"(\d+:\d+) ([0-7]+) (\w) (/.*)")
_END = re.compile(r"end (\d+)")


def search(state: str) -> str:
    """Owner, mode, kind and path: the folder itself, and of each tree that is another's its top only. Then how it ended.

    openclaw.json and what lies beside it have a check of their own; what npm has put in place may be root's.
    """
    own = f"! -user {USER} ! -type l -printf '%U:%G %m %y %p\\n'"
    skipped = f"-name node_modules -o -name lost+found -o -path '{state}/openclaw.json*'"
    return (
        f"{{ find {state} -maxdepth 0 {own}; "
        f"timeout -k 5 {SECONDS} find {state} -mindepth 1 -xdev \\( {skipped} \\) -prune -o {own} -prune; "
        f'echo "end $?"; }} 2>/dev/null | head -n {MOST + 1}'
    )


def read_search(lines: Iterable[str], state: str) -> tuple[Stranger, ...] | None:
    """None when nothing was found and the search did not come to its end."""
    found, code = [], None
    for line in lines:
        if end := _END.fullmatch(line):
            code = int(end[1])
        elif (told := _LINE.fullmatch(line)) and f"{told[4]}/".startswith(f"{state}/"):
            name = told[4][len(state) + 1 :]
            found.append(Stranger(told[4], name, told[1], told[2].zfill(3), folder=told[3] == "d"))
    return tuple(found[:MOST]) if found or code == 0 else None


def give_back(state: str, paths: Iterable[str]) -> str:
    """Of the state's folder itself only it, of others all that is in them. A link's target is not touched."""
    words = []
    for path in dict.fromkeys(paths):
        if path == state:
            words.append(f"chown {OWNER} {state}")
        elif path.startswith(f"{state}/") and ".." not in path.split("/"):
            words.append(f"chown -R {OWNER} {shlex.quote(path)}")
    return " && ".join(words) or "true"


class InMachine(Protocol):
    """What ``GivesBack`` needs of the class that it is part of."""

    async def _place(self, app: str, machine: str) -> Layout: ...

    async def _exec(self, app: str, machine: str, script: str) -> ExecResult: ...


class GivesBack:
    """The part of the port ``Gateway`` that makes files the gateway's again."""

    async def give_back(self: InMachine, app: str, machine: str, paths: tuple[str, ...]) -> None:
        await self._exec(app, machine, give_back((await self._place(app, machine)).state, paths))
