"""Worlds with one app in them, told as small changes to one that is private, each with its verdict."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from claw_tui.demo import cloud, cloud_machines
from claw_tui.domain.exposure.judgement import Privacy
from tests.transcripts import prepare

World = dict[str, Any]
Change = Callable[[World], object]
RAW: World = {
    "protocol": "tcp", "internal_port": 3000, "autostop": False, "autostart": True, "min_machines_running": 1,
    "ports": [{"port": 3000}], "checks": [],
}  # fmt: skip
HTTP: World = {
    **RAW,
    "ports": [
        {"port": 80, "handlers": ["http"], "force_https": True},
        {"port": 443, "handlers": ["http", "tls"]},
    ],
}
FORMER_V4, FORMER_V6 = "66.241.124.9", "2a09:8280:1::9:9:0"


def app_of(now: World) -> World:
    found: World = now["apps"]["my-app"]
    return found


def machine_of(now: World, number: int = 0) -> World:
    found: World = app_of(now)["machines"][number]
    return found


# -- the private world, and what is changed in it ---------------------------------------------------------------------
def private(now: World) -> None:
    """As claw-tui leaves it: one machine, the one raw service, one private address."""
    prepare.app(now)
    cloud.create_volume(now, app_of(now), "openclaw_data", "fra", 3)
    prepare.secret(now)
    ip(now, "private_v6")
    release = cloud.new_release(now, app_of(now), "ghcr.io/openclaw/openclaw:2026.9.1")
    release["status"] = "complete"
    launch(now, [RAW], volume=True)


def ip(now: World, kind: str) -> str:
    """One more address. Of a kind that nobody knows it is made up."""
    if kind in ("v4", "v6", "shared_v4", "private_v6"):
        return str(cloud.new_ip(now, app_of(now), kind)["address"])
    address = "2a09:8280:1::77:1:0"
    app_of(now)["ips"].append({"id": "ip_77", "address": address, "type": kind, "at": 0.0})
    return address


def launch(
    now: World,
    services: list[World],
    *,
    group: str = "app",
    volume: bool = False,
    state: str = "started",
    **more: Any,
) -> None:
    config = json.loads(prepare.CONFIG.replace("RELEASE", "rel_1"))
    volumes = app_of(now)["volumes"]
    config["mounts"] = [{"path": "/data", "volume": volumes[0]["id"]}] if volume else []
    config |= {"services": json.loads(json.dumps(services)), **more}
    config["metadata"]["fly_process_group"] = group
    cloud_machines.launch(now, app_of(now), config, "fra")
    machine_of(now, -1)["state"] = state


def offers(*services: World) -> Change:
    """The machine's services are these."""

    def change(now: World) -> None:
        machine_of(now)["config"]["services"] = machine_of(now)["services"] = [*services]

    return change


def add(kind: str) -> Change:
    return lambda now: ip(now, kind)


def only(*kinds: str) -> Change:
    """Its addresses are of these kinds."""

    def change(now: World) -> None:
        app_of(now)["ips"] = []
        for kind in kinds:
            ip(now, kind)

    return change


def port(**fields: Any) -> World:
    return {**RAW, "ports": [{"port": 3000, **fields}]}


def second(services: list[World], **how: Any) -> Change:
    """Another machine."""
    return lambda now: launch(now, services, **how)


def defines(**config: Any) -> Change:
    """Fly.io tells the fly.toml of the last release itself."""
    return lambda now: app_of(now).update(definition={"app": "my-app", "primary_region": "fra", **config})


def outside(**what: Any) -> Change:
    """What the internet says besides; see demo/outside.py."""
    return lambda now: app_of(now).update(outside=what)


def here(**ways: bool) -> Change:
    """Whether this computer has IPv4 and IPv6."""
    return lambda now: now.update(outside=ways)


def has(**what: Any) -> Change:
    return lambda now: app_of(now).update(what)


def org(**what: Any) -> Change:
    return lambda now: now["orgs"]["personal"].update(what)


def neighbour(kind: str) -> Change:
    """Another app of the organization."""

    def change(now: World) -> None:
        cloud.create_app(now, "neighbour", "personal")
        cloud.new_ip(now, now["apps"]["neighbour"], kind)

    return change


def unreadable(now: World) -> None:
    """Fly.io tells no config of a machine whose host does not answer."""
    machine_of(now)["config"] = None


def runs(*programs: str) -> Change:
    return lambda now: machine_of(now).update(programs=programs)


def no_machines(now: World) -> None:
    app_of(now)["machines"].clear()


# -- the table --------------------------------------------------------------------------------------------------------
PRIVATE, NO_V6, EXPOSED, UNKNOWN = Privacy.PRIVATE, Privacy.NOT_PROBED_V6, Privacy.EXPOSED, Privacy.UNKNOWN


@dataclass(frozen=True, slots=True)
class Case:
    """``lines``: how single lines must stand. ``former``: addresses that this computer remembers of it. ``failing``:
    questions without an answer. ``slow``: read with a flyctl that is a process, too."""

    name: str
    verdict: Privacy
    changes: tuple[Change, ...] = ()
    lines: str = ""
    former: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    reachable: bool = True
    slow: bool = False


def _answers(v4: str, v6: str = "silent") -> Change:
    return outside(answers={FORMER_V4: v4, FORMER_V6: v6})


BOTH = (FORMER_V4, FORMER_V6)
CLAWDBOT = {**HTTP, "internal_port": 3000}
CASES = (
    Case("private", PRIVATE, slow=True),
    Case("private, and it was public once", PRIVATE, former=BOTH, slow=True),
    Case("public", EXPOSED, (add("v6"), add("shared_v4"), offers(HTTP)), "addresses=fail services=fail config=fail dns=fail probes=fail", slow=True, reachable=False),
    Case("half converted: a public address is left", EXPOSED, (add("shared_v4"),), "addresses=fail services=pass dns=fail", slow=True),
    Case("half converted: the service is left", EXPOSED, (offers(HTTP),), "addresses=pass services=fail config=fail", slow=True, reachable=False),
    Case("half converted: released before the deploy", EXPOSED, (only(), offers(HTTP)), "services=fail", former=BOTH, reachable=False),
    Case("by the guides: no service", PRIVATE, (offers(),), "tunnel=fail services=pass", slow=True, reachable=False),
    Case("by the guides, not yet allocated", PRIVATE, (only(), offers()), "addresses=pass tunnel=fail", reachable=False),
    Case("by the guides, the public address not released", EXPOSED, (offers(), add("v6")), "addresses=fail services=pass", reachable=False),
    Case("a certificate", EXPOSED, (has(certificates=["claw.example.com"]),), "certificates=fail", slow=True),
    Case("a certificate for everything below", EXPOSED, (has(certificates=["*.example.com"]),), "certificates=fail"),
    Case("a certificate of its own name", PRIVATE, (has(certificates=["my-app.fly.dev"]),), "certificates=pass"),
    Case("dedicated IPv4", EXPOSED, (add("v4"),), "addresses=fail dns=fail", slow=True),
    Case("a public IPv6 only", EXPOSED, (add("v6"),), "addresses=fail"),
    Case("an address of an unknown kind", EXPOSED, (add("anycast_v7"),), "addresses=fail dns=pass", slow=True),
    Case("an address without a kind", EXPOSED, (add(""),), "addresses=fail"),
    Case("addresses for going out", PRIVATE, (add("egress_v4"), add("egress_v6")), "addresses=pass"),
    Case("two private addresses", PRIVATE, (add("private_v6"),), "addresses=pass"),
    Case("a private address in another organization's network", EXPOSED, (lambda now: app_of(now)["ips"][0].update(org="claw-club"),), "addresses=fail", slow=True),
    Case("a private address in its own organization's network", PRIVATE, (lambda now: app_of(now)["ips"][0].update(org="personal"),), "addresses=pass"),
    Case("two machines, a stopped one offers a public service", EXPOSED, (second([HTTP], state="stopped"),), "services=fail", slow=True),
    Case("two machines, both private", PRIVATE, (second([RAW], state="stopped"),)),
    Case("two machines, one without a service", PRIVATE, (second([], group="worker"),)),
    Case("a suspended machine of another group", EXPOSED, (second([HTTP], group="web", state="suspended"),), "services=fail"),
    Case("another process group", EXPOSED, (second([HTTP], group="web"),), "services=fail", slow=True),
    Case("machine run -p 8080:3000 by hand", EXPOSED, (second([{**RAW, "ports": [{"port": 8080}]}], group=""),), "services=fail", slow=True),
    Case("machine run -p 443:3000/tcp:tls by hand", EXPOSED, (second([{**RAW, "ports": [{"port": 443, "handlers": ["tls"]}]}]),), "services=fail"),
    Case("http_service in the deployed config only", EXPOSED, (defines(http_service={"internal_port": 3000}),), "services=pass config=fail", slow=True),
    Case("a service in the deployed config only", EXPOSED, (defines(services=[{"internal_port": 3000, "protocol": "tcp", "ports": [{"port": 443, "handlers": ["tls"]}]}]),), "config=fail"),
    Case("a service of one table in the deployed config", EXPOSED, (defines(services={"internal_port": 3000}),), "config=fail"),
    Case("a range of ports in the deployed config", EXPOSED, (defines(services=[{"internal_port": 3000, "protocol": "tcp", "ports": [{"start_port": 3000, "end_port": 4000}]}]),), "config=fail"),
    Case("statics in the deployed config", EXPOSED, (defines(statics=[{"guest_path": "/app/public", "url_prefix": "/"}]),), "config=fail", slow=True),
    Case("the private service in the deployed config", PRIVATE, (defines(services=[{"internal_port": 3000, "protocol": "tcp", "ports": [{"port": 3000}]}]),), "config=pass"),
    Case("statics of a machine", EXPOSED, (second([RAW], statics=[{"guest_path": "/app/public", "url_prefix": "/"}]),), "services=fail"),
    Case("TLS on the private port", EXPOSED, (offers(port(handlers=["tls"])),), "services=fail"),
    Case("PROXY protocol on the private port", EXPOSED, (offers(port(handlers=["proxy_proto"])),), "services=fail"),
    Case("a range of ports that begins with ours", EXPOSED, (offers({**RAW, "ports": [{"start_port": 3000, "end_port": 3001}]}),), "services=fail", reachable=False),
    Case("the private port and another one", EXPOSED, (offers({**RAW, "ports": [{"port": 3000}, {"port": 8443}]}),), "services=fail"),
    Case("the private service twice", EXPOSED, (offers(RAW, RAW),), "services=fail"),
    Case("the private service and one for UDP", EXPOSED, (offers(RAW, {**RAW, "protocol": "udp"}),), "services=fail"),
    Case("another port inside", EXPOSED, (offers({**RAW, "internal_port": 18789}),), "services=fail", reachable=False),
    Case("HTTP for Flycast", EXPOSED, (offers({**RAW, "ports": [{"port": 80, "handlers": ["http"]}]}),), "services=fail", reachable=False),
    Case("DNS still names an IPv4", EXPOSED, (outside(dns={"A": [FORMER_V4]}),), "dns=fail addresses=pass", slow=True),
    Case("DNS still names an IPv6", EXPOSED, (outside(dns={"AAAA": [FORMER_V6]}),), "dns=fail"),
    Case("DNS names another name", EXPOSED, (outside(dns={"A": ["my-app.example.com."]}),), "dns=fail"),
    Case("a former address answers", EXPOSED, (_answers("gateway"),), "probes=fail addresses=pass dns=pass", BOTH, slow=True),
    Case("a former IPv6 answers", EXPOSED, (_answers("silent", "gateway"),), "probes=fail", BOTH),
    Case("a former address answers as Clawdbot", EXPOSED, (_answers("clawdbot"),), "probes=fail", BOTH),
    Case("a former address: something else answers", UNKNOWN, (_answers("other"),), "probes=unknown", BOTH, slow=True),
    Case("a former address: Fly's proxy does not know it", PRIVATE, (_answers("fly", "fly"),), "probes=pass", BOTH),
    Case("no IPv6 here", NO_V6, (here(v6=False),), "probes=unknown addresses=pass", BOTH, slow=True),
    Case("no IPv6 here, and there was no IPv6 address", PRIVATE, (here(v6=False),), "probes=pass", (FORMER_V4,)),
    Case("no IPv6 here, and a former IPv4 answers", EXPOSED, (here(v6=False), _answers("gateway")), "probes=fail", BOTH),
    Case("no IPv6 here, and something answers over IPv4", UNKNOWN, (here(v6=False), _answers("other")), "probes=unknown", BOTH),
    Case("no IPv6 here, and a question without an answer", UNKNOWN, (here(v6=False),), "certificates=unknown", BOTH, ("certs list",)),
    Case("no IPv6 here, and public", EXPOSED, (here(v6=False), add("v6")), "addresses=fail"),
    Case("no way out at all", UNKNOWN, (here(v4=False, v6=False),), "probes=unknown", BOTH),
    Case("addresses can't be asked", UNKNOWN, (), "addresses=unknown", failing=("ips list",), slow=True),
    Case("addresses can't be asked, and they are public", EXPOSED, (add("v6"),), "addresses=unknown dns=fail", failing=("ips list",)),
    Case("machines can't be asked", UNKNOWN, (), "services=unknown", failing=("machine list",), slow=True),
    Case("the config can't be asked", UNKNOWN, (), "config=unknown", failing=("config show",)),
    Case("certificates can't be asked", UNKNOWN, (), "certificates=unknown", failing=("certs list",)),
    Case("DNS can't be asked for IPv4", UNKNOWN, (outside(dns_down="A"),), "dns=unknown", slow=True),
    Case("DNS can't be asked for IPv6", UNKNOWN, (outside(dns_down="AAAA"),), "dns=unknown"),
    Case("DNS can't be asked for IPv6, and names an IPv4", EXPOSED, (outside(dns_down="AAAA", dns={"A": [FORMER_V4]}),), "dns=fail"),
    Case("the machine can't be asked", PRIVATE, (), "tunnel=unknown inside=unknown", failing=("machine exec",)),
    Case("members can't be asked", PRIVATE, (), "members=unknown", failing=("orgs show",)),
    Case("peers can't be asked", PRIVATE, (), "peers=unknown", failing=("wireguard list",), slow=True),
    Case("other apps can't be asked", PRIVATE, (), "replay=unknown", failing=("apps list",)),
    Case("the host of the machine does not answer", UNKNOWN, (unreadable, defines()), "services=unknown config=pass"),
    Case("no machine", UNKNOWN, (no_machines,), "services=pass config=unknown", reachable=False),
    Case("people, peers, an open neighbour", PRIVATE, (org(members=["friend@example.com"], peers=["laptop"]), neighbour("shared_v4")), "members=told peers=told replay=told", slow=True),
    Case("ngrok and Tailscale in the machine", PRIVATE, (runs("ngrok", "tailscaled"),), "inside=told", slow=True),
    Case("Clawdbot's, public", EXPOSED, (add("v6"), offers(CLAWDBOT), lambda now: machine_of(now).update(name="clawdbot")), "addresses=fail services=fail", reachable=False),
)  # fmt: skip
