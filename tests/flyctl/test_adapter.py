"""Every method of the adapter: its command line is accepted, the requests that arrive are the ones that were meant,
and what comes back is understood."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from claw_tui.adapters.flyctl import Flyctl
from claw_tui.demo import world
from claw_tui.domain.change_args import MachineChange
from claw_tui.domain.secret import Secret
from claw_tui.domain.world import IpKind
from claw_tui.ports import Fly
from tests.fly_api.server import FlyApi, Request
from tests.transcripts import prepare, scenes_org
from tests.transcripts.scene import Prepare

pytestmark = [pytest.mark.anyio, pytest.mark.flyctl]
V1 = "/v1/apps/my-app"


@dataclass(frozen=True, slots=True)
class Case:
    """A call, what the world has before it, the last request that changes or reads something, and its body."""

    call: Callable[[Flyctl, Context], Awaitable[Any]]
    check: Callable[[Any], object]
    request: str = ""
    before: tuple[Prepare, ...] = (prepare.deployed,)
    body: Callable[[Any], object] | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What a call may need."""

    folder: Path
    machine: str
    lines: list[str]
    volume: str = ""

    @property
    def config(self) -> Path:
        return self.folder / "fly.toml"


async def _logged(fly: Flyctl, _ctx: Context) -> list[str]:
    found = []
    async with asyncio.timeout(30), aclosing(fly.follow_logs("my-app")) as logs:
        async for entry in logs:
            found.append(entry.message)
            if "ready" in entry.message:
                break
    return found


async def _logged_in(fly: Flyctl, _ctx: Context) -> tuple[str, str]:
    login = fly.login()
    url = await login.url()
    login.send_code("demo")
    return url, await login.result()


async def _console(fly: Flyctl, _ctx: Context) -> tuple[str, ...]:
    return fly.console("my-app").argv[1:]


async def _terminal(fly: Flyctl, _ctx: Context) -> tuple[str, ...]:
    return fly.terminal("my-app", "148e21ea4d9389", ["openclaw", "channels", "login"]).argv[1:]


async def _peer_made(fly: Flyctl, ctx: Context) -> tuple[int, list[str]]:
    file = ctx.folder / "phone.conf"
    await fly.create_peer("personal", "fra", "phone", file)
    text = file.read_text()
    key = re.search(r"PrivateKey = (\S{44})\n", text)
    assert key
    kept = [path for path in ctx.folder.parent.rglob("*") if path.is_file() and path != file]
    assert not [path for path in kept if key[1].encode() in path.read_bytes()]
    return file.stat().st_mode & 0o777, re.findall(r"(?m)^\[\w+\]$", text)


def nothing(answer: Any) -> bool:
    return answer is None


CASES = {
    "version": Case(lambda fly, _c: fly.version(), lambda v: re.fullmatch(r"\d+\.\d+\.\d+", v.version)),
    "whoami": Case(lambda fly, _c: fly.whoami(), lambda v: v == "you@example.com", "POST /graphql#viewer"),
    "own_token": Case(lambda fly, _c: fly.own_token(), nothing),
    "login": Case(_logged_in, lambda v: "fly.io/app/auth" in v[0] and "you@example.com" in v[1], "POST /graphql#viewer"),
    "orgs": Case(lambda fly, _c: fly.orgs(), lambda v: {o.slug for o in v} == {"personal", "claw-club"}, "POST /graphql#organizations"),
    "regions": Case(lambda fly, _c: fly.regions(), lambda v: "fra" in {r.code for r in v}, "GET /v1/platform/regions"),
    "vm_sizes": Case(lambda fly, _c: fly.vm_sizes(), lambda v: {s.name: s.memory_mb for s in v}["shared-cpu-2x"] == 512),
    "apps": Case(lambda fly, _c: fly.apps(), lambda v: [(a.name, a.org, a.deployed) for a in v] == [("my-app", "personal", True)], "POST /graphql#apps"),
    "app": Case(lambda fly, _c: fly.app("my-app"), lambda v: (v.hostname, v.status) == ("my-app.fly.dev", "deployed"), "POST /graphql#app"),
    "volumes": Case(lambda fly, _c: fly.volumes("my-app"), lambda v: [(x.name, x.size_gb, bool(x.attached_to)) for x in v] == [("openclaw_data", 3, True)], f"GET {V1}/volumes"),
    "secrets": Case(lambda fly, _c: fly.secrets("my-app"), lambda v: [(s.name, s.status) for s in v] == [(prepare.TOKEN, "Deployed")], "GET /api/v1/apps/my-app/releases"),
    "ips": Case(lambda fly, _c: fly.ips("my-app"), lambda v: {i.kind for i in v} == {IpKind.V6, IpKind.SHARED_V4}, "POST /graphql#app"),
    "machines": Case(lambda fly, _c: fly.machines("my-app"), lambda v: (v[0].state, v[0].memory_mb, v[0].services[0].ports[1].port) == ("started", 2048, 443), f"GET {V1}/machines"),
    "checks": Case(lambda fly, c: fly.checks("my-app"), lambda v: [c.status for cs in v.values() for c in cs] == ["passing"], f"GET {V1}/machines"),
    "releases": Case(lambda fly, _c: fly.releases("my-app"), lambda v: [(r.version, r.status, r.user) for r in v] == [(1, "complete", "you@example.com")], "POST /graphql#app"),
    "leases": Case(lambda fly, _c: fly.leases("my-app"), lambda v: [(x.owner, x.until - time.time() > 500) for x in v] == [("me@example.com", True)], f"GET {V1}/machines/[0-9a-f]+/lease", (prepare.deployed, prepare.leased)),
    "images": Case(lambda fly, _c: fly.images("my-app"), lambda v: v[0].reference == "ghcr.io/openclaw/openclaw:2026.9.1", "POST /graphql#latestImageDetails"),
    "deployed_config": Case(lambda fly, _c: fly.deployed_config("my-app"), lambda v: v["primary_region"] == "fra", f"GET {V1}/machines"),
    "certificates": Case(lambda fly, _c: fly.certificates("my-app"), lambda v: [(c.host, c.state) for c in v] == [("claw.example.com", "active")], f"GET {V1}/certificates", (prepare.deployed, scenes_org.certified)),
    "members": Case(lambda fly, _c: fly.members("personal"), lambda v: [(p.email, p.role) for p in v] == [("you@example.com", "ADMIN"), ("friend@example.com", "MEMBER")], "POST /graphql#organization", (scenes_org.peopled,)),
    "peers": Case(lambda fly, _c: fly.peers("personal"), lambda v: [(p.name, p.region) for p in v] == [("laptop", "fra"), ("phone", "fra")], "POST /graphql#organization", (scenes_org.peopled,)),
    "validate_config": Case(lambda fly, c: fly.validate_config("my-app", c.config), nothing),
    "recent_logs": Case(lambda fly, _c: fly.recent_logs("my-app"), lambda v: any("ready" in line.message for line in v), "GET /api/v1/apps/my-app/logs"),
    "follow_logs": Case(_logged, lambda v: "ready" in v[-1]),
    "terminal": Case(_terminal, lambda v: v[:2] == ("ssh", "console") and "--pty" in v),
    "console": Case(_console, lambda v: v[:2] == ("ssh", "console")),
    "create_app": Case(lambda fly, _c: fly.create_app("my-app", "personal"), nothing, "POST /graphql#app", ()),
    "create_volume": Case(
        lambda fly, _c: fly.create_volume("my-app", "data", region="fra", size_gb=3, vm_size="shared-cpu-2x", memory_mb=2048), nothing,
        f"POST {V1}/volumes", (prepare.app,),
        lambda b: (b["name"], b["region"], b["size_gb"], b["encrypted"], b["compute"]["cpus"], b["compute"]["memory_mb"]) == ("data", "fra", 3, True, 2, 2048),
    ),
    "destroy_app": Case(lambda fly, _c: fly.destroy_app("my-app"), nothing, "DELETE /v1/apps/my-app"),
    "destroy_volume": Case(lambda fly, c: fly.destroy_volume("my-app", c.volume), nothing, f"DELETE {V1}/volumes/vol_[0-9a-f]+", (prepare.app, prepare.volume)),
    "destroy_machine": Case(lambda fly, c: fly.destroy_machine("my-app", c.machine), nothing, f"DELETE {V1}/machines/[0-9a-f]+"),
    "create_snapshot": Case(lambda fly, c: fly.create_snapshot("my-app", c.volume), nothing, "", (prepare.app, prepare.volume)),
    "snapshots": Case(
        lambda fly, c: fly.snapshots("my-app", c.volume), lambda v: [(s.id, s.ready) for s in v] == [("vs_0123456789abcdef", True)],
        f"GET {V1}/volumes/vol_[0-9a-f]+/snapshots", (prepare.app, prepare.volume, prepare.snapshot),
    ),
    "import_secrets": Case(lambda fly, _c: fly.import_secrets("my-app", {"A": Secret("b # c")}), nothing, f"POST {V1}/secrets", (prepare.app,), lambda b: b == {"values": {"A": "b # c"}}),
    "unset_secrets": Case(lambda fly, _c: fly.unset_secrets("my-app", ["A", "B"]), nothing, f"POST {V1}/secrets", (prepare.app,), lambda b: b == {"values": {"A": None, "B": None}}),
    "deploy_secrets": Case(
        lambda fly, c: fly.deploy_secrets("my-app", c.lines.append), nothing, "PATCH /api/v1/releases/rel_[0-9a-f]+", (prepare.deployed, prepare.secret),
        lambda b: b["status"] == "complete",
    ),
    "allocate_shared_v4": Case(lambda fly, _c: fly.allocate_shared_v4("my-app"), nothing, "POST /graphql#allocateIpAddress", (prepare.app,), lambda b: b["variables"]["input"]["type"] == "shared_v4"),
    "allocate_v6": Case(lambda fly, _c: fly.allocate_v6("my-app", private=True), nothing, "POST /graphql#allocateIpAddress", (prepare.app,), lambda b: b["variables"]["input"]["type"] == "private_v6"),
    "release_ip": Case(lambda fly, _c: fly.release_ip("my-app", "66.241.124.77"), nothing, "POST /graphql#releaseIpAddress", body=lambda b: b["variables"]["input"]["ip"] == "66.241.124.77"),
    "deploy": Case(
        lambda fly, c: fly.deploy("my-app", c.config, c.folder, private=False, on_line=c.lines.append), nothing,
        "PATCH /api/v1/releases/rel_[0-9a-f]+", (prepare.app, prepare.volume, prepare.secret), lambda b: b["status"] == "complete",
    ),
    "restart_machine": Case(lambda fly, c: fly.restart_machine("my-app", c.machine), nothing, f"DELETE {V1}/machines/[0-9a-f]+/lease"),
    "start_machine": Case(lambda fly, c: fly.start_machine("my-app", c.machine), nothing, f"POST {V1}/machines/[0-9a-f]+/start", (prepare.deployed, prepare.stopped)),
    "stop_machine": Case(lambda fly, c: fly.stop_machine("my-app", c.machine), nothing, f"GET {V1}/machines/[0-9a-f]+/wait"),
    "cordon_machine": Case(lambda fly, c: fly.cordon_machine("my-app", c.machine, on=True), nothing, f"DELETE {V1}/machines/[0-9a-f]+/lease"),
    "update_machine": Case(
        lambda fly, c: fly.update_machine("my-app", c.machine, MachineChange("shared-cpu-4x", 4096, {"A": "b c"}, "node x --y")), nothing,
        f"POST {V1}/machines/[0-9a-f]+",
        body=lambda b: (b["config"]["guest"]["cpus"], b["config"]["guest"]["memory_mb"], b["config"]["env"]["A"], b["config"]["init"]["cmd"])
        == (4, 4096, "b c", ["node", "x", "--y"]),
    ),
    "clone_machine": Case(
        lambda fly, c: fly.clone_machine("my-app", c.machine, region="ams", volume=c.volume, vm_size="shared-cpu-4x", memory_mb=4096), nothing,
        f"POST {V1}/machines", (prepare.deployed, prepare.copied),
        lambda b: (b["region"], b["config"]["guest"]["cpus"], b["config"]["guest"]["memory_mb"], b["config"]["mounts"][0]["path"]) == ("ams", 4, 4096, "/data"),
    ),
    "extend_volume": Case(lambda fly, c: fly.extend_volume("my-app", c.volume, 10), nothing, f"PUT {V1}/volumes/vol_[0-9a-f]+/extend", body=lambda b: b["size_gb"] == 10),
    "fork_volume": Case(
        lambda fly, c: fly.fork_volume("my-app", c.volume, region="ams", vm_size="shared-cpu-4x", memory_mb=4096), nothing, f"POST {V1}/volumes",
        body=lambda b: (b["region"], b["compute"]["cpus"], b["compute"]["memory_mb"], bool(b["source_volume_id"])) == ("ams", 4, 4096, True),
    ),
    "rescue_machine": Case(
        lambda fly, c: fly.rescue_machine("my-app", c.machine), nothing, f"POST {V1}/machines/[0-9a-f]+",
        body=lambda b: b["config"]["init"]["entrypoint"] == ["/bin/sh", "-c", "exec sleep infinity"],
    ),
    "clear_leases": Case(lambda fly, c: fly.clear_leases("my-app", c.machine), nothing, f"DELETE {V1}/machines/[0-9a-f]+/lease", (prepare.deployed, prepare.leased)),
    "exec": Case(
        lambda fly, c: fly.exec("my-app", c.machine, "echo 'a b' && cat /none"), lambda v: (v.code, v.stdout) == (1, "a b\n"),
        f"POST {V1}/machines/[0-9a-f]+/exec", body=lambda b: b["cmd"].startswith("sh -c ") and b["timeout"] == 25,
    ),
    "create_peer": Case(_peer_made, lambda v: v == (0o600, ["[Interface]", "[Peer]"]), "POST /graphql#addWireGuardPeer", (), lambda b: (b["variables"]["input"]["name"], b["variables"]["input"]["region"]) == ("phone", "fra")),
    "remove_peer": Case(lambda fly, _c: fly.remove_peer("personal", "laptop"), nothing, "POST /graphql#removeWireGuardPeer", (prepare.peer,), lambda b: b["variables"]["input"]["name"] == "laptop"),
    "stop_agent": Case(lambda fly, _c: fly.stop_agent(), nothing),
}  # fmt: skip


def test_there_is_a_case_for_every_method() -> None:
    methods = {name for name in dir(Fly) if not name.startswith("_")} - {"token", "use_token", "use_guard"}
    methods -= {"sftp_get", "sftp_put"}  # they begin with a tunnel, which is not simulated
    assert set(CASES) == methods


@pytest.mark.parametrize("name", CASES)
async def test_the_method(name: str, fly: Flyctl, api: FlyApi, tmp_path: Path) -> None:
    case = CASES[name]
    with world.opened() as now:
        for step in case.before:
            step(now)
        machines = now["apps"].get("my-app", {}).get("machines", [])
        volumes = now["apps"].get("my-app", {}).get("volumes", [])
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "fly.toml").write_text(prepare.fly_toml())
    ctx = Context(folder, machines[0]["id"] if machines else "", [], volumes[0]["id"] if volumes else "")
    answer = await case.call(fly, ctx)
    assert case.check(answer), answer
    if case.request:
        last = _last(api.requests, case.request)
        assert case.body is None or case.body(last.json), last.json


def _last(requests: list[Request], wanted: str) -> Request:
    found = [
        r
        for r in requests
        if re.fullmatch(wanted, f"{r.method} {r.path}")
        and (r.body or r.method != "POST" or "/start" in r.path)
    ]
    assert found, [f"{r.method} {r.path}" for r in requests]
    return found[-1]


async def test_the_machine_that_a_deploy_makes_is_the_one_that_was_wanted(
    fly: Flyctl, api: FlyApi, tmp_path: Path
) -> None:
    """The real flyctl makes the same machine of fly.toml as the simulated one."""
    from claw_tui.demo.app_config import load_toml, machine_config

    for private in (False, True):
        with world.opened() as now:
            now["apps"].clear()
            prepare.app(now)
            prepare.volume(now)
            prepare.secret(now)
        path = tmp_path / "fly.toml"
        path.write_text(prepare.fly_toml(private=private))
        await fly.deploy("my-app", path, tmp_path, private=private, on_line=lambda _line: None)
        request = _last(api.requests, f"POST {V1}/machines")
        with world.opened(change=False) as now:
            app = now["apps"]["my-app"]
            (machine,), (release,), (volume,) = app["machines"], app["releases"], app["volumes"]
            assert sorted(ip["type"] for ip in app["ips"]) == ([] if private else ["shared_v4", "v6"])
        mounts = [{"path": "/data", "volume": volume["id"], "name": "openclaw_data"}]
        ours = machine_config(load_toml(str(path)), machine["image"], release, mounts)
        assert json.loads(json.dumps(ours)) == request.json["config"]
        assert request.json["region"] == "fra"
