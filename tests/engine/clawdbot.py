"""A gateway as Clawdbot's own guide of January 2026 sets it up on Fly.io, in the simulated cloud."""

from __future__ import annotations

import json
from typing import Any

from claw_tui.demo import cloud, cloud_machines, world
from claw_tui.demo.machine_files import SimulatedFiles
from tests.openclaw_cases import JANUARY

APP = "my-clawdbot"
IMAGE = "registry.fly.io/my-clawdbot:deployment-01KG3X5Z2J8"
OLD_FILE, NEW_FILE = "/data/clawdbot.json", "/data/openclaw.json"
NOTES = "/home/node/clawd/MEMORY.md"
LITERAL = "CANARYtelegramCANARYtelegram1"
COMMAND = "node dist/index.js gateway --allow-unconfigured --port 3000 --bind lan"
ENV = {
    "NODE_ENV": "production", "CLAWDBOT_PREFER_PNPM": "1", "CLAWDBOT_STATE_DIR": "/data", "TZ": "Europe/Berlin",
    "NODE_OPTIONS": "--max-old-space-size=1536", "FLY_PROCESS_GROUP": "app", "PRIMARY_REGION": "fra",
}  # fmt: skip
SERVICE = {
    "protocol": "tcp", "internal_port": 3000, "autostop": False, "autostart": True, "min_machines_running": 1,
    "ports": [{"port": 80, "handlers": ["http"], "force_https": True}, {"port": 443, "handlers": ["http", "tls"]}],
}  # fmt: skip


def settings() -> dict[str, Any]:
    """The guide's, and a secret in clear."""
    found: dict[str, Any] = json.loads(json.dumps(JANUARY["guide, clawdbot"]))
    found["channels"]["telegram"] = {"enabled": True, "botToken": f"1234567:{LITERAL}{LITERAL}"}
    return found


def have_clawdbot(memory_mb: int = 1024, *, literal: bool = False) -> None:
    """Whoever asks is logged in."""
    with world.opened() as now:
        cloud.create_app(now, APP, "personal")
        app = now["apps"][APP]
        cloud.create_volume(now, app, "clawdbot_data", "fra", 1)
        names = ("CLAWDBOT_GATEWAY_TOKEN", "ANTHROPIC_API_KEY", "OPENAI_API_KEY", "DISCORD_BOT_TOKEN")
        cloud.keep_secrets(app, {name: f"{name.lower()}-value-of-somebody" for name in names})
        for kind in ("shared_v4", "v6"):
            cloud.new_ip(now, app, kind)
        cloud.new_release(now, app, IMAGE)["status"] = "complete"
        config: dict[str, Any] = {
            "env": dict(ENV), "init": {"cmd": COMMAND.split()}, "services": [json.loads(json.dumps(SERVICE))], "image": IMAGE,
            "guest": {"cpu_kind": "shared", "cpus": 2, "memory_mb": memory_mb},
            "metadata": {"fly_process_group": "app", "fly_release_id": "rel_1", "fly_release_version": "1"},
            "mounts": [{"path": "/data", "volume": app["volumes"][0]["id"]}],
        }  # fmt: skip
        cloud_machines.launch(now, app, config, "fra")
        machine = app["machines"][0]
        inside = SimulatedFiles(app, machine)
        file = settings()
        if not literal:
            del file["channels"]["telegram"]
        inside.put(OLD_FILE, json.dumps(file, indent=2))
        inside.put("/data/agents/main/sessions/sessions.json", "{}")
        for path in ("/data/agents", "/data/agents/main", "/data/agents/main/sessions"):
            inside.make_folder(path)
        cloud_machines.restart(now, app, machine)
        inside = SimulatedFiles(app, machine)  # its own disk is a new one
        inside.make_folder("/home/node/clawd")
        inside.put(NOTES, "# What I know of Ada\n")
