# `make demo` and `make test` set up everything that they need in .venv; the second time they start at once.

PYTHON := $(shell for p in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.run
DEV := $(VENV)/.dev
SPEED ?= $(or $(CLAW_DEMO_SPEED),6)
FLYCTL ?= $(shell command -v flyctl)
KILLS ?= 300
CANCELS ?= 200
CONFIGS ?= 200
SEED ?=
PICK ?=
ALONE := not real and not soak and not flyctl
# More than two cores need: many tests wait for a program in a terminal.
WORKERS ?= 4

unexport PYTHONDONTWRITEBYTECODE  # every call of the simulated flyctl is a Python of its own

.PHONY: help demo demo-reset run test test-long by-time fast lint types snapshots test-real recordings test-flyctl transcripts soak bench screenshots lock clean

help:
	@echo 'make demo         the wizard on a simulated cloud: nothing is real'
	@echo 'make run          the wizard on your Fly.io account'
	@echo 'make test         the checks that need nothing but Python, in three minutes'
	@echo 'make test-long    the others of that kind, which take seconds each'
	@echo 'make test-real    checks against programs of others (OpenClaw, keyring), which it installs; OLDER=1: the older gateway too'
	@echo '                  CONFIGS=1000 SEED=7 say how many random configs OpenClaw is shown, and which (PICK=many_configs: these only)'
	@echo 'make recordings   what the real OpenClaw says and answers, recorded anew; shows what has changed'
	@echo 'make test-flyctl  FLYCTL=/path/of/flyctl: checks against the real flyctl, with a Fly API of our own on loopback'
	@echo 'make transcripts  FLYCTL=/path/of/flyctl: record what it says anew, and show what changed'
	@echo 'make soak         long checks; KILLS=500 CANCELS=300 say how many kills and cancelled calls'
	@echo 'make by-time      which tests are long, by their times now'
	@echo 'make bench        how fast it is, beside a bare Textual app'
	@echo 'make snapshots    take the pictures of the screens anew, after a change that was meant'
	@echo 'make screenshots  the pictures in the README'
	@echo 'make lock         the pinned versions anew'

$(RUN): requirements/run.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer is needed: e.g. `apt install python3 python3-venv`, `dnf install python3`, `brew install python`.'; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo 'Python lacks its venv module: install it, e.g. `apt install python3-venv`.'; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src
	@touch $@

$(DEV): $(RUN) requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@touch $@

demo: $(RUN)
	@CLAW_DEMO_SPEED=$(SPEED) $(BIN)/claw-tui --demo

demo-reset:
	rm -rf "$$($(BIN)/python -c 'import os; from claw_tui.adapters.paths import state_folder; print(state_folder(os.environ, demo=True))')"

run: $(RUN)
	@$(BIN)/claw-tui

lint: $(DEV)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(DEV)
	$(BIN)/mypy

test: lint types
	$(BIN)/python -m compileall -q src
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal tests -m 'not long and $(ALONE)'

test-long: $(DEV)
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal tests -m 'long and $(ALONE)'

by-time: $(DEV)
	-$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal tests -m '$(ALONE)' --durations=0 --durations-min=0.02 >times.txt
	$(BIN)/python -m tests.by_time times.txt
	@rm times.txt

fast: $(DEV)
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal tests -m 'not long and not pty and $(ALONE)' -x

snapshots: $(DEV)
	$(BIN)/python -m pytest -q tests/screens/test_snapshots.py --snapshot-update

test-real: $(DEV)
	CONFIGS=$(CONFIGS) SEED=$(SEED) PATH="$(CURDIR)/$(BIN):$$PATH" sh tests/real/run.sh $(BIN)/python $(if $(PICK),-k $(PICK))

test-flyctl: $(DEV)
	@test -x "$(FLYCTL)" || { echo 'FLYCTL=/path/of/flyctl says which one.'; exit 1; }
	FLYCTL=$(FLYCTL) $(BIN)/python -m pytest -q -n 2 tests/flyctl -m flyctl

transcripts: $(DEV)
	@test -x "$(FLYCTL)" || { echo 'FLYCTL=/path/of/flyctl says which one.'; exit 1; }
	$(BIN)/python -m tests.transcripts.record $(FLYCTL) $(SCENES)

recordings: $(DEV)
	PATH="$(CURDIR)/$(BIN):$$PATH" sh tests/real/run.sh $(BIN)/python recordings

soak: $(DEV)
	KILLS=$(KILLS) CANCELS=$(CANCELS) $(BIN)/python -m pytest -q -n auto --dist worksteal tests -m soak

bench: $(DEV)
	$(BIN)/python benchmarks/run.py

screenshots: $(DEV)
	$(BIN)/python docs/screenshots.py

lock: $(DEV)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --upgrade --extra build pyproject.toml -o requirements/run.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --upgrade --extra dev pyproject.toml -o requirements/dev.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache snapshot_report.html
