"""Whatever bytes come from the terminal, they become text; a paste without brackets gets some."""

from __future__ import annotations

import random

import pytest

from claw_tui.widgets.terminal_input import BEGIN, END, MOST_TYPED, AnyBytes

LONG = "k" * (MOST_TYPED + 1)


def decoded(*pieces: bytes) -> str:
    decoder = AnyBytes()
    return "".join(decoder.decode(piece) for piece in pieces)


def test_what_is_no_utf_8_is_replaced_and_ends_nothing() -> None:
    assert decoded(b"caf\xe9 au lait") == "caf\ufffd au lait"
    assert decoded("é狐😀".encode()) == "é狐😀"
    assert decoded(*(bytes([byte]) for byte in "é狐😀".encode())) == "é狐😀"
    dice = random.Random(20261121)
    for _ in range(2_000):
        decoded(*(dice.randbytes(dice.randint(1, 9)) for _ in range(5)))


def test_a_paste_that_comes_as_keys_gets_brackets() -> None:
    assert decoded(LONG.encode()) == BEGIN + LONG + END
    assert decoded(f"{LONG}\r".encode()) == f"{BEGIN}{LONG}\r{END}"
    assert decoded(LONG.encode(), LONG.encode(), b"abc") == (BEGIN + LONG + END) * 2 + "abc"
    assert decoded(b"\x1b[B", b"\r", LONG.encode()) == f"\x1b[B\r{BEGIN}{LONG}{END}"
    assert decoded(b"\x1b[", f"B{LONG}".encode()) == f"\x1b[B{LONG}"


@pytest.mark.parametrize(
    "typed",
    ["a", "\r", "my-app\t1\r", LONG[:MOST_TYPED], "\x1b[A" * 20, f"\x1b[B{LONG}", "\x1b[<35;10;10M" * 5],
)
def test_what_is_typed_and_what_keys_and_mice_send_stays(typed: str) -> None:
    assert decoded(typed.encode()) == typed


def test_a_paste_with_brackets_is_left_alone_however_it_is_cut() -> None:
    text = f"{BEGIN}{LONG}{LONG}{LONG}{END}x"
    for at in range(1, len(text)):
        assert decoded(text[:at].encode(), text[at:].encode()) == text
    pieces = [text[at : at + MOST_TYPED + 5].encode() for at in range(0, len(text), MOST_TYPED + 5)]
    assert decoded(*pieces) == text
    assert decoded(text.encode(), LONG.encode()) == text + BEGIN + LONG + END


def test_an_escape_in_a_paste_is_no_key_however_it_is_cut() -> None:
    """Textual would take what follows it for keys: Enter, or the shortcuts of Home."""
    text, wanted = f"a{BEGIN}one\x1b[31m\rtwo\x1b\x1bp{END}\x1b[B", f"a{BEGIN}one[31m\rtwop{END}\x1b[B"
    assert decoded(text.encode()) == wanted
    for at in range(1, len(text)):
        assert decoded(text[:at].encode(), text[at:].encode()) == wanted, at
    assert decoded(*(bytes([byte]) for byte in text.encode())) == wanted
    assert decoded(f"{BEGIN}x{END}{BEGIN}\x1by{END}\x1bz".encode()) == f"{BEGIN}x{END}{BEGIN}y{END}\x1bz"


def test_what_is_left_of_a_paste_at_the_end_is_not_lost() -> None:
    decoder = AnyBytes()
    assert decoder.decode(f"{BEGIN}abc\x1b[20".encode()) == f"{BEGIN}abc"
    assert decoder.decode(b"", final=True) == "[20"
