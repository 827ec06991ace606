"""``find FOLDER/ -mindepth 1 -maxdepth 1 -printf …`` and ``head`` of the simulated machines."""

from __future__ import annotations

from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.octets import as_text, octets
from claw_tui.demo.shell import Builtin, Streams


def _about(files: SimulatedFiles, path: str, name: str) -> dict[str, str]:
    owner, mode = files.owner_and_mode(path)
    folder = files.read(path) is None
    text = files.read(path) or ""
    return {
        "%y": "d" if folder else "f", "%s": str(4096 if folder else len(octets(text))),
        "%U:%G": "1000:1000" if folder and owner == "0:0" else owner, "%m": mode,
        "%T@": f"{files.changed_at(path)}.0000000000", "%f": name,
    }  # fmt: skip


def make_find(files: SimulatedFiles) -> Builtin:
    def find(argv: list[str], streams: Streams, _env: dict[str, str]) -> int:
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

    return find


def make_head(plain: Builtin) -> Builtin:
    def head(argv: list[str], streams: Streams, env: dict[str, str]) -> int:
        if argv[:1] != ["-c"]:
            return plain(argv, streams, env)
        streams.out += as_text(octets(streams.stdin)[: int(argv[1])])
        return 0

    return head
