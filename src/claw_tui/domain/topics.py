"""What the guides tell besides commands: why things are as they are, what they cost, what to know. F1, then F2."""

from __future__ import annotations

from dataclasses import dataclass

from claw_tui.domain.fly_toml import COMMAND, HEALTH_PATH, KILL_TIMEOUT, heap_mb
from claw_tui.domain.prices import AS_OF, DEDICATED_V4, SNAPSHOT_GB, VOLUME_GB, machine_price
from claw_tui.domain.spec import PORT, STATE_DIR, Spec
from claw_tui.i18n import _, n_


@dataclass(frozen=True, slots=True)
class Topic:
    """A text to read. ``text`` may name values of VALUES in braces."""

    id: str
    title: str
    text: str

    def words(self) -> str:
        """In the chosen language, with today's values."""
        return _(self.text).format(**values())


def _dollars(amount: float) -> str:
    return f"${amount:.2f}"


def values() -> dict[str, str]:
    """What the texts name, from where the program itself takes it."""
    spec = Spec()
    return {
        "command": COMMAND, "health": HEALTH_PATH, "port": str(PORT), "state": STATE_DIR, "memory": str(spec.memory_mb),
        "heap": str(heap_mb(spec.memory_mb)), "kill": str(KILL_TIMEOUT), "size": spec.vm_size, "disk": str(spec.volume_gb),
        "two": _dollars(machine_price(spec.vm_size, 2048)), "four": _dollars(machine_price(spec.vm_size, 4096)),
        "disk_price": _dollars(spec.volume_gb * VOLUME_GB), "gb": _dollars(VOLUME_GB), "v4": _dollars(DEDICATED_V4),
        "snapshot": _dollars(SNAPSHOT_GB), "as_of": AS_OF,
    }  # fmt: skip


TOPICS = (
    Topic("need", n_("What you need"), n_(
        "- flyctl, Fly.io's own program: the Start screen says how to install it.\n"
        "- An account at Fly.io with a payment method. There is no free tier: a trial ends after two hours of machine time or"
        " seven days, and stops its machines after five minutes.\n"
        "- A key of at least one model provider, e.g. Anthropic's.\n"
        "- What each channel asks for: a bot token for Discord, Telegram and Slack; a phone for WhatsApp; a number for Signal"
        " and for phone calls. Each screen says where to get it.")),
    Topic("settings", n_("Settings of the machine, and why"), n_(
        "fly.toml is Fly.io's file about the machine. Review, F4 shows yours.\n\n"
        "--bind lan: the gateway listens for everybody on the machine's network, so that Fly's proxy reaches it. With a"
        " loopback address Fly.io says “App is not listening on expected address”.\n"
        "--port {port} and internal_port = {port}: must be the same number, or health checks fail.\n"
        "--allow-unconfigured: it starts without an openclaw.json, which is written right after the first deploy.\n"
        "OPENCLAW_STATE_DIR = {state}: everything that must last is on the volume. Elsewhere it is lost with each restart.\n"
        "memory = {memory} MB: 512 MB are too little, 1 GB may run out under load. NODE_OPTIONS keeps Node's heap below it"
        " ({heap} MB).\n"
        "auto_stop_machines = off: a gateway that sleeps hears nobody.\n"
        "check on {health}: the one page that answers whoever asks.\n"
        "kill_signal = SIGTERM, kill_timeout = {kill}s: it may end what it is at.\n\n"
        "The whole command:\n{command}")),
    Topic("file", n_("openclaw.json"), n_(
        "The gateway's own file, {state}/openclaw.json: models, agents, channels, who may talk. The form on the screen Gateway"
        " writes it; F4 there shows it beside the form.\n\n"
        "No key belongs into it: it names the secret, and Fly.io has the value. A Discord token may stand in the"
        " secret DISCORD_BOT_TOKEN, where claw-tui puts it, or in channels.discord.token: the secret is better. Either way the"
        " channel has to be switched on in the file.\n\n"
        "It is never written with a shell: it goes up in parts, is checked by OpenClaw itself, gets the gateway's user as"
        " owner, and takes the old one's place in one move. The old one is kept (Home, B). Most changes are taken over"
        " without a restart.")),
    Topic("secrets", n_("Secrets"), n_(
        "A gateway that listens to the network needs OPENCLAW_GATEWAY_TOKEN; without it, it refuses to start (exit code 78)."
        " A random one is made for you.\n\n"
        "Treat tokens and keys like passwords. They are sent to Fly.io over flyctl's standard input: never on a command"
        " line, where other users of this computer and your shell's history would see them, and never into openclaw.json,"
        " where they could be shown or logged by accident.\n\n"
        "Home, K: which are set, give new ones, take some away.")),
    Topic("cost", n_("What it costs"), n_(
        "Fly.io's prices a month, as of {as_of}, in the cheapest regions (Virginia):\n\n"
        "{two:>7}  {size} with 2 GB of memory: the least that works\n"
        "{four:>7}  {size} with 4 GB: for Signal, many plugins, much traffic\n"
        "{disk_price:>7}  a volume of {disk} GB ({gb} for each GB, also while the machine is stopped)\n"
        "{v4:>7}  an IPv4 address of its own; not needed, for a shared one is free\n"
        "{snapshot:>7}  each GB of snapshots; the first 10 GB are free\n\n"
        "Other regions cost up to 60 % more; the screen App says it. Traffic is 2 to 12 cents for each GB. What your model"
        " provider takes comes on top, and is the larger part for most.\n\n"
        "The guides say “about $10 to 15, free tier includes some allowance”: there is no free tier any more.\n"
        "https://fly.io/docs/about/pricing/")),
    Topic("private", n_("Public or private"), n_(
        "                    public           private\n"
        "Internet scanners   find it          can't\n"
        "Attacks on it       possible         blocked before they arrive\n"
        "Its web page        any browser      through a tunnel or WireGuard\n"
        "Webhooks            arrive           through ngrok or Tailscale\n\n"
        "Private is for you if you only make calls and send messages, use ngrok or Tailscale for what has to come in, and open"
        " its page by tunnel, WireGuard or SSH.\n\n"
        "The guides' private recipe can't be connected to as it is written: the gateway listens on IPv4, and `fly proxy` and"
        " WireGuard come over IPv6. claw-tui gives it a service that only your own network reaches (Flycast), and proves that"
        " nothing else does. Home, H.")),
    Topic("reach", n_("Ways to a private gateway"), n_(
        "Home, W opens a tunnel to this computer and a link that logs your browser in. It can be left on.\n\n"
        "WireGuard (W, F9) lets a phone or another computer in for good: its file, or a QR code.\n\n"
        "From a server without a browser: the screen shows the `ssh -L` line for your laptop.\n\n"
        "SSH only: Home, S is a shell in the machine.")),
    Topic("webhooks", n_("Webhooks and phone calls"), n_(
        "Twilio, Telnyx and Slack's HTTP mode call your gateway from outside. A public gateway has an address for that. A"
        " private one has three ways:\n\n"
        "ngrok: it runs in the machine, and gives a public address to the webhook only. Its host name stands in"
        " webhookSecurity.allowedHosts, or the calls are refused.\n"
        "Tailscale Funnel: the same by your Tailscale network.\n"
        "Outbound only: calls that the gateway makes work without any webhook; nobody can call it.\n\n"
        "Gateway, Phone calls asks which one. Slack works without webhooks in socket mode.")),
    Topic("updates", n_("Updates"), n_(
        "Home, U: another version of OpenClaw. A snapshot of the volume is taken first; if the new version does not come up, U"
        " goes back with the volume as it was. A newer version changes its data, and an older one can't read them.\n\n"
        "`openclaw update` inside the machine is not the way: the next deploy would undo it.\n\n"
        "What is changed on the machine by hand (`fly machine update`) is lost with the next deploy. Home says so, and F there"
        " lets the machine or fly.toml count.")),
    Topic("onboarding", n_("WhatsApp, Telegram, Signal"), n_(
        "WhatsApp: Home, N, “link a phone”, and scan the code with WhatsApp, Linked devices.\n\n"
        "Telegram: write to your bot; it answers with a code. Home, A shows who waits, Enter lets them in.\n\n"
        "Signal: needs Java and signal-cli, which OpenClaw's image does not have. Switch Signal on, and an image of your own is"
        " built with them. Keep the memory at 2 GB or more, better 4. Then link it as a second device of your phone: Home offers it.")),
    Topic("data", n_("Your data"), n_(
        "Everything lasting is on the volume, below {state}: openclaw.json, sessions, memories, links to WhatsApp and Signal."
        " The rest of the machine is new after each deploy.\n\n"
        "Fly.io takes a snapshot a day and keeps it for five days. Home, I fetches files from there and brings some.\n\n"
        "Removing the app removes the volume, and its snapshots with it.")),
    Topic("trouble", n_("When something is wrong"), n_(
        "Home, G (or `claw-tui doctor NAME`) looks at everything from here outwards, names the cause, shows the commands that"
        " mend it, and does so if you agree.\n\n"
        "Memory: restarts without a word, SIGABRT, or lines with v8::internal mean that it ran out. More memory helps: Home, V.\n"
        "“already running”: another gateway holds the lock. It is never removed while its owner may be alive.\n"
        "Nothing helps: Home, X starts the machine without the gateway, so that its files can be reached.")),
    Topic("machine", n_("Notes on the machine"), n_(
        "Fly.io's machines are x86 (not ARM). OpenClaw's image and its Dockerfile exist for both.\n\n"
        "The ready image is the default: nothing is built, and everybody has the same bytes. A build from source takes many"
        " minutes and 6 GB of memory on the builder.\n\n"
        "One machine for one volume: a second one would be a second gateway that talks in the same channels.")),
    Topic("hand", n_("The same by hand"), n_(
        "Everything that claw-tui makes is plain Fly.io. Review shows each command before it is done. Useful ones:\n\n"
        "fly status -a NAME            how it is\n"
        "fly logs -a NAME              what it says; --no-tail only shows the recent lines\n"
        "fly ssh console -a NAME       a shell in the machine\n"
        "fly machine restart ID -a NAME\n"
        "fly ips list -a NAME          its addresses\n"
        "fly secrets list -a NAME      names only\n"
        "fly volumes list -a NAME\n"
        "fly apps destroy NAME         removes everything of it")),
)  # fmt: skip
BY_ID = {topic.id: topic for topic in TOPICS}
