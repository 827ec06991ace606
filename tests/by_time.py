"""Which tests are long: ``python -m tests.by_time REPORT`` writes long.txt anew from what pytest says of their times.

REPORT is what ``pytest --durations=0 --durations-min=0.02`` printed. `make test` leaves the long ones to `make
test-long`, so that it stays below three minutes; CI runs both. FIRST are not left to it, however long they take: one
road through each thing that claw-tui does.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

LIST = Path(__file__).with_name("long.txt")
SECONDS = 1.2  # of a test, on two cores with four workers
FIRST = frozenset({
    "tests/engine/test_delivery.py::test_a_changed_file_is_taken_over_while_it_runs",
    "tests/engine/test_removing.py::test_an_undo_leaves_nothing",
    "tests/engine/test_run.py::test_from_nothing_to_a_running_gateway_and_again",
    "tests/engine/test_turn.py::test_somebody_elses_lease_is_not_taken_for_ours",
    "tests/engine/test_update.py::test_to_a_newer_version",
    "tests/plain/test_plain.py::test_a_gateway_from_a_file",
    "tests/pty/test_road.py::test_the_whole_road",
    "tests/reach/test_screens.py::test_one_key_from_home_opens_the_tunnel_and_has_a_link",
    "tests/screens/test_rotation.py::test_replace_and_apply",
    "tests/screens/test_screens.py::test_a_run_is_watched_to_its_proof_and_home",
    "tests/screens/test_screens.py::test_servers_and_channels_are_picked_not_typed",
    "tests/screens/test_trouble.py::test_a_taken_name_and_a_full_region_are_answered_where_they_are_told",
    "tests/test_architecture.py::test_every_text_for_people_can_be_translated",
    "tests/unit/test_import_format.py::test_random_values_arrive_exactly",
})  # fmt: skip
LINE = re.compile(r"\s*([\d.]+)s (?:call|setup|teardown)\s+(tests/\S+?::[^\[\s]+)(\[.*)?$")


def long_ones() -> frozenset[str]:
    """Their names, without what they are called with: all cases of a test are long, or none."""
    return frozenset(LIST.read_text().split())


def main(report: str) -> None:
    seconds: dict[str, float] = defaultdict(float)
    cases: dict[str, set[str]] = defaultdict(set)
    for line in Path(report).read_text().splitlines():
        if found := LINE.match(line):
            seconds[found[2]] += float(found[1])
            cases[found[2]].add(found[3] or "")
    chosen = {name for name, total in seconds.items() if total / len(cases[name]) >= SECONDS} - FIRST
    LIST.write_text("".join(f"{name}\n" for name in sorted(chosen)))
    left = sum(total for name, total in seconds.items() if name not in chosen)
    print(f"{len(chosen)} are long; the others take {left:.0f} s of {sum(seconds.values()):.0f} s")


if __name__ == "__main__":
    main(sys.argv[1])
