"""Shell scripts about files in the machine, for ``machine exec``. Paths are others' words: each is quoted."""

from __future__ import annotations

import posixpath
import shlex

from claw_tui.adapters.gateway_scripts import OWNER

LISTED = 300_000  # bytes of a listing
_LINE = r"%y\t%s\t%U:%G\t%m\t%T@\t%f\0"


def listing(folder: str) -> str:
    """In base64: for each file kind, size, owner, mode, time, name, behind which a zero stands. 1: there is no such folder."""
    where = shlex.quote(folder)
    return (
        f"[ -d {where} ] && find {where}/ -mindepth 1 -maxdepth 1 -printf '{_LINE}' 2>/dev/null"
        f" | head -c {LISTED} | base64 | tr -d '\\n'"
    )


def about(path: str) -> str:
    """``folder``, ``nothing``, or owner, mode and size, and then the digest."""
    name = shlex.quote(path)
    return (
        f"[ ! -d {name} ] || echo folder; [ -e {name} ] || echo nothing; "
        f"[ ! -f {name} ] || {{ stat -c '%u:%g %a %s' {name}; sha256sum < {name}; }}"
    )


def room(candidate: str) -> str:
    """``no-folder`` or ``closed`` when no such file can be made; it is tried, for rights alone do not tell (/proc, /sys)."""
    folder, name = shlex.quote(posixpath.dirname(candidate)), shlex.quote(candidate)
    return (
        f"[ -d {folder} ] || echo no-folder; "
        f"[ ! -d {folder} ] || {{ true > {name}; }} 2>/dev/null || echo closed; rm -f {name}"
    )


def read(path: str, most: int) -> str:
    return f"head -c {most} < {shlex.quote(path)} | base64 | tr -d '\\n'"


def join(folder: str, target: str) -> str:
    return f"umask 077; cat {folder}/part-* | base64 -d > {shlex.quote(target)} && rm -rf {folder}"


def digest(path: str) -> str:
    return f"sha256sum < {shlex.quote(path)}"


def move(candidate: str, target: str) -> str:
    """With owner and mode of the file that was there, or else the gateway's own; in one step."""
    new, old = shlex.quote(candidate), shlex.quote(target)
    return (
        f"O={OWNER}; M=600; [ ! -f {old} ] || {{ O=$(stat -c '%u:%g' {old}); M=$(stat -c '%a' {old}); }}; "
        f"chown $O {new} && chmod $M {new} && mv {new} {old} && stat -c '%u:%g %a %s' {old}"
    )


def remove(path: str) -> str:
    return f"rm -f {shlex.quote(path)}"
