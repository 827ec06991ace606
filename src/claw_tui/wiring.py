"""The only module that knows which adapter stands behind which port: the real ones, or the simulated cloud."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from claw_tui.adapters import later
from claw_tui.adapters.desktop import RealDesktop
from claw_tui.adapters.fly_home import FlyHome, child_environment
from claw_tui.adapters.flyctl import Flyctl
from claw_tui.adapters.here import whereabouts
from claw_tui.adapters.http import Http
from claw_tui.adapters.journal import JournalFile
from claw_tui.adapters.logind import Logind
from claw_tui.adapters.paths import state_folder
from claw_tui.adapters.proxying import FlyTunnels
from claw_tui.adapters.sealed import seal_process
from claw_tui.adapters.state_files import StateFiles
from claw_tui.adapters.stores import KeyringStore, MemoryStore
from claw_tui.adapters.web import WebApi
from claw_tui.domain.answers import STORE_KINDS, StoreKind
from claw_tui.domain.secret import Secret
from claw_tui.ports import Services
from claw_tui.runner.client import RunClient

__all__ = ["seal_process", "services_for"]


def real_services(environ: Mapping[str, str]) -> Services:
    """Fly.io itself. ``CLAW_TUI_FLYCTL`` names the flyctl to use; else it is looked for."""
    base = state_folder(environ, demo=False)
    named = environ.get("CLAW_TUI_FLYCTL")
    fly = Flyctl((named,) if named else (), FlyHome(base), environ)
    http = Http()
    name, token = given_token(environ)
    logind = Logind(environ)
    return Services(
        fly=fly,
        git=later.git_cli(environ),
        keyring=KeyringStore(environ),
        secret_file=later.file_store(base / "secrets.box"),
        memory=MemoryStore(),
        keys=later.key_checks(http),
        discord=later.discord_api(http),
        channels=later.channel_checks(http),
        web=WebApi(http),
        outside=later.outside_net(),
        gateway=later.machine_gateway(fly, asyncio.sleep),
        inside=later.inside_programs(fly, asyncio.sleep),
        state=StateFiles(base),
        runs=RunClient(base, environ, child_environment(environ), logind.prefix),
        journal=lambda app: JournalFile(base / "gateways" / app),
        here=lambda: whereabouts(environ),
        pause=asyncio.sleep,
        close=http.close,
        after_logout=logind.after_logout,
        tunnels=FlyTunnels(fly, base),
        desktop=RealDesktop(environ),
        given_token=token,
        given_name=name,
        given_store=given_store(environ),
    )


def given_token(environ: Mapping[str, str]) -> tuple[str, Secret | None]:
    """The login of the environment and its variable, in flyctl's order. To flyctl an empty first one hides the second."""
    for name in ("FLY_ACCESS_TOKEN", "FLY_API_TOKEN"):
        value = environ.get(name, "").strip()
        if value:
            return name, Secret(value)
    return "", None


def given_store(environ: Mapping[str, str]) -> StoreKind | None:
    """The place for secrets that ``CLAW_TUI_SECRETS`` names (``__main__`` refuses what is none)."""
    return next((kind for kind in STORE_KINDS if kind == environ.get("CLAW_TUI_SECRETS")), None)


def services_for(environ: Mapping[str, str], *, demo: bool) -> Services:
    """The services of this start: real ones, or the simulated cloud's."""
    if not demo:
        return real_services(environ)
    from claw_tui.demo.services import demo_services  # noqa: PLC0415

    return demo_services(environ)
