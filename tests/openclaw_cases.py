"""Files as people have them (small ones of our own, in the shapes of the guides), and today's with one thing wrong."""

from __future__ import annotations

import copy
import json
from typing import Any

Json = dict[str, Any]


def ref(name: str) -> Json:
    return {"source": "env", "provider": "default", "id": name}


GATEWAY: Json = {
    "mode": "local", "bind": "lan", "port": 3000, "publicOrigin": "https://a.fly.dev",
    "auth": {"mode": "token", "token": ref("OPENCLAW_GATEWAY_TOKEN")},
    "controlUi": {"allowedOrigins": ["https://a.fly.dev", "http://localhost:3000"]},
    "trustedProxies": ["172.16.0.0/16"],
}  # fmt: skip
MODEL: Json = {"primary": "anthropic/claude-opus-5", "fallbacks": ["anthropic/claude-sonnet-5"]}
DISCORD: Json = {
    "enabled": True, "token": ref("DISCORD_BOT_TOKEN"), "dmPolicy": "pairing", "groupPolicy": "allowlist",
    "guilds": {"123456789012345678": {
        "slug": "home", "requireMention": True, "users": ["987654321098765432"],
        "channels": {"223456789012345678": {"enabled": True, "requireMention": False}, "323456789012345678": {"enabled": True}},
    }},
}  # fmt: skip
TELEGRAM: Json = {
    "enabled": True, "botToken": ref("TELEGRAM_BOT_TOKEN"), "dmPolicy": "pairing", "groups": {"*": {"requireMention": True}},
}  # fmt: skip
WHATSAPP: Json = {
    "enabled": True, "dmPolicy": "pairing", "allowFrom": ["+15551234567"], "groupPolicy": "allowlist",
    "groupAllowFrom": ["+15551234567"],
}  # fmt: skip
SIGNAL: Json = {
    "enabled": True, "account": "+15551234567", "transport": {"kind": "external-native", "url": "http://127.0.0.1:8080"},
    "dmPolicy": "pairing", "allowFrom": ["+15557654321"],
}  # fmt: skip
SLACK: Json = {
    "enabled": True, "mode": "socket", "botToken": ref("SLACK_BOT_TOKEN"), "appToken": ref("SLACK_APP_TOKEN"),
    "dmPolicy": "pairing", "groupPolicy": "allowlist", "channels": {"C0123456789": {"enabled": True, "requireMention": True}},
}  # fmt: skip
VOICE: Json = {
    "enabled": True, "provider": "twilio", "fromNumber": "+15550001234", "toNumber": "+15550005678",
    "twilio": {"accountSid": "AC" + "0" * 32, "authToken": ref("TWILIO_AUTH_TOKEN")},
    "inboundPolicy": "allowlist", "allowFrom": ["+15550005678"], "serve": {"port": 3334, "path": "/voice/webhook"},
    "tunnel": {"provider": "ngrok", "ngrokDomain": "example.ngrok.app"},
    "webhookSecurity": {"allowedHosts": ["example.ngrok.app"]}, "outbound": {"defaultMode": "notify"},
}  # fmt: skip


def today(channels: Json | None = None, *, plugins: Json | None = None, **more: Any) -> Json:
    """A file of 2026.9."""
    entries = {name: {"enabled": True} for name in channels or {} if name != "telegram"} | (plugins or {})
    return {
        "gateway": more.pop("gateway", GATEWAY), "agents": more.pop("agents", {"defaults": {"model": MODEL}, "entries": {"main": {}}}),
        **({"channels": channels} if channels else {}), **({"plugins": {"entries": entries}} if entries else {}), **more, "meta": {},
    }  # fmt: skip


# One for each of the shapes that OpenClaw 2026.9.6 was asked about (see its documentation's examples).
TODAY: dict[str, Json] = {
    "minimal": today(),
    "three companies": today(agents={
        "defaults": {"model": {**MODEL, "fallbacks": ["openai/gpt-5.6-sol", "google/gemini-3.1-pro-preview"]}}, "entries": {"main": {}},
    }),
    "discord": today({"discord": DISCORD}, commands={"ownerAllowFrom": ["discord:987654321098765432"]}),
    "discord by names": today({"discord": {"enabled": True, "groupPolicy": "allowlist", "guilds": {
        "123456789012345678": {"requireMention": False, "channels": {"general": {"enabled": True}}},
    }}}),
    "telegram": today({"telegram": TELEGRAM}),
    "whatsapp": today({"whatsapp": WHATSAPP}),
    "signal": today({"signal": SIGNAL}),
    "signal, managed": today({"signal": {**SIGNAL, "transport": {"kind": "managed-native", "cliPath": "signal-cli"}}}),
    "slack": today({"slack": SLACK}),
    "slack by http": today({"slack": {
        "enabled": True, "mode": "http", "botToken": ref("SLACK_BOT_TOKEN"), "signingSecret": ref("SLACK_SIGNING_SECRET"),
        "webhookPath": "/slack/events",
    }}),
    "phone": today(plugins={"voice-call": {"enabled": True, "config": VOICE}}),
    "phone by telnyx": today(plugins={"voice-call": {"enabled": True, "config": {
        "provider": "telnyx", "fromNumber": "+15550001234", "telnyx": {"apiKey": "${TELNYX_API_KEY}", "connectionId": "1", "publicKey": "x"},
        "tailscale": {"mode": "funnel", "port": 8443, "path": "/voice/webhook"}, "webhookSecurity": {"allowedHosts": ["a.ts.net"]},
    }}}),
    "private": today(gateway={k: v for k, v in GATEWAY.items() if k not in ("publicOrigin", "trustedProxies")}),
    "with own addresses": today(gateway={**GATEWAY, "trustedProxies": ["172.16.0.0/16", "66.241.124.77", "2a09:8280:1::1"]}),
    "several agents": today({"discord": DISCORD, "telegram": TELEGRAM}, agents={
        "ownership": "explicit", "defaults": {"model": MODEL, "heartbeat": {"agentId": "main"}},
        "entries": {"main": {}, "work": {"model": "openai/gpt-5.6-sol", "workspace": "/data/work"}},
    }, bindings=[
        {"type": "route", "agentId": "work", "match": {"channel": "discord", "guildId": "123456789012345678"}},
        {"type": "route", "agentId": "main", "match": {"channel": "telegram", "peer": {"kind": "direct", "id": "42"}}},
        {"type": "route", "agentId": "main", "match": {"channel": "discord", "accountId": "*"}},
    ]),
    "everything": today(
        {"discord": DISCORD, "telegram": TELEGRAM, "whatsapp": WHATSAPP, "signal": SIGNAL, "slack": SLACK},
        bindings=[{"type": "route", "agentId": "main", "match": {"channel": "discord"}}],
        commands={"ownerAllowFrom": ["discord:987654321098765432"]},
    ),
}  # fmt: skip


def guide(primary: str, version: str, **more: Any) -> Json:
    """The guides' file of January and February 2026."""
    return {
        "agents": {
            "defaults": {"model": {"primary": primary, "fallbacks": ["anthropic/claude-sonnet-4-5", "openai/gpt-4o"]}, "maxConcurrent": 4},
            "list": [{"id": "main", "default": True}],
        },
        "auth": {"profiles": {
            "anthropic:default": {"mode": "token", "provider": "anthropic"}, "openai:default": {"mode": "token", "provider": "openai"},
        }},
        "bindings": [{"agentId": "main", "match": {"channel": "discord"}}],
        "channels": {"discord": {"enabled": True, "groupPolicy": "allowlist", "guilds": {
            "123456789012345678": {"channels": {"general": {"allow": True}}, "requireMention": False},
        }}},
        "gateway": {"mode": "local", "bind": "auto"},
        "meta": {"lastTouchedVersion": version},
        **more,
    }  # fmt: skip


PHONE_OF_THE_GUIDE: Json = {"entries": {"voice-call": {"enabled": True, "config": {
    "provider": "twilio", "tunnel": {"provider": "ngrok"}, "webhookSecurity": {"allowedHosts": ["example.ngrok.app"]},
}}}}  # fmt: skip

# What somebody had who used it for a while. Every secret in it begins with "hush".
LIVED_IN: Json = {
    "meta": {"lastTouchedVersion": "2026.1.29", "lastTouchedAt": "2026-01-29T10:00:00Z"},
    "wizard": {"lastRunAt": "2026-01-29T00:00:00Z", "lastRunVersion": "2026.1.29", "lastRunCommand": "onboard", "lastRunMode": "local"},
    "auth": {"profiles": {"anthropic:me@example.org": {"mode": "oauth", "provider": "anthropic", "email": "me@example.org"}}},
    "agents": {
        "defaults": {
            "model": {"primary": "anthropic/claude-opus-4-5"}, "models": {"anthropic/claude-opus-4-5": {"alias": "opus"}},
            "workspace": "/data/workspace", "compaction": {"mode": "safeguard"}, "maxConcurrent": 4, "subagents": {"maxConcurrent": 8},
            "memorySearch": {"enabled": False}, "heartbeat": {"every": "30m"},
        },
        "list": [
            {"id": "main", "default": True, "name": "Main", "model": "opus", "identity": {"name": "M", "emoji": "🦞"}},
            {"id": "Night Shift", "workspace": "~/.clawdbot/night", "model": {"primary": "openai/gpt-4o"}},
        ],
    },
    "bindings": [
        {"agentId": "night-shift", "match": {"channel": "discord", "peer": {"kind": "dm", "id": "42"}}},
        {"agentId": "night-shift", "match": {"channel": "telegram", "accountId": "*"}},
    ],
    "env": {"OPENAI_API_KEY": "hush-openai", "TZ": "Europe/Berlin"},
    "tools": {"web": {"search": {"enabled": True, "apiKey": "hush-brave"}}},
    "messages": {"ackReaction": "👀", "queue": {"mode": "collect"}},
    "skills": {"entries": {"sag": {"apiKey": "hush-sag", "env": {"K": "v"}}}},
    "hooks": {"enabled": True, "token": "hush-hooks-hush-hooks-hush", "path": "/hooks"},
    "session": {"scope": "per-sender", "dmScope": "main", "reset": {"mode": "daily"}},
    "gateway": {
        "mode": "local", "port": 3000, "bind": "lan", "auth": {"mode": "token", "token": "hush-gateway-hush-gateway"},
        "controlUi": {"enabled": True, "allowInsecureAuth": True}, "tailscale": {"mode": "off", "resetOnExit": False},
    },
    "plugins": {"entries": {"voice-call": {"enabled": True, "config": {
        "provider": "twilio", "twilio": {"accountSid": "AC" + "0" * 32, "authToken": "hush-twilio", "from": "+15550001234"},
        "tunnel": {"provider": "ngrok", "ngrokAuthToken": "hush-ngrok"}, "agentId": "main",
    }}}},
    "channels": {
        "discord": {
            "enabled": True, "token": "hush-discord", "groupPolicy": "allowlist", "dm": {"enabled": True, "policy": "allowlist", "allowFrom": ["1"]},
            "guilds": {"123456789012345678": {"requireMention": True, "channels": {"3": {"allow": True}, "4": {"allow": False}}}},
            "retry": {"attempts": 3}, "historyLimit": 20,
        },
        "telegram": {
            "enabled": True, "botToken": "hush-telegram", "dmPolicy": "pairing", "streamMode": "partial", "draftChunk": {"minChars": 200},
            "groups": {"*": {"requireMention": False}}, "accounts": {"work": {"botToken": "hush-work"}},
        },
        "whatsapp": {"dmPolicy": "pairing", "allowFrom": ["+15555550123"], "chunkMode": "length", "debounceMs": 500, "messagePrefix": "x",
                     "ackReaction": {"emoji": "👀"}},
        "slack": {"enabled": True, "botToken": "hush-slack", "appToken": "hush-app", "dm": {"policy": "pairing"},
                  "channels": {"C1": {"allow": True, "requireMention": True}}},
        "signal": {"enabled": True, "account": "+15551234567", "autoStart": True, "cliPath": "signal-cli", "httpPort": 8080},
    },
}  # fmt: skip

JANUARY: dict[str, Json] = {
    "guide, en": guide("anthropic/claude-opus-4-5", "2026.1.29"),
    "guide, fr": guide("anthropic/claude-opus-4-5", "2026.1.29", plugins={"entries": {"voice-call": {
        "enabled": True, "config": {"provider": "twilio", "tunnel": {"provider": "ngrok"}},
    }}}),
    "guide, nl": guide("anthropic/claude-opus-4-6", "2026.1.29", plugins=PHONE_OF_THE_GUIDE),
    "guide, sv": guide("anthropic/claude-opus-4-6", "2026.1.29", plugins=PHONE_OF_THE_GUIDE),
    "guide, clawdbot": guide("anthropic/claude-opus-4-5", "2026.1.25", gateway={
        "mode": "local", "bind": "auto", "auth": {"token": "${CLAWDBOT_GATEWAY_TOKEN}"},
    }),
    "lived in": LIVED_IN,
    "two agents, none marked": {"agents": {"list": [{"id": "a"}, {"id": "b"}]}, "channels": {"telegram": {"enabled": True}}},
}  # fmt: skip

# Clawdbot's of 2025, which 2026.1 itself still took over; 2026.9 does not.
CLAWDBOT: dict[str, Json] = {
    "one agent": {
        "agent": {"model": "anthropic/claude-opus-4-5", "workspace": "~/.clawdbot/clawd"}, "identity": {"name": "Clawd"},
        "routing": {
            "allowFrom": ["+15550001111"], "groupChat": {"mentionPatterns": ["@clawd"]},
            "bindings": [{"agentId": "main", "match": {"provider": "whatsapp"}}],
        },
        "whatsapp": {"groups": {"*": {"requireMention": True}}}, "telegram": {"enabled": True, "botToken": "hush-telegram"},
        "gateway": {"bind": "0.0.0.0", "token": "hush-gateway-hush-gateway"},
    },
    "agents by names": {
        "routing": {"agents": {"home": {"workspace": "~/clawd"}, "work": {"workspace": "~/clawd-work"}}, "defaultAgentId": "work"},
        "discord": {"enabled": True, "token": "hush-discord"}, "gateway": {"mode": "local"},
    },
}  # fmt: skip

OLD = {**JANUARY, **{f"clawdbot, {name}": config for name, config in CLAWDBOT.items()}}

GONE = object()
OF_NOBODY = [{"agentId": "nobody", "match": {"channel": "discord"}}]
TWO: Json = {"defaults": {"model": MODEL}, "entries": {"main": {}, "work": {}}}
BROKEN: tuple[tuple[str, Any], ...] = (
    ("gatway", {}), ("whatsapp", {}), ("agent", {}), ("gateway", []), ("gateway.bindd", "lan"), ("gateway.bind", "everywhere"),
    ("gateway.bind", "0.0.0.0"), ("gateway.mode", "near"), ("gateway.port", "3000"), ("gateway.port", 0), ("gateway.port", 70000),
    ("gateway.port", 3000.5), ("gateway.auth.mode", "hope"), ("gateway.auth.token", 5), ("gateway.auth.tokens", "x"),
    ("gateway.auth.token", {"source": "env", "id": "X"}), ("gateway.auth.token", ref("lower")),
    ("gateway.auth.token", {"source": "cloud", "provider": "default", "id": "X"}), ("gateway.token", "x"), ("gateway.publicOrigin", 5),
    ("gateway.controlUi.allowedOrigins", "https://a.fly.dev"), ("gateway.controlUi.allowedOrigins", [5]),
    ("gateway.controlUi.allowInsecureAuth", True), ("gateway.trustedProxies", "172.16.0.0/16"),
    ("gateway.tailscale", {"mode": "funnel"}), ("gateway.tailscale", {"mode": "maybe"}), ("gateway.tailscale", {"mode": "off", "resetOnExit": True}),
    ("agents.entries.Not Good", {}), ("agents.entries.main.model", 5), ("agents.entries.main.modle", "x"), ("agents.entries.main.workspace", 5),
    ("agents.entries.main", "main"), ("agents.list", [{"id": "main"}]), ("agents", TWO), ("agents.ownership", "mine"),
    ("agents.defaults.model", {"first": "x/y"}), ("agents.defaults.model.fallbacks", "x/y"), ("agents.defaults.maxConcurrent", 0),
    ("agents.defaults.maxConcurrent", "4"), ("agents.defaults.maxConcurrent", 1.5), ("agents.defaults.memorySearch", {}),
    ("agents", {"ownership": "explicit"}), ("agents.defaults.heartbeat", {"agentId": "nobody"}), ("agents.defaults.systemAgent", {"agentId": "nobody"}),
    ("bindings", {}), ("bindings", [{"match": {"channel": "discord"}}]), ("bindings", [{"agentId": "main", "match": {}}]),
    ("bindings", OF_NOBODY),
    ("bindings", [{"agentId": "main", "match": {"channel": "discord", "peer": {"kind": "dm", "id": "1"}}}]),
    ("bindings", [{"agentId": "main", "match": {"channel": "discord", "guildId": 5}}]),
    ("bindings", [{"type": "rout", "agentId": "main", "match": {"channel": "discord"}}]),
    ("channels.discord.groupPolicy", "maybe"), ("channels.discord.dmPolicy", "all"), ("channels.discord.guilds", []),
    ("channels.discord.guilds.123456789012345678.channels.5", {"allow": True}),
    ("channels.discord.guilds.123456789012345678.requireMention", "yes"), ("channels.discord.enabled", "yes"),
    ("channels.discord.dm", {"policy": "open"}), ("channels.discord.tokn", "x"), ("channels.telegram.streamMode", "partial"),
    ("channels.telegram.groups.*.requireMention", 1), ("channels.telegram.botTokn", "x"), ("channels.slack.mode", "smoke"),
    ("channels.slack.channels.C0123456789", {"allow": True}), ("channels.whatsapp.chunkMode", "length"),
    ("channels.whatsapp.allowFrom", "+15551234567"), ("channels.signal.httpUrl", "http://127.0.0.1:8080"),
    ("channels.signal.transport", {}), ("channels.signal.transport", {"kind": "smoke"}),
    ("channels.signal.transport", {"kind": "external-native", "url": "nowhere"}), ("channels.pigeon", {"enabled": True}),
    ("plugins.entries.discord", {"enabld": True}), ("plugins.entries.discord", True), ("plugins.entries", []), ("plugins.allow", "discord"),
    ("meta.lastTouchedAt", "2026-01-29T00:00:00Z"), ("meta", 5), ("env", {"OPENAI_API_KEY": "x"}),
    ("auth", {"profiles": {"a:b": {"provider": "a", "mode": "hope"}}}), ("auth", {"profiles": {"a:b": {"mode": "token"}}}),
)  # fmt: skip

# What OpenClaw takes, odd as it looks.
FINE: tuple[tuple[str, Any], ...] = (
    ("gateway.bind", "auto"), ("gateway.bind", "custom"), ("meta", GONE), ("agents.entries", GONE), ("gateway.auth.token", "x" * 30),
    ("gateway.auth.mode", GONE), ("agents.defaults.model", "nonsense"), ("channels.discord.dmPolicy", "open"),
    ("channels.whatsapp.dmPolicy", "allowlist"), ("channels.slack", {"enabled": True, "mode": "http"}),
    ("plugins.entries.nonesuch", {"enabled": True}), ("plugins.entries.voice-call", {"enabled": True, "config": {"provider": "smoke"}}),
    ("auth", {"profiles": {"anthropic:default": {"mode": "token", "provider": "anthropic"}}}),
    ("bindings", [{"agentId": "main", "match": {"channel": "pigeon"}}]), ("env", {"vars": {"TZ": "Europe/Berlin"}}),
    ("bindings", [{"agentId": "Main", "match": {"channel": "discord"}}]),
)  # fmt: skip


def changed(path: str, value: Any, base: Json = TODAY["everything"]) -> Json:
    """Everything, with one thing otherwise."""
    config = copy.deepcopy(base)
    *way, last = path.split(".")
    node: Any = config
    for key in way:
        node = node.setdefault(key, {})
    if value is GONE:
        node.pop(last, None)
    else:
        node[last] = value
    return config


def name_of(case: tuple[str, Any]) -> str:
    return f"{case[0]}={'gone' if case[1] is GONE else json.dumps(case[1])[:40]}"
