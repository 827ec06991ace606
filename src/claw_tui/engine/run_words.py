"""What is said of a run while it goes on."""

from __future__ import annotations

from claw_tui.domain.jobs import ENDED_WELL
from claw_tui.domain.spans import span
from claw_tui.engine.course import Course
from claw_tui.engine.outlook import Outlook
from claw_tui.i18n import _, many
from claw_tui.ports import RunHandle

SHORT_SECONDS = 45.0  # what is shorter is no minute


def going_on_words(run: RunHandle, course: Course, outlook: Outlook, now: float, stay: str = "") -> str:
    """How far it is, how long it may take yet, and that nothing was heard for long. ``stay``: why one must not leave."""
    done = sum(state in ENDED_WELL for state in course.states.values())
    so_far = _("{done} of {all} steps, {time} so far").format(
        done=done, all=len(run.job.steps), time=span(now - run.job.started)
    )
    left = outlook.left(course, now)
    if left is not None:
        so_far += f", {left_words(left)}"
    quiet = outlook.quiet(course, run.heard(), now)
    if quiet is None:
        return f"{so_far}. {stay or _('You may leave: it goes on by itself.')}"
    seconds, usual = quiet
    words = _("Nothing was heard for {time}").format(time=span(seconds))
    if usual is not None:
        words += "; " + _("usually at most {time} here").format(time=span(usual.silence))
    return f"{so_far}. {words}."


def left_words(seconds: float) -> str:
    """An estimate, said as one."""
    if seconds < SHORT_SECONDS:
        return _("less than a minute left, going by earlier runs here")
    minutes = round(seconds / 60)
    return many(
        "about {count} minute left, going by earlier runs here",
        "about {count} minutes left, going by earlier runs here",
        max(1, minutes),
    )
