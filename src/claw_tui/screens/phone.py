"""Phone calls: the company, the number, who may call, and how the company reaches the gateway."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from textual.widget import Widget

from claw_tui.domain.answers import ChannelCheck
from claw_tui.domain.channel_config import webhook_address
from claw_tui.domain.own_image import source_problem
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import NGROK, TAILSCALE, TELNYX, TWILIO
from claw_tui.domain.spec import VoiceSpec
from claw_tui.i18n import _, n_
from claw_tui.screens.channel import ChannelDialog, choice, line, listed
from claw_tui.widgets.choice import Choice, Option
from claw_tui.widgets.line_input import LineInput

LINES = ("number", "account", "public_key", "callers", "ngrok_domain", "public_url")


WAYS = {
    "ngrok": n_("ngrok in the machine opens a tunnel to your domain there; only calls for that domain are let in."),
    "tailscale-funnel": n_("The machine joins your tailnet, and Funnel lets calls in. Allow HTTPS and Funnel there first."),
    "none": n_("It rings and says its message. Nobody can call or answer it, and it does not learn how a call ended."),
    "url": n_("Only for a public gateway whose fly.toml of your own leads that address to port 3334."),
}  # fmt: skip


class PhoneDialog(ChannelDialog[VoiceSpec]):
    """OpenClaw's plugin voice-call."""

    CHANNEL, TURN_ON, CHECKS = "voice", n_("make and take phone calls"), True
    SECRETS = (TWILIO, TELNYX, NGROK, TAILSCALE)
    HELP = n_(
        "With a number that you rent at Twilio or Telnyx, who bill you for each call. They must reach the gateway: by a"
        " tunnel, or at an address of yours; without either it only calls out. Private mode has no address."
    )

    def __init__(self, answers: VoiceSpec) -> None:
        super().__init__(answers, on=answers.enabled)

    def compose_fields(self) -> Iterator[Widget]:
        voice = self._answers
        yield choice(
            "provider", _("Company"), voice.provider, (Option("twilio", "Twilio"), Option("telnyx", "Telnyx")),
            _("Where your number is."),
        )  # fmt: skip
        yield line(
            "number",
            _("Its number"),
            voice.number,
            _("The number that you rent: with + and country code."),
            example="+15550001234",
        )
        yield line(
            "account", _("Account"), voice.account,
            _("Twilio: the account SID (AC…), on the console's first page. Telnyx: the id of your Voice API application."),
        )  # fmt: skip
        yield line(
            "public_key", _("Public key"), voice.public_key,
            _("Telnyx signs its calls. The key is in its portal under Keys & Credentials, Public Key; it is no secret."),
        )  # fmt: skip
        yield choice(
            "calls", _("Who may call"), voice.calls,
            (
                Option("disabled", _("nobody"), _("it only calls out")), Option("allowlist", _("only these numbers")),
                Option("pairing", _("whoever you let in")), Option("open", _("everybody"), _("they use your models")),
            ),
            _("A caller's number can be forged: a list keeps strangers out, but proves nothing."),
        )  # fmt: skip
        yield line(
            "callers",
            _("These numbers"),
            ", ".join(voice.callers),
            _("With + and country code, commas between them."),
            example="+15550005678",
        )
        yield from self._ways(voice)

    def _ways(self, voice: VoiceSpec) -> Iterator[Widget]:
        yield choice(
            "way", _("Calls come by"), voice.way,
            (
                Option("ngrok", _("ngrok"), _("a tunnel")), Option("tailscale-funnel", _("Tailscale Funnel"), _("a tunnel")),
                Option("none", _("no way"), _("it only calls out")), Option("url", _("an address of my own")),
            ),
            _("A tunnel goes out from the machine, so it works in private mode too; claw-tui puts its program into the image."),
        )  # fmt: skip
        yield line(
            "ngrok_domain", _("Domain at ngrok"), voice.ngrok_domain,
            _("A fixed one (Universal Gateway, Domains): only calls for it are let in (webhookSecurity.allowedHosts)."),
            example="example.ngrok.app",
        )  # fmt: skip
        yield line(
            "public_url", _("Address"), voice.public_url, _("Whole, with its path; it must lead to port 3334 of the machine."),
            example="https://voice.example.com/voice/webhook",
        )  # fmt: skip

    def collect(self) -> VoiceSpec:
        typed = {name: self.query_one(f"#{name}-input", LineInput).value.strip() for name in LINES}
        return replace(
            self._answers, enabled=self.is_on, callers=listed(typed.pop("callers")), provider=self._chosen("provider"),
            calls=self._chosen("calls"), way=self._chosen("way"), number=typed["number"], account=typed["account"],
            public_key=typed["public_key"], ngrok_domain=typed["ngrok_domain"], public_url=typed["public_url"],
        )  # fmt: skip

    def _chosen(self, field: str) -> str:
        return self.query_one(f"#{field}-input", Choice).value

    def show_fields(self) -> Mapping[str, bool]:
        voice = self.collect()
        return {
            "public_key": voice.provider == "telnyx", "callers": voice.calls == "allowlist" or bool(voice.callers),
            "ngrok_domain": voice.way == "ngrok", "public_url": voice.way == "url",
        }  # fmt: skip

    def remark(self, field: str) -> str:
        voice = self.collect()
        if field == "calls" and voice.calls != "disabled" and (address := webhook_address(voice)):
            return _("Tell {company} to send calls to: {url}").format(
                company=voice.provider.capitalize(), url=address
            )
        if field == "way":
            words = source_problem(replace(self.session.spec, gateway=self.gateway))
            return words or _(WAYS.get(voice.way, ""))
        return ""

    async def ask(self, secrets: Mapping[str, Secret]) -> ChannelCheck:
        voice, checks = self.collect(), self.session.services.channels
        if TWILIO in secrets and voice.account and voice.provider == "twilio":
            return await checks.twilio(voice.account, secrets[TWILIO], voice.number)
        if TELNYX in secrets and voice.provider == "telnyx":
            return await checks.telnyx(secrets[TELNYX], voice.number)
        return ChannelCheck(())
