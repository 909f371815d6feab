# The manual: every thing one does with this project is a target here.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PORT ?= 8000
FUZZ_SECONDS ?= 60
UNTRACED := journeys evals/bench service/cli/test_bulk.py # processes of their own, which coverage does not see

.PHONY: help setup run test lint check coverage screenshots bench growth eval faults load soak fuzz audit manifests licences lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/ready ## .venv with everything; quick when nothing changed

.venv/ready: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q service retrieval evals
	@touch $@

run: setup ## the service with the reference account on http://127.0.0.1:$(PORT)
	$(BIN)/aiguilleur serve --samples --port $(PORT)

test: setup ## every test, real PostgreSQL and Chroma server included
	$(BIN)/python -m pytest -n auto

check: lint coverage ## lint with its tests, then every other test, with their coverage of service, retrieval and evals printed
	$(BIN)/python -m pytest -n auto $(UNTRACED:%=tests/%)

lint: setup ## lint, format, types, import floors, house limits
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/house

coverage: setup ## the tests' coverage, by file: two thirds more processor time than without
	$(BIN)/python -m pytest -n auto --cov --cov-report=term:skip-covered --ignore=tests/house $(UNTRACED:%=--ignore=tests/%)

screenshots: setup ## docs/screenshots anew: the main pages, with the sample messages
	$(BIN)/python -m tests.journeys.screenshots docs/screenshots

bench: setup ## latency by step, throughput, start-up and memory, beside their floors
	$(BIN)/python -m evals.bench

growth: setup ## what an operation costs with a thousand to a million messages stored; draws docs/growth.svg; 14 GB of disk
	$(BIN)/python -m evals.bench.growth --plot docs/growth.svg

eval: setup ## routing quality: reference account and public data, beside the plain baseline
	$(BIN)/python -m evals.suites

faults: setup ## each fault for real under a stream of messages, then a count of what was lost or doubled
	$(BIN)/python -m tests.faults

load: setup ## accepted and triaged a second beside the limits of the parts; a burst of 10,000 in a minute
	$(BIN)/python -m tests.load

soak: setup ## an hour of mixed load, and whether memory, files, threads, connections or the database's log grow
	$(BIN)/python -m tests.soak

fuzz: setup ## mail, HTML, text, keywords and playbooks, FUZZ_SECONDS each (atheris); then a hundred requests of each kind to the API
	$(BIN)/uv pip install --quiet --target .fuzz atheris==3.0.0
	PYTHONPATH=.fuzz $(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS)
	AIGUILLEUR_TESTS_FUZZ=100 $(BIN)/python -m pytest -q tests/service/api/test_contract.py --timeout=7200

audit: setup ## known vulnerabilities of what is shipped, asked of pypi.org; fails where it cannot ask
	$(BIN)/python -m tests.house.audit

manifests: setup ## the Kubernetes manifests against the schemas of two of its versions, the dashboard against Grafana's types
	$(BIN)/uv tool run kubernetes-validate@1.37.0 --strict --kubernetes-version 1.29 docker/kubernetes/[!k]*.yaml
	$(BIN)/uv tool run kubernetes-validate@1.37.0 --strict --kubernetes-version 1.37 docker/kubernetes/[!k]*.yaml
	$(BIN)/uv run --quiet --no-project --python $(BIN)/python --with 'grafana-foundation-sdk==1769699998!10.1.0' python tests/docker/board.py

licences: setup ## docs/licences.md anew: what is installed with the product, by licence
	{ printf '# Licences\n\nWhat is installed with the product (`make licences` writes this). Nothing is under the GPL or AGPL; a test looks.\n\n'; \
	$(BIN)/pip-licenses --from=mixed --with-system --format=markdown --order=license \
	    --packages $$(sed -nE 's/^([a-z0-9][a-z0-9._-]*).*==.*/\1/p' requirements.lock); } > docs/licences.md

lock: ## both lock files anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --generate-hashes \
	    --custom-compile-command 'make lock' -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --generate-hashes \
	    --custom-compile-command 'make lock' --extra dev -o requirements-dev.lock pyproject.toml

clean: ## everything that setup and the tools made; the data folder stays
	rm -rf .venv .fuzz .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
