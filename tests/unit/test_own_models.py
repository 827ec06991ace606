"""A gateway may come to a model without a key of ours: then none is demanded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claw_tui.domain.completeness import secret_problems
from claw_tui.domain.spec import GatewaySpec, Spec

SPEC = Spec(secret_names=("OPENCLAW_GATEWAY_TOKEN",))


@pytest.mark.parametrize(
    ("base", "needs"),
    [
        ("", True),
        ("{}", True),
        ('{"auth": {"profiles": {}}}', True),
        ('{"models": {"providers": {"ollama": {"baseUrl": "http://ollama.internal:11434"}}}}', False),
        ('{auth: {profiles: {"anthropic:manual": {provider: "anthropic", mode: "token"}}}}', False),
        ("{auth: {profiles: 3}}", True),
        ("[1]", True),
        ('{"half', True),
    ],
)
def test_a_key_is_demanded_only_where_nothing_else_opens_a_model(base: str, needs: bool) -> None:
    found = secret_problems(replace(SPEC, gateway=GatewaySpec(base=base)))
    assert [problem.field for problem in found] == (["model"] if needs else [])
