# Commands of the house. `make help` lists them.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PORT   ?= 8000
HOST   ?= 127.0.0.1

.DEFAULT_GOAL := help
.PHONY: help install dev run test lint bench check messages lock clean

help: ## Say what each command does
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.runtime: requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.bench: requirements-bench.txt $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@touch $@

install: $(VENV)/.runtime ## Virtual environment, locked packages, database and reference data; leaves .venv/bin/krzew
	@$(BIN)/krzew setup

dev: install $(VENV)/.dev ## The same and the tools for tests and lint

run: $(VENV)/.runtime ## Install, load the demonstration, serve at http://127.0.0.1:8000
	@KRZEW_DEMO=1 $(BIN)/krzew setup --demo
	@KRZEW_DEMO=1 $(BIN)/krzew serve --host $(HOST) --port $(PORT)

test: $(VENV)/.dev ## All tests (on PostgreSQL when DATABASE_URL is set)
	@$(BIN)/krzew assets --quiet
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

lint: $(VENV)/.dev ## Style, types, room order, size limits, translations, API schema
	$(BIN)/ruff check src tests bench tools docs
	$(BIN)/ruff format --check src tests bench tools docs
	$(BIN)/mypy src/krzew
	$(BIN)/lint-imports
	$(BIN)/python tools/sizes.py
	$(BIN)/python tools/translations.py
	$(BIN)/krzew manage makemigrations --check --dry-run

bench: install $(VENV)/.bench ## Speed as ratios against peers in the same run (installs the peers, 3 GB); writes bench/results.json
	-@bench/peers/pretalx.sh
	$(BIN)/krzew bench $(ARGS)

check: lint test bench ## Everything

messages: $(VENV)/.dev ## Collect new strings into the Polish catalogues (needs gettext)
	$(BIN)/python tools/translations.py --collect

lock: $(VENV)/.dev ## Write requirements*.txt anew, with hashes and without host names
	$(BIN)/python tools/lock.py

clean: ## Remove the virtual environment and caches; var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
