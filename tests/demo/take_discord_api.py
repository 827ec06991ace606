"""Takes from Discord's published OpenAPI description what the simulated Discord is checked against.

    python -m tests.demo.take_discord_api openapi.json

The description is https://raw.githubusercontent.com/discord/discord-api-spec/main/specs/openapi.json (MIT licence).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).with_name("discord_api.json")
SOURCE = "https://github.com/discord/discord-api-spec, specs/openapi.json, version 10, MIT licence"
ROUTES = (
    "/applications/@me", "/users/@me", "/users/@me/guilds", "/guilds/{guild_id}/channels", "/guilds/{guild_id}/roles",
    "/guilds/{guild_id}/members/{user_id}", "/guilds/{guild_id}/members/search",
)  # fmt: skip
UNION = {"GuildChannelResponse"}  # of the kinds of channels, the one that a guild's list has
KEPT = ("type", "enum", "const", "pattern", "minimum", "maximum", "minLength", "maxLength", "required")


class Taker:
    def __init__(self, whole: dict[str, Any]) -> None:
        self._whole, self.schemas = whole, dict[str, Any]()

    def schema(self, found: dict[str, Any]) -> dict[str, Any]:
        if "$ref" in found:
            name = found["$ref"].rpartition("/")[2]
            if name not in self.schemas:
                self.schemas[name] = {}
                self.schemas[name] = self.schema(self._whole["components"]["schemas"][name])
            return {"ref": name}
        kept = {key: found[key] for key in KEPT if key in found}
        if "properties" in found:
            kept["properties"] = {k: self.schema(v) for k, v in found["properties"].items()}
        if "items" in found:
            kept["items"] = self.schema(found["items"])
        for key in ("oneOf", "anyOf", "allOf"):
            if key in found:
                kept[key] = [self.schema(part) for part in self._one_kind(found[key])]
        return kept

    def _one_kind(self, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        chosen = [part for part in parts if part.get("$ref", "").rpartition("/")[2] in UNION]
        return chosen or parts

    def route(self, path: str) -> dict[str, Any]:
        get = self._whole["paths"][path]["get"]
        answer = get["responses"]["200"]["content"]["application/json"]["schema"]
        asked = {p["name"]: self.schema(p["schema"]) for p in get.get("parameters", []) if p["in"] == "query"}
        return {"query": asked, "200": self.schema(answer)}


def main() -> None:
    taker = Taker(json.loads(Path(sys.argv[1]).read_text()))
    routes = {path: taker.route(path) for path in ROUTES}
    for name in ("ErrorResponse", "RatelimitedResponse"):
        taker.schema({"$ref": f"#/components/schemas/{name}"})
    HERE.write_text(
        json.dumps({"source": SOURCE, "routes": routes, "schemas": taker.schemas}, indent=1, sort_keys=True)
        + "\n"
    )


if __name__ == "__main__":
    main()
