"""A field for a secret: nothing can be copied out of it, and its value is in no message.

What is pasted stays as it is, over several lines too. What does not belong to it (blanks, quotes, a name in front)
is recognised and offered to be taken off with one key. A paste that arrives as keys (no bracketed paste) may hold
Enter: one that comes right behind other keys is a part of it and does not submit.
"""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets.input import Selection

from claw_tui.domain.pasted import Offer, in_words, offer
from claw_tui.i18n import _, n_
from claw_tui.widgets.hidden_input import HiddenInput
from claw_tui.widgets.terminal_input import AnyBytes

PASTE_SECONDS = 0.05  # keys that come faster than this were not typed
PEEK_SECONDS = 5.0


class SecretInput(HiddenInput):
    """Shows dots. ``secret`` is what was typed or pasted, ``offer`` what was probably meant, when that differs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", n_("Keep it")),
        Binding("f8", "clean", n_("Clean it")),
        Binding("f2", "peek", n_("Length, end")),
    ]

    class Peeked(Message):
        """Length and last four characters are to be shown, or not any more (then ``words`` is empty)."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    def __init__(
        self, *, placeholder: str = "", wanted: str = "", one_line: bool = True, id: str | None = None
    ) -> None:
        super().__init__(placeholder=placeholder, id=id)
        self._wanted, self._one_line = wanted, one_line
        self._last_key = 0.0
        self._peek, self._peeking = 0, False  # it counts: an older timer does not end a newer look
        self.offer: Offer | None = None
        self._insists = False

    def remark(self) -> str:
        """What is around the value, and the key that takes it off; or an empty string."""
        if self.offer is None:
            return ""
        words = _("F8 takes off: {what}. {count} characters stay.")
        return words.format(what=in_words(self.offer.taken), count=len(self.offer.value))

    def asks_first(self) -> bool:
        """Whether Enter is to be answered with the offer: once; the second Enter means the value as it is."""
        asks, self._insists = self.offer is not None and not self._insists, True
        return asks

    # -- on demand ------------------------------------------------------------------------------------------------
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "clean":
            return self.offer is not None
        return super().check_action(action, parameters)

    def action_clean(self) -> None:
        if self.offer is not None:
            self.value = self.offer.value.reveal()
            self.selection = Selection.cursor(len(self.value))

    def action_peek(self) -> None:
        """For a moment only."""
        if not self.value:
            return
        end = self.secret.hint()
        words = (
            _("{count} characters, the end is {end}")
            if end.strip("…")
            else _("{count} characters: too few to show the end of them")
        ).format(count=len(self.value), end=end)
        self._peek, self._peeking = self._peek + 1, True
        self.post_message(self.Peeked(words))
        self.set_timer(PEEK_SECONDS, partial(self._unpeek, self._peek))

    def _unpeek(self, number: int) -> None:
        if number == self._peek and self._peeking:
            self._peeking = False
            self.post_message(self.Peeked(""))

    def watch_value(self, value: str) -> None:
        had = self.offer is not None
        self.offer = offer(value, wanted=self._wanted, one_line=self._one_line)
        self._insists = False
        self._unpeek(self._peek)
        if had != (self.offer is not None) and self.is_mounted:
            self.refresh_bindings()

    # -- what comes in --------------------------------------------------------------------------------------------
    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")  # a terminal sends a line break as Enter
        self.replace(text, *self.selection)

    def _last_came(self) -> float:
        return max(self._last_key, AnyBytes.pasted_at)

    async def _on_key(self, event: events.Key) -> None:
        """By the time when a key came in, for a long value takes longer to show than a key to come."""
        if event.is_printable:
            self._last_key = event.time
        elif event.key in ("enter", "ctrl+j") and event.time - self._last_came() < PASTE_SECONDS:
            self._last_key = event.time
            event.prevent_default()
            event.stop()
            self.replace("\n", *self.selection)
            return
        else:
            self._last_key = 0.0  # nobody pastes these: what came before was typed
        await super()._on_key(event)
