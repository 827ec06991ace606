"""What the internet says of the app: certificates, the public DNS, and whether an address answers."""

from __future__ import annotations

from claw_tui.domain.exposure.facts import Facts, Heard, Probe, Records, Unasked
from claw_tui.domain.exposure.judgement import Line, Standing
from claw_tui.domain.exposure.records import unknown
from claw_tui.i18n import _


def certificate_line(facts: Facts) -> Line:
    """A host name of one's own leads to the app as fly.dev's does."""
    if isinstance(facts.certificates, Unasked):
        return unknown("certificates", _("Its certificates could not be asked."), facts.certificates)
    hosts = tuple(found.host for found in facts.certificates if found.host != facts.host)
    if hosts:
        todo = _("fly certs remove HOST takes it away; take it out of your own DNS too.")
        words = _("Fly.io has a certificate for a host name of its own.")
        return Line("certificates", Standing.FAIL, words, hosts, todo)
    return Line("certificates", Standing.PASS, _("It has no host name of its own."))


def dns_line(facts: Facts) -> Line:
    """At the zone's own servers: what others still remember is no failure."""
    asked = {"A": facts.dns_v4, "AAAA": facts.dns_v6}
    known = {kind: found for kind, found in asked.items() if isinstance(found, Records)}
    named = tuple(f"{kind} {address}" for kind, found in known.items() for address in found.addresses)
    servers = sorted({found.server for found in known.values() if found.server})
    if named:
        words = _("The public DNS has addresses for {host}.").format(host=facts.host)
        todo = _("After a release it takes minutes until they are gone: look again.")
        return Line("dns", Standing.FAIL, words, (*named, *servers), todo)
    if unasked := [found for found in asked.values() if isinstance(found, Unasked)]:
        return unknown("dns", _("The name servers of fly.dev could not be asked."), unasked[0])
    words = _("The public DNS has no address for {host}.").format(host=facts.host)
    return Line("dns", Standing.PASS, words, tuple(servers))


def probe_line(facts: Facts) -> Line:
    """That a port takes a connection proves nothing: Fly's shared addresses always do."""
    if isinstance(facts.probes, Unasked):
        return unknown("probes", _("Its addresses could not be tried."), facts.probes)
    shown = tuple(_shown(probe) for probe in facts.probes)
    heard = {probe.heard for probe in facts.probes}
    if Heard.GATEWAY in heard:
        words = _("It answers at an address on the internet.")
        return Line(
            "probes", Standing.FAIL, words, shown, _("That address still leads to it: look again soon.")
        )
    if Heard.OTHER in heard:
        words = _(
            "Something answers at an address that it has or had, and nobody can tell that it is not this app."
        )
        return Line("probes", Standing.UNKNOWN, words, shown, _("Look at what answers there."))
    if any(probe.heard is Heard.NO_ROUTE and not probe.over_v6 for probe in facts.probes):
        words = _("From this computer the internet can't be reached, so its addresses were not tried.")
        return Line("probes", Standing.UNKNOWN, words, shown, _("Try it from a computer that is connected."))
    if Heard.NO_ROUTE in heard:
        words = _("Nothing answers over IPv4; this computer has no IPv6 to try the other addresses.")
        return Line("probes", Standing.UNKNOWN, words, shown, _("Try it from a computer with IPv6."))
    if not facts.probes:
        words = _("No public address of it is known, of now or of before: there is none to try.")
        return Line("probes", Standing.PASS, words)
    return Line(
        "probes", Standing.PASS, _("Nothing of it answers at the addresses that it has or had."), shown
    )


def _shown(probe: Probe) -> str:
    where = f"[{probe.address}]:{probe.port}" if probe.over_v6 else f"{probe.address}:{probe.port}"
    return f"{where}: {probe.words or probe.heard.value}"
