"""Keyrings that are not GNOME's (KWallet, KeePassXC): never asked for what would open a window, and said to be what they are.

KWallet itself is not here: what its Secret Service answers is from its source (kwalletfreedesktopservice.cpp of KDE 6).
``ReadAlias`` and ``Locked`` look tables up there; ``Unlock`` and ``CreateCollection`` give a window, as ``open`` of its own
interface does, which is all that keyring's backend for KWallet has.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from claw_tui.adapters.stores import KeyringStore
from claw_tui.domain.answers import StoreState
from claw_tui.domain.errors import StoreError
from claw_tui.domain.secret import Secret
from tests.real.test_keyring import MOST_SECONDS, Env, Record, nobody_who_keeps_secrets

pytestmark = [pytest.mark.real, pytest.mark.anyio]
ROOT = Path(__file__).parents[2]
QUIET = {"ReadAlias", "Get", "Introspect"}


@contextmanager
def other(kind: str) -> Iterator[tuple[Env, list[str]]]:
    """A bus with somebody else's service; and what that was asked, once it has ended."""
    asked: list[str] = []
    with nobody_who_keeps_secrets() as env:
        service = subprocess.Popen(
            [sys.executable, "-m", "tests.real.other_service", kind],
            cwd=ROOT, env={**env, "PYTHONPATH": str(ROOT / "src")}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert service.stdout is not None
        try:
            assert service.stdout.readline() == "here\n"
            yield env, asked
        finally:
            service.terminate()
            asked += service.communicate(timeout=10)[0].split()


@pytest.mark.parametrize(
    ("kind", "state", "elsewhere", "words"),
    [
        ("ready", StoreState.READY, False, ""),
        ("locked", StoreState.LOCKED, True, "only its own program can open it"),
        ("none", StoreState.UNCREATED, True, "only its own program can make one"),
        ("kwallet", StoreState.ABSENT, False, "KWallet is here, but does not offer itself"),
    ],
)
async def test_the_probe_asks_for_nothing_that_opens_a_window(
    kind: str, state: StoreState, *, elsewhere: bool, words: str, record_property: Record
) -> None:
    with other(kind) as (env, asked):
        store = KeyringStore(env)
        probes, times = [], []
        for _ in range(2):
            start = time.perf_counter()
            probes.append(await store.probe())
            times.append(time.perf_counter() - start)
        if state is not StoreState.READY:
            for call in (
                store.unlock(Secret("x")), store.put("a", Secret("x")), store.get("a"), store.delete("a"),
            ):  # fmt: skip
                with pytest.raises(StoreError, match=words):
                    await call
        await store.close()
    record_property("probe", (f"KWallet, {kind}", state.value, *(f"{each * 1000:.0f}" for each in times)))
    assert {(probe.state, probe.elsewhere) for probe in probes} == {(state, elsewhere)}
    assert all(words in probe.why and bool(probe.hint) == bool(words) for probe in probes)
    assert set(asked) <= QUIET
    assert asked or kind == "kwallet"
    assert max(times) < MOST_SECONDS


async def test_a_service_that_ends_while_it_is_asked_is_looked_for_again() -> None:
    with other("dying") as (env, asked):
        store = KeyringStore(env)
        assert (await store.probe()).state is StoreState.ABSENT, "what is true now, not what was cut off"
        await store.close()
    assert asked == ["ReadAlias"]


@pytest.mark.parametrize("backend", ["DBusKeyring", "DBusKeyringKWallet4"])
async def test_the_backend_for_kwallet_is_refused_with_what_to_do_instead(backend: str) -> None:
    """Its first call is ``open``, which waits for a window, also for a wallet that is open ("may this program?")."""
    with other("ready") as (env, asked):
        store = KeyringStore({**env, "PYTHON_KEYRING_BACKEND": f"keyring.backends.kwallet.{backend}"})
        probe = await store.probe()
        with pytest.raises(StoreError, match="opens a window"):
            await store.put("a", Secret("x"))
        await store.close()
        assert probe.state is StoreState.UNSAFE
        name = probe.hint.partition("=")[2].partition(":")[0]
        store = KeyringStore({**env, "PYTHON_KEYRING_BACKEND": name})
        assert (await store.probe()).state is StoreState.READY
        await store.close()
    assert set(asked) <= QUIET
