"""What an app has twice: a line about it, and the dialog that takes it away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widgets import Static

from claw_tui.domain.errors import ClawError
from claw_tui.domain.jobs import Task
from claw_tui.domain.made import Kind
from claw_tui.engine.extras import Piece, about, total
from claw_tui.engine.undoing import Removal
from claw_tui.i18n import _, many, n_
from claw_tui.screens.consent import ConsentDialog, piece_lines, snapshot_line, total_line
from claw_tui.screens.dialogs import PickSeveralDialog
from claw_tui.widgets.pick_list import Item, PickList

if TYPE_CHECKING:
    from claw_tui.domain.spec import Spec
    from claw_tui.screens.base import Page


def extras_words(pieces: Sequence[Piece]) -> str:
    """One line: how many, which, and what they cost."""
    if not pieces:
        return ""
    dollars = _("${dollars:.2f} a month").format(dollars=total(pieces)) if total(pieces) else _("free")
    if len(pieces) == 1:
        return f"{pieces[0].words}, {dollars}"
    return f"{many('{count} thing', '{count} things', len(pieces))}, {dollars}"


async def tidy(page: Page, spec: Spec) -> None:
    """Ticks, consent, and a run that takes away what was ticked."""
    removal = Removal(page.session, spec)
    page.tell(_("Looking at what exists on Fly.io …"))
    try:
        await removal.look()
    except ClawError as error:
        page.tell_error(error)
        return
    page.tell("")
    pieces = removal.extras()
    if not pieces:
        page.tell(_("Nothing is there twice."))
        return
    wanted = await _ticked(page, pieces)
    if not wanted or not await _agreed(page, spec, wanted):
        return
    try:
        await page.start_and_watch(removal.start(Task.TIDY, wanted))
    except ClawError as error:
        page.tell_error(error)


class TidyDialog(PickSeveralDialog):
    """Ticks; below the list stands all about the line with the cursor."""

    ASKS: ClassVar[bool] = False  # leaving everything is what Escape is for here
    HELP: ClassVar[str] = n_(
        "Tick what is to be removed. Nothing that the gateway uses is in this list; what may hold something of yours is not"
        " ticked, and wants the app's name typed first. Escape leaves everything."
    )

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = {str(piece.thing): piece for piece in pieces}
        items = [Item(name, piece.words, piece.price) for name, piece in self._pieces.items()]
        safe = [name for name, piece in self._pieces.items() if piece.safe]
        super().__init__(
            _("Not needed: what is to go?"), items, safe, note=self._note_for(next(iter(self._pieces)))
        )

    def _note_for(self, name: str) -> str:
        keys = _("Space ticks, Enter removes what is ticked, Escape leaves all.")
        piece = self._pieces.get(name)
        return f"{piece.words}: {about(piece)}.\n\n{keys}" if piece is not None else keys

    @on(PickList.Moved)
    def _moved(self, event: PickList.Moved) -> None:
        self.query_one(".muted", Static).update(self._note_for(event.item))


async def _ticked(page: Page, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    found = await page.app.push_screen_wait(TidyDialog(pieces))
    return tuple(piece for piece in pieces if str(piece.thing) in (found or ()))


async def _agreed(page: Page, spec: Spec, wanted: Sequence[Piece]) -> bool:
    """What was made twice and never used goes at a tick; everything else wants the app's name."""
    if all(piece.safe for piece in wanted):
        return True
    lines = [_("These are removed:"), *piece_lines(wanted), total_line(wanted)]
    if any(piece.data and piece.thing.kind is Kind.VOLUME for piece in wanted):
        lines += ["", snapshot_line(takes_app=False)]
    return await page.app.push_screen_wait(ConsentDialog(_("Remove for good?"), lines, spec.app)) is True
