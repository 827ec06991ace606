"""The secrets that a gateway can use: their names, their shapes, and where people get them.

Names and shapes follow OpenClaw 2026.9.6 (docs/help/environment.md and its provider manifests).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from claw_tui.domain import import_format, names
from claw_tui.domain.secret import Secret
from claw_tui.i18n import _, n_

GATEWAY_TOKEN = "OPENCLAW_GATEWAY_TOKEN"  # noqa: S105  (a name)
FLY_TOKEN = "FLY_API_TOKEN"  # noqa: S105
DISCORD = "DISCORD_BOT_TOKEN"
TELEGRAM = "TELEGRAM_BOT_TOKEN"
SLACK_BOT = "SLACK_BOT_TOKEN"
SLACK_APP = "SLACK_APP_TOKEN"
SLACK_SIGNING = "SLACK_SIGNING_SECRET"
TWILIO = "TWILIO_AUTH_TOKEN"
TELNYX = "TELNYX_API_KEY"
NGROK = "NGROK_AUTHTOKEN"
TAILSCALE = "TS_AUTHKEY"  # not OpenClaw's: what starts Tailscale in our image reads it

Group = Literal["gateway", "model", "channel"]


@dataclass(frozen=True, slots=True)
class SecretKind:
    """One environment variable of the gateway that is a secret."""

    env: str
    title: str
    group: Group
    shape: str  # a regular expression for the whole value; empty: any
    looks_like: str
    where: str  # the page to get it from
    about: str
    provider: str = ""  # the model provider that it opens
    common: bool = True  # shown without asking for more
    aliases: tuple[str, ...] = ()


def _model(env: str, title: str, shape: str, looks_like: str, where: str, *, provider: str, common: bool = False,
           aliases: tuple[str, ...] = ()) -> SecretKind:  # fmt: skip
    about = n_("Lets the gateway use this company's models. They bill you for what it uses.")
    return SecretKind(env, title, "model", shape, looks_like, where, about, provider, common, aliases)


KINDS: tuple[SecretKind, ...] = (
    SecretKind(
        GATEWAY_TOKEN, n_("Gateway token"), "gateway", r"\S{24,}", n_("64 random letters and digits"), "",
        n_("The key to your gateway: whoever has it can use it. A new random one is best."),
        aliases=("CLAWDBOT_GATEWAY_TOKEN", "MOLTBOT_GATEWAY_TOKEN"),
    ),
    _model("ANTHROPIC_API_KEY", "Anthropic", r"sk-ant-\S{20,}", "sk-ant-api03-…",
           "https://console.anthropic.com/settings/keys", provider="anthropic", common=True),
    _model("OPENAI_API_KEY", "OpenAI", r"sk-\S{20,}", "sk-…",
           "https://platform.openai.com/api-keys", provider="openai", common=True),
    _model("GEMINI_API_KEY", "Google Gemini", r"AIza[0-9A-Za-z_-]{20,}", "AIza…",
           "https://aistudio.google.com/apikey", provider="google", common=True, aliases=("GOOGLE_API_KEY",)),
    _model("OPENROUTER_API_KEY", "OpenRouter", r"sk-or-\S{10,}", "sk-or-…",
           "https://openrouter.ai/settings/keys", provider="openrouter"),
    _model("XAI_API_KEY", "xAI", r"xai-\S{30,}", "xai-…", "https://console.x.ai", provider="xai"),
    _model("GROQ_API_KEY", "Groq", r"gsk_\S{20,}", "gsk_…", "https://console.groq.com/keys", provider="groq"),
    _model("MISTRAL_API_KEY", "Mistral", r"\S{20,}", n_("32 letters and digits"),
           "https://console.mistral.ai/api-keys", provider="mistral"),
    _model("DEEPSEEK_API_KEY", "DeepSeek", r"sk-\S{20,}", "sk-…",
           "https://platform.deepseek.com/api_keys", provider="deepseek"),
    _model("MOONSHOT_API_KEY", "Moonshot", r"sk-\S{20,}", "sk-…",
           "https://platform.moonshot.ai/console/api-keys", provider="moonshot"),
    _model("TOGETHER_API_KEY", "Together", r"\S{20,}", n_("64 letters and digits"),
           "https://api.together.ai/settings/api-keys", provider="together"),
    SecretKind(
        DISCORD, n_("Discord bot token"), "channel", r"[A-Za-z0-9_-]{18,}\.[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{25,}",
        n_("three parts with dots between them"), "https://discord.com/developers/applications",
        n_("Lets the gateway talk in your Discord server. It is on the application's page, under Bot."),
    ),
    SecretKind(
        TELEGRAM, n_("Telegram bot token"), "channel", r"\d{6,}:[A-Za-z0-9_-]{20,}", "123456789:AA…",
        "https://t.me/BotFather", n_("Lets the gateway answer as your Telegram bot. @BotFather gives it to you."),
    ),
    SecretKind(
        SLACK_BOT, n_("Slack bot token"), "channel", r"xoxb-\S{10,}", "xoxb-…", "https://api.slack.com/apps",
        n_("Lets the gateway talk in your Slack workspace. It needs the app token as well."),
    ),
    SecretKind(
        SLACK_APP, n_("Slack app token"), "channel", r"xapp-\S{10,}", "xapp-…", "https://api.slack.com/apps",
        n_("Opens Slack's socket connection, so that Slack needs no public address of yours."),
    ),
    SecretKind(
        SLACK_SIGNING, n_("Slack signing secret"), "channel", r"[0-9a-f]{32}", n_("32 digits and letters from a to f"),
        "https://api.slack.com/apps", n_("Proves that a message by HTTP is Slack's. It is under Basic Information."),
        common=False,
    ),
    SecretKind(
        TWILIO, n_("Twilio auth token"), "channel", r"[0-9a-f]{32}", n_("32 digits and letters from a to f"),
        "https://console.twilio.com", n_("Lets the gateway make and take phone calls. It is on the console's first page."),
        common=False,
    ),
    SecretKind(
        TELNYX, n_("Telnyx API key"), "channel", r"KEY\S{20,}", "KEY…",
        "https://portal.telnyx.com/#/app/api-keys", n_("Lets the gateway make and take phone calls."), common=False,
    ),
    SecretKind(
        NGROK, n_("ngrok authtoken"), "channel", r"\S{20,}", n_("some 49 letters and digits"),
        "https://dashboard.ngrok.com/get-started/your-authtoken",
        n_("Opens the tunnel by which the phone company reaches your gateway."), common=False,
    ),
    SecretKind(
        TAILSCALE, n_("Tailscale auth key"), "channel", r"tskey-(?:auth|client)-\S{10,}", "tskey-auth-…",
        "https://login.tailscale.com/admin/settings/keys",
        n_("Lets the machine into your tailnet, once: after that the volume knows it. Funnel must be allowed for it there."),
        common=False,
    ),
)  # fmt: skip

# Not the gateway's but ours: it is never among its secrets.
FLY = SecretKind(FLY_TOKEN, n_("Fly.io token"), "gateway", "", "fo1_…", "https://fly.io/tokens", "")
BY_ENV = {kind.env: kind for kind in KINDS}
BY_ALIAS = {alias: kind for kind in KINDS for alias in kind.aliases}
LOOKS_RANDOM = re.compile(
    r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])\w{20,}|\w{65,}", re.ASCII
)  # no name of a variable does
OWN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# How keys begin that are certainly somebody's; the first that fits. (A plain "sk-" is several companies'.)
_FORMS: tuple[tuple[str, str], ...] = (
    (r"sk-ant-admin", n_("Anthropic admin key, which opens no models")), (r"sk-ant-", "ANTHROPIC_API_KEY"),
    (r"sk-or-", "OPENROUTER_API_KEY"), (r"sk-(?:proj|svcacct|admin|None)-|sk-\w{10,}T3BlbkFJ", "OPENAI_API_KEY"),
    (r"AIza[\w-]{20,}", "GEMINI_API_KEY"), (r"xai-\w{20,}", "XAI_API_KEY"), (r"gsk_\w{20,}", "GROQ_API_KEY"),
    (r"tskey-(?:auth|client)-", TAILSCALE), (r"tskey-", n_("Tailscale API key, which lets no machine in")),
    (r"xoxb-", SLACK_BOT), (r"xapp-", SLACK_APP), (r"xox[a-z]?[.-]", n_("Slack token of a person, not of a bot")),
    (r"\d{6,}:[\w-]{30,}$", TELEGRAM), (r"[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{25,}$", DISCORD),
    (r"fo1_|fm[12][a-z]?_|FlyV1\s", FLY_TOKEN), (r"gh[oprsu]_\w{20,}|github_pat_", n_("GitHub token")),
)  # fmt: skip


def kind_of(env: str) -> SecretKind:
    """Return the kind of ``env``; one that we do not know has no shape and no check."""
    found = BY_ENV.get(env)
    if found is not None:
        return found
    if env in BY_ALIAS:
        return replace(BY_ALIAS[env], env=env)
    return SecretKind(env, env, "model", r"[\s\S]+", "", "", n_("A secret of your own."))


def providers_of(names: Iterable[str]) -> tuple[str, ...]:
    """The model providers that these secrets open, in our order."""
    given = set(names)
    return tuple(
        k.provider for k in KINDS if k.provider and (k.env in given or given.intersection(k.aliases))
    )


def key_of(provider: str) -> str:
    """The name of the secret that opens a model provider, or "" for one that we have no key for."""
    return next((k.env for k in KINDS if k.provider == provider), "")


def is_gateway_token(env: str) -> bool:
    """Under its name of today, or one that it had before."""
    return kind_of(env).group == "gateway"


def name_problem(env: str, *, new: bool = True) -> str:
    """What is wrong with the name of a secret of somebody's own, or an empty string. ``new``: it is not there yet."""
    if not OWN_NAME.fullmatch(env):
        return _("Letters, digits and _ only, and no digit at the start.")
    if whose(env) or LOOKS_RANDOM.fullmatch(env):
        return _(
            "That looks like a key, not like a name. A name is no secret: it is shown and sent as it is."
        )
    if env.startswith("FLY_"):
        return _("Names with FLY_ at the start belong to Fly.io.")
    return names.taken_variable(env) if new else ""


def new_gateway_token() -> Secret:
    """32 random bytes in hex, as `openssl rand -hex 32` makes them."""
    import secrets  # noqa: PLC0415  (the first screen does without OpenSSL)

    return Secret(secrets.token_hex(32))


def is_one_line(kind: SecretKind) -> bool:
    """Whether a line break can only have come from a terminal. A secret of somebody's own may have several lines."""
    return kind.env in BY_ENV


def label(kind: SecretKind) -> str:
    """What the secret is called in a sentence."""
    return _("{company} key").format(company=kind.title) if kind.group == "model" else _(kind.title)


def whose(text: str) -> str:
    """The variable of the kind that ``text`` certainly is, by what it begins with; or an empty string."""
    return next((env for form, env in _FORMS if re.match(form, text, re.ASCII)), "")


def shape_problem(kind: SecretKind, value: Secret, *, insists: bool = False) -> str:
    """What is wrong with the look of ``value``, or an empty string. Never quotes the value.

    ``insists``: the person knows it to be one, although it looks otherwise; providers do change their keys' looks.
    """
    text = value.reveal()
    if not text:
        return _("Nothing was typed.")
    if is_one_line(kind) and (any(ord(char) < 32 for char in text) or text != text.strip()):
        return _("It holds line breaks or blanks that can't be part of it.")
    cannot = import_format.problem(text)
    if cannot:
        return cannot
    odd = _odd(kind, text) if is_one_line(kind) else ""
    if odd:
        return odd
    if kind.env == GATEWAY_TOKEN and len(text) < 24:
        return _("At least 24 characters; this has {count}.").format(count=len(text))
    if kind.shape and not insists and not re.fullmatch(kind.shape, text):
        return _("It does not look like one ({looks_like}; this has {count} characters).").format(
            looks_like=_(kind.looks_like), count=len(text)
        )
    return ""


def fly_token_problem(value: Secret) -> str:
    """Why ``value`` cannot be a login at Fly.io, or an empty string: another company's key is not sent there."""
    return _odd(FLY, value.reveal().removeprefix("FlyV1 "))


def _odd(kind: SecretKind, text: str) -> str:
    """Why ``text`` cannot be this kind at all: it is another one, or not a key."""
    found = whose(text)
    if found not in ("", kind.env):
        other = label(BY_ENV[found]) if found in BY_ENV else label(FLY) if found == FLY_TOKEN else _(found)
        return _("This is another one: {other}. Here belongs: {wanted}.").format(
            other=other, wanted=label(kind)
        )
    if re.match(r"[a-z]+://", text):
        return _("This is the address of a page, not the key itself.")
    if re.search(r"[•●…]|[*]{3}|[.]{3}", text):
        return _(
            "These are the dots that a page shows instead of the key. Use its copy button, or make a new one."
        )
    if not text.isascii() or "\x7f" in text:
        return _(
            "It holds a character that such a key never has. Copy it again, not through a word processor."
        )
    if any(char.isspace() for char in text):
        return _("It holds line breaks or blanks that can't be part of it.")
    return ""
