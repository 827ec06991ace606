"""Reading a command line as flyctl does, and refusing what flyctl refuses, in its words.

``commands.txt`` is flyctl 0.4.87's own table: command | number of arguments | needs a login | app | flags. A flag
is its names, then its kind: b(ool), s(tring), i(nt), f(loat), d(uration), l(ist).
"""

from __future__ import annotations

import os

TABLE = os.path.join(os.path.dirname(__file__), "commands.txt")
GLOBAL = "--access-token,-t=s --verbose=b --debug=b --help,-h=b"
ALIASES = {
    "app": "apps", "machines": "machine", "m": "machine", "volume": "volumes", "vol": "volumes", "secret": "secrets",
    "ip": "ips", "org": "orgs", "organizations": "orgs", "wg": "wireguard", "cert": "certs", "certificates": "certs",
    "release": "releases", "check": "checks", "img": "image",
}  # fmt: skip
TRUE = ("1", "t", "T", "true", "TRUE", "True")
FALSE = ("0", "f", "F", "false", "FALSE", "False")
SUB_ALIASES = {"ls": "list"}


class Refused(Exception):
    """The command line is wrong. ``usage`` goes to stdout, the message to stderr, exit code 1."""

    def __init__(self, message: str, usage: str = "") -> None:
        super().__init__(message)
        self.usage = usage


class CommandSpec:
    """One line of the table."""

    def __init__(self, line: str) -> None:
        self.name, count, session, self.app, flags = (part.strip() for part in line.split("|"))
        fewest, _sep, most = count.partition("-")
        self.fewest = int(fewest)
        self.most = None if most == "*" else int(most)
        self.session = session == "session"
        # ``app`` is "app": required, "app?": optional, "-": not used
        self.flags = _flags(f"{flags} {GLOBAL}")  # every name of a flag -> (its long name, its kind)


class Parsed:
    """A command line taken apart."""

    def __init__(self, spec: CommandSpec) -> None:
        self.spec = spec
        self.args: list[str] = []
        self.values: dict[str, str] = {}
        self.given: list[tuple[str, str]] = []  # each flag as often as it was said

    def text(self, name: str) -> str:
        return self.values.get(f"--{name}", "")

    def texts(self, name: str) -> list[str]:
        return [value for flag, value in self.given if flag == f"--{name}"]

    def on(self, name: str) -> bool:
        return self.values.get(f"--{name}", "false") not in FALSE


def _flags(text: str) -> dict[str, tuple[str, str]]:
    found = {}
    for flag in text.split():
        names, _sep, kind = flag.rpartition("=")
        all_names = names.split(",")
        found.update(dict.fromkeys(all_names, (all_names[0], kind)))
    return found


def table(wanted: str = "") -> dict[str, CommandSpec]:
    """All commands by name, or those whose first word is ``wanted``."""
    with open(TABLE) as file:
        specs = [CommandSpec(line) for line in file if line.startswith(wanted)]
    return {spec.name: spec for spec in specs}


def parse(argv: list[str]) -> Parsed:
    """Take ``argv`` apart. Raises Refused as cobra does, before anything else happens."""
    words = [word for word in argv if not word.startswith("-")]
    if not words:
        raise Refused("", _usage("flyctl"))
    first = ALIASES.get(words[0], words[0])
    commands = table(first)
    second = SUB_ALIASES.get(words[1], words[1]) if len(words) > 1 else ""
    third = words[2] if len(words) > 2 else ""
    name = next((n for n in (f"{first} {second} {third}", f"{first} {second}", first) if n in commands), "")
    if not name:
        if any(command.startswith(f"{first} ") for command in commands):
            raise Refused("", _usage(f"flyctl {first}"))
        raise Refused(f'unknown command "{words[0]}" for "flyctl"', "Run 'flyctl --help' for usage.\n")
    spec = commands[name]
    rest = list(argv)
    for word in words[: len(name.split())]:
        rest.remove(word)
    return _arguments(spec, rest)


def _arguments(spec: CommandSpec, rest: list[str]) -> Parsed:
    parsed = Parsed(spec)
    usage = _usage(f"flyctl {spec.name}")
    while rest:
        word = rest.pop(0)
        if word == "--":
            parsed.args += rest
            break
        if not word.startswith("-") or word == "-":
            parsed.args.append(word)
            continue
        name, given, value = word.partition("=")
        if name not in spec.flags:
            kind = "flag" if word.startswith("--") else "shorthand flag"
            raise Refused(f"unknown {kind}: {_shown(word)}", usage)
        long, kind = spec.flags[name]
        if kind == "b":
            if given and value not in TRUE + FALSE:
                raise Refused(_invalid(spec, long, value, "ParseBool"), usage)
            parsed.values[long] = value if given else "true"
            continue
        if not given:
            if not rest:
                raise Refused(f"flag needs an argument: {_shown(word)}", usage)
            value = rest.pop(0)
        if kind == "i" and not (value.isascii() and value.removeprefix("+").removeprefix("-").isdigit()):
            raise Refused(_invalid(spec, long, value, "ParseInt"), usage)
        parsed.values[long] = value
        parsed.given.append((long, value))
    _count(spec, len(parsed.args), usage)
    return parsed


def _invalid(spec: CommandSpec, long: str, value: str, reader: str) -> str:
    why = f'strconv.{reader}: parsing "{value}": invalid syntax'
    return f'invalid argument "{value}" for "{_both(spec, long)}" flag: {why}'


def _count(spec: CommandSpec, found: int, usage: str) -> None:
    if spec.most == 0 and found:
        raise Refused(f'unknown command "{found}" for "flyctl {spec.name}"', usage)
    if spec.fewest <= found and (spec.most is None or found <= spec.most):
        return
    if spec.fewest == spec.most:
        rule = f"accepts {spec.fewest} arg(s)"
    elif spec.most is None:
        rule = f"requires at least {spec.fewest} arg(s), only"
    elif spec.fewest == 0:
        rule = f"accepts at most {spec.most} arg(s)"
    else:
        rule = f"accepts between {spec.fewest} and {spec.most} arg(s)"
    raise Refused(f"{rule}{',' if not rule.endswith('only') else ''} received {found}", usage)


def _shown(word: str) -> str:
    return word.partition("=")[0] if word.startswith("--") else f"'{word[1]}' in {word}"


def _both(spec: CommandSpec, long: str) -> str:
    short = next(
        (name for name, (owner, _kind) in spec.flags.items() if owner == long and len(name) == 2), ""
    )
    return f"{short}, {long}" if short else long


def _usage(name: str) -> str:
    return f"Usage:\n  {name} [flags]\n\nFlags:\n  -h, --help   help for {name.rsplit(maxsplit=1)[-1]}\n\n"
