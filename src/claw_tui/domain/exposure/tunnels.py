"""Tunnels that go out from the machine and let others in: by its processes, and by its openclaw.json."""

from __future__ import annotations

from collections.abc import Iterable

from claw_tui.domain.openclaw.json5 import read
from claw_tui.i18n import _

PROGRAMS = ("ngrok", "tailscaled", "tailscale", "cloudflared", "frpc", "bore", "zrok")


def tunnels(processes: Iterable[str], config: str | None) -> tuple[str, ...]:
    """``config``: the gateway's file, where there is one; one that can't be read is told too."""
    running = sorted({name.strip() for name in processes} & set(PROGRAMS))
    found = [_("{name} runs").format(name=name) for name in running]
    if config is not None:
        try:
            found += _configured(read(config))
        except ValueError:
            found.append(_("its openclaw.json can't be read"))
    return tuple(found)


def _configured(tree: object) -> list[str]:
    found = []
    mode = _at(tree, "gateway", "tailscale", "mode")
    if mode not in (None, "off"):
        found.append(_("openclaw.json: Tailscale {mode}").format(mode=mode))
    for name in ("voice-call", "voicecall"):
        provider = _at(tree, "plugins", "entries", name, "config", "tunnel", "provider")
        if provider not in (None, "none"):
            found.append(_("openclaw.json: phone calls by {provider}").format(provider=provider))
    return found


def _at(tree: object, *path: str) -> object:
    for name in path:
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree
