"""The stage with the real OpenClaw: on loopback, in a home of its own, with keys that are none."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Self

import httpx

from tests.recordings.normal import json_in, normal_lines, shape
from tests.recordings.scenes import CLAWDBOT, PORT_WORD
from tests.recordings.stage import Recording

REAL = Path(__file__).parents[2] / ".real"
PATIENCE = 300.0  # seconds for one thing
NO_CHANNELS = "OPENCLAW_SKIP_CHANNELS"
WATCHES = 10.0  # a gateway that has just started may miss a change of its file
TOKEN = "ab" * 32
KEYS = {"ANTHROPIC_API_KEY": "f" * 64, "TELEGRAM_BOT_TOKEN": "1234567:" + "f" * 35}
DISCORD = {"DISCORD_BOT_TOKEN": "f" * 64}
# At its first start the gateway installs its channels' plugins with npm, which may need this machine's settings.
NPM = {
    name: value
    for name, value in os.environ.items()
    if name.lower().startswith(("npm_config_", "https_proxy", "no_proxy"))
    or name in ("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE")
}
NPM.setdefault("npm_config_userconfig", str(Path.home() / ".npmrc"))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class RealStage:
    """One installed version."""

    def __init__(self, version: str, home: Path, *, fresh: bool = True) -> None:
        self.version, self.seen = version, Recording()
        self._program = "clawdbot" if version == CLAWDBOT else "openclaw"
        folder = version if version == CLAWDBOT else f"openclaw-{version}"
        self._bin = REAL / folder / "node_modules" / ".bin"
        assert (self._bin / self._program).exists(), "tests/real/run.sh installs it"
        self._home, self._said, self._port = home / "data", home / "said", free_port()
        self._config = self._home / f"{self._program}.json"
        for folder in ("data", "root"):
            (home / folder).mkdir(exist_ok=not fresh)  # another version may have been there before
        self._said.touch()
        self._places = {
            str(self._bin.parents[1]): "/app",
            str(self._home): "/data",
            str(home / "root"): "/root",
            f":{self._port}": f":{PORT_WORD}",
        }
        self._running: list[subprocess.Popen[bytes]] = []
        self._mark, self._since, self._changed = 0, time.monotonic(), False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        for run in self._running:
            with suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)
            run.wait()
        self.seen.lines = normal_lines(self._said.read_text(), self._places)

    def _env(self, *, token: bool = True, config: str = "") -> dict[str, str]:
        prefix, path = self._program.upper(), self._home / config if config else self._config
        own = {
            "STATE_DIR": str(self._home), "CONFIG_PATH": str(path), "SKIP_CHANNELS": "1", "DISABLE_BONJOUR": "1",
            "NO_AUTO_UPDATE": "1", **({"GATEWAY_TOKEN": TOKEN} if token else {}),
        }  # fmt: skip
        return {
            "PATH": f"{self._bin}:/usr/bin:/bin", "HOME": str(self._home.parent / "root"), "NO_COLOR": "1", "TZ": "UTC",
            "FLY_MACHINE_ID": "m1", "FLY_APP_NAME": "my-app", **KEYS, **NPM,
            **{f"{prefix}_{name}": value for name, value in own.items()},
        }  # fmt: skip

    def _new(self) -> str:
        return self._said.read_text()[self._mark :]

    def _begin(self, *, changed: bool) -> None:
        self._changed = changed
        self._mark, self._since = len(self._said.read_text()), time.monotonic()

    def write(self, text: str, *, readable: bool = True, name: str = "") -> None:
        self._begin(changed=True)
        name = name or self._config.name
        new = self._home / f"{name}.new"
        new.write_text(text.replace(str(PORT_WORD), str(self._port)))
        new.chmod(0o600 if readable else 0)
        new.replace(self._home / name)

    def start(
        self,
        *more: str,
        token: bool = True,
        discord: bool = False,
        channels: bool = False,
        bind: str = "loopback",
    ) -> None:
        self._begin(changed=False)
        env = self._env(token=token) | (DISCORD if discord else {})
        if channels:
            del env[NO_CHANNELS]
        # Root may read everything; on Fly the gateway is not root.
        argv = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
        argv += [str(self._bin / self._program), "gateway", *more, "--port", str(self._port), "--bind", bind]
        with self._said.open("a") as out:
            self._running.append(
                subprocess.Popen(
                    argv, env=env, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
            )  # fmt: skip

    def until(self, name: str, words: str) -> None:
        end, again = self._since + PATIENCE, self._since + WATCHES
        while not re.search(words, self._new()):
            assert self._running[-1].poll() is None, (name, self._said.read_text())
            assert time.monotonic() < end, (name, self._said.read_text())
            if self._changed and time.monotonic() > again and "[reload]" not in self._new():
                self._since = time.monotonic()
                again = self._since + WATCHES
                self._config.touch()
            time.sleep(0.05)
        self.seen.seconds[name] = round(time.monotonic() - self._since, 1)

    def ended(self, name: str) -> None:
        run = self._running.pop()
        self.seen.exits.append(run.wait(timeout=PATIENCE))
        self.seen.seconds[name] = round(time.monotonic() - self._since, 1)

    def stop(self) -> None:
        self._since = time.monotonic()
        self._running[-1].terminate()
        self.ended("stop")

    def somebody_comes(self) -> None:
        """By the functions with which the gateway itself writes down who comes; it has no line to the internet here."""
        package = self._bin.parent / "openclaw"
        subprocess.run(
            [str(self._bin / "node"), str(Path(__file__).with_name("visitors.mjs")), str(package / "dist")],
            env=self._env(), check=True, timeout=PATIENCE, stdin=subprocess.DEVNULL, capture_output=True,
        )  # fmt: skip

    def ask(self, *words: str, config: str = "openclaw.json", name: str = "") -> dict[str, Any]:
        argv, began = [str(self._bin / "openclaw"), *words], time.monotonic()
        # Into files: what a full pipe has not taken yet is lost when OpenClaw calls process.exit().
        with TemporaryFile("w+") as out, TemporaryFile("w+") as errors:
            done = subprocess.run(
                argv, env=self._env(config=config), stdout=out, stderr=errors, stdin=subprocess.DEVNULL,
                timeout=PATIENCE, check=False,
            )  # fmt: skip
            for file in (out, errors):
                file.seek(0)
            stdout, stderr = out.read(), errors.read()
        name = name or " ".join((*words, *([config] if config != "openclaw.json" else [])))
        while name in self.seen.answers:
            name += " again"
        found = json_in(stdout)
        said = stderr if found is not None else stdout + stderr
        self.seen.answers[name] = {
            "exit": done.returncode,
            "json": shape(found, self._places) if found is not None else None,
            "lines": list(dict.fromkeys(normal_lines(said, self._places))),
        }
        self.seen.seconds[name] = round(time.monotonic() - began, 1)
        return found if isinstance(found, dict) else {}

    def get(self, path: str) -> None:
        with httpx.Client(timeout=10, trust_env=False) as client:
            answer = client.get(f"http://127.0.0.1:{self._port}{path}")
        found = json_in(answer.text) if "json" in answer.headers["content-type"] else None
        self.seen.answers[f"GET {path}"] = {
            "exit": answer.status_code,
            "json": shape(found, self._places) if found is not None else None,
            "lines": [answer.headers["content-type"].partition(";")[0]],
        }
