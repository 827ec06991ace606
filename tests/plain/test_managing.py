"""`stop`, `start` and `restart` as a script meets them."""

from __future__ import annotations

from tests.conftest import Cloud
from tests.engine.test_powering import machine
from tests.plain.program import assert_each_once, claw_tui, inside
from tests.plain.test_doors import have


def test_stop_start_restart(cloud: Cloud) -> None:
    have(cloud)
    said = claw_tui("stop", "my-app", "--yes")
    assert said.code == 0, said
    assert "  $ fly machine stop " in said.out
    assert machine(cloud) == ("stopped", True)
    said = claw_tui("stop", "my-app", "--yes")
    assert said.code == 0
    assert "It is stopped, and costs $0.45 a month" in said.out
    assert "$15.90" not in said.out
    said = claw_tui("start", "my-app", "--yes", "--json")
    assert said.code == 0, said
    assert said.of("about")[0]["dollars"]["stopped"] == 0.45
    assert machine(cloud) == ("started", False)
    said = claw_tui("restart", "my-app", "--yes")
    assert said.code == 0, said
    assert "fly machine restart" in said.out
    said = claw_tui("stop", "my-app", "--until-asked", "--yes")
    assert said.code == 0, said
    assert machine(cloud) == ("stopped", False)


def test_what_they_refuse(cloud: Cloud) -> None:
    cloud.log_in()
    assert inside("stop", "my-app", "--yes") == 3
    assert inside("start", "No App", "--yes") == 3


def test_why_it_was_started_last(cloud: Cloud) -> None:
    """A restart soon after the deploy is no deploy."""
    have(cloud)
    said = claw_tui("status", "my-app", "--quick").out
    assert "with deploy v1" in said
    assert_each_once(said)
    assert claw_tui("restart", "my-app", "--yes").code == 0
    said = claw_tui("status", "my-app", "--quick").out
    assert "with deploy" not in said
    assert "somebody asked for it" in said, said


def test_of_one_that_is_stopped_the_command_is_named_and_no_key(cloud: Cloud) -> None:
    have(cloud)
    assert claw_tui("stop", "my-app", "--yes").code == 0
    for words in ("change my-app --memory 4096", "harden my-app", "devices my-app", "get my-app openclaw.json",
                  "run my-app -- openclaw health", "status my-app --quick"):  # fmt: skip
        said = claw_tui(*words.split())
        assert said.code != 0, said
        assert "`claw-tui --demo start my-app`" in said.out + said.err, (words, said)
        assert "on Home" not in said.out + said.err, (words, said)


def test_what_runs_is_not_said_to_cost_what_a_stopped_one_does(cloud: Cloud) -> None:
    have(cloud)
    said = claw_tui("start", "my-app", "--yes")
    assert "It costs $15.90 a month, as it runs." in said.out
    assert "$0.45" not in said.out
