"""Which cause explains which others: the root is told first."""

from __future__ import annotations

from collections.abc import Collection

ALL = ("*",)
DOWN = ("machine-stopped", "gateway-silent")
STARTS = (
    "start-refused-token", "start-refused-config", "start-refused-owner", "start-refused-state", "start-refused-secret",
    "lock-held", "lock-left",
)  # fmt: skip
TALKS = ("channel-down", "channel-token", "discord-intents", "plugin-not-there")
# What each brings about besides itself.
EXPLAINS: dict[str, tuple[str, ...]] = {
    "flyctl-missing": ALL, "flyctl-old": ALL, "not-logged-in": ALL, "app-missing": ALL, "no-machine": ALL,
    "trial-organization": DOWN,
    "rescue-left": (*DOWN, "command-drift", "check-mismatch"),
    "two-machines": ("lock-held", *DOWN, "config-missing", "mount-missing"),
    "toml-rewritten": (
        "bind-loopback", "port-mismatch", "check-mismatch", "mount-missing", "state-not-kept", "stops-by-itself",
        "memory-small", "command-drift", "oom-killed", "config-missing", *DOWN,
    ),
    "mount-missing": ("config-missing", "config-elsewhere", "state-not-kept", "start-refused-config"),
    "state-not-kept": ("config-elsewhere", "config-missing", "proxy-403", "origin-refused", "channel-down"),
    "volume-full": ("config-reverted", "plugin-not-there", "start-refused-config", "config-invalid", *DOWN, *TALKS),
    "memory-small": DOWN, "oom-killed": (*DOWN, "memory-small"), "oom-heap": (*DOWN, "memory-small"),
    "secrets-staged": ("start-refused-token", "start-refused-secret", "channel-token", "model-key", *DOWN),
    "config-no-shell": ("config-missing", "config-invalid", "start-refused-config", "config-owner"),
    "config-elsewhere": ("config-missing", "gateway-port-missing"),
    "config-missing": ("gateway-port-missing", "channel-not-configured"),
    "config-owner": ("start-refused-owner",), "start-refused-owner": ("config-owner",),
    "start-refused-config": ("config-invalid",), "state-owner": DOWN,
    "config-reverted": ("gateway-port-missing", "plugin-not-enabled", "proxy-403", "origin-refused", "channel-not-configured"),
    "stops-by-itself": DOWN, "bind-loopback": ("check-mismatch", "command-drift"),
    "port-mismatch": ("check-mismatch", "command-drift"),
    "plugin-not-enabled": TALKS, "plugin-not-there": ("channel-down",),
    "no-model-key": ("model-key",), "auth-conflict": DOWN,
    **dict.fromkeys(STARTS, DOWN),
}  # fmt: skip
# From the root outwards, for those that do not explain each other.
ORDER: tuple[str, ...] = (
    "no-disk", "flyctl-missing", "flyctl-old", "not-logged-in", "app-missing", "trial-organization", "no-machine",
    "rescue-left", "two-machines", "toml-rewritten", "mount-missing", "state-not-kept", "volume-full",
    "oom-killed", "oom-heap", "memory-small", "secrets-staged", *STARTS, "bind-loopback", "port-mismatch",
    "config-no-shell", "config-elsewhere", "config-missing", "config-owner", "state-owner", "config-invalid", "config-reverted",
    "stops-by-itself", "machine-stopped", "no-address", "no-ipv4", "door-shut", "half-private", "gateway-silent", "lease-held",
    "check-mismatch",     "command-drift", "auth-conflict", "proxy-403", "origin-refused", "token-mismatch", "gateway-port-missing",
    "plugin-not-enabled", "plugin-not-there", "channel-not-configured", "discord-intents", "channel-token", "channel-down",
    "no-model-key", "model-key", "model-unknown", "pairing-waiting",
)  # fmt: skip


def ordered(causes: Collection[str]) -> tuple[str, ...]:
    """The root first: none that another one explains, and of those the first of the table."""
    place = {cause: number for number, cause in enumerate(ORDER)}
    later = explained(causes)
    return tuple(sorted(causes, key=lambda cause: (cause in later, place.get(cause, len(ORDER)))))


def explained(causes: Collection[str]) -> frozenset[str]:
    """Those that another one of them brings about. Of two that name each other the first of the table is the root."""
    place = {cause: number for number, cause in enumerate(ORDER)}
    found: set[str] = set()
    for cause in causes:
        names = EXPLAINS.get(cause, ())
        for other in causes:
            mutual = cause in EXPLAINS.get(other, ()) and place.get(other, 0) < place.get(cause, 0)
            if other != cause and (other in names or "*" in names) and not mutual:
                found.add(other)
    return frozenset(found)
