"""A machine whose host does not answer: Fly.io lists it, and tells nothing of how it is set up."""

from __future__ import annotations

from claw_tui.domain.errors import FlyError
from claw_tui.domain.jobs import DEPLOYS, Task
from claw_tui.domain.world import World
from claw_tui.i18n import _


def untold(world: World) -> str:
    """Of the first such machine, in a sentence; empty when how they are set up is known."""
    unread = next((machine.id for machine in world.machines if not machine.readable), "")
    words = _("Fly.io does not tell how machine {id} is set up: its host does not answer.")
    return words.format(id=unread) if unread else ""


def refuse_untold(world: World, task: Task) -> None:
    """Before a deploy is planned: what is not told would look like something to be changed. Raises FlyError."""
    if task in DEPLOYS and (words := untold(world)):
        raise FlyError(words, hint=_("Nothing can be changed until it does: look again later."))


def why_untold() -> str:
    """The same as a reason."""
    return _("its host does not answer")
