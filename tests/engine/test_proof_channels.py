"""What the proof says of channels: every one that is on, and the next step for one that no phone is linked to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from claw_tui.domain.answers import ChannelStatus
from claw_tui.domain.spec import SignalSpec, SlackSpec, Spec, TelegramSpec, VoiceSpec, WhatsAppSpec
from claw_tui.engine.proof import Evidence, Proof, Verdict
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import WISH, have_gateway

pytestmark = pytest.mark.anyio


class Says:
    """A gateway that says this of its channels."""

    def __init__(self, real: Any, *found: ChannelStatus) -> None:
        self._real, self._found = real, found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def channels(self, _app: str, _machine: str) -> Sequence[ChannelStatus]:
        return self._found


async def proof(services: Services, spec: Spec, *found: ChannelStatus) -> dict[str, Evidence]:
    from claw_tui.engine.world import WorldReader

    await have_gateway(services)
    telling = replace(services, gateway=Says(services.gateway, *found))  # type: ignore[arg-type]
    return {line.id: line async for line in Proof(telling, spec, WorldReader(services.fly)).lines()}


def wish(**channels: Any) -> Spec:
    return replace(WISH, gateway=replace(WISH.gateway, **channels))


async def test_every_channel_that_is_on_has_its_line(services: Services, cloud: Cloud) -> None:
    spec = wish(
        telegram=TelegramSpec(True), slack=SlackSpec(True), whatsapp=WhatsAppSpec(True), signal=SignalSpec(True),
        voice=VoiceSpec(True),
    )  # fmt: skip
    lines = await proof(
        services, spec,
        ChannelStatus("discord", True, True, True, ""),
        ChannelStatus("telegram", True, False, False, "409: Conflict: terminated by other getUpdates request"),
        ChannelStatus("whatsapp", True, False, None, "not linked"),
        ChannelStatus("signal", True, True, None, ""),
    )  # fmt: skip
    assert lines["discord"].verdict is Verdict.PASS
    assert (lines["telegram"].verdict, lines["slack"].verdict) == (Verdict.FAIL, Verdict.WAIT)
    assert "Another program" in lines["telegram"].todo
    assert lines["whatsapp"].verdict is Verdict.TODO
    assert lines["whatsapp"].words == "WhatsApp is not linked yet (not linked)"
    assert "openclaw channels login --channel whatsapp" in lines["whatsapp"].todo
    assert lines["signal"].verdict is Verdict.PASS
    assert lines["voice"].verdict is Verdict.UNKNOWN


async def test_phone_calls_alone_ask_no_channel(services: Services, cloud: Cloud) -> None:
    spec = replace(
        WISH,
        gateway=replace(
            WISH.gateway, discord=replace(WISH.gateway.discord, enabled=False), voice=VoiceSpec(True)
        ),
    )
    lines = await proof(services, spec)
    assert "voicecall setup" in lines["voice"].todo
    assert "discord" not in lines
