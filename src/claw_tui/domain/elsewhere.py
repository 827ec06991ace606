"""Gateways whose settings or state are where nothing is written to from here: said before anything is done."""

from __future__ import annotations

from claw_tui.domain.errors import GatewayError
from claw_tui.domain.generations import runs_old
from claw_tui.domain.jobs import DEPLOYS, RESCUE_LOOK, Task
from claw_tui.domain.layout import CONFIG_NAMES, STATE_NAMES, Layout, layout_in, layout_of
from claw_tui.domain.world import World
from claw_tui.i18n import _

WRITES = (*DEPLOYS, Task.CONFIG, Task.RESCUE, Task.HARDEN, Task.EXPOSE)


class Elsewhere(GatewayError):
    """Its openclaw.json is not where it could be written to."""

    code = "elsewhere"


def not_looked_after(place: str) -> Elsewhere:
    words = _("claw-tui does not look after a gateway whose openclaw.json or state is in {place}.")
    hint = _(
        "Change it by hand (S on Home opens a shell), or let fly.toml name a folder on its volume, and deploy that."
    )
    return Elsewhere(words.format(place=place), hint=hint)


def refuse_elsewhere(world: World, task: Task, choice: str = "") -> None:
    """Before a plan is made. Raises Elsewhere."""
    machine = world.machine
    if machine is None or not machine.readable or task not in WRITES or choice == RESCUE_LOOK:
        return
    layout = layout_of(machine)
    if place := foreign_place(world):
        raise not_looked_after(place)
    if task in DEPLOYS:
        _keep_place(layout)
    elif not layout.named and not runs_old(machine):
        raise Elsewhere(
            _(
                "No variable of its machine says where its openclaw.json is, so the gateway does not read one on the volume."
            ),
            hint=_("G on Home, or `claw-tui doctor`, mends that first."),
        )


def foreign_place(world: World) -> str:
    """Where its settings are, in words, when nothing is written there from here; empty when it is."""
    names = {*CONFIG_NAMES, *STATE_NAMES}
    secret = next((info.name for info in world.secrets if info.name in names), "")
    if secret:  # in the place of a variable: nobody here knows what it says
        return _("the place that the secret {name} says").format(name=secret)
    return layout_in(world).foreign


def _keep_place(layout: Layout) -> None:
    ours = Layout()
    if not layout.named or (layout.state, layout.config) == (ours.state, ours.config):
        return
    place = layout.config if layout.state == ours.state else layout.state
    words = _("Its settings are in {place}. A deploy from here would begin anew in {ours}, without them.")
    hint = _(
        "Copy what is in {place} to {ours}, have fly.toml say so, and deploy that by hand; or leave it as it is."
    )
    raise Elsewhere(
        words.format(place=place, ours=ours.state), hint=hint.format(place=place, ours=ours.state)
    )
