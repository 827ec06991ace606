"""certs list, orgs show, wireguard list: who and what else gets to an app."""

from __future__ import annotations

from claw_tui.demo.cloud import Refusal
from claw_tui.demo.session import Session, in_query
from claw_tui.demo.world import World
