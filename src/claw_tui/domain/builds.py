"""What the ways to come by an OpenClaw cost in time and money. Estimates, with where they come from.

Time: OpenClaw's documentation (its Dockerfile wants 6 GB of memory and many minutes; the guides' "2-3 minutes" are of
January 2026). Depot: no charge for it in Fly.io's price list (AS_OF), and no account of one's own is needed (depot.dev).
The builder machine's size and volume: flyctl 0.4.87 (internal/build/imgsrc/ensure_builder.go).
"""

from __future__ import annotations

from claw_tui.domain import own_image
from claw_tui.domain.prices import AS_OF, VOLUME_GB, machine_price
from claw_tui.domain.spec import Spec
from claw_tui.i18n import _

BUILDER_SIZE, BUILDER_MB, BUILDER_VOLUME_GB = "shared-cpu-8x", 8192, 50  # on a trial 4x with 4 GB
BUILD_MINUTES = 20  # a guess to reckon with
OWN_MINUTES = (
    5  # likewise, of an image with a few programs more: some hundred MB are fetched, nothing is compiled
)


def builder_machine_price(minutes: int = BUILD_MINUTES) -> tuple[float, float]:
    """(dollars for a build, dollars a month for the volume that stays)"""
    hour = machine_price(BUILDER_SIZE, BUILDER_MB) / 30 / 24
    return hour * minutes / 60, BUILDER_VOLUME_GB * VOLUME_GB


def is_built(spec: Spec) -> bool:
    """Whether somebody has to build an image for it."""
    return spec.source == "git" or own_image.is_own(spec)


def _own_words(spec: Spec) -> str:
    """Of an image of our own on top of OpenClaw's."""
    added = own_image.words(own_image.programs(spec))
    if spec.builder == "remote":
        words = _(
            "Fly.io builds it with {added}: 2 to 5 minutes. Its prices of {date} name no charge. Estimates."
        )
        return words.format(added=added, date=AS_OF)
    if spec.builder == "machine":
        build, volume = builder_machine_price(OWN_MINUTES)
        words = _(
            "A builder of yours adds {added}: 2 to 5 minutes, about ${build:.2f}; ${volume:.2f} a month for its volume. Estimates."
        )
        return words.format(added=added, build=build, volume=volume)
    return _("Docker here adds {added}: some 1.5 GB go up. No charge. An estimate.").format(added=added)


def build_words(spec: Spec) -> str:
    """How long it takes and what it costs, for the App screen."""
    if spec.source == "image":
        if own_image.is_own(spec):
            return _own_words(spec)
        return _("About a minute, nothing is built, no charge. From source: 10 to 30 minutes (estimates).")
    if spec.builder == "remote":
        words = _(
            "10 to 30 minutes (the image: one). Fly.io's prices of {date} name no charge for it. Estimates."
        )
        return words.format(date=AS_OF)
    if spec.builder == "machine":
        build, volume = builder_machine_price()
        words = _(
            "10 to 30 minutes; about ${build:.2f} a build, and ${volume:.2f} a month for its {size} GB volume. Estimates."
        )
        return words.format(build=build, volume=volume, size=BUILDER_VOLUME_GB)
    return _(
        "Depends on this computer: 6 GB of free memory, and some GB to be uploaded. No charge. An estimate."
    )
