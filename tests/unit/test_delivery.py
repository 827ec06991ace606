"""What a gateway's log says of a changed file, in the order in which the real ones have said it."""

from __future__ import annotations

import pytest

from claw_tui.domain.delivery import Reload, outcome

SEEN = "[reload] config change detected; evaluating reload (agents.defaults.model.primary)"
APPLIED = "[reload] config hot reload applied (agents.defaults.model.primary)"
SAME = (
    "[reload] config reload superseded: GatewayConfigReloadSupersededError: config reload superseded by a newer runtime"
    " config source"
)
RESTARTS = "[reload] config change requires gateway restart (gateway) — preparing"
LISTENS = "[gateway] http server listening (9 plugins: browser; 6.0s)"


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ((), Reload.UNSEEN),
        ((SEEN,), Reload.SEEN),
        ((SEEN, APPLIED), Reload.APPLIED),
        ((SEEN, SAME), Reload.SAME),
        (
            (SEEN, APPLIED, SAME),
            Reload.APPLIED,
        ),  # 2026.9.6 on a busy computer, of a file that was touched twice
        ((SEEN, APPLIED, SEEN), Reload.APPLIED),
        ((SEEN, RESTARTS, LISTENS, SAME), Reload.RESTARTED),
        ((SEEN, RESTARTS), Reload.RESTARTING),
    ],
)
def test_what_has_come_of_it(lines: tuple[str, ...], what: Reload) -> None:
    assert outcome(lines) is what
