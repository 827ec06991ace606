"""What is said: lines for people, or one JSON object a line. Nothing leaves without passing the redactor."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TextIO

from claw_tui.domain.clean import clean
from claw_tui.domain.errors import ClawError
from claw_tui.domain.redact import Redactor
from claw_tui.domain.secret import Secret
from claw_tui.plain.exits import exit_of_error
from claw_tui.plain.hints import hint_for
from claw_tui.plain.names import NAMES

_COMMAND = re.compile(rf"(?<![\w/.-])claw-tui (?=(?:{'|'.join(NAMES)})\b)")


class NobodyReads(Exception):
    """The pipe's reader has gone, or the terminal: there is no use in going on saying things."""


class Out:
    """``put`` says one thing in both ways; ``aside`` is for a person who is there, and never on stdout."""

    def __init__(self, *, as_json: bool = False, app: str = "", demo: bool = False) -> None:
        """``app``: which one the command is about, where it was named.

        ``demo``: the commands that are named stay in the demo, too; without it they would go to the real account.
        """
        self.as_json, self._app, self._demo = as_json, app, demo
        self._redact: Callable[[str], str] = Redactor()
        self._known: Callable[[str], str] = self._redact

    def hide(self, redact: Callable[[str], str], values: Iterable[Secret] = ()) -> None:
        """From now on these values are taken out too."""
        self._known, self._redact = redact, Redactor(values)

    def put(self, event: str, text: str = "", at: float = 0.0, /, **fields: object) -> None:
        """``text`` for people; ``event``, its time and ``fields`` as an object."""
        if self.as_json:
            self._json(event, at, fields)
        elif text:
            _write(sys.stdout, self.clean(text))

    def aside(self, words: str) -> None:
        _write(sys.stderr, self.clean(words))

    def error(self, error: ClawError) -> None:
        """On stderr for people; on stdout as an object."""
        number, hint = exit_of_error(error), hint_for(error.code, error.hint, self._app)
        if self.as_json:
            about = {"code": error.code, "exit": number, "message": error.message, "hint": hint}
            self._json("error", 0.0, {**about, "detail": error.detail})
            return
        for words in (error.message, *error.detail.splitlines(), hint):
            if words:
                self.aside(words)

    def clean(self, text: str) -> str:
        """Of other programs' words nothing may steer the terminal."""
        return self._shown(clean(text))

    def _shown(self, text: str) -> str:
        text = self._redact(self._known(text))
        return _COMMAND.sub("claw-tui --demo ", text) if self._demo else text

    def _json(self, event: str, at: float, fields: dict[str, object]) -> None:
        about = {"event": event, "at": stamp(at or time.time()), **fields}
        _write(sys.stdout, json.dumps(self._cleaned(about)))

    def _cleaned(self, value: object) -> object:
        if isinstance(value, str):
            return self._shown(value)
        if isinstance(value, dict):
            return {key: self._cleaned(inside) for key, inside in value.items()}
        return [self._cleaned(inside) for inside in value] if isinstance(value, list | tuple) else value


def _write(stream: TextIO, line: str) -> None:
    try:
        stream.write(line + "\n")
        stream.flush()
    except OSError as error:
        raise NobodyReads from error


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def clock(at: float) -> str:
    """The time of day, here."""
    return time.strftime("%H:%M:%S", time.localtime(at))


def span(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"
