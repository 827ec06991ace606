"""A program under strace: what each process was started with and is called, every byte that was written, and where to."""

from __future__ import annotations

import codecs
import os
import re
import shutil
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.canary import Canaries

WRITES = ("write", "pwrite64", "writev", "pwritev", "pwritev2", "vmsplice", "sendto", "sendmsg", "sendmmsg")
# From one descriptor to another without passing through the program: where the source and where the target stands.
MOVES = {"sendfile": (1, 0), "splice": (0, 1), "tee": (0, 1), "copy_file_range": (0, 1)}
NAMES = ("open", "openat", "creat", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "mkdir", "mkdirat", "mknod", "mknodat", "bind")  # fmt: skip
# Texts that stay with the system or that others can see.
SAID = (
    "setxattr",
    "lsetxattr",
    "fsetxattr",
    "add_key",
    "mq_timedsend",
    "msgsnd",
    "memfd_create",
    "prctl",
    "syslog",
)
SOCKETS = ("connect", "accept", "accept4")
# What could carry anything, and strace does not show it.
BLIND = ("io_uring_setup", "process_vm_writev")
LIMITS = ("prlimit64", "setrlimit")
CHANNELS = ("pipe:", "UNIX", "socket:", "/dev/null", "anon_inode:")
SAMPLE_SECONDS = 0.02
_LINE = re.compile(rb"\d+ +(\w+)\((.*)", re.DOTALL)
_TEXT = re.compile(rb'"((?:[^"\\]|\\.)*)"(\.\.\.)?')
_LIST = re.compile(rb'\[((?:"(?:[^"\\]|\\.)*"(?:, )?)*)\]')
_TO = re.compile(rb"\d+<((?:[^>\\]|\\.|->)*)>")
_ADDRESS = re.compile(rb"\{(sa_family=(?!AF_NETLINK)[^}]*)\}")
_CORE = re.compile(rb"RLIMIT_CORE, \{rlim_cur=([^,]*), rlim_max=")


def traced(record: Path, program: Sequence[str]) -> tuple[str, ...]:
    """The command line that runs ``program`` and everything it starts under strace."""
    strace = shutil.which("strace")
    assert strace, "strace is needed"
    calls = (
        *WRITES,
        *MOVES,
        *NAMES,
        *SAID,
        *SOCKETS,
        *BLIND,
        *LIMITS,
        "execve",
        "execveat",
        "mmap",
        "ptrace",
    )
    # Only root may look into a process that lets itself not be looked into: for others it must not come to that.
    seen = () if os.getuid() == 0 else ("-e", "inject=prctl:retval=0")
    return (
        strace, "-f", "--seccomp-bpf", "-qq", "-v", "-y", "-s", "4000000", "-e", "trace=" + ",".join(f"?{call}" for call in calls),
        "-e", "signal=none", *seen, "-o", str(record), *program,
    )  # fmt: skip


def _unescaped(text: bytes) -> bytes:
    found, _length = codecs.escape_decode(text)  # strace writes them as C does, and so do Python's bytes
    assert isinstance(found, bytes)
    return found


def _texts(text: bytes, *, may_be_cut: bool = False) -> Iterator[bytes]:
    for found in _TEXT.finditer(text):
        assert may_be_cut or not found[2], "strace cut a text off"
        yield _unescaped(found[1])


class Titles:
    """What the traced processes are called while they run: a title can be changed without a call that strace sees."""

    def __init__(self) -> None:
        self.seen: set[bytes] = set()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._end.wait(SAMPLE_SECONDS):
            for proc in Path("/proc").glob("[0-9]*"):
                with suppress(OSError):  # it has ended
                    if b"\nTracerPid:\t0\n" not in (proc / "status").read_bytes():
                        self.seen |= {(proc / "cmdline").read_bytes(), (proc / "comm").read_bytes()}


@dataclass
class Record:
    """What strace wrote down, taken apart."""

    started: list[tuple[list[bytes], list[bytes]]] = field(default_factory=list)  # argv, environment
    written: dict[bytes, bytearray] = field(
        default_factory=lambda: defaultdict(bytearray)
    )  # where to -> all of it
    said: dict[str, bytearray] = field(default_factory=lambda: defaultdict(bytearray))  # call -> its texts
    named: bytearray = field(default_factory=bytearray)
    peers: dict[bytes, bytes] = field(default_factory=dict)  # socket -> who is at its other end
    moved: list[tuple[bytes, bytes]] = field(default_factory=list)  # from, to
    unseen: set[str] = field(default_factory=set)  # what strace cannot look through
    core_limits: list[bytes] = field(default_factory=list)
    sealed: int = 0  # how often a process has closed itself to core dumps and debuggers

    @classmethod
    def read(cls, path: Path) -> Record:
        record = cls()
        record.add(path)
        return record

    def add(self, path: Path) -> None:
        with path.open("rb") as lines:
            for line in lines:
                found = _LINE.match(line)
                if found is not None:
                    self._take(found[1].decode(), found[2])

    @property
    def size(self) -> int:
        return sum(map(len, (*self.written.values(), *self.said.values(), self.named)))

    def count(self, word: bytes) -> int:
        """How many programs were started with ``word`` among their arguments."""
        return sum(word in argv for argv, _environment in self.started)

    def _take(self, call: str, rest: bytes) -> None:
        if call.startswith("execve"):
            argv, environment = _LIST.finditer(rest)
            self.started.append((list(_texts(argv[1])), list(_texts(environment[1]))))
            self.named += next(_texts(rest)) + b"\n"
        elif call in WRITES:
            self._write(rest)
        elif call in MOVES:
            ends = [found[1] for found in _TO.finditer(rest)]
            assert len(ends) == 2, rest[:200]
            source, target = MOVES[call]
            self.moved.append((ends[source], ends[target]))
        elif call in NAMES:
            self.named += b"\n".join(_texts(rest)) + b"\n"
        elif call in SOCKETS:
            self._meet(call, rest)
        else:
            self._note(call, rest)

    def _write(self, rest: bytes) -> None:
        to = _TO.match(rest)
        assert to, rest[:200]
        address = _ADDRESS.search(rest, to.end())
        if address is not None:  # of this one message
            self.peers[to[1]] = address[1]
        self.written[to[1]] += b"".join(_texts(rest[to.end() :]))

    def _meet(self, call: str, rest: bytes) -> None:
        ends, address = [found[1] for found in _TO.finditer(rest)], _ADDRESS.search(rest)
        if call == "connect" and address is not None:
            self.peers[ends[0]] = address[1]
        elif call != "connect" and len(ends) == 2:
            self.peers[ends[1]] = b"who called"

    def _note(self, call: str, rest: bytes) -> None:
        if call in SAID:
            # Of a thread's name the system takes 15 letters, and strace shows no more.
            self.said[call] += b"\n".join(_texts(rest, may_be_cut=call == "prctl")) + b"\n"
            self.sealed += rest.startswith(b"PR_SET_DUMPABLE, SUID_DUMP_DISABLE")
        elif call in LIMITS:
            self.core_limits += _CORE.findall(rest)
        elif call == "mmap":
            to = _TO.search(rest)
            if to is not None and b"PROT_WRITE" in rest and b"MAP_SHARED" in rest:
                self.unseen.add(f"mapped for writing: {_unescaped(to[1]).decode('utf-8', 'replace')}")
        elif call in BLIND or b"PTRACE_POKE" in rest:
            self.unseen.add(f"not to be seen: {call}")

    def places(self) -> Iterator[tuple[str, bytes]]:
        """Where something came to, in words, and what. Between processes of one family secrets may go: not to others."""
        all_written = {where: bytes(data) for where, data in self.written.items()}
        for source, target in self.moved:
            all_written[target] = all_written.get(target, b"") + all_written.get(source, b"")
        for raw, data in all_written.items():
            where = _unescaped(raw).decode("utf-8", "replace")
            peer = self.peers.get(raw)
            if peer is not None:
                yield f"{where} of {peer.decode()}", data
            elif not where.startswith(CHANNELS):
                yield where, data

    def leaks(
        self,
        canaries: Canaries,
        may_hold: Callable[[str], Iterable[str]],
        is_flyctl: Callable[[list[bytes]], bool],
        titles: Iterable[bytes] = (),
    ) -> list[str]:
        """Where a canary is. ``may_hold`` says which of them a file may hold."""
        found = [f"file name: {hit}" for hit in canaries.find(bytes(self.named))]
        found += [
            f"said by {call}: {hit}" for call, data in self.said.items() for hit in canaries.find(bytes(data))
        ]
        found += [f"title of a process: {hit}" for title in titles for hit in canaries.find(title)]
        found += self.unseen
        found += [f"core dumps allowed up to {limit.decode()}" for limit in self.core_limits if limit != b"0"]
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
        for where, data in self.places():
            search = (
                canaries.find_on_terminal if where.startswith(("/dev/pts", "/dev/tty")) else canaries.find
            )
            held = set(may_hold(where))
            found += [f"written to {where}: {hit}" for hit in search(data) if hit.split(" ")[0] not in held]
        return sorted(set(found))
