"""Who can reach a gateway, and what a change of that leaves as it is."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from claw_tui.domain.door_words import Told, story
from claw_tui.domain.doors import Door, door_of, obstacles
from claw_tui.domain.errors import BadInput
from claw_tui.domain.fly_toml import COMMAND, expected_service
from claw_tui.domain.jobs import Task
from claw_tui.domain.kept_toml import kept_toml
from claw_tui.domain.openclaw.reached import reached
from claw_tui.domain.plan import Action
from claw_tui.domain.spec import Spec
from claw_tui.domain.troubles.fixes import trouble_of
from claw_tui.domain.troubles.model import Facts, Failure, FixKind
from claw_tui.domain.world import Ip, IpKind, Machine, Mount, Port, Service, Volume, World
from claw_tui.engine.context import View
from claw_tui.engine.exposing import TakePrivateBack

FILES = Path(__file__).parents[1] / "fly_tomls"
PUBLIC, PRIVATE = expected_service(Spec()), expected_service(Spec(private=True))
MACHINE = Machine(
    "m1", "a", "started", "iad", "registry.fly.io/x:deployment-1", "shared", 4, 4096,
    env={"OPENCLAW_STATE_DIR": "/data", "TZ": "Europe/Berlin", "FLY_PROCESS_GROUP": "app"},
    command=tuple(COMMAND.split()), mounts=(Mount("vol_1", "/data"),), services=(PUBLIC,), group="app",
)  # fmt: skip
V6, SHARED, OWN = (
    Ip("2a09::1", IpKind.V6),
    Ip("66.241.124.77", IpKind.SHARED_V4),
    Ip("fdaa::1", IpKind.PRIVATE_V6),
)
WORLD = World(volumes=(Volume("vol_1", "openclaw_data", "iad", 3),), ips=(V6, SHARED), machines=(MACHINE,))


def with_machine(**changes: object) -> World:
    return replace(WORLD, machines=(replace(MACHINE, **changes),))  # type: ignore[arg-type]


@pytest.mark.parametrize(("world", "door"), [
    (World(), Door.NONE),
    (WORLD, Door.PUBLIC),
    (replace(with_machine(services=(PRIVATE,)), ips=(OWN,)), Door.PRIVATE),
    (replace(with_machine(services=(PRIVATE,)), ips=(OWN, Ip("1.2.3.4", IpKind.UNKNOWN))), Door.PUBLIC),
    (replace(with_machine(services=()), ips=(OWN,)), Door.SHUT),
    (replace(WORLD, ips=(OWN,)), Door.HALF),
    (replace(with_machine(services=(PRIVATE,)), ips=()), Door.HALF),
    (replace(WORLD, ips=(OWN,), machines=(replace(MACHINE, services=(PRIVATE,)), MACHINE)), Door.HALF),
])  # fmt: skip
def test_how_it_is_reached(world: World, door: Door) -> None:
    assert door_of(world) is door


@pytest.mark.parametrize(("changes", "words"), [
    ({}, ""),
    ({"state": "stopped"}, "is stopped"),
    ({"entrypoint": ("/tini",)}, "entrypoint"),
    ({"group": ""}, "not made by a deploy"),
    ({"group": "worker"}, "process group"),
    ({"env": {"STRIPE_SECRET": "x"}}, "STRIPE_SECRET may be a secret"),
    ({"command": ("node", "x.js"), "services": ()}, "it does not start the gateway"),
    ({"services": (PUBLIC, Service("udp", 3000, (Port(5000),)))}, "(udp)"),
])  # fmt: skip
def test_what_can_not_be_kept(changes: dict[str, object], words: str) -> None:
    found = obstacles(with_machine(**changes))
    assert bool(found) is bool(words)
    assert words in " ".join(found)


def test_machines_that_are_not_alike_would_become_so() -> None:
    other = replace(MACHINE, id="m2", memory_mb=2048)
    assert "are not alike" in obstacles(replace(WORLD, machines=(MACHINE, other)))[0]


@pytest.mark.parametrize(
    "name", ["openclaw-en", "openclaw-private", "openclaw-fr", "clawdbot-en", "after-fly-launch"]
)
@pytest.mark.parametrize("private", [True, False])
def test_of_a_persons_file_only_the_service_changes_and_the_machine_counts(name: str, private: bool) -> None:
    base = (FILES / f"{name}.toml").read_text()
    text = kept_toml("x", WORLD, "registry.fly.io/x:deployment-1@sha256:0", base, private=private)
    found, comments = tomllib.loads(text), [line for line in base.splitlines() if line.startswith("#")]
    assert all(comment in text for comment in comments)
    assert found["env"] == {"OPENCLAW_STATE_DIR": "/data", "TZ": "Europe/Berlin"}
    assert found["processes"] == {"app": COMMAND}
    vm = found["vm"][0] if isinstance(found["vm"], list) else found["vm"]
    assert vm == {"size": "shared-cpu-4x", "memory": "4096mb"}
    assert found["build"] == {"image": "registry.fly.io/x:deployment-1@sha256:0"}
    assert ("http_service" in found) is not private
    assert ("services" in found) is private
    again = kept_toml("x", WORLD, "registry.fly.io/x:deployment-1@sha256:0", text, private=private)
    assert again == text, "a second time changes nothing"


def test_public_services_of_others_come_back() -> None:
    services = '[{"protocol": "tcp", "internal_port": 3000, "auto_stop_machines": true, "ports": [{"port": 8443, "handlers": ["tls"]}], "x": null}]'  # fmt: skip
    found = tomllib.loads(kept_toml("x", WORLD, "i:1", "", private=False, services=services))
    assert found["services"][0]["ports"] == [{"port": 8443, "handlers": ["tls"]}]
    assert "http_service" not in found


def test_a_file_that_is_none_is_refused() -> None:
    with pytest.raises(BadInput, match="not TOML"):
        kept_toml("x", WORLD, "i:1", "[vm", private=True)


def test_the_three_settings_there_and_back() -> None:
    tree: dict[str, object] = {
        "gateway": {
            "bind": "auto", "publicOrigin": "https://x.fly.dev", "trustedProxies": ["172.16.0.0/16", "2a09::1", "10.0.0.1"],
            "controlUi": {"allowedOrigins": ["https://x.fly.dev", "https://mine.example"], "theme": "dark"},
        },
        "agents": {"list": []},
    }  # fmt: skip
    private = reached(tree, Spec(app="x", private=True), (), {"2a09::1"})
    section = private["gateway"]
    assert isinstance(section, dict)
    assert section["trustedProxies"] == ["172.16.0.0/16", "10.0.0.1"]
    assert section["controlUi"]["allowedOrigins"][-2:] == ["http://x.flycast:3000", "https://mine.example"]
    assert section["controlUi"]["theme"] == "dark"
    assert "publicOrigin" not in section
    assert private["agents"] == {"list": []}
    public = reached(private, Spec(app="x"), ("2a09::2",))["gateway"]
    assert isinstance(public, dict)
    assert public["publicOrigin"] == "https://x.fly.dev"
    assert public["trustedProxies"] == ["172.16.0.0/16", "2a09::2", "10.0.0.1"]
    assert public["controlUi"]["allowedOrigins"][0] == "https://x.fly.dev"


@pytest.mark.parametrize(("ips", "lent", "action"), [
    ((V6, OWN), True, Action.CHANGE),
    ((V6, OWN), False, Action.KEEP),
    ((V6, OWN, Ip("fdaa::2", IpKind.PRIVATE_V6)), True, Action.KEEP),
    ((V6,), True, Action.KEEP),
])  # fmt: skip
def test_the_way_back_takes_only_what_the_way_in_gave(
    ips: tuple[Ip, ...], lent: bool, action: Action
) -> None:
    """A private address that was there before, or came by hand since, may be in use."""
    look = TakePrivateBack().look(View(Spec(app="x"), replace(WORLD, ips=ips), lent=lent))
    assert look.action is action
    assert look.commands == (("fly ips release fdaa::1 --app x",) if action is Action.CHANGE else ())


CONFIG = {
    "channels": {
        "slack": {"enabled": True, "mode": "http"}, "telegram": {"enabled": True, "webhookUrl": "https://x.fly.dev/t"},
        "discord": {"enabled": True},
    },
    "plugins": {"entries": {"voice-call": {"enabled": True, "config": {"provider": "telnyx"}}}},
    "hooks": {"enabled": True},
}  # fmt: skip


def test_what_stops_is_said_with_what_to_do() -> None:
    text = "\n".join(story(Told("x", WORLD, Door.PUBLIC, ("claw.example.com",), config=CONFIG), private=True))
    for words in (
        "https://x.fly.dev", "Slack over HTTP", "Socket Mode", "webhookUrl", "Telnyx", "ngrok, Tailscale", "hooks",
        "fly certs remove claw.example.com -a x", "What goes on: Discord, models", "2a09::1", "the private address is free",
    ):  # fmt: skip
        assert words in text, words
    quiet = "\n".join(story(Told("x", WORLD, Door.PUBLIC), private=True))
    assert not [words for words in ("Slack", "Telegram", "Calls", "hooks", "certs") if words in quiet]


def test_what_was_looked_at_is_shown() -> None:
    people = ("you@example.com", "friend@example.com")
    stopped = replace(MACHINE, id="other", state="stopped", services=())
    world = replace(WORLD, machines=(MACHINE, stopped))
    text = "\n".join(story(Told("x", world, Door.PUBLIC, ("claw.example.com",), people), private=True))
    for words in (
        "2a09::1 (v6), 66.241.124.77 (shared_v4)", f"machine {MACHINE.id} (started): tcp 80 (http), 443",
        "machine other (stopped): no service", "host names of its own: claw.example.com",
        "2 people are in that organization, and each of them reaches it then: you@example.com, friend@example.com",
    ):  # fmt: skip
        assert words in text, words
    unasked = "\n".join(story(Told("x", WORLD, Door.PUBLIC, None), private=True))
    assert unasked.count("could not be asked: the proof asks again") == 2
    assert "Only you@example.com is in that organization" in "\n".join(
        story(Told("x", WORLD, Door.PUBLIC, (), people[:1]), private=True)
    )


@pytest.mark.parametrize(
    ("released", "words"), [(True, "$2.00 a month less"), (False, "That is NOT private")]
)
def test_the_price_of_an_address(released: bool, words: str) -> None:
    world = replace(WORLD, ips=(*WORLD.ips, Ip("1.2.3.4", IpKind.V4)))
    text = " ".join(story(Told("x", world, Door.PUBLIC, released=released), private=True))
    assert words in text


@pytest.mark.parametrize("task", [Task.HARDEN, Task.EXPOSE])
@pytest.mark.parametrize(
    "code",
    ["network", "trouble", "lease-held", "not-logged-in", "not-private", "unhealthy", "fly", "no-capacity"],
)
def test_what_helps_when_it_fails(task: Task, code: str) -> None:
    """Nothing that would change answers: they are not what is carried out."""
    found = trouble_of(Failure(code, "deploy", "It failed."), Facts(Spec(app="x"), task))
    kinds = {fix.kind for fix in found.fixes}
    assert FixKind.RETRY in kinds
    assert not kinds & {FixKind.CHANGE, FixKind.CHOOSE, FixKind.RESCUE}
    if code in ("network", "trouble", "lease-held", "not-private"):
        assert FixKind.WAIT in kinds
    if code == "not-logged-in":
        assert "account" in [fix.step for fix in found.fixes]


def test_a_private_service_of_somebodys_own_is_told_as_what_it_is() -> None:
    """`fly proxy 3000:80 x.flycast` works: nothing was cut off, and no public link stops."""
    service = Service("tcp", 3000, (Port(80, ("http",)),))
    world = replace(with_machine(services=(service,)), ips=(OWN,))
    text = "\n".join(story(Told("x", world, Door.HALF), private=True))
    assert "a service of another kind than claw-tui's" in text
    assert "cut off" not in text
    assert "https://x.fly.dev" not in text
    assert "What uses port 80 of x.flycast: use port 3000 there." in text
    alone = "\n".join(story(Told("x", replace(world, ips=()), Door.HALF), private=True))
    assert "nobody reaches it" in alone
    assert "What stops working" not in alone
