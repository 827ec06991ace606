"""The machines and disks that are offered, and which memory a machine can have."""

from __future__ import annotations

from claw_tui.domain.spec import MIN_MEMORY_MB

SIZES = ("shared-cpu-2x", "shared-cpu-4x", "shared-cpu-8x", "performance-1x", "performance-2x")
VOLUMES = (1, 3, 5, 10, 20)  # GB
MEMORIES = (2048, 4096, 8192)  # MB
STEP_MB = 256
PER_CPU_MB = {"shared": 2048, "performance": 8192}


def memory_fits(size: str, memory_mb: int) -> bool:
    """Fly's rule: 2 GB for a shared CPU at most, 8 GB for a performance one (and 2 GB at least); in steps of 256 MB."""
    kind, _sep, count = size.rpartition("-")
    cpus = int(count.removesuffix("x"))
    most = cpus * PER_CPU_MB["shared" if kind.startswith("shared") else "performance"]
    least = 256 * cpus if kind.startswith("shared") else 2048 * cpus
    return least <= memory_mb <= most and memory_mb % STEP_MB == 0


def fitting_memories(size: str) -> tuple[int, ...]:
    return tuple(memory for memory in MEMORIES if memory_fits(size, memory))


def nearest_memory(size: str, memory_mb: int) -> int:
    """``memory_mb`` if the machine can have it, else the most that it can have of what is offered."""
    fitting = fitting_memories(size)
    return memory_mb if memory_mb in fitting else max(fitting, default=MIN_MEMORY_MB)
