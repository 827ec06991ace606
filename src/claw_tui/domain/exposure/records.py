"""What Fly.io has written down about the app: addresses, services, the deployed config."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from claw_tui.domain.exposure.facts import Facts, Unasked
from claw_tui.domain.exposure.judgement import Line, Standing
from claw_tui.domain.fly_toml import expected_service
from claw_tui.domain.layout import at_port, port_said, said_port
from claw_tui.domain.spec import PORT, Spec
from claw_tui.domain.world import OUR_PROCESS_GROUP, Ip, IpKind, Machine, Port, Service
from claw_tui.i18n import _

EXPECTED = expected_service(Spec(private=True))


def unknown(id_: str, words: str, why: Unasked) -> Line:
    return Line(id_, Standing.UNKNOWN, words, (why.words,), _("Ask again later."))


# -- addresses --------------------------------------------------------------------------------------------------------
def address_line(facts: Facts) -> Line:
    """By flyctl's JSON type; one that is not known counts as public."""
    if isinstance(facts.addresses, Unasked):
        return unknown("addresses", _("Its addresses could not be asked."), facts.addresses)
    shown = tuple(_address(ip) for ip in facts.addresses)
    if any(ip.public for ip in facts.addresses):
        todo = _("`claw-tui harden {app}` makes it private; fly ips release ADDRESS takes one away.")
        return Line(
            "addresses", Standing.FAIL, _("It has a public address."), shown, todo.format(app=facts.app)
        )
    if foreign := tuple(f"{ip.address}: {ip.org}" for ip in facts.addresses if ip.org not in ("", facts.org)):
        words = _("A private address of it is in the network of another organization.")
        todo = _("fly ips release ADDRESS takes it away, if that was not meant.")
        return Line("addresses", Standing.FAIL, words, foreign, todo)
    words = _("It has no public address.") if facts.addresses else _("It has no address at all.")
    return Line("addresses", Standing.PASS, words, shown)


def _address(ip: Ip) -> str:
    if ip.kind is IpKind.UNKNOWN:
        return _("{address}: a kind that is not known here counts as public").format(address=ip.address)
    return f"{ip.address}: {ip.kind.value}"


# -- services ---------------------------------------------------------------------------------------------------------
def service_line(facts: Facts) -> Line:
    """Of every machine: stopped ones and those of other process groups too."""
    if isinstance(facts.machines, Unasked):
        return unknown("services", _("Its machines could not be asked."), facts.machines)
    wrong = tuple(words for machine in facts.machines for words in _surplus(machine))
    if wrong:
        words = _("A machine has a service that a public address would open to everybody.")
        return Line("services", Standing.FAIL, words, wrong, _without_it(facts.app, facts.machines))
    if unread := tuple(_name(machine) for machine in facts.machines if not machine.readable):
        words = _("What a machine offers could not be read: its host does not answer.")
        return Line("services", Standing.UNKNOWN, words, unread, _("Ask again later."))
    if not facts.machines:
        return Line("services", Standing.PASS, _("It has no machine."))
    shown = tuple(f"{_name(machine)}: {_offered(machine)}" for machine in facts.machines)
    if no_service(facts):
        return Line("services", Standing.PASS, _("No machine has a service."), shown)
    return Line("services", Standing.PASS, _("No machine has another service than the private one."), shown)


def _without_it(app: str, machines: Sequence[Machine]) -> str:
    """The gateway's own machine is never to be destroyed for it."""
    having = [machine for machine in machines if _surplus(machine)]
    others = [machine.id for machine in having if machine.group != OUR_PROCESS_GROUP]
    todo = []
    if len(others) < len(having):
        todo.append(_("`claw-tui harden {app}` puts the private service in its place.").format(app=app))
    if others:
        words = _("Does nobody need machine {ids}? `fly machine destroy {id}` takes one away.")
        todo.append(words.format(ids=", ".join(others), id=others[0]))
    return " ".join(todo)


def no_service(facts: Facts) -> bool:
    """As the guides have it: nothing for Fly's proxy to reach."""
    return not isinstance(facts.machines, Unasked) and not any(m.services for m in facts.machines)


def _name(machine: Machine) -> str:
    parts = (machine.state, machine.group and _("group {name}").format(name=machine.group))
    return f"{machine.id} ({', '.join(part for part in parts if part)})"


def _surplus(machine: Machine) -> list[str]:
    expected = at_port(EXPECTED, said_port(machine) or PORT)
    found = [service_words(service) for service in machine.services if service != expected]
    if machine.services.count(expected) > 1:
        found.append(_("the private service more than once"))
    if machine.statics:
        found.append(_("files that Fly's proxy serves: {paths}").format(paths=", ".join(machine.statics)))
    return [f"{_name(machine)}: {words}" for words in found]


def _offered(machine: Machine) -> str:
    return ", ".join(map(service_words, machine.services)) or _("no service")


def service_words(service: Service) -> str:
    ports = ", ".join(_port(port) for port in service.ports) or _("no port")
    return _("{protocol} {ports} → {inside}").format(
        protocol=service.protocol, ports=ports, inside=service.internal_port
    )


def _port(port: Port) -> str:
    handlers = "+".join(port.handlers)
    return f"{port.port} ({handlers})" if handlers else f"{port.port}"


# -- the deployed config ----------------------------------------------------------------------------------------------
def config_line(facts: Facts) -> Line:
    """What the next deploy of it would offer."""
    if isinstance(facts.config, Unasked):
        return unknown("config", _("The deployed fly.toml could not be asked."), facts.config)
    wrong = tuple(_config_surplus(facts.config))
    if wrong:
        todo = _("`claw-tui harden {app}` deploys it without that.").format(app=facts.app)
        return Line("config", Standing.FAIL, _("The deployed fly.toml opens a service."), wrong, todo)
    return Line("config", Standing.PASS, _("The deployed fly.toml opens nothing to the internet."))


def _config_surplus(config: Mapping[str, object]) -> list[str]:
    found = [
        _("[{name}] is in it").format(name=name) for name in ("http_service", "statics") if config.get(name)
    ]
    services = config.get("services") or []
    listed = services if isinstance(services, list) else [services]
    found += [
        _("a service in it: {service}").format(service=_config_words(one))
        for one in listed
        if not _is_ours(one, _config_port(config))
    ]
    return found


def _is_ours(service: object, port: int) -> bool:
    """Exactly the private one: raw TCP, no handler, one port, and it leads to where the gateway listens."""
    return _read_service(service) == at_port(EXPECTED, port)


def _config_port(config: Mapping[str, object]) -> int:
    processes, env = config.get("processes"), config.get("env")
    line = processes.get(OUR_PROCESS_GROUP) if isinstance(processes, Mapping) else ""
    said = {str(name): str(value) for name, value in env.items()} if isinstance(env, Mapping) else {}
    return port_said(str(line or "").split(), said) or PORT


def _config_words(service: object) -> str:
    read = _read_service(service)
    return service_words(read) if read is not None else str(service)[:200]


def _read_service(service: object) -> Service | None:
    """None for what is none."""
    ports = service.get("ports") if isinstance(service, Mapping) else None
    if not isinstance(service, Mapping) or not isinstance(ports, Sequence):
        return None
    if not all(isinstance(port, Mapping) for port in ports):
        return None
    protocol = str(service.get("protocol", "tcp"))
    return Service(protocol, _number(service.get("internal_port")), tuple(map(_read_port, ports)))


def _read_port(port: Mapping[str, object]) -> Port:
    """A range of ports is no port of ours."""
    handlers = port.get("handlers") or ()
    given = tuple(map(str, handlers)) if isinstance(handlers, list | tuple) else (str(handlers),)
    ranged = any(port.get(name) for name in ("start_port", "end_port"))
    return Port(0 if ranged else _number(port.get("port")), given, bool(port.get("force_https")))


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1
