"""The simulated gateway's machine as Fly shows it."""

from __future__ import annotations

import pytest

from claw_tui.demo import gateway
from tests.recordings.scenes import config
from tests.recordings.simulated_stage import SimulatedStage


def test_while_fly_starts_it_again_the_machine_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = SimulatedStage("2026.9.1", monkeypatch)
    stage.write(config("2026.9.1", discord=True, meta={}))
    stage.start("--allow-unconfigured", discord=True)
    assert stage.wait(gateway.NODE + gateway.PLUGIN - 0.1)["state"] == "started"
    machine = stage.wait(0.2)
    assert (machine["state"], gateway.comes_back(machine)) == ("stopped", True)
    machine = stage.wait(gateway.AWAY)
    assert (machine["state"], gateway.comes_back(machine)) == ("started", False)
    assert not gateway.listening(machine)
    assert gateway.listening(stage.wait(gateway.NODE + gateway.BOOT))


@pytest.mark.parametrize(("version", "code"), [("2026.9.6", 78), ("2026.1.29", 1)])
def test_one_that_refuses_stops_its_machine_with_its_code(
    version: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = SimulatedStage(version, monkeypatch)
    stage.start(token=False)
    machine = stage.wait(gateway.GIVE_UP)
    assert machine["state"] == "stopped"
    assert machine["events"][0]["request"]["exit_event"].get("exit_code", 0) == code


@pytest.mark.parametrize(
    "image", ["registry.example/clawdbot/clawdbot:2026.1.24", "ghcr.io/openclaw/openclaw:2026.1.30"]
)
def test_an_image_tells_its_generation(image: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = SimulatedStage("2026.1.29", monkeypatch)
    machine = stage.wait(0)
    machine["image"] = image
    stage.start("--allow-unconfigured")
    stage.until("ready", "listening on ws://0.0.0.0:3000")
    assert gateway.page(machine, "/healthz")[0] == "text/html"
