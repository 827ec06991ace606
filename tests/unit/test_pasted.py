"""What came with a paste is recognised and named; nothing is taken away from a value that is only odd."""

from __future__ import annotations

import random

import pytest

from claw_tui.domain.pasted import in_words, offer

WANTED = "ANTHROPIC_API_KEY"
NAME = "“ANTHROPIC_API_KEY” and what belongs to it"


@pytest.mark.parametrize(
    ("pasted", "meant", "taken"),
    [
        ("  sk-ant-1 ", "sk-ant-1", "the blanks around it"), ("sk-ant-1\n", "sk-ant-1", "the line breaks around it"),
        ("\nsk-ant-1", "sk-ant-1", "the line breaks around it"), ("sk-ant-\n1", "sk-ant-1", "the line breaks in it"),
        ("\u00a0sk-ant-1\u2003", "sk-ant-1", "the blanks around it"),
        ("sk-ant\u200b-1", "sk-ant-1", "characters that can't be seen"),
        ("\x1b[31msk", "[31msk", "characters that can't be seen"),
        ('"sk-ant-1"', "sk-ant-1", "the quotes around it"), ("“sk-ant-1”", "sk-ant-1", "the quotes around it"),
        ("export ANTHROPIC_API_KEY=sk-ant-1", "sk-ant-1", NAME), ("ANTHROPIC_API_KEY=sk-ant-1", "sk-ant-1", NAME),
        ("set -x ANTHROPIC_API_KEY sk-ant-1", "sk-ant-1", NAME), ("set -gx ANTHROPIC_API_KEY sk-ant-1", "sk-ant-1", NAME),
        ("setenv ANTHROPIC_API_KEY sk-ant-1", "sk-ant-1", NAME), ("set ANTHROPIC_API_KEY=sk-ant-1", "sk-ant-1", NAME),
        ("ANTHROPIC_API_KEY: sk-ant-1", "sk-ant-1", NAME), ("ANTHROPIC_API_KEY = sk-ant-1", "sk-ant-1", NAME),
        ("OPENAI_API_KEY=sk-1", "sk-1", "“OPENAI_API_KEY” and what belongs to it"),
        ("MY_OTHER_KEY=sk-1", "sk-1", "a name in front (12 characters)"),
        ("export mykey=sk-1", "sk-1", "a name in front (5 characters)"),
        ("ANTHROPIC_API_KEY='sk-ant-1'", "sk-ant-1", f"{NAME} and the quotes around it"),
        ('$env:ANTHROPIC_API_KEY = "sk-ant-1"', "sk-ant-1", f"{NAME} and the quotes around it"),
        ('export ANTHROPIC_API_KEY="sk-ant-1";\n', "sk-ant-1",
         f"the line breaks around it, {NAME} and the quotes around it"),
        ("export ANTHROPIC_API_KEY=sk-\nant-1", "sk-ant-1", f"{NAME} and the line breaks in it"),
        ("# mine\nOPENAI_API_KEY=sk-2\nANTHROPIC_API_KEY=sk-ant-1\n", "sk-ant-1", f"the other lines (2) and {NAME}"),
    ],
)  # fmt: skip
def test_what_came_along_is_offered_to_be_taken_off(pasted: str, meant: str, taken: str) -> None:
    found = offer(pasted, wanted=WANTED)
    assert found is not None
    assert found.value.reveal() == meant
    assert in_words(found.taken) == taken


@pytest.mark.parametrize(
    "value", ["", " \n ", "sk-ant-1", "a=b", "ABCDEF==", "AB_CDEFGH==", "abc_def=ghi", '"', "''", 'a"b"', "x=y z", "KEY=", "MY_KEY=="]
)  # fmt: skip
def test_a_value_that_is_only_odd_is_left_alone(value: str) -> None:
    assert offer(value, wanted=WANTED) is None


def test_a_secret_of_several_lines_keeps_them() -> None:
    key = "-----BEGIN KEY-----\nabc\tdef\n-----END KEY-----"
    assert offer(key, one_line=False) is None
    found = offer(f"\n{key}\n", one_line=False)
    assert found is not None
    assert found.value.reveal() == key


def test_a_name_that_nobody_knows_is_not_shown_for_it_may_be_secret() -> None:
    found = offer("SECRET_PART=rest-of-it", wanted=WANTED)
    assert found is not None
    assert "SECRET" not in in_words(found.taken)


def test_an_offer_is_shorter_and_clean() -> None:
    source = random.Random(20261121)
    for _ in range(5_000):
        text = "".join(source.choice("ab1 \n\t\"'=#_A:\\é\u200b") for _ in range(source.randint(1, 12)))
        text = source.choice(("", "export ", "A_B=", "set -x A_B ", WANTED + "=")) + text
        found = offer(text, wanted=WANTED)
        if found is not None:
            assert found.taken, repr(text)
            assert 0 < len(found.value) < len(text), repr(text)
            assert found.value.reveal().strip(), repr(text)
