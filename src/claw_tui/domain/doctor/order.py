"""Which cause explains which others: the root is told first."""

from __future__ import annotations

from collections.abc import Collection

# From the root outwards: where several are found, the first of these explains what it names; "*" is all.
EXPLAINS: dict[str, tuple[str, ...]] = {
    "flyctl-missing": ("*",), "flyctl-old": ("*",), "not-logged-in": ("*",), "app-missing": ("*",),
}  # fmt: skip
ORDER: tuple[str, ...] = (
    "no-disk", "flyctl-missing", "flyctl-old", "not-logged-in", "app-missing",
)  # fmt: skip


def ordered(causes: Collection[str]) -> tuple[str, ...]:
    """The root first. What is not in the table keeps its place at the end."""
    place = {cause: number for number, cause in enumerate(ORDER)}
    return tuple(sorted(causes, key=lambda cause: place.get(cause, len(ORDER))))


def explained(causes: Collection[str]) -> frozenset[str]:
    """Those that another one of them brings about."""
    found: set[str] = set()
    for cause in causes:
        names = EXPLAINS.get(cause, ())
        found.update(other for other in causes if other != cause and (other in names or "*" in names))
    return frozenset(found)
