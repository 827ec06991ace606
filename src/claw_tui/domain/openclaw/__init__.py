"""openclaw.json: reading what a person has, bringing it up to date, saying what is wrong with it, writing it."""

from __future__ import annotations
