"""`run` as a script meets it."""

from __future__ import annotations

from tests.conftest import Cloud
from tests.plain.program import claw_tui, inside
from tests.plain.test_doors import have


def test_what_it_says_and_ends_with_is_passed_on(cloud: Cloud) -> None:
    have(cloud)
    said = claw_tui("run", "my-app", "--", "openclaw", "config", "validate")
    assert (said.code, said.out, said.err) == (0, "Config valid: /data/openclaw.json\n", "")
    said = claw_tui("run", "my-app", "--", "openclaw", "models", "status", "--probe")
    assert (said.code, said.out) == (1, "")
    assert "Stop the Gateway first" in said.err
    said = claw_tui("run", "my-app", "--json", "--", "nosuch")
    assert said.code == 1
    assert said.of("ran")[0]["code"] == 1


def test_what_wants_a_terminal_is_refused_without_asking_anybody() -> None:
    assert inside("run", "my-app", "--", "openclaw", "channels", "login", "--channel", "whatsapp") == 3
    assert inside("run", "my-app", "--", "bash") == 3
