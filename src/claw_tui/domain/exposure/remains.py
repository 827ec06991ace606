"""What remains when no public address leads to the app: told, not judged."""

from __future__ import annotations

from claw_tui.domain.exposure.facts import Facts, Unasked
from claw_tui.domain.exposure.judgement import Line, Standing
from claw_tui.i18n import _


def remaining_lines(facts: Facts) -> tuple[Line, ...]:
    """Who and what reaches it all the same."""
    return (_members(facts), _peers(facts), _replay(facts), _inside(facts), _tokens())


def _told(id_: str, words: str, evidence: tuple[str, ...] = (), todo: str = "") -> Line:
    return Line(id_, Standing.TOLD, words, evidence, todo)


def _not_told(id_: str, words: str, why: Unasked) -> Line:
    return Line(id_, Standing.UNKNOWN, words, (why.words,))


def _members(facts: Facts) -> Line:
    if isinstance(facts.members, Unasked):
        return _not_told("members", _("Who is in its organization could not be asked."), facts.members)
    shown = tuple(f"{one.email} ({one.role.lower()})" if one.role else one.email for one in facts.members)
    words = _("People in the organization {org} who can reach it: {count}").format(
        org=facts.org, count=len(facts.members)
    )
    return _told("members", words, shown)


def _peers(facts: Facts) -> Line:
    if isinstance(facts.peers, Unasked):
        return _not_told("peers", _("The organization's WireGuard peers could not be asked."), facts.peers)
    words = _("WireGuard peers that are let into its private network: {count}").format(count=len(facts.peers))
    shown = tuple(f"{peer.name} ({peer.region})" if peer.region else peer.name for peer in facts.peers)
    todo = _("fly wireguard remove takes away one that nobody needs.") if shown else ""
    return _told("peers", words, shown, todo)


def _replay(facts: Facts) -> Line:
    if isinstance(facts.open_apps, Unasked):
        return _not_told("replay", _("The organization's other apps could not be asked."), facts.open_apps)
    words = _(
        "Other apps of the organization with a public address, which could pass requests on (Fly-Replay): {count}"
    )
    return _told("replay", words.format(count=len(facts.open_apps)), facts.open_apps)


def _inside(facts: Facts) -> Line:
    if isinstance(facts.inside, Unasked):
        words = _("Whether a tunnel runs in the machine could not be asked.")
        return _not_told("inside", words, facts.inside)
    if not facts.inside:
        return _told("inside", _("No tunnel (ngrok, Tailscale, cloudflared) was seen in the machine."))
    words = _("A tunnel in the machine may lead to it from outside.")
    return _told("inside", words, facts.inside, _("See what it lets in."))


def _tokens() -> Line:
    words = _("Whoever has a token of the organization or of the app can change all this: fly tokens list.")
    return _told("tokens", words)
