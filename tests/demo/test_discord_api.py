"""What the simulated Discord answers is what Discord's published description says: fields, types, and query parameters.

discord_api.json holds the part of that description that is needed; take_discord_api.py takes it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from claw_tui.adapters.discord import DiscordApi
from claw_tui.adapters.http import Http
from claw_tui.demo import discord_guilds
from claw_tui.demo.web import Asked, answer
from claw_tui.domain.secret import Secret

API = json.loads(Path(__file__).with_name("discord_api.json").read_text())
TYPES: dict[str, Any] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict,
    "null": type(None),
}  # fmt: skip


def wrong(value: Any, schema: dict[str, Any], at: str) -> list[str]:
    """Where ``value`` is not as ``schema`` wants it. A field that the description does not have is wrong as well."""
    if "ref" in schema:
        schema = {**API["schemas"][schema["ref"]], "open": schema.get("open", False)}
    for key in ("oneOf", "anyOf"):
        if key in schema:
            tries = [wrong(value, part, at) for part in schema[key]]
            return [] if any(not found for found in tries) else [*tries[0], f"{at}: none of {len(tries)}"]
    found = [one for part in schema.get("allOf", []) for one in wrong(value, {**part, "open": True}, at)]
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(
        isinstance(value, TYPES[k]) and not (k in ("integer", "number") and value is True) for k in kinds
    ):
        return [f"{at}: {value!r} is no {kinds}"]
    if "const" in schema and value != schema["const"]:
        found.append(f"{at}: {value!r}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: {value!r} is none of {schema['enum']}")
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        found.append(f"{at}: {value!r} does not match")
    if isinstance(value, list):
        return found + [
            one for n, v in enumerate(value) for one in wrong(v, schema.get("items", {}), f"{at}[{n}]")
        ]
    return found + (wrong_fields(value, schema, at) if isinstance(value, dict) else [])


def wrong_fields(value: dict[str, Any], schema: dict[str, Any], at: str) -> list[str]:
    known = schema.get("properties", {})
    found = [f"{at}: {name} is missing" for name in schema.get("required", []) if name not in value]
    if known and not schema.get("open") and "allOf" not in schema:
        found += [f"{at}: {name} is not described" for name in value if name not in known]
    return found + [
        one for name in value if name in known for one in wrong(value[name], known[name], f"{at}.{name}")
    ]


CLUB, MEMBER = discord_guilds.CLUB, discord_guilds.MEMBERS[0][0]
QUESTIONS = [
    ("/applications/@me", "/applications/@me"), ("/users/@me", "/users/@me"), ("/users/@me/guilds", "/users/@me/guilds?limit=200"),
    *[("/guilds/{guild_id}/channels", f"/guilds/{guild}/channels") for guild in discord_guilds.NAMES],
    *[("/guilds/{guild_id}/roles", f"/guilds/{guild}/roles") for guild in discord_guilds.NAMES],
    *[("/guilds/{guild_id}/members/{user_id}", f"/guilds/{guild}/members/{discord_guilds.APPLICATION}") for guild in discord_guilds.NAMES],
    ("/guilds/{guild_id}/members/{user_id}", f"/guilds/{CLUB}/members/{MEMBER}"),
    ("/guilds/{guild_id}/members/search", f"/guilds/{CLUB}/members/search?query=a&limit=5"),
]  # fmt: skip


def ask(path: str, *traits: str) -> tuple[int, Any]:
    key = ".".join(("MTE4MDAwMDAwMDAwMDAwMDAwMQ", *traits, "x"))
    found = answer(Asked("GET", f"https://discord.com/api/v10{path}", {"authorization": f"Bot {key}"}))
    return found.status, json.loads(found.text)


@pytest.mark.parametrize("traits", [(), ("nointent", "nomembers"), ("crowd",)], ids=str)
@pytest.mark.parametrize(("route", "path"), QUESTIONS)
def test_an_answer_is_as_described(route: str, path: str, traits: tuple[str, ...]) -> None:
    status, body = ask(path, *traits)
    if status == 403:
        assert "search" in path
        assert not wrong(body, API["schemas"]["ErrorResponse"], path)
        return
    assert status == 200
    assert wrong(body, API["routes"][route]["200"], path) == []
    assert body


@pytest.mark.parametrize(("path", "traits", "status", "kind"), [
    ("/users/@me", ("bad",), 401, "ErrorResponse"), ("/guilds/42/channels", (), 404, "ErrorResponse"),
    (f"/guilds/{CLUB}/members/42", (), 404, "ErrorResponse"), ("/nothing", (), 404, "ErrorResponse"),
    ("/users/@me", ("limited",), 429, "RatelimitedResponse"),
])  # fmt: skip
def test_a_refusal_is_as_described(path: str, traits: tuple[str, ...], status: int, kind: str) -> None:
    got, body = ask(path, *traits)
    assert got == status
    assert wrong(body, API["schemas"][kind], path) == []


def test_the_check_finds_what_is_wrong() -> None:
    route = API["routes"]["/guilds/{guild_id}/channels"]["200"]
    _status, good = ask(f"/guilds/{CLUB}/channels")
    assert wrong([{**good[0], "id": 7}], route, "x")
    assert wrong([{**good[0], "type": 99}], route, "x")
    assert wrong([{k: v for k, v in good[0].items() if k != "position"}], route, "x")
    assert wrong([{**good[0], "invented": 1}], route, "x")
    assert wrong(
        [{**good[0], "permission_overwrites": [{"id": "1", "type": 0, "allow": 1, "deny": "0"}]}], route, "x"
    )


@pytest.mark.anyio
async def test_what_the_adapter_asks_is_described() -> None:
    """Every route and every query parameter that we use."""
    asked: list[str] = []

    def any_answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url).partition("/api/v10")[2])
        status, body = ask(asked[-1])
        return httpx.Response(status, json=body)

    discord, token, club = (
        DiscordApi(Http(lambda: httpx.MockTransport(any_answer))),
        Secret("x"),
        discord_guilds.CLUB,
    )
    bot = await discord.identity(token)
    guilds = await discord.guilds(token)
    await discord.look_into(token, guilds[0], bot.user_id)
    await discord.find_members(token, club, "a")
    await discord.member(token, club, MEMBER)
    used = set()
    for url in asked:
        path = re.sub(r"/guilds/\d+", "/guilds/{guild_id}", urlsplit(url).path)
        path = re.sub(r"/members/\d+", "/members/{user_id}", path)
        used.add(path)
        described = API["routes"][path]["query"]
        for name, value in parse_qsl(urlsplit(url).query):
            its = described[name]
            assert its.get("type") != "integer" or its["minimum"] <= int(value) <= its["maximum"]
    assert used == set(API["routes"])
