"""openclaw.json: is it where the gateway reads it, whose is it, and is it what was meant?"""

from __future__ import annotations

import re
import time
from calendar import timegm
from typing import Any

from claw_tui.domain.delivery import OURS
from claw_tui.domain.doctor import fixes
from claw_tui.domain.doctor.case import Case, not_known, note, skipped, unknown, well, wrong
from claw_tui.domain.doctor.facts import AWAY, Unasked, failed
from claw_tui.domain.doctor.model import Finding, Fix
from claw_tui.domain.doctor.ports import kept_port, port_of
from claw_tui.domain.generations import program_of
from claw_tui.domain.layout import OWN_PORT, PORT_NAMES, asked_ports, said_port
from claw_tui.domain.spec import PORT
from claw_tui.i18n import _, n_

# A file that holds what was typed in place of what was meant.
_TYPED = re.compile(
    r"\A\s*(?:['\"]?(?:cat|tee|echo|printf|sh|bash)\s|>|<<)|<<\s*['\"]?EOF|^EOF\s*\Z", re.MULTILINE
)
SECONDS = 60.0  # between two clocks
REVERTED = r"Config auto-restored from"
_PUSHED = re.compile(r"openclaw\.json\.clobbered\.")


TITLES = {
    "config": n_("openclaw.json"), "owner": n_("Whose openclaw.json is"), "valid": n_("Whether OpenClaw accepts openclaw.json"),
    "kept": n_("Whether OpenClaw put an earlier openclaw.json back"), "gateway-port": n_("The gateway's own port"),
    "auth": n_("How one logs in"), "proxy": n_("Whether it knows Fly's proxy"), "origin": n_("From where its page may be opened"),
    "token": n_("Where its token comes from"), "plugins": n_("Plugins"), "channels": n_("Channels"),
    "model-key": n_("Keys for models"), "model": n_("Models"),
}  # fmt: skip


def no_file(case: Case, id_: str) -> Finding | None:
    """When nothing can be said about what stands in it."""
    what = _(TITLES[id_])
    if isinstance(case.facts.config, Unasked):
        if case.facts.config.code in (AWAY, "") or not case.facts.runs:
            return skipped(id_, _("{what}: not looked at, its machine does not run.").format(what=what))
        words = _("{what}: openclaw.json could not be read.").format(what=what)
        if id_ == "config":
            words = _("openclaw.json could not be read.")
        return unknown(id_, words, case.facts.config)
    if case.facts.config is None:
        return skipped(id_, _("{what}: not looked at, there is no openclaw.json.").format(what=what))
    if case.tree is None:
        return skipped(
            id_, _("{what}: not looked at, its openclaw.json can't be understood.").format(what=what)
        )
    return None


def there(case: Case) -> Finding:
    config = case.facts.config
    if isinstance(config, Unasked):
        return no_file(case, "config") or skipped("config", "")
    if isinstance(config, str) and not case.inside.odd and not (_TYPED.search(config) and case.tree is None):
        return well("config", _("openclaw.json is where the gateway reads it."), (case.layout.config,))
    if isinstance(config, str) or case.inside.odd:
        return _typed(case)
    if case.inside.elsewhere:
        return _elsewhere(case)
    if case.old and case.facts.answers:
        return skipped("config", _no_openclaw_json(case))
    if case.old and failed(case.facts.health):
        return not_known(
            "config",
            _("It has no openclaw.json; whether it runs without one can't be told."),
            case.facts.health,
        )
    words = _("There is no openclaw.json: the gateway runs with nothing set up.")
    why = _("It was never written, was written elsewhere, or went with a volume.")
    return wrong(
        "config",
        "config-missing",
        words,
        why,
        fixes.look_again(_("other places in its machine"))
        if failed(case.facts.inside)
        else fixes.reach_in(case, fixes.a_file(case)),
        (_("not there: {path}").format(path=case.layout.config),),
    )


def _no_openclaw_json(case: Case) -> str:
    program = program_of(case.world)
    if not program.before_openclaw:
        return _("It has no openclaw.json; it runs without one.")
    words = _(
        "{name} reads no openclaw.json; its own settings are looked at when it is migrated (Y on Home)."
    )
    return words.format(name=program.name)


def _typed(case: Case) -> Finding:
    words = _("openclaw.json was written by a command that no shell has read, so it is not what was meant.")
    why = _(
        "`fly ssh console -C` starts the program itself: “>” and “<<” become its arguments, and nothing is written where it should be."
    )
    first = case.facts.config.strip().splitlines()[:1] if isinstance(case.facts.config, str) else []
    seen = (*case.inside.odd, *(line[:100] for line in first if _TYPED.search(line)))
    if case.inside.odd and case.tree is not None and not _TYPED.search(str(case.facts.config)):
        return well("config", _("openclaw.json is where the gateway reads it."), (case.layout.config,))
    return wrong("config", "config-no-shell", words, why, fixes.reach_in(case, fixes.a_file(case)), seen)


def _elsewhere(case: Case) -> Finding:
    path = case.inside.elsewhere[0].path
    words = _("openclaw.json was written to a place where the gateway does not look.")
    why = _("The gateway reads {path}, because {name} says so; what is elsewhere does nothing.").format(
        path=case.layout.config, name=case.layout.named or "OPENCLAW_STATE_DIR"
    )
    fix = fixes.reach_in(case, fixes.fetch(case, path))
    return wrong(
        "config", "config-elsewhere", words, why, fix, tuple(place.path for place in case.inside.elsewhere)
    )


def owner(case: Case) -> Finding:
    place = case.inside.file
    if isinstance(case.facts.inside, Unasked) or place is None:
        words = _("Nobody tells whose openclaw.json is.")
        return no_file(case, "owner") or not_known("owner", words, case.facts.inside)
    mine, shut = place.owner.split(":")[0] == "1000", place.mode.lstrip("0") in ("600", "400", "640")
    if mine and shut:
        return well(
            "owner",
            _("openclaw.json is the gateway's, and nobody else reads it."),
            (f"{place.owner} {place.mode}",),
        )
    words = _("openclaw.json belongs to another user than the gateway.")
    why = _("The gateway still runs with what it read before; at its next start it can't read it, and ends.")
    if mine:
        words = _("Other users in the machine can read openclaw.json.")
        why = _("OpenClaw wants it for itself alone: there may be secrets in it.")
    return wrong(
        "owner",
        "config-owner",
        words,
        why,
        fixes.reach_in(case, fixes.owner(case)),
        (f"{place.owner} {place.mode} {place.path}",),
    )


def kept(case: Case) -> Finding:
    if found := no_file(case, "kept"):
        return found
    if unread := failed(case.facts.backups):
        return unknown("kept", _("Whether OpenClaw put an earlier openclaw.json back can't be told."), unread)
    said = case.logged(REVERTED, 1)
    pushed = [b for b in _backups(case) if _PUSHED.search(b.name) and not b.same]
    pushed = [b for b in pushed if b.at >= max(_written_at(case), case.started_at - SECONDS)]
    if not pushed:
        return well("kept", _("OpenClaw did not put an earlier openclaw.json back."))
    words = _("OpenClaw put an earlier openclaw.json back in the place of a newer one.")
    why = _(
        "It does so at a start for a file without “meta”, or one that has lost more than half. What was set last does not count."
    )
    name = max(pushed, key=lambda b: b.at).name
    words_of_fix = _("Put {name} back, with the “meta” that it lacks.").format(name=name)
    fix = fixes.writes(case, f"again={name}", words_of_fix)
    if case.old:
        fix = fixes.by_hand("put-again", _("B on Home puts one back."))
    return wrong("kept", "config-reverted", words, why, fix, (*said, name))


def _backups(case: Case) -> tuple[Any, ...]:
    return () if isinstance(case.facts.backups, Unasked) else case.facts.backups


def _written_at(case: Case) -> float:
    """When somebody like us wrote the file last, by the names of what was kept then."""
    found = [OURS.fullmatch(b.name) for b in _backups(case)]
    return max((timegm(time.strptime(one[1], "%Y%m%d-%H%M%S")) for one in found if one), default=0)


def accepted(case: Case) -> Finding:
    if found := no_file(case, "valid"):
        if (
            case.facts.config
            and case.tree is None
            and isinstance(case.facts.config, str)
            and not _TYPED.search(case.facts.config)
        ):
            return _refused(case, (_("It is no JSON5."),))
        return found
    refused = case.facts.refused
    if isinstance(refused, Unasked):
        return not_known("valid", _("OpenClaw was not asked whether it accepts openclaw.json."), refused)
    if refused:
        return _refused(case, refused)
    return well("valid", _("OpenClaw accepts its openclaw.json."))


def _refused(case: Case, seen: tuple[str, ...]) -> Finding:
    words = _("OpenClaw does not accept its openclaw.json.")
    why = _(
        "The gateway goes on with what it read before. At its next start it refuses the file, and does not come up."
    )
    return wrong("valid", "config-invalid", words, why, fixes.a_file(case), seen[:4])


def own_port(case: Case) -> Finding:
    """Commands in the machine look where the environment, and else the file, says; not at its start command."""
    if found := no_file(case, "gateway-port"):
        return found
    env = case.machine.env if case.machine else {}
    variable = next((name for name in PORT_NAMES if env.get(name)), "")
    written = case.at("gateway.port")
    looked = env.get(variable, "") or str(written or OWN_PORT)
    known = case.machine and (said_port(case.machine) or asked_ports(case.machine))
    wanted = kept_port(case) if known else port_of(case)
    if looked == str(wanted):
        return well("gateway-port", _("Commands in the machine find the gateway."), (looked,))
    seen = (f"gateway.port = {written or '-'}",)
    if case.old:
        words = _(
            "Its openclaw.json does not name the gateway's port, so some commands in the machine look at 18789."
        )
        return note(
            "gateway-port", "", words, _("This version's file is changed by migrating it only."), None, seen
        )
    words = _("No `openclaw` command in the machine finds the gateway.")
    why = _(
        "openclaw.json does not name its port, so they look at ws://127.0.0.1:{looked}. It listens at {port}."
    )
    if written:
        why = _(
            "openclaw.json names another port: they look at ws://127.0.0.1:{looked}. It listens at {port}."
        )
    why = why.format(looked=looked, port=wanted)
    if variable:
        fix, seen = _variable(variable), (f"GATEWAY_PORT = {looked}",)
    else:
        part = "port" if wanted == PORT else f"port={wanted}"
        fix = fixes.writes(
            case, part, _("Write “port”: {port} into its gateway section.").format(port=wanted)
        )
    return wrong("gateway-port", "gateway-port-missing", words, why, fix, seen)


def _variable(name: str) -> Fix:
    words = _(
        "Its command says another port than its variable {name}: make them the same in fly.toml, and deploy."
    )
    return fixes.by_hand("same-port", words.format(name=name))


def auth(case: Case) -> Finding:
    if found := no_file(case, "auth"):
        return found
    mode, token = case.at("gateway.auth.mode"), case.at("gateway.auth.token")
    proxied = mode == "trusted-proxy" or case.at("gateway.auth.trustedProxy") is not None
    if proxied and not token and (unread := failed(case.facts.secrets)):
        return unknown("auth", _("Whether there are two ways to log in can't be told."), unread)
    if not proxied or not (
        token or case.facts.secret_names & {"OPENCLAW_GATEWAY_TOKEN", "CLAWDBOT_GATEWAY_TOKEN"}
    ):
        return well("auth", _("There is one way to log in to the gateway."), (str(mode or "token"),))
    words = _("openclaw.json wants logins by a proxy, and a token is set too.")
    why = _(
        "OpenClaw takes one of the two. Nothing in front of this gateway logs anybody in, so it is to be the token."
    )
    fix = fixes.writes(case, "auth", _("Choose the token, and take the proxy's part out."))
    if case.old:
        fix = fixes.by_hand("migrate", _("This version's file is changed by migrating it only."))
    return wrong(
        "auth",
        "auth-conflict",
        words,
        why,
        fixes.reach_in(case, fix) if not fix.asks else fix,
        (f"gateway.auth.mode = {mode}",),
    )
