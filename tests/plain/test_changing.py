"""`change` as a script meets it."""

from __future__ import annotations

from tests.conftest import Cloud
from tests.engine.test_changing import machine
from tests.plain.program import claw_tui, inside
from tests.plain.test_doors import have


def test_memory_volume_and_region(cloud: Cloud) -> None:
    have(cloud)
    said = claw_tui("change", "my-app", "--memory", "4096", "--volume", "5", "--yes")
    assert said.code == 0, said
    assert "Price: $15.90 → $30.06 a month (+14.16)" in said.out
    assert "  $ fly machine update " in said.out
    assert machine(cloud)["guest"]["memory_mb"] == 4096
    said = claw_tui("change", "my-app", "--region", "bom", "--yes", "--json")
    assert said.code == 5, said
    assert machine(cloud)["state"] == "started"
    said = claw_tui("change", "my-app", "--region", "iad", "--yes", "--json")
    assert said.code == 0, said
    assert said.of("about")[0]["dollars"] == {"now": 30.06, "then": 26.14}
    assert machine(cloud)["region"] == "iad"


def test_what_it_refuses(cloud: Cloud) -> None:
    have(cloud)
    for words in (
        (),
        ("--memory", "1024"),
        ("--volume", "1"),
        ("--region", "xyz"),
        ("--size", "huge"),
        ("--back",),
        ("--command", "sleep 1"),
    ):
        assert inside("change", "my-app", "--yes", *words) == 3, words
    assert machine(cloud)["guest"]["memory_mb"] == 2048


OWN = "node dist/index.js gateway --allow-unconfigured --port 3000 --bind lan"


def test_another_start_command_and_back_to_the_usual_one(cloud: Cloud) -> None:
    """An empty one is claw-tui's own, as on Home's V; once that is there, there is nothing to do."""
    have(cloud)
    usual = machine(cloud)["cmd"]
    said = claw_tui("change", "my-app", "--command", f"{OWN} --verbose", "--yes")
    assert said.code == 0, said
    assert machine(cloud)["cmd"][-1] == "--verbose"
    said = claw_tui("change", "my-app", "--command", "", "--yes")
    assert said.code == 0, said
    assert machine(cloud)["cmd"] == usual == OWN.split()
    said = claw_tui("change", "my-app", "--command", "")
    assert (said.code, said.out, said.err) == (0, "Nothing to change.\n", ""), said
    assert "empty: claw-tui's own again" in " ".join(claw_tui("change", "--help").out.split())
