"""Where a gateway listens and keeps its files, by what its machine says; and the doctor's rules about it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from claw_tui.domain.doctor.choice import read_choice
from claw_tui.domain.doctor.facts import Facts, Inside, Place, Unasked
from claw_tui.domain.doctor.judge import judge
from claw_tui.domain.doctor.model import Verdict
from claw_tui.domain.doctor.repairs import is_as_wanted, repaired
from claw_tui.domain.doctor.settings import bare, mended
from claw_tui.domain.doors import PRIVATE_SERVICE, is_private, obstacles
from claw_tui.domain.drift import drift
from claw_tui.domain.elsewhere import WRITES, Elsewhere, refuse_elsewhere
from claw_tui.domain.exposure.facts import Facts as Exposure
from claw_tui.domain.exposure.judgement import Standing
from claw_tui.domain.exposure.records import config_line, service_line
from claw_tui.domain.fly_toml import COMMAND, build_fly_toml, expected_service
from claw_tui.domain.jobs import DEPLOYS, RESCUE_LOOK, Task
from claw_tui.domain.kept_toml import kept_toml
from claw_tui.domain.layout import at_port, layout_of, listening_at, with_port
from claw_tui.domain.machine_rules import wrong
from claw_tui.domain.machine_wish import MachineWish, before_of, choice_of_wish, wish_of
from claw_tui.domain.parse import toml_of
from claw_tui.domain.spec import Spec
from claw_tui.domain.world import Ip, IpKind, Machine, Mount, SecretInfo, Service, World
from tests.unit.test_doctor_rules import CONFIG, MACHINE, SPEC, WELL, down, told

AT_8080 = COMMAND.replace("3000", "8080")
NO_PORT = COMMAND.replace(" --port 3000", "")


def running(
    line: str = AT_8080, inside: int = 8080, file: object = 8080, *, env: str = "", private: bool = False
) -> Facts:
    """A healthy gateway's facts at another port."""
    tree = json.loads(json.dumps(CONFIG))
    tree["gateway"].update(port=file)
    if file is None:
        tree["gateway"].pop("port")
    service = at_port(PRIVATE_SERVICE if private else expected_service(Spec()), inside)
    more = {"OPENCLAW_GATEWAY_PORT": env} if env else {}
    one = replace(MACHINE, command=tuple(line.split()), services=(service,), env={**MACHINE.env, **more})
    deployed = {"processes": {"app": line.removesuffix(" --verbose")}}
    return replace(WELL, machines=(one,), config=json.dumps(tree), deployed=deployed)


@pytest.mark.parametrize(
    ("words", "env", "port"),
    [
        ("gateway --port 8080", {}, 8080),
        ("gateway --port=8080", {"OPENCLAW_GATEWAY_PORT": "9000"}, 8080),
        ("gateway", {"OPENCLAW_GATEWAY_PORT": "9000", "CLAWDBOT_GATEWAY_PORT": "1"}, 9000),
        ("gateway", {"CLAWDBOT_GATEWAY_PORT": "9000"}, 9000),
        ("gateway", {}, 0),
        ("gateway --port many", {}, 0),
    ],
)
def test_the_command_counts_more_than_the_environment(words: str, env: dict[str, str], port: int) -> None:
    assert layout_of(replace(MACHINE, command=tuple(words.split()), env=env)).port == port


def test_one_whose_host_does_not_answer_is_taken_for_one_of_ours() -> None:
    assert layout_of(Machine("m", "m", "started", "fra", readable=False)).port == 3000


@pytest.mark.parametrize(
    "facts",
    [
        running(), running(f"{NO_PORT} --port=8080"), running(NO_PORT), running(NO_PORT, file=None, env="8080"),
        running(file=3000, env="8080"), running(NO_PORT, 18789, None),
    ],
)  # fmt: skip
def test_what_fits_together_is_well(facts: Facts) -> None:
    for one in (facts, replace(facts, spec=None)):
        found = judge(one)
        assert found.verdict is Verdict.HEALTHY, told(found)


def test_a_private_one_is_well() -> None:
    ips = (Ip("fdaa::1", IpKind.PRIVATE_V6),)
    facts = replace(running(private=True), spec=replace(WELL.spec or Spec(), private=True), ips=ips)
    found = judge(facts)
    assert found.verdict is Verdict.HEALTHY, told(found)
    (one,) = facts.world.machines
    assert is_private(one)
    config = {"processes": {"app": AT_8080}, "services": [_service(8080)]}
    seen = Exposure(app="my-app", org="personal", addresses=ips, machines=(one,), config=config)
    assert (service_line(seen).standing, config_line(seen).standing) == (Standing.PASS, Standing.PASS)
    elsewhere = replace(one, services=(at_port(PRIVATE_SERVICE, 9090),))
    assert not is_private(elsewhere)
    seen = replace(seen, machines=(elsewhere,), config={**config, "services": [_service(9090)]})
    assert (service_line(seen).standing, config_line(seen).standing) == (Standing.FAIL, Standing.FAIL)


def _service(inside: int) -> dict[str, object]:
    return {"protocol": "tcp", "internal_port": inside, "ports": [{"port": 3000}]}


@pytest.mark.parametrize(
    ("facts", "cause", "fix"),
    [
        (running(file=3000), "gateway-port-missing", "settings:port=8080"),
        (running(file=None), "gateway-port-missing", "settings:port=8080"),
        (running(COMMAND, 3000, 8080), "gateway-port-missing", "settings:port"),
        (running(AT_8080.replace("lan", "loopback")), "bind-loopback", "deploy:command deploy:port=8080"),
        (running(f"{AT_8080} --verbose"), "command-drift", "deploy:wanted deploy:port=8080"),
        (running(COMMAND, 8080, 3000), "port-mismatch", "deploy:service"),
        (running(AT_8080, 3000, 3000), "port-mismatch", "deploy:command"),
        (running(AT_8080, 9090, 8080), "port-mismatch", "deploy:all"),
    ],
)
def test_no_fix_changes_a_port_that_fits(facts: Facts, cause: str, fix: str) -> None:
    found = judge(facts)
    assert found.first == cause, told(found)
    assert next(one for one in found.findings if one.cause == cause).fix is not None
    assert fix in [one.id for one in found.fixes], found.fixes


def test_a_variable_that_says_another_port_is_the_persons() -> None:
    found = judge(running(env="9000"))
    (fix,) = [one.fix for one in found.findings if one.cause == "gateway-port-missing"]
    assert fix is not None
    assert fix.asks
    assert "OPENCLAW_GATEWAY_PORT" in fix.words


@pytest.mark.parametrize(
    "spec", [Spec(app="my-app"), WELL.spec or Spec(), Spec(app="my-app", command=AT_8080)]
)
def test_a_mended_machine_keeps_its_port(spec: Spec) -> None:
    (one,) = running(AT_8080.replace("lan", "loopback")).world.machines
    world = World(machines=(one,), volumes=WELL.world.volumes)
    choice = read_choice("deploy:command deploy:service deploy:port=8080")
    then = repaired(world, choice, spec)
    assert then.machine is not None
    assert " ".join(then.machine.command) == AT_8080
    toml = toml_of(kept_toml("my-app", then, "i:1", "", private=False, port=choice.port))
    assert (toml["processes"]["app"], toml["http_service"]["internal_port"]) == (AT_8080, 8080)
    toml = toml_of(kept_toml("my-app", then, "i:1", "", private=True, port=choice.port))
    (service,) = toml["services"]
    assert (service["internal_port"], service["ports"]) == (8080, [{"port": 3000}])
    assert is_as_wanted(then, choice, spec)
    assert not is_as_wanted(then, read_choice("deploy:command deploy:service"), Spec(app="my-app"))


def test_settings_name_the_port_at_which_it_listens() -> None:
    (one,) = running().world.machines
    assert bare(Spec(app="my-app"), World(machines=(one,)))["gateway"]["port"] == 8080  # type: ignore[index]
    assert mended({}, ("port=8080",), Spec(), World())["gateway"]["port"] == 8080  # type: ignore[index]
    assert listening_at({"gateway": {"port": 1, "a": 2}}, 8080) == {"gateway": {"port": 8080, "a": 2}}
    assert listening_at({"gateway": {"port": 1}}, None) == {"gateway": {"port": 1}}


def test_a_port_is_put_into_a_command() -> None:
    assert with_port(("gateway", "--port", "3000", "--port=1"), 8080) == (
        "gateway",
        "--port",
        "8080",
        "--port=8080",
    )


def test_harden_says_why_not() -> None:
    (one,) = running().world.machines
    (words,) = obstacles(World(machines=(one,)))
    assert "8080" in words
    bare_one = replace(one, services=())
    (words,) = obstacles(World(machines=(bare_one,)))
    assert "--port 3000" in words
    assert isinstance(one.services[0], Service)


def placed(mounts: tuple[str, ...] = ("/data",), **env: str) -> Machine:
    return replace(MACHINE, env=env, mounts=tuple(Mount("vol_1", path) for path in mounts))


@pytest.mark.parametrize(
    ("machine", "state", "config"),
    [
        (placed(), "/data", "/data/openclaw.json"),
        (placed(OPENCLAW_STATE_DIR="/data/.openclaw/"), "/data/.openclaw", "/data/.openclaw/openclaw.json"),
        (placed(CLAWDBOT_STATE_DIR="/data/bot"), "/data/bot", "/data/bot/openclaw.json"),
        (placed(OPENCLAW_CONFIG_PATH="/data/my.json"), "/data", "/data/my.json"),
        (
            placed(OPENCLAW_STATE_DIR="/data/a", CLAWDBOT_STATE_DIR="/data/b", MOLTBOT_CONFIG_PATH="/data/c.json"),
            "/data/a", "/data/c.json",
        ),
        (placed(("/state",), OPENCLAW_STATE_DIR="/state"), "/state", "/state/openclaw.json"),
    ],
)  # fmt: skip
def test_its_files_are_where_its_variables_say(machine: Machine, state: str, config: str) -> None:
    found = layout_of(machine)
    assert (found.state, found.config, found.foreign) == (state, config, "")
    assert found.volume == ("/state" if state == "/state" else "/data")
    assert {*found.exports} == {*machine.env.items()}
    name = found.called(f"{found.config}.bak")
    assert (name, found.beside(name)) == ("openclaw.json.bak", f"{config}.bak")


@pytest.mark.parametrize(
    "env",
    [
        {"OPENCLAW_CONFIG_PATH": "/app/openclaw.json"},  # of the image: gone with the next deploy
        {"OPENCLAW_CONFIG_PATH": "my.json"},
        {"OPENCLAW_CONFIG_PATH": "/data/../etc/x.json"},
        {"OPENCLAW_STATE_DIR": "~/.openclaw"},
        {"OPENCLAW_STATE_DIR": "/data/my state"},
        {"OPENCLAW_STATE_DIR": "/data/$(id)"},
    ],
)
def test_of_any_other_place_it_is_said_that_nothing_is_known(env: dict[str, str]) -> None:
    machine = replace(MACHINE, env={**MACHINE.env, **env})
    assert layout_of(machine).foreign == next(iter(env.values()))
    world = World(machines=(machine,))
    for task in Task:
        if task in WRITES:
            with pytest.raises(Elsewhere, match="does not look after"):
                refuse_elsewhere(world, task)
        else:
            refuse_elsewhere(world, task)
    refuse_elsewhere(world, Task.RESCUE, RESCUE_LOOK)
    away = Unasked("claw-tui does not look after it.", "elsewhere")
    facts = replace(WELL, machines=(machine,), config=away, inside=away, backups=away, refused=away)
    found = judge(facts)
    assert found.verdict is Verdict.UNKNOWN, told(found)
    assert all(fix.asks for fix in found.fixes), found.fixes
    off = down(78, "Invalid config at x")(facts)
    refused = judge(replace(off, machines=(replace(off.world.machines[0], env=machine.env),)))
    assert all(fix.asks or fix.id.startswith("deploy:") for fix in refused.fixes), refused.fixes


def test_a_secret_in_the_place_of_a_variable_says_nothing_here() -> None:
    secrets = (*WELL.world.secrets, SecretInfo("OPENCLAW_STATE_DIR", "d", "Deployed"))
    with pytest.raises(Elsewhere, match="the secret OPENCLAW_STATE_DIR"):
        refuse_elsewhere(replace(WELL.world, secrets=secrets), Task.CONFIG)


@pytest.mark.parametrize("task", DEPLOYS)
def test_a_deploy_of_the_answers_does_not_begin_anew_elsewhere(task: Task) -> None:
    for machine, place in (
        (placed(OPENCLAW_STATE_DIR="/data/.openclaw"), "/data/.openclaw"),
        (placed(OPENCLAW_STATE_DIR="/data", OPENCLAW_CONFIG_PATH="/data/my.json"), "/data/my.json"),
    ):
        with pytest.raises(Elsewhere, match=place):
            refuse_elsewhere(World(machines=(machine,)), task)
        refuse_elsewhere(World(machines=(machine,)), Task.CONFIG)
    refuse_elsewhere(WELL.world, task)
    refuse_elsewhere(World(machines=(placed(),)), task)


def test_nothing_is_written_where_no_variable_leads() -> None:
    world = World(machines=(placed(),))
    with pytest.raises(Elsewhere, match="No variable"):
        refuse_elsewhere(world, Task.CONFIG)
    refuse_elsewhere(world, Task.POWER)


@pytest.mark.parametrize(
    ("env", "name", "path"),
    [
        ({"OPENCLAW_STATE_DIR": "/data/.openclaw"}, "OPENCLAW_STATE_DIR", "/data/.openclaw/openclaw.json"),
        ({"OPENCLAW_STATE_DIR": "/data", "OPENCLAW_CONFIG_PATH": "/data/my.json"}, "OPENCLAW_CONFIG_PATH", "/data/my.json"),
    ],
)  # fmt: skip
def test_the_doctor_goes_by_the_machines_own_place(env: dict[str, str], name: str, path: str) -> None:
    facts = replace(WELL, machines=(replace(MACHINE, env={**MACHINE.env, **env}),))
    assert judge(facts).verdict is Verdict.HEALTHY, told(judge(facts))
    gone = Inside(None, (Place("/data/openclaw.json"),), free_mb=2000, disk_mb=3000, plugins=())
    found = judge(replace(facts, config=None, inside=gone))
    assert found.first == "config-elsewhere"
    one = next(one for one in found.findings if one.cause == "config-elsewhere")
    assert name in one.why
    assert path in one.why
    assert one.fix is not None
    assert f"cp /data/openclaw.json {path.rpartition('/')[0]}/" in one.fix.commands[0]
    assert f" {path}'" in one.fix.commands[-1]


def test_a_state_that_is_on_the_volume_stays_there() -> None:
    machine = replace(placed(OPENCLAW_STATE_DIR="/data/.openclaw"), command=())
    world = World(machines=(machine,), volumes=WELL.world.volumes)
    found = repaired(world, read_choice("deploy:all"), SPEC).machine
    assert found is not None
    assert found.env["OPENCLAW_STATE_DIR"] == "/data/.openclaw"
    state = replace(placed(("/state",), OPENCLAW_STATE_DIR="/state"), command=())
    found = repaired(replace(world, machines=(state,)), read_choice("deploy:all"), SPEC).machine
    assert found is not None
    assert (found.env["OPENCLAW_STATE_DIR"], found.mounts[0].path) == ("/state", "/state")


def test_a_changed_command_keeps_the_port_at_which_fly_asks() -> None:
    (machine,) = running().world.machines
    world = World(machines=(machine,), volumes=WELL.world.volumes)
    wish = MachineWish(before=before_of(machine, world))
    assert wish_of(choice_of_wish(wish)) == wish
    assert wrong(replace(wish, command=f"{AT_8080} --verbose")) == ""
    assert "--port 8080" in wrong(replace(wish, command=f"{COMMAND} --verbose"))


def test_what_a_deploy_from_here_would_change_is_told_as_it_is() -> None:
    (machine,) = running().world.machines
    told_of = {row.what: row.why for row in drift(SPEC, machine, build_fly_toml(SPEC))}
    assert "it listens on 8080" in told_of["start command"]
    assert "it listens on 8080" in told_of["who can reach it"]
    (half,) = running(COMMAND, 8080, 3000).world.machines
    told_of = {row.what: row.why for row in drift(SPEC, half, build_fly_toml(SPEC))}
    assert "`fly launch` writes" in told_of["who can reach it"]
