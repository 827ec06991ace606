"""certs list, orgs show, wireguard list: who and what else gets to an app."""

from __future__ import annotations

from claw_tui.demo import cloud
from claw_tui.demo.cloud import Refusal
from claw_tui.demo.session import FlyFailure, Session, in_query
from claw_tui.demo.world import World


# -- on Fly.io's side -------------------------------------------------------------------------------------------------
def certificates(app: World) -> list[World]:
    """Of the host names in the app's ``certificates``."""
    return [
        {
            "hostname": host, "created_at": "2026-08-21T14:11:32Z", "updated_at": "2026-08-21T14:11:32Z", "status": "active",
            "dns_provider": "", "acme_requested": True, "acme_dns_configured": True, "acme_alpn_configured": True,
            "acme_http_configured": True, "configured": True, "has_custom_certificate": False, "has_fly_certificate": True,
        }
        for host in app.get("certificates", ())
    ]  # fmt: skip


def members(now: World, slug: str) -> list[World]:
    """Edges, as GraphQL has them: whoever is logged in, and those in the organization's ``members``."""
    people = [(now["email"], "ADMIN"), *((email, "MEMBER") for email in now["orgs"][slug].get("members", ()))]
    return [
        {
            "cursor": "", "node": {"id": f"u{number}", "name": email.partition("@")[0], "email": email},
            "joinedAt": "2026-08-21T14:11:32Z", "role": role,
        }
        for number, (email, role) in enumerate(people)
    ]  # fmt: skip


def peers(now: World, slug: str) -> list[World]:
    """WireGuard's: of the names in the organization's ``peers``, and those that were made with their keys."""
    named = [
        {
            "id": str(number),
            "name": name,
            "pubkey": "k",
            "region": "fra",
            "peerip": f"fdaa:0:1:a7b:2::{number}",
        }
        for number, name in enumerate(now["orgs"][slug].get("peers", ()), 3)
    ]
    return [*named, *cloud.peers_of(now, slug)]


# -- on flyctl's side -------------------------------------------------------------------------------------------------
def certs_list(session: Session) -> None:
    """What is empty is left out, not so what is false."""
    doing = "failed to list certificates"
    with session.app(graph=False, doing=doing, path="/certificates") as (_now, app):
        listed = [
            {key: value for key, value in {**found, "ownership_txt_configured": False}.items() if value != ""}
            for found in certificates(app)
        ]
        session.print_json(listed)


def find_org(session: Session, doing: str = "") -> str:
    """Asked for first, and refused in GraphQL's words."""
    if not session.parsed.args:
        session.send("#organizations")
        raise FlyFailure("org slug must be specified when not running interactively")
    slug = session.parsed.args[0]

    def find(now: World) -> None:
        if slug not in now["orgs"]:
            raise Refusal(404, in_query(f"Could not find Organization {slug}"))

    session.send("#organization", find, doing=doing.format(slug=slug))
    return slug


def orgs_show(session: Session) -> None:
    if not session.parsed.args:
        raise FlyFailure("slug argument must be specified when not running interactively")
    slug = find_org(session, "failed retrieving organization with slug {slug}")
    edges, name = session.send("#organization", lambda now: (members(now, slug), now["orgs"][slug]["name"]))
    session.print_json({
        "ID": f"org-{slug}", "InternalNumericID": "7", "Name": name, "RemoteBuilderImage": "", "RemoteBuilderApp": None,
        "Slug": slug, "Type": "PERSONAL" if slug == "personal" else "SHARED", "ViewerRole": "admin", "Apps": {"Nodes": None},
        "Members": {
            "Edges": [
                {
                    "Cursor": edge["cursor"],
                    "Node": {
                        "ID": edge["node"]["id"], "Name": edge["node"]["name"], "Email": edge["node"]["email"],
                        "EnablePaidHobby": False,
                    },
                    "Role": edge["role"], "JoinedAt": edge["joinedAt"],
                }
                for edge in edges
            ]
        },
    })  # fmt: skip


def wireguard_list(session: Session) -> None:
    slug = find_org(session)
    found = session.send("#organization", lambda now: peers(now, slug))
    session.print_json(
        [
            {
                "ID": peer["id"], "Pubkey": peer["pubkey"], "Region": peer["region"], "Name": peer["name"],
                "Peerip": peer["peerip"], "GatewayStatus": None,
            }
            for peer in found
        ]
    )  # fmt: skip


COMMANDS = {"certs list": certs_list, "orgs show": orgs_show}
