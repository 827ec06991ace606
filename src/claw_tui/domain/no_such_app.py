"""An app was named, and the account has none of that name."""

from __future__ import annotations

from claw_tui.domain.errors import BadInput
from claw_tui.i18n import _, n_


class NoSuchApp(BadInput):
    """The name that was said is the mistake. What flyctl says of an app that has gone meanwhile is AppNotFound."""

    code = "no-such-app"
    default_hint = n_("`claw-tui status` lists the gateways that there are.")


def no_such_app(app: str) -> NoSuchApp:
    """In one sentence, whoever was asked for it."""
    return NoSuchApp(_("There is no app {app} in this account.").format(app=app))
