"""fly logs."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable

from claw_tui.demo import agent, cloud, gateway, world
from claw_tui.demo.cloud import Refusal
from claw_tui.demo.session import Session
from claw_tui.demo.world import World


def _log_document(machine: World, line: World) -> str:
    return json.dumps(
        {
            "level": line["level"], "instance": machine["id"], "message": line["message"], "region": machine["region"],
            "timestamp": gateway.stamp(line["at"]),
            "meta": {
                "Instance": machine["id"], "Region": machine["region"], "Event": {"Provider": line["provider"]},
                "HTTP": {"Request": {"ID": "", "Method": "", "Version": ""}, "Response": {"status_code": 0}},
                "Error": {"Code": 0, "Message": ""}, "URL": {"Full": ""},
            },
        },
        indent=4,
    )  # fmt: skip


def _log_line(machine: World, line: World) -> str:
    """For people: always in colour, and no space before the message."""
    green, end = "\x1b[32m", "\x1b[0m"
    return (
        f"\x1b[2m{gateway.stamp(line['at'])}{end} {line['provider']}[{green}{machine['id']}{end}] {green}{machine['region']}{end}"
        f" [{line['level']}]{line['message']}"
    )


def logs(session: Session) -> None:
    """Documents one after another, each over several lines. Without a line to show it waits, also with --no-tail.

    Followed, flyctl starts its agent, to get the lines by WireGuard too.
    """
    seen, once = 0.0, session.has("no-tail")
    show = _log_document if session.has("json") else _log_line
    name = session.app_name()
    session.send(f"GET /api/v1/apps/{name}/logs", _known(name), graph=False)
    if not once:
        agent.start(os.environ.get("FLY_CONFIG_DIR") or os.path.expanduser("~/.fly"))
    while True:
        with world.opened() as now:
            app = cloud.app_of(now, name)
            new = [
                (m, line) for m in app["machines"] for line in m["log"] if seen < line["at"] <= time.time()
            ]
            text = [show(m, line) for m, line in sorted(new, key=lambda pair: pair[1]["at"])]
        for document in text[-100:] if once else text:
            session.say(document)
        if new:
            seen = max(line["at"] for _machine, line in new)
            if once:
                return
        if os.getppid() == 1:
            return  # whoever asked is gone
        time.sleep(0.2)


def _known(name: str) -> Callable[[World], None]:
    def find(now: World) -> None:
        if name not in now["apps"]:
            raise Refusal(404, "404 Not Found")

    return find


COMMANDS = {"logs": logs}
