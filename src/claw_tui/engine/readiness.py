"""What has to be there before a gateway can be made, each thing asked by itself."""

from __future__ import annotations

from claw_tui.domain.errors import ClawError, FlyError, FlyFolder, NotLoggedIn, TokenRejected
from claw_tui.domain.readiness import Finding, Ready
from claw_tui.domain.secret_kinds import FLY_TOKEN
from claw_tui.engine.session import Session
from claw_tui.engine.vault import ACCOUNT
from claw_tui.i18n import _

BILLING_FINE = ("CURRENT",)
BILLING_BLOCKED = ("TRIAL_ENDED", "SOURCE_REQUIRED", "DELINQUENT", "SUSPENDED")


async def check_flyctl(session: Session) -> Finding:
    try:
        found = await session.services.fly.version()
    except ClawError as error:
        return Finding("flyctl", Ready.BLOCKED, error.message, error.hint)
    if not found.passed_over:
        return Finding("flyctl", Ready.READY, f"flyctl {found.version}")
    return Finding(
        "flyctl", Ready.READY, f"flyctl {found.version}: {found.path}", " ".join(found.passed_over)
    )


async def check_login(session: Session) -> Finding:
    try:
        login = await session.find_login()
        await session.load_account()
    except (NotLoggedIn, TokenRejected) as error:
        todo = _("The next screen logs you in.")
        if not session.vault.ready and session.vault.is_kept(ACCOUNT, FLY_TOKEN):
            todo = _("Your token is where secrets are kept: F6 opens that place.")
        return Finding("login", Ready.WARNING, error.message, todo)
    except FlyFolder as error:  # a token does without flyctl's own folder
        return Finding("login", Ready.WARNING, error.message, error.hint)
    except FlyError as error:
        return Finding("login", Ready.BLOCKED, error.message, error.hint)
    return Finding("login", Ready.READY, _("Logged in as {email}").format(email=login.email))


def billing_words(state: str) -> tuple[Ready, str, str]:
    """What Fly's word for an organization's billing means for a gateway."""
    if state in BILLING_FINE:
        return Ready.READY, _("Fly.io has a payment method"), ""
    card = _("Add a card: https://fly.io/dashboard/personal/billing")
    if state in BILLING_BLOCKED:
        return Ready.BLOCKED, _("Fly.io wants a payment method first ({state})").format(state=state), card
    if state == "TRIAL_ACTIVE":
        return Ready.WARNING, _("Free trial: machines stop after 5 minutes, 2 hours in all"), card
    if state == "PAST_DUE":
        return Ready.WARNING, _("A bill of Fly.io's is open"), card
    return (
        Ready.WARNING,
        _("Fly.io does not tell whether a card is there"),
        _("Without one a trial ends after 2 hours."),
    )


async def check_billing(session: Session) -> Finding:
    if session.login is None:
        return Finding("billing", Ready.WAITING, _("Payment: asked after the login"))
    ready, words, todo = billing_words(await session.billing_state(session.spec.org))
    return Finding("billing", ready, words, todo)


async def check_store(session: Session) -> Finding:
    vault = session.vault
    probe = await vault.look()
    if vault.ready:
        return Finding("store", Ready.READY, _("Secrets are kept in {where}").format(where=vault.where))
    return Finding("store", Ready.WARNING, probe.why, probe.hint)
