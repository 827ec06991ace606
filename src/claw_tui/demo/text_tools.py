"""cut, tail, wc, sort, grep, stat and date of the simulated machines, as far as our scripts use them."""

from __future__ import annotations

import re
import time
from typing import Protocol

from claw_tui.demo.octets import as_text, octets
from claw_tui.demo.shell import Builtin, Streams


class Files(Protocol):
    """The simulated machine's files."""

    def read(self, path: str) -> str | None: ...
    def changed_at(self, path: str) -> int: ...
    def owner_and_mode(self, path: str) -> tuple[str, str]: ...


Environment = dict[str, str]


def cut(argv: list[str], streams: Streams, _env: Environment) -> int:
    found = re.fullmatch(r"1-(\d+)", argv[-1])
    if argv[:1] != ["-c"] or found is None:
        streams.err += "cut: only -c 1-N is simulated\n"
        return 2
    streams.out += "".join(f"{line[: int(found.group(1))]}\n" for line in streams.stdin.splitlines())
    return 0


def sort(_argv: list[str], streams: Streams, _env: Environment) -> int:
    streams.out += "".join(sorted(streams.stdin.splitlines(keepends=True)))
    return 0


def wc(argv: list[str], streams: Streams, _env: Environment) -> int:
    if argv != ["-c"]:
        streams.err += "wc: only -c is simulated\n"
        return 2
    streams.out += f"{len(octets(streams.stdin))}\n"
    return 0


def grep(argv: list[str], streams: Streams, files: Files) -> int:
    """Of its input, or of files, whose names stand before their lines with -H."""
    flags = "".join(word[1:] for word in argv if word.startswith("-"))
    pattern, *paths = [word for word in argv if not word.startswith("-")]
    found, sign = [], re.compile(pattern, re.IGNORECASE if "i" in flags else 0)
    texts = [(path, files.read(path)) for path in paths] or [("", streams.stdin)]
    for path, text in texts:
        lines = [line for line in (text or "").splitlines() if bool(sign.search(line)) != ("v" in flags)]
        found += [f"{path}:{line}" if "H" in flags else line for line in lines]
    streams.out += "".join(f"{line}\n" for line in found)
    return 0 if found else 1


def date(argv: list[str], streams: Streams, _env: Environment) -> int:
    streams.out += time.strftime(argv[-1].removeprefix("+"), time.gmtime()) + "\n"
    return 0


def text_tools(files: Files) -> dict[str, Builtin]:
    def tail(argv: list[str], streams: Streams, _env: Environment) -> int:
        if argv[0] == "-n":
            streams.out += "".join(streams.stdin.splitlines(keepends=True)[-int(argv[1]) :])
            return 0
        text = files.read(argv[2])
        if argv[0] != "-c" or text is None:
            streams.err += f"tail: cannot open '{argv[-1]}' for reading\n"
            return 1
        start = int(argv[1]) - 1 if argv[1].startswith("+") else -int(argv[1])
        streams.out += as_text(octets(text)[max(0, start) if argv[1].startswith("+") else start :])
        return 0

    def stat(argv: list[str], streams: Streams, _env: Environment) -> int:
        code = 0
        for path in argv[2:]:
            text = files.read(path)
            if text is None:
                code = 1
                continue
            owner, mode = files.owner_and_mode(path)
            about = {
                "%u:%g": owner,
                "%a": mode,
                "%s": str(len(octets(text))),
                "%Y": str(files.changed_at(path)),
                "%n": path,
            }
            streams.out += " ".join(about[word] for word in argv[1].split()) + "\n"
        return code

    def searches(argv: list[str], streams: Streams, _env: Environment) -> int:
        return grep(argv, streams, files)

    return {
        "cut": cut, "sort": sort, "wc": wc, "grep": searches, "date": date, "tail": tail, "stat": stat,
    }  # fmt: skip
