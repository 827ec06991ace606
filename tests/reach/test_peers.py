"""WireGuard peers, with the simulated flyctl: made in one go, or not at all."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from claw_tui.demo import world
from claw_tui.domain.errors import BadInput, FlyError
from claw_tui.domain.secret import Secret
from claw_tui.engine.peers import Peers
from claw_tui.ports import Services
from tests.canary import Canaries
from tests.conftest import Cloud

pytestmark = pytest.mark.anyio


@pytest.fixture
def peers(services: Services, cloud: Cloud) -> Peers:
    cloud.log_in()
    return Peers(services, "personal", "fra")


def key_in(file: Path) -> str:
    found = re.search(r"PrivateKey = (\S{44})\n", file.read_text())
    assert found
    return found[1]


async def test_a_peer_and_its_file(peers: Peers, services: Services, cloud: Cloud, tmp_path: Path) -> None:
    cloud.record()
    file = tmp_path / "phone.conf"
    made = await peers.make("phone", str(file))
    assert (made.name, made.file) == ("phone", file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert isinstance(services.desktop.read_peer_file(file), Secret)
    key = key_in(file)
    assert key not in repr(services.desktop.read_peer_file(file))
    state = Path(os.environ["CLAW_TUI_HOME"])
    assert Canaries({"the key": key}).find_in_files(state) == []  # our files, flyctl's, and all command lines
    assert [(peer.name, peer.region) for peer in await peers.all()] == [("phone", "fra")]
    await peers.remove("phone")
    assert await peers.all() == ()


@pytest.mark.parametrize(
    ("name", "place", "words"),
    [
        ("My Phone", "phone.conf", "Small letters"),
        ("-x", "phone.conf", "Small letters"),
        ("phone", "there.conf", "exists already"),
        ("phone", "none/phone.conf", "There is no folder"),
        ("laptop", "phone.conf", "a peer laptop already"),
    ],
)
async def test_what_is_refused_makes_nothing(
    peers: Peers, tmp_path: Path, name: str, place: str, words: str
) -> None:
    await peers.make("laptop", str(tmp_path / "laptop.conf"))
    (tmp_path / "there.conf").write_text("mine")
    with pytest.raises(BadInput, match=words):
        await peers.make(name, str(tmp_path / place))
    assert [peer.name for peer in await peers.all()] == ["laptop"]
    assert (tmp_path / "there.conf").read_text() == "mine"


async def test_a_peer_whose_file_could_not_be_written_is_taken_away(
    peers: Peers, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """flyctl makes the peer first: without a file nobody could ever use it, and nobody would know of it."""
    folder = tmp_path / "gone"
    looks = services.desktop.file_problem
    answers = iter([""])  # the folder was there when we looked, and is gone when flyctl writes
    monkeypatch.setattr(services.desktop, "file_problem", lambda file: next(answers, looks(file)))
    with pytest.raises(FlyError):
        await peers.make("phone", str(folder / "phone.conf"))
    assert await peers.all() == ()


async def test_one_whose_answer_was_lost_is_taken_away(peers: Peers, cloud: Cloud, tmp_path: Path) -> None:
    with world.opened() as now:
        now["conditions"] = [
            {
                "method": "POST",
                "path": "#addWireGuardPeer",
                "status": 500,
                "times": 1,
                "acts": True,
                "body": {},
            }
        ]
    with pytest.raises(FlyError):
        await peers.make("phone", str(tmp_path / "phone.conf"))
    assert cloud.read()["peers"]["personal"] == []


async def test_flyctls_own_peers_come_last(peers: Peers) -> None:
    with world.opened() as now:
        now["peers"] = {"personal": [
            {"id": "wg_1", "name": name, "region": "fra", "pubkey": "k", "peerip": "fdaa::1", "endpointip": "e"}
            for name in ("interactive-agent-x", "phone")
        ]}  # fmt: skip
    assert [peer.name for peer in await peers.all()] == ["phone", "interactive-agent-x"]
