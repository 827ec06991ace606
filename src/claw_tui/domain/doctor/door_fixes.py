"""The fixes of how a gateway is reached: public addresses given to it, or taken away and a private way in made."""

from __future__ import annotations

from claw_tui.domain import fly_args
from claw_tui.domain.doctor.case import Case
from claw_tui.domain.doctor.fixes import ADDRESSES, PRIVATE, by_hand, inside, not_ours
from claw_tui.domain.doctor.model import Fix
from claw_tui.domain.doctor.ports import kept_port
from claw_tui.domain.doors import dedicated, is_private, missing_public, outer_ports, public_commands
from claw_tui.domain.elsewhere import not_looked_after
from claw_tui.domain.spec import PORT
from claw_tui.domain.world import IpKind
from claw_tui.i18n import _


def this_or_that(case: Case) -> Fix:
    words = _("Make it private (H on Home), or public again.")
    return by_hand("this-or-that", words, f"claw-tui harden {case.app}", f"claw-tui expose {case.app}")


def addresses(case: Case) -> Fix:
    if case.foreign:  # they would have to be told to the gateway, too
        return by_hand(
            "give-addresses", not_looked_after(case.foreign).message, *public_commands(case.app, case.world)
        )
    words = _("Give it the addresses that a public gateway has; they are free.")
    if missing_public(case.world) == (IpKind.SHARED_V4,):
        words = _("Give it a shared IPv4 address; it is free.")
    told = () if case.old else inside(case).moves()
    return Fix(ADDRESSES, words, (*public_commands(case.app, case.world), *told))


def private(case: Case) -> Fix:
    """As the run does it: what is there already is not made again."""
    if found := not_ours(case):
        return found
    deploys = not all(map(is_private, case.world.machines))
    if deploys and (port := kept_port(case)) != PORT:
        words = _(
            "claw-tui makes a gateway private that listens at 3000, and this one listens at {port}: give it a private address, and"
            " a service that leads to {port}, by hand."
        )
        return by_hand("private-by-hand", words.format(port=port))
    if dedicated(case.world):
        words = _(
            "H on Home makes it private; whether the IPv4 address that costs money goes is asked there."
        )
        return by_hand("give-back-paid", words, f"claw-tui harden {case.app} --dedicated-ipv4 release")
    told = () if case.old else inside(case).moves()
    return Fix(
        PRIVATE, _private_words(case, deploys=deploys), (*_private_commands(case, deploys=deploys), *told)
    )


def _private_words(case: Case, *, deploys: bool) -> str:
    if not deploys and case.world.public_ips:
        shown = ", ".join(ip.address for ip in case.world.public_ips)
        return _("Give its public addresses back, for good: {addresses}.").format(addresses=shown)
    words = _(
        "Give it a private way in: an address and a service that only your organization's network reaches."
    )
    others = [str(port) for port in outer_ports(case.world.machines) if port != PORT]
    if case.world.public_ips or not others:
        return words
    more = _("Whoever uses port {ports} of {app}.flycast uses {port} then.")
    return f"{words} {more.format(ports=', '.join(others), app=case.app, port=PORT)}"


def _private_commands(case: Case, *, deploys: bool) -> tuple[str, ...]:
    argv = []
    if not any(ip.kind is IpKind.PRIVATE_V6 for ip in case.world.ips):
        argv.append(fly_args.ips_allocate_v6(case.app, private=True))
    if deploys:
        argv.append(fly_args.deploy(case.app, "fly.toml", ".", private=True, image=case.image))
    argv += [fly_args.ips_release(case.app, ip.address) for ip in case.world.public_ips]
    return tuple(map(fly_args.shown, argv))
