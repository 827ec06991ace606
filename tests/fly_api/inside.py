"""What flyctl finds at the end of its tunnel: the simulated machine's files by sftp, or commands that are carried out here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from claw_tui.demo import world
from claw_tui.demo.machine_files import SimulatedFiles
from tests.fly_api.server import FlyApi
from tests.fly_api.ssh_server import SshServer
from tests.fly_api.tunnel import FakeAgent


@contextmanager
def tunnel_to(what: str, folder: Path, api: FlyApi) -> Iterator[SshServer | None]:
    """``what``: nothing, an "agent" alone, "files" or "commands". ``folder``: flyctl's, where it looks for its agent."""
    if what in ("", "agent"):
        if not what:
            yield None
            return
        with FakeAgent({}).running(folder):
            yield None
        return
    server = SshServer()
    try:
        api.sign = server.sign
        _lay_out(server.root)
        with server.running(files=what == "files") as port, FakeAgent({22: port}).running(folder):
            yield server
    finally:
        server.remove()


def _lay_out(root: Path) -> None:
    """The files below /data that the world's machine has."""
    with world.opened(change=False) as now:
        app = now["apps"].get("my-app", {"machines": []})
        for machine in app["machines"][:1]:
            files = SimulatedFiles(app, machine)
            for path in sorted(files.paths()):
                place = root / path.lstrip("/")
                place.parent.mkdir(parents=True, exist_ok=True)
                if files.is_folder(path):
                    place.mkdir(exist_ok=True)
                else:
                    place.write_text(files.read(path) or "")
