# Two commands: `make run` (set-up and the main job) and `make test` (set-up and all tests).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Two OpenMP threads that spin while they wait stand in each other's way on a busy machine.
export OMP_WAIT_POLICY ?= PASSIVE
export TOKENIZERS_PARALLELISM ?= false

.PHONY: run test lint setup docs serve clean help

help: ## show this help
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(STAMP) ## create .venv with the pinned dependencies

$(STAMP): requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

run: setup ## data to wheel and report: spacy project run all
	$(BIN)/python -m spacy project run all

test: setup ## all tests
	$(BIN)/python -m pytest

lint: setup ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: setup ## rewrite the README's workflow tables from project.yml
	$(BIN)/python -m spacy project document --output README.md

serve: setup ## serve the trained pipeline on http://127.0.0.1:8000
	$(BIN)/python -m service --pipeline training/compiled

clean: ## remove everything that was built (not what was fetched)
	rm -rf corpus training packages reports project.lock
