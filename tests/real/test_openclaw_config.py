"""Our list of problems and our migrations beside the real OpenClaw's own check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from claw_tui.domain.openclaw import shapes
from claw_tui.domain.openclaw.checks import problems
from claw_tui.domain.openclaw.config import Config
from claw_tui.domain.openclaw.migrate import take_over
from claw_tui.domain.openclaw.spec_of import read_known
from claw_tui.domain.spec import AgentSpec, Spec
from tests.openclaw_cases import BROKEN, FINE, OLD, TODAY, changed, name_of
from tests.real import VERSIONS
from tests.real.openclaw_data import model_rows, shapes_text
from tests.real.test_openclaw import OpenClaw

pytestmark = pytest.mark.real
every_version = pytest.mark.parametrize("version", VERSIONS)


def checked(version: str, home: Path, tree: Any) -> dict[str, Any]:
    """What the real one says; it has all variables that the file names."""
    real = OpenClaw(version, home)
    found = take_over(json.dumps(tree), version, fly=False)
    real.env.update(dict.fromkeys((name for name, _secret in found.secrets), "f" * 64))
    return real.validate(json.dumps(tree))


def refused(tree: Any, version: str) -> list[str]:
    return [problem.path for problem in problems(Config.read(tree), version) if problem.refused]


@pytest.mark.parametrize(
    ("version", "case"),
    [(VERSIONS[0], case) for case in BROKEN] + [(VERSIONS[-1], case) for case in BROKEN[::3]],  # seconds each
    ids=lambda value: value if isinstance(value, str) else name_of(value),
)
def test_what_it_refuses_we_refuse_at_the_same_place(
    case: tuple[str, Any], version: str, tmp_path: Path
) -> None:
    tree = changed(*case)
    said, ours = checked(version, tmp_path, tree), refused(tree, version)
    assert not said["valid"]
    theirs = [issue["path"] for issue in said["issues"]]
    assert any(
        "<root>" in (a, b) or a == b or a.startswith(f"{b}.") or b.startswith(f"{a}.")
        for a in ours
        for b in theirs
    ), (ours, said)


@every_version
@pytest.mark.parametrize("case", FINE, ids=name_of)
def test_what_it_takes_we_do_not_refuse(case: tuple[str, Any], version: str, tmp_path: Path) -> None:
    tree = changed(*case)
    assert checked(version, tmp_path, tree)["valid"]
    assert refused(tree, version) == []


@every_version
@pytest.mark.parametrize("name", TODAY)
def test_it_takes_the_shapes_of_the_guides(name: str, version: str, tmp_path: Path) -> None:
    assert checked(version, tmp_path, TODAY[name])["valid"]


@every_version
@pytest.mark.parametrize("name", OLD)
def test_it_takes_older_files_once_they_were_taken_over(name: str, version: str, tmp_path: Path) -> None:
    found = read_known(json.dumps(OLD[name]), version)
    real = OpenClaw(version, tmp_path)
    real.env.update({variable: secret.reveal() for variable, secret in found.taken.secrets})
    said = real.validate(json.dumps(found.config))
    assert said["valid"], said
    assert not [
        w for w in said.get("warnings", ()) if "agents." in w["path"] and "heartbeat" not in w["path"]
    ], said
    edited = found.with_answers(Spec(app="a", gateway=found.gateway))
    assert real.validate(json.dumps(edited))["valid"]


@every_version
def test_an_edited_file_is_taken(version: str, tmp_path: Path) -> None:
    found = read_known(json.dumps(TODAY["several agents"]), version)
    gateway = Spec(app="a", gateway=found.gateway).gateway
    wish = Spec(
        app="a", gateway=type(gateway)(primary_model="x/y", agents=(*gateway.agents, AgentSpec("new")))
    )
    assert checked(version, tmp_path, found.with_answers(wish))["valid"]


@every_version
def test_our_data_are_the_packages_own(version: str, tmp_path: Path) -> None:
    ours = (shapes.DATA / f"shapes-{version}.json").read_text("utf-8")
    assert ours == shapes_text(version, tmp_path)
    lines = (shapes.DATA / f"models-{version}.tsv").read_text("utf-8").splitlines()
    theirs = model_rows(version)
    assert set(theirs) <= set(lines)
    others = {line.split("\t")[0] for line in set(lines) - set(theirs) if not line.startswith("#")}
    assert others <= {"google", "xai"}  # 2026.9.1 has theirs in its code
