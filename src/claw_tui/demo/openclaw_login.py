"""``openclaw channels login`` and ``logout`` for WhatsApp in a simulated machine: it shows a code, and a phone links itself.

Words: the plugin @openclaw/whatsapp 2026.9.6.
"""

from __future__ import annotations

import hashlib
import time

from claw_tui.demo.gateway_channels import LINKED_FILE, PLUGIN_FILE, link, wants
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.shell import TERMINAL, Streams
from claw_tui.demo.world import World

SCAN_SECONDS = 12.0
INSTRUCTION = "Open the WhatsApp app, go to Linked Devices, then scan this QR:"
LINKED = "\n✅ Linked! Credentials saved for future sends.\n"
SIZE = 29  # rows and columns of half-blocks, about as many as the real one has


def _picture(seed: str) -> str:
    """As large as a real code, and none: no phone is to be led anywhere by it."""
    bits = "".join(
        f"{byte:08b}"
        for n in range(SIZE * SIZE // 128 + 1)
        for byte in hashlib.sha256(f"{seed}{n}".encode()).digest()
    )
    rows = [bits[row * SIZE * 2 : (row + 1) * SIZE * 2] for row in range(SIZE)]
    return "\n".join(
        "".join(" ▄▀█"[int(row[at : at + 2], 2)] for at in range(0, len(row), 2)) for row in rows
    )


def channels_login(
    app: World, machine: World, files: SimulatedFiles, streams: Streams, channel: str, env: dict[str, str]
) -> int:
    if (
        channel != "whatsapp"
        or not wants(machine["gateway"]["loaded"], channel)
        or not files.read(PLUGIN_FILE.format(channel))
    ):
        streams.err += f'[openclaw] Reason: Channel "{channel}" does not support login.\n'
        return 1
    streams.out += f"Waiting for WhatsApp connection...\n{INSTRUCTION}\n{_picture(str(time.time()))}\n"

    def scanned(app: World, machine: World) -> str:
        SimulatedFiles(app, machine).put(LINKED_FILE, "{}")
        link(machine)
        return LINKED

    if TERMINAL in env:
        streams.after = (SCAN_SECONDS, scanned)
    else:
        files.took += SCAN_SECONDS
        streams.out += scanned(app, machine)
    return 0


def channels_logout(machine: World, files: SimulatedFiles, streams: Streams, channel: str) -> int:
    if channel != "whatsapp" or files.read(LINKED_FILE) is None:
        streams.out += "No saved login was found.\n"
        return 0
    files.remove(LINKED_FILE)
    link(machine, error="not linked")
    streams.out += "✅ Cleared WhatsApp Web credentials.\n"
    return 0
