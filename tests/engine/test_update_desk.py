"""Which ways back there are, by what runs and what was written down."""

from __future__ import annotations

import pytest

from claw_tui.domain.update import BACK, FROM_SNAPSHOT, UpdateRecord, record_of, record_text, volume_name
from claw_tui.domain.versions import is_older, split, version_of
from claw_tui.engine.update_desk import Offer

DONE = UpdateRecord("2026.9.6", "2026.9.1", "i", "vol_1", (), "vs_1", "2026-11-22T06:00:00Z", done=True)
SNAPSHOT = FROM_SNAPSHOT + "vs_1"


@pytest.mark.parametrize(("now", "well", "done", "ways"), [
    ("2026.9.6", True, True, (SNAPSHOT, BACK)),
    ("2026.9.6", False, True, (SNAPSHOT, BACK)),
    ("2026.9.6", False, False, (BACK, SNAPSHOT)),
    ("2026.9.1", True, False, ()),
    ("2026.9.1", True, True, ()),
    ("2026.9.1", False, True, (SNAPSHOT,)),  # the old one, on what the new one has made of the volume
])  # fmt: skip
def test_ways_back(now: str, well: bool, done: bool, ways: tuple[str, ...]) -> None:
    from dataclasses import replace

    assert Offer(now, well=well, record=replace(DONE, done=done)).ways_back == ways


def test_nothing_was_updated() -> None:
    assert Offer("2026.9.6").ways_back == ()


def test_a_record_is_read_again_and_a_damaged_one_is_none() -> None:
    assert record_of(record_text(DONE)) == DONE
    for text in ("", "{", "[]", "3", '{"seen": 3}', '{"to": 3}', '{"at": null}'):
        assert record_of(text) == UpdateRecord()
    assert record_of('{"to": "x", "of_a_newer_claw_tui": 1}') == UpdateRecord(to="x")


def test_names_of_volumes_are_ones_that_fly_takes() -> None:
    first = volume_name("openclaw_data", "vs_AbCdEfGh12345")
    assert first == "openclaw_data_vsabcdefgh"
    assert volume_name(first, "vs_9999999999") == "openclaw_data_vs99999999"
    assert len(volume_name("a" * 30, "vs_" + "x" * 30)) <= 30


def test_versions() -> None:
    assert version_of("ghcr.io/openclaw/openclaw:2026.9.6@sha256:ab") == "2026.9.6"
    assert version_of("localhost:5000/openclaw") == ""
    assert is_older("2026.9.6", "2026.10.1")
    assert not is_older("latest", "2026.10.1")
    assert split("2026.9.6", ["2026.9.1", "2026.10.1", "latest", "2026.9.6"]) == (
        ("2026.10.1",),
        ("2026.9.1",),
    )
    assert split("deployment-1", ["2026.9.1"]) == (("2026.9.1",), ())
