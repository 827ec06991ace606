"""fly.toml, as the machine has it: what is started, where it listens, what Fly's proxy asks."""

from __future__ import annotations

import shlex

from claw_tui.domain.doctor import fixes
from claw_tui.domain.doctor.case import Case, not_known, skipped, well, wrong
from claw_tui.domain.doctor.facts import failed
from claw_tui.domain.doctor.model import Finding
from claw_tui.domain.doctor.ports import kept_port, port_of
from claw_tui.domain.drift import masked
from claw_tui.domain.fly_toml import HEALTH_PATH
from claw_tui.domain.layout import option
from claw_tui.domain.spec import MIN_MEMORY_MB, STATE_DIR
from claw_tui.i18n import _

LAUNCHED = 8080  # what `fly launch` writes
LOOPBACK = ("loopback", "127.0.0.1", "localhost")
YOUNG = 120.0  # seconds: the first checks come before it listens
UNHEARD = r"not listening on the expected address|is your app listening on|instance refused connection"


def listens_on(case: Case) -> str:
    """Where the gateway listens, by its command and else by its file; empty when neither says."""
    words = case.machine.command if case.machine else ()
    bind = case.at("gateway.bind")
    return option(words, "--bind") or (bind if isinstance(bind, str) else "")


def rewritten(case: Case) -> Finding:
    machine = case.machine
    if machine is None or case.rescued:
        return skipped("fly-toml", _("There is no machine that runs by it."))
    ports = [service.internal_port for service in machine.services]
    lost = [
        words for words, bad in (
            (_("the volume is not at {path}").format(path=STATE_DIR), STATE_DIR not in [m.path for m in machine.mounts]),
            (_("the start command is gone"), not machine.command),
            (_("it stops by itself"), machine.stops_by_itself),
            (_("too little memory"), machine.memory_mb < MIN_MEMORY_MB),
        ) if bad
    ]  # fmt: skip
    if LAUNCHED not in ports or port_of(case) == LAUNCHED or not lost:
        return well("fly-toml", _("fly.toml was not written over by `fly launch`."))
    if port_of(case) is None and machine.command and STATE_DIR in [m.path for m in machine.mounts]:
        return not_known("fly-toml", _("Whether fly.toml was written over can't be told."), case.facts.config)
    words = _("fly.toml was written over by `fly launch`, and deployed.")
    why = _("It writes port 8080, and loses what the gateway needs. The gateway listens at port 3000.")
    seen = (_("Fly's proxy is sent to port {port}").format(port=LAUNCHED), *lost)
    fix = fixes.deploys(
        case, "all", _("Deploy it with the port, the volume, the command and the size that it needs.")
    )
    return wrong("fly-toml", "toml-rewritten", words, why, fix, seen)


def bind(case: Case) -> Finding:
    machine = case.machine
    if machine is None or case.rescued:
        return skipped("bind", _("There is no gateway that could listen."))
    where, heard = listens_on(case), case.inside.listens
    alone = bool(heard) and all(address.startswith("127.") or address == "::1" for address in heard or ())
    unread = case.facts.inside if case.has_read else case.facts.config
    if not where and not heard and failed(unread):
        return not_known("bind", _("Where it listens can't be told."), unread)
    if where not in LOOPBACK and not alone:
        return well("bind", _("It listens where Fly's proxy can reach it."), (where or "auto",))
    words = _("The gateway listens for its own machine only.")
    why = _(
        "Fly's proxy comes from outside it: “App is not listening on the expected address”. It must listen at 0.0.0.0:{port}."
    ).format(port=kept_port(case))
    seen = (masked(shlex.join(machine.command)), *(heard or ()), *case.logged(UNHEARD, 1))
    fix = fixes.deploys(case, "command", _("Start it with `--bind lan`, so that it listens for everybody."))
    return wrong("bind", "bind-loopback", words, why, fix, tuple(filter(None, seen)))


def port(case: Case) -> Finding:
    machine = case.machine
    if machine is None or case.rescued:
        return skipped("port", _("There is no gateway that could listen."))
    listens, asked = port_of(case), sorted({service.internal_port for service in machine.services})
    if asked and listens is None:
        return not_known("port", _("At which port it listens can't be told."), case.facts.config)
    if not asked or listens in asked:
        return well("port", _("Fly's proxy asks at the port at which it listens."), (str(listens),))
    words = _("Fly's proxy asks at port {asked}, and the gateway listens at {listens}.").format(
        asked=", ".join(map(str, asked)), listens=listens
    )
    why = _("Nobody hears it there: the health check never passes, and the page does not open.")
    seen = (
        f"internal_port = {', '.join(map(str, asked))}",
        shlex.join(machine.command) or _("no start command"),
    )
    wanted = kept_port(case)
    part = "command" if wanted in asked else "service"
    both = part if wanted in asked or listens == wanted else "all"
    fix = fixes.deploys(case, both, _("Let both be {port}.").format(port=wanted))
    return wrong("port", "port-mismatch", words, why, fix, seen)


def health_check(case: Case) -> Finding:
    machine = case.machine
    if machine is None or case.rescued:
        return skipped("check", _("There is no gateway that could be asked."))
    if not machine.checks and not machine.check_paths:
        return well("check", _("Fly.io does not ask for its health."))
    failing = [check for check in machine.checks if check.status != "passing"]
    unread = case.facts.health if failed(case.facts.health) else case.facts.config
    if failing and (failed(case.facts.health) or (case.facts.answers and port_of(case) is None)):
        words = _("Fly.io's health check does not pass; why can't be told.")
        return not_known("check", words, unread)
    if failing and case.facts.answers and not _expected(case):
        words = _("The gateway answers, and Fly.io's health check does not pass.")
        why = _(
            "It asks for what the gateway does not answer with “well”: only {path} is answered to everybody."
        ).format(path=HEALTH_PATH)
        seen = (*machine.check_paths, *(f"{check.name}: {check.output[:120]}" for check in failing))
        fix = fixes.deploys(case, "service", _("Let Fly.io ask {path}.").format(path=HEALTH_PATH))
        return wrong("check", "check-mismatch", words, why, fix, seen)
    return well("check", _("Its health check asks what the gateway answers."), machine.check_paths)


def _expected(case: Case) -> bool:
    """Another cause says it: it asks at another port, or it has only begun."""
    young = case.facts.at - case.started_at < YOUNG
    assert case.machine is not None
    starts = young and all(check.status != "passing" for check in case.machine.checks)
    return bool(port(case).cause or bind(case).cause or (starts and HEALTH_PATH in case.machine.check_paths))
