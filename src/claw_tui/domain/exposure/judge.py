"""The rule: which lines have to pass, what is a veto, and what counts as not known."""

from __future__ import annotations

from claw_tui.domain.doors import outer_ports
from claw_tui.domain.exposure.facts import Facts, Heard, Knock, Unasked
from claw_tui.domain.exposure.judgement import Judgement, Line, Privacy, Standing
from claw_tui.domain.exposure.outside import certificate_line, dns_line, probe_line
from claw_tui.domain.exposure.records import address_line, config_line, no_service, service_line
from claw_tui.domain.exposure.remains import remaining_lines
from claw_tui.domain.spec import PORT
from claw_tui.domain.world import IpKind
from claw_tui.i18n import _


def judge(facts: Facts) -> Judgement:
    """Addresses, services, the deployed config, certificates and DNS have to pass; any probe that answers is a veto."""
    needed = (
        address_line(facts), service_line(facts), config_line(facts), certificate_line(facts), dns_line(facts),
    )  # fmt: skip
    probes = probe_line(facts)
    lines = (*needed, probes, knock_line(facts), *remaining_lines(facts))
    reachable = facts.knock.answered if isinstance(facts.knock, Knock) else None
    return Judgement(facts.app, _verdict(facts, (*needed, probes)), lines, reachable)


def _verdict(facts: Facts, lines: tuple[Line, ...]) -> Privacy:
    standings = {line.standing for line in lines}
    if Standing.FAIL in standings:
        return Privacy.EXPOSED
    if standings != {Standing.PASS}:
        return Privacy.UNKNOWN if not _only_v6_is_missing(facts, lines) else Privacy.NOT_PROBED_V6
    return Privacy.PRIVATE


def _only_v6_is_missing(facts: Facts, lines: tuple[Line, ...]) -> bool:
    """All the rest is known and good."""
    if isinstance(facts.probes, Unasked) or any(line.standing is not Standing.PASS for line in lines[:-1]):
        return False
    doubts = [probe for probe in facts.probes if probe.heard in (Heard.NO_ROUTE, Heard.OTHER)]
    return bool(doubts) and all(probe.over_v6 and probe.heard is Heard.NO_ROUTE for probe in doubts)


def knock_line(facts: Facts) -> Line:
    """A private gateway that nobody reaches is of no use, but it is not exposed."""
    if isinstance(facts.knock, Unasked):
        return Line("tunnel", Standing.UNKNOWN, _("The private way in was not tried."), (facts.knock.words,))
    if facts.knock.answered:
        return Line(
            "tunnel", Standing.PASS, _("The gateway answers by the private way in."), (facts.knock.words,)
        )
    words = _("The gateway does not answer by the private way in.")
    if not isinstance(facts.addresses, Unasked) and not any(
        ip.kind is IpKind.PRIVATE_V6 for ip in facts.addresses
    ):
        return _no_address(facts)
    if no_service(facts):
        why = _(
            "The gateway listens on IPv4, and fly proxy and WireGuard come by IPv6: without a service for Fly's proxy "
            "only fly ssh console gets in."
        )
        return Line(
            "tunnel",
            Standing.FAIL,
            words,
            (why, facts.knock.words),
            _("Harden it with claw-tui: it gets a service that only the private network reaches."),
        )
    if _at_another_port(facts):
        why = _("No machine has a service at port {port}, where it was tried.").format(port=PORT)
        todo = _("`claw-tui harden {app}` gives it the one that only the private network reaches.")
        return Line("tunnel", Standing.FAIL, words, (why,), todo.format(app=facts.app))
    return Line("tunnel", Standing.FAIL, words, (facts.knock.words,), _("See that it runs, and its log."))


def _at_another_port(facts: Facts) -> bool:
    """It was knocked at a door that is not there."""
    if isinstance(facts.machines, Unasked) or not all(machine.readable for machine in facts.machines):
        return False
    return bool(facts.machines) and PORT not in outer_ports(facts.machines)


def _no_address(facts: Facts) -> Line:
    """Nobody was there who could have answered, so what was heard is no evidence."""
    words = _("There is no private way in: it has no private address.")
    todo = _("fly ips allocate-v6 --private gives it one.")
    if not isinstance(facts.addresses, Unasked) and any(ip.public for ip in facts.addresses):
        todo = _("It is public. `claw-tui harden {app}` makes it private, and gives it one.").format(
            app=facts.app
        )
    return Line("tunnel", Standing.FAIL, words, (), todo)
