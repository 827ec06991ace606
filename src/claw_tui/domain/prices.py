"""What a gateway costs a month, from Fly's published prices. US dollars for 30 days.

The two shared-CPU figures are fitted so that every preset that Fly publishes comes out to the cent.
Machine prices carry the region's factor; disks and addresses cost the same everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from claw_tui.domain.spec import Spec
from claw_tui.i18n import _

AS_OF = "2026-10"
SHARED_CPU = 2.1938  # with 256 MB
PERFORMANCE_CPU = 33.00  # with 2 GB
EXTRA_GB = 6.002
VOLUME_GB = 0.15
DEDICATED_V4 = 2.00
SNAPSHOT_GB = 0.08  # the first 10 GB are free

REGION_FACTOR = MappingProxyType(
    {
        "iad": 1.0, "ewr": 1.0, "ams": 1.038, "arn": 1.038, "yyz": 1.115, "cdg": 1.135, "lhr": 1.135, "fra": 1.154,
        "sjc": 1.192, "lax": 1.2, "ord": 1.25, "dfw": 1.25, "sin": 1.269, "syd": 1.269, "jnb": 1.303, "nrt": 1.308,
        "gru": 1.615,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One thing that costs something."""

    what: str
    dollars: float


@dataclass(frozen=True, slots=True)
class Price:
    """A month's price, item by item. ``exact`` is False where the region's factor is not known."""

    lines: tuple[PriceLine, ...]
    exact: bool = True

    @property
    def total(self) -> float:
        return sum(line.dollars for line in self.lines)

    def short(self) -> str:
        """One line for a status bar."""
        text = _("${total:.2f} a month") if self.exact else _("${total:.2f} a month or a little more")
        return text.format(total=self.total)


def machine_price(vm_size: str, memory_mb: int, region: str = "iad") -> float:
    """Dollars for a machine that runs the whole month, e.g. ("shared-cpu-2x", 2048)."""
    kind, _sep, count = vm_size.rpartition("-")
    cpus = int(count.removesuffix("x"))
    per_cpu, included = (SHARED_CPU, 256) if kind.startswith("shared") else (PERFORMANCE_CPU, 2048)
    extra = max(0, memory_mb - included * cpus) / 1024
    return round((cpus * per_cpu + extra * EXTRA_GB) * REGION_FACTOR.get(region, 1.0), 2)


def monthly_price(spec: Spec, *, dedicated_v4: int = 0, not_needed: float = 0.0) -> Price:
    """Price of what ``spec`` describes, traffic and model use apart. ``not_needed``: of what is there besides, in dollars."""
    size = _("{size}, {memory:g} GB memory").format(size=spec.vm_size, memory=spec.memory_mb / 1024)
    lines = [
        PriceLine(
            _("Machine ({size})").format(size=size), machine_price(spec.vm_size, spec.memory_mb, spec.region)
        ),
        PriceLine(_("Volume ({size} GB)").format(size=spec.volume_gb), round(spec.volume_gb * VOLUME_GB, 2)),
    ]
    if dedicated_v4:
        lines.append(
            PriceLine(_("Dedicated IPv4 ({count})").format(count=dedicated_v4), DEDICATED_V4 * dedicated_v4)
        )
    if not_needed:
        lines.append(PriceLine(_("Not needed, and there"), round(not_needed, 2)))
    return Price(tuple(lines), exact=spec.region in REGION_FACTOR)
