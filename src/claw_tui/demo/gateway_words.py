"""What the two generations of the gateway say: 2026.9's words and January's. Held against recordings of the real ones.

Fewer lines than the real one says, never others (tests/demo/test_recordings.py).
"""

from __future__ import annotations

import re

from claw_tui.demo.programs import is_old, program
from claw_tui.demo.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from claw_tui.demo.openclaw_config import Issue

NUMBER = re.compile(r":(\d{4}\.\d+\.\d+)")
ENDS_AFTER_INSTALLING = "2026.9.1"  # later ones go on by themselves
RESTARTING = (
    "gateway.mode",
    "gateway.bind",
    "gateway.port",
    "gateway.auth.token",
    "gateway.auth.mode",
    "plugins.",
)
PLUGINS = "browser, canvas, device-pair, memory-core, ollama, openai, talk-voice, telegram, xai"


def january(machine: World) -> bool:
    return is_old(machine)


def version(machine: World) -> str:
    """Of a build from source nobody knows: it counts as the version that is deployed most."""
    found = NUMBER.search(machine["image"])
    return found.group(1) if found else program(machine).version.partition("-")[0] or ENDS_AFTER_INSTALLING


def newer(machine: World) -> bool:
    """Is it newer than 2026.9.1?"""
    numbers = [[int(part) for part in text.split(".")] for text in (version(machine), ENDS_AFTER_INSTALLING)]
    return numbers[0] > numbers[1]


def primary_model(machine: World, config: dict[str, Any] | None) -> str:
    """Without a choice each version has its own."""
    model = ((config or {}).get("agents") or {}).get("defaults", {}).get("model") or {}
    chosen = str(model if isinstance(model, str) else model.get("primary", ""))
    if chosen:
        return chosen
    if january(machine):
        return "anthropic/claude-opus-4-5"
    return "openai/gpt-6-astra" if newer(machine) else "openai/gpt-5.6-sol"


KNOWN_MODELS = re.compile(
    r"anthropic/claude-(opus-5(-5)?|fable-5(-1)?|sonnet-5|mythos-5|opus-4-8|haiku-4-5)"
    r"|openai/gpt-(6-(astra|sol|luna)|5\.6-(sol|terra|luna)|5\.5(-pro)?|5\.4(-pro|-mini|-nano)?)"
)


def unknown(model: str) -> bool:
    """Of the companies whose lists are known here; the other ones' models count as known."""
    return model.startswith(("anthropic/", "openai/")) and not KNOWN_MODELS.fullmatch(model)


PREPARING = (
    "[gateway] loading configuration…", "[gateway] resolving authentication…", "[gateway] starting...",
)  # fmt: skip


def listens(machine: World, config: dict[str, Any] | None, took: float) -> tuple[str, ...]:
    old, day = january(machine), "{day}"
    model = primary_model(machine, config)
    if old:
        return (
            f"[gateway] agent model: {model}",
            "[gateway] listening on ws://0.0.0.0:3000 (PID 640)",
            f"[gateway] log file: {program(machine).log(day)}",
        )
    thinking = "high" if model.startswith("anthropic/") else "medium"
    return (
        f"[gateway] agent model: {model} (thinking={thinking}, fast=off)",
        f"[gateway] http server listening ({len(PLUGINS.split(', '))} plugins: {PLUGINS}; {took:.1f}s)",
        f"[gateway] log file: /tmp/openclaw/openclaw-{day}.log",
    )


def installed(machine: World) -> tuple[str, ...]:
    """At the end of a first start that had plugins to install; empty when the gateway just goes on."""
    if newer(machine):
        return ()
    return (
        "OpenClaw plugin migration inputs changed during startup convergence; refusing to report the gateway ready. Restart "
        "OpenClaw so state migrations run against the final config and plugin inventory.",
    )


NOT_INSTALLED = '- Failed to install missing configured plugin "{name}" from @openclaw/{name}: npm view failed: npm error code ECONNREFUSED'
NO_TRUST = (
    "[gateway] configured channel warning: channels.{name}: channel is configured, but external plugin "
    '"{name}" is installed without explicit trust. Add plugins.entries.{name}.enabled=true. '
    "Fix plugin enablement before relying on setup guidance for this channel."
)
NO_PLUGIN = (
    "[gateway] configured channel warning: channels.{name} is configured but no channel plugin is installed or loadable"
    " (no-channel-owner). Run `openclaw doctor --fix` or install the channel plugin before relying on this channel."
)


def no_config(machine: World) -> tuple[str, ...]:
    said = f"Missing config. Run `{program(machine).name} setup` or set gateway.mode=local (or pass --allow-unconfigured)."
    return (said,) if january(machine) or newer(machine) else (*PREPARING[:2], said)


UNRESOLVED = (
    "[secrets] [SECRETS_DEGRADED] cold gateway:ingress-auth: secret reference was not found. Retry: openclaw secrets reload.",
    "Gateway failed to start: Startup failed: required secrets are unavailable.. Run openclaw gateway status --deep for"
    " diagnostics.",
)


BOTH_MODES = (
    *PREPARING[:2],
    "Gateway failed to start: gateway auth mode is trusted-proxy, but a shared token is also configured; remove gateway.auth.token /"
    " OPENCLAW_GATEWAY_TOKEN because trusted-proxy and token auth are mutually exclusive",
)


def unresolved(paths: list[str], name: str) -> tuple[str, ...]:
    """A change to a token that is not set: the gateway goes on with what it has."""
    why = f'SecretRefResolutionError: Environment variable "{name}" is missing or empty.'
    return (
        f"[reload] config change detected; evaluating reload ({', '.join(paths)})",
        UNRESOLVED[0],
        f"[reload] config restart failed: {why}",
        f"[reload] config reload failed: {why}",
    )


def token_name(machine: World, config: dict[str, Any] | None) -> str:
    """The variable that the gateway takes its token from."""
    token = (((config or {}).get("gateway") or {}).get("auth") or {}).get("token")
    return str(token.get("id", "")) if isinstance(token, dict) else program(machine).token


NO_CREDENTIALS = (
    "gateway channels.status requires credentials before opening a websocket\n"
    "Fix: configure gateway.auth token/password, pair this device, or pass --token/--password."
)


def no_token(machine: World) -> tuple[str, ...]:
    if program(machine).name != "openclaw":
        return (
            "Refusing to bind gateway to lan without auth.",
            f"Set gateway.auth.token (or {program(machine).token}) or pass --token.",
        )
    if january(machine):
        return (
            "Gateway auth is set to token, but no token is configured.",
            "Set gateway.auth.token (or OPENCLAW_GATEWAY_TOKEN), or pass --token.",
        )
    return (
        *PREPARING[:2], "Refusing to bind gateway to lan without auth.",
        "Container environment detected — the gateway defaults to bind=auto (0.0.0.0) for port-forwarding compatibility.",
        # The stars are the gateway's own: it takes these words for a secret.
        "Set OPENCLAW_GATEWAY_TOKEN or OPENCLAW_GATEWAY_PASSWORD, or pass --token/--password *** start with auth.",
    )  # fmt: skip


def unreadable(machine: World, path: str) -> tuple[str, ...]:
    if january(machine):
        return (f"Failed to read config at {path} Error: EACCES: permission denied, open '{path}'",)
    return (
        f"read failed: Error: EACCES: permission denied, open '{path}'",
        "Config file is not readable by the current process. If running in a container",
        "or 1-click deployment, fix ownership with:",
        f'  chown 1000 "{path}"',
        "Then restart the gateway.",
        *PREPARING,
        f"Gateway failed to start: Invalid config at {path}:",
        *ADVICE,
    )


ADVICE = (
    'Run "openclaw doctor --fix" to repair, then retry.',
    "If startup is still blocked, inspect the adjacent .bak backup before restoring it manually.",
)


def _old_invalid(name: str, path: str, issues: list[Issue]) -> tuple[str, ...]:
    said = [f"{issue['path']}: {issue['message']}" for issue in issues]
    # A backslash and an n: January's says it so.
    first = f"Invalid config at {path}:" + "".join(f"\\n- {line}" for line in said)
    if issues[0]["path"] == "<root>":
        first = f"Failed to read config at {path} " + issues[0]["message"].removeprefix(
            "JSON5 parse failed: "
        )
    return (
        first, "Config invalid", f"File: {path}", "Problem:", *(f"  - {line}" for line in said), f"Run: {name} doctor --fix",
    )  # fmt: skip


def invalid(machine: World, path: str, text: str, issues: list[Issue]) -> tuple[str, ...]:
    if january(machine):
        return _old_invalid(program(machine).name, path, issues)
    found = []
    for issue in issues:
        key = re.search(r'"([^"]+)"$', issue["message"])
        line = text[: text.find(f'"{key.group(1)}"')].count("\n") + 1 if key else 0
        where = f"{path.rpartition('/')[2]}:{line} — " if line else ""
        found.append(f"{where}{issue['path']}: {issue['message']}")
    return (*PREPARING, f"Gateway failed to start: Invalid config at {path}:", *found, *ADVICE)


def refusal_code(machine: World) -> int:
    return 1 if january(machine) else 78


def stopping(machine: World) -> tuple[str, ...]:
    if january(machine):
        return ("[gateway] signal SIGTERM received", "[gateway] received SIGTERM; shutting down")
    return ("[gateway] received SIGTERM; shutting down", "[shutdown] completed cleanly in 540ms")


def needs_restart(machine: World, path: str) -> bool:
    """Does a change at this path restart the gateway inside its process? January's always."""
    if january(machine):
        return True
    if not newer(machine):
        return path.startswith(("gateway", "plugins"))
    return path in ("gateway", "plugins", "gateway.auth") or path.startswith(RESTARTING)


def skipped(issues: list[Issue]) -> tuple[str, ...]:
    """A changed file that is not taken over."""
    return tuple(
        f"[reload] config reload skipped (invalid config): {issue['path']}: {issue['message']}"
        for issue in issues[:1]
    )


SUPERSEDED = (
    "[reload] config reload superseded: GatewayConfigReloadSupersededError: "
    "config reload superseded by a newer runtime config source"
)


def reloading(machine: World, paths: list[str], *, restart: bool) -> tuple[str, ...]:
    where = ", ".join(paths)
    seen = f"[reload] config change detected; evaluating reload ({where})"
    if not restart:
        return (seen,)
    if january(machine):
        return (
            seen, f"[reload] config change requires gateway restart ({where})", "[gateway] signal SIGUSR1 received",
            "[gateway] received SIGUSR1; restarting",
        )  # fmt: skip
    return (
        seen, f"[reload] config change requires gateway restart ({where}) — preparing",
        "[gateway] received SIGUSR1; restarting", "[shutdown] completed cleanly in 150ms",
        "[gateway] restart mode: in-process restart (container: use in-process restart to keep PID 1 alive)",
    )  # fmt: skip


def reloaded(paths: list[str]) -> str:
    return f"[reload] config hot reload applied ({', '.join(paths)})"


def changed_paths(old: dict[str, Any] | None, new: dict[str, Any], way: str = "") -> list[str]:
    """Where two configs differ, as deep as both have a section."""
    found = []
    for key in {**(old or {}), **new}:
        before, after = (old or {}).get(key), new.get(key)
        if before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            found += changed_paths(before, after, f"{way}{key}.")
        else:
            found.append(f"{way}{key}")
    return found
