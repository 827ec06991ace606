"""Home's look at a machine that was changed by hand: shown, taken over, or brought back by a deploy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from claw_tui.domain.drift import Drift, drift, taken_variables, with_machine
from claw_tui.domain.errors import ClawError
from claw_tui.domain.fly_toml import build_fly_toml
from claw_tui.domain.jobs import JobState
from claw_tui.domain.spec import Spec
from claw_tui.engine.session import Session

OWN = "fly.own.toml"  # in our folder of the app: a file to start from that holds what was taken over


class DriftDesk:
    """The machine of ``app`` beside the answers that were kept here when it was deployed last."""

    def __init__(self, session: Session, app: str) -> None:
        self._session, self.app = session, app

    def _answers(self) -> Spec | None:
        """None when there is nothing to compare with, or while a run of ours changes it."""
        run = self._session.run
        if run is not None and run.job.app == self.app and run.state() is JobState.GOING_ON:
            return None
        return self._session.services.state.load_answers(self.app)

    def _base(self, spec: Spec) -> str:
        if not spec.own_fly_toml:
            return ""
        try:
            return self._session.services.state.read_file(Path(spec.own_fly_toml).expanduser())
        except ClawError:  # it is gone: the next deploy says so
            return ""

    def rows(self) -> tuple[Drift, ...]:
        """By what was last read of the app. Raises StateError, BadInput."""
        spec, machine = self._answers(), self._session.reader.known(self.app).machine
        if spec is None or machine is None:
            return ()
        return drift(spec, machine, build_fly_toml(spec, self._base(spec)))

    def take_over(self) -> tuple[Drift, ...]:
        """The answers and the kept fly.toml become as the machine is, as far as they can; returns what is left."""
        state, spec = self._session.services.state, self._answers()
        machine = self._session.reader.known(self.app).machine
        assert spec is not None
        assert machine is not None
        base, new = self._base(spec), with_machine(spec, machine)
        more = taken_variables(spec, machine, build_fly_toml(spec, base))
        if more:
            path = state.file(self.app, OWN)
            base = _with_variables(base, more)
            state.write_file(path, base)
            new = replace(new, own_fly_toml=str(path))
        state.write_file(state.file(self.app, "fly.toml"), build_fly_toml(new, base))
        state.save_answers(new)
        if self._session.spec.app == self.app:
            self._session.update(
                version=new.version, vm_size=new.vm_size, memory_mb=new.memory_mb, command=new.command,
                own_fly_toml=new.own_fly_toml,
            )  # fmt: skip
        return self.rows()


def _with_variables(base: str, more: dict[str, str]) -> str:
    import tomlkit  # noqa: PLC0415

    document = tomlkit.parse(base)
    document.setdefault("env", tomlkit.table()).update(more)
    return tomlkit.dumps(document)
