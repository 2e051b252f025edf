# crossframe: `make help` lists what there is.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
# Extra options for pip. On Linux, where PyPI's torch brings CUDA, this gets the small CPU build:
#   make study PIP_OPTIONS="--extra-index-url https://download.pytorch.org/whl/cpu"
PIP_OPTIONS ?=

.DEFAULT_GOAL := help
.PHONY: help setup study verify validate test lint notebooks bench clean

help: ## Show this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "crossframe needs Python 3.11 or newer; name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_OPTIONS) -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: $(VENV)/.installed ## Create .venv and install the pinned packages

study: setup ## Run the whole Russia-DPRK study, from data/raw to reports
	$(BIN)/crossframe run .

verify: setup ## Recompute the study in a clean place and compare it with reports/
	@rm -rf build/verify
	@$(BIN)/crossframe verify . --keep build/verify

validate: setup ## Check the raw tables and texts
	$(BIN)/crossframe validate .

test: setup ## Run the tests in two processes of up to 3 GB
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: setup ## Run ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

notebooks: setup ## Execute the notebooks top to bottom; HTML and PDF go to reports/notebooks
	$(BIN)/crossframe notebooks .

bench: setup ## Measure speed and memory, into benchmarks/results.md (an hour; nothing else should run)
	$(BIN)/python -m benchmarks.startup
	$(BIN)/python -m benchmarks.encode $(if $(CROSSFRAME_BENCH_TEXTS),--retrieval)
	@test -x benchmarks/.venv-peers/bin/python || $(BIN)/python -m benchmarks.peers --setup
	$(BIN)/python -m benchmarks.peers --fresh
	$(BIN)/python -m benchmarks.scaling --fresh
	$(BIN)/python -m benchmarks.write

clean: ## Remove what is derived (the caches of models and embeddings stay)
	rm -rf build data/processed/*.csv data/processed/*.npz .pytest_cache .mypy_cache .ruff_cache
