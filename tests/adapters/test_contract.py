"""Every command line that the adapter can produce is one that flyctl 0.4.87 accepts.

The table (demo/commands.txt) has flyctl's commands and flags. Each method of the adapter is called against a
program that writes down its arguments; unknown commands, unknown flags, missing values and missing arguments fail.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from claw_tui.adapters.fly_home import FlyHome
from claw_tui.adapters.flyctl import Flyctl
from claw_tui.demo import cobra
from claw_tui.domain.change_args import MachineChange
from claw_tui.domain.errors import ClawError
from claw_tui.domain.secret import Secret
from tests.adapters.lines import builders, lines_of

pytestmark = pytest.mark.anyio

# What each command needs at run time, off a terminal, although cobra does not say so.
NEEDED = {
    "apps create": {"--org"}, "apps destroy": {"--yes"}, "volumes create": {"--region", "--yes"},
    "machine update": {"--yes"}, "machine clone": {"--attach-volume", "--region"}, "volumes extend": {"--size"}, "volumes destroy": {"--yes"}, "machine destroy": {"--force"}, "deploy": {"--config"},
}  # fmt: skip
OPTIONAL_APP = (
    "volumes destroy",
    "machine destroy",
    "machine exec",
    "machine restart",
    "machine update",
    "machine leases clear",
    "machine stop",
    "machine cordon",
    "machine uncordon",
    "machine leases view",
    "proxy",
)


def check(argv: list[str]) -> cobra.Parsed:
    parsed = cobra.parse(list(argv))
    flags = set(parsed.values)
    assert NEEDED.get(parsed.spec.name, set()) <= flags, argv
    if parsed.spec.app == "app" or parsed.spec.name in OPTIONAL_APP:
        assert "--app" in flags, argv
    assert "" not in argv, argv
    return parsed


RECORDER = """#!{python}
import json, sys
sys.stdin.read() if not sys.stdin.isatty() else None
open({log!r}, "a").write(json.dumps(sys.argv[1:]) + "\\n")
print("{{}}")
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "argv.jsonl"


@pytest.fixture
def fly(tmp_path: Path, log: Path) -> Flyctl:
    path = tmp_path / "fly"
    path.write_text(RECORDER.format(python=sys.executable, log=str(log)))
    path.chmod(0o755)
    return Flyctl((str(path),), FlyHome(tmp_path / "home2"), os.environ)


def argument(name: str) -> object:
    values: dict[str, object] = {
        "app": "my-app", "name": "my-name", "org": "personal", "region": "fra", "size_gb": 3, "vm_size": "shared-cpu-2x",
        "memory_mb": 2048, "values": {"A": Secret("plain"), "B": Secret("a\rb")}, "names": ["A", "B"],
        "address": "66.241.124.1", "config": Path("/x/fly.toml"), "folder": Path("/x"), "private": True, "builder": "machine", "label": "2026.9.6", "image": "ghcr.io/openclaw/openclaw:2026.9.6", "snapshot": "vs_1",
        "on_line": lambda _line: None, "machine": "148e21ea4d9389", "machines": ["148e21ea4d9389"], "volume": "vol_1", "script": "echo 'a b' && true", "signup": False,
        "words": ["openclaw", "channels", "login"], "remote": "/data/x", "local": Path("/x/y"),
        "file": Path("/x/phone.conf"), "port": 13000, "stays": True, "on": True,
        "change": MachineChange("shared-cpu-2x", 4096, {"NODE_OPTIONS": "--max-old-space-size=3072"}, "node dist/index.js gateway"),
    }  # fmt: skip
    return values[name]


async def call_everything(fly: Flyctl) -> set[str]:
    """Call every public method. Most answers are nonsense to the adapter; what counts is what it asked."""
    called = set()
    for name, method in inspect.getmembers(fly, inspect.ismethod):
        if name.startswith("_") or name in ("use_token", "use_guard", "login"):
            continue
        arguments = {p: argument(p) for p in inspect.signature(method).parameters}
        called.add(name)
        try:
            answer = method(**arguments)
            if inspect.isasyncgen(answer):
                async for _ in answer:
                    pass
            elif inspect.isawaitable(answer):
                await answer
        except (ClawError, KeyError):
            continue
    return called


async def test_every_method_asks_what_flyctl_understands(fly: Flyctl, log: Path) -> None:
    called = await call_everything(fly)
    from claw_tui.ports import Fly

    wanted = {name for name in dir(Fly) if not name.startswith("_")} - {
        "token",
        "use_token",
        "use_guard",
        "login",
    }
    assert wanted <= called
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    seen = {check(argv).spec.name for argv in lines}
    check(list(fly.console("my-app").argv[1:]))
    check(list(fly.terminal("my-app", "148e21ea4d9389", ["openclaw", "channels", "login"]).argv[1:]))
    for stays in (False, True):
        proxy = check(list((await fly.proxy_call("my-app", 13000, Path("/x"), stays=stays)).argv[1:]))
        assert proxy.args == ["13000:3000", "my-app.flycast"]
        assert proxy.on("watch-stdin") is not stays
    assert len(seen) >= 25, seen


@pytest.mark.parametrize(("name", "builder"), [pytest.param(*pair, id=pair[0]) for pair in builders()])
def test_every_command_line_that_we_can_show_is_understood(name: str, builder: Any) -> None:
    """Also those that no method uses yet: the plan shows them."""
    for line in lines_of(builder):
        assert name
        check(list(line))


@pytest.mark.parametrize(
    "argv",
    [
        ["bogus"], ["apps", "create", "x", "--bogus"], ["apps", "create", "x", "--org"], ["volumes", "create"],
        ["volumes", "create", "a", "b", "--app", "x"], ["machine", "exec"], ["deploy", "a", "b"], ["apps"],
        ["volumes", "create", "a", "--size", "big"], ["secrets", "unset", "--app", "x"],
    ],
)  # fmt: skip
def test_the_check_itself_refuses(argv: list[str]) -> None:
    with pytest.raises(cobra.Refused):
        cobra.parse(argv)


def test_no_command_line_can_hold_a_secret() -> None:
    """The builders take names; the only values that they take are not secret."""
    for name, builder in builders():
        if inspect.isfunction(builder):
            taken = set(inspect.signature(builder).parameters)
            assert not {"value", "values", "token", "secret"} & taken, name
