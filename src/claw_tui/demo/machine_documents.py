"""A simulated machine as flyctl's JSON."""

from __future__ import annotations

import time

from claw_tui.demo import gateway
from claw_tui.demo.world import World


def machine_document(machine: World) -> World:
    """The object of ``fly machine list --json``."""
    registry, _sep, rest = machine["image"].partition("/")
    repository, _sep, tag = rest.rpartition(":")
    check = {**gateway.check(machine), "updated_at": gateway.stamp(time.time())}
    return {
        "id": machine["id"], "name": machine["name"], "state": machine["state"], "region": machine["region"],
        "image_ref": {"registry": registry, "repository": repository, "tag": tag, "digest": "sha256:abc"},
        "instance_id": machine["instance"], "private_ip": "fdaa:0:1:a7b:1::2", "created_at": machine["created"],
        "updated_at": machine["updated"],
        "config": {
            "env": machine["env"],
            "init": {"cmd": machine["cmd"], **({"entrypoint": machine["entrypoint"]} if machine.get("entrypoint") else {})},
            "guest": machine["guest"],
            "metadata": {"fly_platform_version": "v2", "fly_process_group": "app", "fly_flyctl_version": "0.4.87"},
            "mounts": machine["mounts"], "services": machine["services"], "image": machine["image"],
        },
        "events": machine["events"][:10], "checks": [check], "host_status": "ok", "cordoned": False,
    }  # fmt: skip
