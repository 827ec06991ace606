"""The machine: is it there, does it run, and what keeps the gateway in it from starting?"""

from __future__ import annotations

import re
from dataclasses import replace

from claw_tui.domain.delivery import is_old
from claw_tui.domain.doctor import fixes, locking, owning
from claw_tui.domain.doctor.case import Case, skipped, unknown, well, wrong
from claw_tui.domain.doctor.facts import Unasked, failed
from claw_tui.domain.doctor.model import Finding, Fix
from claw_tui.domain.rescue import REFUSED, named_secrets
from claw_tui.domain.secret_kinds import GATEWAY_TOKEN, is_gateway_token
from claw_tui.domain.troubles.causes import kind_of, missing_variable
from claw_tui.domain.troubles.model import Failure
from claw_tui.domain.versions import number, version_of
from claw_tui.i18n import _

CONFLICT = r"mutually exclusive|cannot both be configured"
PASSWORD = "OPENCLAW_GATEWAY_PASSWORD"  # noqa: S105  (a name)
_SCHEMA = re.compile(r"newer schema version|requires a newer OpenClaw|written by a newer", re.IGNORECASE)


def there(case: Case) -> Finding:
    machines = case.facts.machines
    if isinstance(machines, Unasked):
        return unknown("machine", _("It is not known whether it has a machine."), machines)
    if machines and case.dark:
        return unknown("machine", _("It has a machine; how it is set up is not known."), case.dark)
    if machines:
        return well("machine", _("It has a machine."), (f"{case.image}, {machines[0].region}",))
    words, why = _("It has no machine."), _("Nothing runs: there is no gateway to reach.")
    todo = _("Nothing is kept here of how it was made: D on Home deploys one.")
    fix = fixes.make(case) if case.spec is not None else fixes.by_hand("deploy-one", todo)
    return wrong("machine", "no-machine", words, why, fix)


def rescue(case: Case) -> Finding:
    if not case.rescued:
        return well("rescue", _("No rescue was left half-way."))
    words = _("Its machine was left in rescue: it is up, and the gateway is not.")
    why = _(
        "Another program was put in the gateway's place, so that its files can be reached. It goes out by a deploy."
    )
    fix = fixes.deploys(case, "rescue", _("Start the gateway again: the same image, the same volume."))
    entrypoint = " ".join(case.machine.entrypoint) if case.machine else ""
    return wrong("rescue", "rescue-left", words, why, fix, (entrypoint,))


def refusal(case: Case) -> Finding:
    """Why it does not start."""
    machine = case.machine
    if machine is None or case.rescued:
        return skipped("start", _("There is no gateway that could start now."))
    if case.facts.answers and not machine.cordoned:
        return well("start", _("The gateway has started."))
    if (silent := failed(case.facts.health)) and case.facts.runs and not (case.refuses or machine.cordoned):
        return unknown("start", _("Whether the gateway has started could not be asked."), silent)
    return _refused(case) or _stopped(case) or skipped("start", _("Nothing says that it refuses to start."))


def _refused(case: Case) -> Finding | None:
    """It says so itself."""
    if case.refuses and (both := case.logged(CONFLICT)):
        return _two_ways(case, both)
    kind, seen = _said(case)
    if kind in _REFUSALS and (case.refuses or not case.facts.runs or case.last_exit):
        return _REFUSALS[kind](case, seen)
    if case.refuses and (unread := failed(case.facts.logs)):
        return _nobody_tells(case, unread)
    if case.refuses and not (_names_token(case) or _token_in_file(case)):
        return _no_token(case, (_("Among its secrets there is no gateway token."),))
    if case.refuses and case.last_exit == REFUSED:
        words = _("The gateway refuses to start, and its log does not tell why any more.")
        why = _("Code 78 says that openclaw.json or a secret is not as it must be.")
        return wrong("start", "machine-stopped", words, why, fixes.rescues(case), (_("ended with 78"),))
    return None


def _nobody_tells(case: Case, unread: Unasked) -> Finding:
    """Its log would say why. Started anew it would only end again."""
    words = _("The gateway ended by itself, and its log could not be asked for why.")
    seen = (_("its last end: code {code}").format(code=case.last_exit), unread.words)
    fix = fixes.look_again(_("its log"))
    return wrong("start", "machine-stopped", words, _("Nobody is answered."), fix, seen)


def _stopped(case: Case) -> Finding | None:
    if case.machine is None:
        return None
    if case.machine.state == "started":
        return _off_proxy(case) if case.machine.cordoned else None
    if case.machine.cordoned:
        return _rests(case)
    words = _("Its machine is {state}.").format(state=case.machine.state)
    why = _("It was stopped, or ended by itself; nobody is answered.")
    seen = (_("its last end: code {code}").format(code=case.last_exit),) if case.last_exit is not None else ()
    return wrong("start", "machine-stopped", words, why, fixes.start(case), seen)


def _off_proxy(case: Case) -> Finding:
    words = _("Its machine runs, and Fly's proxy leads nobody to it (it is cordoned).")
    why = _("It was stopped with claw-tui and started in another way, or a change was cut off.")
    return wrong("start", "machine-stopped", words, why, fixes.start(case))


def _rests(case: Case) -> Finding:
    """Somebody wanted that: nobody starts it, and its costs, by ``--fix`` alone."""
    words = _("Its machine was stopped on purpose.")
    why = _("Nobody is answered until it is started: P on Home, or `claw-tui start {app}`.").format(
        app=case.app
    )
    return wrong("start", "machine-stopped", words, why, replace(fixes.start(case), asks=True))


def _said(case: Case) -> tuple[str, tuple[str, ...]]:
    """What kind of refusal its log tells of, and the lines."""
    from claw_tui.domain.troubles.causes import evidence  # noqa: PLC0415

    for lines in (case.last_boot, case.since_release()):
        kind = kind_of(Failure("unhealthy", "", "", lines=tuple(lines)))
        if kind in _REFUSALS:
            return kind, evidence(kind, lines)
    return "", ()


def _names_token(case: Case) -> bool:
    names = (*case.facts.secret_names, *(case.machine.env if case.machine else ()))
    return any(is_gateway_token(name) or name == PASSWORD for name in names) or isinstance(
        case.facts.secrets, Unasked
    )


def _token_in_file(case: Case) -> bool:
    return case.at("gateway.auth.token") is not None


def _no_token(case: Case, seen: tuple[str, ...]) -> Finding:
    words = _("The gateway has no token, so it refuses to start.")
    why = _("It listens to everybody, and without a token everybody could use it.")
    name = "CLAWDBOT_GATEWAY_TOKEN" if "clawdbot" in case.image else GATEWAY_TOKEN
    fix = fixes.send(case, name)
    if fix.asks and case.facts.store_ready:
        fix = fixes.new_token(case, name)
    if any(info.name == name and info.staged for info in case.world.secrets):
        fix = fixes.apply_secrets(case)
    elif name in case.facts.secret_names:
        words = _("The gateway's token is empty, so it refuses to start.")
    return wrong("start", "start-refused-token", words, why, fix, seen)


def _bad_config(case: Case, seen: tuple[str, ...]) -> Finding:
    words = _("OpenClaw refuses its openclaw.json, so the gateway does not start.")
    why = _("A file with a mistake does no harm while the gateway runs; at its next start it ends with it.")
    good = fixes.a_file(case)
    return wrong(
        "start", "start-refused-config", words, why, good if good.asks else fixes.rescues(case, good), seen
    )


def _bad_owner(case: Case, seen: tuple[str, ...]) -> Finding:
    words = _("openclaw.json belongs to another user, so the gateway can't read it and does not start.")
    why = _("Over SSH one is root: a file that is written there is root's, and the gateway is another user.")
    return wrong("start", "start-refused-owner", words, why, fixes.rescues(case, fixes.owner(case)), seen)


def _no_secret(case: Case, seen: tuple[str, ...]) -> Finding:
    missing = missing_variable(seen) or missing_variable(case.last_boot)
    if not missing and not failed(case.facts.secrets):
        named = [name for name in named_secrets(case.tree) if name not in case.facts.secret_names]
        missing = next(iter(named), "")
    words = _("openclaw.json names a secret that is not set, so the gateway does not start.")
    if missing:
        words = _(
            "openclaw.json names the secret {name}, which is not set, so the gateway does not start."
        ).format(name=missing)
    why = _("The gateway takes its token from there.")
    fix = fixes.send(case, missing or GATEWAY_TOKEN)
    if fix.asks and any(is_gateway_token(name) for name in case.facts.secret_names):
        todo = _("Let openclaw.json name the gateway token that is set.")
        fix = fixes.rescues(case, fixes.writes(case, "token", todo))
    elif fix.asks and missing in ("", GATEWAY_TOKEN) and case.facts.store_ready:
        fix = fixes.new_token(case, GATEWAY_TOKEN)
    return wrong("start", "start-refused-secret", words, why, fix, seen)


def _newer_state(case: Case, seen: tuple[str, ...]) -> Finding:
    words = _("A newer version of OpenClaw has written on its volume, and this one can't read it.")
    why = _("OpenClaw does not go back to an older version by itself.")
    image = newer_image(case)
    todo = _("U on Home goes to a newer version, or back to the snapshot of before.")
    fix = fixes.by_hand("newer-version", todo)
    if image:
        fix = fixes.deploys(
            case, f"image={image}", _("Deploy {image} again, which ran before.").format(image=image)
        )
    return wrong("start", "start-refused-state", words, why, fix, seen)


def newer_image(case: Case) -> str:
    """The newest that is known to have run here: of an earlier deploy, or of the answers."""
    known = [release.image for release in case.world.releases if release.image]
    known += [case.spec.image] if case.spec is not None else []
    fitting = [
        image for image in known if number(version_of(image)) > number(case.version) and not is_old(image)
    ]
    return max(fitting, key=lambda image: number(version_of(image)), default="")


def _two_ways(case: Case, seen: tuple[str, ...]) -> Finding:
    words = _("openclaw.json wants logins by a proxy and by a token, so the gateway does not start.")
    why = _(
        "OpenClaw takes one of the two. Nothing in front of this gateway logs anybody in, so it is to be the token."
    )
    fix = fixes.writes(case, "auth", _("Choose the token, and take the proxy's part out."))
    return wrong("start", "auth-conflict", words, why, fixes.rescues(case, fix), seen)


def _no_file(case: Case, seen: tuple[str, ...]) -> Finding:
    words = _("There is no openclaw.json where the gateway looks, so it does not start.")
    why = _("It was never written, was written elsewhere, or went with a volume.")
    fix: Fix = fixes.a_file(case)
    return wrong("start", "config-missing", words, why, fix if fix.asks else fixes.rescues(case, fix), seen)


_REFUSALS = {
    "no-auth": _no_token, "bad-config": _bad_config, "unreadable-config": _bad_owner, "unresolved-secret": _no_secret,
    "newer-state": _newer_state, "lock-held": locking.lock, "unreadable-state": owning.refused, "no-config": _no_file,
}  # fmt: skip
