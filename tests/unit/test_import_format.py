"""The encoder is exact for every value that it accepts, read by a copy of flyctl's parser."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from claw_tui.demo.import_parser import Panic, parse_import
from claw_tui.domain.import_format import MAX_LINE, carried_alone, encode, problem
from tests.nasty import nasty

VALUES = 24_000


def test_random_values_arrive_exactly() -> None:
    """One by one, and many in one import, as they are really sent."""
    dice, accepted, together, wanted = random.Random(20261121), 0, "", dict[str, str]()
    for number in range(VALUES):
        value = nasty(dice)
        line = encode(f"K{number}", value)
        if line is None:
            continue
        accepted += 1
        assert parse_import(line + "NEXT=1\n") == {f"K{number}": value, "NEXT": "1"}, repr(value)
        together, wanted = together + line, {**wanted, f"K{number}": value}
        if len(wanted) == 50:
            assert parse_import(together) == wanted
            together, wanted = "", {}
    assert accepted > VALUES / 2
    print(f"{accepted} of {VALUES} values arrived exactly, the rest was refused")


def test_every_value_goes_one_way_or_is_refused_with_a_sentence() -> None:
    dice, ways = random.Random(20261122), Counter[str]()
    for _ in range(VALUES // 2):
        value = nasty(dice)
        carried = encode("K", value) is not None or carried_alone(value)
        assert bool(problem(value)) == (not carried or len(value.encode()) > MAX_LINE), repr(value)
        ways["carried" if carried else "refused"] += 1
    assert min(ways.values()) > 100, "both happen"


def test_what_is_on_its_own_is_never_trimmed() -> None:
    """Go's TrimSpace takes off what Unicode calls a space; whatever Python's leaves alone, it leaves alone too."""
    for blank in " \t\n\v\f\r\u0085\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000":
        assert not carried_alone(f"x{blank}")
        assert not carried_alone(f"{blank}x")
    assert not carried_alone("a\0b")
    assert not carried_alone("\udc80")


@pytest.mark.parametrize(
    "value", ["", "a\rb", "a\0b", "x" * 70_000, '"""', '""a', 'ab"#c"', 'x\n"', 'a"""\nb"""\nc']
)
def test_what_the_format_cannot_carry_is_refused(value: str) -> None:
    assert encode("K", value) is None


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
