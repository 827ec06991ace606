"""Where secrets are kept: asked once, opened with a password, changed later, by keyboard."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.message import Message
from textual.widgets import Static

from claw_tui.adapters.file_store import FileStore
from claw_tui.app import ClawApp
from claw_tui.demo.services import DemoStore
from claw_tui.domain import secret
from claw_tui.domain.answers import StoreKind, StoreProbe, StoreState
from claw_tui.domain.errors import StateError
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import GATEWAY_TOKEN
from claw_tui.domain.spec import Spec
from claw_tui.i18n import PSEUDO, pseudo, use_language
from claw_tui.ports import SecretStore, Services
from claw_tui.widgets.passphrase_input import PassphraseInput
from claw_tui.wiring import services_for
from tests.conftest import Cloud
from tests.screens.driver import Driver, answer

pytestmark = pytest.mark.anyio
NAMED = Spec(app="my-app", org="personal")
PASS = "four words of CANARYpass"


class Keyring(DemoStore):
    """A keyring in a state of its own, with a password."""

    def __init__(self, state: StoreState, why: str = "") -> None:
        super().__init__("keyring", state)
        self.elsewhere = False
        self.why = why or f"The keyring is {state.value}."

    @property
    def where(self) -> str:
        return "the keyring"

    async def probe(self) -> StoreProbe:
        ready = self._state is StoreState.READY
        shut = StoreProbe(self._state, self.why, "F6 helps.", self.elsewhere)
        return StoreProbe(self._state) if ready else shut


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from claw_tui.adapters import file_store, secret_file

    monkeypatch.setattr(file_store, "N", secret_file.N_LEAST)
    return tmp_path / "secrets.box"


@asynccontextmanager
async def sitting(
    keyring: SecretStore, box: Path, *, spec: Spec | None = NAMED, given: StoreKind | None = None,
    heard: Callable[[Message], None] | None = None,
) -> AsyncIterator[Driver]:  # fmt: skip
    """The simulated cloud with a keyring as it is told to be, and the real encrypted file."""

    def make() -> Services:
        made = services_for(os.environ, demo=True)
        return replace(made, keyring=keyring, secret_file=FileStore(box), given_store=given, demo=False)

    app = ClawApp(make, demo=False)
    async with app.run_test(size=(80, 24), notifications=True, message_hook=heard) as pilot:
        driver = Driver(app, pilot)
        await driver.settle()
        if spec is not None:
            answer(app, spec)
        yield driver
        app.leave_now()


def the_app(driver: Driver) -> None:
    """Go on to the Secrets screen without waiting for its questions to be answered."""
    driver.app.go("secrets")


async def make_file(driver: Driver, passphrase: str = PASS) -> None:
    await driver.until("A passphrase for your file of secrets")
    await driver.paste(passphrase)
    await driver.press("enter")
    await driver.paste(passphrase)
    await driver.press("enter")
    await driver.until("Secrets are kept in a file, encrypted with your passphrase")


async def test_without_a_keyring_the_person_is_asked_once(cloud: Cloud, box: Path) -> None:
    """A file, or memory; why there is no keyring is said, and it is not offered."""
    keyring = Keyring(StoreState.ABSENT, "There is no keyring here (no session bus).")
    async with sitting(keyring, box) as driver:
        await driver.until("There is no keyring here")
        the_app(driver)
        await driver.until(
            "Where are secrets kept?", "A file, encrypted", "you choose a passphrase", "no session bus"
        )
        assert "This computer's keyring" not in driver.text
        await driver.press("enter")
        await make_file(driver)
        await driver.until("Kept in a file, encrypted with your passphrase.", "Gateway token", "new, random")
        token = await driver.session.vault.get("my-app", GATEWAY_TOKEN)
    async with sitting(keyring, box, spec=None) as driver:
        assert driver.session.resume_draft()
        the_app(driver)
        await driver.until("Open your file of secrets")
        await driver.paste("wrong")
        await driver.press("enter")
        await driver.until("The passphrase does not open the file of secrets.", "Type it again.")
        await driver.press("end", "ctrl+u")
        await driver.paste(PASS + "\n")
        await driver.press("enter")
        await driver.until("Kept in a file, encrypted with your passphrase.", "Gateway token       given")
        assert await driver.session.vault.get("my-app", GATEWAY_TOKEN) == token


async def test_what_is_locked_away_is_not_made_anew(cloud: Cloud, box: Path) -> None:
    keyring = Keyring(StoreState.ABSENT)
    async with sitting(keyring, box) as driver:
        the_app(driver)
        await driver.until("Where are secrets kept?")
        await driver.press("enter")
        await make_file(driver)
        await driver.until("new, random")
    before = box.read_bytes()
    async with sitting(keyring, box, spec=None) as driver:
        assert driver.session.resume_draft()
        the_app(driver)
        await driver.until("Open your file of secrets")
        await driver.press("escape")
        await driver.until("locked: F6 opens it", "locked away: F6 opens the place")
        await driver.settle()
        await driver.press("down", "enter")
        await driver.until("Open your file of secrets")
        await driver.press("escape")
        await driver.until("locked away")
        await driver.go("review")
        await driver.until("Still missing")
    assert box.read_bytes() == before


async def test_a_locked_keyring_is_opened_here(cloud: Cloud, box: Path) -> None:
    async with sitting(Keyring(StoreState.LOCKED), box) as driver:
        the_app(driver)
        await driver.until("it is locked: unlock it here", "A file, encrypted", "Memory, until you leave")
        await driver.press("enter")
        await driver.until("Unlock this computer's keyring")
        await driver.press("enter")
        await driver.until("Nothing was typed.")
        await driver.type("password")
        await driver.press("enter")
        await driver.until("Secrets are kept in the keyring.", "new, random")
        assert not box.exists()


async def test_a_keyring_is_made_here(cloud: Cloud, box: Path) -> None:
    async with sitting(Keyring(StoreState.UNCREATED), box) as driver:
        await driver.press("f6")
        await driver.until("none yet: make one here")
        await driver.press("enter")
        await driver.until("Make a keyring on this computer", "the same once more")
        await driver.type("one")
        await driver.until("Easy to guess")
        await driver.press("enter")
        await driver.type("two")
        await driver.press("enter")
        await driver.until("The two are not the same. Type both again.")
        await driver.type("one")
        await driver.press("enter")
        await driver.type("one")
        await driver.press("enter")
        await driver.until("Secrets are kept in the keyring")


async def test_nothing_chosen_is_nothing_written(cloud: Cloud, box: Path) -> None:
    async with sitting(Keyring(StoreState.HANGS), box) as driver:
        the_app(driver)
        await driver.until("Where are secrets kept?")
        await driver.press("escape")
        await driver.until("Kept in memory, until you choose a place (F6).")
        await driver.press("down", "enter")
        await driver.until("Where are secrets kept?")
        await driver.press("down", "enter")
        await driver.until("Anthropic", "It will be kept in memory, until you leave claw-tui.")
        assert not box.exists()


async def test_another_place_is_chosen_and_secrets_move(cloud: Cloud, box: Path) -> None:
    keyring = Keyring(StoreState.READY)
    async with sitting(keyring, box) as driver:
        the_app(driver)
        await driver.until("Kept in the keyring.", "new, random")
        token = await keyring.get(f"my-app/{GATEWAY_TOKEN}")
        assert token is not None
        await driver.press("f6")
        await driver.until("Where are secrets kept?", "Secrets that you gave move along.")
        await driver.press("down", "enter")
        await make_file(driver)
        await driver.until("1 moved there.", "Kept in a file")
        assert await keyring.get(f"my-app/{GATEWAY_TOKEN}") is None
        await driver.press("f6")
        await driver.until("it is open")
        await driver.press("up", "enter")
        await driver.until("Secrets are kept in the keyring.", "1 moved there.")
        assert await keyring.get(f"my-app/{GATEWAY_TOKEN}") == token
        assert not box.exists()


async def test_another_passphrase_for_the_file(cloud: Cloud, box: Path) -> None:
    other = "another four words"
    async with sitting(Keyring(StoreState.ABSENT), box) as driver:
        the_app(driver)
        await driver.until("Where are secrets kept?")
        assert "another passphrase" not in driver.text
        await driver.press("enter")
        await make_file(driver)
        await driver.until("new, random")
        token = await driver.session.vault.get("my-app", GATEWAY_TOKEN)
        before = box.read_bytes()
        await driver.press("f6")
        await driver.until("… with another passphrase")
        await driver.press("down", "enter")
        await driver.until("Another passphrase for your file of secrets", "the same once more")
        await driver.paste(other)
        await driver.until("Good.")
        await driver.press("enter")
        await driver.paste(PASS)
        await driver.press("enter")
        await driver.until("The two are not the same. Type both again.")
        assert box.read_bytes() == before
        for _ in range(2):
            await driver.paste(other)
            await driver.press("enter")
        await driver.until("Your file of secrets has its new passphrase.", "Copies of the file")
        await driver.until("Kept in a file, encrypted with your passphrase.")
    async with sitting(Keyring(StoreState.ABSENT), box, spec=None, given="file") as driver:
        assert driver.session.resume_draft()
        await driver.press("f6")
        await driver.until("Open your file of secrets")
        await driver.paste(PASS)
        await driver.press("enter")
        await driver.until("The passphrase does not open the file of secrets.")
        await driver.press("end", "ctrl+u")
        await driver.paste(other)
        await driver.press("enter")
        await driver.until("Secrets are kept in a file, encrypted with your passphrase.")
        assert await driver.session.vault.get("my-app", GATEWAY_TOKEN) == token
        await driver.press("f6")
        await driver.until("CLAW_TUI_SECRETS says where", "To choose here, start without it.")
        await driver.press("enter")
        await driver.until("Another passphrase for your file of secrets")
        await driver.press("escape")


async def test_a_passphrase_that_is_being_changed_is_waited_for(
    cloud: Cloud, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Escape does nothing then: it would leave open which of the two holds."""
    may_end, change = asyncio.Event(), FileStore.change_password

    async def slow(store: FileStore, password: Secret) -> None:
        await may_end.wait()
        await change(store, password)

    monkeypatch.setattr(FileStore, "change_password", slow)
    async with sitting(Keyring(StoreState.ABSENT), box) as driver:
        await driver.press("f6")
        await driver.until("Where are secrets kept?")
        await driver.press("enter")
        await make_file(driver)
        await driver.press("f6")
        await driver.until("… with another passphrase")
        await driver.press("down", "enter")
        for _ in range(2):
            await driver.paste("another four words")
            await driver.press("enter")
        await driver.until("Encrypting …")
        await driver.press("escape")
        await driver.until("Encrypting …")
        may_end.set()
        await driver.until("Your file of secrets has its new passphrase.")


async def test_a_new_passphrase_that_cannot_be_written_leaves_the_old_one(
    cloud: Cloud, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from claw_tui.adapters import secret_file

    def full(_path: Path, _text: str) -> None:
        raise StateError("No space left on device.", hint="Make room on that disk, then try again.")

    async with sitting(Keyring(StoreState.ABSENT), box) as driver:
        the_app(driver)
        await driver.until("Where are secrets kept?")
        await driver.press("enter")
        await make_file(driver)
        await driver.until("new, random")
        before = box.read_bytes()
        monkeypatch.setattr(secret_file, "write_atomic", full)
        await driver.press("f6")
        await driver.until("… with another passphrase")
        await driver.press("down", "enter")
        for _ in range(2):
            await driver.paste("another four words")
            await driver.press("enter")
        await driver.until("No space left on device.", "Make room")
        monkeypatch.undo()
        assert box.read_bytes() == before
        await driver.press("escape")
        assert (await driver.session.vault.look()).state is StoreState.READY


async def test_a_keyring_that_only_its_own_program_opens(cloud: Cloud, box: Path) -> None:
    """KWallet, KeePassXC, the Keychain: no password is asked for here; once it is open there, Enter takes it."""
    keyring = Keyring(StoreState.LOCKED, "The keyring is locked, and only its own program can open it.")
    keyring.elsewhere = True
    async with sitting(keyring, box) as driver:
        the_app(driver)
        await driver.until(
            "Where are secrets kept?", "not open: Enter looks again", "only its own program can open it"
        )
        await driver.press("enter")
        await driver.until("only its own program can open it.", "F6 helps.", "Kept in memory, until you")
        keyring._state = StoreState.READY
        await driver.press("f6")
        await driver.until("This computer's keyring", "best")
        await driver.press("enter")
        await driver.until("Secrets are kept in the keyring.", "1 moved there.")


async def test_a_blank_of_another_kind_is_typed_and_control_signs_are_not(cloud: Cloud, box: Path) -> None:
    async with sitting(Keyring(StoreState.ABSENT), box) as driver:
        await driver.press("f6")
        await driver.until("Where are secrets kept?")
        await driver.press("enter")
        await driver.until("A passphrase for your file of secrets")
        field = driver.app.screen.query_one("#passphrase", PassphraseInput)
        await driver.type("a")
        await driver._send("unknown", "\u00a0")
        await driver.type("b")
        assert field.secret == Secret("a\u00a0b")
        await driver.press("end", "ctrl+u")
        await driver.paste(" c\u00a0\u200dd\x00\t\r\n")
        assert field.secret == Secret(" c\u00a0\u200dd")


async def test_nothing_comes_between_while_secrets_move(cloud: Cloud, box: Path) -> None:
    """F6 again would have ended the moving half way, with secrets in both places."""
    keyring = Keyring(StoreState.READY)
    may_end, delete = asyncio.Event(), keyring.delete

    async def slow(name: str) -> None:
        await may_end.wait()
        await delete(name)

    async with sitting(keyring, box) as driver:
        the_app(driver)
        await driver.until("Kept in the keyring.", "new, random")
        keyring.delete = slow  # type: ignore[method-assign]
        await driver.press("f6")
        await driver.until("Where are secrets kept?")
        await driver.press("down", "down", "enter")
        await driver.until("Moving your secrets …")
        await driver.press("escape", "f6", "ctrl+n")
        await driver.until("Moving your secrets …")
        may_end.set()
        await driver.until("Kept in memory, until you leave claw-tui.", "1 moved there.")
        assert keyring._kept == {}


async def test_a_damaged_file_is_told_and_left_alone(cloud: Cloud, box: Path) -> None:
    box.write_text("something else")
    async with sitting(Keyring(StoreState.ABSENT), box) as driver:
        the_app(driver)
        await driver.until("Where are secrets kept?")
        await driver.press("enter")
        await driver.until("is no file of secrets of claw-tui's", "Put a copy of it back, or remove it")
    assert box.read_text() == "something else"


async def test_the_environment_decides(cloud: Cloud, box: Path) -> None:
    async with sitting(Keyring(StoreState.READY), box, given="memory") as driver:
        await driver.press("f6")
        await driver.until(
            "CLAW_TUI_SECRETS says where: memory, until you leave claw-tui.", "start without it"
        )
    async with sitting(Keyring(StoreState.LOCKED), box, given="keyring") as driver:
        await driver.press("f6")
        await driver.until("Unlock this computer's keyring")


async def test_a_token_that_is_locked_away_is_found_after_opening(cloud: Cloud, box: Path) -> None:
    keyring = Keyring(StoreState.READY)
    async with sitting(keyring, box) as driver:
        await driver.go("account")
        await driver.press("down", "enter")
        await driver.until("Paste a Fly.io token", "It will be kept in the keyring.")
        await driver.press("f3", "enter")
        await driver.until("with the token that you pasted")
    keyring2 = Keyring(StoreState.LOCKED)
    keyring2._kept = {"account/FLY_API_TOKEN": Secret("fo1_demodemodemodemo")}
    async with sitting(keyring2, box) as driver:
        await driver.until(
            "Nobody is logged in", "Your token is where secrets are kept: F6 opens that place."
        )
        await driver.press("f6")
        await driver.until("it is locked: unlock it here", "stays there until you open it")
        await driver.press("enter")
        await driver.until("Unlock this computer's keyring")
        await driver.type("password")
        await driver.press("enter")
        await driver.until("Logged in as you@example.com")


async def test_a_passphrase_is_in_no_message_and_cannot_be_copied(
    cloud: Cloud, box: Path, tmp_path: Path
) -> None:
    heard: list[Message] = []
    async with sitting(Keyring(StoreState.ABSENT), box, heard=heard.append) as driver:
        await driver.press("f6")
        await driver.until("Where are secrets kept?")
        await driver.press("enter")
        await driver.until("the same once more")
        driver.fill(PASS)
        await driver.until("Good.")
        copied: list[str] = []
        driver.app.copy_to_clipboard = copied.append  # type: ignore[method-assign, assignment]
        await driver.press("ctrl+a", "ctrl+c", "ctrl+x")
        assert copied == []
        await driver.press("enter")
        driver.fill(PASS)
        assert "CANARY" not in driver.text
        await driver.press("enter")
        await driver.until("Secrets are kept in a file")
    assert "CANARY" not in repr(heard)
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"CANARY" not in path.read_bytes()


async def test_opening_does_not_hold_up_the_screen(
    cloud: Cloud, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the work factor of real life; this thread's own time is what it would be stalled for."""
    from claw_tui.adapters import file_store, secret_file

    monkeypatch.setattr(file_store, "N", secret_file.N)
    async with sitting(Keyring(StoreState.ABSENT), box) as driver:
        await driver.session.vault.look(everywhere=True)
        start = time.thread_time()
        await driver.session.vault.unlock("file", Secret(PASS))
        assert time.thread_time() - start < 0.05


async def test_the_demo_writes_nothing(cloud: Cloud, tmp_path: Path) -> None:
    app = ClawApp(lambda: services_for(os.environ, demo=True), demo=True)
    async with app.run_test(size=(80, 24)) as pilot:
        driver = Driver(app, pilot)
        await driver.settle()
        answer(app, NAMED)
        await driver.go("secrets")
        await driver.press("f6")
        await driver.until("demo: nothing is written")
        await driver.press("down", "enter")
        await driver.until("A passphrase for your file of secrets")
        await driver.type("x")
        await driver.press("enter")
        await driver.type("x")
        await driver.press("enter")
        await driver.until("Secrets are kept in memory (the demo writes no file of secrets)")
        app.leave_now()
    assert not list(tmp_path.rglob("*.box"))


@pytest.mark.parametrize("state", [StoreState.UNCREATED, StoreState.LOCKED, StoreState.ABSENT])
async def test_there_is_room_for_longer_words(cloud: Cloud, box: Path, state: StoreState) -> None:
    use_language(PSEUDO)
    keyring = Keyring(
        state, pseudo("There is a session bus, but this shell was not told of it (after sudo or su?).")
    )
    async with sitting(keyring, box) as driver:
        await driver.press("f6")
        await driver.until(pseudo("Where are secrets kept?"))
        fits(driver)
        await driver.press("enter")
        await driver.until(pseudo("type it here"))
        if state is not StoreState.LOCKED:
            await driver.type("x")
            await driver.until(pseudo("Easy")[:4])
        fits(driver)
        if (
            state is StoreState.ABSENT
        ):  # the file, open: the list is longest then, and so is what is said of it
            await driver.press("enter")
            await driver.type("x")
            await driver.press("enter")
            await driver.until(pseudo("Start")[:3])
            await driver.press("f6")
            await driver.until(pseudo("… with another passphrase")[:8])
            fits(driver)
            await driver.press("down", "enter")
            await driver.until(pseudo("Another passphrase")[:8])
            fits(driver)


def fits(driver: Driver) -> None:
    screen = driver.app.screen
    for part in screen.query(Static):
        if part.display and part.size:
            needed = part.get_content_height(part.container_size, screen.size, part.content_size.width)
            assert part.content_size.height >= needed, driver.text
            assert part.region.bottom <= screen.size.height, driver.text


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", ""),
        ("short", "Easy"),
        ("aaaaaaaaaaaaaaaaaaaa", "Easy"),
        ("correct horse", "Fair"),
        (PASS, "Good"),
    ],
)
def test_strength_is_a_hint(text: str, word: str) -> None:
    assert secret.strength(Secret(text)).startswith(word)
