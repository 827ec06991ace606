"""What the real flyctl's recorded refusals of a proxy mean."""

from __future__ import annotations

import pytest

from claw_tui.adapters.fly_reach import explain_proxy
from claw_tui.adapters.process import Completed
from claw_tui.demo.fly_account import VERSION
from claw_tui.domain import errors, reach_errors
from tests.transcripts.record import read


@pytest.mark.parametrize(
    ("scene", "kind"),
    [
        ("proxy-unknown-app", errors.AppNotFound),
        ("proxy-nobody", errors.NotLoggedIn),
    ],
)
def test_a_recorded_refusal(scene: str, kind: type[errors.ClawError]) -> None:
    said = read(VERSION, scene)
    assert said is not None
    assert type(explain_proxy(3000, Completed(said.exit, said.stdout, said.stderr))) is kind


@pytest.mark.parametrize(
    ("words", "kind"),
    [  # the first one as it was said, with all that transcripts leave out; the others are from flyctl's source
        (
            "Error: failed to run mutation($input: AddWireGuardPeerInput!) { addWireGuardPeer(input: $input) { peerip"
            " endpointip pubkey } }: server returned a non-200 status code: 422",
            reach_errors.TunnelRefused,
        ),
        ("Error: listen tcp 127.0.0.1:3000: bind: address already in use", reach_errors.PortTaken),
        ("Error: my-app.flycast: host was not found in DNS", reach_errors.NoWayIn),
        ("Error: tunnel unavailable", reach_errors.TunnelRefused),
        ("Error: tunnel unavailable for organization personal: failed probing", reach_errors.TunnelRefused),
        ("Error: agent: failed to start", reach_errors.TunnelRefused),
    ],
)
def test_a_refusal_of_the_source(words: str, kind: type[errors.ClawError]) -> None:
    found = explain_proxy(3000, Completed(1, "", words))
    assert type(found) is kind
    assert found.hint
