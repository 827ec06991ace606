"""What the kernel of a simulated machine tells: mounts, room on the disk, who listens.

A volume's ``used_mb`` is how much is on it besides the files that are simulated.
"""

from __future__ import annotations

from claw_tui.demo import gateway, gateway_net
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.octets import octets
from claw_tui.demo.shell import Builtin, Streams
from claw_tui.demo.world import World

TCP = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
FREE_MB, ROOT_MB = 60, 8000  # what a gateway's own caches take; the machine's own disk


def volume_of(app: World, machine: World) -> World | None:
    mounted = [mount["volume"] for mount in machine["mounts"]]
    return next((volume for volume in app["volumes"] if volume["id"] in mounted), None)


def mount_facts(app: World, machine: World, files: SimulatedFiles) -> None:
    """The files below /proc that say it."""
    paths = [mount["path"] for mount in machine["mounts"]]
    lines = ["/dev/vda / ext4 rw,relatime 0 0", *(f"/dev/vdc {path} ext4 rw,relatime 0 0" for path in paths)]
    files.mount_virtual("/proc/mounts", "\n".join(lines) + "\n")
    table = TCP
    if gateway.listening(machine):
        address, port = gateway_net.bound(machine)
        number = "".join(f"{int(part):02X}" for part in reversed(address.split(".")))
        table += f"   0: {number}:{port:04X} 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000\n"
    files.mount_virtual("/proc/net/tcp", table)


def make_df(app: World, machine: World, files: SimulatedFiles) -> Builtin:
    """Only ``df -Pk PATH``."""

    def df(argv: list[str], streams: Streams, _env: dict[str, str]) -> int:
        if len(argv) != 2 or argv[0] != "-Pk":
            streams.err += "df: only -Pk PATH is simulated\n"
            return 2
        paths = [mount["path"] for mount in machine["mounts"]]
        volume = volume_of(app, machine) if argv[1] in paths else None
        total = ((volume.get("grown_gb") or volume["size_gb"]) * 1024 - 60 if volume else ROOT_MB) * 1024
        held = (
            sum(len(octets(files.read(path) or "")) for path in files.paths() if path.startswith("/data/"))
            // 1024
        )
        used = min(total, int((volume or {}).get("used_mb", FREE_MB)) * 1024 + held)
        place = "/dev/vdc" if volume else "/dev/vda"
        streams.out += "Filesystem 1024-blocks Used Available Capacity Mounted on\n"
        streams.out += (
            f"{place} {total} {used} {total - used} {used * 100 // total}% {argv[1] if volume else '/'}\n"
        )
        return 0

    return df
