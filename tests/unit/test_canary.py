"""The search itself: a leak in any form is found, and nothing else is."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.canary import Canaries, forms

VALUE = "sk-ant-api03-CANARY/one+two=three\"four'five"
CANARIES = Canaries({"KEY": VALUE, "OTHER": "MTE4.CANARYd.another-one-of-them"})
RAW = VALUE.encode()


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz"])
@pytest.mark.parametrize("after", ["", "x", "xy", "xyz"])
def test_base64_at_every_alignment(before: str, after: str) -> None:
    coded = base64.b64encode(before.encode() + RAW + after.encode())
    assert CANARIES.find(b"..." + coded + b"...")
    assert CANARIES.find(base64.urlsafe_b64encode(before.encode() + RAW + after.encode()))


@pytest.mark.parametrize("data", [
    RAW, RAW[: len(RAW) // 2], RAW[len(RAW) // 2 :], RAW[::-1], RAW.hex().encode(), RAW.hex().upper().encode(),
    quote(VALUE, safe="").encode(), json.dumps({"a": VALUE}).encode(), repr({"a": VALUE}).encode(),
])  # fmt: skip
def test_every_form_is_found(data: bytes) -> None:
    assert CANARIES.find(b"before " + data + b" after")


def test_a_lone_half_of_a_short_one_is_not_looked_for() -> None:
    assert "first half" not in forms("fifteen-letters")
    assert "first half" in forms("sixteen-letters!")


def test_nothing_is_found_where_nothing_is() -> None:
    for data in (b"", b"CANARY", b"sk-ant-api03-", zlib.compress(RAW), b"another one of them"):
        assert CANARIES.find(data) == []
    assert CANARIES.find(RAW, but=["KEY"]) == []


def test_on_a_terminal_colours_and_line_ends_do_not_hide_it() -> None:
    coloured = b"\x1b[1m" + b"\x1b[0;31m".join(RAW[at : at + 3] for at in range(0, len(RAW), 3))
    wrapped = b"\r\n\x1b[5;2H".join(RAW[at : at + 10] for at in range(0, len(RAW), 10))
    assert CANARIES.find(coloured) == CANARIES.find(wrapped) == []
    assert CANARIES.find_on_terminal(coloured)
    assert CANARIES.find_on_terminal(wrapped)


def test_in_files_and_in_their_names(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"fine")
    assert CANARIES.find_in_files(tmp_path) == []
    (tmp_path / "a").write_bytes(RAW)
    (tmp_path / RAW.hex()).touch()
    assert len(CANARIES.find_in_files(tmp_path)) == 2
