"""Where secrets go: the choice, what is weaker is never taken by itself, and moving from one place to another."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from claw_tui.adapters.state_files import StateFiles
from claw_tui.adapters.stores import MemoryStore
from claw_tui.domain.answers import StoreKind, StoreProbe, StoreState
from claw_tui.domain.errors import ClawError, StateError, StoreError
from claw_tui.domain.secret import Secret
from claw_tui.engine.vault import ACCOUNT, SETTING, Vault

pytestmark = pytest.mark.anyio
KEY, TOKEN = Secret("CANARYkey"), Secret("CANARYtoken")


@dataclass
class Place:
    """A store that says of itself what it is told to, and fails where it is told to."""

    kind: StoreKind
    state: StoreState = StoreState.READY
    kept: dict[str, str] = field(default_factory=dict)
    fails: set[tuple[str, str]] = field(default_factory=set)  # (put, get or delete, name)
    asked: list[str] = field(default_factory=list)
    password: str = "right"
    ends_at: str = ""  # locked by somebody just before this

    @property
    def where(self) -> str:
        return f"the {self.kind}"

    async def probe(self) -> StoreProbe:
        return StoreProbe(self.state, "" if self.state is StoreState.READY else f"it is {self.state}", "F6")

    def _try(self, op: str, name: str) -> None:
        assert self.state is StoreState.READY, "a place that can't be used was touched"
        self.asked.append(f"{op} {name}")
        if op == self.ends_at:
            self.state = StoreState.LOCKED
        if (op, name) in self.fails:
            raise StoreError(f"no {op}")

    async def unlock(self, password: Secret) -> None:
        if password.reveal() != self.password:
            raise StoreError("wrong")
        self.state = StoreState.READY

    async def change_password(self, password: Secret) -> None:
        self._try("change", "")
        self.password = password.reveal()

    async def put(self, name: str, value: Secret) -> None:
        self._try("put", name)
        self.kept[name] = value.reveal()

    async def get(self, name: str) -> Secret | None:
        self._try("get", name)
        return Secret(self.kept[name]) if name in self.kept else None

    async def delete(self, name: str) -> None:
        self._try("delete", name)
        self.kept.pop(name, None)

    async def close(self) -> None:
        """Nothing to close."""


class Rig:
    """Three places that outlive a sitting, and the settings."""

    def __init__(self, folder: Path) -> None:
        self.state = StateFiles(folder)
        self.keyring, self.file = Place("keyring"), Place("file", StoreState.UNCREATED)

    async def sitting(self, given: StoreKind | None = None) -> Vault:
        vault = Vault(self.state, (self.keyring, self.file, MemoryStore()), given)
        await vault.look()
        return vault


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path / "state")


async def test_a_ready_keyring_is_used_and_remembered(rig: Rig) -> None:
    vault = await rig.sitting()
    assert (vault.kind, vault.ready, vault.where) == ("keyring", True, "the keyring")
    assert await vault.put("a", "K", KEY) == "in the keyring"
    assert rig.state.setting(SETTING) == "keyring"
    assert await (await rig.sitting()).get("a", "K") == KEY


@pytest.mark.parametrize("state", [state for state in StoreState if state is not StoreState.READY])
async def test_what_is_not_ready_is_not_replaced_by_something_weaker(rig: Rig, state: StoreState) -> None:
    """Not the first time, when nothing was chosen, and not later: the person is asked, the secret waits in memory."""
    rig.keyring.state = state
    vault = await rig.sitting()
    assert (vault.kind, vault.ready) == (None, False)
    assert "until you choose a place" in await vault.put("a", "K", KEY)
    assert rig.keyring.kept == rig.file.kept == {}
    assert rig.state.setting(SETTING) == ""
    assert await vault.get("a", "K") == KEY

    rig.state.set_setting(SETTING, "keyring")
    vault = await rig.sitting()
    assert (vault.kind, vault.ready) == ("keyring", False)
    assert "memory" in await vault.put("a", "K", KEY)
    assert rig.keyring.asked == rig.file.asked == []
    assert rig.state.setting(SETTING) == "keyring"


async def test_what_was_given_before_the_place_was_open_goes_there(rig: Rig) -> None:
    rig.state.set_setting(SETTING, "keyring")
    rig.keyring.state = StoreState.LOCKED
    vault = await rig.sitting()
    await vault.put("a", "K", KEY)
    assert "locked" in vault.where
    with pytest.raises(StoreError):
        await vault.unlock("keyring", Secret("wrong"))
    assert not vault.ready
    await vault.unlock("keyring", Secret("right"))
    assert await vault.move("keyring") == (1, 0)
    assert rig.keyring.kept == {"a/K": "CANARYkey"}


async def test_a_keyring_that_somebody_unlocks_meanwhile(rig: Rig) -> None:
    rig.keyring.state = StoreState.LOCKED
    vault = await rig.sitting()
    await vault.put("a", "K", KEY)
    rig.keyring.state = StoreState.READY
    await vault.look()
    assert await vault.settle() == 1
    assert await vault.settle() == 0
    assert rig.keyring.kept == {"a/K": "CANARYkey"}


async def test_everything_moves_and_the_old_place_is_emptied(rig: Rig) -> None:
    """Also what other gateways have, and what this sitting never asked for."""
    first = await rig.sitting()
    for app, name, value in (
        ("a", "K", KEY),
        ("b", "K", TOKEN),
        (ACCOUNT, "FLY_API_TOKEN", TOKEN),
        ("", "K", KEY),
    ):
        await first.put(app, name, value)
    await first.forget("b", "K")
    vault = await rig.sitting()
    await vault.look(everywhere=True)
    await vault.unlock("file", Secret("right"))
    assert await vault.move("file") == (3, 0)
    assert rig.keyring.kept == {}
    assert rig.file.kept == {"a/K": "CANARYkey", "account/FLY_API_TOKEN": "CANARYtoken", "/K": "CANARYkey"}
    assert (vault.kind, rig.state.setting(SETTING)) == ("file", "file")
    assert await vault.move("keyring") == (3, 0)
    assert rig.file.kept == {}
    assert len(rig.keyring.kept) == 3
    assert await vault.move("memory") == (3, 0)
    assert rig.keyring.kept == {}
    assert await vault.get("a", "K") == KEY
    assert (await rig.sitting()).kind == "memory"


@pytest.mark.parametrize("name", ["a/K", "a/L", "a/M"])
@pytest.mark.parametrize("op", ["put", "get"])
async def test_a_move_that_fails_changes_nothing(rig: Rig, op: str, name: str) -> None:
    first = await rig.sitting()
    for each in "KLM":
        await first.put("a", each, KEY)
    before = dict(rig.keyring.kept)
    vault = await rig.sitting()
    rig.file.state = StoreState.READY
    (rig.file if op == "put" else rig.keyring).fails.add((op, name))
    with pytest.raises(StoreError):
        await vault.move("file")
    assert rig.keyring.kept == before
    assert rig.file.kept == {}
    assert (vault.kind, rig.state.setting(SETTING)) == ("keyring", "keyring")


async def test_a_move_that_fails_leaves_the_new_place_as_it_was(rig: Rig) -> None:
    """It may have what an earlier move, away from a locked place, left there."""
    vault = await rig.sitting()
    await vault.put("a", "K", KEY)
    await vault.put("a", "L", KEY)
    rig.file.state, rig.file.kept = StoreState.READY, {"a/K": "older", "a/L": "older"}
    rig.file.fails.add(("put", "a/L"))
    with pytest.raises(StoreError):
        await vault.move("file")
    assert rig.file.kept == {"a/K": "older", "a/L": "older"}
    assert len(rig.keyring.kept) == 2


async def test_what_another_sitting_changed_meanwhile_is_what_moves(rig: Rig) -> None:
    vault = await rig.sitting()
    await vault.put("a", "K", KEY)
    await (await rig.sitting()).put("a", "K", TOKEN)
    rig.file.state = StoreState.READY
    await vault.move("file")
    assert rig.file.kept == {"a/K": "CANARYtoken"}


async def test_a_choice_that_cannot_be_written_down_changes_nothing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = await rig.sitting()
    await vault.put("a", "K", KEY)
    rig.file.state = StoreState.READY

    def full(_name: str, _value: str) -> None:
        raise StateError("no room")

    monkeypatch.setattr(rig.state, "set_setting", full)
    with pytest.raises(ClawError, match="no room"):
        await vault.move("file")
    assert (vault.kind, rig.keyring.kept, rig.file.kept) == ("keyring", {"a/K": "CANARYkey"}, {})


async def test_what_the_old_place_does_not_let_go_is_counted(rig: Rig) -> None:
    vault = await rig.sitting()
    for each in "KLM":
        await vault.put("a", each, KEY)
    rig.file.state = StoreState.READY
    rig.keyring.fails.add(("delete", "a/L"))
    assert await vault.move("file") == (3, 1)
    assert list(rig.keyring.kept) == ["a/L"]


async def test_leaving_a_locked_place_takes_along_what_is_at_hand(rig: Rig) -> None:
    """What is in it stays there, untouched."""
    await (await rig.sitting()).put("a", "K", KEY)
    rig.keyring.state = StoreState.LOCKED
    vault = await rig.sitting()
    await vault.put("a", "NEW", TOKEN)
    assert await vault.move("memory") == (1, 0)
    assert rig.keyring.kept == {"a/K": "CANARYkey"}
    assert await vault.get("a", "K") is None
    assert await vault.get("a", "NEW") == TOKEN


async def test_the_environment_decides(rig: Rig) -> None:
    rig.state.set_setting(SETTING, "keyring")
    vault = await rig.sitting("memory")
    assert (vault.kind, vault.ready) == ("memory", True)
    await vault.put("a", "K", KEY)
    assert rig.keyring.kept == {}
    vault = await rig.sitting("file")
    assert not vault.ready
    await vault.unlock("file", Secret("right"))
    await vault.move("file")
    assert await vault.put("a", "K", KEY) == "in the file"
    assert rig.state.setting(SETTING) == "keyring"


async def test_a_setting_of_another_age_is_asked_about(rig: Rig) -> None:
    rig.keyring.state = StoreState.ABSENT
    rig.state.set_setting(SETTING, "tape")
    assert (await rig.sitting()).kind is None


async def test_another_passphrase(rig: Rig) -> None:
    """One that fails leaves the old one, and what the place is good for then is looked at anew."""
    rig.state.set_setting(SETTING, "file")
    rig.file.state, rig.file.kept = StoreState.READY, {"a/K": "CANARYkey"}
    vault = await rig.sitting()
    await vault.change_passphrase(Secret("another"))
    assert rig.file.password == "another"
    rig.file.fails.add(("change", ""))
    with pytest.raises(StoreError):
        await vault.change_passphrase(Secret("third"))
    assert (vault.ready, rig.file.password) == (True, "another")


@pytest.mark.parametrize("op", ["put", "get", "delete"])
async def test_a_place_that_goes_away_while_we_run_is_noticed(rig: Rig, op: str) -> None:
    """The next words say so, what is in it is locked away and not lost, and nobody else waits for it in vain."""
    await (await rig.sitting()).put("a", "K", KEY)
    vault = await rig.sitting()
    rig.keyring.fails.add((op, "a/K"))
    rig.keyring.ends_at = op
    if op == "put":
        assert "memory" in await vault.put("a", "K", TOKEN)
    elif op == "get":
        assert await vault.get("a", "K") is None
    else:
        await vault.forget("a", "K")
    assert not vault.ready
    assert "locked" in vault.where
    asked = len(rig.keyring.asked)
    assert await vault.values("a", ["L", "M", "N"]) == {}
    assert len(rig.keyring.asked) == asked
    assert rig.keyring.kept == {"a/K": "CANARYkey"}
