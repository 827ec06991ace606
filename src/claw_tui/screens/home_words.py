"""What Home says of a machine."""

from __future__ import annotations

from claw_tui.domain.rescue import in_rescue, refuses_to_start
from claw_tui.domain.world import Machine
from claw_tui.i18n import _


def machine_rows(machine: Machine) -> list[tuple[str, str]]:
    """Rows of the status: (title, words)."""
    rows = []
    check = machine.checks[0].status if machine.checks else _("no check")
    rows.append((_("Machine"), f"{machine.id}  {machine.state}, {check}"))
    if in_rescue(machine):
        rows.append((_("Rescue"), _("it runs without the gateway; X goes on from here")))
    elif refuses_to_start(machine):
        rows.append(
            (
                _("Gateway"),
                _("it refuses to start (exit code 78): its config or a secret; X rescues it"),
            )
        )
    rows.append((_("Size"), f"{machine.vm_size}, {machine.memory_mb} MB, {machine.region}"))
    rows.append((_("Version"), machine.image))
    return rows
