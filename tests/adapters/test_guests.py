"""Who waits and who is in, through the simulated `openclaw`; January's knows less of it."""

from __future__ import annotations

import pytest

from claw_tui.adapters.gateway_guests import _waiting_person
from claw_tui.domain.errors import GatewayError
from claw_tui.domain.gateway_config import build_config, config_text
from claw_tui.domain.guests import Person
from claw_tui.ports import Services
from tests.adapters.test_gateway import SPEC, machine
from tests.conftest import Cloud

__all__ = ["machine"]
pytestmark = pytest.mark.anyio


@pytest.fixture
async def configured(services: Services, machine: str) -> str:
    await services.gateway.write_config("my-app", machine, config_text(build_config(SPEC)))
    return machine


async def test_a_device_is_let_in_seen_and_taken_out(services: Services, configured: str) -> None:
    book = services.gateway
    (request,), devices = await book.devices("my-app", configured)
    assert devices == ()
    assert "Chrome" in request.words
    assert request.until > 0
    await book.approve("my-app", configured, request)
    waiting, (device,) = await book.devices("my-app", configured)
    assert waiting == ()
    assert (device.name, device.platform, device.roles) == ("Chrome", "MacIntel", ("operator",))
    assert device.may_all
    assert device.approved_at > 0
    await book.revoke("my-app", configured, device)
    assert await book.devices("my-app", configured) == ((), ())
    with pytest.raises(GatewayError, match="did not take the device out") as caught:
        await book.revoke("my-app", configured, device)
    assert "unknown deviceId" in caught.value.detail


async def test_a_device_and_a_person_are_turned_away(services: Services, configured: str) -> None:
    book = services.gateway
    device, person = await book.pairing_requests("my-app", configured, ["discord"])
    for request in (device, person):
        await book.reject("my-app", configured, request)
    assert await book.pairing_requests("my-app", configured, ["discord"]) == ()
    assert await book.people_in("my-app", configured) == ()
    with pytest.raises(GatewayError, match="did not turn it away") as caught:
        await book.reject("my-app", configured, device)
    assert "unknown requestId" in caught.value.detail
    with pytest.raises(GatewayError, match="not there any more"):
        await book.reject("my-app", configured, person)


async def test_a_person_who_was_let_in_is_listed(services: Services, configured: str) -> None:
    book = services.gateway
    (person,) = await book.people_waiting("my-app", configured, "discord")
    await book.approve("my-app", configured, person)
    assert await book.people_in("my-app", configured) == (Person("discord", person.sender),)


async def test_january_knows_less(services: Services, configured: str, cloud: Cloud) -> None:
    from claw_tui.demo import world

    book = services.gateway
    (request,), _devices = await book.devices("my-app", configured)
    (person,) = await book.people_waiting("my-app", configured, "discord")
    await book.approve("my-app", configured, request)
    with world.opened() as now:
        now["apps"]["my-app"]["machines"][0]["image"] = "ghcr.io/openclaw/openclaw:2026.1.29"
    assert cloud.app("my-app")["machines"][0]["image"].endswith("2026.1.29")
    with pytest.raises(GatewayError, match="can't turn a person away"):
        await book.reject("my-app", configured, person)
    _waiting, (device,) = await book.devices("my-app", configured)
    await book.revoke("my-app", configured, device)


async def test_an_odd_channel_is_no_command(services: Services, configured: str) -> None:
    with pytest.raises(GatewayError, match="odd form"):
        await services.gateway.people_waiting("my-app", configured, "telegram; rm -rf /data")


def test_what_cannot_be_read_is_left_out() -> None:
    odd = _waiting_person("telegram", {"id": 5, "code": "AB\x1b[31mC", "createdAt": "yesterday", "meta": "?"})
    assert (odd.id, odd.words, odd.until) == ("ABC", "5", 0.0)
