# Two commands on a fresh machine: `make demo` and `make test`. Everything else serves them.
# Needs Debian (or the like), Python 3.11 or newer and make; `make test` also needs a C++ compiler.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DATE   ?= 2017-01-24
OUT    ?= runs/demo
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
SOURCES := domain contracts application adapters plugins bootstrap

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this help.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: demo
demo: $(VENV)/.core ## Set up the core and run one real trading day (DATE=2017-10-29 for another).
	$(BIN)/wattbook demo --date $(DATE) --out $(OUT)

.PHONY: test
test: $(VENV)/.test servers check suite ## Set up every extra, then run all checks and the whole suite.

.PHONY: check
check: $(VENV)/.test format-check lint types layers docs ## Format, lint, types, layers and docs.

.PHONY: format-check lint types layers docs suite bench servers format clean
format-check:
	$(BIN)/ruff format --check $(SOURCES) tests benchmarks

lint:
	$(BIN)/ruff check $(SOURCES) tests benchmarks

types:
	$(BIN)/mypy

layers:
	$(BIN)/lint-imports

docs: ## Run the examples and links of README and docs.
	$(BIN)/pytest tests/docs --quiet

suite: ## Run the test suite with the domain's branch coverage.
	$(BIN)/pytest tests --numprocesses auto --dist loadgroup --ignore tests/docs \
	    --cov --cov-report term:skip-covered --cov-fail-under 95

bench: $(VENV)/.test ## Measure speed; answers are checked first. Results vary with the machine.
	$(BIN)/python -m pytest benchmarks/bench_*.py --benchmark-only --benchmark-columns=median,rounds,ops

servers: ## Install the servers that tests talk to (Debian, as root); elsewhere say what is missing.
	@sh tests/prepare_servers.sh

format: $(VENV)/.test ## Format and mend what can be mended.
	$(BIN)/ruff check --fix --quiet $(SOURCES) tests benchmarks; $(BIN)/ruff format $(SOURCES) tests benchmarks

clean: ## Remove the virtual environment, caches and runs.
	rm -rf $(VENV) runs .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(VENV)/bin/python:
	@sh tests/prepare_python.sh $(PYTHON) $(VENV)

$(VENV)/.core: pyproject.toml constraints.txt $(VENV)/bin/python
	@echo "Installing the core (about half a minute)"
	@$(PIP) --editable .
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt $(VENV)/bin/python
	@sh tests/prepare_compiler.sh $(BIN)/python
	@echo "Installing every extra (two to five minutes the first time: quickfix is compiled)"
	@CXXFLAGS="-O1 -g0" $(PIP) --editable '.[test]'
	@touch $@ $(VENV)/.core
