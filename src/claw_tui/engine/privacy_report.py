"""What a look at an app's exposure found, kept on this computer with its time: for people, and for programs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from claw_tui import __version__
from claw_tui.domain.exposure.judgement import Judgement, Line
from claw_tui.i18n import _
from claw_tui.ports import StateStore


def save(state: StateStore, found: Judgement, at: float, clean: Callable[[str], str]) -> tuple[Path, Path]:
    """(text, JSON); ``at`` in seconds since 1970. No machine's variables and no token are in it. Raises StateError."""
    name = time.strftime("privacy-%Y%m%dT%H%M%SZ", time.gmtime(at))
    text, data = (state.file(found.app, f"{name}.{kind}") for kind in ("txt", "json"))
    state.write_file(text, clean("\n".join(report_lines(found, at)) + "\n"))
    state.write_file(data, clean(json.dumps(as_data(found, at), indent=1, ensure_ascii=False) + "\n"))
    return text, data


def report_lines(found: Judgement, at: float) -> list[str]:
    """The verdict, and every line with all its evidence."""
    when = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(at))
    head = _("{app}, looked at on {when} with claw-tui {version}").format(
        app=found.app, when=when, version=__version__
    )
    return [head, found.words, "", *(text for line in found.lines for text in line_texts(line))]


def line_texts(line: Line) -> list[str]:
    """How it stands, then what it rests on, then what helps."""
    todo = [f"         → {line.todo}"] if line.todo else []
    return [f"{line.standing.name:7}  {line.words}", *(f"         {seen}" for seen in line.evidence), *todo]


def as_data(found: Judgement, at: float) -> dict[str, object]:
    return {
        "app": found.app, "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)), "version": __version__,
        "verdict": found.privacy.value, "words": found.words, "reachable": found.reachable,
        "lines": [line_data(line) for line in found.lines],
    }  # fmt: skip


def line_data(line: Line) -> dict[str, object]:
    return {
        "id": line.id, "standing": line.standing.value, "words": line.words, "evidence": list(line.evidence), "todo": line.todo,
    }  # fmt: skip
