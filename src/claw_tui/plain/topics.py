"""`claw-tui topics`: what there is to know, to be read without a screen."""

from __future__ import annotations

import textwrap

from claw_tui.domain.errors import BadInput
from claw_tui.domain.topics import BY_ID, TOPICS
from claw_tui.i18n import _
from claw_tui.plain import exits
from claw_tui.plain.out import Out

WIDTH = 100


def show_topics(out: Out, wanted: str) -> int:
    """Without a name: the list. Raises BadInput."""
    if not wanted:
        for topic in TOPICS:
            out.put("topic", f"{topic.id:<12} {_(topic.title)}", id=topic.id, title=_(topic.title))
        return exits.DONE
    if wanted not in BY_ID:
        raise BadInput(
            _("There is no topic {name}.").format(name=wanted), hint=_("`claw-tui topics` lists them.")
        )
    topic = BY_ID[wanted]
    text = topic.words()
    lines = [
        folded
        for line in text.splitlines()
        for folded in (textwrap.wrap(line, WIDTH) if len(line) > WIDTH else [line])
    ]
    out.put("topic", "\n".join(lines), id=topic.id, title=_(topic.title), text=text)
    return exits.DONE
