"""A gateway that does not start: how it is seen, and the state in which its files can be reached all the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from claw_tui.domain.world import Machine

REFUSED = 78  # EX_CONFIG: OpenClaw's code for whatever it refuses to start with
# In the place of the image's own entrypoint: the machine is up, and the gateway is not.
ENTRYPOINT = "/bin/sh -c 'exec sleep infinity'"
_SLEEPS = "exec sleep infinity"


def in_rescue(machine: Machine | None) -> bool:
    return machine is not None and any(_SLEEPS in word for word in machine.entrypoint)


def refuses_to_start(machine: Machine | None) -> bool:
    """Its last end was a refusal, and nothing was started since that goes on."""
    if machine is None or in_rescue(machine):
        return False
    ends = sorted((e for e in machine.events if e.exit_code is not None), key=lambda e: -e.at)
    starts = [e.at for e in machine.events if e.is_start]
    if not ends or ends[0].exit_code != REFUSED:
        return False
    return machine.state != "started" or not any(at > ends[0].at for at in starts)


def named_secrets(config: object) -> Iterator[str]:
    """The variables that a config takes secrets from."""
    if isinstance(config, Mapping):
        if config.get("source") == "env" and isinstance(config.get("id"), str):
            yield str(config["id"])
        for inside in config.values():
            yield from named_secrets(inside)
    elif isinstance(config, list):
        for inside in config:
            yield from named_secrets(inside)


def may_be_rescued(machine: Machine | None) -> bool:
    return (
        in_rescue(machine)
        or (machine is not None and machine.state != "started")
        or refuses_to_start(machine)
    )
