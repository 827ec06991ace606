"""What the doctor asks inside a machine, in one short script: files and their owners, locks, room, who listens."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import Protocol

from claw_tui.adapters.gateway_answers import said
from claw_tui.adapters.gateway_names import OTHERS, may_be_gateway
from claw_tui.adapters.gateway_scripts import GATEWAYS_OWN, copy
from claw_tui.adapters.gateway_strangers import read_search, search
from claw_tui.domain.answers import ExecResult
from claw_tui.domain.clean import clean
from claw_tui.domain.doctor.facts import Inside, Lock, Place
from claw_tui.domain.errors import GatewayError
from claw_tui.domain.layout import Layout
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import PORT
from claw_tui.i18n import _

# Where people and OpenClaw itself have put the file when the gateway looks elsewhere.
ELSEWHERE = (
    "/home/node/.openclaw/openclaw.json", "/root/.openclaw/openclaw.json", "/app/openclaw.json", "/app/.openclaw/openclaw.json",
    "/data/openclaw.json", "/data/.openclaw/openclaw.json", "/openclaw.json", "/root/openclaw.json", "/home/node/openclaw.json",
)  # fmt: skip
ODD = ("/data/>", "/app/>", "/root/>", "/>", "/home/node/>")  # a redirection that was taken for a name
LOG_PATTERN = (
    "unattributable|proxy_attribution|origin not allowed|pairing required|token_mismatch|4014|4004|authentication_error"
    "|invalid x-api-key|invalid_api_key|Incorrect API key|SECRETS_|ENOSPC|no space left|EACCES|heap|unknown model|model_not_found"
)


def locks(state: str, tmp: str) -> str:
    """The old places and the new ones."""
    return (
        f"{state}/gateway.*.lock {state}/tmp/openclaw-*/gateway.*.lock {tmp}/openclaw-*/gateway.*.lock "  # noqa: S108
        f"{tmp}/openclaw/gateway.*.lock"
    )


def look(place: Layout, tmp: str) -> str:
    """Everything that takes no time, each part behind a line with its name. It always ends with 0."""
    state, volume = place.state, place.volume
    paths = dict.fromkeys((place.config, *ELSEWHERE))
    there = f"stat -c '%u:%g %a %s %n' {' '.join(paths)} 2>/dev/null"
    odd = "stat -c '%u:%g %a %s %n' " + " ".join(f"'{path}'" for path in ODD) + " 2>/dev/null"
    found = locks(state, tmp)
    return "; ".join((
        "echo == files", there, "echo == odd", odd,
        "echo == locks", f"stat -c '%Y %n' {found} 2>/dev/null", "echo == owners", f"grep -H '' {found} 2>/dev/null",
        "echo == programs", "grep -H '' /proc/[0-9]*/comm 2>/dev/null",
        "echo == disk", f"df -Pk {volume} 2>/dev/null", "echo == mounts", f"grep ' {volume} ' /proc/mounts 2>/dev/null",
        "echo == plugins", f"ls -1 {state}/npm/projects {state}/extensions 2>/dev/null",
        "echo == strangers", search(state),
        "echo == tcp", "cat /proc/net/tcp 2>/dev/null", "echo == tcp6", "cat /proc/net/tcp6 2>/dev/null",
        "echo == log", f"cat {tmp}/openclaw/openclaw-*.log 2>/dev/null | grep -iE '{LOG_PATTERN}' | tail -n 30 | cut -c 1-1000 | base64",
        "true",
    ))  # fmt: skip


def same_token() -> str:
    """The digest of the token that the gateway's process has; the token itself stays in the machine."""
    return f'{GATEWAYS_OWN}printf %s "$T" | sha256sum'


def drop_locks(paths: Iterable[str], pids: Iterable[int]) -> str:
    """Remove lock files whose owners are not there any more, looked at in the same moment. Prints what went.

    A number that another program certainly has by now counts as gone; whatever else is there may be the owner.
    """
    alive = " ".join(f"/proc/{pid}/comm" for pid in pids)
    guard = f"[ -z \"$(cat {alive} 2>/dev/null | grep -vE '{OTHERS}')\" ] && " if alive else ""
    names = " ".join(f"'{path}'" for path in paths)
    return f"{{ {guard}rm -f {names} && echo removed; }}; true"


def read_look(text: str, at: Layout, port: int = PORT) -> Inside:
    """What ``look`` printed."""
    parts = {
        name: body.strip("\n").splitlines()
        for name, body in re.findall(r"== (\w+)\n(.*?)(?=^== |\Z)", text, re.DOTALL | re.MULTILINE)
    }
    places = [_place(line) for line in parts.get("files", ())]
    disk, free = _disk(parts.get("disk", []))
    mounts = parts.get("mounts", [])
    sockets = [*parts.get("tcp", ()), *parts.get("tcp6", ())]
    return Inside(
        file=next((place for place in places if place.path == at.config), None),
        elsewhere=tuple(place for place in places if place.path != at.config),
        odd=tuple(line.split(" ", 3)[3] for line in parts.get("odd", ()) if line.count(" ") >= 3),
        locks=_locks(parts), disk_mb=disk, free_mb=free, mounted=bool(mounts) if mounts else None,
        plugins=tuple(parts["plugins"]) if "plugins" in parts else None,
        listens=_listens(sockets, port), log=_log(parts.get("log", [])), user=_user(sockets, port),
        strangers=read_search(parts.get("strangers", ()), at.state),
    )  # fmt: skip


def _place(line: str) -> Place:
    owner, mode, size, path = [*line.split(" ", 3), "", "", "", ""][:4]
    return Place(path, owner, mode, int(size) if size.isdigit() else 0)


def _disk(lines: list[str]) -> tuple[int | None, int | None]:
    words = lines[-1].split() if len(lines) > 1 else []
    if len(words) < 4 or not (words[1].isdigit() and words[3].isdigit()):
        return None, None
    return int(words[1]) // 1024, int(words[3]) // 1024


def _locks(parts: dict[str, list[str]]) -> tuple[Lock, ...]:
    programs = dict(
        line.removeprefix("/proc/").split("/comm:", 1)
        for line in parts.get("programs", ())
        if "/comm:" in line
    )
    owners = {int(pid) for pid, name in programs.items() if pid.isdigit() and may_be_gateway(name)}
    said_by: dict[str, str] = {}
    for line in parts.get("owners", ()):
        path, sep, rest = line.partition(".lock:")
        if sep:
            said_by[f"{path}.lock"] = said_by.get(f"{path}.lock", "") + rest
    found = []
    for line in parts.get("locks", ()):
        at, _sep, path = line.partition(" ")
        told = re.search(r'"pid"\s*:\s*(\d+)|^\s*(\d+)\s*$', said_by.get(path, ""))
        pid = int(told.group(1) or told.group(2)) if told else 0
        alive = (pid in owners) if pid and programs else None
        found.append(Lock(path, pid, alive, int(at) if at.isdigit() else 0))
    return tuple(found)


def _listens(lines: list[str], port: int) -> tuple[str, ...] | None:
    """Addresses with this port, of the kernel's table; None when it can't be read."""
    rows = [line.split() for line in lines if ":" in line]
    if not rows:
        return None
    return tuple(
        _address(row[1].partition(":")[0]) for row in rows
        if len(row) > 3 and row[3] == "0A" and row[1].endswith(f":{port:04X}")
    )  # fmt: skip


def _user(lines: list[str], port: int) -> str:
    """Who listens there."""
    rows = [line.split() for line in lines]
    return next(
        (row[7] for row in rows if len(row) > 7 and row[3] == "0A" and row[1].endswith(f":{port:04X}")), ""
    )


def _address(word: str) -> str:
    if len(word) != 8:
        return "::" if not word.strip("0") else "::1" if word.lstrip("0") == "1000000" else "v6"
    return ".".join(str(int(word[at : at + 2], 16)) for at in (6, 4, 2, 0))


def _log(lines: list[str]) -> tuple[str, ...]:
    try:
        text = base64.b64decode("".join(lines)).decode("utf-8", "replace")
    except ValueError:
        return ()
    return tuple(clean(said(line)) for line in text.splitlines())


class InMachine(Protocol):
    """What ``AsksInside`` needs of the class that it is part of."""

    _tmp: str

    async def _exec(self, app: str, machine: str, script: str) -> ExecResult: ...
    async def _place(self, app: str, machine: str) -> Layout: ...
    async def _port(self, app: str, machine: str) -> int: ...
    async def _validate(self, app: str, machine: str, candidate: str) -> None: ...
    async def _replace(
        self, app: str, machine: str, candidate: str, digest: str, *, watched: bool
    ) -> str: ...


class AsksInside:
    """The part of the port ``Gateway`` that the doctor uses."""

    _tmp: str

    async def inside(self: InMachine, app: str, machine: str) -> Inside:
        place, port = await self._place(app, machine), await self._port(app, machine)
        found = await self._exec(app, machine, look(place, self._tmp))
        return read_look(found.stdout, place, port)

    async def has_token(self: InMachine, app: str, machine: str, value: Secret) -> bool | None:
        told = (await self._exec(app, machine, same_token())).stdout.split()[:1]
        nothing = hashlib.sha256(b"").hexdigest()
        if not told or told[0] == nothing:
            return None
        return told[0] == hashlib.sha256(value.reveal().encode()).hexdigest()

    async def drop_locks(self: InMachine, app: str, machine: str, found: tuple[Lock, ...]) -> bool:
        paths = [lock.path for lock in found if re.fullmatch(r"[\w./-]+\.lock", lock.path)]
        pids = [lock.pid for lock in found if lock.pid]
        if not paths:
            return False
        return "removed" in (await self._exec(app, machine, drop_locks(paths, pids))).stdout

    async def take_file(self: InMachine, app: str, machine: str, path: str, *, check: bool) -> None:
        place = await self._place(app, machine)
        if path not in ELSEWHERE or path == place.config:
            raise GatewayError(_("This file is not where an openclaw.json could be; it was not touched."))
        candidate = f"{place.folder}/.openclaw.json.restore"
        copied = await self._exec(app, machine, copy(path, candidate))
        if check:
            await self._validate(app, machine, candidate)
        await self._replace(app, machine, candidate, copied.stdout.split()[0], watched=True)
