"""What looks like a QR code in a terminal, and is none: no phone is to be led anywhere by it."""

from __future__ import annotations

import hashlib

SIZE = 29  # rows and columns of half-blocks, about as many as a real one has


def picture(seed: str) -> str:
    bits = "".join(
        f"{byte:08b}"
        for n in range(SIZE * SIZE // 128 + 1)
        for byte in hashlib.sha256(f"{seed}{n}".encode()).digest()
    )
    rows = [bits[row * SIZE * 2 : (row + 1) * SIZE * 2] for row in range(SIZE)]
    return "\n".join(
        "".join(" ▄▀█"[int(row[at : at + 2], 2)] for at in range(0, len(row), 2)) for row in rows
    )
