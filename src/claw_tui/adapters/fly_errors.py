"""What flyctl's failures mean. Texts are those of flyctl 0.4.87; the first pattern that fits wins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from claw_tui.adapters.process import Completed
from claw_tui.domain import build_errors, errors, here_errors, reach_errors
from claw_tui.i18n import _, n_

PANIC, DEADLINE, CANCELLED = 3, 126, 127  # exit codes

_KNOWN: tuple[tuple[str, type[errors.FlyError], str], ...] = (
    (r"config directory|failed persisting \S+ in ", errors.FlyFolder, n_("flyctl can't write in its folder.")),
    (r"no access token available|please login with|not logged in", errors.NotLoggedIn,
     n_("flyctl is not logged in to Fly.io.")),
    (r"error connecting to SSH server", errors.FlyTrouble, n_("flyctl's tunnel is there, but the machine does not answer on it.")),
    # What went wrong on the way comes first: the rest of the sentence only says what flyctl was about to do.
    (r"connection refused|connection broken|no such host|i/o timeout|network is unreachable|connection reset|TLS handshake|EOF$|"
     r"server misbehaving|proxyconnect|no route to host", errors.FlyNetworkDown, n_("Fly.io could not be reached.")),
    (r"non-200 status code: 5\d\d|\(status 5\d\d\)|upstream error|bad gateway|service unavailable|internal server error", errors.FlyTrouble,
     n_("Fly.io itself has trouble now.")),
    (r"non-200 status code: 429|too many requests|rate limit", errors.FlyTrouble, n_("Fly.io wants fewer requests.")),
    (r"not authorized to push|requested access to the resource is denied|error pushing image|failed to push\b.*(?:denied|40[13])",
     build_errors.PushDenied, n_("The image was built, but Fly.io's registry does not take it from this login.")),
    (r"did not complete successfully: exit code: 13[47]\b|cannot allocate memory|(?:error building|failed to solve).*signal: killed",
     build_errors.BuildOutOfMemory, n_("The builder ran out of memory while it built OpenClaw.")),
    (r"(?:error building|failed to solve).*(?:no space left on device|message larger than max|entity too large)|"
     r"build context .*too large", build_errors.ContextTooLarge, n_("The files that are to be built are too large for the builder.")),
    (r"failed to solve: ghcr\.io/openclaw/openclaw:\S+: .*not found", errors.ImageNotFound,
     n_("This container image can't be fetched.")),
    (r"failed to solve: (?!.*(?:deadline exceeded|unexpected EOF|connection re|dial tcp|i/o timeout|TLS handshake))|dockerfile '[^']*' not found|docker is unavailable to build|error connecting to docker",
     build_errors.BuildFailed, n_("The image could not be built.")),
    (r"(?<![\w-])401(?![\w-])|unauthorized|token (?:is )?(?:invalid|expired|validation)|not authenticated|You must be authenticated",
     errors.TokenRejected, n_("Fly.io does not accept the login: it has expired or was withdrawn.")),
    (r"can't build tunnel|tunnel unavailable|can't establish agent|agent: failed to start|failed starting agent", reach_errors.TunnelRefused,
     n_("Fly.io did not let flyctl into the private network (WireGuard).")),
    (r"memory size for config is too|invalid memory size|memory_mb \d+ is too|invalid guest|config\.guest\.\w+, (?:min|max)", errors.SizeRefused,
     n_("Fly.io has no machine with these CPUs and this memory: it is too much or too little.")),
    (r"failed loading app config|config file not found|App configuration is not valid", errors.FileRefused,
     n_("flyctl can't read fly.toml.")),
    (r"requires an unattached '[^']*' volume|needs an unattached volume|needs volumes with name", errors.VolumeNeeded,
     n_("The volume for this machine is missing.")),
    (r"machine not running|machine is not (?:started|running)|has no started VMs|not found/started", errors.MachineStopped, n_("The machine does not run.")),
    (r"machine \S+ was not found|machine not found", errors.MachineNotFound, n_("The app has no such machine.")),
    (r"Validation failed: Name (?:may|must)", errors.NameRefused, n_("Fly.io does not allow this name.")),
    (r"Name has already been taken|name_taken", errors.NameTaken, n_("Somebody on Fly.io already has this app name.")),
    (r"Could not find App|the app name .* could not be found|app not found|\A404 Not Found", errors.AppNotFound,
     n_("Fly.io knows no such app in this account.")),
    (r"organization \S+ not found|org slug must be specified|Could not find Organization", errors.OrgUnknown,
     n_("Fly.io knows no such organization in this account.")),
    (r"region \S+ not found|region code must be specified|invalid region", errors.RegionUnknown,
     n_("Fly.io knows no such region.")),
    (r"payment (?:method|information)|credit card|billing (?:issue|info|details|problem)|trial (?:has )?ended|not available (?:on|during) .*trial|past due",
     errors.BillingNeeded, n_("Fly.io wants a payment method before it does this.")),
    (r"insufficient_capacity|could not reserve resource|insufficient (?:resources|memory|CPU)|no capacity", errors.NoCapacity,
     n_("Fly.io has no room for this machine in the region now.")),
    (r"lease (?:is )?currently held|lease held", errors.LeaseHeld,
     n_("Somebody else is changing this machine, or a cancelled change still holds its lease.")),
    (r"could not find image|manifest unknown|image .* not found", errors.ImageNotFound,
     n_("This container image can't be fetched.")),
    (r"timeout reached waiting for (?:health checks|machine's state)|smoke checks for .* failed|appears to be crashing|"
     r"failed health checks|failed to wait for health checks|while watching health checks|machine .* to reach a good state", errors.DeployUnhealthy,
     n_("The machine started, but the gateway in it does not get healthy.")),
    (r"context deadline exceeded|deadline_exceeded|(?<![\w-])408(?![\w-])", errors.FlyTimeout, n_("Fly.io did not answer in time.")),
)  # fmt: skip

# A file on this computer; of a builder or of a machine it would be in a sentence about that.
_NO_ROOM = re.compile(
    r"(?:write|open|create|mkdir|rename|fsync) (/\S+): (?:no space left on device|disk quota exceeded)"
)
_OF_OTHERS = re.compile(r"error building|failed to solve|failed to launch VM|machine|ssh ")
_ADDRESS = re.compile(r'"?https?://[^\s"]+"?')
_TRACE = re.compile(r"\s*\((?:Request|Trace) ID: [^)]*\)")
_QUERY = re.compile(r"failed to run (?:query|mutation)\s?.*\}: ", re.DOTALL)


def error_text(done: Completed) -> str:
    """Flyctl's own sentence: what follows ``Error:`` on stderr, without the GraphQL query and the ids."""
    lines = done.stderr.strip().splitlines()
    start = next((index for index, line in enumerate(lines) if line.startswith("Error:")), None)
    text = "\n".join(lines[start:] if start is not None else lines[-3:]).removeprefix("Error:").strip()
    return _TRACE.sub("", _QUERY.sub("", text)).strip()


def _command(argv: Sequence[str]) -> str:
    """Its name; a folder or an id that comes next says nothing to anybody."""
    return " ".join(
        word for at, word in enumerate(argv[:2]) if at == 0 or re.fullmatch(r"[a-z][a-z-]*", word)
    )


def explain(argv: Sequence[str], done: Completed) -> errors.FlyError:
    """The typed error for a flyctl that ended with something else than 0."""
    command = _command(argv)
    if done.code == CANCELLED:
        words = _(
            "`fly {command}` ended without a word (127): it was interrupted, or a program that it needs is missing."
        )
        return errors.Cancelled(
            words.format(command=command), hint=_("Try `fly version` in a shell, and once more here.")
        )
    if done.code == PANIC or "panic:" in done.stdout or "Oops, something went wrong" in done.stdout:
        return errors.FlyPanic(_("flyctl itself crashed in `fly {command}`.").format(command=command))
    if done.code < 0:
        words = _("`fly {command}` was killed (signal {number}).")
        return errors.FlyKilled(words.format(command=command, number=-done.code))
    said = error_text(done)
    if done.code == DEADLINE and "health checks" not in said:
        return errors.FlyTimeout(_("`fly {command}` gave up waiting.").format(command=command), detail=said)
    # The first line is flyctl's sentence; below it may be a whole log, and in an address the name of an app.
    sentence = _ADDRESS.sub("", said.partition("\n")[0] or done.stdout[-2000:])
    full = _NO_ROOM.search(sentence)
    if full and not _OF_OTHERS.search(f"{command} {sentence}") and Path(full[1]).parent.is_dir():
        return here_errors.DiskFull(_("flyctl can't write: the disk of this computer is full."), detail=said)
    for pattern, kind, message in _KNOWN:
        if re.search(pattern, sentence, re.IGNORECASE | re.MULTILINE):
            return kind(_(message), detail=said)
    return errors.FlyError(
        said.splitlines()[0]
        if said
        else _("`fly {command}` ended with {code}.").format(command=command, code=done.code),
        hint=_("These are flyctl's own words. Try again, or look at https://community.fly.io."),
        detail=said,
    )


def too_late(argv: Sequence[str], seconds: float) -> errors.FlyTimeout:
    return errors.FlyTimeout(
        _("`fly {command}` did not end within {seconds:.0f} seconds and was stopped.").format(
            command=_command(argv), seconds=seconds
        )
    )


def not_installed(program: str) -> errors.FlyNotInstalled:
    return errors.FlyNotInstalled(
        _("flyctl was not found (looked for `{program}`).").format(program=program),
        hint=_("Install it: https://fly.io/docs/flyctl/install/ and check again."),
    )
