"""The stage with the simulated gateway, at life's own speed by a clock that is moved by hand."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest

from claw_tui.demo import gateway, world
from claw_tui.demo.in_machine import make_shell
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.programs import program
from claw_tui.demo.shell import Streams
from tests.recordings.normal import json_in, normal_lines, shape
from tests.recordings.stage import Recording

STATE = "/data/"
PATIENCE = 600.0


def _image(version: str) -> str:
    _name, found, number = version.rpartition("clawdbot-")
    return f"ghcr.io/clawdbot/clawdbot:{number}" if found else f"ghcr.io/openclaw/openclaw:{version}"


class SimulatedStage:
    """One machine on a simulated Fly."""

    def __init__(self, version: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.version, self.seen, self._now = version, Recording(), 1_795_000_000.0
        monkeypatch.setattr("time.time", lambda: self._now)
        monkeypatch.setenv(world.SPEED, "1")
        self._world: dict[str, Any] = world.new_world()
        self._machine: dict[str, Any] = {
            "id": "m1", "app": "my-app", "image": _image(version), "files": {}, "events": [],
            "env": {"OPENCLAW_STATE_DIR": "/data", "OPENCLAW_SKIP_CHANNELS": "1"}, "mounts": [{"volume": "v1", "path": "/data"}],
            "guest": {"memory_mb": 2048}, "services": [], "log": [], "state": "stopped", "cmd": [], "gateway": None,
        }  # fmt: skip
        volume = {"id": "v1", "size_gb": 3, "files": {}}
        self._app: dict[str, Any] = {"volumes": [volume], "machines": [self._machine], "secrets": {}}
        self._since = self._now

    def wait(self, seconds: float) -> dict[str, Any]:
        """Let time pass; return the machine as it is then."""
        self._now += seconds
        self._look()
        return self._machine

    def _files(self) -> SimulatedFiles:
        return SimulatedFiles(self._app, self._machine)

    def _secret(self, name: str) -> None:
        self._app["secrets"][name] = {"digest": "0" * 16, "traits": [], "status": "Deployed"}

    def _look(self) -> None:
        if self._machine["gateway"]:
            gateway.refresh(self._app)

    def write(self, text: str, *, readable: bool = True, name: str = "") -> None:
        self._since = self._now
        files, name = self._files(), name or program(self._machine).files[0]
        files.write(STATE + name, text)
        files.set_owner(STATE + name, "1000:1000" if readable else "0:0")
        files.set_mode(STATE + name, "600")
        if self._machine["gateway"]:
            gateway.notice_config(self._world, self._app, self._machine)

    def start(
        self,
        *more: str,
        token: bool = True,
        discord: bool = False,
        channels: bool = False,
        bind: str = "loopback",
    ) -> None:
        del bind, channels  # a machine's gateway is always started with lan and its channels
        if self._machine["gateway"] and self._machine["gateway"]["away"]:
            self._now = self._machine["gateway"]["away"][1]  # Fly starts it again by itself
            self._since = self._now
            return
        self._since = self._now
        self._app["secrets"].clear()
        for name in (
            *([program(self._machine).token] if token else []), *(["DISCORD_BOT_TOKEN"] if discord else []), "TELEGRAM_BOT_TOKEN",
        ):  # fmt: skip
            self._secret(name)
        self._machine["cmd"] = ["node", "dist/index.js", "gateway", *more]
        gateway.start(self._world, self._app, self._machine)

    def _text(self) -> list[tuple[float, str]]:
        return [
            (line["at"], line["message"])
            for line in self._machine["log"]
            if line["provider"] == "app" and not line["message"].startswith(" INFO ")
        ]

    def until(self, name: str, words: str) -> None:
        said = ""
        for at, line in self._text():
            if at >= self._since:
                said += line + "\n"
                if re.search(words, said):
                    self.seen.seconds[name] = round(at - self._since, 1)
                    self._now = max(self._now, at) + 0.001
                    self._look()
                    return
        raise AssertionError((name, said))

    def ended(self, name: str) -> None:
        found = [
            line
            for line in self._machine["log"]
            if "exited normally" in line["message"] and line["at"] >= self._since
        ]
        assert found, name
        self._now = found[0]["at"] + 0.001
        self.seen.exits.append(int(found[0]["message"].rpartition(" ")[2]))
        self.seen.seconds[name] = round(self._now - self._since, 1)
        self._look()

    def stop(self) -> None:
        self._since = self._now
        gateway.stop(self._machine)
        self.seen.exits.append(self._machine["events"][0]["request"]["exit_event"].get("exit_code", 0))
        self._now += 2.0

    def somebody_comes(self) -> None:
        self.wait(20.0)

    def ask(self, *words: str, config: str = "openclaw.json", name: str = "") -> dict[str, Any]:
        if not self._machine["gateway"]:
            self._machine["gateway"] = gateway.asleep()
        files, streams = self._files(), Streams()
        env = f"env OPENCLAW_STATE_DIR=/data OPENCLAW_CONFIG_PATH={STATE}{config} {gateway.TOKEN}=sim-{'0' * 16}"
        self._secret(gateway.TOKEN)
        code = make_shell(self._world, self._app, self._machine, files).run(
            f"{env} openclaw {shlex.join(words)}", streams
        )
        name = name or " ".join((*words, *([config] if config != "openclaw.json" else [])))
        while name in self.seen.answers:
            name += " again"
        found = json_in(streams.out)
        said = streams.err if found is not None else streams.out + streams.err
        self.seen.answers[name] = {
            "exit": code,
            "json": shape(found, {}) if found is not None else None,
            "lines": normal_lines(said, {}),
        }
        self.seen.seconds[name] = round(files.took, 1)
        return found if isinstance(found, dict) else {}

    def get(self, path: str) -> None:
        streams = Streams()
        program = f'fetch("http://127.0.0.1:3000{path}")'
        make_shell(self._world, self._app, self._machine, self._files()).run(
            f"node -e {shlex.quote(program)}", streams
        )
        status, _sep, body = streams.out.partition("\n")
        found = json_in(body)
        self.seen.answers[f"GET {path}"] = {
            "exit": int(status),
            "json": shape(found, {}) if found is not None else None,
            "lines": ["text/html" if body.startswith("<!doctype html>") else "application/json"],
        }

    def finish(self) -> Recording:
        """All that was said until now."""
        text = "\n".join(line for at, line in self._text() if at <= self._now)
        self.seen.lines = normal_lines(text, {})
        return self.seen
