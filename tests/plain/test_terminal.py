"""apply in a terminal: the question, Ctrl-C, a passphrase, and a window that is closed."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from claw_tui.domain.jobs import JobState
from claw_tui.wiring import services_for
from tests.conftest import Cloud
from tests.engine.rig import SECRETS, assert_whole
from tests.plain.program import VARIABLES, write_answers
from tests.terminal import Terminal

pytestmark = pytest.mark.pty
ENV = {**VARIABLES, "THE_KEY": SECRETS["ANTHROPIC_API_KEY"].reveal(), "TERM": "dumb"}


@pytest.fixture
def gate(cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The run stops at its deploy until GATE.go is there."""
    cloud.log_in()
    cloud.faults(monkeypatch, {"command": "deploy", "when": "before", "hold": str(tmp_path / "gate")})
    return tmp_path / "gate"


def applying(answers: str) -> Terminal:
    return Terminal(["apply", "--demo", answers], columns=120, env=ENV)


def until(true: object, what: str) -> None:
    assert callable(true)
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def state_of_run() -> JobState:
    found = services_for(os.environ, demo=True).runs.latest("my-app")
    assert found is not None
    return found.state()


def test_a_question_a_cancel_and_on_again(cloud: Cloud, gate: Path, tmp_path: Path) -> None:
    answers = write_answers(tmp_path)
    with applying(answers) as t:
        t.wait_for("Do this? [y/N]")
        t.send("\n")
        assert t.wait_end() == 2
    assert cloud.read()["apps"] == {}
    with applying(answers) as t:
        t.wait_for("Do this? [y/N]")
        t.send("\x03")
        assert t.wait_end() == 130
    assert cloud.read()["apps"] == {}
    with applying(answers) as t:
        t.wait_for("Do this? [y/N]")
        t.send("y\n")
        until(Path(f"{gate}.reached").exists, "the deploy")
        t.send("\x03")
        t.wait_for("asked to stop")
        t.wait_for("It was cancelled.")
        assert t.wait_end() == 130
        assert b"\x1b" not in t.bytes  # nothing that a dumb terminal does not know
        assert b"CANARY" not in t.bytes
    assert state_of_run() is JobState.STOPPED
    with applying(answers) as t:
        t.wait_for("Do this? [y/N]")
        t.send("y\n")
        t.wait_for("Done: my-app", 60)
        assert t.wait_end() == 0
    assert_whole(cloud)


@pytest.mark.parametrize("how", ["window", "term", "no"])
def test_it_goes_on_without_us(how: str, cloud: Cloud, gate: Path, tmp_path: Path) -> None:
    with applying(write_answers(tmp_path)) as t:
        t.wait_for("Do this? [y/N]")
        t.send("y\n")
        until(Path(f"{gate}.reached").exists, "the deploy")
        t.wait_for("Deploy …")
        if how == "window":
            t.hang_up()
            until(t.ended, "the end")
        elif how == "term":
            t.kill(signal.SIGTERM)
            t.wait_for("claw-tui --demo watch my-app")
            assert t.wait_end() == 143
        else:
            with applying(write_answers(tmp_path)) as second:
                second.wait_for("going on already")
                second.send("y\n")
                second.wait_for("Deploy …")
                second.send("\x03")
                second.wait_for("The run goes on by itself")
                assert second.wait_end() == 130
    assert state_of_run() is JobState.GOING_ON
    Path(f"{gate}.go").touch()
    until(lambda: state_of_run() is not JobState.GOING_ON, "the run's end")
    assert state_of_run() is JobState.DONE
    assert_whole(cloud)
