"""Makes src/claw_tui/domain/openclaw/data from the installed packages: python -m tests.real.openclaw_data.

The JSON Schema that ``openclaw config schema`` prints is 2.4 MB. Of it we keep the sections that we model, without its
texts, each repeated part once; other sections are known by name only.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.real import VERSIONS

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src" / "claw_tui" / "domain" / "openclaw" / "data"
KEPT = ("meta", "env", "auth", "agents", "bindings", "channels", "gateway", "plugins")
CHANNELS = ("defaults", "modelByChannel", "discord", "telegram", "whatsapp", "signal", "slack")
WORDS = ("title", "description", "default", "deprecated", "examples", "$schema")
PROVIDERS = ("anthropic", "openai", "google", "xai", "together")


def package(version: str) -> Path:
    return ROOT / ".real" / f"openclaw-{version}" / "node_modules" / "openclaw"


def schema_of(version: str, home: Path) -> Any:
    """What ``openclaw config schema`` prints."""
    bin_ = package(version).parent / ".bin"
    env = {
        "PATH": f"{bin_}:/usr/bin:/bin",
        "HOME": str(home),
        "NO_COLOR": "1",
        "OPENCLAW_STATE_DIR": str(home),
    }
    argv = [str(bin_ / "openclaw"), "config", "schema"]
    return json.loads(subprocess.run(argv, env=env, capture_output=True, timeout=120, check=True).stdout)


def without_words(node: Any) -> Any:
    """Only what decides whether a value is good. A field with a default is not required, whatever the schema says."""
    if isinstance(node, list):
        return [without_words(part) for part in node]
    if not isinstance(node, dict):
        return node
    found = {key: without_words(part) for key, part in node.items() if key not in (*WORDS, "properties")}
    fields = node.get("properties")
    if fields is not None:
        found["properties"] = {key: without_words(part) for key, part in fields.items()}
        needed = [key for key in node.get("required", ()) if "default" not in fields.get(key, {})]
        found.pop("required", None)
        if needed:
            found["required"] = needed
    return found


def cut(schema: Any) -> Any:
    """The sections that we model."""
    sections = schema["properties"]
    kept = {name: without_words(part) if name in KEPT else {} for name, part in sections.items()}
    channels = kept["channels"]["properties"]
    kept["channels"]["properties"] = {n: part if n in CHANNELS else {} for n, part in channels.items()}
    plugins = kept["plugins"]["properties"]["entries"]
    plugins["properties"] = {}
    for agent in (
        kept["agents"]["properties"]["entries"]["additionalProperties"],
        kept["agents"]["properties"]["defaults"],
    ):
        for name in ("tools", "tts", "memory", "sandbox"):
            if name in agent["properties"]:
                agent["properties"][name] = {}
    return {"type": "object", "properties": kept, "additionalProperties": False}


def shared(root: Any) -> dict[str, Any]:
    """Each part that is there twice and is long is written once, and named."""
    counts: dict[str, int] = {}
    names: dict[str, str] = {}

    def count(node: Any) -> None:
        if isinstance(node, dict):
            text = json.dumps(node, sort_keys=True)
            counts[text] = counts.get(text, 0) + 1
            if counts[text] > 1:
                return
        for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            count(part)

    def fold(node: Any, parts: dict[str, Any], *, top: bool = False) -> Any:
        if isinstance(node, list):
            return [fold(part, parts) for part in node]
        if not isinstance(node, dict):
            return node
        text = json.dumps(node, sort_keys=True)
        if not top and counts.get(text, 0) > 1 and len(text) > 60:
            name = names.setdefault(text, hashlib.sha256(text.encode()).hexdigest()[:6])
            if name not in parts:
                parts[name] = None
                parts[name] = fold(node, parts, top=True)
            return {"$ref": name}
        return {key: fold(part, parts) for key, part in node.items()}

    count(root)
    parts: dict[str, Any] = {}
    return {"root": fold(root, parts), "parts": parts}


def shapes_text(version: str, home: Path) -> str:
    """One part a line, so that a new version shows what has changed."""
    found = shared(cut(schema_of(version, home)))
    tight = {"separators": (",", ":"), "sort_keys": True}
    lines = [f'"{name}":{json.dumps(part, **tight)}' for name, part in sorted(found["parts"].items())]  # type: ignore[arg-type]
    sections = found["root"]["properties"]
    roots = [f'"{name}":{json.dumps(part, **tight)}' for name, part in sections.items()]  # type: ignore[arg-type]
    source = f"openclaw@{version}, its command: openclaw config schema"
    return (
        f'{{"source":"{source}",\n"sections":{{\n'
        + ",\n".join(roots)
        + '},\n"parts":{\n'
        + ",\n".join(lines)
        + "}}\n"
    )


def model_rows(version: str) -> list[str]:
    """Tab-separated: provider, id, name, dollars in, dollars out, context, replaced by."""
    rows = []
    for provider in PROVIDERS:
        manifest = json.loads(
            (package(version) / "dist/extensions" / provider / "openclaw.plugin.json").read_text()
        )
        catalogue = manifest.get("modelCatalog", {}).get("providers", {}).get(provider, {"models": []})
        for model in catalogue["models"]:
            cost = model.get("cost") or {}
            price = [f"{cost[key]:g}" if cost.get("input") else "" for key in ("input", "output")]
            replaced = model.get("replacedBy", "") if model.get("status") == "deprecated" else ""
            rows.append(
                "\t".join(
                    [provider, model["id"], model["name"], *price, str(model["contextWindow"]), replaced]
                )
            )
    return rows


def main() -> None:
    """Write the files."""
    DATA.mkdir(exist_ok=True)
    for version in VERSIONS:
        home = Path(os.environ.get("TMPDIR", "/tmp")) / f"openclaw-schema-{version}"
        home.mkdir(exist_ok=True)
        (DATA / f"shapes-{version}.json").write_text(shapes_text(version, home))
        for row in model_rows(version):
            print(version, row)


if __name__ == "__main__":
    main()
