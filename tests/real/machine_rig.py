"""A machine of Fly's on this computer: the real OpenClaw in namespaces of its own, and Fly.io around it simulated.

In it the gateway listens at port 3000, its state is a folder of its own, whoever comes in is root, the gateway is user 1000,
and 172.16.3.162 is where Fly's proxy comes from.
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from claw_tui.adapters.gateway import MachineGateway
from claw_tui.adapters.web import judge_health
from claw_tui.demo import gateway, world
from claw_tui.demo.machine_log import note_event
from claw_tui.domain.answers import ChannelStatus, ExecResult, HealthAnswer, LogEntry
from claw_tui.domain.doctor.facts import Page
from claw_tui.domain.errors import GatewayError
from tests.doctor.making import APP
from tests.recordings.real_stage import NPM, REAL

VERSION = "2026.9.6"
STATE, PORT = "/mnt/data", 3000
CHECKOUT = Path(
    "/mnt/checkout"
)  # also where this checkout is below /tmp, or in a folder that only root may enter
PROXY = "172.16.3.162"
TOKEN = "ab" * 32
NODE_USER = ("setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups", "--no-new-privs")
UP = f"""set -e
ip link set lo up
ip addr add {PROXY}/32 dev lo
mount -t tmpfs tmpfs /mnt
mkdir -p {STATE} /mnt/home /mnt/tmp {CHECKOUT}
mount --bind {shlex.quote(str(REAL.parent))} {CHECKOUT}
chown 1000:1000 {STATE} /mnt/home /mnt/tmp
mount --bind {STATE} {STATE}
mount --bind /mnt/tmp /tmp
chmod 1777 /tmp
echo up
exec sleep 3600"""
ASK = """
import http.client, sys
way = http.client.HTTPConnection("127.0.0.1", 3000, timeout=20, source_address=("{proxy}", 0))
try:
    way.request("GET", sys.argv[1], headers={{"Host": "{app}.fly.dev", "X-Forwarded-For": "198.51.100.7, 66.241.124.77",
                "X-Forwarded-Proto": "https"}})
    answer = way.getresponse()
    print(answer.status)
    print(answer.read(20000).decode("utf-8", "replace"))
except OSError:
    print(502)
"""


class RealMachine:
    """Also what ``fly machine exec`` does in it."""

    def __init__(self) -> None:
        place = Path(f"openclaw-{VERSION}", "node_modules", ".bin")
        assert (REAL / place).exists(), "tests/real/run.sh installs it"
        self.bin = CHECKOUT / REAL.name / place
        self._root = subprocess.Popen(
            ["unshare", "--net", "--pid", "--mount", "--fork", "--kill-child", "--mount-proc", "sh", "-c", UP],
            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, start_new_session=True,
        )  # fmt: skip
        assert self._root.stdout is not None
        with self._root.stdout as out:
            assert out.readline() == "up\n", "it takes root, and a kernel with namespaces"
        self._pid = self._child()
        self.run: subprocess.Popen[bytes] | None = None
        self.said = ""
        self.env = {
            "PATH": f"{self.bin}:/usr/sbin:/usr/bin:/bin", "HOME": "/mnt/home", "NO_COLOR": "1", "TZ": "UTC", "OPENCLAW_STATE_DIR": STATE,
            "OPENCLAW_SKIP_CHANNELS": "1", "OPENCLAW_DISABLE_BONJOUR": "1", "OPENCLAW_NO_AUTO_UPDATE": "1", "FLY_MACHINE_ID": "m1",
            "FLY_APP_NAME": APP, "ANTHROPIC_API_KEY": "f" * 64, "OPENCLAW_GATEWAY_TOKEN": TOKEN, **NPM,
        }  # fmt: skip

    def _child(self) -> int:
        """Of unshare: the first process in there."""
        found = Path(f"/proc/{self._root.pid}/task/{self._root.pid}/children").read_text().split()
        return int(found[0])

    def close(self) -> None:
        os.killpg(self._root.pid, signal.SIGKILL)
        self._root.wait()
        if self.run is not None:
            self.run.wait()

    def _enter(self, *argv: str) -> list[str]:
        return ["nsenter", "--target", str(self._pid), "--net", "--pid", "--mount", *argv]

    def sh(
        self, script: str, *, given: str = "", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """As root."""
        argv = self._enter("sh", "-c", script)
        return subprocess.run(
            argv,
            env=dict(env or self.env),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            input=given,
        )

    async def exec(self, _app: str, _machine: str, script: str) -> ExecResult:
        # What Fly hands to a program in the machine is its image's environment, without the secrets.
        env = {
            name: value
            for name, value in self.env.items()
            if name not in ("OPENCLAW_GATEWAY_TOKEN", "OPENCLAW_GATEWAY_PASSWORD", "ANTHROPIC_API_KEY")
        }
        script = script.replace("env HOME=/home/node", "env HOME=/mnt/home")
        done = await asyncio.to_thread(self.sh, script, env=env)
        return ExecResult(done.returncode, done.stdout, done.stderr)

    # -- the gateway ----------------------------------------------------------------------------------------------
    def write(self, config: Mapping[str, Any] | str, *, owner: str = "1000:1000", mode: str = "600") -> None:
        text = config if isinstance(config, str) else json.dumps(config, indent=2) + "\n"
        path = f"{STATE}/openclaw.json"
        done = self.sh(
            f"cat > {path}.new && chown {owner} {path}.new && chmod {mode} {path}.new && mv {path}.new {path}",
            given=text,
        )
        assert done.returncode == 0, done.stderr

    def start(self, *more: str, without: tuple[str, ...] = (), bind: str = "lan") -> None:
        """As Fly starts it: user 1000, the secrets in its environment."""
        env = {name: value for name, value in self.env.items() if name not in without}
        argv = [
            str(self.bin / "openclaw"),
            "gateway",
            "--allow-unconfigured",
            "--port",
            str(PORT),
            "--bind",
            bind,
            *more,
        ]
        script = 'cd /mnt/home && echo $$ >/mnt/pid && exec "$@" >>/mnt/said 2>&1'
        self.sh("touch /mnt/said /mnt/pid; chmod 666 /mnt/said /mnt/pid")
        self.run = subprocess.Popen(
            self._enter(*NODE_USER, "sh", "-c", script, "sh", *argv),
            env=env,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def lines(self) -> list[str]:
        return self.sh("cat /mnt/said 2>/dev/null").stdout.splitlines()

    def forget(self) -> None:
        self.sh(": > /mnt/said")

    def until(self, words: str, seconds: float = 300.0) -> None:
        end = time.monotonic() + seconds
        while not any(words in line for line in self.lines()):
            assert self.run is None or self.run.poll() is None, self.lines()[-40:]
            assert time.monotonic() < end, self.lines()[-40:]
            time.sleep(0.3)

    def ended(self, seconds: float = 300.0) -> int:
        assert self.run is not None
        return self.run.wait(timeout=seconds)

    def stop(self) -> None:
        """SIGTERM to its own process, and its end."""
        self.sh(
            "kill -TERM $(cat /mnt/pid); for n in $(seq 300); do kill -0 $(cat /mnt/pid) 2>/dev/null || break; sleep 0.1; done"
        )
        self.sh("kill -KILL $(cat /mnt/pid) 2>/dev/null")
        if self.run is not None:
            self.run.wait(timeout=60)
            self.run = None

    def get(self, path: str) -> tuple[int, str]:
        """Through an imitation of Fly's proxy."""
        done = self.sh(
            f'{shutil.which("python3")} -c "$PROGRAM" {path}',
            env={**self.env, "PROGRAM": ASK.format(proxy=PROXY, app=APP)},
        )
        status, _sep, body = done.stdout.partition("\n")
        return int(status or 502), body

    def browser(self, origin: str, token: str = TOKEN) -> dict[str, Any]:
        """The Control UI of a browser asks to be connected; what came of it."""
        about = {
            "url": f"ws://127.0.0.1:{PORT}/", "from": PROXY, "origin": origin, "token": token,
            "headers": {"host": f"{APP}.fly.dev", "x-forwarded-for": "198.51.100.7", "x-forwarded-proto": "https"},
        }  # fmt: skip
        here = CHECKOUT / Path(__file__).with_name("browser.mjs").relative_to(REAL.parent)
        package = self.bin.parent / "openclaw"
        done = subprocess.run(
            self._enter(str(self.bin / "node"), str(here), str(package), json.dumps(about)), env=self.env, capture_output=True,
            text=True, timeout=60, check=True,
        )  # fmt: skip
        found: dict[str, Any] = json.loads(done.stdout)
        return found


class RealGateway(MachineGateway):
    """Our own adapter. ``quick``: the commands that take long are not asked."""

    def __init__(self, machine: RealMachine, *, quick: bool) -> None:
        super().__init__(machine, asyncio.sleep, state=STATE)  # type: ignore[arg-type]
        self._quick = quick

    async def channels(self, app: str, machine: str) -> tuple[ChannelStatus, ...]:
        if self._quick:
            raise GatewayError("It was not asked.")
        return await super().channels(app, machine)


class RealWeb:
    """The public address, through the imitation of Fly's proxy."""

    def __init__(self, machine: RealMachine) -> None:
        self._machine = machine

    async def health(self, _url: str) -> HealthAnswer:
        return judge_health(*await asyncio.to_thread(self._machine.get, "/healthz"))

    async def page(self, _url: str) -> Page:
        status, text = await asyncio.to_thread(self._machine.get, "/")
        return Page(status, "proxy_attribution_required" in text, str(status))

    async def billing_state(self, _token: object, _org: str) -> str:
        return "CURRENT"


def entries(machine: RealMachine, code: int | None) -> tuple[LogEntry, ...]:
    """What Fly would have of it: init's words around the gateway's own."""
    lines = [" INFO Starting init (commit: 6b1a3f2c)...", *machine.lines()]
    if code is not None:
        lines += [
            f" INFO Main child exited normally with code: {code}",
            "machine has reached its max restart count of 10",
        ]
    return tuple(LogEntry(gateway.stamp(time.time() - 60), "info", "m1", line) for line in lines)


def as_it_is(code: int | None) -> None:
    """Fly.io's side of it: it runs, or has ended ten times with this code."""
    with world.opened() as now:
        machine = now["apps"][APP]["machines"][0]
        machine["state"] = "started" if code is None else "stopped"
        if code is not None:
            machine["gateway"] = gateway.asleep()
            note_event(machine, "exit", time.time(), code=code, restarts=10)
