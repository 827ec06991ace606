"""A stage is where a scene is played: with the real OpenClaw, or with the simulated one. What it saw is a Recording."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Protocol


@dataclass(slots=True)
class Recording:
    """One scene."""

    lines: list[str] = field(default_factory=list)
    exits: list[int] = field(default_factory=list)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        return asdict(self)


class Stage(Protocol):
    """One machine with one gateway, as a scene sees it. Names under which something is recorded are free words."""

    version: str

    def write(self, text: str, *, readable: bool = True, name: str = "openclaw.json") -> None:
        """Put a file in place, all at once."""

    def start(
        self,
        *more: str,
        token: bool = True,
        discord: bool = False,
        channels: bool = False,
        bind: str = "loopback",
    ) -> None:
        """Start the gateway: with a token of Discord's in its environment, with channels that really begin."""

    def until(self, name: str, words: str) -> None:
        """Wait for a line that was not there at the last start, write or until; how long is recorded."""

    def ended(self, name: str) -> None:
        """Wait until the gateway has ended; its exit code is recorded."""

    def stop(self) -> None:
        """SIGTERM, and its end."""

    def ask(self, *words: str, config: str = "openclaw.json", name: str = "") -> dict[str, Any]:
        """Run ``openclaw`` with these words; recorded as ``name`` where a word differs from run to run. Its JSON."""

    def somebody_comes(self) -> None:
        """A browser that the gateway does not know, and a person in Telegram, ask to be let in."""

    def get(self, path: str) -> None:
        """Ask the gateway by HTTP."""
