"""What each answer is, for the file of answers: a line above it there. By class and field of ``domain/spec.py``."""

from __future__ import annotations

from claw_tui.i18n import n_

_WHO = n_("Who may write privately: pairing (you approve each one), allowlist, open or disabled.")
_PEOPLE = n_("Ids or numbers of those who are let in.")
_GROUPS = n_("Who gets an answer in groups: off, people (those on the list) or everybody.")
_MENTION = n_("In groups it answers only when it is mentioned.")
_ON = n_("Is this channel used?")
_NAME = n_("For people; only the id counts.")
_USERS = n_("Who may talk to it; nobody here and no roles: everybody.")
_ROLES = n_("Roles whose people may talk to it.")

ABOUT = {
    "Spec.org": n_("The organization at Fly.io that pays (`fly orgs list`)."),
    "Spec.app": n_("The app's name: small letters, digits and hyphens. Nobody else on Fly.io may have it."),
    "Spec.region": n_("Where the machine runs (`fly platform regions`)."),
    "Spec.volume_name": n_("The disk."),
    "Spec.volume_gb": n_("Its size in GB. A disk never gets smaller."),
    "Spec.vm_size": n_("The machine (`fly platform vm-sizes`)."),
    "Spec.memory_mb": n_("Its memory in MB; 2048 at least."),
    "Spec.source": n_("image: OpenClaw's own image. git: built from its source."),
    "Spec.builder": n_("Who builds where something is to be built: remote (Fly.io), machine (one of your own there), local (Docker here)."),
    "Spec.programs": n_("Programs for the image besides those that the answers need: signal-cli, ngrok, tailscale."),
    "Spec.version": n_("OpenClaw's version, an exact one."),
    "Spec.command": n_("What the machine starts; empty: claw-tui's own command."),
    "Spec.private": n_("true: no address on the internet, only your own network reaches it."),
    "Spec.own_fly_toml": n_("A fly.toml of your own to start from; empty: claw-tui's."),
    "Spec.gateway": n_("What goes into openclaw.json."),
    "GatewaySpec.primary_model": n_("The model that answers, as PROVIDER/MODEL."),
    "GatewaySpec.fallback_models": n_("Models that are taken when that one does not answer, in this order."),
    "GatewaySpec.agents": n_("The agents. The first one answers all that no other one has a route for."),
    "GatewaySpec.max_concurrent": n_("How many agents may work at once."),
    "GatewaySpec.discord": n_("Discord; it needs the secret DISCORD_BOT_TOKEN."),
    "GatewaySpec.telegram": n_("Telegram; it needs the secret TELEGRAM_BOT_TOKEN."),
    "GatewaySpec.slack": n_("Slack; it needs the secrets SLACK_BOT_TOKEN and SLACK_APP_TOKEN."),
    "GatewaySpec.whatsapp": n_("WhatsApp; a phone is linked by a QR code after the deploy."),
    "GatewaySpec.signal": n_("Signal, by a signal-cli that you run."),
    "GatewaySpec.voice": n_("Phone calls."),
    "GatewaySpec.base": n_("The openclaw.json that the answers are written into; empty: a new one."),
    "AgentSpec.id": n_("Its name: small letters, digits, - and _."),
    "AgentSpec.model": n_("Its model; empty: the one of all."),
    "AgentSpec.workspace": n_("Its folder in the machine; empty: OpenClaw chooses."),
    "AgentSpec.routes": n_("Which messages it answers; the most specific route counts."),
    "Route.channel": n_("discord, telegram, slack, whatsapp or signal."),
    "Route.guild": n_("There only one Discord server: its id."),
    "Route.peer": n_("There only one person, group or room: its id."),
    "Route.kind": n_("What that is: direct, group or channel."),
    "DiscordSpec.enabled": _ON,
    "DiscordSpec.guilds": n_("The servers that it answers in."),
    "GuildSpec.id": n_("The server's id."),
    "GuildSpec.name": _NAME,
    "GuildSpec.require_mention": n_("It answers only when it is mentioned."),
    "GuildSpec.channels": n_("The channels that it answers in; none: all of them."),
    "GuildSpec.users": _USERS,
    "GuildSpec.roles": _ROLES,
    "ChannelSpec.id": n_("The channel's id."),
    "ChannelSpec.name": _NAME,
    "ChannelSpec.require_mention": n_("true or false; left out: as its server says."),
    "ChannelSpec.users": _USERS,
    "ChannelSpec.roles": _ROLES,
    "Named.id": n_('An id; "*" is everybody.'),
    "Named.name": _NAME,
    "TelegramSpec.enabled": _ON, "SlackSpec.enabled": _ON, "WhatsAppSpec.enabled": _ON, "SignalSpec.enabled": _ON,
    "TelegramSpec.require_mention": _MENTION, "SlackSpec.require_mention": _MENTION,
    "WhatsAppSpec.require_mention": _MENTION, "SignalSpec.require_mention": _MENTION,
    "TelegramSpec.who": _WHO, "SlackSpec.who": _WHO, "WhatsAppSpec.who": _WHO, "SignalSpec.who": _WHO,
    "TelegramSpec.people": _PEOPLE, "SlackSpec.people": _PEOPLE, "WhatsAppSpec.people": _PEOPLE,
    "SignalSpec.people": _PEOPLE,
    "TelegramSpec.groups": _GROUPS, "SlackSpec.groups": _GROUPS, "WhatsAppSpec.groups": _GROUPS,
    "SignalSpec.groups": _GROUPS,
    "SlackSpec.mode": n_("socket (no public address needed) or http (it needs SLACK_SIGNING_SECRET)."),
    "SignalSpec.account": n_("Its phone number, with + and country code."),
    "SignalSpec.server": n_("What signal-cli is: external-native, container or managed-native."),
    "SignalSpec.url": n_("Where it is, but for managed-native."),
    "VoiceSpec.enabled": n_("Are phone calls taken and made?"),
    "VoiceSpec.provider": n_("The phone company: twilio or telnyx; mock is for trying it."),
    "VoiceSpec.number": n_("The gateway's phone number, with + and country code."),
    "VoiceSpec.account": n_("Twilio's account SID, or Telnyx' connection id."),
    "VoiceSpec.public_key": n_("Telnyx' public key; it is no secret."),
    "VoiceSpec.calls": n_("Who may call: disabled, allowlist, pairing or open."),
    "VoiceSpec.callers": n_("The numbers on that list."),
    "VoiceSpec.way": n_("How the phone company reaches the gateway: ngrok, tailscale-funnel, none (it only calls out) or url."),
    "VoiceSpec.ngrok_domain": n_("Your domain at ngrok, without https://."),
    "VoiceSpec.public_url": n_("The address for url, with https:// and its path."),
}  # fmt: skip

HEAD = n_(
    "The answers of a gateway, for `claw-tui plan FILE` and `claw-tui apply FILE`.\n"
    "What is left out is as claw-tui proposes it. No secret belongs in here."
)
SECRETS = n_(
    'The gateway\'s secrets, and where each one is: "store" (where claw-tui keeps it), "env:NAME" (in that\n'
    'variable when it is started), "fd:3" (read from that file descriptor), "keep" (Fly.io has it already).'
)
