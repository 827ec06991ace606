"""What others added to the gateway's file."""

from __future__ import annotations

from claw_tui.domain.openclaw.carry import carried


def test_what_openclaw_added_stays() -> None:
    last = {"channels": {"discord": {"enabled": True}}, "meta": {}}
    theirs = {
        "channels": {"discord": {"enabled": True, "nick": "Claw"}}, "meta": {"lastTouchedVersion": "2026.9.1"},
        "commands": {"ownerAllowFrom": ["discord:1"]},
    }  # fmt: skip
    wanted = {"channels": {"discord": {"enabled": False}}, "meta": {}}
    assert carried(wanted, last, theirs) == {
        "channels": {"discord": {"enabled": False, "nick": "Claw"}}, "meta": {"lastTouchedVersion": "2026.9.1"},
        "commands": {"ownerAllowFrom": ["discord:1"]},
    }  # fmt: skip


def test_what_we_took_out_goes_and_what_we_change_is_changed() -> None:
    last = {"channels": {"telegram": {}, "discord": {"guilds": {"1": {}, "2": {}}}}, "list": [1]}
    wanted = {"channels": {"discord": {"guilds": {"2": {"x": 1}}}}, "list": [2]}
    assert carried(wanted, last, {**last, "list": [1, 3]}) == wanted


def test_another_kind_of_value_is_no_place_to_keep_something_in() -> None:
    assert carried({"a": {"b": 1}, "c": 1}, {}, {"a": [1], "c": {"d": 2}}) == {"a": {"b": 1}, "c": 1}
