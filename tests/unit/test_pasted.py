"""What came with a paste is recognised and named; nothing is taken away from a value that is only odd."""

from __future__ import annotations

import random
import time

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
        ("\x1b[31msk\x1b[0m", "sk", "characters that can't be seen"),
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


KEY = "sk-ant-api03-" + "Q7r" * 14
OTHER = "sk-proj-" + "a" * 48


@pytest.mark.parametrize("pasted", [
    f"ANTHROPIC_API_KEY='{KEY}' # mine", f"ANTHROPIC_API_KEY={KEY} # mine", f'ANTHROPIC_API_KEY="{KEY}"  # mine', f'"ANTHROPIC_API_KEY": "{KEY}",',
    f'{{"ANTHROPIC_API_KEY": "{KEY}"}}', f'{{"apiKey":"{KEY}"}}', f'{{"OPENAI_API_KEY": "{OTHER}", "ANTHROPIC_API_KEY": "{KEY}"}}',
    f"Bearer {KEY}", f"Authorization: Bearer {KEY}", f"x-api-key: {KEY}", f"X-Api-Key:{KEY}", f"-H 'x-api-key: {KEY}'", f"“{KEY}”", f"„{KEY}“", f"»{KEY}«",
    f"«\u00a0{KEY}\u00a0»", f"OPENAI_API_KEY={OTHER}\nANTHROPIC_API_KEY={KEY}", f'OPENAI_API_KEY="{OTHER}"\nANTHROPIC_API_KEY="{KEY}" # x\n',
    f"{OTHER}\n{KEY}", f"$ export ANTHROPIC_API_KEY={KEY}", f"`{KEY}`", f"**{KEY}**", f"<{KEY}>", f"{KEY},", f"{KEY};", f"{KEY}.", f'{KEY}",',
    f'ANTHROPIC_API_KEY = "{KEY}"', f"- ANTHROPIC_API_KEY={KEY}", f"-e ANTHROPIC_API_KEY={KEY}", f"fly secrets set ANTHROPIC_API_KEY={KEY}",
    f"anthropic_api_key={KEY}", f"My key is {KEY}, keep it.", f"\x1b[32m{KEY}\x1b[0m", f"{KEY[:30]}\n{KEY[30:]}", f"{KEY[:30]}\n    {KEY[30:]}\n", f"{KEY}\0",
])  # fmt: skip
def test_the_key_itself_is_offered_whatever_it_was_copied_out_of(pasted: str) -> None:
    found = offer(pasted, wanted=WANTED)
    assert found is not None
    assert found.value.reveal() == KEY
    assert found.taken


@pytest.mark.parametrize("pasted", [
    'MISTRAL_API_KEY="abcdefghijklmnopqrstuvwx" # mine', "Bearer abcdefghijklmnopqrstuvwx", '{"key": "abcdefghijklmnopqrstuvwx"}',
    "mistral_api_key: abcdefghijklmnopqrstuvwx", "abcdefghijklmnopqrstuvwx,",
])  # fmt: skip
def test_also_when_it_has_no_shape_of_its_own(pasted: str) -> None:
    found = offer(pasted, wanted="MISTRAL_API_KEY")
    assert found is not None
    assert found.value.reveal() == "abcdefghijklmnopqrstuvwx"


@pytest.mark.parametrize("pasted", [f"{KEY}!{KEY}", OTHER, f"{KEY}/+=", f"{KEY}#x", f"{KEY} {KEY[:-1]}x"])
def test_a_piece_is_never_offered_for_a_key(pasted: str) -> None:
    """Neither a part of a long one, nor one of two, nor another company's."""
    found = offer(pasted, wanted=WANTED)
    assert found is None


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


@pytest.mark.parametrize("text", [
    "{" * 100_000, '{"a":' * 20_000, "sk-ant-" * 15_000, "A_B=" * 25_000, '"' + "a#" * 50_000, "export " * 14_000, "set " + "-a " * 30_000,
    "A_B=1\n" * 15_000, " " * 100_000 + "x", "ANTHROPIC_API_KEY=" + "'a" * 40_000 + " #", "\0" * 100_000,
], ids=lambda text: text[:12].strip(" \n\0") or "zeros")  # fmt: skip
def test_no_paste_is_too_much(text: str) -> None:
    for one_line in (True, False):
        start = time.monotonic()
        offer(text, wanted=WANTED, one_line=one_line)
        assert time.monotonic() - start < 10, "it took half a second at most; quadratic would be minutes"


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
