"""Scenes of who and what else gets to an app: certificates, members, WireGuard peers, and the config that was deployed."""

from __future__ import annotations

from tests.transcripts.prepare import World, app, deployed
from tests.transcripts.scene import Scene

A, J = ("-a", "my-app"), "--json"
EXPIRED = {"FLY_API_TOKEN": "fo1_expired"}


def certified(now: World) -> None:
    now["apps"]["my-app"]["certificates"] = ["claw.example.com"]


def peopled(now: World) -> None:
    """Another member, and two computers that WireGuard lets in."""
    now["orgs"]["personal"] |= {"members": ["friend@example.com"], "peers": ["laptop", "phone"]}


def defined(now: World) -> None:
    """The config of the last release is told as it was deployed."""
    now["apps"]["my-app"]["definition"] = {
        "app": "my-app", "primary_region": "fra",
        "http_service": {"internal_port": 3000, "force_https": True, "processes": ["app"]},
    }  # fmt: skip


ORGS = (
    Scene("signup-no-terminal", ("auth", "signup"), env={"FLY_API_TOKEN": None}),
    Scene("signup-code", ("auth", "signup"), env={"FLY_API_TOKEN": None}, typed=("demo",)),
    Scene("logout", ("auth", "logout")),
    Scene("certs", ("certs", "list", *A, J), (deployed, certified)),
    Scene("certs-none", ("certs", "list", *A, J), (app,)),
    Scene("certs-unknown-app", ("certs", "list", *A, J)),
    Scene("certs-expired", ("certs", "list", *A, J), (deployed,), env=EXPIRED),
    Scene("orgs-show", ("orgs", "show", "personal", J), (peopled,)),
    Scene("orgs-show-unknown", ("orgs", "show", "nobodys", J)),
    Scene("orgs-show-no-slug", ("orgs", "show", J)),
    Scene("orgs-show-expired", ("orgs", "show", "personal", J), env=EXPIRED),
    Scene("wireguard", ("wireguard", "list", "personal", J), (peopled,)),
    Scene("wireguard-none", ("wireguard", "list", "personal", J)),
    Scene("wireguard-unknown", ("wireguard", "list", "nobodys", J)),
    Scene("wireguard-no-org", ("wireguard", "list", J)),
    Scene("wireguard-expired", ("wireguard", "list", "personal", J), env=EXPIRED),
    Scene("config-show-as-deployed", ("config", "show", *A), (deployed, defined)),
)
