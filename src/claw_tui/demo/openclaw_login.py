"""``openclaw channels login`` and ``logout`` for WhatsApp in a simulated machine: it shows a code, and a phone links itself.

Words: the plugin @openclaw/whatsapp 2026.9.6.
"""

from __future__ import annotations

import time

from claw_tui.demo.gateway_channels import LINKED_FILE, PLUGIN_FILE, link, wants
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.picture import picture
from claw_tui.demo.programs import in_state
from claw_tui.demo.shell import TERMINAL, Streams
from claw_tui.demo.world import World

SCAN_SECONDS = 12.0
INSTRUCTION = "Open the WhatsApp app, go to Linked Devices, then scan this QR:"
LINKED = "\n✅ Linked! Credentials saved for future sends.\n"


def channels_login(
    app: World, machine: World, files: SimulatedFiles, streams: Streams, channel: str, env: dict[str, str]
) -> int:
    if (
        channel != "whatsapp"
        or not wants(machine["gateway"]["loaded"], channel)
        or not files.read(in_state(machine, PLUGIN_FILE.format(channel)))
    ):
        streams.err += f'[openclaw] Reason: Channel "{channel}" does not support login.\n'
        return 1
    streams.out += f"Waiting for WhatsApp connection...\n{INSTRUCTION}\n{picture(str(time.time()))}\n"

    def scanned(app: World, machine: World) -> str:
        SimulatedFiles(app, machine).put(in_state(machine, LINKED_FILE), "{}")
        link(machine)
        return LINKED

    if TERMINAL in env:
        streams.after = (SCAN_SECONDS, scanned)
    else:
        files.took += SCAN_SECONDS
        streams.out += scanned(app, machine)
    return 0


def channels_logout(machine: World, files: SimulatedFiles, streams: Streams, channel: str) -> int:
    if channel != "whatsapp" or files.read(in_state(machine, LINKED_FILE)) is None:
        streams.out += "No saved login was found.\n"
        return 0
    files.remove(in_state(machine, LINKED_FILE))
    link(machine, error="not linked")
    streams.out += "✅ Cleared WhatsApp Web credentials.\n"
    return 0
