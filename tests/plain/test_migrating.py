"""`migrate` and `status` as a script meets a gateway of Clawdbot."""

from __future__ import annotations

from tests.conftest import Cloud
from tests.engine.clawdbot import APP, IMAGE, have_clawdbot
from tests.plain.program import claw_tui, inside
from tests.plain.test_doors import have


def test_there_and_back(cloud: Cloud) -> None:
    cloud.log_in()
    have_clawdbot(literal=True)
    said = claw_tui("status")
    assert f"{APP}: deployed, personal, started, Clawdbot, " in said.out
    said = claw_tui("status", APP, "--json")
    assert said.of("status")[0]["program"]["generation"] == "clawdbot"
    assert "variable CLAWDBOT_STATE_DIR" in said.of("status")[0]["program"]["evidence"]
    said = claw_tui("migrate", APP, "--yes", "--json")
    assert said.code == 0, said
    assert said.of("about")[0]["program"] == "Clawdbot 2026.1.24-3"
    assert "CANARY" not in said.out + said.err
    assert cloud.app(APP)["machines"][0]["image"].endswith("openclaw:2026.9.6")
    said = claw_tui("migrate", APP, "--yes")
    assert (said.code, said.err) == (0, ""), "there is nothing to do"
    assert "--confirm when all is well" in said.out
    said = claw_tui("migrate", APP, "--back", "--yes")
    assert said.code == 0, said
    assert "Clawdbot 2026.1.24-3 comes back" in said.out
    assert cloud.app(APP)["machines"][0]["image"] == IMAGE


def test_what_it_refuses(cloud: Cloud) -> None:
    cloud.log_in()
    assert inside("migrate", "my-app", "--yes") == 3
    have_clawdbot()
    assert inside("migrate", APP, "--confirm", "--yes") == 3
    assert inside("migrate", APP, "--back", "--yes") == 3
    assert cloud.app(APP)["machines"][0]["image"] == IMAGE


def test_one_that_is_openclaw_already(cloud: Cloud) -> None:
    have(cloud)
    said = claw_tui("migrate", "my-app")
    assert (said.code, said.err) == (0, ""), said
    assert said.out == "my-app runs OpenClaw 2026.9.6: there is nothing to migrate.\n"
    assert claw_tui("migrate", "my-app", "--json").objects[-1]["state"] == "unchanged"
    assert inside("migrate", "my-app", "--confirm") == 3


def test_what_clawdbot_has_no_command_for(cloud: Cloud) -> None:
    """It will not answer in a minute either."""
    cloud.log_in()
    have_clawdbot()
    for words in (f"devices {APP}", f"run {APP} -- openclaw doctor"):
        said = claw_tui(*words.split())
        assert (said.code, said.out) == (3, ""), said
        assert said.err == (
            "Clawdbot has no command that could be asked for that.\n"
            f"`claw-tui --demo migrate {APP}` brings it to OpenClaw, which has one.\n"
        )
