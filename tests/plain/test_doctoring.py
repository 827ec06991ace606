"""`doctor` as a script meets it."""

from __future__ import annotations

import pytest

from claw_tui.demo import world
from tests.conftest import TOKEN
from tests.engine.clawdbot import have_clawdbot
from tests.exposure import worlds
from tests.plain.program import Said, claw_tui


def make() -> None:
    with world.opened() as now:
        now["login"] = TOKEN.reveal()
        worlds.private(now)


def doctor(*more: str) -> Said:
    return claw_tui("doctor", "my-app", *more)


@pytest.mark.usefixtures("cloud")
def test_its_lines_and_its_verdict() -> None:
    """One object for each check, then the diagnosis."""
    make()
    found = doctor("--json")
    assert found.err == "", found
    checks = found.of("check")
    assert [one["id"] for one in checks][:6] == ["disk", "store", "flyctl", "login", "organization", "app"]
    assert {"id", "standing", "words", "evidence", "cause", "why", "fix"} <= set(checks[0])
    end = found.objects[-1]
    assert (end["event"], end["app"], end["exit"]) == ("diagnosis", "my-app", found.code)


@pytest.mark.usefixtures("cloud")
def test_nobody_is_logged_in() -> None:
    make()
    with world.opened() as now:
        now["login"] = None
    found = doctor()
    assert found.code == 4, found
    assert "Nobody is logged in to Fly.io here." in found.out


@pytest.mark.usefixtures("cloud")
def test_it_is_mended_round_after_round_and_said_once_each() -> None:
    """No file at all: a bare one is written, and only then it is seen that there is no key for a model."""
    make()
    found = doctor("--fix", "--yes", "--json")
    assert found.err == "", found
    first, last = found.of("diagnosis")
    assert first["first"] == "config-missing"
    assert "config-missing" not in last["causes"]
    assert last["first"] == "no-model-key"
    assert (last["exit"], found.code) == (14, 14)


@pytest.mark.usefixtures("cloud")
def test_nobody_can_be_asked() -> None:
    make()
    found = doctor("--fix")
    assert found.code == 2, found
    assert "--yes does it without a question." in found.out


@pytest.mark.usefixtures("cloud")
def test_of_several_each_has_its_name_above_and_none_is_passed_over() -> None:
    make()
    have_clawdbot()
    found = claw_tui("doctor")
    lines = found.out.splitlines()
    assert {f"{app}:" for app in ("my-app", "my-clawdbot")} <= {*lines}
    assert lines[lines.index("my-clawdbot:") + 1].startswith("WELL ")
    with world.opened() as now:
        now["apps"]["my-clawdbot"]["machines"][0]["config"] = None
    found = claw_tui("doctor")
    assert "my-clawdbot could not be looked at: " in found.err
    assert "my-app:" not in found.out.splitlines(), "one needs no heading"
    assert found.code != 0
