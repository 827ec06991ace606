"""What flyctl tells of certificates, members and WireGuard peers: who else gets to an app."""

from __future__ import annotations

from msgspec import Struct, field

from claw_tui.adapters import fly_shapes
from claw_tui.adapters.fly_calls import FlyCalls
from claw_tui.domain import fly_args
from claw_tui.domain.exposure.facts import Certificate, Peer, Person


class RawCertificate(Struct):
    """`fly certs list`. Of an older flyctl the keys begin with capital letters."""

    hostname: str = ""
    status: str = ""
    Hostname: str = ""
    ClientStatus: str = ""


class RawMember(Struct):
    """Somebody in `fly orgs show`."""

    email: str = field(name="Email", default="")


class RawMembership(Struct):
    """And what they are there."""

    node: RawMember = field(name="Node", default_factory=RawMember)
    role: str = field(name="Role", default="")


class RawMembers(Struct):
    """The list of them."""

    edges: list[RawMembership] | None = field(name="Edges", default=None)


class RawOrgDetails(Struct):
    """`fly orgs show`."""

    members: RawMembers = field(name="Members", default_factory=RawMembers)


class RawPeer(Struct):
    """`fly wireguard list`."""

    name: str = field(name="Name", default="")
    region: str = field(name="Region", default="")
    address: str = field(name="Peerip", default="")


class FlyExposure(FlyCalls):
    """The port ``FlyPrivacy``."""

    async def certificates(self, app: str) -> tuple[Certificate, ...]:
        found = fly_shapes.read_list(await self._json(fly_args.certs_list(app)), RawCertificate)
        if not all(one.hostname or one.Hostname for one in found):
            raise fly_shapes.unknown_form()
        return tuple(
            Certificate(one.hostname or one.Hostname, one.status or one.ClientStatus) for one in found
        )

    async def members(self, org: str) -> tuple[Person, ...]:
        found = fly_shapes.read(await self._json(fly_args.orgs_show(org)), RawOrgDetails)
        return tuple(Person(one.node.email, one.role) for one in found.members.edges or ())

    async def peers(self, org: str) -> tuple[Peer, ...]:
        found = fly_shapes.read_list(await self._json(fly_args.wireguard_list(org)), RawPeer)
        return tuple(Peer(one.name, one.region, one.address) for one in found)
