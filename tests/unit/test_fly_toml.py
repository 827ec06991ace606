from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from claw_tui.domain.errors import BadInput
from claw_tui.domain.fly_toml import build_fly_toml, toml_problems
from claw_tui.domain.spec import Spec

SPEC = Spec(app="my-app", region="fra")

OWN = """\
# my notes
app = "old"   # the name
primary_region = "iad"

[env]
  # for my script
  MY_VAR = "1"
  NODE_OPTIONS = "--max-old-space-size=1"

[http_service]
  internal_port = 3000
  # keep me
  [http_service.concurrency]
    soft_limit = 20

[[vm]]
  size = "shared-cpu-1x"
  memory = "1gb"

[mounts]
  source = "old_data"
  destination = "/data"

[[metrics]]
  port = 9091
"""


def test_public() -> None:
    made = tomllib.loads(build_fly_toml(SPEC))
    assert made["app"] == "my-app"
    assert made["build"] == {"image": "ghcr.io/openclaw/openclaw:2026.9.6"}
    assert made["http_service"]["internal_port"] == 3000
    assert made["http_service"]["force_https"] is True
    assert made["http_service"]["checks"] == [
        {"grace_period": "1m", "interval": "15s", "timeout": "5s", "method": "GET", "path": "/healthz"}
    ]
    assert made["kill_signal"] == "SIGTERM"
    assert made["kill_timeout"] >= 60
    assert made["vm"] == [{"size": "shared-cpu-2x", "memory": "2048mb"}]
    assert made["mounts"] == {"source": "openclaw_data", "destination": "/data"}
    assert made["env"]["OPENCLAW_STATE_DIR"] == "/data"
    assert "services" not in made


def test_private_has_one_raw_service_and_nothing_public() -> None:
    made = tomllib.loads(build_fly_toml(replace(SPEC, private=True)))
    assert "http_service" not in made
    (service,) = made["services"]
    assert service["ports"] == [{"port": 3000}]
    assert service["http_checks"][0]["path"] == "/healthz"


@pytest.mark.parametrize(("memory", "heap"), [(2048, 1536), (4096, 3072), (8192, 6144)])
def test_the_heap_stays_below_the_memory(memory: int, heap: int) -> None:
    made = tomllib.loads(build_fly_toml(replace(SPEC, memory_mb=memory, vm_size="shared-cpu-4x")))
    assert made["env"]["NODE_OPTIONS"] == f"--max-old-space-size={heap}"


def test_a_file_of_ones_own_keeps_comments_order_and_what_we_do_not_know() -> None:
    text = build_fly_toml(replace(SPEC, source="git"), OWN)
    made = tomllib.loads(text)
    for kept in ("# my notes", "# the name", "# for my script", "# keep me"):
        assert kept in text
    assert (
        text.index("[env]") < text.index("[http_service]") < text.index("[[vm]]") < text.index("[[metrics]]")
    )
    assert made["env"]["MY_VAR"] == "1"
    assert made["metrics"] == [{"port": 9091}]
    assert made["http_service"]["concurrency"] == {"soft_limit": 20}
    assert made["app"] == "my-app"
    assert made["build"] == {"dockerfile": "Dockerfile"}
    assert made["vm"] == [{"size": "shared-cpu-2x", "memory": "2048mb"}]
    assert made["mounts"]["source"] == "openclaw_data"


@pytest.mark.parametrize("private", [False, True])
def test_building_twice_changes_nothing(private: bool) -> None:
    spec = replace(SPEC, private=private)
    once = build_fly_toml(spec)
    assert build_fly_toml(spec, once) == once
    back = build_fly_toml(spec, build_fly_toml(replace(spec, private=not private), once))
    assert tomllib.loads(back) == tomllib.loads(once)


def test_a_table_of_vm_and_a_list_of_mounts_are_understood() -> None:
    base = '[vm]\nsize = "shared-cpu-1x"\n\n[[mounts]]\nsource = "x"\ndestination = "/data"\n'
    made = tomllib.loads(build_fly_toml(SPEC, base))
    assert made["vm"] == {"size": "shared-cpu-2x", "memory": "2048mb"}
    assert made["mounts"] == [{"source": "openclaw_data", "destination": "/data"}]


def test_bad_files_are_refused_with_their_place() -> None:
    with pytest.raises(BadInput, match="line 1"):
        build_fly_toml(SPEC, "app = ")
    assert "TOML" in " ".join(toml_problems("x x"))


@pytest.mark.parametrize("text", [
    "env = 1", 'build = "x"', "processes = []", 'http_service = "on"', "vm = 3", "mounts = []", 'mounts = ["a"]', "services = 1",
    '[http_service]\nchecks = "all"\n',
])  # fmt: skip
def test_a_section_that_is_none_is_refused_and_nothing_breaks(text: str) -> None:
    assert "has to be a section" in " ".join(toml_problems(text))
    with pytest.raises(BadInput, match="has to be a section"):
        build_fly_toml(SPEC, text)


def test_several_process_groups_are_refused() -> None:
    assert list(toml_problems('[processes]\napp = "a"\nworker = "b"\n'))
