"""One row of what is known of a gateway: its words, who said them, and how old they are."""

from __future__ import annotations

from dataclasses import dataclass

from claw_tui.domain.prices import AS_OF
from claw_tui.domain.vital_units import FRESH_SECONDS, age_words
from claw_tui.domain.vitals import Source, Standing
from claw_tui.i18n import _, n_

SOURCES = {
    Source.FLY: n_("Fly.io"), Source.MACHINE: n_("machine"), Source.GATEWAY: n_("gateway"), Source.REGISTRY: n_("registry"),
    Source.CHECK: n_("last check"), Source.HERE: n_("here"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One row. ``age`` in seconds, None when it is not told.

    ``action``: of Home's, that has to do with it; ``hint``: what its key does, for Home.
    """

    id: str
    title: str
    words: str
    source: Source
    age: float | None = None
    standing: Standing = Standing.PLAIN
    action: str = ""
    hint: str = ""

    @property
    def aside(self) -> str:
        """Who said it, and when."""
        if self.source is Source.PRICES:
            return _("prices of {date}").format(date=AS_OF)
        name = _(SOURCES[self.source])
        return (
            _("{source}, {age}").format(source=name, age=age_words(self.age))
            if self.age is not None
            else name
        )

    @property
    def is_old(self) -> bool:
        return self.age is not None and self.age >= FRESH_SECONDS and self.source is not Source.CHECK


def not_known(problem: str) -> str:
    """Why there is no figure."""
    return _("not known: {why}").format(why=problem) if problem else _("asking …")
