"""Answers, files and digests on this computer. No secret is ever here: a spec holds only their names."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claw_tui.adapters.files import cannot_write, held, make_folder, read_text, write_atomic
from claw_tui.domain.errors import StateError
from claw_tui.domain.parse import json_of, toml_of
from claw_tui.domain.spec import Spec
from claw_tui.i18n import _

if TYPE_CHECKING:
    from claw_tui.domain.discord import Sight
    from claw_tui.domain.durations import Durations, RunTimes

SCHEMA = 1
NO_APP = "_"  # the folder of what was given before an app had a name


def spec_to_toml(spec: Spec) -> str:
    """The answers as a file that people can read, keep and use again."""
    import msgspec  # noqa: PLC0415
    import tomlkit  # noqa: PLC0415

    return tomlkit.dumps({"schema": SCHEMA, **_without_nothing(msgspec.to_builtins(spec))})


def _without_nothing(value: Any) -> Any:
    """TOML has no null: what is not said is left out. openclaw.json stays readable."""
    if isinstance(value, dict):
        return {key: _without_nothing(inside) for key, inside in value.items() if inside is not None}
    if isinstance(value, str) and value.startswith("{\n") and value.replace("\n", "").isprintable():
        import tomlkit  # noqa: PLC0415

        return tomlkit.string(value, literal="'''" not in value, multiline=True)
    return [_without_nothing(inside) for inside in value] if isinstance(value, list | tuple) else value


def spec_from_toml(text: str, name: str) -> Spec:
    """Read answers. Raises StateError with the place of what is wrong."""
    import msgspec  # noqa: PLC0415

    try:
        raw = toml_of(text)
        if raw.pop("schema", SCHEMA) != SCHEMA:
            raise StateError(
                _("{name} was written by a newer claw-tui.").format(name=name), hint=_("Update claw-tui.")
            )
        return msgspec.convert(raw, Spec)
    except (ValueError, msgspec.ValidationError) as error:
        raise StateError(
            _("{name} can't be used: {why}").format(name=name, why=error),
            hint=_("Mend the file or remove it."),
        ) from error


class StateFiles:
    """The port ``StateStore`` over a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_draft(self) -> Spec | None:
        return self._load(self._folder / "draft.toml")

    def save_draft(self, spec: Spec) -> None:
        write_atomic(self._folder / "draft.toml", spec_to_toml(spec))

    def drop_draft(self) -> None:
        path = self._folder / "draft.toml"
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(path, error) from error

    def set_aside(self, draft: Spec) -> None:
        write_atomic(self._aside(draft.app), spec_to_toml(draft))

    def aside(self) -> tuple[Spec, ...]:
        found: list[Spec] = []
        paths = [(path.stat().st_mtime_ns, path) for path in (self._folder / "drafts").glob("*.toml")]
        for _at, path in sorted(paths, reverse=True):
            with suppress(StateError):
                found += filter(None, (self._load(path),))
        return tuple(found)

    def drop_aside(self, app: str) -> None:
        path = self._aside(app)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(path, error) from error

    def _aside(self, app: str) -> Path:
        from urllib.parse import quote  # noqa: PLC0415

        return self._folder / "drafts" / f"{quote(app, safe='') or NO_APP}.toml"  # a name may not be one yet

    def load_answers(self, app: str) -> Spec | None:
        return self._load(self._app(app) / "answers.toml")

    def save_answers(self, spec: Spec) -> None:
        write_atomic(self._app(spec.app) / "answers.toml", spec_to_toml(spec))

    def drop_answers(self, app: str) -> None:
        path = self._app(app) / "answers.toml"
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(path, error) from error

    def known_apps(self) -> tuple[str, ...]:
        return tuple(sorted(path.parent.name for path in (self._folder / "gateways").glob("*/answers.toml")))

    def forget(self, app: str) -> None:
        import shutil  # noqa: PLC0415

        assert app
        for path in (self._app(app), self._folder / "jobs" / app):
            try:
                shutil.rmtree(path)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise cannot_write(path, error) from error

    def setting(self, name: str) -> str:
        return str(self._json(self._folder / "settings.json").get(name, ""))

    def set_setting(self, name: str, value: str) -> None:
        path = self._folder / "settings.json"
        self._write_json(path, {**self._json(path), name: value})

    def revisions(self, app: str) -> Mapping[str, str]:
        found = self._json(self._app(app) / "secrets.json").get("revisions", {})
        return {name: str(revision) for name, revision in found.items() if revision}

    def set_revision(self, app: str, name: str, revision: str) -> None:
        self._change_secrets(app, "revisions", {name: revision})

    def revised(self) -> tuple[tuple[str, str], ...]:
        apps = sorted(path.parent.name for path in (self._folder / "gateways").glob("*/secrets.json"))
        return tuple(
            ("" if app == NO_APP else app, name) for app in apps for name in sorted(self.revisions(app))
        )

    def sent_digests(self, app: str) -> Mapping[str, tuple[str, str]]:
        found = self._json(self._app(app) / "secrets.json").get("sent", {})
        return {name: (str(pair[0]), str(pair[1])) for name, pair in found.items()}

    def set_sent_digests(self, app: str, digests: Mapping[str, tuple[str, str]]) -> None:
        self._change_secrets(app, "sent", digests)

    def kept(self, app: str) -> Mapping[str, str]:
        return dict(self._json(self._app(app) / "secrets.json").get("kept", {}))

    def set_kept(self, app: str, name: str, revision: str) -> None:
        if self.kept(app).get(name, "") != revision:
            self._change_secrets(app, "kept", {name: revision})

    def removals(self, app: str) -> tuple[str, ...]:
        found = self._json(self._app(app) / "secrets.json").get("removals", {})
        return tuple(sorted(name for name, wanted in found.items() if wanted))

    def set_removal(self, app: str, name: str, *, wanted: bool) -> None:
        if wanted != (name in self.removals(app)):
            self._change_secrets(app, "removals", {name: wanted})

    def sight(self, bot: str) -> Sight | None:
        """A file that can't be used is as good as none: what it holds can be read again."""
        import msgspec  # noqa: PLC0415

        from claw_tui.domain.discord import Sight  # noqa: PLC0415

        text = read_text(self._sight(bot))
        try:
            return None if text is None else msgspec.convert(json_of(text), Sight)
        except (ValueError, msgspec.ValidationError):
            return None

    def set_sight(self, bot: str, sight: Sight) -> None:
        import msgspec  # noqa: PLC0415

        self._write_json(self._sight(bot), msgspec.to_builtins(sight))

    def _sight(self, bot: str) -> Path:
        assert bot.isdigit()  # it is a file's name
        return self._folder / "discord" / f"{bot}.json"

    def durations(self) -> Durations:
        """A file that can't be used is as good as none: it will be learned again."""
        import msgspec  # noqa: PLC0415

        from claw_tui.domain.durations import Durations, RunTimes  # noqa: PLC0415

        try:
            text = read_text(self._folder / "durations.json")
            return (
                Durations()
                if text is None
                else Durations(msgspec.convert(json_of(text), tuple[RunTimes, ...]))
            )
        except (ValueError, msgspec.ValidationError, StateError):
            return Durations()

    def add_durations(self, times: RunTimes) -> None:
        import json  # noqa: PLC0415

        import msgspec  # noqa: PLC0415

        path = self._folder / "durations.json"
        with held(path, path.with_suffix(".lock")):
            runs = self.durations().with_run(times).runs
            write_atomic(path, json.dumps(msgspec.to_builtins(runs)) + "\n")

    def file(self, app: str, name: str) -> Path:
        return make_folder(self._app(app)) / name

    def read_file(self, path: Path) -> str:
        text = read_text(path)
        if text is None:
            raise StateError(_("There is no file {path}.").format(path=path), hint=_("Check the path."))
        return text

    def write_file(self, path: Path, text: str) -> None:
        write_atomic(path, text)

    def _app(self, app: str) -> Path:
        return self._folder / "gateways" / (app or NO_APP)

    def _change_secrets(self, app: str, part: str, values: Mapping[str, object]) -> None:
        """A run and the wizard may both have something to write down."""
        path = self._app(app) / "secrets.json"
        with held(path, path.with_suffix(".lock")):
            whole = self._json(path)
            self._write_json(path, {**whole, part: {**whole.get(part, {}), **values}})

    def _load(self, path: Path) -> Spec | None:
        text = read_text(path)
        return None if text is None else spec_from_toml(text, str(path))

    def _json(self, path: Path) -> dict[str, Any]:
        text = read_text(path)
        if text is None:
            return {}
        try:
            found = json_of(text)
        except ValueError as error:
            raise StateError(_("{path} can't be used: {why}").format(path=path, why=error)) from error
        return found if isinstance(found, dict) else {}

    def _write_json(self, path: Path, value: Mapping[str, object]) -> None:
        import json  # noqa: PLC0415

        write_atomic(path, json.dumps(value, indent=1, sort_keys=True) + "\n")
