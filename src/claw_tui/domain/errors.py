"""Every failure a person can meet. Adapters translate into these; nothing else crosses a layer.

A ``ClawError`` says what happened (``message``), what to do next (``hint``) and, where another program
said something worth reading, its own words (``detail``, cleaned of escape sequences and of secrets).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Self

from claw_tui.i18n import _, n_


class ClawError(Exception):
    """A failure with something the person can do about it."""

    code: ClassVar[str] = "failed"
    default_hint: ClassVar[str] = ""

    def __init__(self, message: str, *, hint: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or (_(self.default_hint) if self.default_hint else "")
        self.detail = detail
        self.evidence: tuple[str, ...] = ()  # what was said around it, once somebody has looked

    def without(self, redact: Callable[[str], str]) -> Self:
        """The same failure, its words and another program's redacted."""
        return type(self)(redact(self.message), hint=self.hint, detail=redact(self.detail))


class BadInput(ClawError):
    """An answer that cannot be used."""

    code = "bad-input"


class StateError(ClawError):
    """Our own files could not be read or written."""

    code = "state"
    default_hint = n_("Check that the folder exists, is yours and has room, then try again.")


class NothingToDo(BadInput):
    """All is as it was asked for already."""

    code = "nothing-to-do"


class Busy(ClawError):
    """Another run of ours is working on the same app."""

    code = "busy"
    default_hint = n_("Wait for it to end, or watch it: Start lists it.")


class StalePlan(ClawError):
    """The world changed after the plan was made."""

    code = "stale-plan"
    default_hint = n_("Look at the plan again: it shows what is different now.")


class NetworkDown(ClawError):
    """A server could not be reached."""

    code = "network"
    default_hint = n_("Check the network connection, then try again.")


class FlyError(ClawError):
    """flyctl ran and said no."""

    code = "fly"


class FlyNotInstalled(FlyError):
    """There is no flyctl to run."""

    code = "fly-not-installed"


class FlyTooOld(FlyError):
    """flyctl is older than the oldest version that we know to work."""

    code = "fly-too-old"
    default_hint = n_("Run `fly version upgrade`, then check again.")


class FlyFolder(FlyError):
    """flyctl cannot write in its configuration folder; it refuses every command then."""

    code = "fly-folder"
    default_hint = n_("Check that the folder is yours, may be written and has room, then try again.")


class NotLoggedIn(FlyError):
    """flyctl has no account token."""

    code = "not-logged-in"
    default_hint = n_("Log in on the Account screen.")


class TokenRejected(FlyError):
    """Fly.io does not accept the token."""

    code = "token-rejected"
    default_hint = n_("Log in again on the Account screen, or paste a new token there.")


class NameTaken(FlyError):
    """App names are shared by everybody on Fly.io, and somebody has this one."""

    code = "name-taken"
    default_hint = n_("Choose another name on the App screen.")


class AppNotFound(FlyError):
    """The account has no such app."""

    code = "app-not-found"
    default_hint = n_("Check the name on the App screen; perhaps the app was removed.")


class OrgUnknown(FlyError):
    """The account has no such organization."""

    code = "org-unknown"
    default_hint = n_("Choose an organization on the Account screen.")


class RegionUnknown(FlyError):
    """Fly.io has no such region."""

    code = "region-unknown"
    default_hint = n_("Choose a region on the App screen.")


class BillingNeeded(FlyError):
    """Fly.io wants a payment method, or the trial does not allow this."""

    code = "billing"
    default_hint = n_("Add a card at https://fly.io/dashboard/personal/billing.")


class NoCapacity(FlyError):
    """The region has no room for this machine now."""

    code = "no-capacity"
    default_hint = n_("Choose another region or a smaller machine on the App screen, or try again later.")


class LeaseHeld(FlyError):
    """Somebody else, or a cancelled run, holds the machine's lease."""

    code = "lease-held"
    default_hint = n_("A lease ends by itself after ten minutes at the latest.")


class ImageNotFound(FlyError):
    """The container image does not exist under this tag."""

    code = "image-not-found"
    default_hint = n_("Choose another version on the App screen.")


class DeployUnhealthy(FlyError):
    """The machine started and its health check does not pass."""

    code = "unhealthy"
    default_hint = n_("The log shows what the gateway says.")


class FlyTrouble(FlyError):
    """Fly.io answered with a failure of its own (500, 502, 503), also when it was asked again."""

    code = "trouble"
    default_hint = n_("See https://status.flyio.net, and try again in some minutes.")


class NameRefused(FlyError):
    """Fly.io does not allow such a name."""

    code = "name-refused"
    default_hint = n_("Choose another name: small letters, digits and hyphens.")


class SizeRefused(FlyError):
    """There is no machine of this size."""

    code = "size-refused"
    default_hint = n_("Choose another machine or another amount of memory on the App screen.")


class FileRefused(FlyError):
    """flyctl cannot read fly.toml."""

    code = "file-refused"
    default_hint = n_("Look at the place that it names; without a file of your own claw-tui writes one.")


class VolumeNeeded(FlyError):
    """A machine is to be made and its volume is not there, or belongs to another machine."""

    code = "volume-needed"
    default_hint = n_("Go back to Review: what is missing is made there.")


class MachineStopped(FlyError):
    """Something was to be done in a machine that does not run."""

    code = "machine-stopped"
    default_hint = n_("P on Home starts it.")


class MachineNotFound(FlyError):
    """The app has no such machine (any more)."""

    code = "machine-not-found"
    default_hint = n_("Look again: a deploy may have replaced it.")


class FlyNetworkDown(FlyError, NetworkDown):
    """flyctl could not reach Fly.io."""

    code = "network"
    default_hint = n_("Check the network connection, then try again.")


class FlyTimeout(FlyError):
    """flyctl did not end in time and was stopped."""

    code = "timeout"
    default_hint = n_("Try again. If it stays slow, see https://status.flyio.net.")


class FlyPanic(FlyError):
    """flyctl itself crashed (exit code 3)."""

    code = "panic"
    default_hint = n_("Try again; if it happens again, update flyctl with `fly version upgrade`.")


class FlyKilled(FlyError):
    """flyctl was killed by a signal that was not ours."""

    code = "fly-killed"
    default_hint = n_(
        "Try again: what was done stays done. If it happens again, see whether this computer has memory left."
    )


class Cancelled(FlyError):
    """The call was cancelled."""

    code = "cancelled"
    default_hint = n_("Nothing more was done.")


class GatewayError(ClawError):
    """The gateway inside the machine said no."""

    code = "gateway"


class ConfigRejected(GatewayError):
    """OpenClaw itself does not accept the openclaw.json; the one that it runs with was left alone."""

    code = "config-rejected"
    default_hint = n_("Go back to the Gateway screen and change the answer that it complains about.")


class ServiceError(ClawError):
    """A service that we asked (Discord, a model provider, …) said no."""

    code = "service"


class BadKey(ServiceError):
    """The service does not accept the key."""

    code = "bad-key"


class RateLimited(ServiceError):
    """The key is good, but the service wants us to wait."""

    code = "rate-limited"


class StoreError(ClawError):
    """The place where secrets are kept did not do what it was asked."""

    code = "store"
    default_hint = n_("The secret is kept in memory until you leave the program.")
