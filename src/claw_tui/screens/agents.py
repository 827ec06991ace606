"""The agents of a gateway: each with a model, a folder and places of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from claw_tui.domain.agent_routes import Spot, key_of, spots, with_routes
from claw_tui.domain.spec import AgentSpec, GatewaySpec
from claw_tui.i18n import _, many, n_
from claw_tui.screens.base import Dialog
from claw_tui.screens.dialogs import LineDialog, PickDialog, PickSeveralDialog
from claw_tui.widgets.pick_list import Item, PickList


def agent_words(agent: AgentSpec, *, first: bool) -> str:
    """One line about an agent."""
    parts = [agent.model or _("the same model")]
    if agent.workspace:
        parts.append(agent.workspace)
    count = len(agent.routes)
    if first:
        parts.append(_("answers all that no other one does"))
    elif count:
        parts.append(many("answers in {count} place", "answers in {count} places", count))
    else:
        parts.append(_("answers nowhere yet"))
    return " · ".join(parts)


class AgentsDialog(Dialog[tuple[AgentSpec, ...]]):
    """Answers with the agents as they are wanted."""

    HELP = n_(
        "An agent is a personality with a memory and files of its own.\n\n"
        "M gives the agent under the cursor a model of its own. W sets its workspace: the folder in the machine with its"
        " files (below /data, so that it stays); empty is OpenClaw's own place for it. P chooses where it answers: whole"
        " channels, single servers, single rooms; the most specific one counts, and what nobody has is the first agent's.\n\n"
        "Enter takes it over, Escape leaves everything as it was."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "model", n_("Model")),
        Binding("w", "workspace", n_("Workspace")),
        Binding("p", "places", n_("Where it answers")),
    ]

    def __init__(
        self, gateway: GatewaySpec, channels: tuple[tuple[str, str], ...], models: tuple[Item, ...]
    ) -> None:
        super().__init__()
        self._gateway, self._channels, self._models = gateway, channels, models

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel -tall"):
            yield Static(_("Agents"), classes="title", markup=False)
            width = max(len(agent.id) for agent in self._gateway.agents) + 2
            yield PickList(self._items(), id="agents-list", text_width=min(width, 24))
            words = _("What each has of its own. Enter takes it over, Escape leaves everything as it was.")
            yield Static(words, id="agents-said", classes="muted", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(PickList).focus()

    def _items(self) -> tuple[Item, ...]:
        agents = self._gateway.agents
        return tuple(Item(a.id, a.id, agent_words(a, first=not number)) for number, a in enumerate(agents))

    @property
    def _current(self) -> AgentSpec:
        name = self.query_one(PickList).current
        return next(agent for agent in self._gateway.agents if agent.id == name)

    def _take(self, agents: tuple[AgentSpec, ...]) -> None:
        current = self.query_one(PickList).current
        self._gateway = replace(self._gateway, agents=agents)
        self.query_one(PickList).set_items(self._items(), current)

    def _change(self, new: AgentSpec) -> None:
        self._take(tuple(new if agent.id == new.id else agent for agent in self._gateway.agents))

    @on(PickList.Chosen)
    def _done(self) -> None:
        self.dismiss(self._gateway.agents)

    @work(exclusive=True, group="agent")
    async def action_model(self) -> None:
        agent = self._current
        items = (Item("-", _("the same as everybody")), *self._models)
        title = _("Model of {agent}").format(agent=agent.id)
        found = await self.app.push_screen_wait(PickDialog(title, items, agent.model or "-", text_width=34))
        if found:
            self._change(replace(agent, model="" if found == "-" else found))

    @work(exclusive=True, group="agent")
    async def action_workspace(self) -> None:
        agent = self._current
        note = _("A folder in the machine, below /data so that it stays. Empty: OpenClaw's own place for it.")
        title = _("Workspace of {agent}").format(agent=agent.id)
        typed = agent.workspace or f"/data/workspace-{agent.id}"
        while True:
            found: str | None = await self.app.push_screen_wait(
                LineDialog(title, typed, note=note, may_be_empty=True)
            )
            if found is None:
                return
            if not found or (found.startswith("/data/") and ".." not in found):
                break
            typed, note = found, _("It must be below /data/: all else is gone after a restart.")
        self._change(replace(agent, workspace=found))

    @work(exclusive=True, group="agent")
    async def action_places(self) -> None:
        agent = self._current
        found = spots(self._gateway, self._channels)
        said = self.query_one("#agents-said", Static)
        if not found:
            said.update(_("No channel is switched on yet: choose one on the Gateway screen first."))
            return
        items = [
            Item(key_of(spot.route), spot.words, self._owner(spot, agent), depth=spot.depth) for spot in found
        ]
        ticked = [key_of(route) for route in agent.routes]
        note = _("Ticked: {agent} answers there. What nobody has is the first agent's.").format(
            agent=agent.id
        )
        title = _("Where {agent} answers").format(agent=agent.id)
        chosen = await self.app.push_screen_wait(PickSeveralDialog(title, items, ticked, note=note))
        if chosen is not None:
            routes = tuple(spot.route for spot in found if key_of(spot.route) in chosen)
            self._take(with_routes(self._gateway, agent.id, routes))

    def _owner(self, spot: Spot, agent: AgentSpec) -> str:
        """Who has a place now, when it is somebody else."""
        other = next((a.id for a in self._gateway.agents if spot.route in a.routes and a.id != agent.id), "")
        return _("now {agent}").format(agent=other) if other else ""
