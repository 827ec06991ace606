"""A phone is linked to signal-cli in the machine: its QR code is shown by the terminal itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claw_tui.domain.errors import ClawError
from claw_tui.domain.own_image import BY_HAND, LINK_SIGNAL, SIGNAL_CLI, programs
from claw_tui.engine.command_desk import CommandDesk
from claw_tui.engine.guest_desk import running_machine
from claw_tui.i18n import _
from claw_tui.screens.console import hand_over_terminal
from claw_tui.screens.dialogs import AskDialog

if TYPE_CHECKING:
    from claw_tui.domain.spec import Spec
    from claw_tui.screens.base import Page


def may_link(spec: Spec) -> bool:
    """Whether signal-cli is in the gateway's own machine."""
    return spec.gateway.signal.enabled and SIGNAL_CLI in programs(spec)


async def link_signal(page: Page, spec: Spec) -> bool:
    """Asks first; the terminal is the program's until it ends. Says whether a phone is linked then."""
    session, account = page.session, spec.gateway.signal.account
    desk = CommandDesk(session, spec.app)
    question = _(
        "Link {account} with Signal? This window shows a QR code, some 30 lines high: make it large first, or its"
        " letters small (Ctrl and - in most terminals). Scan it in Signal"
        " on that phone: Settings, Linked devices. Whoever scans it links their account. It is this command:\n\n{command}"
    ).format(account=account, command=desk.line_by_hand((*BY_HAND, *LINK_SIGNAL)))
    if not await page.app.push_screen_wait(AskDialog(question, _("Show the code"), _("Not now"))):
        return False
    try:
        page.tell(_("Asking for the terminal …"))
        code = hand_over_terminal(page.claw, await desk.on_terminal(LINK_SIGNAL), stays=True)
        page.tell(_("Looking …"))
        machine = await running_machine(session, spec.app)
        numbers = await session.services.inside.signal_numbers(spec.app, machine.id)
    except ClawError as error:
        page.tell_error(error)
        return False
    return _say(page, numbers, account, code)


def _say(page: Page, numbers: tuple[str, ...], account: str, code: int) -> bool:
    if account in numbers:
        page.tell(
            _("Linked with {account}; the gateway connects within a minute.").format(account=account),
            _("If Signal does not get connected, T on Home restarts the gateway."),
        )
        return True
    if numbers:
        words = _("Linked with {found}, and the answers say {account}.")
        hint = _("E on Home, Gateway, Signal changes the number; or link the other phone.")
        page.tell(words.format(found=", ".join(numbers), account=account), hint, problem=True)
        return False
    hint = (
        _("The code is good for about a minute; try again.")
        if not code
        else _("What it said stood in the terminal.")
    )
    page.tell(_("No phone was linked."), hint, problem=True)
    return False
