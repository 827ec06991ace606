"""At which port the gateway listens, and which one a mended machine is to have."""

from __future__ import annotations

from claw_tui.domain.doctor.case import Case
from claw_tui.domain.layout import OWN_PORT, asked_ports, file_port, said_port
from claw_tui.domain.spec import PORT


def port_of(case: Case) -> int | None:
    """By its command, its environment, its file; None when only the file would say, and nobody could read it."""
    said = said_port(case.machine) if case.machine else None
    found = said or file_port(case.tree)
    return found or (OWN_PORT if case.has_read else None)


def kept_port(case: Case) -> int:
    """What fits together stays as it is: only a port that Fly's proxy does not ask at becomes ours."""
    listens, asked = port_of(case), asked_ports(case.machine) if case.machine else set()
    if listens is None:  # nobody knows better than Fly's proxy
        return next(iter(asked)) if len(asked) == 1 else PORT
    return listens if listens in asked or (not asked and listens != OWN_PORT) else PORT
