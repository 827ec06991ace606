"""A program under strace: what each process was started with, and every byte that was written, and where to."""

from __future__ import annotations

import codecs
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.canary import Canaries

WRITES = ("write", "pwrite64", "writev", "pwritev", "pwritev2", "sendto", "sendmsg", "sendmmsg")
NAMES = ("open", "openat", "creat", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "mkdir", "mkdirat")  # fmt: skip
_LINE = re.compile(rb"\d+ +(\w+)\((.*)", re.DOTALL)
_TEXT = re.compile(rb'"((?:[^"\\]|\\.)*)"(\.\.\.)?')
_LIST = re.compile(rb'\[((?:"(?:[^"\\]|\\.)*"(?:, )?)*)\]')
_TO = re.compile(rb"\d+<((?:[^>\\]|\\.|->)*)>")


def traced(record: Path, program: Sequence[str]) -> tuple[str, ...]:
    """The command line that runs ``program`` and everything it starts under strace."""
    strace = shutil.which("strace")
    assert strace, "strace is needed"
    calls = ",".join(("execve", "execveat", *WRITES, *NAMES))
    return (
        strace, "-f", "--seccomp-bpf", "-qq", "-v", "-y", "-s", "4000000", "-e", f"trace={calls}", "-e", "signal=none",
        "-o", str(record), *program,
    )  # fmt: skip


def _unescaped(text: bytes) -> bytes:
    found, _length = codecs.escape_decode(text)  # strace writes them as C does, and so do Python's bytes
    assert isinstance(found, bytes)
    return found


def _texts(text: bytes) -> Iterator[bytes]:
    for found in _TEXT.finditer(text):
        assert not found[2], "strace cut a text off"
        yield _unescaped(found[1])


@dataclass
class Record:
    """What strace wrote down, taken apart."""

    started: list[tuple[list[bytes], list[bytes]]] = field(default_factory=list)  # argv, environment
    written: dict[bytes, bytearray] = field(
        default_factory=lambda: defaultdict(bytearray)
    )  # where to -> all of it
    named: bytearray = field(default_factory=bytearray)

    @classmethod
    def read(cls, path: Path) -> Record:
        record = cls()
        with path.open("rb") as lines:
            for line in lines:
                found = _LINE.match(line)
                if found is not None:
                    record._take(found[1].decode(), found[2])
        return record

    def _take(self, call: str, rest: bytes) -> None:
        if call.startswith("execve"):
            argv, environment = _LIST.finditer(rest)
            self.started.append((list(_texts(argv[1])), list(_texts(environment[1]))))
        elif call in WRITES:
            to = _TO.match(rest)
            assert to, rest[:200]
            self.written[to[1]] += b"".join(_texts(rest[to.end() :]))
        elif call in NAMES:
            self.named += b"\n".join(_texts(rest)) + b"\n"

    def leaks(
        self,
        canaries: Canaries,
        may_hold: Callable[[str], Iterable[str]],
        is_flyctl: Callable[[list[bytes]], bool],
    ) -> list[str]:
        """Where a canary is. ``may_hold`` says which of them a file may hold.

        Pipes and Unix sockets are how processes talk to each other: secrets go in by them, and nobody else reads them.
        """
        found = [f"file name: {hit}" for hit in canaries.find(bytes(self.named))]
        for argv, environment in self.started:
            command = b" ".join(argv)[:80].decode("utf-8", "replace")
            found += [
                f"argv of {command}: {hit}"
                for word in (*argv, b" ".join(argv))
                for hit in canaries.find(word)
            ]
            for variable in environment:
                name = variable.partition(b"=")[0].decode()
                allowed = [name] if name == "FLY_API_TOKEN" and is_flyctl(argv) else []
                found += [
                    f"environment of {command}: {name}: {hit}" for hit in canaries.find(variable, but=allowed)
                ]
        for raw, data in self.written.items():
            where = _unescaped(raw).decode("utf-8", "replace")
            if where.startswith(("pipe:", "UNIX", "socket:", "/dev/null")):
                continue
            search = (
                canaries.find_on_terminal if where.startswith(("/dev/pts", "/dev/tty")) else canaries.find
            )
            held = set(may_hold(where))
            found += [
                f"written to {where}: {hit}" for hit in search(bytes(data)) if hit.split(" ")[0] not in held
            ]
        return sorted(set(found))
