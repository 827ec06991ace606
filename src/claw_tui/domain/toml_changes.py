"""What claw-tui changes in a person's own fly.toml, and why: nothing of it happens unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from claw_tui.domain.fly_toml import HEALTH_PATH, build_fly_toml
from claw_tui.domain.parse import toml_of
from claw_tui.domain.spec import STATE_DIR, Spec
from claw_tui.i18n import _, n_


@dataclass(frozen=True, slots=True)
class TomlChange:
    """One place; ``before`` or ``after`` is empty where there was or is nothing."""

    path: str
    before: str
    after: str
    why: str


# The first that fits counts; a path fits when it begins so.
_WHY: tuple[tuple[str, str], ...] = (
    ("app", n_("the app's name is the one on the App screen")),
    ("primary_region", n_("the region is the one on the App screen; the volume is there")),
    ("kill_signal", n_("Fly.io's own SIGINT is no clean end for the gateway")),
    ("kill_timeout", n_("Fly.io's own 5 seconds cut off what it is doing")),
    ("build.dockerfile", n_("the prebuilt image was chosen on the App screen: nothing is built")),
    ("build", n_("where OpenClaw comes from is chosen on the App screen")),
    ("env.NODE_OPTIONS", n_("node's heap has to stay below the machine's memory")),
    ("env.OPENCLAW_STATE_DIR", n_("its state has to be on the volume, else it is lost at each deploy")),
    ("env", n_("the gateway needs it")),
    ("processes", n_("the gateway has to listen on port 3000 for Fly.io's proxy")),
    ("http_service.internal_port", n_("the gateway listens on 3000 (`fly launch` writes 8080)")),
    ("http_service.auto_stop_machines", n_("a machine that stops by itself hears nobody on Discord or Telegram")),
    ("http_service.min_machines_running", n_("one has to run all the time")),
    ("http_service.force_https", n_("the token must not travel in clear")),
    ("http_service.checks", n_("without a check a deploy does not notice a gateway that does not answer; /healthz is the path that always answers")),
    ("vm", n_("the size is the one on the App screen; OpenClaw alone takes more than 1 GB")),
    ("mounts", n_("the volume is the one on the App screen, and /data is where the state is")),
)  # fmt: skip
_PRIVATE_WHY: tuple[tuple[str, str], ...] = (
    ("http_service", n_("private: this would give it a public door")),
    ("services", n_("private: one raw service that only your own network reaches, so that `fly proxy` gets through")),
)  # fmt: skip
_PUBLIC_WHY: tuple[tuple[str, str], ...] = (
    ("services", n_("public: it is reached by [http_service] alone")),
    ("http_service", n_("public: it is reached here, over HTTPS")),
)


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(path, value) of every leaf; a list of tables counts by its place."""
    if isinstance(value, Mapping):
        for key, inside in value.items():
            yield from _flat(inside, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for number, inside in enumerate(value):
            yield from _flat(inside, f"{path}[{number}]" if len(value) > 1 else path)
    else:
        yield path, value


def _same(before: Any, after: Any) -> bool:
    """Two ways to write one thing: false and "off", 2gb and 2048mb, 60 and "60s"."""
    return bool(_plain(before) == _plain(after))


def _plain(value: Any) -> Any:
    if value in (False, "off"):
        return "off"
    text = str(value).lower().strip()
    if text.endswith("gb") and text[:-2].isdigit():
        return f"{int(text[:-2]) * 1024}mb"
    return text.removesuffix("s") if text.removesuffix("s").isdigit() else text


def toml_changes(base: str, spec: Spec) -> list[TomlChange]:
    """What a deploy's file has otherwise than ``base``. Raises BadInput when that is not TOML."""
    made = toml_of(build_fly_toml(spec, base))
    before, after = dict(_flat(toml_of(base))), dict(_flat(made))
    found: dict[str, TomlChange] = {}
    for path in (*before, *(path for path in after if path not in before)):
        if path in before and path in after and _same(before[path], after[path]):
            continue
        whole = _whole(path, before, after)
        if whole not in found:
            shown = [_shown(side, whole) for side in (before, after)]
            found[whole] = TomlChange(whole, shown[0], shown[1], _why(whole, spec))
    return [change for change in found.values() if change.before != change.after]


def _shown(side: Mapping[str, Any], path: str) -> str:
    if path in side:
        return _text(side[path])
    return "…" if any(known.startswith((f"{path}.", f"{path}[")) for known in side) else ""


def _whole(path: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """A section that comes or goes as one is one change."""
    for section in ("http_service", "services", "http_service.checks"):
        if path.startswith(section) and any(
            not any(known.startswith(section) for known in side) for side in (before, after)
        ):
            return section
    return path


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def _why(path: str, spec: Spec) -> str:
    reasons = (*(_PRIVATE_WHY if spec.private else ()), *_WHY, *_PUBLIC_WHY)
    if path == "http_service" and not spec.private:
        return _(_PUBLIC_WHY[1][1])
    return next((_(why) for start, why in reasons if path.startswith(start)), _("the gateway needs it"))


def toml_notes(base: str, spec: Spec) -> list[str]:
    """What stays in the file, and is worth a word."""
    raw, notes = toml_of(base), []
    checks = [
        check
        for check in (raw.get("http_service") or {}).get("checks", ())
        if check.get("path") != HEALTH_PATH
    ]
    if checks and not spec.private:
        notes.append(
            _("Your own check on {path} stays: a deploy waits for it too.").format(
                path=checks[0].get("path", "?")
            )
        )
    old = sorted(name for name in raw.get("env") or {} if name.startswith(("CLAWDBOT_", "MOLTBOT_")))
    if old:
        notes.append(
            _("OpenClaw does not read these any more; they stay: {names}").format(names=", ".join(old))
        )
    if (raw.get("deploy") or {}).get("release_command"):
        notes.append(_("Its release_command runs before each deploy, on a machine without the volume."))
    if isinstance(raw.get("mounts"), list) and len(raw["mounts"]) > 1:
        notes.append(_("It has several mounts; the first one becomes {path}.").format(path=STATE_DIR))
    return notes


def change_lines(base: str, spec: Spec) -> list[str]:
    """For people: what is changed in their file and why, then what stays."""
    lines = []
    for change in toml_changes(base, spec):
        if not change.before:
            head = _("+ {path} = {after}") if change.after != "…" else _("+ [{path}]")
        elif not change.after:
            head = _("- {path} = {before}") if change.before != "…" else _("- [{path}]")
        else:
            head = _("~ {path}: {before} → {after}")
        lines += [
            head.format(path=change.path, before=change.before, after=change.after),
            f"    {change.why}",
        ]
    notes = toml_notes(base, spec)
    return [*lines, *([""] if lines and notes else []), *notes]
