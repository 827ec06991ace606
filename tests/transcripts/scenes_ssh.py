"""Scenes of flyctl's tunnel to a machine: its files, a command there, and the proxy."""

from __future__ import annotations

from claw_tui.demo import cloud
from claw_tui.demo.machine_files import SimulatedFiles
from tests.transcripts.prepare import World, deployed, stopped
from tests.transcripts.scene import Scene

A, Q = ("-a", "my-app"), "--quiet"
MACHINE = ("--machine", "{machine}")
EXPIRED: dict[str, str | None] = {"FLY_API_TOKEN": "fo1_expired"}
NOBODY: dict[str, str | None] = {"FLY_API_TOKEN": None}
REFUSED: tuple[World, ...] = (
    {"method": "POST", "path": "#addWireGuardPeer", "status": 422, "times": 9, "acts": False, "body": {"error": "no"}},
)  # fmt: skip


def noted(now: World) -> None:
    """A file on the volume, and a folder with another one."""
    app = now["apps"]["my-app"]
    files = SimulatedFiles(app, app["machines"][0])
    for path in ("/data/notes.md", "/data/workspace/more.md"):
        files.make_folder(path.rpartition("/")[0])
        files.write(path, "hello\n")


def flycast(now: World) -> None:
    """The app has an address in the private network."""
    cloud.new_ip(now, now["apps"]["my-app"], "private_v6")


def get(remote: str, local: str = "{folder}/got.md", machine: tuple[str, ...] = MACHINE) -> tuple[str, ...]:
    return ("sftp", "get", remote, local, *A, *machine, Q)


def put(remote: str, local: str = "{folder}/mine.md", mode: str = "0600") -> tuple[str, ...]:
    return ("sftp", "put", local, remote, "--mode", mode, *A, *MACHINE, Q)


def ssh(command: str, *more: str) -> tuple[str, ...]:
    return ("ssh", "console", *A, *MACHINE, *more, "--command", command)


NOTED = (deployed, noted)
MINE = {"mine.md": "hi\n"}
UNKNOWN = ("--machine", "148e21ea000000")
SFTP = (
    Scene("sftp-get", get("/data/notes.md"), NOTED, inside="files"),
    Scene("sftp-get-here-already", get("/data/notes.md"), NOTED, files={"got.md": "mine"}, inside="files"),
    Scene("sftp-get-no-such-file", get("/data/none.md"), NOTED, inside="files"),
    Scene("sftp-get-folder", get("/data/workspace"), NOTED, inside="files"),
    Scene("sftp-get-no-folder-here", get("/data/notes.md", "{folder}/none/got.md"), NOTED, inside="files"),
    Scene("sftp-get-no-arguments", ("sftp", "get", *A), NOTED, inside="files"),
    Scene("sftp-get-stopped", get("/data/notes.md"), (*NOTED, stopped), inside="agent"),
    Scene("sftp-get-no-machine", get("/data/notes.md", machine=()), (deployed, lambda now: now["apps"]["my-app"]["machines"].clear()), inside="agent"),
    Scene("sftp-get-unknown-machine", get("/data/notes.md", machine=UNKNOWN), NOTED, inside="agent"),
    Scene("sftp-get-unknown-app", get("/data/notes.md"), inside="agent"),
    Scene("sftp-get-nobody", get("/data/notes.md"), NOTED, env=NOBODY, inside="agent"),
    Scene("sftp-get-expired", get("/data/notes.md"), NOTED, env=EXPIRED, inside="agent"),
    Scene("sftp-get-refused", get("/data/notes.md"), NOTED, conditions=REFUSED),
    Scene("sftp-put", put("/data/new.md"), NOTED, files=MINE, inside="files"),
    Scene("sftp-put-there-already", put("/data/notes.md"), NOTED, files=MINE, inside="files"),
    Scene("sftp-put-folder-there", put("/data/workspace"), NOTED, files=MINE, inside="files"),
    Scene("sftp-put-no-folder-there", put("/data/none/new.md"), NOTED, files=MINE, inside="files"),
    Scene("sftp-put-no-such-file", put("/data/new.md", "{folder}/none.md"), NOTED, inside="files"),
    Scene("sftp-put-folder", put("/data/new.md", "{folder}"), NOTED, inside="files"),
    Scene("sftp-put-bad-mode", put("/data/new.md", mode="rw"), NOTED, files=MINE, inside="files"),
    Scene("sftp-put-no-arguments", ("sftp", "put", *A), NOTED, inside="files"),
    Scene("sftp-put-stopped", put("/data/new.md"), (*NOTED, stopped), files=MINE, inside="agent"),
    Scene("sftp-find", ("sftp", "find", "/data/workspace", *A, *MACHINE, Q), NOTED, inside="files"),
)  # fmt: skip

CONSOLE = (
    Scene("ssh", ssh("echo hello"), (deployed,), stdin="", inside="commands"),
    Scene("ssh-quiet", ssh("echo hello", Q), (deployed,), stdin="", inside="commands"),
    Scene("ssh-pty", ssh("echo hello", Q, "--pty"), (deployed,), stdin="", inside="commands"),
    Scene("ssh-fails", ssh("false", Q), (deployed,), stdin="", inside="commands"),
    Scene("ssh-stdin", ssh("cat", Q), (deployed,), stdin="a line\n", inside="commands"),
    Scene("ssh-stopped", ssh("echo hello", Q), (deployed, stopped), stdin="", inside="agent"),
    Scene("ssh-unknown-machine", ("ssh", "console", *A, *UNKNOWN, Q, "--command", "true"), (deployed,), stdin="", inside="agent"),
    Scene("ssh-unknown-app", ssh("echo hello", Q), stdin="", inside="agent"),
    Scene("ssh-nobody", ssh("echo hello", Q), (deployed,), stdin="", env=NOBODY, inside="agent"),
    Scene("ssh-expired", ssh("echo hello", Q), (deployed,), stdin="", env=EXPIRED, inside="agent"),
    Scene("ssh-refused", ssh("echo hello", Q), (deployed,), stdin="", conditions=REFUSED),
)  # fmt: skip

PROXIES = (
    Scene("proxy", ("proxy", "0:3000", "my-app.flycast", *A, "-b", "127.0.0.1", Q, "--watch-stdin"), (deployed, flycast), inside="agent"),
    Scene("proxy-no-name", ("proxy", "0:3000", "other.flycast", *A, "-b", "127.0.0.1", Q), (deployed,), inside="agent"),
)  # fmt: skip


SSH = (*SFTP, *CONSOLE, *PROXIES)
