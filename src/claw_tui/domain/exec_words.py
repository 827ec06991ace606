"""How openclaw.json is changed in its machine, as commands a person could type: what `adapters/gateway.py` does, in short.

BASE64 stands for the new file's text: it goes up in parts of 8 KB, and each part is one such call.
"""

from __future__ import annotations

from dataclasses import dataclass

from claw_tui.domain.layout import layout_in
from claw_tui.domain.world import World, typed_name

NODE = "1000:1000"  # the image's user `node`, who the gateway is


@dataclass(frozen=True, slots=True)
class InMachine:
    """``config``: where its openclaw.json is."""

    app: str
    machine: str
    config: str

    def run(self, what: str) -> str:
        return f"fly machine exec {self.machine} '{what}' --app {self.app}"

    @property
    def _new(self) -> str:
        return f"{self.config.rpartition('/')[0]}/.openclaw.json.new"

    def moves(self) -> tuple[str, ...]:
        """The new file takes the place of the old one, which is kept beside it."""
        return (self.run(f"mv {self._new} {self.config}"),)

    def sends(self, *, check: bool = True) -> tuple[str, ...]:
        """A text of ours becomes openclaw.json, once OpenClaw has looked at it; January's can't."""
        up = self.run(f'sh -c "echo BASE64 | base64 -d > {self._new}"')
        return (up, *((self._checks(),) if check else ()), *self.moves())

    def takes(self, path: str, *, check: bool = True) -> tuple[str, ...]:
        """A file of the machine becomes openclaw.json. January's OpenClaw can't check one."""
        return (self.run(f"cp {path} {self._new}"), *((self._checks(),) if check else ()), *self.moves())

    def adopts(self, state: str) -> str:
        """What is in ``state`` becomes the gateway's user's; FOLDER stands for its working folder of before, if it is elsewhere."""
        new = f"{state}/workspace"
        return self.run(f'sh -c "[ -d {new} ] || cp -a FOLDER {new}; chown -R {NODE} {state}"')

    def _checks(self) -> str:
        return self.run(f"env OPENCLAW_CONFIG_PATH={self._new} openclaw config validate")

    def owns(self) -> tuple[str, ...]:
        """The gateway's user's, and nobody else reads it."""
        return (self.run(f'sh -c "chown {NODE} {self.config}; chmod 600 {self.config}"'),)


def in_machine(app: str, world: World) -> InMachine:
    """The machine to talk to, and the file that its gateway reads."""
    return InMachine(app, typed_name(world.machine), layout_in(world).config)
