"""What the simulated internet answers: Discord, the model providers, the other channels, Fly's API, the image registry,
and the gateways' public addresses. One plain function, so that it can stand behind a socket or in front of none.

A key says itself what happens to it: ``bad`` in it is refused, ``limited`` has no quota; for those of
Discord bots see discord.py.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from claw_tui.demo import cloud_changing, gateway, gateway_net, world
from claw_tui.demo.discord import discord_answer
from claw_tui.demo.web_channels import HOSTS, channel_answer


@dataclass(frozen=True, slots=True)
class Asked:
    """A request. Header names are in small letters."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    def query(self, name: str) -> str:
        return parse_qs(urlsplit(self.url).query).get(name, [""])[0]

    @property
    def key(self) -> str:
        """Whatever this request proves itself with."""
        for name in ("x-api-key", "x-goog-api-key"):
            if name in self.headers:
                return self.headers[name]
        return self.headers.get("authorization", "").partition(" ")[2]


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer; ``text`` is JSON but for web pages."""

    status: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Unreachable(Exception):
    """Nothing answers at this address."""


def as_json(status: int, value: object, **headers: str) -> Answered:
    return Answered(status, json.dumps(value), {"content-type": "application/json", **headers})


MODELS = {
    "api.anthropic.com": ("claude-opus-5", "claude-sonnet-5", "claude-haiku-4-5"),
    "api.openai.com": ("gpt-6-astra", "gpt-6-sol", "gpt-6-luna"),
    "api.x.ai": ("grok-4.7",), "api.groq.com": ("llama-4",), "api.mistral.ai": ("mistral-large",),
    "api.deepseek.com": ("deepseek-v4",), "api.moonshot.ai": ("kimi-k3",), "api.together.xyz": ("llama-4",),
    "openrouter.ai": ("any",),
}  # fmt: skip


def answer(asked: Asked) -> Answered:
    """Answer as the real service would. Raises Unreachable."""
    world.wait(0.4)
    host = asked.host
    if host in MODELS:
        return _models(asked)
    if host == "generativelanguage.googleapis.com":
        return _google(asked)
    if host == "discord.com":
        return discord_answer(asked)
    if host in HOSTS:
        return channel_answer(asked, as_json)
    if host == "api.fly.io":
        return _fly(asked)
    if host == "ghcr.io":
        return _registry(asked)
    if host.endswith(".fly.dev"):
        return _gateway(asked)
    raise Unreachable(host)


def _models(asked: Asked) -> Answered:
    traits = world.traits(asked.key)
    if {"bad", "blank"} & set(traits):
        if asked.host == "api.anthropic.com":
            return as_json(
                401,
                {"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}},
            )
        return as_json(401, {"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}})
    if "limited" in traits:
        return as_json(
            429, {"error": {"message": "You exceeded your current quota"}}, **{"retry-after": "20"}
        )
    return as_json(200, {"data": [{"id": model, "type": "model"} for model in MODELS[asked.host]]})


def _google(asked: Asked) -> Answered:
    traits = world.traits(asked.key)
    if {"bad", "blank"} & set(traits):
        error = {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}
        return as_json(400, {"error": {**error, "details": [{"reason": "API_KEY_INVALID"}]}})
    if "limited" in traits:
        return as_json(429, {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED"}})
    return as_json(
        200, {"models": [{"name": "models/gemini-3.1-pro-preview"}, {"name": "models/gemini-3.7-flash"}]}
    )


def _fly(asked: Asked) -> Answered:
    if asked.path != "/graphql" or "expired" in asked.key or "bad" in asked.key:
        return as_json(401, {"errors": [{"message": "You must be authenticated to view this."}]})
    slug = json.loads(asked.body).get("variables", {}).get("slug", "")
    with world.opened(change=False) as now:
        org = now["orgs"].get(slug)
    return as_json(200, {"data": {"organization": {"billingStatus": org["billing"]} if org else None}})


def _registry(asked: Asked) -> Answered:
    if asked.path == "/token":
        return as_json(200, {"token": "anonymous"})
    if asked.path.endswith("/tags/list"):
        return as_json(
            200, {"name": "openclaw/openclaw", "tags": [*world.IMAGES, "latest", "main", "2026.9.3-slim"]}
        )
    exists = asked.path.rpartition("/")[2] in world.IMAGES
    return as_json(
        200 if exists else 404, {"schemaVersion": 2} if exists else {"errors": [{"code": "MANIFEST_UNKNOWN"}]}
    )


def resolves(host: str) -> bool:
    """Has the name public addresses? A new address is in DNS after some seconds."""
    with world.opened(change=False) as now:
        app = now["apps"].get(host.removesuffix(".fly.dev"))
        return app is not None and any(
            ip["type"] in ("v4", "v6", "shared_v4") and ip["at"] + world.lasts(5) <= time.time()
            for ip in app["ips"]
        )


def _gateway(asked: Asked) -> Answered:
    name = asked.host.removesuffix(".fly.dev")
    if not resolves(asked.host):
        raise Unreachable(asked.host)
    with world.opened() as now:
        app = now["apps"][name]
        gateway.refresh(app)
        cloud_changing.wake(now, app)
        machine = next(iter(cloud_changing.routed(app)), None)
        inside = gateway_net.door(machine, 443) if machine is not None else 0
        if machine is None or not inside:
            raise Unreachable(asked.host)
        status, kind, text = gateway_net.through_proxy(machine, asked.path, inside)
    return Answered(status, text, {"content-type": kind} if text else {})
