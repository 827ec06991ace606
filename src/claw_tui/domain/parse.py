"""Reading JSON and TOML that anybody may have damaged: whatever is wrong with it is a ValueError.

Python's readers go down a level for each bracket and end with a RecursionError, which nobody expects of a file.
"""

from __future__ import annotations

import json
from typing import Any


class TooDeep(ValueError):
    """There are more brackets in brackets than any document of ours has."""

    def __init__(self) -> None:
        super().__init__("nested too deeply")


def json_of(text: str | bytes) -> Any:
    """Raises ValueError."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise TooDeep from error


def toml_of(text: str) -> dict[str, Any]:
    """Raises ValueError."""
    import tomllib  # noqa: PLC0415

    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise TooDeep from error
