"""A small POSIX shell for the simulated machines: enough for real scripts, and nothing of this computer in reach.

Lists (``;`` ``&&`` ``||`` ``&``), pipelines, ``( … )`` and ``{ …; }``, redirections, quotes, ``$NAME``, ``${NAME:-x}``,
``$(…)``, ``$?``, assignments and globs. What it does not know it refuses aloud, as a real shell does.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from typing import Any, Protocol

# In an environment, under names that no variable can have: who runs the program, where it is not root; on a terminal.
USER, TERMINAL = "#user", "#terminal"
NOT_OPENED = 2  # what a command ends with whose file could not be opened or made


class Files(Protocol):
    """The simulated machine's files. ``problem``: why the last one could not be written, where it is not its folder."""

    problem: str

    def read(self, path: str) -> str | None: ...
    def write(self, path: str, text: str, *, append: bool = False) -> bool: ...
    def paths(self) -> list[str]: ...


class Streams:
    """What a command reads and has written."""

    def __init__(self, stdin: str = "") -> None:
        self.stdin, self.out, self.err = stdin, "", ""
        # What happens only after so many seconds, with the app and the machine as they are then; returns what is said.
        self.after: tuple[float, Callable[[dict[str, Any], dict[str, Any]], str]] | None = None


Builtin = Callable[[list[str], Streams, dict[str, str]], int]


class ShellError(Exception):
    """A script that this shell cannot read."""


_TOKEN = re.compile(
    r"\s*(?:(?P<op>&&|\|\||2>&1|2>>|2>|1>|>>|[;&|()<>\n])|(?P<word>(?:\\.|'[^']*'|\"(?:\\.|[^\"\\])*\"|\$\((?:[^()]|\([^()]*\))*\)"
    r"|\$\{[^}]*\}|[^\s;&|()<>'\"\\])+))",
    re.DOTALL,
)


def tokens(script: str) -> list[tuple[str, str]]:
    """Cut a script into (kind, text) pairs; kind is op or word."""
    found, position = [], 0
    script = script.strip()
    while position < len(script):
        match = _TOKEN.match(script, position)
        if match is None or match.end() == position:
            raise ShellError(f"Syntax error near {script[position : position + 10]!r}")
        kind = match.lastgroup or "word"
        found.append((kind, match.group(kind)))
        position = match.end()
    return found


class Shell:
    """Runs scripts. ``commands`` maps a program's name to what it does."""

    def __init__(self, files: Files, commands: dict[str, Builtin], env: dict[str, str]) -> None:
        self.files, self.commands, self.env = files, commands, env
        self.last = 0
        self._tokens: list[tuple[str, str]] = []
        self._at = 0

    def run(self, script: str, streams: Streams) -> int:
        """Run a whole script; its output is added to ``streams``."""
        outer = self._tokens, self._at
        try:
            self._tokens, self._at = tokens(script), 0
            code = self._list(streams, run=True)
            self._expect_end()
        except ShellError as error:
            streams.err += f"sh: 1: {error}\n"
            code = 2
        finally:
            self._tokens, self._at = outer
        self.last = code
        return code

    def _expect_end(self) -> None:
        if self._at < len(self._tokens):
            raise ShellError(f"Syntax error: {self._tokens[self._at][1]!r} unexpected")

    # -- reading the script ---------------------------------------------------------------------------------------
    def _peek(self) -> str:
        if self._at >= len(self._tokens):
            return ""
        kind, text = self._tokens[self._at]
        return text if kind == "op" or text in ("{", "}") else "word"

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _list(self, streams: Streams, *, run: bool) -> int:
        code = 0
        while self._peek() not in ("", ")", "}"):
            code = self._and_or(streams, run=run)
            if self._peek() in (";", "\n", "&"):
                self._take()
        return code

    def _and_or(self, streams: Streams, *, run: bool) -> int:
        code = self._pipeline(streams, run=run)
        while self._peek() in ("&&", "||"):
            wanted = (code == 0) == (self._take() == "&&")
            after = self._pipeline(streams, run=run and wanted)
            code = after if wanted else code
        self.last = code
        return code

    def _pipeline(self, streams: Streams, *, run: bool) -> int:
        part = Streams(stdin=streams.stdin)
        code = self._command(part, run=run)
        while self._peek() == "|":
            self._take()
            streams.err += part.err
            part = Streams(stdin=part.out)
            code = self._command(part, run=run)
        streams.out += part.out
        streams.err += part.err
        return code

    def _command(self, streams: Streams, *, run: bool) -> int:
        if self._peek() in ("(", "{"):
            closing = ")" if self._take() == "(" else "}"
            inner = Streams(stdin=streams.stdin)
            code = self._list(inner, run=run)
            if self._peek() != closing:
                raise ShellError(f"Syntax error: {closing!r} expected")
            self._take()
            return self._redirect(inner, streams, self._redirections(), run=run) or code
        words: list[str] = []
        redirections: list[tuple[str, str]] = []
        while True:
            redirections += self._redirections()
            if self._peek() != "word":
                break
            words.append(self._take())
        if not words and not redirections:
            raise ShellError(f"Syntax error: {self._peek() or 'end of file'!r} unexpected")
        return self._simple(words, redirections, streams) if run else 0

    def _redirections(self) -> list[tuple[str, str]]:
        found = []
        while self._peek() in (">", ">>", "<", "2>", "2>>", "1>", "2>&1"):
            op = self._take()
            found.append((op, "" if op == "2>&1" else self._take()))
        return found

    # -- doing it -------------------------------------------------------------------------------------------------
    def _simple(self, words: list[str], redirections: list[tuple[str, str]], streams: Streams) -> int:
        env, rest = dict(self.env), list(words)
        assigned: dict[str, str] = {}
        while rest and (match := re.fullmatch(r"([A-Za-z_]\w*)=(.*)", rest[0], re.DOTALL)):
            assigned[match.group(1)] = "".join(self._expand(match.group(2), split=False))
            rest.pop(0)
        argv = [part for word in rest for part in self._expand(word)]
        inner = Streams(stdin=streams.stdin)
        if not all(self._open("".join(self._expand(word)), inner) for op, word in redirections if op == "<"):
            code = NOT_OPENED
        elif not argv:
            self.env.update(assigned)
            code = 0
        elif argv[0] == "export":
            for word in argv[1:]:
                name, _sep, value = word.partition("=")
                self.env[name] = value
            code = 0
        elif argv[0] in self.commands:
            code = self.commands[argv[0]](argv[1:], inner, {**env, **assigned})
        else:
            inner.err += f"sh: 1: {argv[0]}: not found\n"
            code = 127
        return self._redirect(inner, streams, redirections, run=True) or code

    def _open(self, path: str, streams: Streams) -> bool:
        """As the input; a command whose input is not there is not run."""
        text = "" if path == "/dev/null" else self.files.read(path)
        streams.stdin = text or ""
        if text is None:
            streams.err += f"sh: 1: cannot open {path}: No such file\n"
        return text is not None

    def _redirect(self, inner: Streams, outer: Streams, ops: list[tuple[str, str]], *, run: bool) -> int:
        """0, or what the command ends with because a file could not be written."""
        if not run:
            return 0
        written = True
        for op, word in ops:
            target = "".join(self._expand(word)) if word else ""
            if op in (">", ">>", "1>"):
                written &= self._store(target, inner.out, outer, append=op == ">>")
                inner.out = ""
            elif op in ("2>", "2>>"):
                written &= self._store(target, inner.err, outer, append=op == "2>>")
                inner.err = ""
            elif op == "2>&1":
                earlier = next((path for sign, path in ops if sign in (">", "1>")), "")
                if earlier:
                    self._store("".join(self._expand(earlier)), inner.err, outer, append=True)
                else:
                    inner.out += inner.err
                inner.err = ""
        outer.out += inner.out
        outer.err += inner.err
        return 0 if written else NOT_OPENED

    def _store(self, path: str, text: str, outer: Streams, *, append: bool) -> bool:
        written = path == "/dev/null" or self.files.write(path, text, append=append)
        if not written:
            outer.err += f"sh: 1: cannot create {path}: {self.files.problem or 'Directory nonexistent'}\n"
        return written

    # -- words ----------------------------------------------------------------------------------------------------
    def _expand(self, word: str, *, split: bool = True) -> list[str]:
        text, quoted = "", False
        position = 0
        while position < len(word):
            piece, position, was_quoted = self._piece(word, position)
            text += piece
            quoted = quoted or was_quoted
        if not split or quoted:
            return [text]
        if not text:
            return []
        if any(char in word for char in "*?["):
            return self._glob(text)
        return text.split() if "$" in word else [text]

    def _piece(self, word: str, at: int) -> tuple[str, int, bool]:
        char = word[at]
        if char == "'":
            end = word.index("'", at + 1)
            return word[at + 1 : end], end + 1, True
        if char == '"':
            return self._double_quoted(word, at)
        if char == "\\":
            return word[at + 1 : at + 2], at + 2, True
        if char == "$":
            value, end = self._dollar(word, at)
            return value, end, False
        return char, at + 1, False

    def _double_quoted(self, word: str, at: int) -> tuple[str, int, bool]:
        text, at = "", at + 1
        while word[at] != '"':
            if word[at] == "\\" and word[at + 1] in '"\\$`':
                text, at = text + word[at + 1], at + 2
            elif word[at] == "$":
                value, at = self._dollar(word, at)
                text += value
            else:
                text, at = text + word[at], at + 1
        return text, at + 1, True

    def _dollar(self, word: str, at: int) -> tuple[str, int]:
        if word.startswith("$(", at):
            depth, end = 1, at + 2
            while depth:
                depth += {"(": 1, ")": -1}.get(word[end], 0)
                end += 1
            inner = Streams()
            self.run(word[at + 2 : end - 1], inner)
            return inner.out.rstrip("\n"), end
        if word.startswith("$?", at):
            return str(self.last), at + 2
        if match := re.compile(r"\$\{(\w+)(?::-([^}]*))?\}|\$(\w+)").match(word, at):
            name, default = match.group(1) or match.group(3), match.group(2)
            value = self.env.get(name, "")
            if not value and default is not None:
                value = "".join(self._expand(default, split=False))
            return value, match.end()
        return "$", at + 1

    def _glob(self, pattern: str) -> list[str]:
        depth = pattern.count("/")
        found = {"/".join(path.split("/")[: depth + 1]) for path in self.files.paths()}
        return sorted(path for path in found if fnmatch.fnmatchcase(path, pattern)) or [pattern]
