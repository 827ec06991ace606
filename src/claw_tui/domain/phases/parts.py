"""The parts of a deploy: their names for people, and their order."""

from __future__ import annotations

from dataclasses import dataclass

from claw_tui.domain.jobs import StepState
from claw_tui.i18n import _, n_

# In the order in which flyctl comes to them; a builder's kind is a part of the name, for each has times of its own.
TITLES = {
    "config": n_("Check fly.toml"),
    "image": n_("Find the image"),
    "builder-depot": n_("Wait for the builder (Depot)"),
    "builder-remote": n_("Wait for the builder (Fly.io)"),
    "builder-local": n_("Look for Docker"),
    "context": n_("Gather the source"),
    "build-depot": n_("Build the image (Depot)"),
    "build-remote": n_("Build the image (Fly.io)"),
    "build-local": n_("Build the image (Docker)"),
    "push": n_("Push the image"),
    "release": n_("Prepare the release"),
    "addresses": n_("Give it addresses"),
    "volume": n_("Create the volume"),
    "command": n_("Run the release command"),
    "create": n_("Create the machine"),
    "first-start": n_("Start it, until healthy"),
    "update": n_("Change the machine"),
    "start": n_("Start it"),
    "smoke": n_("See that it stays up"),
    "health": n_("Health check"),
    "dns": n_("Check its name in DNS"),
}
ORDER = {part: place for place, part in enumerate(TITLES)}
SPEAKING = ("build-depot", "build-remote", "build-local", "push")  # they say something all the time
BUILDERS = ("depot", "remote", "local")


def title_of(part: str) -> str:
    """For people; of a part that only a newer claw-tui knows, its own name."""
    return _(TITLES[part]) if part in TITLES else part


def builder_of(part: str) -> str:
    """``depot``, ``remote`` or ``local`` when the part tells it."""
    builder = part.rpartition("-")[2]
    return builder if builder in BUILDERS else ""


@dataclass(frozen=True, slots=True)
class Part:
    """``began`` and ``ended`` in seconds since 1970; ``ended`` is 0 as long as it goes on."""

    id: str
    state: StepState
    words: str  # how far it is
    began: float
    ended: float = 0.0
    silence: float = 0.0  # the longest time that it said nothing, in seconds

    @property
    def title(self) -> str:
        return title_of(self.id)

    def seconds(self, now: float) -> float:
        return max(0.0, (self.ended or now) - self.began)
