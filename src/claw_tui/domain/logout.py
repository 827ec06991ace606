"""What becomes of a run when its person logs out of this computer."""

from __future__ import annotations

from enum import StrEnum


class Logout(StrEnum):
    """What the computer does then, as far as it tells."""

    LIVES = "lives"  # a run goes on; also where nobody can be asked
    MOVES = "moves"  # what belongs to the session is ended, and a run can be started outside of it
    ENDS = "ends"  # a run is ended; lingering would spare it
    ENDS_ANYWAY = "ends anyway"
