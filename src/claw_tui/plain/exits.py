"""What the program ends with, in one table: for `--help`, for the README, and for scripts."""

from __future__ import annotations

import shutil
import textwrap
from dataclasses import dataclass

from claw_tui.domain.errors import ClawError
from claw_tui.domain.jobs import JobState
from claw_tui.i18n import _, n_

DONE, FAILED, CHANGES, USAGE, LOGIN, REFUSED, NETWORK, BUSY, UNHEALTHY, SECRETS, STOPPED = *range(10), 130
NOT_PROBED_V6, EXPOSED, NOT_KNOWN, FIXED, NEEDS_YOU = 10, 11, 12, 13, 14


@dataclass(frozen=True, slots=True)
class Exit:
    """A number, when it is given, and the failures (``ClawError.code``) that end with it."""

    number: int
    words: str
    codes: tuple[str, ...] = ()


EXITS = (
    Exit(DONE, n_("done, or nothing to do"), ("nothing-to-do",)),
    Exit(FAILED, n_("something else failed: flyctl is missing or too old, a file can't be written, the run was killed"),
         ("failed", "state", "fly-not-installed", "fly-too-old", "fly-folder", "panic", "fly-killed", "port-taken", "source", "disk")),
    Exit(CHANGES, n_("there is something to do: plan found it, the question was answered with no, or nobody could be asked")),
    Exit(USAGE, n_("wrong options or answers, no app of that name, or a key that its company does not accept"), ("bad-input", "bad-key", "older-version", "old-gateway", "elsewhere", "no-such-app")),
    Exit(LOGIN, n_("not logged in to Fly.io, or it wants a payment method"),
         ("not-logged-in", "token-rejected", "billing")),
    Exit(REFUSED, n_("Fly.io refused it: the name, the region, no room there, the size, the version, fly.toml, the build …"),
         ("fly", "name-taken", "app-not-found", "org-unknown", "region-unknown", "no-capacity", "image-not-found",
          "name-refused", "size-refused", "file-refused", "volume-needed", "machine-not-found", "build-failed",
          "build-memory", "build-context", "push-denied", "tag-not-found")),
    Exit(NETWORK, n_("no network, no answer in time, or trouble at Fly.io or another service: try again later"),
         ("network", "tunnel", "timeout", "trouble", "service", "rate-limited", "source-unreachable")),
    Exit(BUSY, n_("somebody is at work: another run, a lease, or something changed since the plan was made"),
         ("busy", "stale-plan", "lease-held")),
    Exit(UNHEALTHY, n_("the gateway does not answer, or OpenClaw does not accept its openclaw.json"),
         ("unhealthy", "gateway", "config-rejected", "machine-stopped", "state-too-new", "no-way-in", "tunnel-silent")),
    Exit(SECRETS, n_("a secret is not at hand: it was not given, or its place is locked"), ("store",)),
    Exit(NOT_PROBED_V6, n_("doctor --private, harden, apply: private by Fly's records, not probed over IPv6, which this computer lacks"),
         ("not-probed-v6",)),
    Exit(EXPOSED, n_("doctor --private, harden, apply: the app can still be reached from the internet"), ("not-private",)),
    Exit(NOT_KNOWN, n_("doctor, harden, apply: not known; something could not be asked"), ("not-proved",)),
    Exit(FIXED, n_("doctor --fix: it was mended, and looked at again")),
    Exit(NEEDS_YOU, n_("doctor: something is wrong; what it said tells what to do"), ("still-sick",)),
    Exit(STOPPED, n_("stopped: Ctrl-C, or the run was cancelled (129 and 143: ended by SIGHUP, SIGTERM)"),
         ("cancelled",)),
)  # fmt: skip
_BY_CODE = {code: found.number for found in EXITS for code in found.codes}


def exit_of(code: str) -> int:
    """Of a failure that was written down, by its ``code``."""
    return _BY_CODE.get(code, FAILED)


def exit_of_error(error: ClawError) -> int:
    return exit_of(error.code)


def exit_of_run(state: JobState, code: str) -> int:
    """``code``: of its failure, if it had one."""
    if state is JobState.FAILED:
        return exit_of(code)
    return {JobState.DONE: DONE, JobState.STOPPED: STOPPED}.get(state, FAILED)


def wrapped(text: str, first: str = "", then: str = "") -> str:
    """In lines as long as argparse makes its own."""
    width = shutil.get_terminal_size().columns - 2
    return textwrap.fill(text, width, initial_indent=first, subsequent_indent=then)


def table() -> str:
    """For `--help`."""
    lines = [wrapped(_(found.words), f"  {found.number:>3}  ", " " * 7) for found in EXITS]
    return "\n".join([_("exit codes:"), *lines])
