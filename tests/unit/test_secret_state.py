"""How a secret stands, from what Fly.io tells and what we know."""

from __future__ import annotations

import pytest

from claw_tui.domain.gateway_config import Json, token_reference, uses_of, written_token
from claw_tui.domain.secret_kinds import KINDS, is_gateway_token, kind_of, name_problem
from claw_tui.domain.secret_state import SecretRow, Standing, secret_rows
from claw_tui.domain.world import SecretInfo

LIVE = SecretInfo("A", "d1", "Deployed")
STAGED = SecretInfo("A", "d2", "Staged")


def one(
    info: SecretInfo | None, revision: str = "", sent: tuple[str, str] | None = None, *, removed: bool = False
) -> SecretRow:
    found = secret_rows(
        [info] if info else [],
        {"A": revision} if revision else {},
        {"A": sent} if sent else {},
        ["A"] if removed else [],
        [],
    )
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(("row", "standing"), [
    (one(LIVE), Standing.LIVE),  # set elsewhere, never here
    (one(LIVE, "r1", ("r1", "d1")), Standing.LIVE),
    (one(LIVE, "r2", ("r1", "d1")), Standing.GIVEN),  # a newer value is here
    (one(LIVE, "r1"), Standing.GIVEN),  # here, and never sent
    (one(None, "r1", ("r1", "d1")), Standing.GONE),  # gone from Fly.io
    (one(LIVE, "r1", ("r1", "d0")), Standing.CHANGED),
    (one(LIVE, "r2", ("r1", "d0")), Standing.GIVEN),  # whoever set it there: what is newest here is not sent
    (one(STAGED, "r1", ("r1", "d0")), Standing.CHANGED),  # somebody else's, not in use yet
        (one(None, "r2", ("r1", "d1")), Standing.GIVEN),
        (one(STAGED), Standing.STAGED),
    (one(STAGED, "r1", ("r1", "d2")), Standing.STAGED),
    (one(SecretInfo("A", "d2", "Partial"), "r1", ("r1", "d2")), Standing.STAGED),
    (one(SecretInfo("A", "d2", "Unknown"), "r1", ("r1", "d2")), Standing.LIVE),
    (one(LIVE, removed=True), Standing.REMOVED),
    (one(None, removed=True), Standing.REMOVED),  # taken away, and no restart yet
])  # fmt: skip
def test_standing(row: SecretRow, standing: Standing) -> None:
    assert row.standing is standing


def test_known_kinds_come_first_and_each_once() -> None:
    there = [
        SecretInfo(name, "d", "Deployed")
        for name in ("ZZ", "DISCORD_BOT_TOKEN", "AA", "OPENCLAW_GATEWAY_TOKEN")
    ]
    rows = secret_rows(there, {"AA": "r1", "OPENAI_API_KEY": "r1"}, {}, ["ZZ"], ["AA"])
    assert [row.name for row in rows] == [
        "OPENCLAW_GATEWAY_TOKEN",
        "OPENAI_API_KEY",
        "DISCORD_BOT_TOKEN",
        "AA",
        "ZZ",
    ]
    assert [row.held for row in rows] == [False, False, False, True, False]


def test_a_token_in_the_file() -> None:
    literal: Json = {"gateway": {"auth": {"mode": "token", "token": "abc"}, "port": 3000}, "agents": {}}
    assert written_token(literal)
    for token in ("", "${OPENCLAW_GATEWAY_TOKEN}", {"source": "env", "provider": "default", "id": "X"}, None):
        assert not written_token({"gateway": {"auth": {"token": token}}})
    others: tuple[Json, ...] = ({}, {"gateway": None}, {"gateway": {"auth": "x"}})
    assert not any(written_token(config) for config in others)
    new = token_reference(literal, "OPENCLAW_GATEWAY_TOKEN")
    assert not written_token(new)
    assert new["gateway"] == {
        "auth": {"mode": "token", "token": {"source": "env", "provider": "default", "id": "OPENCLAW_GATEWAY_TOKEN"}}, "port": 3000,
    }  # fmt: skip
    assert new["meta"] == {}
    assert written_token(literal), "the old one stays as it was"


def test_what_uses_a_variable() -> None:
    config = {
        "channels": {"discord": {"token": {"source": "env", "provider": "default", "id": "D"}}},
        "list": ["x", {"key": "Bearer ${D}"}],
        "other": {"source": "file", "id": "D"},
    }
    assert uses_of(config, "D") == ("channels.discord.token", "list[1].key")
    assert uses_of(config, "E") == ()


@pytest.mark.parametrize(("name", "fine"), [
    ("TWILIO_AUTH_TOKEN", True), ("_x1", True), ("1A", False), ("A-B", False), ("A B", False), ("", False), ("FLY_API_TOKEN", False),
    ("A=B", False), ("AIzaSyZEBRA0123456789abcdefghijklmnopqr", False), ("ghp_abcdefghijklmnopqrst1234", False),
    ("gsk_abcdefghijklmnopqrst1234", False), ("A_LONG_NAME_WITH_MANY_WORDS_2", True), ("Ä", False),
    *((taken, False) for taken in ("PATH", "HOME", "LD_PRELOAD", "LC_ALL", "NODE_OPTIONS", "NODE_ENV", "TZ", "OPENCLAW_STATE_DIR", "CLAWDBOT_STATE_DIR")),
    *((free, True) for free in ("OPENCLAW_GATEWAY_PASSWORD", "CLAWDBOT_GATEWAY_TOKEN", "NODE_AUTH_TOKEN", "HTTPS_PROXY", "PATH_TO_IT", "path")),
])  # fmt: skip
def test_names_of_secrets(name: str, fine: bool) -> None:
    assert bool(name_problem(name)) is not fine


def test_every_secret_that_we_know_may_have_its_name() -> None:
    names = [name for kind in KINDS for name in (kind.env, *kind.aliases)]
    assert [name for name in names if name_problem(name)] == []
    assert name_problem("NODE_OPTIONS", new=False) == "", "it is at Fly.io already"


def test_older_names() -> None:
    assert is_gateway_token("CLAWDBOT_GATEWAY_TOKEN")
    assert kind_of("GOOGLE_API_KEY").provider == "google"
    assert not is_gateway_token("MY_OWN")
