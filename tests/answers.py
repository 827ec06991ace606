"""Random answers that are good, from a seed; and files that people have, with such answers written into them.

It goes over the dataclasses of ``domain/spec.py`` by itself: a truth, one of a few words, a part that is a dataclass and a
list of such need no word here. What has a form of its own (a text, a number) stands in ``OWN``; a new one that does not is
refused, so that nobody forgets it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass, replace
from functools import cache
from types import NoneType
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from claw_tui.domain.gateway_config import gateway_problems
from claw_tui.domain.model_catalogue import catalogue
from claw_tui.domain.openclaw.spec_of import read_known
from claw_tui.domain.secret_kinds import KINDS
from claw_tui.domain.spec import GatewaySpec, Route, Spec
from tests.openclaw_cases import OLD, TODAY

Rng = random.Random
FILES = {**TODAY, **OLD}
ADDRESSES = ("66.241.124.77", "2a09:8280:1::1")
EVERY_SECRET = tuple(kind.env for kind in KINDS)
TRIES = 200


class TeachTheGenerator(TypeError):
    """A field of the answers that nobody here knows good values for."""


def snowflake(rng: Rng) -> str:
    return str(rng.randrange(10**16, 10**19))


def words(rng: Rng) -> str:
    """A name as people give: it is never in the file, whatever is in it."""
    return rng.choice(("", "general", "Ünïcode 🦞", '"quoted" \\ {json}', "${NOT_A_VARIABLE}", "two\nlines"))


def name(rng: Rng) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(rng.choice(letters) for _letter in range(rng.randint(1, 12)))


def model(rng: Rng) -> str:
    if rng.random() < 0.2:
        return rng.choice(
            ("openrouter/anthropic/claude-sonnet-5", "groq/llama-4:free", "anthropic/claude-opus-5@work")
        )
    return rng.choice(catalogue(rng.choice(("2026.9.1", "2026.9.6")))).ref


def models(rng: Rng) -> tuple[str, ...]:
    return tuple(dict.fromkeys(model(rng) for _one in range(rng.choice((0, 0, 1, 2, 4)))))


def phone(rng: Rng) -> str:
    return f"+1555{rng.randrange(10**6, 10**7)}"


def person(rng: Rng) -> str:
    return "*" if rng.random() < 0.1 else snowflake(rng)


def some(rng: Rng, one: Callable[[Rng], str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one(rng) for _one in range(rng.choice((0, 1, 3)))))


def routes(rng: Rng) -> tuple[Route, ...]:
    kinds: tuple[Callable[[], Route], ...] = (
        lambda: Route(rng.choice(("discord", "telegram", "slack", "whatsapp", "signal"))),
        lambda: Route("discord", snowflake(rng)),
        lambda: Route("discord", snowflake(rng), snowflake(rng), "channel"),
        lambda: Route("telegram", "", str(rng.randrange(10**6, 10**9)), rng.choice(("direct", "group"))),
    )
    return tuple(dict.fromkeys(rng.choice(kinds)() for _one in range(rng.choice((0, 0, 1, 3)))))


WHO: dict[str, Callable[[Rng], Any]] = {  # of each channel's class
    "who": lambda rng: rng.choice(("pairing", "allowlist", "open", "disabled")),
    "groups": lambda rng: rng.choice(("off", "people", "everybody")),
}  # fmt: skip
# By class and field.
OWN: dict[str, Callable[[Rng], Any]] = {
    "Spec.app": lambda rng: f"my-{name(rng)}",
    "GatewaySpec.primary_model": model,
    "GatewaySpec.fallback_models": models,
    "GatewaySpec.max_concurrent": lambda rng: rng.choice((1, 4, 64, rng.randint(1, 64))),
    "AgentSpec.id": lambda rng: rng.choice(("main", "work", "night-shift", "_", name(rng))),
    "AgentSpec.model": lambda rng: rng.choice(("", "", model(rng))),
    "AgentSpec.workspace": lambda rng: rng.choice(("", "", f"/data/{name(rng)}", "~/w")),
    "AgentSpec.routes": routes,
    "GuildSpec.id": snowflake,
    "ChannelSpec.id": snowflake,
    "Named.id": person,
    "TelegramSpec.people": lambda rng: some(rng, lambda one: str(one.randrange(10**5, 10**12))),
    "SlackSpec.people": lambda rng: some(rng, lambda one: f"U{one.randrange(10**7, 10**9)}"),
    "WhatsAppSpec.people": lambda rng: some(rng, phone),
    "SignalSpec.people": lambda rng: some(rng, phone),
    "SlackSpec.mode": lambda rng: rng.choice(("socket", "http")),
    "SignalSpec.account": phone,
    "SignalSpec.server": lambda rng: rng.choice(("external-native", "container", "managed-native")),
    "SignalSpec.url": lambda rng: rng.choice(("http://127.0.0.1:8080", "https://signal.example.org")),
    "VoiceSpec.provider": lambda rng: rng.choice(("twilio", "telnyx", "mock")),
    "VoiceSpec.number": phone,
    "VoiceSpec.account": lambda rng: rng.choice(("AC" + "0a" * 16, "1494404757140276705")),
    "VoiceSpec.public_key": lambda rng: rng.choice(("", "bm8ga2V5")),
    "VoiceSpec.calls": lambda rng: rng.choice(("disabled", "allowlist", "pairing", "open")),
    "VoiceSpec.callers": lambda rng: some(rng, phone),
    "VoiceSpec.way": lambda rng: rng.choice(("ngrok", "tailscale-funnel", "url", "none")),
    "VoiceSpec.ngrok_domain": lambda rng: f"{name(rng)}.ngrok.app",
    "VoiceSpec.public_url": lambda rng: f"https://{name(rng)}.example.org/voice/webhook",
}  # fmt: skip
# Of these the file says nothing, or (base) another function here decides.
NOT_IN_THE_FILE = {
    "Spec.org", "Spec.region", "Spec.volume_name", "Spec.volume_gb", "Spec.vm_size", "Spec.memory_mb", "Spec.source", "Spec.version", "Spec.builder", "Spec.programs", "Spec.command",
    "Spec.secret_names", "Spec.own_fly_toml", "GatewaySpec.base",
}  # fmt: skip
OFTEN = {"enabled": 0.6}
AT_LEAST_ONE = {"GatewaySpec.agents"}


@cache
def hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def draw(kind: type, rng: Rng) -> Any:
    """One of ``kind``, a dataclass of the answers."""
    given = {
        field.name: _value(f"{kind.__name__}.{field.name}", field.name, hints(kind)[field.name], rng)
        for field in fields(kind)
        if f"{kind.__name__}.{field.name}" not in NOT_IN_THE_FILE
    }
    return kind(**given)


def _value(key: str, field: str, hint: Any, rng: Rng) -> Any:
    if key in OWN or (field in WHO and hint is str):
        return OWN.get(key, WHO.get(field, words))(rng)
    if field == "name" and hint is str:
        return words(rng)
    if hint is bool:
        return rng.random() < OFTEN.get(field, 0.5)
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Literal:
        return rng.choice(inside)
    if NoneType in inside:
        other = next(one for one in inside if one is not NoneType)
        return None if rng.random() < 0.4 else _value(key, field, other, rng)
    if origin is tuple and is_dataclass(inside[0]):
        found = [
            draw(cast("type", inside[0]), rng)
            for _one in range(rng.choice((0, 0, 1, 2, 4)) or key in AT_LEAST_ONE)
        ]
        return tuple({getattr(one, "id", index): one for index, one in enumerate(found)}.values())
    if is_dataclass(hint):
        assert isinstance(hint, type)
        return _good_part(field, hint, rng) if key.startswith("GatewaySpec.") else draw(hint, rng)
    raise TeachTheGenerator(f"{key}: teach the generator (tests/answers.py) what is good there")


def _good_part(field: str, kind: type, rng: Rng) -> Any:
    """A part of the gateway that the wizard's own rules find nothing wrong with."""
    for _try in range(TRIES):
        part = draw(kind, rng)
        if not wrong(GatewaySpec(primary_model="x/y", **{field: part})):
            return part
    raise TeachTheGenerator(f"GatewaySpec.{field}: {TRIES} times the wizard refused what the generator drew")


def wrong(gateway: GatewaySpec) -> list[tuple[str, str]]:
    return gateway_problems(gateway, EVERY_SECRET)


def some_spec(rng: Rng, version: str) -> Spec:
    """Answers for a new file."""
    spec: Spec = draw(Spec, rng)
    return replace(spec, version=version)


def edited_spec(rng: Rng, version: str) -> Spec:
    """Answers that are written into a file that somebody has: some as the file has them, some others."""
    text = json.dumps(FILES[rng.choice(list(FILES))])
    spec, there = some_spec(rng, version), read_known(text, version).gateway
    kept = {field.name: getattr(there, field.name) for field in fields(there) if rng.random() < 0.5}
    for name in [one for one in kept if wrong(replace(GatewaySpec(primary_model="x/y"), **{one: kept[one]}))]:
        del kept[name]  # the wizard would not go on with it
    if "agents" in kept and rng.random() < 0.3:
        kept["agents"] = kept["agents"][: rng.randint(1, 2)]
    return replace(spec, gateway=replace(spec.gateway, **{**kept, "base": text}))


def specs(seed: int, count: int, version: str) -> Iterable[Spec]:
    """Half of them new files, half edits."""
    for index in range(count):
        rng = random.Random(f"{seed}.{index}")
        yield (some_spec if index % 2 else edited_spec)(rng, version)


def unnamed(value: Any) -> Any:
    """Names are for people; they are not in the file."""
    if isinstance(value, tuple):
        return tuple(unnamed(one) for one in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    given = {field.name: getattr(value, field.name) for field in fields(value)}
    return replace(value, **{key: "" if key == "name" else unnamed(one) for key, one in given.items()})
