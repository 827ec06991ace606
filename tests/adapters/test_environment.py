"""Variables of the person's own: which of them a flyctl of ours sees, and whose login is used."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from claw_tui.adapters.fly_home import FIXED
from claw_tui.domain.secret import Secret
from claw_tui.engine.session import Session
from claw_tui.ports import Services
from claw_tui.wiring import given_token
from tests.adapters.rig import MARK, Traces
from tests.conftest import TOKEN, Cloud

pytestmark = pytest.mark.anyio

THEIRS = {
    "FLY_ACCESS_TOKEN": "fo1_canary", "FLY_API_TOKEN": "fo1_canary", "FLY_METRICS_TOKEN": "canary",
    "FLY_APP": "canary", "FLY_ORG": "canary", "FLY_ORGANIZATION": "canary", "FLY_REGION": "canary",
    "FLY_CONFIG_DIR": "/canary", "FLY_JSON": "1", "FLY_VERBOSE": "1", "VERBOSE": "1", "LOG_LEVEL": "debug",
    "NO_COLOR": "0", "CLICOLOR_FORCE": "1", "CI": "1", "PAGER": "less", "TERM": "xterm",
    "FLY_NO_UPDATE_CHECK": "0", "FLY_UPDATE_CHECK": "1", "FLY_NO_INCIDENTS_CHECK": "0", "FLY_SEND_METRICS": "1",
    "FLY_LOG_GQL_ERRORS": "1", "FLYCTL_OUTPUT_HAR": "/canary.har", "FLY_FORCE_TRACE": "1", "FLY_LOCAL_ONLY": "1",
    "FLY_REGISTRY_HOST": "canary", "FLY_TRACE_COLLECTOR_URL": "canary", "FLY_REMOTE_BUILDER_HOST": "canary",
    "BUILDKIT_PROGRESS": "tty", "DOCKER_HOST": "canary", "FLY_API_BASE_URL": "", "FLY_FLAPS_BASE_URL": "",
}  # fmt: skip
SHELLS = {"PWD", "SHLVL", "_", "OLDPWD"}  # what sh itself sets


def listing(path: Path) -> dict[str, str]:
    return dict(line.partition("=")[::2] for line in path.read_text().splitlines())


def dumping(tmp_path: Path) -> str:
    return f'env >{tmp_path}/env; echo \'{{"email": "a@b", "token": "fo1_own"}}\''


def base(tmp_path: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "LANG": "C.UTF-8"}


@pytest.mark.parametrize("login", [True, False])
async def test_none_of_theirs_reaches_a_call_of_ours(tmp_path: Path, login: bool) -> None:
    traces = Traces(tmp_path / "state")
    fly = traces.flyctl(dumping(tmp_path), {**base(tmp_path), **THEIRS})
    fly.use_token(TOKEN if login else None)
    expected = {**base(tmp_path), **FIXED, **({"FLY_API_TOKEN": TOKEN.reveal()} if login else {})}
    for call in (fly.whoami(), fly.create_app("a", "b")):
        await call
        seen = {name: value for name, value in listing(tmp_path / "env").items() if name not in SHELLS}
        assert seen.pop("FLY_CONFIG_DIR").startswith(str(tmp_path / "state"))
        seen.pop(MARK)
        assert seen == expected
    await traces.none_left()


@pytest.mark.parametrize("name", sorted(THEIRS))
@pytest.mark.parametrize("value", ["", "canary"])
async def test_each_of_theirs_alone(tmp_path: Path, name: str, value: str) -> None:
    """Set or empty: to flyctl an empty variable counts as set, so it must not be there."""
    fly = Traces(tmp_path / "state").flyctl(dumping(tmp_path), {**base(tmp_path), name: value})
    fly.use_token(TOKEN)
    await fly.whoami()
    seen = listing(tmp_path / "env")
    if name in ("FLY_API_BASE_URL", "FLY_FLAPS_BASE_URL") and value:
        assert seen[name] == value  # another Fly.io than the usual one is the person's business
    elif name in FIXED:
        assert seen[name] == FIXED[name]
    else:
        assert seen.get(name, "") != value or not value
        assert (name in seen) == (name in ("FLY_API_TOKEN", "FLY_CONFIG_DIR"))


@pytest.mark.parametrize(
    ("environ", "name", "token"),
    [
        ({}, "", None),
        ({"FLY_API_TOKEN": "b"}, "FLY_API_TOKEN", "b"),
        ({"FLY_ACCESS_TOKEN": "a"}, "FLY_ACCESS_TOKEN", "a"),
        ({"FLY_ACCESS_TOKEN": "a", "FLY_API_TOKEN": "b"}, "FLY_ACCESS_TOKEN", "a"),
        ({"FLY_ACCESS_TOKEN": "", "FLY_API_TOKEN": "b"}, "FLY_API_TOKEN", "b"),
        ({"FLY_ACCESS_TOKEN": "", "FLY_API_TOKEN": ""}, "", None),
        ({"FLY_API_TOKEN": " \n"}, "", None),
        ({"FLY_API_TOKEN": "FlyV1 fm2_x\n"}, "FLY_API_TOKEN", "FlyV1 fm2_x"),
    ],
)
def test_the_login_that_the_environment_gives(
    environ: Mapping[str, str], name: str, token: str | None
) -> None:
    found, secret = given_token(environ)
    assert (found, secret and secret.reveal()) == (name, token)


@pytest.mark.parametrize("name", ["FLY_ACCESS_TOKEN", "FLY_API_TOKEN"])
async def test_the_login_in_use_is_called_by_its_name(services: Services, cloud: Cloud, name: str) -> None:
    cloud.log_in()
    session = Session(replace(services, given_token=TOKEN, given_name=name))
    assert name in (await session.find_login()).source
    refused = Session(replace(services, given_token=Secret("fo1_expired"), given_name=name))
    assert (
        "flyctl" in (await refused.find_login()).source
    )  # a bad one does not hide the login of flyctl itself


@pytest.mark.parametrize("given", ["absolute", "relative", "empty", "unset"])
async def test_their_own_login_is_where_they_keep_it(
    tmp_path: Path, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FLY_CONFIG_DIR moves it; our own calls have folders of ours all the same."""
    monkeypatch.chdir(tmp_path)
    values = {"absolute": str(tmp_path / "keep"), "relative": "keep", "empty": ""}
    own = {"FLY_CONFIG_DIR": values[given]} if given in values else {}
    environ = {**base(tmp_path), **own, "FLY_API_TOKEN": "fo1_theirs"}
    fly = Traces(tmp_path / "state").flyctl(dumping(tmp_path), environ)
    fly.use_token(TOKEN)
    found = await fly.own_token()
    assert found is not None
    assert found.reveal() == "fo1_own"
    seen = listing(tmp_path / "env")
    assert seen.get("FLY_CONFIG_DIR") == (str(tmp_path / "keep") if values.get(given) else None)
    assert "FLY_API_TOKEN" not in seen  # else it would be asked for the login that we gave it
    await fly.whoami()
    assert listing(tmp_path / "env")["FLY_CONFIG_DIR"].startswith(str(tmp_path / "state"))


@pytest.mark.parametrize("moved", [True, False])
async def test_logging_in_happens_where_they_keep_their_login(tmp_path: Path, moved: bool) -> None:
    keep = tmp_path / "keep" if moved else tmp_path / "home" / ".fly"
    logs = keep / "logs"
    logs.mkdir(parents=True)
    (logs / "before.log").write_text("theirs")
    os.utime(logs / "before.log", (0, 0))
    environ = {
        **base(tmp_path),
        **({"FLY_CONFIG_DIR": str(keep)} if moved else {}),
        "FLY_API_TOKEN": "fo1_theirs",
    }
    fly = Traces(tmp_path / "state").flyctl(
        f"folder=${{FLY_CONFIG_DIR:-$HOME/.fly}}; {dumping(tmp_path)}; echo code >$folder/logs/new.log;"
        " echo 'Opening https://fly.io/abc ...'; read code; echo successfully logged in as a@b",
        environ,
    )  # fmt: skip
    fly.use_token(TOKEN)
    login = fly.login()
    await login.url()
    login.send_code("x")
    assert await login.result() == "successfully logged in as a@b"
    assert [path.name for path in logs.iterdir()] == ["before.log"]  # what this login wrote is gone
    assert "FLY_API_TOKEN" not in listing(tmp_path / "env")  # flyctl would use it and log nobody in


@pytest.mark.parametrize(("theirs", "ours"), [({}, None), ({"NO_COLOR": "1"}, "1"), ({"NO_COLOR": ""}, None)])
async def test_a_console_keeps_their_wish_about_colour(
    tmp_path: Path, theirs: Mapping[str, str], ours: str | None
) -> None:
    fly = Traces(tmp_path / "state").flyctl("", {**base(tmp_path), **theirs, "TERM": "xterm-256color"})
    env = fly.console("my-app").env
    assert (env.get("NO_COLOR"), env["TERM"]) == (ours, "xterm-256color")
