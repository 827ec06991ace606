"""A machine's SSH server, played by OpenSSH on loopback. It lets in whoever has a certificate of ours, as Fly's does.

It wants root, for flyctl comes as root. ``root``: the folder that is the machine's whole file system, for sftp only.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SSHD, KEYGEN = "/usr/sbin/sshd", "ssh-keygen"
CONFIG = """Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
TrustedUserCAKeys {folder}/ca.pub
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
PermitRootLogin prohibit-password
PrintMotd no
PrintLastLog no
LogLevel ERROR
{rest}
"""


def possible() -> bool:
    return os.geteuid() == 0 and os.access(SSHD, os.X_OK) and shutil.which(KEYGEN) is not None


class SshServer:
    """The server, and the authority that signs the keys of its guests."""

    def __init__(self) -> None:
        # sshd wants every folder above a root to be root's alone, so not below /tmp.
        self.folder = Path(tempfile.mkdtemp(prefix="claw-sshd-", dir="/run"))
        self.root = self.folder / "root"
        self.root.mkdir(mode=0o755)
        self.folder.chmod(0o755)
        for name in ("host", "ca"):
            argv = [KEYGEN, "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(self.folder / name)]
            subprocess.run(argv, check=True, timeout=30)

    def sign(self, public_key: str, principals: list[str]) -> str:
        """The certificate for a public key."""
        file = self.folder / f"guest-{os.urandom(4).hex()}.pub"
        file.write_text(public_key + "\n")
        argv = [
            KEYGEN,
            "-q",
            "-s",
            str(self.folder / "ca"),
            "-I",
            "guest",
            "-n",
            ",".join(principals),
            "-V",
            "+1h",
            str(file),
        ]
        subprocess.run(argv, check=True, timeout=30)
        return file.with_name(f"{file.stem}-cert.pub").read_text()

    @contextmanager
    def running(self, *, files: bool) -> Iterator[int]:
        """Its port. ``files``: sftp, in ``root``; else commands, on this computer."""
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            port = trial.getsockname()[1]
        rest = f"Subsystem sftp internal-sftp\nChrootDirectory {self.root}" if files else ""
        config = self.folder / f"config-{port}"
        config.write_text(CONFIG.format(port=port, folder=self.folder, rest=rest))
        Path("/run/sshd").mkdir(exist_ok=True)
        server = subprocess.Popen([SSHD, "-D", "-f", str(config)], stdin=subprocess.DEVNULL)
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=10)

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def _wait_for(port: int) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise TimeoutError("sshd does not listen")
