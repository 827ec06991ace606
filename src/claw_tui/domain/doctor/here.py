"""What the doctor itself needs: room on this computer, flyctl, a login, the app."""

from __future__ import annotations

from claw_tui.domain.doctor.case import Case, not_known, note, skipped, unknown, well, wrong
from claw_tui.domain.doctor.facts import Unasked
from claw_tui.domain.doctor.model import Finding, Fix
from claw_tui.i18n import _

LEAST_MB = 20  # that a run may write: its log, its files, flyctl's
CARD = "https://fly.io/dashboard/personal/billing"
BLOCKED = ("TRIAL_ENDED", "SOURCE_REQUIRED", "DELINQUENT", "SUSPENDED")
TRIAL = "TRIAL_ACTIVE"
FLYCTL = {
    "fly-not-installed": ("flyctl-missing", "https://fly.io/docs/flyctl/install"),
    "fly-too-old": ("flyctl-old", "fly version upgrade"),
}
LOGIN = ("not-logged-in", "token-rejected")


def disk(case: Case) -> Finding:
    free = case.facts.free_mb
    if isinstance(free, Unasked):
        return unknown("disk", _("It could not be seen how much room this computer has."), free)
    if free >= LEAST_MB:
        return well("disk", _("This computer has room for what claw-tui writes."))
    words = _("This computer's disk is full where claw-tui keeps its files.")
    why = _("Nothing can be written down, so nothing can be changed safely. Make some room there.")
    return wrong(
        "disk", "no-disk", words, why, _by_hand("make-room", why), (_("{mb} MB are free").format(mb=free),)
    )


def store(case: Case) -> Finding:
    found = case.facts.store
    if isinstance(found, Unasked):
        return skipped("store", _("The place for secrets was not asked."))
    if not found:
        return well("store", _("The place for secrets can be used."))
    why = _("Secrets that are kept there can't be sent again until it is opened.")
    return note("store", "store-locked", _("The place for secrets is not open."), why, None, (found,))


def flyctl(case: Case) -> Finding:
    found = case.facts.flyctl
    if not isinstance(found, Unasked):
        return well("flyctl", _("flyctl is here: {version}").format(version=found))
    if found.code not in FLYCTL:
        return unknown("flyctl", _("flyctl could not be asked."), found)
    cause, command = FLYCTL[found.code]
    missing = cause == "flyctl-missing"
    words = _("flyctl is not installed.") if missing else _("flyctl is too old.")
    why = _("claw-tui asks Fly.io by it for everything.")
    todo = _("Install flyctl.") if missing else _("Get a newer flyctl.")
    return wrong("flyctl", cause, words, why, Fix("get-flyctl", todo, (command,), asks=True), (found.words,))


def login(case: Case) -> Finding:
    found = case.facts.login
    if not isinstance(found, Unasked):
        return well("login", _("Logged in as {who}").format(who=found))
    if found.code not in LOGIN:
        return unknown("login", _("It is not known whether anybody is logged in."), found)
    fix = Fix("log-in", _("Log in to Fly.io."), ("fly auth login",), asks=True)
    why = _("Without a login Fly.io tells nothing about the gateway.")
    return wrong("login", "not-logged-in", _("Nobody is logged in to Fly.io here."), why, fix, (found.words,))


def organization(case: Case) -> Finding:
    found = case.facts.billing
    if isinstance(found, Unasked) or not found:
        return not_known("organization", _("Fly.io does not tell who pays."), found)
    seen = (_("Fly.io says: {state}").format(state=found),)
    if found not in (*BLOCKED, TRIAL):
        return well("organization", _("Its organization can have machines."), seen)
    words = (
        _("Its organization is on a trial.")
        if found == TRIAL
        else _("Its organization needs a payment method.")
    )
    why = _("Fly.io stops a trial's machines after five minutes, and lets it have two hours in all.")
    if found != TRIAL:
        why = _("Fly.io starts no machine of it until there is one.")
    fix = Fix("add-card", _("Add a card: {page}").format(page=CARD), asks=True)
    return wrong("organization", "trial-organization", words, why, fix, seen)


def app(case: Case) -> Finding:
    found = case.facts.found
    if isinstance(found, Unasked):
        return unknown("app", _("It is not known whether there is an app {app}.").format(app=case.app), found)
    if found is not None:
        return well("app", _("The app {app} is there.").format(app=case.app))
    words = _("This account has no app {app}.").format(app=case.app)
    why = _("It was removed, it is another account's, or its name is written differently.")
    todo = _("See the list: claw-tui status. To make it: claw-tui plan, then apply.")
    return wrong("app", "app-missing", words, why, _by_hand("find-app", todo))


def _by_hand(id_: str, words: str) -> Fix:
    return Fix(id_, words, asks=True)
