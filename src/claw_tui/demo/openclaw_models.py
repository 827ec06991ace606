"""Which companies' models a simulated gateway can use, and how ``openclaw models status`` tells of it."""

from __future__ import annotations

from claw_tui.demo import gateway_words as words
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.programs import config_path, in_state
from claw_tui.demo.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PROVIDERS = {
    "ANTHROPIC_API_KEY": "anthropic", "ANTHROPIC_OAUTH_TOKEN": "anthropic", "OPENAI_API_KEY": "openai",
    "GEMINI_API_KEY": "google", "GOOGLE_API_KEY": "google", "XAI_API_KEY": "xai", "OPENROUTER_API_KEY": "openrouter",
    "GROQ_API_KEY": "groq", "MISTRAL_API_KEY": "mistral",
}  # fmt: skip
LOGINS = "logins"  # of a volume: providers for which ``models auth`` has written a profile into OpenClaw's database


def opened(app: World, machine: World, files: SimulatedFiles) -> dict[str, str]:
    """By provider, where its key comes from: the name of a variable, or nothing for a profile.

    A variable is a secret, one of the machine's own, or a line of ``.env`` in the state's folder.
    """
    lines = (files.read(in_state(machine, "/data/.env")) or "").splitlines()
    own = [line.partition("=")[0].strip() for line in lines if line.partition("=")[2]]
    found = {PROVIDERS[name]: name for name in (*own, *machine["env"], *app["secrets"]) if name in PROVIDERS}
    for volume in app["volumes"]:
        if volume["id"] in [mount["volume"] for mount in machine["mounts"]]:
            found |= dict.fromkeys(volume.get(LOGINS, ()), "")
    return found


def status(
    app: World, machine: World, files: SimulatedFiles, config: dict[str, Any] | None
) -> dict[str, Any]:
    """``models status --json``. Of a key it shows the first and last letters."""
    model, old = words.primary_model(machine, config), words.january(machine)
    found, provider = opened(app, machine, files), model.partition("/")[0]
    missing = [provider] if old and provider not in found else []  # later ones only say that they can't tell
    auth: dict[str, Any] = {
        "storePath": in_state(machine, "/data/agents/main/agent/" + ("auth-profiles.json" if old else "openclaw-agent.sqlite")),
        "shellEnvFallback": {"enabled": False, "appliedKeys": []}, "providersWithOAuth": [], "missingProvidersInUse": missing,
        "providers": [_provider(*one) for one in sorted(found.items())], "unusableProfiles": [],
        "oauth": {"warnAfterMs": 86400000, "profiles": [], "providers": []},
    }  # fmt: skip
    answer: dict[str, Any] = {
        "configPath": config_path(machine, files), "agentDir": in_state(machine, "/data/agents/main/agent"), "defaultModel": model,
        "resolvedDefault": model, "fallbacks": [], "imageModel": None, "imageFallbacks": [], "aliases": {}, "allowed": [],
        "auth": auth,
    }  # fmt: skip
    if not old:
        auth |= {"modelRouteIssues": [], "runtimeAuthRoutes": []}
        answer["aliases"] = {"opus": "anthropic/claude-opus-5", "sonnet": "anthropic/claude-sonnet-5"}
        answer["utilityModel"] = {"ref": None, "source": "provider-default"}
    return answer


def _provider(name: str, variable: str) -> dict[str, Any]:
    shown = "sim-simu...mulated0"
    kind = (
        {"kind": "env", "detail": shown}
        if variable
        else {"kind": "profiles", "detail": "/data/state/openclaw.sqlite"}
    )
    labels = [] if variable else [f"{name}:manual=token:{shown}"]
    about: dict[str, Any] = {
        "provider": name, "effective": kind,
        "profiles": {"count": len(labels), "oauth": 0, "token": len(labels), "apiKey": 0, "labels": labels},
    }  # fmt: skip
    return {**about, "env": {"value": shown, "source": f"env: {variable}"}} if variable else about
