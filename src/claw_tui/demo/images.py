"""What is in the images that were built on OpenClaw's own."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from claw_tui.demo.world import World


def programs_of(now: World, machine: World) -> list[str]:
    """What the image of a machine has beside OpenClaw's own programs."""
    found: list[str] = now.get("images", {}).get(machine["image"].partition("@")[0], {}).get("programs", [])
    return found
