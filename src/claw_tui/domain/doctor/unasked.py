"""What was tried and could not be asked: no check may pass over it in silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claw_tui.domain.doctor.case import Case, unknown
from claw_tui.domain.doctor.facts import failed
from claw_tui.domain.doctor.model import Finding, Standing
from claw_tui.domain.doors import Door, door_of
from claw_tui.i18n import _, n_

# Each fact, what it is called, and the checks that say so themselves.
ASKED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("billing", n_("who pays"), ("organization",)),
    ("machines", n_("its machines"), ("machine",)),
    ("volumes", n_("its volumes"), ()),
    ("secrets", n_("its secrets"), ("staged",)),
    ("ips", n_("its addresses"), ("addresses",)),
    ("releases", n_("when it was deployed"), ("memory",)),
    ("leases", n_("whether somebody is changing it"), ("lease",)),
    ("deployed", n_("its fly.toml, as Fly.io has it"), ("command",)),
    ("logs", n_("its log"), ()),
    ("outside", n_("whether it answers from outside"), ()),
    ("page", n_("its page, from outside"), ()),
    ("inside", n_("what its machine tells"), ("owner", "owners", "room", "plugins")),
    ("config", n_("its openclaw.json"), ("config",)),
    ("same_token", n_("whether its token is the one of the secret"), ("token",)),
    ("refused", n_("whether OpenClaw accepts its openclaw.json"), ("valid",)),
    ("backups", n_("earlier files of openclaw.json"), ("kept",)),
    ("health", n_("whether the gateway answers"), ("gateway",)),
    ("channels", n_("its channels"), ("channels",)),
    ("opened", n_("whether it has a key for its model"), ("model-key",)),
    ("pairing", n_("who waits to be let in"), ("pairing",)),
    ("somebody_in", n_("whether anybody was let in before"), ("pairing",)),
)  # fmt: skip
FROM_OUTSIDE = ("outside", "page")
OF_A_MACHINE = ("deployed", "logs", "releases")


def unsaid(case: Case, findings: Sequence[Finding]) -> Iterator[Finding]:
    """What no check has told of."""
    told = {finding.id for finding in findings if finding.standing is Standing.UNKNOWN}
    for name, what, ids in ASKED:
        fact = failed(getattr(case.facts, name))
        if fact is not None and not told.intersection(ids) and not _matters_not(case, name, findings):
            words = _("It could not be asked: {what}.").format(what=_(what))
            yield unknown(f"unasked-{name}", words, fact)


def _matters_not(case: Case, name: str, findings: Sequence[Finding]) -> bool:
    if name in FROM_OUTSIDE:  # who is no public gateway has no page there
        return door_of(case.world) is not Door.PUBLIC or case.meant_private
    if name == "channels":  # its commands look at another port: that is told, and is why
        missing = any(finding.cause == "gateway-port-missing" for finding in findings)
        return missing or (case.old and case.has_read and case.at("gateway.port") is None)
    return name in OF_A_MACHINE and not case.world.machines and failed(case.facts.machines) is None
