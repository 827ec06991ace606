"""No word of a choice is shown that only the program knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from claw_tui.domain.doctor import fixes, settings
from claw_tui.domain.doctor.part_words import deployed_words, settings_words

RULES = "\n".join(path.read_text() for path in Path(fixes.__file__).parent.glob("*.py"))
DEPLOYED = {
    *re.findall(r"""deploys\(\s*case,\s*f?"([a-z]+)""", RULES), "memory", "heap", "service", "command", "wanted",
}  # fmt: skip


@pytest.mark.parametrize("part", sorted(DEPLOYED))
def test_what_a_deploy_mends(part: str) -> None:
    assert part == "memory" or deployed_words([f"{part}=x"]) != part


@pytest.mark.parametrize("part", sorted(settings._MENDS))
def test_which_settings(part: str) -> None:
    assert part == "channels" or settings_words([f"{part}=1"]) != part


def test_several() -> None:
    assert deployed_words(["memory=2048", "heap", "port=8080"]) == "memory, NODE_OPTIONS"
    assert deployed_words(["command", "wanted"]) == "start command"
    assert deployed_words([]) == "out of rescue"
    assert settings_words(["origins", "again=openclaw.json.bak"]) == (
        "gateway.controlUi.allowedOrigins, openclaw.json.bak comes back"
    )
