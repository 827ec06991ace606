"""The rows of a run, and what is said at its end when it went well."""

from __future__ import annotations

from claw_tui.domain.jobs import Job, StepState, Task
from claw_tui.domain.machine_wish import wish_of
from claw_tui.domain.migration import CONFIRM
from claw_tui.domain.phases.parts import Part
from claw_tui.domain.power import is_stop
from claw_tui.domain.secret_kinds import is_gateway_token
from claw_tui.domain.spans import span
from claw_tui.engine.course import Course
from claw_tui.engine.hardening import KEEP
from claw_tui.engine.outlook import Outlook
from claw_tui.i18n import _, n_
from claw_tui.widgets.step_rows import UNDER_WAY, Row

SHORTEST = 2.0  # seconds; what is over at once needs no estimate


def rows_of(course: Course, outlook: Outlook, now: float, *, over: bool = False) -> list[Row]:
    """The steps, and the parts of the one that goes on or where it ended. ``over``: nothing of it goes on any more."""
    rows = []
    for step, was, seconds in course.rows(now):
        state = _ended(was) if over else was
        rows.append(Row(step.title, state, seconds))
        if state in UNDER_WAY:
            rows += [_part_row(part, course, outlook, now, over=over) for part in course.parts(step.id)]
    return rows


def _ended(state: StepState) -> StepState:
    """What was going on when its run ended stopped with it."""
    return StepState.STOPPED if state is StepState.RUNNING else state


def _part_row(part: Part, course: Course, outlook: Outlook, now: float, *, over: bool) -> Row:
    state = _ended(part.state) if over else part.state
    usual = outlook.usual(course, part.id) if state is StepState.RUNNING else None
    words = ""
    if usual is not None and usual.seconds >= SHORTEST:
        words = _("usually about {time}").format(time=span(usual.seconds))
    return Row(part.title, state, part.seconds(now), part.words, words, is_part=True)


SIMPLE = {
    Task.DEPLOY: n_("Done. Ctrl+N shows the proof and how to reach it."),
    Task.CONFIG: n_("Done: the gateway runs with this openclaw.json. Ctrl+N goes Home."),
    Task.UNDO: n_("Done: what was made is gone, and nothing of it costs anything any more. Ctrl+N goes to Start."),
    Task.REMOVE: n_(
        "Done: Fly.io was asked anew, and nothing of {app} is left there that costs anything. Ctrl+N goes on."
    ),
    Task.TIDY: n_("Done: it is gone. Ctrl+N goes Home."),
    Task.UPDATE: n_("Done: OpenClaw {version} runs. Ctrl+N goes Home."),
    Task.HARDEN: n_(
        "Done: the internet does not reach it any more. You do: W on Home opens a tunnel, and a link that lets your browser"
        " in once more. Ctrl+N goes Home."
    ),
    Task.FIX: n_("Done: what was to be mended is well now. Ctrl+N goes Home; G there looks from all sides."),
    Task.EXPOSE: n_("Done: everybody with the token reaches it at https://{app}.fly.dev. Ctrl+N goes Home."),
}  # fmt: skip


def change_words(choice: str) -> str:
    if wish_of(choice).back:
        return _("Done: it is as it was before. Ctrl+N goes Home.")
    if wish_of(choice).moves:
        return _(
            "Done: it runs in its new region and answers. The old volume stays until C on Home removes it. Ctrl+N goes Home."
        )
    return _("Done: the gateway is as you want it, and answers. Ctrl+N goes Home.")


def power_words(choice: str) -> str:
    if is_stop(choice):
        return _("Done: it is stopped. P on Home starts it again. Ctrl+N goes Home.")
    return _("Done: the gateway runs and answers. Ctrl+N goes Home.")


def migration_words(job: Job) -> str:
    if job.choice == CONFIRM:
        return _("Done: the old names are gone. Ctrl+N goes Home.")
    if job.choice:
        return _("Done: what ran before runs again, as it was. Ctrl+N goes Home.")
    return _(
        "Done: OpenClaw {version} runs in its place. O on Home lets your browser in. Try it; then Y takes the old names away,"
        " or goes back. Ctrl+N goes Home."
    ).format(version=job.spec.version)


def done_words(job: Job) -> str:
    if job.task is Task.MIGRATE:
        return migration_words(job)
    if job.task is Task.CHANGE:
        return change_words(job.choice)
    if job.task is Task.POWER:
        return power_words(job.choice)
    if job.task is Task.HARDEN and job.choice.startswith(KEEP):
        return _(
            "Done, but it is NOT private: its dedicated IPv4 was kept. H on Home gives it back. Ctrl+N goes Home."
        )
    if job.task in SIMPLE:
        return _(SIMPLE[job.task]).format(app=job.app, version=job.spec.version)
    if job.task is Task.RESCUE:
        if job.choice == "look":
            return _(
                "The machine runs without the gateway; the log says what is wrong. Ctrl+N goes Home, X there goes on."
            )
        return _("Done: the gateway runs again. Ctrl+N goes Home.")
    words = _("Done: the gateway runs with its secrets as they are now. Ctrl+N goes Home.")
    if any(is_gateway_token(name) for name in job.sends):
        words = f"{words}\n" + _(
            "It has a new token: browsers and apps that used the old one ask for it. O on Home opens a new link."
            " What was approved before (devices, people) stays approved."
        )
    return words
