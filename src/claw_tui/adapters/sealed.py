"""Keeping what this process has in memory out of core dumps and of other processes."""

from __future__ import annotations

import sys
from contextlib import suppress

PR_SET_DUMPABLE = 4  # linux/prctl.h


def seal_process() -> None:
    """No core file, of our children neither; on Linux no core dump at all, and no debugger but root's.

    (A core dump that is piped to a program, as systemd's, is not stopped by the limit alone.)
    """
    import resource  # noqa: PLC0415

    with suppress(ValueError, OSError):  # it may be lower already
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415

    with suppress(OSError, AttributeError):  # an interpreter that cannot look up its own symbols
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
