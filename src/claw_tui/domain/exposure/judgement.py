"""What the facts amount to. It fails closed: only what was seen to be shut is called so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from claw_tui.i18n import _


class Privacy(StrEnum):
    """The verdict."""

    PRIVATE = "private"
    NOT_PROBED_V6 = "not-probed-v6"  # by Fly's records and over IPv4; there is no IPv6 here to try the rest
    EXPOSED = "exposed"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """How one thing stands."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    UNKNOWN = "unknown"
    TOLD = "told"  # what remains; it is not judged


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at. ``evidence``: what it rests on, as it was seen."""

    id: str
    standing: Standing
    words: str
    evidence: tuple[str, ...] = ()
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The lines in their order, and the verdict. ``reachable``: by the private way in; None when that was not tried."""

    app: str
    privacy: Privacy
    lines: tuple[Line, ...]
    reachable: bool | None = None

    @property
    def words(self) -> str:
        """The verdict as one or two sentences."""
        said = _VERDICTS[self.privacy]().format(app=self.app)
        if self.reachable is False:
            return f"{said} {_('The gateway does not answer by the private way in.')}"
        return said


_VERDICTS = {
    Privacy.PRIVATE: lambda: _("{app} is private: nothing of it was found on the internet."),
    Privacy.NOT_PROBED_V6: lambda: _("{app} is private by Fly's records, not probed over IPv6."),
    Privacy.EXPOSED: lambda: _("{app} is exposed: the lines with FAIL say how."),
    Privacy.UNKNOWN: lambda: _("Not known whether {app} is private: the lines with UNKNOWN say why."),
}
