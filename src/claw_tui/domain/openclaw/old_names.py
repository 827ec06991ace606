"""Where things stood before, and where they stand now. Taken from OpenClaw 2026.9.6's own ``doctor`` and 2026.1.29's.

A row: the name of the change, whose it is ("*" is any name), the old place in it, the new one (empty: it is gone), why.
"""

from __future__ import annotations

from claw_tui.i18n import n_

Row = tuple[str, str, str, str, str]

_CHANNEL = n_("Channels have a section of their own since January 2026.")
_ROUTING = n_("The section “routing” was split up in January 2026.")
_AGENT = n_("Settings of the only agent became the defaults of all agents.")
_STREAM = n_("How answers are streamed stands in one place now.")
_DM = n_("Who may write privately stands at the channel itself now.")
_GONE = n_("OpenClaw 2026.9 knows it no more, and does by itself what it was for.")
_BINDING = n_("A binding's places are called otherwise now.")
_MEMORY = n_("The memory's search is the memory's setting now.")
_RENAMED = n_("It is called otherwise now.")
OURS = ("discord", "telegram", "slack", "signal", "whatsapp")
CHAT = (*OURS, "imessage", "msteams", "googlechat")

MOVES: tuple[Row, ...] = (
    *(("channel-to-channels", "", name, f"channels.{name}", _CHANNEL) for name in CHAT),
    ("routing-split", "", "routing.allowFrom", "channels.whatsapp.allowFrom", _ROUTING),
    ("routing-split", "", "routing.bindings", "bindings", _ROUTING),
    ("routing-split", "", "routing.queue", "messages.queue", _ROUTING),
    ("routing-split", "", "routing.groupChat.historyLimit", "messages.groupChat.historyLimit", _ROUTING),
    ("routing-split", "", "routing.groupChat.mentionPatterns", "messages.groupChat.mentionPatterns", _ROUTING),
    ("routing-split", "", "routing.agentToAgent", "tools.agentToAgent", _ROUTING),
    ("agent-to-defaults", "", "agent.model", "agents.defaults.model", _AGENT),
    ("agent-to-defaults", "", "agent.workspace", "agents.defaults.workspace", _AGENT),
    ("agent-to-defaults", "", "agent.maxConcurrent", "agents.defaults.maxConcurrent", _AGENT),
    ("agent-to-defaults", "", "agent.models", "agents.defaults.models", _AGENT),
    ("agent-to-defaults", "", "agent.thinkingDefault", "agents.defaults.thinkingDefault", _AGENT),
    ("agent-to-defaults", "", "agent.timeoutSeconds", "agents.defaults.timeoutSeconds", _AGENT),
    ("agent-to-defaults", "", "agent.heartbeat", "agents.defaults.heartbeat", _AGENT),
    ("agent-to-defaults", "", "defaultModel", "agents.defaults.model", _AGENT),
    ("gateway-token", "gateway", "token", "auth.token", n_("The gateway's token belongs to its “auth”.")),
    ("binding-names", "bindings.*.match", "provider", "channel", _BINDING),
    ("binding-names", "bindings.*.match", "accountID", "accountId", _BINDING),
    *(("dm-to-channel", f"channels.{c}{a}", f"dm.{old}", new, _DM) for c in ("discord", "slack") for a in ("", ".accounts.*")
      for old, new in (("policy", "dmPolicy"), ("allowFrom", "allowFrom"))),
    *(("streaming", f"channels.{c}{a}", old, f"streaming.{new}", _STREAM) for c in OURS for a in ("", ".accounts.*") for old, new in (
        ("chunkMode", "chunkMode"), ("blockStreaming", "block.enabled"), ("blockStreamingCoalesce", "block.coalesce"),
    )),
    *(("streaming", f"channels.telegram{a}", old, f"streaming.{new}", _STREAM) for a in ("", ".accounts.*")
      for old, new in (("streamMode", "mode"), ("draftChunk", "preview.chunk"))),
    ("whatsapp-prefix", "channels.whatsapp", "messagePrefix", "responsePrefix", _RENAMED),
    ("whatsapp-prefix", "", "messages.messagePrefix", "channels.whatsapp.responsePrefix", _RENAMED),
    ("whatsapp-debounce", "", "channels.whatsapp.debounceMs", "messages.inbound.byChannel.whatsapp", _RENAMED),
    ("memory-search", "", "agents.defaults.memorySearch", "memory.search", _MEMORY),
    ("memory-search", "agents.entries.*", "memorySearch", "memory.search", _MEMORY),
    ("tts", "", "messages.tts", "tts", n_("Speech has a section of its own now.")),
    ("web-search-key", "", "tools.web.search.apiKey", "plugins.entries.brave.config.webSearch.apiKey",
     n_("The key of the web search belongs to the plugin that searches.")),
    ("node-commands", "gateway.nodes", "allowCommands", "commands.allow", _RENAMED),
    ("node-commands", "gateway.nodes", "denyCommands", "commands.deny", _RENAMED),
    ("session-reset", "session", "idleMinutes", "reset.idleMinutes", _RENAMED),
    ("voice-from", "plugins.entries.voice-call.config", "twilio.from", "fromNumber", _RENAMED),
    ("voice-streaming", "plugins.entries.voice-call.config.streaming", "openaiApiKey", "providers.openai.apiKey", _RENAMED),
    ("voice-streaming", "plugins.entries.voice-call.config.streaming", "sttProvider", "provider", _RENAMED),
)  # fmt: skip

DROPS: tuple[Row, ...] = (
    ("insecure-auth-gone", "gateway.controlUi", "allowInsecureAuth", "", _GONE),
    ("tailscale-reset-gone", "gateway.tailscale", "resetOnExit", "", _GONE),
    ("touched-at-gone", "meta", "lastTouchedAt", "", _GONE),
    ("retry-gone", "channels.discord", "retry", "", _GONE),
    ("retry-gone", "channels.telegram", "retry", "", _GONE),
    ("whatsapp-ack-gone", "channels.whatsapp", "ackReaction", "",
     n_("OpenClaw 2026.9 sets the sign of having read for all channels together (messages.ackReaction).")),
)  # fmt: skip

# What has a migration of its own (agents_move, values): for the words of a problem.
REWRITTEN: tuple[tuple[str, str], ...] = (
    ("agents.list", "agents.entries"),
    ("agent", "agents.defaults"),
    ("routing", "channels, bindings, messages"),
    ("identity", "agents.entries"),
    ("channels.discord.guilds.*.channels.*.allow", "enabled"),
    ("channels.slack.channels.*.allow", "enabled"),
    *(
        (f"channels.signal.{key}", "transport")
        for key in ("httpUrl", "httpHost", "httpPort", "autoStart", "cliPath")
    ),
    ("env.*", "env.vars"),
)

BINDS = {
    "0.0.0.0": "lan", "::": "lan", "[::]": "lan", "*": "lan", "127.0.0.1": "loopback", "localhost": "loopback",  # noqa: S104
    "::1": "loopback", "[::1]": "loopback",
}  # fmt: skip

# Paths and variables of the times when OpenClaw was called Clawdbot, and for some days Moltbot.
FILE_NAMES = ("openclaw.json", "clawdbot.json", "moltbot.json", "moldbot.json")
STATE_FOLDERS = (".clawdbot", ".moltbot", ".moldbot")
PREFIXES = ("CLAWDBOT_", "MOLTBOT_")
