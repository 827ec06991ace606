"""`harden` and `expose` as a script meets them."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from claw_tui.demo import world
from claw_tui.wiring import services_for
from tests.conftest import TOKEN, Cloud
from tests.engine.rig import have_gateway
from tests.engine.test_hardening import V4, add_v4, ips
from tests.plain.program import claw_tui, inside, write_answers


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
    assert "Done: my-app is private. `claw-tui --demo reach my-app` gets you to it." in said.out
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


def test_answers_that_do_not_say_so_open_no_private_gateway(cloud: Cloud, tmp_path: Path) -> None:
    have(cloud)
    assert claw_tui("harden", "--yes").code == 0
    file = Path(write_answers(tmp_path, key="keep"))
    whole = file.read_text()
    assert "private = false" in whole
    file.write_text(whole.replace("private = false", ""))
    for command in (["plan", str(file)], ["apply", str(file), "--yes"]):
        said = claw_tui(*command)
        assert said.code == 3, said
        assert "my-app is private, and" in said.err
        assert "private = true" in said.err
    assert ips(cloud) == ["private_v6"]
    file.write_text(whole)
    said = claw_tui("plan", str(file))
    assert said.code == 2, said
    assert "who can reach it: private → everybody, with the token" in said.out
    assert "It is private now. After this everybody can open https://my-app.fly.dev" in said.out
    file.write_text(
        whole.replace("private = false", "private = true").replace("memory_mb = 2048", "memory_mb = 4096")
    )
    said = claw_tui("plan", str(file))
    assert "machine size: shared-cpu-2x with 2 GB → shared-cpu-2x with 4 GB" in said.out
    assert "who can reach it" not in said.out


def test_the_price_is_of_the_volume_that_is_there(cloud: Cloud, tmp_path: Path) -> None:
    have(cloud)
    file = write_answers(tmp_path, key="keep")
    before = claw_tui("plan", file, "--json").of("plan")[0]["price"]["total"]
    with world.opened() as now:
        now["apps"]["my-app"]["volumes"][0]["size_gb"] = 20
    after = claw_tui("plan", file, "--json").of("plan")[0]["price"]["total"]
    assert round(after - before, 2) == 2.55


def test_what_it_refuses(cloud: Cloud) -> None:
    cloud.log_in()
    assert inside("harden", "my-app", "--yes") == 3
    assert inside("harden", "--yes") == 3
    assert inside("expose", "No App", "--yes") == 3
    said = claw_tui("harden")
    assert said.code == 3
    assert "no gateway in this account" in said.err
