"""What an openclaw.json says of people, and how people and devices are told."""

from __future__ import annotations

import pytest

from claw_tui.domain.answers import PairingRequest
from claw_tui.domain.guest_words import ago, ask_in, person_words, seen_words, waits_words
from claw_tui.domain.guests import Device, Person, Rules, merged, rules_of


def test_the_rules_of_a_file() -> None:
    text = """{ // JSON5, as OpenClaw takes it
      channels: {
        telegram: {enabled: true, allowFrom: [5, "6"]}, discord: {dm: {allowFrom: ["7"]}}, slack: {enabled: false},
        nextcloud: {enabled: true},
      },
      commands: {ownerAllowFrom: ["telegram:6", "odd"]},
    }"""
    rules = rules_of(text)
    assert rules.channels == ("discord", "telegram")
    assert rules.people == (
        Person("discord", "7", by_file=True), Person("telegram", "5", by_file=True),
        Person("telegram", "6", owner=True, by_file=True),
    )  # fmt: skip
    both = merged((Person("telegram", "6"), Person("telegram", "8")), rules)
    assert Person("telegram", "6", owner=True) in both
    assert len(both) == 4


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"channels": 3, "commands": []}'])
def test_a_file_that_says_nothing(text: str | None) -> None:
    assert rules_of(text) == Rules()


def test_how_they_are_told() -> None:
    request = PairingRequest("ABCD2345", "telegram", "ada", until=1000.0)
    assert waits_words(request, 400.0) == "Telegram · code ABCD2345 · 10 min left"
    assert waits_words(request, 2000.0).endswith("0 min left")
    assert "owner" in ask_in(request, first=True)
    assert "owner" not in ask_in(request, first=False)
    device = Device("d", "Chrome", "", ("node",), (), "", 0.0, 0.0, connected=False)
    assert seen_words(device, 5.0) == "node · never seen"
    assert ago(0.0, 86400.0 * 3) == "3 days ago"
    assert ago(0.0, 59.0) == "just now"
    assert "E on Home" in person_words(Person("telegram", "5", by_file=True))
