"""What can go wrong with an image that is built, on its way to a machine."""

from __future__ import annotations

from claw_tui.domain.errors import ClawError, FlyError, NetworkDown
from claw_tui.i18n import n_


class BuildFailed(FlyError):
    """A command of the Dockerfile ended badly."""

    code = "build-failed"
    default_hint = n_("The log shows the command that ended badly.")


class BuildOutOfMemory(BuildFailed):
    """The builder has killed the build: it needs more memory than there is."""

    code = "build-memory"
    default_hint = n_("Use the ready image, or build again: another builder may have more.")


class ContextTooLarge(BuildFailed):
    """The files that are to be built do not fit into the builder."""

    code = "build-context"
    default_hint = n_("Use the ready image, or take large files out of the folder (.dockerignore).")


class PushDenied(FlyError):
    """The image was built, and Fly.io's registry does not take it."""

    code = "push-denied"
    default_hint = n_("Log in again on the Account screen, then try again.")


class TagNotFound(ClawError):
    """OpenClaw's repository has no such version."""

    code = "tag-not-found"
    default_hint = n_("Choose another version on the App screen.")


class SourceUnreachable(NetworkDown):
    """OpenClaw's repository does not answer; Fly.io may do so."""

    code = "source-unreachable"
    default_hint = n_("Try again, or use the prebuilt image (App screen).")


class SourceRefused(ClawError):
    """There is no git here, or the clone is not as git left it."""

    code = "source"
