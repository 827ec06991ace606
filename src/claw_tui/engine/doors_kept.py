"""How a gateway was reached before it was made private: kept on this computer, for the way back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from claw_tui.domain.parse import json_of
from claw_tui.ports import StateStore

FILE = "doors.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """``services``: as JSON, empty where they were as ours are. ``origin``: a publicOrigin of the person's own.

    ``lent``: it had no private address before it was made private. ``paid``: dedicated addresses that were to stay.
    """

    services: str = ""
    origin: str = ""
    lent: bool = False
    paid: tuple[str, ...] = ()


def read_kept(state: StateStore, app: str) -> Kept:
    """A file that can't be used is as good as none: the way back is then ours."""
    path = state.file(app, FILE)
    if not path.exists():
        return Kept()
    try:
        found = json_of(state.read_file(path))
    except ValueError:
        return Kept()
    if not isinstance(found, dict):
        return Kept()
    paid = found.get("paid")
    return Kept(
        str(found.get("services", "")), str(found.get("origin", "")), found.get("lent") is True,
        tuple(map(str, paid)) if isinstance(paid, list) else (),
    )  # fmt: skip


def write_kept(state: StateStore, app: str, kept: Kept) -> None:
    state.write_file(state.file(app, FILE), json.dumps(asdict(kept), indent=2) + "\n")


def services_text(config: Mapping[str, object]) -> str:
    """Of a config as Fly.io tells it: as it was deployed, or made up from a machine, where every service is a plain one."""
    web, found = config.get("http_service"), config.get("services")
    services: list[Mapping[str, object]] = [as_service(web)] if isinstance(web, Mapping) and web else []
    services += [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    return json.dumps(services) if services else ""


def as_service(web: Mapping[str, object]) -> dict[str, object]:
    """``[http_service]`` as the plain service that flyctl makes of it (internal/appconfig/service.go, ToService)."""
    options = {"http_options": web["http_options"]} if web.get("http_options") else {}
    https = {"force_https": True} if web.get("force_https") is True else {}
    tls = {"tls_options": web["tls_options"]} if web.get("tls_options") else {}
    same = (
        "internal_port", "auto_stop_machines", "auto_start_machines", "min_machines_running", "processes", "concurrency",
        "machine_checks",
    )  # fmt: skip
    kept: dict[str, object] = {"protocol": "tcp", **{name: web[name] for name in same if name in web}}
    kept["ports"] = [
        {"port": 80, "handlers": ["http"], **https, **options},
        {"port": 443, "handlers": ["http", "tls"], **options, **tls},
    ]
    return {**kept, "http_checks": web["checks"]} if web.get("checks") else kept
