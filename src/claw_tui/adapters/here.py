"""About where this computer is: by its time zone, asking nobody."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

ZONE_TABLES = (Path("/usr/share/zoneinfo/zone1970.tab"), Path("/usr/share/zoneinfo/zone.tab"))
LOCALTIME = Path("/etc/localtime")


def _zone_name(environ: Mapping[str, str]) -> str:
    zone = environ.get("TZ", "").lstrip(":")
    if zone:
        return zone
    try:
        return str(LOCALTIME.resolve()).partition("zoneinfo/")[2]
    except OSError:
        return ""


def _degrees(text: str) -> float:
    """``+4052`` or ``-0734247`` (degrees, minutes, seconds) as a number."""
    sign = -1 if text[0] == "-" else 1
    digits = text[1:]
    whole = 2 if len(digits) in (4, 6) else 3
    minutes, seconds = int(digits[whole : whole + 2]), int(digits[whole + 2 :] or 0)
    return sign * (int(digits[:whole]) + minutes / 60 + seconds / 3600)


def whereabouts(environ: Mapping[str, str] = os.environ) -> tuple[float, float] | None:
    """Degrees north and east of the time zone's own city; None for UTC and where the table is missing."""
    zone = _zone_name(environ)
    for table in ZONE_TABLES:
        try:
            lines = table.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            continue
        for line in lines:
            fields = line.split("\t")
            if (
                len(fields) > 2
                and fields[2] == zone
                and (found := re.fullmatch(r"([+-]\d+)([+-]\d+)", fields[1]))
            ):
                return _degrees(found.group(1)), _degrees(found.group(2))
    return None
