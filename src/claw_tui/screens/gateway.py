"""Gateway: its models, its agents, and where it talks."""

from __future__ import annotations

from dataclasses import replace

from textual import on, work
from textual.app import ComposeResult

from claw_tui.domain import names
from claw_tui.domain.channel_needs import NAMES, channel_problems, is_on, missing_secrets
from claw_tui.domain.gateway_config import channel_names, gateway_problems
from claw_tui.domain.models import Model, model_problem, models_for
from claw_tui.domain.secret_kinds import DISCORD, providers_of
from claw_tui.domain.spec import AgentSpec, GatewaySpec
from claw_tui.i18n import _, many, n_
from claw_tui.screens.channel_words import OTHERS, ask_about, channel_words, note_words
from claw_tui.screens.desk import DeskScreen
from claw_tui.screens.dialogs import LineDialog, PickDialog, PickSeveralDialog
from claw_tui.widgets.choice import Choice, Opener, Option, Toggle
from claw_tui.widgets.field import Field, field_around
from claw_tui.widgets.line_input import LineInput
from claw_tui.widgets.pick_list import Item

OTHER = "other"
CHANNEL_HELP = {
    "telegram": n_(
        "As a bot of your own. Works without a public address. Enter: who may write to it, and groups."
    ),
    "slack": n_("As an app of your own in your workspace: by its socket, or by HTTP. Enter: all about it."),
    "whatsapp": n_(
        "A phone is linked by a QR code after the deploy. Enter: who may write to it, and groups."
    ),
    "signal": n_(
        "A number of its own, by the program signal-cli. Enter: where that runs, and who may write."
    ),
    "voice": n_("By Twilio or Telnyx. Enter: the number, who may call, and how calls reach the gateway."),
}


class GatewayScreen(DeskScreen):
    """Becomes openclaw.json; F4 shows it as it would be written."""

    STEP = "gateway"
    HELP = n_(
        "The model answers; when it can't (no quota, an outage), the fallbacks are tried in their order.\n\n"
        "An agent is a personality with a memory and files of its own. One, called “main”, is what most people want."
        " All channels talk to the first.\n\n"
        "On Discord the gateway talks only where you let it: whole servers, or chosen channels. “Only when mentioned”"
        " means that it stays silent until somebody writes its name with an @.\n\n"
        "F4 shows the exact openclaw.json. It is checked by OpenClaw itself in the machine before it is used."
    )

    def compose_body(self) -> ComposeResult:
        yield Field(
            _("Model"), Choice(id="model-choice"), id="primary-model",
            help_text=_("Answers everything; Enter shows all that your keys allow. Prices: dollars a million tokens in/out."),
        )  # fmt: skip
        yield Field(
            _("Fallbacks"), Opener(id="fallback-opener"), id="fallbacks",
            help_text=_("Tried in this order when the model can't answer. None is fine."),
        )  # fmt: skip
        yield Field(
            _("Agents"), LineInput(max_length=200, id="agents-input"), id="agents",
            help_text=_("Names with commas between them. One, “main”, is what most people want."),
        )  # fmt: skip
        yield Field(
            _("Each agent"), Opener(id="agents-opener"), id="each-agent",
            help_text=_("A model, a folder and places of its own for each. Enter shows them."),
        )  # fmt: skip
        yield Field(
            _("At the same time"), LineInput(max_length=3, id="concurrent-input"), id="max-concurrent",
            help_text=_("How many conversations may run at once. 4 fits 2 GB of memory."),
        )  # fmt: skip
        yield Field(
            "Discord", Opener(id="discord-opener"), id="discord",
            help_text=_("Servers and channels, picked from what your bot sees. Enter reads the list from Discord."),
        )  # fmt: skip
        yield Field(
            "", Toggle(_("only when mentioned (@)"), id="discord-mention"), id="discord-mention-field",
            help_text=_("On: it stays silent until somebody writes its name with an @. Good in busy channels."),
        )  # fmt: skip
        for channel in OTHERS:
            yield Field(
                _(NAMES[channel]),
                Opener(id=f"{channel}-opener"),
                id=channel,
                help_text=_(CHANNEL_HELP[channel]),
            )

    def on_mount(self) -> None:
        super().on_mount()
        self.focus_first()

    def focus_first(self) -> None:
        self.query_one("#model-choice").focus()

    def resumed(self) -> None:
        self.refresh_form()
        self.refresh_file()

    def refresh_form(self) -> None:
        self.fill("agents-input", ", ".join(agent.id for agent in self.gateway.agents))
        self.fill("concurrent-input", str(self.gateway.max_concurrent))
        self.show()

    @property
    def gateway(self) -> GatewaySpec:
        return self.session.spec.gateway

    def show(self) -> None:
        """Show the answers; channels whose token was not given say so and cannot be switched on."""
        gateway, given = self.gateway, self.session.spec.secret_names
        known = [Option(model.ref, model.ref, model.words()) for model in self._models()]
        if gateway.primary_model and gateway.primary_model not in [option.id for option in known]:
            known.append(Option(gateway.primary_model, gateway.primary_model))
        self.query_one("#model-choice", Choice).set_options(known, gateway.primary_model)
        self.query_one("#fallback-opener", Opener).show(", ".join(gateway.fallback_models) or _("none"))
        self.query_one("#each-agent").display = len(gateway.agents) > 1
        self.query_one("#agents-opener", Opener).show(self._agents_words())
        self.query_one("#discord-mention-field").display = bool(gateway.discord.guilds)
        mention = all(guild.require_mention for guild in gateway.discord.guilds)
        self.query_one("#discord-mention", Toggle).value = mention
        for channel in ("discord", *OTHERS):
            self.query_one(f"#{channel}-opener", Opener).show(channel_words(gateway, channel))
            missing = missing_secrets(gateway, channel, given) if is_on(gateway, channel) else ()
            self.query_one(f"#{channel}", Field).note(note_words(missing))
        if gateway.discord.enabled and not gateway.discord.guilds and DISCORD in given:
            self.query_one("#discord", Field).note(_("Choose where it may talk: Enter reads your servers."))
        own = sum(c.require_mention is not None for g in gateway.discord.guilds for c in g.channels)
        note = many(
            "{count} channel has a setting of its own.", "{count} channels have settings of their own.", own
        )
        self.query_one("#discord-mention-field", Field).note(note if own else "")

    # -- models ---------------------------------------------------------------------------------------------------
    def _models(self) -> tuple[Model, ...]:
        """What the version that is deployed has, and the keys open."""
        spec = self.session.spec
        return models_for(providers_of(spec.secret_names), spec.version, self.session.listed)

    @on(Choice.Changed, "#model-choice")
    def _model_changed(self, event: Choice.Changed) -> None:
        self._take_model(event.value)

    def _take_model(self, ref: str) -> None:
        fallbacks = tuple(model for model in self.gateway.fallback_models if model != ref)
        self.query_one("#primary-model", Field).note("")
        self.change(primary_model=ref, fallback_models=fallbacks)

    @on(Choice.Opened, "#model-choice")
    @work(exclusive=True, group="pick")
    async def _pick_model(self) -> None:
        providers = providers_of(self.session.spec.secret_names)
        items = [Item(model.ref, model.ref, model.words()) for model in self._models()]
        items.append(Item(OTHER, _("Another model …"), _("type its name")))
        found = await self.app.push_screen_wait(
            PickDialog(_("Model"), items, self.gateway.primary_model, text_width=34)
        )
        if found == OTHER:
            found = await self.app.push_screen_wait(
                LineDialog(
                    _("Model"), self.gateway.primary_model, note=_("provider/name, as OpenClaw writes it")
                )
            )
            problem = model_problem(found, providers, self.session.spec.version) if found else ""
            if problem:
                self.query_one("#primary-model", Field).note(problem, problem=True)
                return
        if found:
            self._take_model(found)

    @on(Opener.Opened, "#fallback-opener")
    @work(exclusive=True, group="pick")
    async def _pick_fallbacks(self) -> None:
        chosen = self.gateway.fallback_models
        items = [Item(m.ref, m.ref, m.words()) for m in self._models() if m.ref != self.gateway.primary_model]
        note = _("Tried from top to bottom.")
        found = await self.app.push_screen_wait(
            PickSeveralDialog(_("Fallback models"), items, chosen, note=note)
        )
        if found is not None:
            self.change(fallback_models=found)

    # -- agents ---------------------------------------------------------------------------------------------------
    def _agents_words(self) -> str:
        agents = self.gateway.agents
        own = sum(bool(agent.model) for agent in agents)
        models = (
            many("{count} model of its own", "{count} models of their own", own) if own else _("one model")
        )
        placed = [agent.id for agent in agents[1:] if agent.routes]
        where = ", ".join(placed) if placed else _("none but the first")
        return _("{models}; places of their own: {agents}").format(models=models, agents=where)

    @on(Opener.Opened, "#agents-opener")
    @work(exclusive=True, group="pick")
    async def _open_agents(self) -> None:
        from claw_tui.screens.agents import AgentsDialog  # noqa: PLC0415

        self.take_typed()
        models = tuple(Item(model.ref, model.ref, model.words()) for model in self._models())
        channels = tuple((name, NAMES[name]) for name in channel_names(self.gateway))
        found = await self.app.push_screen_wait(AgentsDialog(self.gateway, channels, models))
        if found is not None:
            self.change(agents=found)

    # -- channels -------------------------------------------------------------------------------------------------
    @on(Opener.Opened, "#discord-opener")
    @work(exclusive=True, group="pick")
    async def _pick_discord(self) -> None:
        from claw_tui.screens.discord import DiscordDialog  # noqa: PLC0415
        from claw_tui.screens.secret import give_secret  # noqa: PLC0415

        if DISCORD not in self.session.spec.secret_names and not await give_secret(self, DISCORD):
            return
        found = await self.app.push_screen_wait(DiscordDialog())
        if found is not None:
            self.tell("")
            self.change(discord=replace(self.gateway.discord, enabled=True, guilds=found))

    @on(Toggle.Changed, "#discord-mention")
    def _mention(self, event: Toggle.Changed) -> None:
        guilds = tuple(replace(g, require_mention=event.value) for g in self.gateway.discord.guilds)
        self.change(discord=replace(self.gateway.discord, guilds=guilds))

    @on(Opener.Opened)
    def _open_channel(self, event: Opener.Opened) -> None:
        channel = (event.opener.id or "").removesuffix("-opener")
        if channel in OTHERS:
            self._ask_about(channel)

    @work(exclusive=True, group="pick")
    async def _ask_about(self, channel: str) -> None:
        found = await ask_about(self, self.gateway, channel)
        if found is not None:
            self.change(**{channel: found})
            self._say_what_is_wrong(channel)

    def _say_what_is_wrong(self, channel: str) -> None:
        """At once, and not when one wants to go on."""
        spec = self.session.spec
        for problem in channel_problems(self.gateway, spec.secret_names, private=spec.private):
            if problem.channel == channel and problem.field != "secrets":
                self.query_one(f"#{channel}", Field).note(problem.words, problem=True)
                return

    @on(LineInput.Changed, "#agents-input, #concurrent-input")
    def _typing(self, event: LineInput.Changed) -> None:
        """What was wrong with it may be right now."""
        field = field_around(event.input)
        if field is not None:
            field.note("")

    # -- leaving --------------------------------------------------------------------------------------------------
    def take_typed(self) -> tuple[str, str]:
        """Take over the two typed fields. Returns (field, problem) of the first that can't be used."""
        found: tuple[AgentSpec, ...] = ()
        for name in [
            part.strip()
            for part in self.query_one("#agents-input", LineInput).value.split(",")
            if part.strip()
        ]:
            if problem := names.agent_id_problem(name, [agent.id for agent in found]):
                return "agents", f"{name}: {problem}"
            old = next((agent for agent in self.gateway.agents if agent.id == name), AgentSpec(name))
            found = (*found, old)
        count = self.query_one("#concurrent-input", LineInput).value.strip()
        if not count.isdigit() or not 1 <= int(count) <= 64:
            return "max-concurrent", _("A number from 1 to 64.")
        self.change(agents=found, max_concurrent=int(count))
        return "", ""

    async def leave(self) -> bool:
        if not await super().leave():
            return False
        for name in ("agents", "max-concurrent"):
            self.query_one(f"#{name}", Field).note("")
        field, problem = self.take_typed()
        if problem:
            self.problem_at(field, problem)
            return False
        for field, words in gateway_problems(
            self.gateway, self.session.spec.secret_names, private=self.session.spec.private
        ):
            self.problem_at(field, words)
            return False
        return True

    async def keep(self) -> None:
        self.take_typed()
        await self.take_file(asks=False)
