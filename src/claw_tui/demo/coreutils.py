"""The programs of the simulated machines, over the simulated files."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Protocol

from claw_tui.demo.octets import as_text, octets
from claw_tui.demo.shell import Builtin, Streams
from claw_tui.demo.text_tools import text_tools


class MachineFiles(Protocol):
    """Files with owners and modes."""

    took: float  # seconds of life that the programs so far needed
    mode: str  # of a new file
    problem: str  # why the last one could not be written, where it is not its folder

    def read(self, path: str) -> str | None: ...
    def write(self, path: str, text: str, *, append: bool = False) -> bool: ...
    def paths(self) -> list[str]: ...
    def remove(self, path: str) -> None: ...
    def make_folder(self, path: str) -> bool: ...
    def is_folder(self, path: str) -> bool: ...
    def move(self, old: str, new: str) -> bool: ...
    def set_owner(self, path: str, owner: str) -> None: ...
    def set_mode(self, path: str, mode: str) -> None: ...
    def copy_about(self, old: str, new: str) -> None: ...
    def changed_at(self, path: str) -> int: ...
    def owner_and_mode(self, path: str) -> tuple[str, str]: ...
    def touch(self, path: str) -> None: ...


Environment = dict[str, str]


class Coreutils:
    """cat, printf, base64, … each as (arguments, streams, environment) -> exit code."""

    def __init__(self, files: MachineFiles) -> None:
        self._files = files

    def table(self) -> dict[str, Builtin]:
        named = {
            name.removeprefix("do_"): getattr(self, name) for name in dir(self) if name.startswith("do_")
        }
        return {**named, "[": self.test, "test": self.test, **text_tools(self._files), "xargs": self.xargs}

    def _inputs(self, paths: list[str], streams: Streams, program: str) -> tuple[str, int]:
        if not paths:
            return streams.stdin, 0
        text, code = "", 0
        for path in paths:
            found = self._files.read(path)
            if found is None:
                streams.err += f"{program}: {path}: No such file or directory\n"
                code = 1
            text += found or ""
        return text, code

    def do_cat(self, argv: list[str], streams: Streams, _env: Environment) -> int:
        text, code = self._inputs(argv, streams, "cat")
        streams.out += text
        return code

    def do_echo(self, argv: list[str], streams: Streams, _env: Environment) -> int:
        streams.out += " ".join(argv) + "\n"
        return 0

    def do_printf(self, argv: list[str], streams: Streams, _env: Environment) -> int:
        if argv[:1] in (["%s"], ["%s\\n"]):
            streams.out += "".join(argv[0].replace("%s", word).replace("\\n", "\n") for word in argv[1:])
        elif argv:
            streams.out += argv[0].replace("\\n", "\n")
        return 0

    def do_true(self, _argv: list[str], _streams: Streams, _env: Environment) -> int:
        return 0

    def do_false(self, _argv: list[str], _streams: Streams, _env: Environment) -> int:
        return 1

    def do_sleep(self, argv: list[str], _streams: Streams, _env: Environment) -> int:
        self._files.took += float(argv[0])
        return 0

    def do_umask(self, argv: list[str], _streams: Streams, _env: Environment) -> int:
        self._files.mode = "600" if argv[:1] == ["077"] else "644"
        return 0

    def do_tee(self, argv: list[str], streams: Streams, _env: Environment) -> int:
        """Every word is a file, also one that a shell would have taken for a sign."""
        code = 0
        for path in argv:
            if not self._files.write(path if path.startswith("/") else f"/{path}", streams.stdin):
                streams.err += f"tee: {path}: {self._files.problem or 'No such file or directory'}\n"
                code = 1
        streams.out += streams.stdin
        return code

    def do_cd(self, argv: list[str], streams: Streams, _env: Environment) -> int:
        streams.err += f"sh: 1: cd: {argv[:1]} is not simulated; use absolute paths\n"
        return 2

    def do_base64(self, argv: list[str], streams: Streams, _env: Environment) -> int:
        flags = [word for word in argv if word.startswith("-")]
        text, code = self._inputs([word for word in argv if not word.startswith("-")], streams, "base64")
        if "-d" in flags:
            try:
                streams.out += as_text(base64.b64decode("".join(text.split()), validate=True))
            except (binascii.Error, ValueError):
                streams.err += "base64: invalid input\n"
                return 1
            return code
        whole = base64.b64encode(octets(text)).decode()
        streams.out += "".join(whole[at : at + 76] + "\n" for at in range(0, len(whole), 76))
        return code

    def do_sha256sum(self, argv: list[str], streams: Streams, _env: Environment) -> int:
        for path in argv or ["-"]:
            text = streams.stdin if path == "-" else self._files.read(path)
            if text is None:
                streams.err += f"sha256sum: {path}: No such file or directory\n"
                return 1
            streams.out += f"{hashlib.sha256(octets(text)).hexdigest()}  {path}\n"
        return 0

    def do_head(self, argv: list[str], streams: Streams, _env: Environment) -> int:
        count = int(argv[1]) if argv[:1] == ["-n"] else 10  # a negative one: all but the last ones
        streams.out += "".join(streams.stdin.splitlines(keepends=True)[:count])
        return 0

    def do_tr(self, argv: list[str], streams: Streams, _env: Environment) -> int:
        escapes = {"\\n": "\n", "\\000": "\0", "\\0": "\0"}
        if argv == ["\\000\\n", "\\n\\001"]:
            streams.out += streams.stdin.translate({0: "\n", 10: "\x01"})
        elif argv[:1] == ["-d"]:
            streams.out += streams.stdin.replace(escapes.get(argv[1], argv[1]), "")
        else:
            streams.out += streams.stdin.replace(escapes.get(argv[0], argv[0]), escapes.get(argv[1], argv[1]))
        return 0

    def do_sed(self, argv: list[str], streams: Streams, _env: Environment) -> int:
        found = re.fullmatch(r"s/(.*)/(.*)/(p?)", argv[-1])
        if argv[:1] != ["-n"] or found is None:
            streams.err += "sed: only -n 's/…/…/p' is simulated\n"
            return 2
        for line in streams.stdin.splitlines():
            changed, count = re.subn(found.group(1), found.group(2), line, count=1)
            if count:
                streams.out += changed + "\n"
        return 0

    def do_mkdir(self, argv: list[str], streams: Streams, _env: Environment) -> int:
        for path in [word for word in argv if not word.startswith("-")]:
            if not self._files.make_folder(path) and "-p" not in argv:
                streams.err += f"mkdir: cannot create directory '{path}': File exists\n"
                return 1
        return 0

    def do_rm(self, argv: list[str], streams: Streams, _env: Environment) -> int:
        flags = "".join(word for word in argv if word.startswith("-"))
        for path in [word for word in argv if not word.startswith("-")]:
            if self._files.read(path) is None and not self._files.is_folder(path) and "f" not in flags:
                streams.err += f"rm: cannot remove '{path}': No such file or directory\n"
                return 1
            self._files.remove(path)
        return 0

    def do_mv(self, argv: list[str], streams: Streams, _env: Environment) -> int:
        if self._files.move(argv[0], argv[1]):
            return 0
        streams.err += f"mv: cannot stat '{argv[0]}': No such file or directory\n"
        return 1

    def do_cp(self, argv: list[str], streams: Streams, _env: Environment) -> int:
        source, target = [word for word in argv if not word.startswith("-")]
        text = self._files.read(source)
        if argv[0] == "-a" and self._files.is_folder(source):
            return self._copy_folder(source, target)
        if text is None:
            streams.err += f"cp: cannot stat '{source}': No such file or directory\n"
            return 1
        self._files.write(target, text)
        if "-p" in argv:
            self._files.copy_about(source, target)
        return 0

    def _copy_folder(self, source: str, target: str) -> int:
        self._files.make_folder(target)
        for path in [path for path in self._files.paths() if path.startswith(f"{source}/")]:
            new = target + path.removeprefix(source)
            if self._files.is_folder(path):
                self._files.make_folder(new)
            else:
                self._files.write(new, self._files.read(path) or "")
                self._files.copy_about(path, new)
        return 0

    def do_ls(self, argv: list[str], streams: Streams, _env: Environment) -> int:
        paths = [word for word in argv if not word.startswith("-")] or ["/data"]
        folders = [path for path in paths if self._is_full(path)]
        found = [path for path in paths if self._files.read(path) is not None]
        streams.out += "".join(f"{path}\n" for path in sorted(found, reverse="-1t" in argv))
        for folder in folders:
            names = {
                path[len(folder.rstrip("/")) + 1 :].split("/")[0]
                for path in self._files.paths()
                if path.startswith(folder.rstrip("/") + "/")
            }
            streams.out += "".join(f"{name}\n" for name in sorted(names) if not name.startswith("."))
        missing = [path for path in paths if path not in found and path not in folders]
        streams.err += "".join(f"ls: cannot access '{path}': No such file or directory\n" for path in missing)
        return 2 if missing else 0

    def _is_full(self, path: str) -> bool:
        inside = path.rstrip("/") + "/"
        return self._files.is_folder(path) or any(found.startswith(inside) for found in self._files.paths())

    def do_chown(self, argv: list[str], _streams: Streams, _env: Environment) -> int:
        owner, *paths = [word for word in argv if word != "-R"]
        if "-R" in argv:
            paths += [path for path in self._files.paths() if path.startswith(tuple(f"{p}/" for p in paths))]
        for path in paths:
            self._files.set_owner(path, owner)
        return 0

    def do_chmod(self, argv: list[str], _streams: Streams, _env: Environment) -> int:
        for path in argv[1:]:
            self._files.set_mode(path, argv[0])
        return 0

    def xargs(self, argv: list[str], streams: Streams, env: Environment) -> int:
        """Only ``xargs -r rm -f``."""
        if argv != ["-r", "rm", "-f"]:
            streams.err += "xargs: only -r rm -f is simulated\n"
            return 2
        return self.do_rm(["-f", *streams.stdin.split()], streams, env)

    def do_touch(self, argv: list[str], _streams: Streams, _env: Environment) -> int:
        for path in argv:
            self._files.touch(path)
        return 0

    def do_id(self, _argv: list[str], streams: Streams, _env: Environment) -> int:
        streams.out += "uid=0(root) gid=0(root) groups=0(root)\n"
        return 0

    def test(self, argv: list[str], _streams: Streams, _env: Environment) -> int:
        words = [word for word in argv if word != "]"]
        negated = words[:1] == ["!"]
        words = words[1:] if negated else words
        match words:
            case ["-f", path]:
                found = self._files.read(path) is not None
            case ["-e", path]:
                found = self._files.read(path) is not None or self._files.is_folder(path)
            case ["-d", path]:
                found = self._files.is_folder(path)
            case ["-n", text]:
                found = bool(text)
            case ["-z", text]:
                found = not text
            case [left, "-lt", right]:
                found = int(left) < int(right)
            case [left, "=", right]:
                found = left == right
            case _:
                return 2
        return 0 if found != negated else 1
