"""``find`` and ``head`` of the simulated machines: what is in one folder, and what in a tree is another user's than one.

``find FOLDER/ -mindepth 1 -maxdepth 1 -printf …``, and ``find FOLDER [-maxdepth 0 | … -prune -o] ! -user 1000 ! -type l -printf …``.
A folder that nobody has made by name is the gateway's.
"""

from __future__ import annotations

import re
from fnmatch import fnmatch

from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.octets import as_text, octets
from claw_tui.demo.shell import Builtin, Streams


def _about(files: SimulatedFiles, path: str, name: str) -> dict[str, str]:
    owner, mode = files.owner_and_mode(path)
    folder = files.read(path) is None
    unnamed = folder and path not in files.paths()
    text = files.read(path) or ""
    return {
        "%y": "d" if folder else "f", "%s": str(4096 if folder else len(octets(text))),
        "%U:%G": "1000:1000" if unnamed else owner, "%m": "755" if unnamed else mode,
        "%T@": f"{files.changed_at(path)}.0000000000", "%f": name,
    }  # fmt: skip


def make_find(files: SimulatedFiles) -> Builtin:
    def find(argv: list[str], streams: Streams, _env: dict[str, str]) -> int:
        if "-user" in argv:
            return strangers(argv, streams)
        if argv[1:6] != ["-mindepth", "1", "-maxdepth", "1", "-printf"] or len(argv) != 7:
            streams.err += "find: only one folder with -printf is simulated\n"
            return 1
        folder = argv[0].rstrip("/") + "/"
        names = {path[len(folder) :].split("/")[0] for path in files.paths() if path.startswith(folder)}
        for name in sorted(names):
            about, line = _about(files, folder + name, name), argv[6]
            for field, value in about.items():
                line = line.replace(field, value)
            streams.out += line.replace("\\t", "\t").replace("\\0", "\0")
        return 0

    def strangers(argv: list[str], streams: Streams) -> int:
        """The tops of what is another user's, without what the first part of the question cuts off."""
        top, line = argv[0].rstrip("/"), argv[argv.index("-printf") + 1].replace("\\n", "\n")
        user = argv[argv.index("-user") + 1]
        cut = [argv[at + 1] for at, word in enumerate(argv) if word in ("-name", "-path")]
        if not files.is_folder(top):
            streams.err += f"find: '{top}': No such file or directory\n"
            return 1
        for path in _tree(files, top) if "-mindepth" in argv else [top]:
            about = {**_about(files, path, path), "%p": path}
            if _cut_off(path, cut) or about["%U:%G"].startswith(f"{user}:"):
                continue
            streams.out += _filled(line, about)
            cut.append(f"{path}/*")
        return 0

    return find


def _filled(line: str, about: dict[str, str]) -> str:
    return re.sub("%U:%G|%.", lambda found: about[found[0]], line)


def _tree(files: SimulatedFiles, top: str) -> list[str]:
    """All that is below a folder, from the top downwards."""
    found: set[str] = set()
    for path in files.paths():
        parts = path.split("/")
        ways = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
        found.update(way for way in ways if way.startswith(f"{top}/"))
    return sorted(found)


def _cut_off(path: str, patterns: list[str]) -> bool:
    return any(
        fnmatch(part, pattern)
        for pattern in patterns
        for part in ([path] if "/" in pattern else path.split("/"))
    )


def make_head(plain: Builtin) -> Builtin:
    def head(argv: list[str], streams: Streams, env: dict[str, str]) -> int:
        if argv[:1] != ["-c"]:
            return plain(argv, streams, env)
        streams.out += as_text(octets(streams.stdin)[: int(argv[1])])
        return 0

    return head
