"""Changing commands where nobody can be asked and --yes was not said: wrong words first, then the plan, and nothing is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from claw_tui.demo import world
from tests.conftest import Cloud
from tests.engine.clawdbot import APP as CLAWDBOT
from tests.engine.clawdbot import have_clawdbot
from tests.engine.test_hardening import add_v4
from tests.plain.program import claw_tui, inside, write_answers
from tests.plain.test_doors import have

CHANGES, USAGE = 2, 3
COMMANDS = {
    "stop": ("fly machine stop ",),
    "restart": ("fly machine restart ",),
    "change --memory 4096": ("Price: $15.90 → $29.76 a month (+13.86)", "fly machine update "),
    "harden": ("Links, bookmarks and apps that use", "fly ips release "),
    "remove": ("What is lost with it:", "fly apps destroy my-app"),
    "doctor --fix": ("Its machine is stopped", "fly machine start "),
}


def begun(cloud: Cloud, command: str) -> tuple[list[str], dict[str, object]]:
    """The command's words, and the world that it must leave as it is."""
    have(cloud)
    if command.startswith("doctor"):
        with world.opened() as now:
            machine = now["apps"]["my-app"]["machines"][0]
            machine["state"], machine["gateway"]["somebody"] = "stopped", None
    name, *options = command.split()
    return [name, "my-app", *options], cloud.read()["apps"]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_plan_is_shown_and_what_is_missing_is_said(cloud: Cloud, command: str) -> None:
    words, before = begun(cloud, command)
    said = claw_tui(*words)
    assert said.code == CHANGES, said
    assert said.err == "", "it is no mistake"
    for shown in COMMANDS[command]:
        assert shown in said.out
    option = "--yes-remove my-app" if command == "remove" else "--yes"
    assert said.out.rstrip().endswith(
        f"Nothing was done: nobody can be asked here. {option} does it without a question."
    )
    assert _machines(cloud) == _machines_in(before)


def test_as_objects(cloud: Cloud) -> None:
    have(cloud)
    said = claw_tui("change", "my-app", "--memory", "4096", "--json")
    assert (said.code, said.err) == (CHANGES, ""), said
    assert said.of("about")[0]["dollars"] == {"now": 15.9, "then": 29.76}
    end = said.objects[-1]
    assert (end["event"], end["state"], end["needs"], end["exit"]) == ("end", "unasked", "--yes", CHANGES)
    said = claw_tui("harden", "my-app", "--json")
    assert said.code == CHANGES, said
    assert [one["event"] for one in said.objects][-2:] == ["plan", "end"]
    assert said.of("plan")[0]["changes"] > 0


def test_apply_and_migrate_too(cloud: Cloud, tmp_path: Path) -> None:
    cloud.log_in()
    said = claw_tui("apply", write_answers(tmp_path), THE_KEY="sk-ant-api03-CANARYanthropicCANARYanthropic")
    assert said.code == CHANGES, said
    assert "create: Create the app" in said.out
    have_clawdbot()
    said = claw_tui("migrate", CLAWDBOT)
    assert said.code == CHANGES, said
    assert "--yes does it without a question." in said.out
    assert [*cloud.read()["apps"]] == [CLAWDBOT]


def test_wrong_words_come_first(cloud: Cloud, tmp_path: Path) -> None:
    have(cloud)
    for words in ("change my-app", "change my-app --size huge", "change my-app --volume 1", "stop No_App",
                  "remove my-app --yes-remove your-app", "remove my-app --forget --keep-app", "migrate my-app --confirm"):  # fmt: skip
        assert inside(*words.split()) == USAGE, words
    add_v4()
    said = claw_tui("harden", "my-app")
    assert said.code == USAGE, said
    assert "--dedicated-ipv4 release" in said.err
    copy = tmp_path / "copy.json"
    assert inside("remove", "my-app", "--copy", str(copy)) == CHANGES
    assert not copy.exists(), "nothing was done"


def test_nothing_to_do_is_no_question(cloud: Cloud) -> None:
    have(cloud)
    said = claw_tui("start", "my-app")
    assert (said.code, said.err) == (0, ""), said
    assert "Nothing to change." in said.out


def _machines(cloud: Cloud) -> object:
    return _machines_in(cloud.read()["apps"])


def _machines_in(apps: dict[str, object]) -> object:
    found: dict[str, dict[str, list[dict[str, object]]]] = apps  # type: ignore[assignment]
    return {
        name: [(one["id"], one["state"], one["config"]) for one in app["machines"]]
        for name, app in found.items()
    }
