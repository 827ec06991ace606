"""The machines of an app, and where their gateways listen and keep their files: remembered from whenever they were told of."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from claw_tui.adapters import fly_shapes
from claw_tui.adapters.fly_changing import FlyChanges
from claw_tui.domain import fly_args
from claw_tui.domain.layout import Layout, layout_of

if TYPE_CHECKING:
    from claw_tui.domain.world import Machine


class FlyLayout(FlyChanges):
    """Whoever talks to a gateway asks here for its port and its files; a run reads its machines before each step."""

    _layouts: Mapping[str, Layout] = MappingProxyType({})

    async def machines(self, app: str) -> tuple[Machine, ...]:
        found = fly_shapes.machines(await self._json(fly_args.machine_list(app)))
        self._layouts = {**self._layouts, **{machine.id: layout_of(machine) for machine in found}}
        return found

    async def layout(self, app: str, machine: str) -> Layout:
        if machine not in self._layouts:
            await self.machines(app)
        return self._layouts.get(machine, Layout())
