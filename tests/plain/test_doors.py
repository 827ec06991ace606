"""`harden` and `expose` as a script meets them."""

from __future__ import annotations

import asyncio
import os

from claw_tui.demo import world
from claw_tui.wiring import services_for
from tests.conftest import TOKEN, Cloud
from tests.engine.rig import have_gateway
from tests.engine.test_hardening import V4, add_v4, ips
from tests.plain.program import claw_tui, inside


def have(cloud: Cloud) -> None:
    async def make() -> None:
        services = services_for(os.environ, demo=True)
        services.fly.use_token(TOKEN)
        await have_gateway(services)
        await services.close()

    cloud.log_in()
    asyncio.run(make())


def test_private_and_public_again(cloud: Cloud) -> None:
    have(cloud)
    said = claw_tui("harden", "--yes")
    assert said.code == 0, said
    assert "Links, bookmarks and apps that use https://my-app.fly.dev" in said.out
    assert "    $ fly ips release " in said.out
    assert "Done: my-app is private. `claw-tui reach my-app` gets you to it." in said.out
    assert ips(cloud) == ["private_v6"]
    said = claw_tui("expose", "my-app", "--yes", "--json")
    assert said.code == 0, said
    assert said.of("about")[0]["lines"][0].startswith("Then everybody can open https://my-app.fly.dev")
    assert said.objects[-1]["state"] == "done"
    assert ips(cloud) == ["shared_v4", "v6"]


def test_where_nothing_is_left_to_do_nobody_is_asked(cloud: Cloud) -> None:
    have(cloud)
    said = claw_tui("expose", "my-app")
    assert (said.code, said.err) == (0, ""), said
    assert said.out.rstrip().endswith("Nothing to change.")
    assert claw_tui("harden", "--yes").code == 0
    before = ips(cloud)
    said = claw_tui("harden", "my-app", "--json")
    assert said.code == 0, said
    assert said.of("plan")[0]["changes"] == 0
    assert said.objects[-1]["verdict"] == "private"
    with world.opened() as now:
        now["apps"]["my-app"]["certificates"] = ["claw.example.org"]
    said = claw_tui("harden", "my-app")
    assert said.code in (2, 11), "never taken for private"
    assert ips(cloud) == before


def test_a_paid_address_needs_a_word(cloud: Cloud) -> None:
    have(cloud)
    add_v4()
    said = claw_tui("harden", "--yes")
    assert said.code == 3, said
    assert V4 in said.err
    assert "--dedicated-ipv4 release" in said.err
    assert ips(cloud) == ["shared_v4", "v4", "v6"]
    said = claw_tui("harden", "--yes", "--dedicated-ipv4", "keep")
    assert said.code == 11, "as doctor --private: a script must not take it for private"
    assert "is private." not in said.out
    assert "NOT private" in said.out
    said = claw_tui("harden", "--yes", "--dedicated-ipv4", "release")
    assert said.code == 0, said
    assert ips(cloud) == ["private_v6"]


def test_what_it_refuses(cloud: Cloud) -> None:
    cloud.log_in()
    assert inside("harden", "my-app", "--yes") == 3
    assert inside("harden", "--yes") == 3
    assert inside("expose", "No App", "--yes") == 3
    said = claw_tui("harden")
    assert said.code == 3
    assert "no gateway in this account" in said.err
