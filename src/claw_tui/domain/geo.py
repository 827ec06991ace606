"""Which regions are near."""

from __future__ import annotations

from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt

from claw_tui.domain.world import Region

EARTH_KM = 6371.0


def distance_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Kilometres between two points given as (degrees north, degrees east)."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, point)) for point in (here, there))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def nearest_first(regions: Iterable[Region], here: tuple[float, float] | None) -> tuple[Region, ...]:
    """Sort by distance from ``here``, or by code when that is not known."""
    if here is None:
        return tuple(sorted(regions, key=lambda region: region.code))
    return tuple(sorted(regions, key=lambda region: distance_km(here, (region.latitude, region.longitude))))
