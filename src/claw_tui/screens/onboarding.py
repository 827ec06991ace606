"""WhatsApp is linked by a code to scan, Telegram by a code that the bot says: step by step, and looked at afterwards."""

from __future__ import annotations

from claw_tui.domain.channel_needs import NAMES
from claw_tui.domain.errors import ClawError
from claw_tui.engine.command_desk import CommandDesk
from claw_tui.i18n import _
from claw_tui.screens.base import Page
from claw_tui.screens.console import hand_over_terminal
from claw_tui.screens.dialogs import ReadDialog
from claw_tui.widgets.pick_list import Item

LOGIN = ("openclaw", "channels", "login", "--channel")
QR_COLUMNS, QR_ROWS = 62, 36  # what WhatsApp's code takes, with the words around it


async def guide(page: Page, app: str, channel: str) -> None:
    """Say what comes, then do it. The page tells how it went; call it in a worker."""
    words, yes = (
        (_whatsapp(page, app), _("Show the QR code"))
        if channel == "whatsapp"
        else (_telegram(), _("See who waits"))
    )
    answers = [Item("no", _("Not now")), Item("yes", yes)]
    title = _("Link WhatsApp") if channel == "whatsapp" else _("The first message on Telegram")
    if await page.app.push_screen_wait(ReadDialog(title, words, answers)) != "yes":
        return
    if channel != "whatsapp":
        from claw_tui.screens.letting_in import LettingInScreen  # noqa: PLC0415

        page.app.push_screen(LettingInScreen(app))
        return
    try:
        await on_terminal(page, app, (*LOGIN, channel))
    except ClawError as error:
        page.tell_error(error)


def _whatsapp(page: Page, app: str) -> str:
    size = page.app.size
    steps = [
        _("1. Take the phone whose WhatsApp the gateway is to use."),
        _("2. There: WhatsApp, Settings, Linked devices, Link a device."),
        _(
            "3. A QR code comes here, in the terminal: scan it. It changes every half a minute; the newest counts."
        ),
        _("4. When it says that it is linked, Enter comes back. Ctrl+C gives up; nothing is changed then."),
    ]
    if size.width < QR_COLUMNS or size.height < QR_ROWS:
        words = _(
            "This window has {columns} columns and {rows} rows. The code needs {c} and {r}: make it larger first, or its"
            " letters smaller (Ctrl and - in most terminals). Where that can't be, a larger terminal does it by itself:\n"
            "  {command}"
        )
        command = CommandDesk(page.session, app).line_by_hand((*LOGIN, "whatsapp"))
        room = {"columns": size.width, "rows": size.height, "c": QR_COLUMNS, "r": QR_ROWS}
        steps.insert(0, words.format(**room, command=command) + "\n")
    return "\n".join(steps)


def _telegram() -> str:
    return "\n".join((
        _("1. Open Telegram and find your bot by its name (the one that BotFather gave you)."),
        _("2. Write anything to it, for example /start."),
        _("3. It answers with a code of eight letters and digits, and waits for you to let you in."),
        _("4. The next screen shows who waits, with the same code: Enter lets in. The first one becomes the owner."),
    ))  # fmt: skip


async def on_terminal(page: Page, app: str, words: tuple[str, ...]) -> None:
    """Give the terminal to a command; after a login the gateway is asked how the channel is. Raises ClawError."""
    desk = CommandDesk(page.session, app)
    page.tell(_("Asking for the terminal …"))
    command = await desk.on_terminal(words)
    hand_over_terminal(page.claw, command, stays=True)
    page.tell("")
    name = _logged_in_to(words)
    if not name:
        return
    title = _(NAMES.get(name, name))
    page.tell(_("Asking the gateway how {channel} is now …").format(channel=title))
    found = await desk.channel(name)
    if found is None:
        words_ = _("The gateway has no channel {channel}.").format(channel=title)
        page.tell(words_, _("E on Home switches it on."), problem=True)
    elif found.running and found.probe_ok is not False:
        page.tell(_("{channel} is linked and runs.").format(channel=title))
    else:
        why = page.session.redact(found.words) or _("it does not run")
        page.tell(_("{channel} is not linked: {why}").format(channel=title, why=why), problem=True)


def _logged_in_to(words: tuple[str, ...]) -> str:
    if words[1:3] != ("channels", "login") or "--channel" not in words[:-1]:
        return ""
    return words[words.index("--channel") + 1]
