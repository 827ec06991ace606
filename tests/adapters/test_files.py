"""Files of the machine, by `machine exec` and by flyctl's sftp: compared, never overwritten unasked, never half there."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from claw_tui.adapters import local_copy
from claw_tui.domain.errors import BadInput, FlyError, GatewayError
from claw_tui.ports import Services
from tests.adapters.test_gateway import beside, machine
from tests.conftest import Cloud

__all__ = ["machine"]
pytestmark = pytest.mark.anyio
LARGE = "a line of a large file\n" * 4000


def there(cloud: Cloud) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = cloud.app("my-app")["volumes"][0]["files"]
    return found


async def test_a_folder(services: Services, machine: str, cloud: Cloud) -> None:
    beside(cloud, "hello", "/data/notes é.txt")
    beside(cloud, "x", "/data/.hidden")
    beside(cloud, "x", "/data/agents/main/a.json")
    folder = await services.gateway.list_folder("my-app", machine, "/data")
    found = {entry.name: entry for entry in folder.entries}
    assert found["notes é.txt"].size == 5
    assert (found["notes é.txt"].owner, found["notes é.txt"].mode) == ("1000:1000", "600")
    assert ".hidden" in found
    assert found["agents"].is_folder
    assert folder.entries[0].is_folder, "folders come first"
    with pytest.raises(BadInput, match="no folder"):
        await services.gateway.list_folder("my-app", machine, "/data/nothing; rm -rf /data")
    assert "/data/.hidden" in there(cloud)


@pytest.mark.parametrize("text", ["small\n", "", LARGE], ids=["small", "empty", "large"])
async def test_fetched_and_put(
    services: Services, machine: str, cloud: Cloud, tmp_path: Path, text: str
) -> None:
    """What is large goes by sftp, which refuses what exists: nobody notices."""
    beside(cloud, text, "/data/it's here.txt")
    local = tmp_path / "got.txt"
    await services.gateway.get_file("my-app", machine, "/data/it's here.txt", local, replace=False)
    assert local.read_text() == text
    assert stat.S_IMODE(local.stat().st_mode) == 0o600
    with pytest.raises(BadInput, match="left alone"):
        await services.gateway.get_file("my-app", machine, "/data/it's here.txt", local, replace=False)
    local.write_text(text + "more")
    copied = await services.gateway.put_file("my-app", machine, local, "/data/new one.txt", replace=False)
    assert there(cloud)["/data/new one.txt"]["text"] == text + "more"
    assert (copied.owner, copied.mode) == ("1000:1000", "600")
    with pytest.raises(BadInput, match="left alone"):
        await services.gateway.put_file("my-app", machine, local, "/data/new one.txt", replace=False)
    assert list(tmp_path.glob(".*claw-tui*")) == []
    assert [name for name in there(cloud) if "claw-tui" in name] == []


@pytest.mark.parametrize("text", ["small", LARGE], ids=["small", "large"])
async def test_a_file_that_is_replaced_keeps_owner_and_mode(
    services: Services, machine: str, cloud: Cloud, tmp_path: Path, text: str
) -> None:
    beside(cloud, "old", "/data/kept.txt")
    await services.fly.exec("my-app", machine, "chown 0:0 /data/kept.txt; chmod 644 /data/kept.txt")
    local = tmp_path / "new"
    local.write_text(text)
    copied = await services.gateway.put_file("my-app", machine, local, "/data/kept.txt", replace=True)
    assert (copied.owner, copied.mode) == ("0:0", "644")
    assert there(cloud)["/data/kept.txt"]["text"] == text


async def test_openclaw_json_is_not_put_like_that(
    services: Services, machine: str, cloud: Cloud, tmp_path: Path
) -> None:
    local = tmp_path / "openclaw.json"
    local.write_text("{}")
    for path in ("/data/openclaw.json", "/data//x/../openclaw.json"):
        with pytest.raises(BadInput, match="not put like other files"):
            await services.gateway.put_file("my-app", machine, local, path, replace=True)
    assert "/data/openclaw.json" not in there(cloud)


async def test_what_arrives_otherwise_does_not_take_its_place(
    services: Services, machine: str, cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside(cloud, "old", "/data/kept.txt")
    local = tmp_path / "new"
    local.write_text("new")
    monkeypatch.setattr(local_copy, "digest_of", lambda _path: (3, "0" * 64))
    with pytest.raises(GatewayError, match="another content"):
        await services.gateway.put_file("my-app", machine, local, "/data/kept.txt", replace=True)
    with pytest.raises(GatewayError, match="changed while it was copied"):
        await services.gateway.get_file("my-app", machine, "/data/kept.txt", tmp_path / "got", replace=False)
    assert there(cloud)["/data/kept.txt"]["text"] == "old"
    assert [name for name in there(cloud) if "claw-tui" in name] == []
    assert [path.name for path in tmp_path.iterdir() if "got" in path.name] == []


async def test_what_is_refused(services: Services, machine: str, tmp_path: Path) -> None:
    local = tmp_path / "x"
    for remote in ("/data", "/data/nothing.txt"):
        with pytest.raises(BadInput):
            await services.gateway.get_file("my-app", machine, remote, local, replace=False)
    for place in (tmp_path, tmp_path / "no-folder" / "x"):
        with pytest.raises(BadInput):
            await services.gateway.get_file("my-app", machine, "/data/x", place, replace=False)
    for mine in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(BadInput):
            await services.gateway.put_file("my-app", machine, mine, "/data/x", replace=False)


@pytest.mark.parametrize("data", [b"small", LARGE.encode()], ids=["small", "large"])
async def test_a_place_where_no_file_can_be_made(
    services: Services, machine: str, cloud: Cloud, tmp_path: Path, data: bytes
) -> None:
    beside(cloud, "x", "/data/a.txt")
    local = tmp_path / "here"
    local.write_bytes(data)
    before = set(there(cloud))
    for folder in ("/data/nothing", "/data/a.txt", "/nothing/deeper"):
        with pytest.raises(BadInput, match=f"There is no folder {folder} in the machine"):
            await services.gateway.put_file("my-app", machine, local, f"{folder}/x", replace=False)
    for folder in ("/proc", "/sys"):
        with pytest.raises(BadInput, match=f"No file can be made in {folder} in the machine"):
            await services.gateway.put_file("my-app", machine, local, f"{folder}/x", replace=True)
    assert set(there(cloud)) == before
    assert cloud.app("my-app")["machines"][0]["files"] == {}


BYTES = [
    b"",
    b"\0",
    b"a\0b\r\n\xff\xfe\x80",
    bytes(range(256)) * 4,
    bytes(range(256)) * 4096,
    b"\0" * (1 << 20),
]


@pytest.mark.parametrize("data", BYTES, ids=["empty", "nul", "mixed", "all", "mib", "mib-of-nul"])
async def test_every_byte_there_and_back(
    services: Services, machine: str, tmp_path: Path, data: bytes
) -> None:
    local, back = tmp_path / "here", tmp_path / "back"
    local.write_bytes(data)
    put = await services.gateway.put_file("my-app", machine, local, "/data/b.bin", replace=False)
    got = await services.gateway.get_file("my-app", machine, "/data/b.bin", back, replace=False)
    assert put.size == got.size == len(data)
    assert back.read_bytes() == data


async def test_flyctls_sftp_overwrites_nothing(
    services: Services, machine: str, cloud: Cloud, tmp_path: Path
) -> None:
    beside(cloud, "old", "/data/a.txt")
    local = tmp_path / "here"
    local.write_text("x")
    with pytest.raises(FlyError, match="is already there"):
        await services.fly.sftp_get("my-app", machine, "/data/a.txt", local)
    with pytest.raises(FlyError, match="already exists"):
        await services.fly.sftp_put("my-app", machine, local, "/data/a.txt")
