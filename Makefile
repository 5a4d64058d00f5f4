# Everything a developer or an operator of one machine does; `make help` lists it.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= python3
BIN := .venv/bin
STAMPS := .venv/stamps
GENERATOR := .venv/generator
# What pip says that is news: what it fetches and what it has installed.
NEWS := { grep -E '^ *(Downloading|Collecting|Successfully)' || true; }
PIP_OPTIONS := --disable-pip-version-check --no-input
COMMA := ,
READMES := $(shell find . -name README.md -not -path './.*' -exec grep -l '\[\[\[cog' {} +)
say = @printf '\033[1m▸ %s\033[0m\n' $(1)

PROTOS := $(shell find protos -name '*.proto') protos/pyproject.toml protos/setup.py protos/README.md
SDK := $(shell find plugins/sdk -name pyproject.toml 2>/dev/null)
RUN := $(STAMPS)/run $(STAMPS)/protos $(STAMPS)/sdk
TEST := $(RUN) $(STAMPS)/test

.PHONY: help run demo test check bench bench-routing faults-rules train trace protos account token load dead-letters format clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  \033[1mmake %-13s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUN) ## run everything on this machine; Ctrl-C stops it
	@$(BIN)/python -m services

demo: $(RUN) ## drive the main job on sample complaints and show the result (TEXTS=file.csv for your own texts)
	@$(BIN)/python -m tests.demo $(if $(TEXTS),--texts "$(TEXTS)") $(if $(LETTERS),--letters $(LETTERS))

test: $(TEST) ## run everything that proves it (ARGS="tests/intake -k number" for a part)
	@$(BIN)/python -m pytest $(ARGS)

check: $(TEST) ## check style, types, import contracts, contracts' lint and breaking changes, tables in READMEs
	$(call say,"Style and sizes")
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(call say,"Types")
	@$(BIN)/mypy
	$(call say,"Who may import whom")
	@$(BIN)/lint-imports --no-logo --no-cache
	$(call say,"Contracts$(COMMA) beside the last release if there is one")
	@$(BIN)/buf lint protos
	@release=$$(git describe --tags --abbrev=0 2>/dev/null || true); test -z "$$release" \
	  || $(BIN)/buf breaking protos --against ".git#tag=$$release,subdir=protos"
	$(call say,"Tables in READMEs")
	@$(BIN)/cog --check -I . $(READMES)
	$(call say,"Laws of the house")
	@$(BIN)/python -m pytest -q tests/house

bench: $(TEST) ## measure intake beside raw PostgreSQL and bare gRPC, in the same run
	@$(BIN)/python -m tests.bench

bench-routing: $(TEST) ## measure how often rules and the classifier name the right ministry (TEXTS_DIR=folder)
	@$(BIN)/python -m tests.bench.routing_accuracy $(if $(TEXTS_DIR),--texts "$(TEXTS_DIR)")

faults-rules: $(TEST) ## poison a ministry's rules in every known way, under load, and show who was hurt
	@$(BIN)/python -m tests.faults.poisoned_rules

trace: $(RUN) ## draw the trace of a complaint (N=16/0412/2026/000123)
	@$(BIN)/python -m services chassis.traces $(N)

protos: $(STAMPS)/protos ## build and install the contracts' Python when a .proto has changed

account: $(RUN) ## create or reset an officer's account (ROLE=delegate SCOPE=wilaya:wilaya-alger)
	@$(BIN)/python -m services directory.commands account --role "$(ROLE)" --scope "$(SCOPE)"

token: $(RUN) ## issue a token for a client service (CLIENT=name ROLE=filing_client SCOPE=national)
	@$(BIN)/python -m services directory.commands token --client "$(CLIENT)" --role "$(ROLE)" --scope "$(SCOPE)"

train: $(RUN) ## learn from confirmed decisions (SAMPLES=1 from samples too), or varieties of language (VARIETIES=texts.csv)
	@$(BIN)/python -m services routing.commands $(if $(VARIETIES),train-varieties "$(VARIETIES)",train $(if $(SAMPLES),--samples))

load: $(RUN) ## load reference data again, and open registers for administrations of a file (FILE=clinics.csv MINISTRY=msan)
	@$(BIN)/python -m services directory.commands $(if $(FILE),import-administrations $(FILE) $(if $(MINISTRY),--ministry $(MINISTRY)),load)

dead-letters: $(RUN) ## list events that could not be delivered (REPLAY=id or REPLAY=all sends them again)
	@$(BIN)/python -m services bus.dead_letters $(if $(REPLAY),replay $(REPLAY),list)

format: $(TEST) ## rewrite sources and the READMEs' tables in their agreed form
	@$(BIN)/ruff check --fix --quiet . && $(BIN)/ruff format --quiet .
	@$(BIN)/cog -r -I . $(READMES)

clean: ## remove environments and caches; the data folder stays
	rm -rf .venv .cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# Environments: one stamp each, so that nothing is installed twice.

$(STAMPS)/venv:
	$(call say,"Python environment")
	@$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11)' 2>/dev/null \
	  || { echo "Diwan needs Python 3.11 or newer as $(PYTHON); on Debian 12: apt-get install python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
	  || { echo "Python cannot make environments here; on Debian: apt-get install python3-venv"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: requirements/run.txt | $(STAMPS)/venv
	$(call say,"Packages to run")
	@$(BIN)/python -m pip install $(PIP_OPTIONS) --require-hashes -r $< | $(NEWS)
	@touch $@

$(STAMPS)/test: requirements/test.txt | $(STAMPS)/run
	$(call say,"Packages to test")
	@$(BIN)/python -m pip install $(PIP_OPTIONS) --require-hashes -r $< | $(NEWS)
	@touch $@

$(STAMPS)/generator: requirements/protos.txt | $(STAMPS)/venv
	$(call say,"Generator of the contracts' Python")
	@$(PYTHON) -m venv $(GENERATOR)
	@$(GENERATOR)/bin/python -m pip install $(PIP_OPTIONS) --quiet --require-hashes -r $<
	@touch $@

$(STAMPS)/protos: $(PROTOS) | $(STAMPS)/generator
	$(call say,"Contracts")
	@rm -rf .venv/build && mkdir -p .venv/build && cp -r protos .venv/build/protos
	@$(GENERATOR)/bin/python -m pip wheel $(PIP_OPTIONS) --quiet --no-deps --no-index --no-build-isolation -w .venv/build ./.venv/build/protos
	@$(BIN)/python -m pip install $(PIP_OPTIONS) --quiet --no-deps --no-index --force-reinstall .venv/build/*.whl
	@touch $@

$(STAMPS)/sdk: $(SDK) | $(STAMPS)/run
	$(call say,"Kit for ministries' rules")
	@$(BIN)/python -m pip install $(PIP_OPTIONS) -qq --no-deps --no-index --no-build-isolation -e plugins/sdk 2>/dev/null
	@touch $@
