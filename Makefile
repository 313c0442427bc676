# make run      build the environment, read knowledge/, serve on http://127.0.0.1:8000
# make install  only the environment; the command is .venv/bin/assistant
# make test     everything that decides whether a change is good
# make lint     its quick half: style, types, import rules
# make wheel    dist/*.whl with knowledge/ and prompts/ inside
# make clean    remove what make made, but not data/

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check
HOST ?= 127.0.0.1
PORT ?= 8000
# Processes that share the tests out; 0: this one alone.
WORKERS ?= $(shell test "$$(nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 1)" -gt 1 && echo 2 || echo 0)

.PHONY: install run test lint wheel clean

install: $(VENV)/.installed

run: install
	$(BIN)/assistant ingest knowledge
	$(BIN)/assistant serve --host $(HOST) --port $(PORT)

test: $(VENV)/.installed-for-tests
	.ci/packages
	$(MAKE) lint
	$(BIN)/pytest -n $(WORKERS) --dist loadfile

lint: $(VENV)/.installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

wheel: $(VENV)/.installed
	$(PIP) wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -exec rm -rf {} +

# Stamps: older than pyproject.toml means that the environment may lack something.

$(BIN)/python:
	.ci/python $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "make install: installing the program (a few minutes the first time)"
	$(PIP) install -qq --editable .
	@touch $@

$(VENV)/.installed-for-tests: pyproject.toml $(VENV)/.installed
	.ci/torch $(VENV)
	@echo "make test: installing what tests need"
	$(PIP) install -qq --editable '.[dev,models,postgres,stream]'
	@touch $@
