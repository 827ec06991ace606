"""The doctor's rules by themselves: a healthy gateway's facts, and what one change in them is called."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from claw_tui.domain.answers import ChannelStatus, HealthAnswer, LogEntry, PairingRequest
from claw_tui.domain.delivery import Backup
from claw_tui.domain.doctor.choice import choice_of, read_choice
from claw_tui.domain.doctor.facts import Facts, Inside, Lock, Page, Place, Unasked
from claw_tui.domain.doctor.judge import judge
from claw_tui.domain.doctor.model import Diagnosis, Fix, Standing, Verdict
from claw_tui.domain.doctor.order import EXPLAINS, ORDER, explained, ordered
from claw_tui.domain.doctor.repairs import is_as_wanted, repaired
from claw_tui.domain.doctor.settings import bare, mended
from claw_tui.domain.doors import PRIVATE_SERVICE
from claw_tui.domain.fly_toml import COMMAND, command_words, environment, expected_service
from claw_tui.domain.gateway_config import build_config
from claw_tui.domain.spec import DiscordSpec, GatewaySpec, Spec
from claw_tui.domain.world import (
    App,
    Check,
    Ip,
    IpKind,
    Lease,
    Machine,
    MachineEvent,
    Mount,
    Release,
    SecretInfo,
    Service,
    Volume,
    World,
)

NOW = 1_796_000_000.0
SPEC = Spec(
    org="personal", app="my-app", region="fra", secret_names=("OPENCLAW_GATEWAY_TOKEN", "ANTHROPIC_API_KEY", "DISCORD_BOT_TOKEN"),
    gateway=GatewaySpec(primary_model="anthropic/claude-opus-5", discord=DiscordSpec(enabled=True)),
)  # fmt: skip
MACHINE = Machine(
    "m1", "m", "started", "fra", SPEC.image, "shared", 2, 2048, environment(SPEC), command_words(SPEC), (),
    (Mount("vol_1", "/data"),), (expected_service(SPEC),), (Check("c", "passing"),),
    (MachineEvent("start", "started", int((NOW - 900) * 1000)),), check_paths=("/healthz",), group="app",
)  # fmt: skip
IPS = (Ip("66.241.124.77", IpKind.SHARED_V4), Ip("2a09:8280:1::1", IpKind.V6))
CONFIG = build_config(SPEC, [ip.address for ip in IPS])
ALIVE = HealthAnswer(reached=True, json_ok=True, words="alive", status=200)
SILENT = HealthAnswer(reached=False, json_ok=False, words="refused")
WELL = Facts(
    "my-app", NOW, free_mb=1000, store="", flyctl="0.4.87", login="you@example.com", spec=SPEC, store_ready=True, billing="CURRENT",
    found=App("my-app", "personal"), volumes=(Volume("vol_1", "openclaw_data", "fra", 3, attached_to="m1"),),
    secrets=tuple(SecretInfo(name, "d", "Deployed") for name in SPEC.secret_names), ips=IPS, machines=(MACHINE,),
    releases=(Release(1, "complete", SPEC.image, "2026-11-01T10:00:00Z"),), leases=(), deployed={}, logs=(), page=Page(200),
    outside=ALIVE,
    inside=Inside(Place("/data/openclaw.json", "1000:1000", "600", 900), free_mb=2000, disk_mb=3000, plugins=("openclaw-discord",)),
    config=json.dumps(CONFIG), refused=(), backups=(), health=ALIVE,
    channels=(ChannelStatus("discord", configured=True, running=True, probe_ok=True, words=""),), pairing=(),
)  # fmt: skip
KNOCKS = (PairingRequest("r", "", "Chrome"),)
Change = Callable[[Facts], Facts]


def told(found: Diagnosis) -> str:
    return "\n".join(f"{f.standing} {f.id} {f.cause}: {f.words} {f.evidence}" for f in found.findings)


def machine(**changes: Any) -> Change:
    return lambda facts: replace(facts, machines=(replace(MACHINE, **changes),))


def config(act: Callable[[dict[str, Any]], object]) -> Change:
    def change(facts: Facts) -> Facts:
        tree = json.loads(json.dumps(CONFIG))
        act(tree)
        return replace(facts, config=json.dumps(tree))

    return change


def inside(**changes: Any) -> Change:
    def change(facts: Facts) -> Facts:
        assert isinstance(facts.inside, Inside)
        return replace(facts, inside=replace(facts.inside, **changes))

    return change


def says(*lines: str) -> Change:
    entries = tuple(LogEntry("2026-11-30T10:00:00Z", "info", "m1", line) for line in lines)
    return lambda facts: replace(facts, logs=entries)


def down(code: int, *lines: str, oom: bool = False) -> Change:
    """It ended by itself, and its machine is stopped."""
    away = Unasked("Its machine is stopped.", "machine-stopped")
    ends = MachineEvent("exit", "stopped", int((NOW - 5) * 1000), code, oom)
    off = replace(MACHINE, state="stopped", events=(ends, *MACHINE.events))

    def change(facts: Facts) -> Facts:
        facts = replace(
            facts,
            machines=(off,),
            inside=away,
            config=away,
            health=away,
            backups=away,
            channels=away,
            pairing=away,
        )
        return says(*lines)(facts)

    return change


def then(*changes: Change) -> Change:
    def change(facts: Facts) -> Facts:
        for one in changes:
            facts = one(facts)
        return facts

    return change


def command(line: str) -> Change:
    return machine(command=tuple(line.split()))


SICK: dict[str, tuple[str, Change]] = {
    "no room here": ("no-disk", lambda f: replace(f, free_mb=1)),
    "no flyctl": ("flyctl-missing", lambda f: Facts("my-app", free_mb=1000, flyctl=Unasked("none", "fly-not-installed"))),
    "trial": ("trial-organization", lambda f: replace(down(0)(f), billing="TRIAL_ACTIVE")),
    "nothing there": ("app-missing", lambda f: replace(f, found=None, machines=())),
    "no machine": ("no-machine", lambda f: replace(f, machines=())),
    "a rescue of somebody's own": ("rescue-left", lambda f: replace(machine(entrypoint=("/bin/sh", "-c", "exec sleep 900"))(f), health=SILENT)),
    "stopped": ("machine-stopped", down(0)),
    "lease": ("lease-held", lambda f: replace(f, leases=(Lease("m1", "you", NOW + 100),))),
    "two": ("two-machines", lambda f: replace(f, machines=(MACHINE, replace(MACHINE, id="m2", mounts=())))),
    "killed": ("oom-killed", down(137, "Out of memory: Killed process 642 (node)", oom=True)),
    "gave up": ("oom-heap", down(134, "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory")),
    "small": ("memory-small", machine(memory_mb=1024)),
    "no token": ("start-refused-token", down(78, "Refusing to bind gateway to lan without auth.")),
    "bad file": ("start-refused-config", down(78, "Gateway failed to start: Invalid config at /data/openclaw.json:", "JSON5 parse failed")),
    "root's": ("start-refused-owner", down(78, "read failed: Error: EACCES: permission denied, open '/data/openclaw.json'")),
    "no secret": ("start-refused-secret", down(78, "[secrets] [SECRETS_DEGRADED] cold gateway:ingress-auth: secret reference was not found.")),
    "too new": ("start-refused-state", down(78, "OpenClaw state database uses newer schema version 18; this build supports 15")),
    "locked": ("lock-held", down(78, "StateDatabaseCoordinatorContentionError: another OpenClaw process owns gateway-lifecycle")),
    "an old lock": ("lock-left", then(down(1, "Gateway failed to start: gateway already running (pid 640); lock timeout after 5000ms"),
                    lambda f: replace(f, machines=(replace(f.world.machines[0], image="registry.fly.io/my-app:clawdbot-2026.1.24"),)))),
    "staged": ("secrets-staged", lambda f: replace(f, secrets=(*f.world.secrets[:1], SecretInfo("ANTHROPIC_API_KEY", "e", "Staged")))),
    "state": ("state-not-kept", machine(env={})),
    "no volume": ("mount-missing", machine(mounts=())),
    "full": ("volume-full", inside(free_mb=3)),
    "loopback": ("bind-loopback", command(COMMAND.replace("lan", "loopback"))),
    "ports": ("port-mismatch", command(COMMAND.replace("3000", "18789"))),
    "check": ("check-mismatch", machine(checks=(Check("alive", "critical", "connection refused"),), check_paths=("/healthz", "/"))),
    "launched": ("toml-rewritten", machine(services=(Service("tcp", 8080),), mounts=(), memory_mb=1024)),
    "drift": ("command-drift", command(COMMAND + " --verbose")),
    "autostop": ("stops-by-itself", machine(stops_by_itself=True)),
    "no file": ("config-missing", then(lambda f: replace(f, config=None), inside(file=None))),
    "elsewhere": ("config-elsewhere", then(lambda f: replace(f, config=None), inside(file=None, elsewhere=(Place("/root/.openclaw/openclaw.json"),)))),
    "put back": ("config-reverted", then(says("Config auto-restored from backup: /data/openclaw.json (missing-meta)"),
                 lambda f: replace(f, backups=(Backup("openclaw.json.clobbered.2026", 9, int(NOW), same=False),), written=""))),
    "0644": ("config-owner", inside(file=Place("/data/openclaw.json", "1000:1000", "644"))),
    "typed": ("config-no-shell", lambda f: replace(f, config="cat > /data/openclaw.json << 'EOF'\n{}\nEOF\n")),
    "no port": ("gateway-port-missing", config(lambda c: c["gateway"].pop("port"))),
    "auth": ("auth-conflict", config(lambda c: c["gateway"]["auth"].update(mode="trusted-proxy"))),
    "no address": ("no-address", lambda f: replace(f, ips=())),
    "no IPv4": ("no-ipv4", lambda f: replace(f, ips=IPS[1:])),
    "guides' private": ("door-shut", lambda f: replace(machine(services=())(f), ips=(Ip("fdaa::1", IpKind.PRIVATE_V6),), spec=None)),
    "silent": ("gateway-silent", lambda f: replace(f, health=SILENT)),
    "403": ("proxy-403", config(lambda c: c["gateway"].pop("trustedProxies"))),
    "403 by its log": ("proxy-403", says("observed unattributable proxy-shaped traffic from 10.9.8.7")),
    "origin": ("origin-refused", config(lambda c: c["gateway"]["controlUi"].update(allowedOrigins=["http://localhost:18789"]))),
    "pairing": ("pairing-waiting", lambda f: replace(f, pairing=KNOCKS, somebody_in=False)),
    "token": ("token-mismatch", then(config(lambda c: c["gateway"]["auth"].update(token="t" * 40)), lambda f: replace(f, same_token=False))),
    "plugin": ("plugin-not-enabled", config(lambda c: c.pop("plugins"))),
    "plugin gone": ("plugin-not-there", then(inside(plugins=()), lambda f: replace(f, channels=()))),
    "intents": ("discord-intents", lambda f: replace(f, channels=(ChannelStatus("discord", True, False, False, "WebSocket closed 4014"),))),
    "bot": ("channel-token", lambda f: replace(f, channels=(ChannelStatus("discord", True, False, False, "401: Unauthorized"),))),
    "no channel": ("channel-not-configured", config(lambda c: [c.pop(key) for key in ("channels", "plugins", "bindings")])),
    "no key": ("no-model-key", lambda f: replace(f, secrets=tuple(s for s in f.world.secrets if "ANTHROPIC" not in s.name))),
    "key": ("model-key", says("anthropic: 401 authentication_error: invalid x-api-key")),
    "model": ("model-unknown", config(lambda c: c["agents"]["defaults"]["model"].update(primary="anthropic/claude-opus-99"))),
}  # fmt: skip


def test_a_healthy_one_is_well() -> None:
    found = judge(WELL)
    assert found.verdict is Verdict.HEALTHY, told(found)
    assert {f.standing for f in found.findings} <= {Standing.WELL, Standing.SKIPPED}, told(found)


@pytest.mark.parametrize("name", SICK)
def test_one_change_is_called_by_its_name(name: str) -> None:
    cause, change = SICK[name]
    found = judge(change(WELL))
    assert found.first == cause, told(found)
    assert found.wrong[0].words
    assert found.wrong[0].why


@pytest.mark.parametrize(
    "change",
    [
        lambda f: replace(f, spec=None, written=""),  # others set it up
        lambda f: replace(
            f, config=None, spec=None, machines=(replace(MACHINE, image="x/clawdbot:2026.1.24"),)
        ),
        says(
            "Out of memory: Killed process", "observed unattributable proxy-shaped traffic from 172.16.3.162"
        ),
        lambda f: replace(f, secrets=(*f.world.secrets, SecretInfo("MY_OWN", "d", "Deployed"))),
        lambda f: replace(f, billing=""),
        inside(locks=(Lock("/data/tmp/openclaw-1000/gateway.1.lock", 640, alive=True, at=int(NOW)),)),
        config(lambda c: c["gateway"]["controlUi"].update(allowedOrigins=["*"])),
        config(lambda c: c["gateway"].update(trustedProxies=["0.0.0.0/0"])),
    ],
)
def test_no_false_alarm(change: Change) -> None:
    facts = change(WELL)
    if "Out of memory" in str(facts.logs):  # of an earlier deploy
        facts = replace(facts, releases=(Release(2, "complete", SPEC.image, "2026-11-30T11:00:00Z"),))
    found = judge(facts)
    assert found.causes == (), told(found)


def test_who_knocks_where_others_are_in_is_only_told() -> None:
    found = judge(replace(WELL, pairing=KNOCKS, somebody_in=True))
    assert found.verdict is Verdict.HEALTHY, told(found)
    (knock,) = [f for f in found.findings if f.standing is Standing.NOTE]
    assert knock.fix is not None
    assert "A on Home" in knock.fix.words
    assert "claw-tui devices my-app --approve r" in knock.fix.commands


def test_the_root_is_first() -> None:
    assert ordered({"gateway-silent", "bind-loopback", "memory-small"})[0] == "memory-small"
    assert ordered(["plugin-not-enabled", "config-reverted"]) == ("config-reverted", "plugin-not-enabled")
    assert explained({"secrets-staged", "start-refused-token"}) == {"start-refused-token"}
    known = {*ORDER}
    assert set(EXPLAINS) <= known
    assert {name for names in EXPLAINS.values() for name in names if name != "*"} <= known
    assert {cause for cause, _change in SICK.values()} <= known


def test_several_fixes_are_one_choice() -> None:
    some = [
        Fix("rescue owner", ""),
        Fix("settings:port", ""),
        Fix("deploy:memory=4096", ""),
        Fix("rescue put:openclaw.json.bak", ""),
    ]
    found = read_choice(choice_of(some))
    assert found.rescue
    assert (found.settings, found.memory_mb, found.file) == (("port",), 4096, "put:openclaw.json.bak")
    assert read_choice("send-secrets:A new-token:B").secrets == ("A", "B")


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (COMMAND.replace("lan", "loopback"), COMMAND),
        (
            "node dist/index.js gateway --bind=loopback --port=8080",
            "node dist/index.js gateway --bind lan --port 3000",
        ),
        ("sleep 900", COMMAND),
    ],
)
def test_a_command_is_put_right(line: str, wanted: str) -> None:
    world = World(machines=(replace(MACHINE, command=tuple(line.split())),), volumes=WELL.world.volumes)
    choice = read_choice("deploy:command")
    found = repaired(world, choice, Spec(app="my-app")).machine
    assert found is not None
    assert " ".join(found.command) == wanted
    assert not is_as_wanted(world, choice, Spec(app="my-app"))


def test_a_rewritten_file_is_mended_as_a_whole() -> None:
    lost = replace(
        MACHINE,
        command=(),
        mounts=(),
        memory_mb=1024,
        env={"NODE_OPTIONS": "--inspect --max-old-space-size=9"},
    )
    found = repaired(
        World(machines=(lost,), volumes=WELL.world.volumes), read_choice("deploy:all"), SPEC
    ).machine
    assert found is not None
    assert (found.command, found.mounts, found.memory_mb) == (
        command_words(SPEC),
        (Mount("vol_1", "/data"),),
        2048,
    )
    assert found.env == {"NODE_OPTIONS": "--inspect --max-old-space-size=1536", "OPENCLAW_STATE_DIR": "/data"}


def test_what_is_neither_private_nor_public_is_told() -> None:
    """A hardening that was cut off between its deploy and the end of the public addresses."""
    half = replace(MACHINE, services=(PRIVATE_SERVICE,))
    found = judge(replace(WELL, machines=(half,)))
    assert found.first == "half-private"
    finding = next(one for one in found.findings if one.cause == "half-private")
    assert finding.fix is not None
    assert finding.fix.asks, "which of both is nobody's to say but the person's"
    assert "claw-tui harden" in finding.fix.commands[0]


def test_lists_of_a_person_may_hold_anything() -> None:
    odd: list[Any] = [{}, ["x"], None, "https://mine.example"]
    tree: dict[str, Any] = {"gateway": {"trustedProxies": odd, "controlUi": {"allowedOrigins": odd}}}
    found: Any = mended(tree, ["proxies", "origins"], Spec(app="my-app"), World())
    for rows in (found["gateway"]["trustedProxies"], found["gateway"]["controlUi"]["allowedOrigins"]):
        assert [row for row in rows if row in odd] == odd


def test_settings_are_mended_and_all_else_stays() -> None:
    tree: dict[str, Any] = {
        "gateway": {"auth": {"mode": "trusted-proxy", "trustedProxy": {}}, "trustedProxies": ["10.0.0.0/8"]},
        "mine": 1,
    }
    found = mended(tree, ("port", "proxies=10.9.8.7", "auth", "plugins=discord,slack"), SPEC, WELL.world)
    gateway: Any = found["gateway"]
    assert found["mine"] == 1
    assert found["meta"] == {}
    assert (gateway["port"], gateway["mode"], gateway["auth"]["mode"]) == (3000, "local", "token")
    assert gateway["trustedProxies"] == [
        "172.16.0.0/16",
        *sorted(ip.address for ip in IPS),
        "10.0.0.0/8",
        "10.9.8.7",
    ]
    assert found["plugins"] == {"entries": {"discord": {"enabled": True}, "slack": {"enabled": True}}}
    assert mended(found, ("port", "auth"), SPEC, WELL.world) == found
    assert (
        judge(replace(WELL, spec=None, config=json.dumps(bare(SPEC, WELL.world)))).first
        == "channel-not-configured"
    )


VERBOSE = COMMAND + " --verbose"


def deployed(line: str) -> Change:
    return lambda facts: replace(facts, deployed={"app": "my-app", "processes": {"app": line}})


@pytest.mark.parametrize(
    ("change", "standing", "fix"),
    [
        (then(command(VERBOSE), deployed(VERBOSE)), Standing.NOTE, "this-command"),
        (then(command(VERBOSE), deployed(COMMAND)), Standing.WRONG, "deploy:command"),
        (then(command(VERBOSE + " --debug"), deployed(VERBOSE)), Standing.WRONG, "deploy:wanted"),
        (deployed(VERBOSE), Standing.WELL, ""),
        (then(command(VERBOSE), lambda f: replace(f, deployed=Unasked("no", "trouble"))), Standing.UNKNOWN, ""),
        (then(command(VERBOSE), deployed(VERBOSE), lambda f: replace(f, spec=None)), Standing.WELL, ""),
        (then(command(VERBOSE), deployed(COMMAND), lambda f: replace(f, spec=None)), Standing.WRONG, "deploy:wanted"),
    ],
    ids=["a person's deploy", "by hand", "by hand after a person's deploy", "changed with claw-tui", "not told", "others'", "others', by hand"],
)  # fmt: skip
def test_a_command_that_a_person_has_deployed_is_no_mistake(
    change: Change, standing: Standing, fix: str
) -> None:
    """What differs from the answers here is told, and nothing of it is taken back unasked."""
    found = judge(change(WELL))
    (said,) = [one for one in found.findings if one.id == "command"]
    assert (said.standing, said.fix.id if said.fix else "") == (standing, fix), said
    assert (found.verdict is Verdict.SICK) == (standing is Standing.WRONG), told(found)
    assert not found.fixes or standing is Standing.WRONG
