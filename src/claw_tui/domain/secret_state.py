"""How each secret of a gateway stands: what Fly.io tells of it, and what we know of it ourselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from claw_tui.domain.secret_kinds import KINDS
from claw_tui.domain.world import SecretInfo
from claw_tui.i18n import n_


class Standing(StrEnum):
    """The most important thing about a secret."""

    LIVE = "live"  # the machine has what Fly.io has
    STAGED = "staged"  # Fly.io has it, the machine gets it with the next restart
    GIVEN = "given"  # here is a newer value than on Fly.io
    CHANGED = "changed"  # somebody else set it after we had sent ours
    GONE = "gone"  # somebody else took it away
    REMOVED = "removed"  # to be taken away


STANDING_WORDS = {
    Standing.LIVE: n_("in use"),
    Standing.STAGED: n_("on Fly.io, comes in with a restart"),
    Standing.GIVEN: n_("new here, not sent yet"),
    Standing.CHANGED: n_("set anew elsewhere, not by you"),
    Standing.GONE: n_("taken away elsewhere"),
    Standing.REMOVED: n_("to be taken away"),
}
WAITING = (Standing.STAGED, Standing.GIVEN, Standing.REMOVED)  # for one restart


@dataclass(frozen=True, slots=True)
class SecretRow:
    """One secret. ``digest`` is Fly's, empty when Fly.io does not have it; ``held``: its value is at hand here."""

    name: str
    standing: Standing
    digest: str = ""
    held: bool = False
    elsewhere: bool = False  # Fly.io has it from somebody else, and we never sent one
    staged: bool = False  # a restart would bring in what Fly.io has

    @property
    def waits(self) -> bool:
        return self.staged or self.standing in WAITING


def secret_rows(
    there: Iterable[SecretInfo],
    revisions: Mapping[str, str],
    sent: Mapping[str, tuple[str, str]],
    removals: Collection[str],
    held: Collection[str],
) -> tuple[SecretRow, ...]:
    """All that Fly.io has and all that was given here; known kinds first, in their order.

    ``revisions`` and ``sent`` as ``StateStore`` has them. A secret was changed elsewhere when its digest is not the
    one that Fly.io told right after our own last write.
    """
    infos = {info.name: info for info in there}
    names = {*infos, *revisions, *removals}
    order = {kind.env: number for number, kind in enumerate(KINDS)}
    found = []
    for name in sorted(names, key=lambda name: (order.get(name, len(order)), name)):
        info = infos.get(name, SecretInfo(name, ""))
        revision, (sent_revision, sent_digest) = revisions.get(name, ""), sent.get(name, ("", ""))
        found.append(
            SecretRow(
                name,
                _standing(info, revision, sent_revision, sent_digest, removed=name in removals),
                info.digest,
                name in held,
                elsewhere=not sent_digest and not revision,
                staged=info.staged,
            )
        )
    return tuple(found)


def _standing(
    info: SecretInfo, revision: str, sent_revision: str, sent_digest: str, *, removed: bool
) -> Standing:
    if removed:
        return Standing.REMOVED
    if revision and revision != sent_revision:
        return Standing.GIVEN
    if revision and info.digest != sent_digest:
        return Standing.CHANGED if info.digest else Standing.GONE
    return Standing.STAGED if info.staged else Standing.LIVE
