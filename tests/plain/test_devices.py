"""`devices` as a script meets it."""

from __future__ import annotations

from tests.conftest import Cloud
from tests.plain.program import claw_tui, inside
from tests.plain.test_doors import have


def test_let_in_and_take_out(cloud: Cloud) -> None:
    have(cloud)
    said = claw_tui("devices", "my-app", "--json")
    assert said.code == 0, said
    device, person = said.of("waiting")
    assert (device["channel"], person["channel"]) == ("", "discord")
    said = claw_tui("devices", "my-app", "--approve", device["id"])
    assert (said.code, said.out) == (0, "Let in: Chrome · MacIntel · 198.51.100.7\n")
    said = claw_tui("devices", "my-app", "--reject", person["id"].lower())
    assert (said.code, said.out) == (0, "Turned away: ada · Ada\n")
    said = claw_tui("devices", "my-app", "--json")
    (inside_now,) = said.of("device")
    assert (inside_now["platform"], inside_now["roles"]) == ("MacIntel", ["operator"])
    assert said.of("waiting") == said.of("person") == []
    said = claw_tui("devices", "my-app", "--approve", "nobody")
    assert said.code == 3
    assert "Nobody with the number nobody waits" in said.err
    assert claw_tui("devices", "my-app", "--revoke", inside_now["id"][:12]).out == "Taken out: Chrome\n"


def test_an_empty_name_is_nobody() -> None:
    """A script's variable that was not set lets nobody in, and takes nobody out."""
    for option in ("--approve", "--reject", "--revoke"):
        assert inside("devices", "my-app", option, "") == 3
