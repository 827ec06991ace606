"""The keyring's child, of what no real keyring is needed for: which backend is taken, and macOS by its source."""

from __future__ import annotations

import ctypes
import io
import json
import sys
from pathlib import Path

import pytest

from claw_tui.adapters import keyring_child
from claw_tui.adapters.keyring_words import told
from claw_tui.domain.answers import StoreState


class Security:
    """Security.framework as far as it is asked: it remembers in which order, and writes its answer."""

    def __init__(self, status: int = 1, failed: int = 0) -> None:
        self.status, self.failed, self.asked = status, failed, list[object]()

    def SecKeychainSetUserInteractionAllowed(self, allowed: int) -> int:  # noqa: N802
        self.asked.append(("windows", allowed))
        return 0

    def SecKeychainGetStatus(self, keychain: None, status: object) -> int:  # noqa: N802
        self.asked.append(("status", keychain))
        ctypes.cast(status, ctypes.POINTER(ctypes.c_uint32))[0] = self.status  # type: ignore[arg-type]
        return self.failed


class Keychain:
    """keyring's macOS backend; its words for an error are (status, text)."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.refuses = 0

    def _try(self) -> None:
        if self.refuses:
            raise RuntimeError(f"Can't get password from keychain: ({self.refuses}, 'Unknown Error')")

    def set_password(self, _service: str, name: str, value: str) -> None:
        self._try()
        self.kept[name] = value.partition("\0")[0]  # CFStringCreateWithCString ends there

    def get_password(self, _service: str, name: str) -> str | None:
        self._try()
        return self.kept.get(name)

    def delete_password(self, _service: str, name: str) -> None:
        self._try()
        del self.kept[name]


@pytest.fixture
def mac(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[Security, Keychain]:
    security, keychain = Security(), Keychain()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes, "CDLL", lambda _path: security)
    monkeypatch.setattr(keyring_child, "_backend", lambda _name: keychain)
    return security, keychain


def ask(monkeypatch: pytest.MonkeyPatch, *questions: dict[str, str]) -> list[dict[str, str]]:
    """Through the child's own loop, as its parent does."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(json.dumps(one) + "\n" for one in questions)))
    monkeypatch.setattr(sys, "stdout", said := io.StringIO())
    assert keyring_child.main() == 0
    return [json.loads(line) for line in said.getvalue().splitlines()]


def test_the_keychain_keeps_and_no_window_is_allowed_before_the_first_question(
    mac: tuple[Security, Keychain], monkeypatch: pytest.MonkeyPatch
) -> None:
    put, get, gone, none = ask(
        monkeypatch, {"op": "put", "name": "a", "value": "x"}, {"op": "get", "name": "a"},
        {"op": "delete", "name": "a"}, {"op": "get", "name": "a"},
    )  # fmt: skip
    assert (put["state"], get["value"], gone["state"]) == ("ready", "x", "ready")
    assert not none["value"]
    assert mac[0].asked[:2] == [("windows", 0), ("status", None)]


def test_a_value_that_the_keychain_cuts_off_is_noticed(
    mac: tuple[Security, Keychain], monkeypatch: pytest.MonkeyPatch
) -> None:
    (found,) = ask(monkeypatch, {"op": "put", "name": "a", "value": "x\0y"})
    assert "could not be read back" in told(found).why


@pytest.mark.parametrize("op", ["put", "get", "delete"])
def test_what_would_open_a_window_is_said_and_not_waited_for(
    mac: tuple[Security, Keychain], monkeypatch: pytest.MonkeyPatch, op: str
) -> None:
    """As for an entry of an older Python, after an update."""
    mac[1].refuses = -25308
    (found,) = ask(monkeypatch, {"op": op, "name": "a", "value": "x"})
    assert "without a window" in told(found).why
    mac[1].refuses = -25293
    (found,) = ask(monkeypatch, {"op": op, "name": "a", "value": "x"})
    assert "The keyring refused (RuntimeError)" in told(found).why


def test_a_locked_keychain_is_touched_by_no_call(
    mac: tuple[Security, Keychain], monkeypatch: pytest.MonkeyPatch
) -> None:
    mac[0].status, mac[1].refuses = 6, -1
    for found in ask(monkeypatch, {"op": "unlock", "value": "x"}, {"op": "put", "name": "a", "value": "x"}):
        probe = told(found)
        assert (probe.state, probe.elsewhere, probe.opens) == (StoreState.LOCKED, True, False)
        assert "security unlock-keychain" in probe.hint


@pytest.mark.parametrize(
    ("backend", "state", "words"),
    [
        ("keyring.backends.null.Keyring", StoreState.DISABLED, "switched off"),
        ("keyring.backends.fail.Keyring", StoreState.DISABLED, "switched off"),
        ("keyrings.alt.file.PlaintextKeyring", StoreState.UNSAFE, "not known to keep secrets safe"),
        ("nosuch.Keyring", StoreState.UNSAFE, "not known to keep secrets safe"),
        ("keyring.backends.kwallet.DBusKeyring", StoreState.UNSAFE, "KWallet's own interface"),
    ],
)
@pytest.mark.parametrize("by_file", [True, False])
def test_backends_that_are_not_taken(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    backend: str,
    state: StoreState,
    words: str,
    *,
    by_file: bool,
) -> None:
    """Nothing of them is even imported, whoever names them: the environment, or keyring's own settings."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    if by_file:
        (tmp_path / "python_keyring").mkdir()
        config = tmp_path / "python_keyring" / "keyringrc.cfg"
        config.write_text(f"[backend]\ndefault-keyring={backend}\n")
    else:
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    monkeypatch.setattr(keyring_child, "_backend", None)
    for found in ask(monkeypatch, {"op": "probe"}, {"op": "put", "name": "a", "value": "x"}):
        probe = told(found)
        assert probe.state is state
        assert words in probe.why
        assert "F6 chooses another place." in probe.hint
