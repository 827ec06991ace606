from __future__ import annotations

import json
import math
import random

import pytest

from claw_tui.domain.openclaw import json5
from claw_tui.domain.parse import TooDeep


@pytest.mark.parametrize(("text", "value"), [
    ("// c\n{a: 1, /* x */ 'b': [1, 2,],}", {"a": 1, "b": [1, 2]}),
    ("{$x_1: .5, é: +1, n: -0x1F, e: 1e3, t: 5.}", {"$x_1": 0.5, "é": 1, "n": -31, "e": 1000.0, "t": 5.0}),
    (r"""{a: 'it\'s', b: "say \"x\"", c: 'a\
b', d: '\x41\u00e9\z', e: '\ud83e\udd9e'}""", {"a": "it's", "b": 'say "x"', "c": "ab", "d": "Aéz", "e": "🦞"}),
    ("[true, false, null, +Infinity, -Infinity]", [True, False, None, math.inf, -math.inf]),
    ("{truex: 1, 'null': null}", {"truex": 1, "null": None}),
    ("{}//", {}), ("\ufeff {}", {}), ("{url: 'https://a/b' // c\n}", {"url": "https://a/b"}),
])  # fmt: skip
def test_reads_what_openclaw_reads(text: str, value: object) -> None:
    assert json5.read(text) == value
    assert not json5.is_plain(text)


@pytest.mark.parametrize(("text", "line", "column"), [
    ("", 1, 1), ("{", 1, 2), ("{a 1}", 1, 4), ("{a: 1\n b: 2}", 2, 2), ("[1 2]", 1, 4), ("{a: hush}", 1, 5), ("{a: 'hush", 1, 10),
    ("{} {}", 1, 4), ("/* hush", 1, 1), ("{a: '\\u12'}", 1, 8), ("{1a: 2}", 1, 2), ("{a: 'x\ny'}", 1, 7), ("{,}", 1, 2),
])  # fmt: skip
def test_says_where_it_is_wrong_and_quotes_nothing(text: str, line: int, column: int) -> None:
    with pytest.raises(json5.Unreadable) as wrong:
        json5.read(text)
    assert (wrong.value.line, wrong.value.column) == (line, column)
    assert "hush" not in str(wrong.value)


@pytest.mark.parametrize("text", ["[" * 5000, "{a:" * 5000, "[1,]" + "[" * 200_000])
def test_brackets_without_end_are_an_error_too(text: str) -> None:
    with pytest.raises((json5.Unreadable, TooDeep)):
        json5.read(text)


def test_random_json_is_read_as_json_with_comments_strewn_in() -> None:
    rng = random.Random(7)
    for _round in range(300):
        value = some_value(rng, 4)
        text = json.dumps(value, ensure_ascii=rng.random() < 0.5, indent=rng.choice((None, 2)))
        assert json5.read(text) == value
        assert json5.read(f"// {{\n{text} /* ' */") == value


def some_value(rng: random.Random, depth: int) -> object:
    kind = rng.randrange(7 if depth else 5)
    if kind == 5:
        return [some_value(rng, depth - 1) for _n in range(rng.randrange(4))]
    if kind == 6:
        return {some_text(rng): some_value(rng, depth - 1) for _n in range(rng.randrange(4))}
    return (None, rng.random() < 0.5, rng.randrange(-999, 999), rng.randrange(99) / 8, some_text(rng))[kind]


def some_text(rng: random.Random) -> str:
    return "".join(rng.choice("ab \"'\\/{}[]:,\n\té🦞\u2028") for _n in range(rng.randrange(6)))
