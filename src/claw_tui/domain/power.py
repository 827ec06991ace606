"""Stopping and starting: the choices of such a run, what a stopped gateway costs, and what does not work meanwhile."""

from __future__ import annotations

from claw_tui.domain.errors import MachineStopped
from claw_tui.domain.prices import DEDICATED_V4, VOLUME_GB, Price, PriceLine, machine_price
from claw_tui.domain.world import IpKind, Machine, World
from claw_tui.i18n import _, n_

STOP, SLEEP, START = "stop", "sleep", "start"  # a sleeping one is started by whoever asks for it
RESTART = "restart:"  # and the time of its newest start, in milliseconds since 1970, as Fly.io tells it
RESTS = ("stopped", "suspended")
# What helps where a machine rests; the text commands have these by other words (plain/hints.py).
STARTS = MachineStopped.default_hint
STARTS_OR_RESCUE = n_("P on Home starts it; X rescues one that does not start.")
ROOT_GB = 0.15  # dollars a month for each GB of a stopped machine's image


def is_resting(world: World) -> bool:
    """It has a machine, and none of them runs."""
    return bool(world.machines) and all(machine.state in RESTS for machine in world.machines)


def what_helps(world: World) -> str:
    """After a refusal."""
    return _(STARTS) if is_resting(world) else _("Nothing was done.")


def is_stop(choice: str) -> bool:
    return choice in (STOP, SLEEP)


def newest_start(machine: Machine) -> int:
    """Milliseconds since 1970; 0 when it never started."""
    return max((event.at for event in machine.events if event.is_start), default=0)


def restart_of(machine: Machine) -> str:
    """The choice of a run that starts it anew, once."""
    return f"{RESTART}{newest_start(machine)}"


def anew_after(choice: str) -> int:
    found = choice.removeprefix(RESTART)
    return int(found) if found.isdigit() else 0


def running_dollars(world: World) -> float:
    """A month of all its machines, running."""
    return sum(machine_price(m.vm_size, m.memory_mb, m.region) for m in world.machines if m.cpus)


def resting_dollars(world: World) -> float:
    """A month of what goes on costing while they are stopped, but for the images."""
    v4 = sum(ip.kind is IpKind.V4 for ip in world.ips)
    return round(sum(volume.size_gb for volume in world.volumes) * VOLUME_GB + v4 * DEDICATED_V4, 2)


def as_it_runs(price: Price, world: World) -> Price:
    """``price`` is of a gateway that runs; what it costs now, when it does not."""
    if not is_resting(world):
        return price
    words = _("Volume and addresses; its machine is stopped")
    return Price((PriceLine(words, resting_dollars(world)),), exact=False)  # its image costs a few cents


def is_off_proxy(world: World) -> bool:
    """It runs, and Fly's proxy leads nobody to it: a start that was not ours, or one that was cut off."""
    machine = world.machine
    return machine is not None and machine.state == "started" and machine.cordoned


def stop_lines(world: World, choice: str) -> list[str]:
    """What it means, for a person."""
    rest, run = resting_dollars(world), running_dollars(world)
    cost = _(
        "Now it costs ${now:.2f} a month; stopped ${then:.2f} (its volume and addresses), and about ${gb:.2f} for each GB of its"
        " image. What is on the volume stays."
    )
    if is_resting(world):
        cost = _(
            "It is stopped, and costs ${then:.2f} a month (its volume and addresses), and about ${gb:.2f} for each GB of its image."
        )
    lines = [
        cost.format(now=rest + run, then=rest, gb=ROOT_GB),
        "",
        _("As long as it is stopped nobody gets an answer: its page does not open, channels are silent, planned jobs don't run."
          " Messages that are sent meanwhile may be lost."),
    ]  # fmt: skip
    if choice == SLEEP and any(machine.starts_by_itself for machine in world.machines):
        lines += ["", _(
            "Fly's proxy starts it by itself at the next request to its address. Robots look at public addresses all the time,"
            " so that one may not sleep for long."
        )]  # fmt: skip
    elif any(machine.starts_by_itself for machine in world.machines):
        lines += ["", _(
            "Fly's proxy would start it by itself at the next request to its address; so it is taken off the proxy first, and"
            " put back when it is started."
        )]  # fmt: skip
    return lines


def start_lines(world: World) -> list[str]:
    rest, run = resting_dollars(world), running_dollars(world)
    if not is_resting(world):
        return [_("It costs ${now:.2f} a month, as it runs.").format(now=rest + run)]
    words = _("Now it costs about ${now:.2f} a month; running ${then:.2f}.")
    return [words.format(now=rest, then=rest + run)]
