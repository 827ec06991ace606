"""A log's lines of both generations, and the book that they are in."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from claw_tui.domain.answers import LogEntry
from claw_tui.domain.log_book import BLOCK, KEPT, LogBook, LogFilter
from claw_tui.domain.log_lines import LONGEST, LOOKED_THROUGH, From, Level, LogLine, parse
from claw_tui.domain.redact import Redactor
from claw_tui.domain.secret import Secret

RECORDINGS = Path(__file__).parents[1] / "recordings"


def entry(message: str, level: str = "info", source: str = "m1") -> LogEntry:
    return LogEntry("2026-11-30T12:00:01.250Z", level, source, message, "m1")


def line(words: str, level: Level = Level.INFO, source: From = From.GATEWAY, part: str = "") -> LogLine:
    return LogLine("2026-11-30T12:00:01.250Z", level, source, part, words, "m1")


# -- lines --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "level", "source", "part"),
    [
        ("[gateway] ready", Level.INFO, From.GATEWAY, "gateway"),
        ("[gateway] listening on ws://0.0.0.0:3000 (PID 640)", Level.INFO, From.GATEWAY, "gateway"),
        ("[discord] [default] starting provider", Level.INFO, From.GATEWAY, "discord"),
        ("[discord] WebSocket closed 4014: Disallowed intent(s)", Level.ERROR, From.GATEWAY, "discord"),
        ("[discord] 401: Unauthorized", Level.ERROR, From.GATEWAY, "discord"),
        ("[gateway/channels] warn: slow", Level.WARNING, From.GATEWAY, "gateway/channels"),
        (
            "[gateway] configured channel warning: channels.discord: no trust",
            Level.WARNING,
            From.GATEWAY,
            "gateway",
        ),
        (
            "[reload] config reload skipped (invalid config): gateway: bad",
            Level.WARNING,
            From.GATEWAY,
            "reload",
        ),
        ("Gateway failed to start: gateway already running (pid 1)", Level.ERROR, From.GATEWAY, ""),
        ("Refusing to bind gateway to lan without auth.", Level.ERROR, From.GATEWAY, ""),
        ("Gateway auth is set to token, but no token is configured.", Level.ERROR, From.GATEWAY, ""),
        ("2026-11-30T12:00:00.1Z [ws] debug: hello", Level.INFO, From.GATEWAY, "ws"),
        ("12:00:00 [ws] closed", Level.INFO, From.GATEWAY, "ws"),
        (" INFO Starting init (commit: 6b1a3f2c)...", Level.INFO, From.MACHINE, ""),
        (" INFO Main child exited normally with code: 78", Level.ERROR, From.MACHINE, ""),
        (" WARN Reaped child process with pid: 1", Level.WARNING, From.MACHINE, ""),
        ("[    9.417] Out of memory: Killed process 642 (node)", Level.ERROR, From.MACHINE, ""),
        ('{"level":"warn","subsystem":"telegram","message":"slow"}', Level.WARNING, From.GATEWAY, "telegram"),
        ('{"not":"ours"}', Level.INFO, From.GATEWAY, ""),
        ("{half", Level.INFO, From.GATEWAY, ""),
        ("", Level.INFO, From.GATEWAY, ""),
    ],
)
def test_a_line_tells_who_how_bad_and_which_part(text: str, level: Level, source: From, part: str) -> None:
    found = parse(entry(text))
    assert (found.level, found.source, found.part) == (level, source, part)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a \x1b]52;c;ZWNobw==\x07\x1b[2Jb", "a b"), ("a\x9b\x07\u202eb", "ab"), ("one\ntwo\u2028three", "one two three"),
        ("half \ud83d", "half \ufffd"),
    ],
)  # fmt: skip
def test_what_a_json_line_holds_as_codes_steers_nothing_once_it_is_read(written: str, read: str) -> None:
    found = parse(entry(json.dumps({"level": "warn", "subsystem": f"ws{written}"[:3], "message": written})))
    assert (found.words, found.part, found.level) == (f"[{found.part}] {read}", found.part, Level.WARNING)
    named = parse(entry(json.dumps({"subsystem": "\x1b[31mws\n", "message": "hello"})))
    assert (named.words, named.part) == ("[ws] hello", "ws")


CANARY = "CANARYgateway" * 3
TOKENS = {"of others": "sk-ant-api03-" + "CANARY" * 9, "ours": CANARY}


@pytest.mark.parametrize("secret", TOKENS.values(), ids=TOKENS)
@pytest.mark.parametrize("before", [LONGEST - 12, LONGEST - 1, LOOKED_THROUGH - 12])
@pytest.mark.parametrize("as_json", [False, True])
def test_a_secret_at_the_place_where_a_long_line_is_cut_is_not_shown_by_half(
    secret: str, before: int, *, as_json: bool
) -> None:
    redact = Redactor([Secret(CANARY)])
    for words in (
        "x" * before + " " + secret,
        f"{secret} " * (before // len(secret)) + f"x {secret} {secret}",
    ):
        found = parse(entry(json.dumps({"message": words}) if as_json else words), redact)
        assert "CANARY" not in found.words
        assert found.words.startswith(("xxx", "***"))
        assert len(found.words) <= LONGEST


def test_what_fly_says_of_the_level_counts_more_than_the_text() -> None:
    assert parse(entry("[gateway] ready", "error")).level is Level.ERROR
    assert parse(entry("failed to connect", "warn", "proxy")).source is From.PROXY
    assert (
        parse(entry("machine has reached its max restart count of 10", source="runner")).source is From.RUNNER
    )
    assert parse(entry("Health check is now critical", source="health")).source is From.RUNNER


@pytest.mark.parametrize("version", ["2026.1.29", "2026.9.1", "2026.9.6"])
def test_what_each_generation_was_recorded_saying_is_read(version: str) -> None:
    scenes = json.loads((RECORDINGS / f"openclaw-{version}.json").read_text())
    lines = {text for scene in scenes.values() for text in scene["lines"]}
    for text in lines:
        found = parse(entry(text))
        assert found.source is From.GATEWAY, text
        assert found.part == (text[1 : text.index("]")] if text.startswith("[") else ""), text
        worst = any(
            word in text
            for word in ("failed to start", "EACCES", "SyntaxError", "Refusing", "Missing config")
        )
        assert (found.level is Level.ERROR) or not worst, text
    calm = [text for text in lines if text in ("[gateway] ready", "[gateway] starting...")]
    assert all(parse(entry(text)).level is Level.INFO for text in calm)


# -- the book -----------------------------------------------------------------------------------------------------
def choose(book: LogBook, wanted: LogFilter) -> list[str]:
    for _ in book.choose(wanted):
        pass
    return [book.text(number).split()[-1] for number in book.shown]


def test_a_filter_counts_for_what_is_there_and_what_comes() -> None:
    book = LogBook()
    book.add(
        [line("a"), line("b", Level.ERROR), line("[discord] c", part="discord"), line("D", source=From.PROXY)]
    )
    assert choose(book, LogFilter(Level.WARNING)) == ["b"]
    book.add([line("e"), line("f", Level.WARNING)])
    assert [book.text(number)[-1] for number in book.shown] == ["b", "f"]
    assert choose(book, LogFilter(source=From.PROXY)) == ["D"]
    assert choose(book, LogFilter(source=From.GATEWAY, part="discord")) == ["c"]
    assert choose(book, LogFilter(text="d")) == ["c", "D"], "also in who said it"
    assert choose(book, LogFilter()) == ["a", "b", "c", "D", "e", "f"]
    assert book.parts == {"discord": 1}


def test_search_and_the_line_of_a_diagnosis() -> None:
    book = LogBook()
    book.add([line(f"[gateway] said {n}") for n in range(9)])
    assert book.find("SAID 3", range(9)) == 3
    assert book.find("said", range(8, -1, -1)) == 8
    assert book.find("nothing", range(9)) is None
    assert book.find("said", range(20, 30)) is None
    assert book.place("[gateway]  said 4", range(8, -1, -1)) == 4
    assert book.place("12:00 [gateway] said 5 (more)", range(8, -1, -1)) == 5, "one that has the line in it"
    assert book.place("no such", range(9)) is None


def test_the_oldest_lines_go_and_numbers_stay() -> None:
    book = LogBook()
    book.add(line(str(n)) for n in range(KEPT + BLOCK))
    assert (book.first, len(book.shown)) == (0, KEPT + BLOCK)
    book.add([line("last")])
    assert (book.first, book.count, len(book.shown)) == (BLOCK + 1, KEPT + BLOCK + 1, KEPT)
    assert book.text(book.shown[0]).endswith(f" {BLOCK + 1}")
    assert book.text(book.shown[-1]).endswith(" last")


def test_no_piece_of_a_filter_takes_long() -> None:
    book = LogBook()
    book.add(line(f"[gateway] said {n}") for n in range(KEPT))
    worst, last = 0.0, time.thread_time()
    for _ in book.choose(LogFilter(text="99")):
        now = time.thread_time()
        worst, last = max(worst, now - last), now
    assert worst < 0.06
    assert book.shown == sorted(book.shown)
