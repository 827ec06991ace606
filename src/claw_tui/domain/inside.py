"""What programs beside the gateway answer in its machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tailnet:
    """How tailscaled stands. ``state``: its own word, Running when it is connected; empty when it does not run."""

    state: str = ""
    name: str = ""  # of the machine in the tailnet, as others see it
    funnel: bool = False  # the internet is let in

    @property
    def connected(self) -> bool:
        return self.state == "Running"


@dataclass(frozen=True, slots=True)
class CallsSetup:
    """``openclaw voicecall setup``. ``known``: it answered in a form that we know."""

    known: bool
    ok: bool = False
    wrong: tuple[str, ...] = ()  # what it finds wrong, in its words
