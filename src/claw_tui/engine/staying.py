"""Whether somebody has to stay logged in until a run has ended, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claw_tui.domain.logout import Logout
from claw_tui.i18n import _

if TYPE_CHECKING:
    from claw_tui.ports import Services


async def stay_words(services: Services) -> str:
    """Empty where a run goes on without its person, and where nobody can tell."""
    found = await services.after_logout()
    if found is Logout.ENDS:
        return _(
            "This computer ends everything of yours when you log out: stay logged in until a run has ended, or ask its"
            " administrator for `loginctl enable-linger`."
        )
    if found is Logout.ENDS_ANYWAY:
        return _(
            "This computer ends everything of yours when you log out: stay logged in until a run has ended."
        )
    return ""
