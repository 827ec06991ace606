"""What is said at the end of a run that went well."""

from __future__ import annotations

from claw_tui.domain.jobs import Job, Task
from claw_tui.domain.secret_kinds import is_gateway_token
from claw_tui.i18n import _


def done_words(job: Job) -> str:
    if job.task is Task.DEPLOY:
        return _("Done. Ctrl+N shows the proof and how to reach it.")
    if job.task is Task.CONFIG:
        return _("Done: the gateway runs with this openclaw.json. Ctrl+N goes Home.")
    if job.task is Task.UPDATE:
        return _("Done: OpenClaw {version} runs. Ctrl+N goes Home.").format(version=job.spec.version)
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
