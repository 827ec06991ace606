"""Writing the answers' openclaw.json into a gateway that runs."""

from __future__ import annotations

from claw_tui.domain.own_image import lacks, words
from claw_tui.engine.delivery import Delivery
from claw_tui.i18n import _
from claw_tui.screens.base import Page
from claw_tui.screens.dialogs import AskDialog


async def write_into_gateway(page: Page) -> None:
    """Into the gateway that runs, without a deploy. Raises ClawError."""
    delivery = Delivery(page.session, page.session.spec.app)
    plan = await delivery.plan(page.session.spec)
    view = page.session.view
    machine = view.world.machine if view is not None else None
    if missing := lacks(page.session.spec, machine.image if machine else ""):
        page.tell(
            _("The image of its machine has no {names}: this needs a deploy, which builds it.").format(names=words(missing)),
            _("Ctrl+N, up to Review."), problem=True,
        )  # fmt: skip
        return
    lost = await page.session.missing_secrets()
    if lost:
        page.tell(
            _("These secrets have to be sent, and are not at hand: {names}").format(names=", ".join(lost)),
            _("Escape goes to the Secrets screen."), problem=True,
        )  # fmt: skip
        return
    commands = [f"$ {command}" for item in plan.items for command in item.commands]
    question = "\n".join([
        _("OpenClaw checks the file in its machine first; the old one is kept, and comes back when the new one is not taken."),
        "", *commands,
    ])  # fmt: skip
    if await page.app.push_screen_wait(AskDialog(question, _("Write it"), _("Not yet"))):
        await delivery.start()
        page.claw.go("deploy")
