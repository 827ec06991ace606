"""As much of GraphQL as flyctl's queries need: of what is there, the fields that are asked for.

A field that nobody provides is an error, so that a query of a newer flyctl is noticed and not answered with nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(r'\s*(?:,|#[^\n]*)*\s*(\.\.\.|[{}()\[\]:!=]|\$?\w+|"[^"]*")')
Resolver = Callable[[dict[str, Any]], Any]


class QueryError(Exception):
    """What GraphQL answers in ``errors``."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class Wanted:
    """One field of a selection."""

    name: str
    alias: str
    arguments: dict[str, Any] = field(default_factory=dict)
    inside: list[Wanted] = field(default_factory=list)


class _Reader:
    def __init__(self, text: str, variables: dict[str, Any]) -> None:
        self.tokens = _TOKEN.findall(text)
        self.variables = variables
        self.at = 0

    def peek(self) -> str:
        return str(self.tokens[self.at]) if self.at < len(self.tokens) else ""

    def next(self) -> str:
        self.at += 1
        return str(self.tokens[self.at - 1])

    def selection(self) -> list[Wanted]:
        assert self.next() == "{"
        found: list[Wanted] = []
        while self.peek() != "}":
            if self.peek() == "...":
                self.at += 3  # "... on Type": all our objects are of the one type that is asked for
                found += self.selection()
            else:
                found.append(self.field())
        self.next()
        return found

    def field(self) -> Wanted:
        name = alias = self.next()
        if self.peek() == ":":
            self.next()
            name = self.next()
        wanted = Wanted(name, alias)
        if self.peek() == "(":
            wanted.arguments = self.arguments()
        if self.peek() == "{":
            wanted.inside = self.selection()
        return wanted

    def arguments(self) -> dict[str, Any]:
        found = {}
        self.next()
        while self.peek() != ")":
            name = self.next()
            assert self.next() == ":"
            found[name] = self.value()
        self.next()
        return found

    def value(self) -> Any:
        token = self.next()
        if token == "{":
            found = {}
            while self.peek() != "}":
                name = self.next()
                assert self.next() == ":"
                found[name] = self.value()
            self.next()
            return found
        if token.startswith("$"):
            return self.variables.get(token[1:])
        return token.strip('"') if token[0] == '"' else json.loads(token) if token[0].isdigit() else token


def parse(text: str, variables: dict[str, Any]) -> list[Wanted]:
    """The fields at the root of a query or mutation."""
    start = 0
    found = re.match(r"\s*(query|mutation)?\s*\w*\s*(\((?:[^()]|\([^()]*\))*\))?\s*(?=\{)", text)
    if found:
        start = found.end()
    return _Reader(text[start:], variables).selection()


def project(wanted: list[Wanted], source: dict[str, Any]) -> dict[str, Any]:
    """Take the wanted fields out of ``source``; a function there is called with the field's arguments."""
    found: dict[str, Any] = {}
    for want in wanted:
        if want.name not in source:
            raise QueryError(f"Field '{want.name}' doesn't exist")
        value = source[want.name]
        if callable(value):
            value = value(want.arguments)
        found[want.alias] = _inside(want, value)
    return found


def _inside(want: Wanted, value: Any) -> Any:
    if not want.inside or value is None:
        return value
    if isinstance(value, list):
        return [project(want.inside, item) for item in value]
    return project(want.inside, value)
