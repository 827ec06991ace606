"""Why a way to a private gateway does not work."""

from __future__ import annotations

from claw_tui.domain.errors import ClawError, FlyError
from claw_tui.i18n import n_


class PortTaken(ClawError):
    """Another program of this computer listens on the port."""

    code = "port-taken"


class NoWayIn(FlyError):
    """The app has nothing that a tunnel could lead to."""

    code = "no-way-in"


class TunnelRefused(FlyError):
    """flyctl did not get its WireGuard tunnel into the private network."""

    code = "tunnel"
    default_hint = n_(
        "Does the login belong to a member of the app's organization? Does this network let WireGuard (UDP) out?"
    )


class TunnelSilent(ClawError):
    """The tunnel is there, and the gateway does not answer at its other end."""

    code = "tunnel-silent"
    default_hint = n_("Home shows how its machine is; T restarts it.")
