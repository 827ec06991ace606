"""The adapter against the simulated fly, a real process: what it says, and what each refusal becomes."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from claw_tui.adapters import fly_errors, fly_shapes
from claw_tui.adapters.fly_home import FlyHome, child_environment
from claw_tui.adapters.fly_json import Documents, NoJson, find_json
from claw_tui.adapters.flyctl import Flyctl
from claw_tui.adapters.process import Completed
from claw_tui.demo import world
from claw_tui.domain import errors
from claw_tui.domain.fly_toml import expected_service
from claw_tui.domain.secret import Secret
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import IpKind
from claw_tui.ports import Fly, Services
from tests.adapters.rig import raised
from tests.conftest import TOKEN, Cloud

pytestmark = pytest.mark.anyio
GATEWAY = {"OPENCLAW_GATEWAY_TOKEN": Secret("ab" * 32)}


@pytest.fixture
def fly(services: Services) -> Fly:
    return services.fly


def program(folder: Path, text: str, name: str = "fly") -> Path:
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path


def flyctl(tmp_path: Path, script: str) -> Flyctl:
    return Flyctl(
        (str(program(tmp_path, f"#!/bin/sh\n{script}\n")),), FlyHome(tmp_path / "home2"), os.environ
    )


# -- what it reads ------------------------------------------------------------------------------------------------
async def test_the_account(fly: Fly) -> None:
    assert await fly.whoami() == "you@example.com"
    assert {org.slug for org in await fly.orgs()} == {"personal", "claw-club"}
    assert "fra" in {region.code for region in await fly.regions()}
    sizes = {size.name: size for size in await fly.vm_sizes()}
    assert sizes["shared-cpu-2x"].memory_mb == 512
    assert (await fly.version()).version == "0.4.87"
    assert await fly.apps() == ()


async def test_one_app(fly: Fly) -> None:
    assert await fly.app("nope") is None
    await fly.create_app("my-app", "personal")
    await fly.create_volume(
        "my-app", "data", region="fra", size_gb=3, vm_size="shared-cpu-2x", memory_mb=2048
    )
    await fly.import_secrets("my-app", GATEWAY)
    await fly.allocate_shared_v4("my-app")
    await fly.allocate_v6("my-app")
    await fly.allocate_v6("my-app", private=True)
    app = await fly.app("my-app")
    assert app is not None
    assert (app.org, app.hostname, app.deployed) == ("personal", "my-app.fly.dev", False)
    (volume,) = await fly.volumes("my-app")
    assert (volume.name, volume.region, volume.size_gb, volume.attached_to) == ("data", "fra", 3, "")
    (secret,) = await fly.secrets("my-app")
    assert (secret.name, secret.status) == ("OPENCLAW_GATEWAY_TOKEN", "Staged")
    kinds = {ip.kind: ip for ip in await fly.ips("my-app")}
    assert set(kinds) == {IpKind.SHARED_V4, IpKind.V6, IpKind.PRIVATE_V6}
    await fly.release_ip("my-app", kinds[IpKind.SHARED_V4].address)
    assert IpKind.SHARED_V4 not in {ip.kind for ip in await fly.ips("my-app")}
    await fly.unset_secrets("my-app", ["OPENCLAW_GATEWAY_TOKEN", "NEVER_SET"])
    assert await fly.secrets("my-app") == ()


# -- what it refuses ----------------------------------------------------------------------------------------------
async def test_a_taken_name(fly: Fly) -> None:
    assert isinstance(await raised(fly.create_app("demo-taken-x", "personal")), errors.NameTaken)


REFUSALS: list[tuple[Callable[[Fly], Awaitable[object]], type[errors.ClawError]]] = [
    (lambda fly: fly.create_app("demo-card", "personal"), errors.BillingNeeded),
    (lambda fly: fly.create_app("x", "nobody"), errors.OrgUnknown),
    (lambda fly: fly.volumes("nope"), errors.AppNotFound),
    (lambda fly: fly.create_volume("a", "d", region="xyz", size_gb=1, vm_size="shared-cpu-1x", memory_mb=256), errors.RegionUnknown),
    (lambda fly: fly.create_volume("a", "d", region="bom", size_gb=1, vm_size="shared-cpu-1x", memory_mb=256), errors.NoCapacity),
]  # fmt: skip


@pytest.mark.parametrize(("call", "kind"), REFUSALS, ids=lambda v: getattr(v, "__name__", ""))
async def test_refusals(
    fly: Fly, call: Callable[[Fly], Awaitable[object]], kind: type[errors.ClawError]
) -> None:
    await fly.create_app("a", "personal")
    assert type(await raised(call(fly))) is kind


async def test_no_login_a_bad_one_and_flyctls_own(fly: Fly, cloud: Cloud) -> None:
    fly.use_token(None)
    assert isinstance(await raised(fly.whoami()), errors.NotLoggedIn)
    assert await fly.own_token() is None
    fly.use_token(Secret("fo1_expired"))
    assert isinstance(await raised(fly.whoami()), errors.TokenRejected)
    cloud.log_in()
    assert await fly.own_token() == TOKEN


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ("echo 'Oops, something went wrong! Could you try that again?'; exit 3", errors.FlyPanic),
        ("exit 127", errors.Cancelled),
        ("echo 'Error: context deadline exceeded' >&2; exit 126", errors.FlyTimeout),
        ("echo 'Error: dial tcp: lookup api.fly.io: no such host' >&2; exit 1", errors.FlyNetworkDown),
        ("echo 'Error: failed to obtain lease: failed to get lease on VM x: machine lease currently held by a@b' >&2; exit 1", errors.LeaseHeld),
        ("echo 'Error: something new' >&2; exit 1", errors.FlyError),
        ("exit 1", errors.FlyError),
        ("echo 'not json'; exit 0", errors.FlyError),
        ("echo '{\"email\": {\"x\": 1}'; exit 0", errors.FlyError),
    ],
)  # fmt: skip
async def test_other_failures(tmp_path: Path, script: str, kind: type[errors.ClawError]) -> None:
    error = await raised_or_value(flyctl(tmp_path, script).whoami())
    assert type(error) is kind


async def raised_or_value(call: Awaitable[object]) -> object:
    try:
        return await call
    except errors.ClawError as error:
        assert error.message
        return error


async def test_a_read_that_crashed_is_tried_once_more(tmp_path: Path) -> None:
    script = f'[ -f {tmp_path}/again ] || {{ touch {tmp_path}/again; exit 3; }}; echo \'{{"email": "a@b"}}\''
    assert await flyctl(tmp_path, script).whoami() == "a@b"


async def test_a_change_that_crashed_is_not(tmp_path: Path) -> None:
    script = f"echo x >> {tmp_path}/count; exit 3"
    assert isinstance(await raised_or_value(flyctl(tmp_path, script).create_app("a", "b")), errors.FlyPanic)
    assert (tmp_path / "count").read_text() == "x\n"


async def test_no_flyctl_an_old_one_and_another_program_of_that_name(tmp_path: Path) -> None:
    home = FlyHome(tmp_path / "home2")
    missing = await raised(Flyctl(("no-such-fly",), home, os.environ).version())
    assert isinstance(missing, errors.FlyNotInstalled)
    old = flyctl(tmp_path, 'echo \'{"Name": "fly", "Version": "0.3.1"}\'')
    assert isinstance(await raised(old.version()), errors.FlyTooOld)
    other = flyctl(tmp_path, "echo 'fly: the game'")
    assert "not flyctl" in (await raised(other.version())).message
    path = program(tmp_path, "#!/bin/sh\n", "plain")
    path.chmod(path.stat().st_mode & ~stat.S_IXUSR & ~stat.S_IXGRP & ~stat.S_IXOTH)
    if os.getuid() != 0 or not os.access(path, os.X_OK):
        assert isinstance(
            await raised(Flyctl((str(path),), home, os.environ).version()), errors.FlyNotInstalled
        )


# -- how it calls -------------------------------------------------------------------------------------------------
async def test_children_see_the_allowed_environment_only(
    fly: Fly, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.record()
    monkeypatch.setenv("FLY_APP", "other")
    monkeypatch.setenv("FLY_REGION", "syd")
    monkeypatch.setenv("MY_PASSWORD", "x")
    await fly.create_app("my-app", "personal")
    (call,) = cloud.calls()
    assert not {"FLY_APP", "FLY_REGION", "MY_PASSWORD"} & set(call["env"])
    assert call["env"]["FLY_SEND_METRICS"] == "0"
    assert call["env"]["FLY_API_TOKEN"] == TOKEN.reveal()


def test_an_empty_variable_is_left_out() -> None:
    assert "HTTPS_PROXY" not in child_environment({"HTTPS_PROXY": "", "PATH": "/bin"})


async def test_secrets_go_by_stdin_and_leave_no_trace(fly: Fly, cloud: Cloud, tmp_path: Path) -> None:
    cloud.record()
    await fly.create_app("my-app", "personal")
    values = {"A": Secret("canary#one"), "B": Secret("canary\r\ntwo"), "C": Secret('canary"three"')}
    await fly.import_secrets("my-app", values)
    from claw_tui.demo.world import digest

    assert {s.name: s.digest for s in await fly.secrets("my-app")} == {
        n: digest(v.reveal()) for n, v in values.items()
    }
    assert "canary" not in str([call["argv"] for call in cloud.calls()])
    assert "canary" not in str([call["env"] for call in cloud.calls()])
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or b"canary" not in path.read_bytes(), path


async def test_flyctl_can_write_no_log_because_a_file_stands_in_its_way(tmp_path: Path) -> None:
    home = FlyHome(tmp_path / "home2")
    shared = home.shared()
    assert (shared / "logs").is_file()
    (shared / "logs").unlink()
    (shared / "logs").mkdir()
    (shared / "logs" / "x.log").write_text("secret")
    assert not (home.shared() / "logs").is_dir()
    with home.throwaway() as folder:
        assert (folder / "logs").is_file()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()


async def test_agent_logs_are_purged(tmp_path: Path) -> None:
    home = FlyHome(tmp_path / "home2")
    logs = home.shared() / "agent-logs"
    logs.mkdir()
    (logs / "a.log").write_text("x")
    assert home.purge() == (logs / "a.log",)


async def test_whatever_holds_a_value_is_removed_but_the_settings(tmp_path: Path) -> None:
    """flyctl writes JSON as Go does; a link is not followed, nor is what lies behind it removed."""
    home, value = FlyHome(tmp_path / "home2"), 'CANARY "<&>" é'
    folder, outside = home.shared(), tmp_path / "mine"
    written = {
        "trace.har": json.dumps({"a": value}), "deep/go": '{"a":"CANARY \\"\\u003c\\u0026\\u003e\\" é"}', "raw": f"--{value}--",
        "config.yml": value, "fine": "CANARY", "empty": "",
    }  # fmt: skip
    (folder / "deep").mkdir()
    outside.write_text(value)
    (folder / "link").symlink_to(outside)
    for name, text in written.items():
        (folder / name).write_text(text)
    removed = home.purge([Secret(value), Secret("CAN")])
    assert {str(path.relative_to(folder)) for path in removed} == {"trace.har", "deep/go", "raw"}
    assert {path.name for path in folder.iterdir() if path.is_file()} == {
        "config.yml",
        "fine",
        "empty",
        "link",
        "logs",
    }
    assert outside.exists()


async def test_a_folder_that_others_can_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home2").mkdir()
    (tmp_path / "home2" / "fly").mkdir(mode=0o755)
    (tmp_path / "home2" / "fly").chmod(0o755)
    with pytest.raises(errors.StateError, match="open to others"):
        FlyHome(tmp_path / "home2").shared()


async def test_a_value_that_flyctl_would_change_is_refused(fly: Fly) -> None:
    await fly.create_app("my-app", "personal")
    with pytest.raises(errors.BadInput):
        await fly.import_secrets("my-app", {"A": Secret("x\r\n")})


async def test_recent_logs_of_an_app_without_any_end_by_themselves(
    fly: Fly, monkeypatch: pytest.MonkeyPatch
) -> None:
    from claw_tui.adapters import flyctl as module

    monkeypatch.setattr(module, "LOG_SECONDS", 1.0)
    await fly.create_app("my-app", "personal")
    assert await fly.recent_logs("my-app") == ()


# -- reading flyctl's output --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        'WARN x\n{"a": 1}\n',
        'Update {available}\n{"a": 1}',
        '  {"a": 1}',
        '[bad\n{"a": 1}',
        '{"a": 1}{"b": 2}',
    ],
)
def test_json_is_found_in_noise(text: str) -> None:
    assert find_json(text) == {"a": 1}


def test_no_json() -> None:
    with pytest.raises(NoJson):
        find_json("nothing [here]")


def test_documents_over_several_lines() -> None:
    documents = Documents()
    lines = [
        "INFO noise",
        "{",
        '  "a": {',
        '    "b": 1',
        "  }",
        "}",
        "{",
        '  "c": "}"',
        "}",
        '{"d": 4}',
        "{",
        "bad",
        "}",
    ]
    assert [found for line in lines if (found := documents.feed(line)) is not None] == [
        {"a": {"b": 1}}, {"c": "}"}, {"d": 4},
    ]  # fmt: skip


def test_error_texts_are_flyctls_sentence_only() -> None:
    said = "WARN old\nError: failed to run query { app { x } }: Could not find App (Request ID: 01K-fra) (Trace ID: abc)\n"
    assert fly_errors.error_text(Completed(1, "", said)) == "Could not find App"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ('failed to get app: failed to run query ($a: String!) { app { id } }: Post "https://api.fly.io/graphql": EOF', errors.FlyNetworkDown),
        ("failed to get app: failed to run query { app { id } }: server returned a non-200 status code: 500", errors.FlyTrouble),
        ("failed to get app: failed to run query { app { id } }: server returned a non-200 status code: 429", errors.FlyTrouble),
        ('failed to fetch an image or build from source: failed to run query { app { id } }: Post "https://x/graphql": EOF', errors.FlyNetworkDown),
        ('failed to obtain lease: failed to get lease on VM 148e: Post "https://x": dial tcp: connect: connection refused', errors.FlyNetworkDown),
        ('failed to list volumes: Get "https://api.machines.dev/v1/apps/my-401-app/volumes": EOF', errors.FlyNetworkDown),
        ('failed to list volumes: Get "https://api.machines.dev/v1/apps/billing-bot/volumes": EOF', errors.FlyNetworkDown),
        ("machine 148e21ea000000 was not found in app 'my-401-app'", errors.MachineNotFound),
        ("failed to create release (status 502): oops", errors.FlyTrouble),
        ("smoke checks for 148e failed: the app appears to be crashing\nCheck its logs:\nconnection refused", errors.DeployUnhealthy),
    ],
)  # fmt: skip
def test_what_went_wrong_on_the_way_is_not_taken_for_what_was_to_be_done(
    said: str, kind: type[errors.FlyError]
) -> None:
    """A lost answer must not become "there is no such app": then it would be made, or given up."""
    assert type(fly_errors.explain(("status",), Completed(1, "", f"Error: {said}\n"))) is kind


async def test_an_app_whose_answer_is_lost_is_not_gone(fly: Fly) -> None:
    await fly.create_app("my-app", "personal")
    with world.opened() as now:
        now["conditions"] = [{"method": "POST", "path": "#app", "status": 500, "times": 1}]
    assert isinstance(await raised(fly.app("my-app")), errors.FlyTrouble)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000])
def test_brackets_without_end_are_no_json(text: str) -> None:
    with pytest.raises(NoJson):
        find_json(text)
    documents = Documents()
    documents.feed("{")
    documents.feed(text)
    assert documents.feed("}") is None


def test_an_escape_that_comes_as_its_number_is_taken_out() -> None:
    found = find_json('{"name": "Y\\u001b]0;PWN\\u0007ou", "list": [{"a\\u001b[31m": "b\\u202e"}], "n": 1}')
    assert found == {"name": "You", "list": [{"a": "b"}], "n": 1}


def test_one_that_was_killed_is_not_quoted() -> None:
    """What it said last is its log, not its reason."""
    error = fly_errors.explain(
        ("deploy", "/home/you/.local/state/x"), Completed(-9, "", "==> Building image\n")
    )
    assert (type(error), error.message) == (errors.FlyKilled, "`fly deploy` was killed (signal 9).")


LISTS = (
    "ips", "machines", "volumes", "secrets", "releases", "certificates", "peers", "deployed_config",
)  # fmt: skip


@pytest.mark.parametrize("what", LISTS)
async def test_an_object_with_nothing_in_it_is_no_empty_list(tmp_path: Path, what: str) -> None:
    """Whoever takes it for one calls an app private that has a public address."""
    with pytest.raises(errors.FlyError, match="a form that claw-tui does not know"):
        await getattr(flyctl(tmp_path, "echo '{}'"), what)("my-app")


@pytest.mark.parametrize("text", ["[]", ""], ids=["a list", "nothing"])
async def test_an_empty_list_is_one(tmp_path: Path, text: str) -> None:
    fly = flyctl(tmp_path, f"printf '{text}'")
    for what in LISTS[:-1]:
        assert await getattr(fly, what)("my-app") == ()


@pytest.mark.parametrize(
    ("address", "public"),
    [("fdaa:0:1::2", False), ("2a09:8280:1::1", True), ("1.2.3.4", True), ("fd00::1", True), ("x", True)],
)
def test_private_is_an_address_of_the_private_network_whatever_it_is_called(
    address: str, public: bool
) -> None:
    (found,) = fly_shapes.ips([{"Address": address, "Type": "private_v6"}])
    assert found.public is public


@pytest.mark.parametrize("range_", [{"end_port": 4000}, {"start_port": 3000, "end_port": 4000}])
def test_a_range_of_ports_is_no_port_of_ours(range_: dict[str, int]) -> None:
    service = {"protocol": "tcp", "internal_port": 3000, "ports": [{"port": 3000, **range_}]}
    raw = [{"id": "m1", "config": {"image": "x", "services": [service]}}]
    (machine,) = fly_shapes.machines(raw)
    assert machine.services != (expected_service(Spec(private=True)),)
    assert machine.readable


@pytest.mark.parametrize("told", [{}, {"config": None}, {"config": {}}], ids=["none", "null", "empty"])
def test_a_machine_whose_config_is_not_told_is_none_without_services(told: dict[str, object]) -> None:
    (machine,) = fly_shapes.machines([{"id": "m1", "state": "started", **told}])
    assert not machine.readable
