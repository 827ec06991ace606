"""A failed run, explained: what happened, the lines that say so, and a key for each thing that helps."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, NamedTuple

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from claw_tui.domain.spans import span
from claw_tui.domain.troubles.model import Changes, Choice, Fix, FixKind, Trouble
from claw_tui.engine.troubleshooting import Troubleshooter
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Dialog
from claw_tui.screens.dialogs import PickDialog
from claw_tui.widgets.pick_list import Item, PickList

AROUND = 8  # rows of the dialog that are not its text: its edges, the keys, and room between


class Decision(NamedTuple):
    """What is to be done about it, and what the answers become by it."""

    fix: Fix
    changes: Changes = ()


class TroubleDialog(Dialog[Decision]):
    """Over the Deploy screen. Every way out has its key; Enter takes the one under the cursor."""

    HELP: ClassVar[str] = n_(
        "Above: what happened, and the lines of the log that say so. Below: what helps. Press its key, or choose it"
        " with the arrow keys and Enter.\n\n"
        "What changes an answer (another name, another place, more memory) is taken over, and the run goes on from the"
        " step that failed: what is done stays done, nothing is made twice.\n\n"
        "A wait can be left with Escape at any time. Escape goes back to the steps and the log; W there opens this"
        " again."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", n_("Back to the log"))]

    def __init__(self, trouble: Trouble, helper: Troubleshooter) -> None:
        super().__init__()
        self._trouble, self._helper = trouble, helper
        self._waits = False

    def compose_body(self) -> ComposeResult:
        trouble = self._trouble
        with Vertical(classes="panel"):
            yield Static(trouble.title, classes="title", markup=False)
            with VerticalScroll(id="said", can_focus=False):
                yield Static(trouble.cause, id="cause", markup=False)
                if trouble.evidence:
                    lines = Static("\n".join(trouble.evidence), id="evidence", classes="muted", markup=False)
                    lines.styles.margin = (1, 0, 0, 2)
                    yield lines
                if trouble.address:
                    address = Static(trouble.address, id="trouble-address", classes="url", markup=False)
                    address.styles.margin = (1, 0, 0, 0)
                    yield address
            yield Static("", id="waiting", markup=False)
            yield PickList(self._items(), id="fixes")

    def _items(self) -> list[Item]:
        return [Item(fix.id, f"{fix.key.upper()}  {fix.label}", fix.detail) for fix in self._trouble.fixes]

    def on_mount(self) -> None:
        super().on_mount()
        fixes = self.query_one("#fixes", PickList)
        fixes.styles.height, fixes.styles.margin = len(self._trouble.fixes), (1, 0, 0, 0)
        self.query_one("#said").styles.height = "auto"
        self.query_one("#waiting").display = False
        self._fit()
        fixes.focus()

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """In a low window the text scrolls, the ways out stay."""
        rows = self.app.size.height - AROUND - len(self._trouble.fixes)
        self.query_one("#said").styles.max_height = max(2, rows)

    # -- keys -----------------------------------------------------------------------------------------------------
    def on_key(self, event: events.Key) -> None:
        key = event.key.lower()
        found = next((fix for fix in self._trouble.fixes if fix.key == key), None)
        if found is not None and not self._waits:
            event.stop()
            self._take(found)

    @on(PickList.Chosen, "#fixes")
    def _chosen(self, event: PickList.Chosen) -> None:
        event.stop()
        if event.item and not self._waits:
            self._take(self._trouble.fix(event.item))

    def action_close(self) -> None:
        if self._waits:
            self.workers.cancel_group(self, "wait")
            self._show_waiting("")
        else:
            self.dismiss(None)

    def _take(self, fix: Fix) -> None:
        if fix.kind is FixKind.CHOOSE:
            self._choose(fix)
        elif fix.kind is FixKind.WAIT:
            self._wait(fix)
        else:
            self.dismiss(Decision(fix, fix.changes))

    @work(exclusive=True, group="choose")
    async def _choose(self, fix: Fix) -> None:
        items = [Item(choice.id, choice.text, choice.detail) for choice in fix.choices]
        wide = max((len(item.text) for item in items), default=0)
        note = _("Enter takes it, and the run goes on. Type to search.")
        found = await self.app.push_screen_wait(PickDialog(fix.label, items, note=note, text_width=wide))
        if found:
            self.dismiss(Decision(fix, _choice(fix, found).changes))

    # -- waiting --------------------------------------------------------------------------------------------------
    @work(exclusive=True, group="wait")
    async def _wait(self, fix: Fix) -> None:
        self._show_waiting(_("Waiting …"))

        def tell(left: float) -> None:
            words = _("Waiting, {time} at most; then it goes on by itself. Escape stops waiting.")
            self._show_waiting(words.format(time=span(left)))

        over = await self._helper.wait(fix, tell)
        self._show_waiting("")
        if over:
            self.dismiss(Decision(replace(fix, kind=FixKind.RETRY)))
        else:
            self._show_waiting(_("It has not come to an end. W waits on."), waits=False)

    def _show_waiting(self, words: str, *, waits: bool = True) -> None:
        line = self.query_one("#waiting", Static)
        line.update(words)
        line.display = bool(words)
        self._waits = bool(words) and waits


def _choice(fix: Fix, id_: str) -> Choice:
    return next(choice for choice in fix.choices if choice.id == id_)
