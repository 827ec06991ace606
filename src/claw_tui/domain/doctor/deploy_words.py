"""The commands of a deploy that mends: what has to go before it, and what is started after it."""

from __future__ import annotations

from claw_tui.domain import fly_args
from claw_tui.domain.doctor.choice import Wanted
from claw_tui.domain.doctor.repairs import makes_way, starts_after
from claw_tui.domain.world import World


def deploy_commands(app: str, world: World, wanted: Wanted, deploy: str) -> tuple[str, ...]:
    """``deploy``: as it would be typed. In rescue its machine runs already."""
    if going := makes_way(world, wanted):
        return (fly_args.shown(fly_args.machine_destroy(app, going)), deploy)
    rests = "" if wanted.rescue else starts_after(world)
    return (deploy, fly_args.shown(fly_args.machine_start(app, rests))) if rests else (deploy,)
