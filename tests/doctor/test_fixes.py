"""What `--fix --yes` makes of the broken worlds: healthy where nobody has to answer, and nothing else is touched."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from claw_tui.demo import gateway_net
from claw_tui.domain.doctor.model import Verdict
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.doctor import file_ways as files
from tests.doctor.asking import mended, sick, told
from tests.doctor.file_ways import at_port, edited, then_restart
from tests.doctor.making import an_hour_passes, config, have, look
from tests.doctor.ways import GATEWAY, Way, one_after_another, release_is_told, update
from tests.doctor.world import Broken, Mend
from tests.doctor.worlds import BROKEN

pytestmark = pytest.mark.anyio
FIXABLE = [case for case in BROKEN if case.mend is Mend.HEALTHY]


CHANGES = (
    "deploy", "machine destroy", "machine update", "machine start", "machine stop", "machine restart", "machine cordon",
    "machine uncordon", "ips allocate", "ips release", "secrets set", "secrets import", "secrets unset", "secrets deploy",
    "volumes create", "volumes destroy", "volumes extend", "apps",
)  # fmt: skip


def _verb(argv: list[str]) -> str:
    """What is done, and to which thing."""
    words = [word for word in argv[:3] if not word.startswith(("-", "/", "."))]
    return " ".join(words[:1] if words[:1] == ["deploy"] else words)


def kept(app: dict[str, Any], _machine: dict[str, Any]) -> dict[str, Any]:
    """What no fix may lose: people's files, secrets, volumes; addresses are looked at by their kinds."""
    volumes = {volume["id"]: volume["name"] for volume in app["volumes"]}
    files = {
        path for volume in app["volumes"] for path in volume["files"] if not path.startswith("/data/tmp/")
    }
    return {
        "volumes": volumes,
        "files": files,
        "secrets": {name: one["digest"] for name, one in app["secrets"].items()},
    }


def lost(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    found = {
        part: {key: before[part][key] for key in before[part] if after[part].get(key) != before[part][key]}
        for part in ("volumes", "secrets")
    }
    return {**found, "files": before["files"] - after["files"]}


@pytest.mark.parametrize("case", FIXABLE, ids=lambda case: case.name)
async def test_the_fix_makes_it_healthy(case: Broken, services: Services, cloud: Cloud) -> None:
    """And nothing is done of which the command was not shown before."""
    await sick(case, services)
    before = look(kept)
    shown: list[str] = []
    cloud.record()
    found, done = await mended(services, shown)
    promised = {_verb(shlex.split(command.partition(" < ")[0])[1:]) for command in shown}
    calls = {_verb(call["argv"]) for call in cloud.calls()}
    assert {verb for verb in calls if verb.startswith(CHANGES)} <= promised, (sorted(calls), shown)
    assert not any("…" in command for command in shown), shown
    assert found.verdict is Verdict.HEALTHY, (done, told(found))
    gone = lost(before, look(kept))
    gone["files"] -= {"/data/.openclaw/openclaw.json"}  # that was put where the gateway does not look
    assert gone == {"volumes": {}, "secrets": {}, "files": set()}, (done, gone)
    assert done


AT_8080: dict[str, Way] = {
    "for itself only": at_port(8080, GATEWAY.replace("lan", "loopback")),
    "another command by machine update": one_after_another(
        at_port(8080), release_is_told, update("--command", f"{GATEWAY.replace('3000', '8080')} --verbose")
    ),
    "512 MB": one_after_another(at_port(8080), update("--vm-memory", "512")),
    "half a file": one_after_another(at_port(8080), then_restart(files.cut_off)),
    "no file": one_after_another(at_port(8080), then_restart(files.removed)),
    "its file names 3000": one_after_another(at_port(8080), edited(gateway__port=3000)),
}


@pytest.mark.parametrize("name", AT_8080)
async def test_a_port_that_fits_together_stays(name: str, services: Services) -> None:
    await have(services)
    AT_8080[name]()
    an_hour_passes()
    found, done = await mended(services)
    assert done
    assert found.verdict is Verdict.HEALTHY, (done, told(found))
    ports = look(
        lambda _app, machine: (gateway_net.bound(machine)[1], machine["services"][0]["internal_port"])
    )
    assert (*ports, config()["gateway"]["port"]) == (8080, 8080, 8080), done
