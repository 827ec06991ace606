"""Worlds that are broken the way it happens in life, each with its cause. Written from the facts, not from the doctor's checks."""

from __future__ import annotations

from tests.doctor import file_ways as files
from tests.doctor import owner_ways, ways
from tests.doctor.file_ways import edited, then_restart
from tests.doctor.making import ssh, visit
from tests.doctor.ways import (
    GATEWAY,
    browser_came,
    env,
    no_secret,
    one_after_another,
    secret,
    somebody_wrote,
    update,
)
from tests.doctor.world import (
    BAD_BOT,
    BAD_KEY,
    EITHER,
    NO_INTENT,
    PRIVATE,
    TOKEN,
    YOU,
    Broken,
    answers,
    app_has,
    both,
    channels_say,
    command_says,
    ended_with,
    file_is,
    of,
    owned,
    says,
    state,
)
from tests.engine.clawdbot import APP as CLAWDBOT

REFUSED = r"\[PC01\] instance refused connection"
ODD_ORIGINS = ["http://localhost:18789", "http://127.0.0.1:18789"]

ACCOUNT = (
    Broken("the login has expired", "not-logged-in", lambda: None, state("started"), YOU, token="fo1_expired-token"),
    Broken("destroyed from another computer", "app-missing", ways.app_destroyed, lambda: visit() is None, YOU),
    Broken("an organization on trial", "trial-organization", ways.trial_is_over, both(state("stopped"), says("Trial machine stopping")), YOU),
)  # fmt: skip
MACHINE = (
    Broken("the machine was destroyed", "no-machine", ways.machine_destroyed, app_has(lambda app: not app["machines"])),
    Broken("stopped by hand", "machine-stopped", ways.stopped, state("stopped")),
    Broken("stopped with claw-tui", "machine-stopped", one_after_another(ways.cordoned, ways.stopped), both(state("stopped"), of("cordoned", True)), YOU),
    Broken("cordoned while it runs", "machine-stopped", ways.cordoned, both(state("started"), of("cordoned", True))),
    Broken("left in rescue", "rescue-left", ways.rescued, both(state("started"), of("entrypoint.0", "/bin/sh"))),
    Broken("a deploy was cut off, its lease is left", "lease-held", ways.lease_left, of("lease.owner", "you@example.com"), EITHER),
    Broken("scaled to two", "two-machines", ways.second_machine, app_has(lambda app: len(app["machines"]) == 2), EITHER),
    Broken("512 MB", "oom-killed", update("--vm-memory", "512"), both(ended_with(137, oom=True), says("Out of memory"))),
    Broken("768 MB: killed once it listens", "oom-killed", update("--vm-memory", "768"), both(ended_with(137, oom=True), says("(?s)listening.*OOM killed"))),
    Broken("a small heap", "oom-heap", env(NODE_OPTIONS="--max-old-space-size=256"), both(ended_with(134), says("heap out of memory"))),
    Broken("1 GB, and it dies now and then", "memory-small", one_after_another(update("--vm-memory", "1024"), ways.died_silently), both(state("started"), of("guest.memory_mb", 1024))),
    Broken("no token at all", "start-refused-token", one_after_another(edited(gateway__auth=None), no_secret(TOKEN)), both(ended_with(78), says("Refusing to bind gateway to lan without auth")), EITHER),
    Broken("the secret of the token was taken away", "start-refused-secret", no_secret(TOKEN), both(ended_with(1), says("secret reference was not found")), EITHER),
    Broken("a misspelt key", "start-refused-config", then_restart(files.misspelt), both(ended_with(78), says('Unrecognized key: "bindd"'))),
    Broken("half a file", "start-refused-config", then_restart(files.cut_off), both(ended_with(78), says("JSON5 parse failed"))),
    Broken("set as root, then started anew", "start-refused-owner", then_restart(files.set_as_root), both(ended_with(78), says("not readable by the current process"))),
    Broken("back to an older version", "start-refused-state", ways.newer_version_was_there, both(ended_with(78), says("uses newer schema version"))),
    Broken("another gateway has the state", "lock-held", ways.held_by_another, both(ended_with(78), says("another OpenClaw process owns gateway-lifecycle")), EITHER),
    Broken("Clawdbot's lock was left", "lock-left", ways.old_lock, says(r"gateway already running \(pid 640\)", CLAWDBOT), EITHER, app=CLAWDBOT),
    Broken("a lock was left whose number is another program's now", "lock-left", owner_ways.lock_with_a_number_of_now, both(ended_with(1), says(r"gateway already running \(pid 640\)"))),
    Broken("root restored its database", "state-owner", owner_ways.database_by_root, both(ended_with(78), says(r"EPERM: operation not permitted, chmod '/data/state/openclaw.sqlite'"))),
    Broken("root restored its database, for itself alone", "state-owner", owner_ways.database_for_root_alone, both(ended_with(78), says("database is unreadable at /data/state/openclaw.sqlite.*EACCES"))),
    Broken("root made the locks' folder anew", "state-owner", owner_ways.locks_by_root, both(ended_with(1), says("failed to acquire gateway lock.*EACCES"))),
    Broken("root made tmp anew", "state-owner", owner_ways.tmp_by_root, both(ended_with(1), says("EACCES: permission denied, mkdir '/data/tmp/openclaw-1000'"))),
    Broken("an agent was made as root, and it runs on", "state-owner", owner_ways.agent_by_root, both(state("started"), answers(200), lambda: "0:0 755 /data/agents/work" in owner_ways.not_its_own())),
    Broken("a secret is only staged", "secrets-staged", secret("ANTHROPIC_API_KEY", "sk-ant-api03-another", "--stage"), app_has(lambda app: app["secrets"]["ANTHROPIC_API_KEY"]["status"] == "Staged")),
    Broken("no OPENCLAW_STATE_DIR", "state-not-kept", env(OPENCLAW_STATE_DIR=None), both(state("started"), says(r"agent model: openai/"), lambda: "No such file" in ssh("cat /home/node/.openclaw/openclaw.json"))),
    Broken("no volume in its machine", "mount-missing", ways.without_mount, both(of("mounts", []), says("agent model: openai/"))),
    Broken("the volume is full", "volume-full", ways.volume_full, lambda: "No space left" in ssh("tee /data/x", "x"), EITHER),
    Broken("the volume is full, and it was started anew", "volume-full", then_restart(ways.volume_full), both(ended_with(78), says("database or disk is full")), EITHER),
)  # fmt: skip
TOML = (
    Broken("--bind loopback", "bind-loopback", ways.command(GATEWAY.replace("lan", "loopback")), both(state("started"), answers(502), says(REFUSED))),
    Broken("internal_port 8080", "port-mismatch", ways.served_at(8080), both(state("started"), answers(502), says(r"0\.0\.0\.0:8080"))),
    Broken("--port 18789", "port-mismatch", ways.command(GATEWAY.replace("3000", "18789")), both(state("started"), answers(502))),
    Broken("a check for another program", "check-mismatch", ways.check_elsewhere, both(answers(200), of("config.checks.alive.port", 8080))),
    Broken("fly launch wrote its own file", "toml-rewritten", ways.launched, both(of("mounts", []), of("cmd", []), ended_with(78))),
    Broken("another command by machine update", "command-drift", one_after_another(ways.release_is_told, update("--command", "node dist/index.js gateway --allow-unconfigured --port 3000 --bind lan --verbose --token-file /root/token")), of("cmd.8", "--verbose")),
    Broken("Fly's proxy stops it", "stops-by-itself", ways.stops_by_itself, both(of("services.0.autostop", True), says("excess capacity, autostopping"))),
)  # fmt: skip
CONFIG_FILE = (
    Broken("the file was removed", "config-missing", then_restart(files.removed), both(state("started"), says("agent model: openai/gpt-6-astra"))),
    Broken("the file is in root's home", "config-elsewhere", files.in_roots_home, both(state("started"), file_is("gateway", files.STRAY))),
    Broken("the file is in another folder of the volume", "config-elsewhere", files.beside_the_state, file_is("gateway", "/data/.openclaw/openclaw.json")),
    Broken("OpenClaw put its backup back", "config-reverted", files.reverted, says("auto-restored from backup.*missing-meta"), EITHER),
    Broken("set as root, and it runs on", "config-owner", files.set_as_root, both(state("started"), owned("0:0 600"))),
    Broken("copied by root", "config-owner", files.copied_by_root, both(state("started"), owned("0:0 644"))),
    Broken("everybody may read it", "config-owner", files.readable_for_all, owned("1000:1000 644")),
    Broken("it holds the guide's command", "config-no-shell", files.with_the_commands_words, both(file_is("cat > /data"), says("reload skipped"))),
    Broken("a folder that its file was not moved to", "config-elsewhere", env(OPENCLAW_STATE_DIR="/data/.openclaw"), both(state("started"), lambda: "No such file" in ssh("cat /data/.openclaw/openclaw.json"))),
    Broken("its file by its path, for all to read", "config-owner", one_after_another(files.by_its_path, lambda: ssh("chmod 644 /data/my.json")), owned("1000:1000 644", "/data/my.json")),
    Broken("no gateway.port", "gateway-port-missing", edited(gateway__port=None), both(answers(200), command_says("devices list --json", "not reachable at ws://127.0.0.1:18789"))),
    Broken("two modes of auth, token in the file", "auth-conflict", then_restart(edited(gateway__auth={"mode": "trusted-proxy", "token": "t" * 40, "trustedProxy": {"userHeader": "x-forwarded-user"}})), both(ended_with(1), says("mutually exclusive"))),
)  # fmt: skip
REACHED = (
    Broken("its addresses were released", "no-address", ways.addresses_released, app_has(lambda app: not app["ips"])),
    Broken("its IPv4 address was released", "no-ipv4", ways.ipv4_released, app_has(lambda app: [ip["type"] for ip in app["ips"]] == ["v6"])),
    Broken("private by the guides", "door-shut", ways.private_by_the_guides, both(of("services", []), app_has(lambda app: [ip["type"] for ip in app["ips"]] == ["private_v6"]))),
    Broken("private, with a public address again", "half-private", ways.public_again, app_has(lambda app: sorted(ip["type"] for ip in app["ips"]) == ["private_v6", "v6"]), EITHER, PRIVATE),
    Broken("private, at a port of somebody's own", "half-private", ways.private_at_80, of("services.0.ports.0.port", 80), spec=PRIVATE),
    Broken("it hangs", "gateway-silent", ways.halted, both(state("started"), answers(502, "/healthz"))),
    Broken("403: no trustedProxies", "proxy-403", one_after_another(edited(gateway__trustedProxies=None), ways.visited), both(answers(403), says(r"proxy-shaped traffic from 172\.16\.3\.162"))),
    Broken("403: other trustedProxies", "proxy-403", one_after_another(edited(gateway__trustedProxies=["10.0.0.0/8"]), ways.visited), both(answers(403), answers(200, "/healthz"))),
    Broken("the origins of openclaw doctor", "origin-refused", one_after_another(edited(gateway__controlUi__allowedOrigins=ODD_ORIGINS), browser_came()), says("origin not allowed.*cause=origin-mismatch")),
    Broken("no origins", "origin-refused", edited(gateway__controlUi=None), file_is(r'"trustedProxies"')),
    Broken("a new browser waits", "pairing-waiting", ways.somebody_waits, command_says("devices list --json", '"requestId"'), YOU),
    Broken("a token typed into the file", "token-mismatch", files.literal_token, command_says("devices list --json", "AUTH_TOKEN_MISMATCH")),
)  # fmt: skip
TALKING = (
    Broken("the plugin has no entry", "plugin-not-enabled", then_restart(edited(plugins=None)), says("installed without explicit trust")),
    Broken("the plugin could not be installed", "plugin-not-there", files.plugin_gone, says("no channel plugin is installed or loadable"), EITHER),
    Broken("no Message Content Intent", "discord-intents", secret("DISCORD_BOT_TOKEN", NO_INTENT), channels_say("4014"), YOU),
    Broken("the bot's token was reset", "channel-token", secret("DISCORD_BOT_TOKEN", BAD_BOT), channels_say("401"), YOU),
    Broken("a bot's token, and no channel", "channel-not-configured", files.discord_taken_out, says("suppressed ambient channel auto-configuration for 1 channel: discord")),
    Broken("the model's key was withdrawn", "model-key", one_after_another(secret("ANTHROPIC_API_KEY", BAD_KEY), somebody_wrote), says("invalid x-api-key"), YOU),
    Broken("a model that there is not", "model-unknown", one_after_another(edited(agents__defaults__model={"primary": "anthropic/claude-opus-9"}), somebody_wrote), says("Unknown model: anthropic/claude-opus-9"), EITHER),
    Broken("no key for its model", "no-model-key", one_after_another(no_secret("ANTHROPIC_API_KEY"), somebody_wrote), says("No API key found for provider"), YOU),
)  # fmt: skip
BROKEN = (*ACCOUNT, *MACHINE, *TOML, *CONFIG_FILE, *REACHED, *TALKING)
