"""The encoder is exact for every value that it accepts, read by a copy of flyctl's parser."""

from __future__ import annotations

import random

import pytest

from claw_tui.demo.import_parser import Panic, parse_import
from claw_tui.domain.import_format import encode

ALPHABET = "ab1 \t\"'#=\\\n$`-_/+漢é\r"


def test_random_values_arrive_exactly() -> None:
    source, accepted = random.Random(20261121), 0
    for _ in range(20_000):
        value = "".join(source.choice(ALPHABET) for _ in range(source.randint(1, 14)))
        line = encode("K", value)
        if line is None:
            continue
        accepted += 1
        assert parse_import(line + "NEXT=1\n") == {"K": value, "NEXT": "1"}, repr(value)
    assert accepted > 10_000


@pytest.mark.parametrize(
    "value", ["", "a\rb", "a\0b", "x" * 70_000, '"""', '""a', 'ab"#c"', 'x\n"', 'a"""\nb"""\nc']
)
def test_what_the_format_cannot_carry_is_refused(value: str) -> None:
    line = encode("K", value)
    assert line is None or parse_import(line) == {"K": value}


def test_the_parser_has_flyctls_surprises() -> None:
    assert parse_import("K=a#b\n") == {"K": "a"}
    assert parse_import("K= lead \n") == {"K": "lead "}
    assert parse_import("# c\n\nK='q'\n") == {"K": "q"}
    assert parse_import('K="""a\nb"""\n') == {"K": "a\nb"}
    assert parse_import("A=1\nK=" + "x" * 70_000 + "\nB=2\n") == {"A": "1"}
    assert parse_import('K="""never closed\nB=2\n') == {}
    with pytest.raises(ValueError, match="line2"):
        parse_import("K=a\nline2\n")
    with pytest.raises(Panic):
        parse_import('K="\n')
