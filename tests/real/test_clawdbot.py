"""The real OpenClaw starts on what the real Clawdbot of January 2026 left, with the settings that a migration makes of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claw_tui.domain.openclaw.migrate import take_over
from tests.openclaw_cases import JANUARY
from tests.real import VERSIONS
from tests.recordings.real_stage import RealStage
from tests.recordings.scenes import CLAWDBOT, PORT_WORD, READY, UNCONFIGURED

pytestmark = pytest.mark.real


def test_openclaw_starts_on_the_state_of_clawdbot(tmp_path: Path) -> None:
    settings = json.loads(json.dumps(JANUARY["guide, clawdbot"]))
    del settings["channels"]  # nobody can log in here
    old = json.dumps({**settings, "gateway": {**settings["gateway"], "port": PORT_WORD}})
    with RealStage(CLAWDBOT, tmp_path) as stage:
        stage.write(old)
        stage.start(UNCONFIGURED)
        stage.until("ready", READY)
        stage.get("/healthz")
        stage.stop()
    assert stage.seen.answers["GET /healthz"] == {"exit": 200, "json": None, "lines": ["text/html"]}
    state = tmp_path / "data"
    before = (state / "clawdbot.json").read_text()
    assert (state / "cron").is_dir(), "it has been at work there"
    with RealStage(VERSIONS[-1], tmp_path, fresh=False) as stage:
        stage.write(json.dumps(take_over(old).config.write()))
        stage.start(UNCONFIGURED)
        stage.until("ready", READY)
        stage.get("/healthz")
        stage.stop()
    assert stage.seen.answers["GET /healthz"]["json"] == {"ok": True, "status": "live"}
    assert stage.seen.exits == [0]
    assert (state / "clawdbot.json").read_text() == before, "the way back has its file"
