"""States of the cloud for the scenes, made by the cloud's own functions."""

from __future__ import annotations

import json
import time
from typing import Any

from claw_tui.demo import cloud, cloud_changing, cloud_machines
from claw_tui.demo.gateway import stamp

World = dict[str, Any]
TOKEN = "OPENCLAW_GATEWAY_TOKEN"
CONFIG = """{
  "env": {"FLY_PROCESS_GROUP": "app", "NODE_ENV": "production", "OPENCLAW_STATE_DIR": "/data", "PRIMARY_REGION": "fra"},
  "init": {"cmd": ["node", "dist/index.js", "gateway", "--allow-unconfigured", "--port", "3000", "--bind", "lan"]},
  "guest": {"cpu_kind": "shared", "cpus": 2, "memory_mb": 2048},
  "metadata": {"fly_flyctl_version": "0.4.87", "fly_platform_version": "v2", "fly_process_group": "app",
    "fly_release_id": "RELEASE", "fly_release_version": "1"},
  "mounts": [{"path": "/data", "volume": "VOLUME"}],
  "services": [{"protocol": "tcp", "internal_port": 3000, "autostop": false, "autostart": true, "min_machines_running": 1,
    "ports": [{"port": 80, "handlers": ["http"], "force_https": true}, {"port": 443, "handlers": ["http", "tls"]}],
    "checks": [{"type": "http", "interval": "15s", "timeout": "5s", "grace_period": "1m0s", "method": "GET", "path": "/healthz"}],
    "force_instance_key": null}],
  "image": "ghcr.io/openclaw/openclaw:2026.9.1",
  "stop_config": {"timeout": "1m0s", "signal": "SIGTERM"}
}"""


def _app(now: World) -> World:
    found: World = now["apps"]["my-app"]
    return found


def app(now: World) -> None:
    """An app that was created, and nothing more."""
    cloud.create_app(now, "my-app", "personal")


def peer(now: World) -> None:
    """A device that has a way into the private network."""
    cloud.add_peer(now, "personal", "fra", "laptop", "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=")


def volume(now: World) -> None:
    cloud.create_volume(now, _app(now), "openclaw_data", "fra", 3)


def restored(now: World) -> None:
    """A volume of another name."""
    cloud.create_volume(now, _app(now), "openclaw_data_vs01234567", "fra", 3)


def snapshot(now: World) -> None:
    """One of the volume, and it is made."""
    cloud.create_snapshot(now, _app(now), _app(now)["volumes"][0]["id"])
    _app(now)["snapshots"][0].update(id="vs_0123456789abcdef", done=0.0)


def pending(now: World) -> None:
    """It is being made."""
    snapshot(now)
    _app(now)["snapshots"][0]["done"] = time.time() + 600


def secret(now: World) -> None:
    """One that is staged."""
    cloud.keep_secrets(_app(now), {TOKEN: "ab" * 32})


def deployed(now: World) -> None:
    """A gateway that runs, with its addresses."""
    app(now)
    volume(now)
    secret(now)
    _launch(now)


def copied(now: World) -> None:
    """A copy of the volume in another region, which is listed first."""
    volumes = _app(now)["volumes"]
    cloud_changing.fork(now, _app(now), volumes[0]["id"], "", "ams")
    volumes[-1].update(state="created", copied=0.0)
    volumes.insert(0, volumes.pop())


def refusing(now: World) -> None:
    """A machine whose gateway refused to start: it stopped with 78."""
    app(now)
    volume(now)
    _launch(now)
    machine = _app(now)["machines"][0]
    machine["gateway"]["stops"] = time.time() - 1


def _launch(now: World) -> None:
    found = _app(now)
    for kind in ("v6", "shared_v4"):
        cloud.new_ip(now, found, kind)
    release = cloud.new_release(now, found, "ghcr.io/openclaw/openclaw:2026.9.1")
    release.update(status="complete", created=stamp(time.time() - 60))
    text = CONFIG.replace("VOLUME", found["volumes"][0]["id"]).replace("RELEASE", release["id"])
    cloud_machines.launch(now, found, json.loads(text), "fra")


def stopped(now: World) -> None:
    _app(now)["machines"][0]["state"] = "stopped"


def leased(now: World) -> None:
    """Somebody else is changing the machine."""
    cloud_machines.take_lease(_app(now)["machines"][0], "me@example.com", 600)


def fly_toml(
    *,
    private: bool = False,
    image: str = "ghcr.io/openclaw/openclaw:2026.9.1",
    region: str = "fra",
    memory: str = "2048mb",
    volume: str = "openclaw_data",
) -> str:
    """What claw-tui writes."""
    public = """[http_service]
internal_port = 3000
force_https = true
auto_stop_machines = "off"
auto_start_machines = true
min_machines_running = 1
processes = ["app"]

[[http_service.checks]]
grace_period = "10m"
"""
    inside = """[[services]]
protocol = "tcp"
internal_port = 3000
auto_stop_machines = "off"
auto_start_machines = true
min_machines_running = 1
processes = ["app"]

[[services.ports]]
port = 3000

[[services.http_checks]]
grace_period = "10m"
protocol = "http"
"""
    return f"""app = "my-app"
primary_region = "{region}"
kill_signal = "SIGTERM"
kill_timeout = 60

[build]
image = "{image}"

[env]
NODE_ENV = "production"
OPENCLAW_STATE_DIR = "/data"

[processes]
app = "node dist/index.js gateway --allow-unconfigured --port 3000 --bind lan"

{inside if private else public}interval = "15s"
timeout = "5s"
method = "GET"
path = "/healthz"

[[vm]]
size = "shared-cpu-2x"
memory = "{memory}"

[mounts]
source = "{volume}"
destination = "/data"
"""


def bare_toml() -> str:
    """The guides' file: a mount table, no check."""
    return """app = "my-app"
primary_region = "fra"

[build]
image = "ghcr.io/openclaw/openclaw:2026.9.1"

[processes]
app = "node dist/index.js gateway --allow-unconfigured --port 3000 --bind lan"

[http_service]
internal_port = 3000
force_https = true
auto_stop_machines = false
auto_start_machines = true
min_machines_running = 1
processes = ["app"]

[[vm]]
size = "shared-cpu-2x"
memory = "2048mb"

[mounts]
source = "openclaw_data"
destination = "/data"
"""
