"""Random values with whatever has ever been special to anybody, for what must carry any value exactly."""

from __future__ import annotations

import random

PIECES = (
    '"', '""', '"""', "'", "'''", "#", "##", " ", "  ", "\t", "=", "==", "\\", "\\n", '\\"', "\n", "\n\n", "\r", "\r\n", "\v", "\f",
    "$HOME", "${X}", "`x`", "$(x)", "%s", "{}", "!", "-", "--", "é", "狐", "😀", "👩‍👩‍👧", "e\u0301", "\u00a0", "\u0085", "\u2028", "\ufeff",
    "\u200b", "\u202e", "\x01", "\x1b[31m", "\x1c", "\x7f", "export ", "K=", "NEXT=1\n", "<&>", "sk-ant-api03-", "null", "0",
)  # fmt: skip
LENGTHS = (1, 2, 3, 5, 8, 14, 40, 200)


def nasty(dice: random.Random) -> str:
    """Letters and whatever has ever been special to a shell, a parser, JSON, Go or Unicode; now and then long."""
    special = dice.choice((0.1, 0.5, 0.9))
    letters = "abcdefXYZ0123456789_-./+"
    length = dice.choice(LENGTHS) if dice.random() > 0.003 else 30_000
    return "".join(
        dice.choice(PIECES) if dice.random() < special else dice.choice(letters) for _ in range(length)
    )
