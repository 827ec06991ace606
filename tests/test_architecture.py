"""Imports point inward, files and functions stay small, and starting up loads what it needs only."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.by_time import LIST, long_ones

SRC = Path(__file__).parent.parent / "src" / "claw_tui"

# layer -> what of claw_tui it may import, besides itself and i18n
ALLOWED = {
    "i18n": set[str](),
    "domain": set[str](),
    "ports": {"domain"},
    "engine": {"domain", "ports"},
    "adapters": {"domain", "ports"},
    "runner": {"domain", "ports", "engine", "adapters"},
    "demo": {"domain", "ports", "adapters", "runner"},
    "wiring": {"adapters", "domain", "ports", "runner", "demo"},
    "widgets": {"domain", "engine"},
    "theme": set[str](),
    "screens": {"domain", "engine", "ports", "widgets", "app"},
    "app": {"domain", "engine", "ports", "screens", "theme", "widgets"},
    "plain": {"domain", "engine", "ports"},
    "__main__": {"app", "plain", "ports", "wiring", "widgets"},
    "__init__": set[str](),
}
# Files that may import more than their layer, and why.
MORE = {
    "runner/__main__.py": {"wiring"},  # the second root: it puts the same services together
}
TEXTUAL_FREE = (
    "i18n",
    "domain",
    "ports",
    "engine",
    "runner",
    "adapters",
    "demo",
    "plain",
    "wiring",
    "__init__",
)
# The simulated programs know nothing of the real adapters; only the file that wires them does.
DEMO_ROOT = "demo/services.py"

MAX_FILE, MAX_FUNCTION = 300, 40


def modules() -> list[Path]:
    return sorted(SRC.rglob("*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(SRC))


def layer_of(path: Path) -> str:
    return path.relative_to(SRC).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names if node.module == "claw_tui"}
    return names - {"claw_tui"}


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_point_inward(path: Path) -> None:
    layer = layer_of(path)
    allowed = ALLOWED[layer] | MORE.get(name_of(path), set()) | {"i18n", layer}
    for name in imported(path):
        if name.startswith("claw_tui."):
            target = name.split(".")[1]
            if target == "__version__":
                continue
            assert target in allowed, f"{name_of(path)} imports {name}"
        elif layer in TEXTUAL_FREE:
            assert name.split(".")[0] not in {"textual", "rich"}, f"{name_of(path)} imports {name}"


@pytest.mark.parametrize("path", sorted((SRC / "demo").glob("*.py")), ids=name_of)
def test_the_simulated_programs_share_no_code_with_the_real_adapters(path: Path) -> None:
    """Else a mistake of ours would be simulated along with it."""
    if name_of(path) == DEMO_ROOT:
        return
    assert not [name for name in imported(path) if name.startswith(("claw_tui.adapters", "claw_tui.domain"))]


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_files_and_functions_are_small(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= MAX_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            if node.name not in ("compose", "compose_body"):  # a list of widgets, one after the other
                assert length <= MAX_FUNCTION, f"{name_of(path)}:{node.lineno} {node.name} has {length} lines"


@pytest.mark.parametrize(
    ("statement", "forbidden"),
    [
        (
            "import claw_tui.__main__",
            {"textual", "rich", "httpx", "keyring", "tomlkit", "asyncio", "msgspec"},
        ),
        (
            "import claw_tui.wiring",
            {"textual", "rich", "httpx", "keyring", "cryptography", "tomlkit", "segno"},
        ),
        ("import claw_tui.app", {"httpx", "keyring", "cryptography", "tomlkit", "segno"}),
        (
            "import claw_tui.runner.__main__",
            {"textual", "rich", "httpx", "keyring", "cryptography", "segno"},
        ),
        (
            "import claw_tui.plain.cli",
            {"textual", "rich", "httpx", "keyring", "cryptography", "tomlkit", "segno"},
        ),
        ("import claw_tui.screens.storage", {"keyring", "cryptography"}),
        ("import claw_tui.adapters.keyring_child", {"keyring", "cryptography", "asyncio"}),
        ("import claw_tui.demo.fly", {"asyncio", "httpx", "msgspec", "textual"}),
    ],
)
def test_start_up_does_not_load(statement: str, forbidden: set[str]) -> None:
    code = f"{statement}\nimport sys\nprint(*(m for m in {sorted(forbidden)!r} if m in sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split() == []


# A proof has to tell «there is none» from «that could not be asked», and never goes by what was read before.
PROOF_READER = "engine/exposure_reader.py"
THE_READER = "engine/world.py"
PEERS = "engine/peers.py"  # of an organization, not of an app: whoever makes or removes one must see what is there now
LOOKS = {"app", "volumes", "secrets", "ips", "machines", "releases", "checks", "images", "deployed_config"}
LOOKS |= {"certificates", "members", "peers"}


@pytest.mark.parametrize("path", [p for p in modules() if layer_of(p) in ("engine", "screens")], ids=name_of)
def test_only_the_reader_asks_fly_what_an_app_has(path: Path) -> None:
    """Else the same thing is asked twice, and two screens know two truths."""
    if name_of(path) in (PROOF_READER, THE_READER, PEERS):
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and node.attr in LOOKS:
            whose = node.value
            name = whose.attr if isinstance(whose, ast.Attribute) else getattr(whose, "id", "")
            assert name not in ("fly", "_fly"), f"{name_of(path)}:{node.lineno} asks by itself"


def test_every_text_for_people_can_be_translated() -> None:
    """No f-string inside _(): its parts could not be found in a catalogue."""
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "n_"):
                assert not isinstance(node.args[0], ast.JoinedStr), f"{name_of(path)}:{node.lineno}"


def test_every_test_that_is_called_long_exists() -> None:
    root = LIST.parents[1]
    for name in long_ones():
        file, _sep, test = name.partition("::")
        assert f"def {test}(" in (root / file).read_text(), (
            f"{name}: `make by-time` writes tests/long.txt anew"
        )
