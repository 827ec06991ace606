"""What the processes in a gateway's machine are called (/proc/PID/comm): the gateway's own, and what is certainly none."""

from __future__ import annotations

import re

# It names itself after what it was called then; before it does so, and in some versions of Node, it is "node" or "MainThread".
GATEWAY = r"node|openclaw|clawdbot|moltbot|MainThread"
# Whole names, for a shell's `grep -E` and for Python alike. Whoever is not among them may be a gateway under another name.
OTHERS = (
    r"^(init|hallpass|tini|dumb-init|docker-init|setpriv|su|sudo|sshd|sh|dash|bash|ash|busybox|sleep|cat|grep|stat|ls|df|tail|cut"
    r"|base64|ps|top|npm|git|kthreadd|(kworker|ksoftirqd|migration|cpuhp|jbd2|irq)/.*)$"
)
_GATEWAY, _OTHERS = re.compile(GATEWAY), re.compile(OTHERS)


def is_gateway(name: str) -> bool:
    return _GATEWAY.match(name) is not None


def may_be_gateway(name: str) -> bool:
    """Of a process that is there: nothing of a gateway's is taken away from it."""
    return _OTHERS.match(name) is None
