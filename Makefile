# What people type. `make` alone lists it.

PORT ?= 8000
# The first Python on the path that is new enough; scripts/setup.py says so if there is none.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; exit; }; done; echo python3)
MANAGE = .venv/bin/python manage.py
LOCK = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo demo-empty demo-reset test explore shuffle lint format messages requirements-doc screenshots bench validate lock upgrade clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install everything the study needs into .venv and node_modules
	@$(PYTHON) scripts/setup.py

setup-dev:
	@$(PYTHON) scripts/setup.py --dev

demo: setup ## Run the whole study with a synthetic year on http://127.0.0.1:8000 (PORT=8000)
	@exec $(MANAGE) demo --port $(PORT)

demo-empty: setup ## Run an empty study, to walk the administrator's first steps
	@exec $(MANAGE) demo --empty --port $(PORT)

demo-reset: setup ## Throw the demonstration's data away and start over
	@exec $(MANAGE) demo --reset --port $(PORT)

test: setup-dev ## Run every check and every test, as CI does
	@scripts/check

explore: setup-dev ## Let the property tests look further than CI does, each time elsewhere
	@HYPOTHESIS_PROFILE=explore .venv/bin/pytest -q -n auto -m hypothesis --timeout 3600

shuffle: setup-dev ## Run every test in another order than CI does; the order is told (SEED=5 for one again)
	@.venv/bin/pytest -n 2 --randomly-seed=$(or $(SEED),$(shell date +%s))

lint: setup-dev ## Run the checks without the tests
	@scripts/check --without-tests

format: setup-dev ## Put code and templates into the common form
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format --quiet .
	@.venv/bin/djhtml --tabwidth 4 templates 2>/dev/null || true

messages: setup-dev ## Collect the texts to translate into the .po files
	@.venv/bin/python scripts/messages.py update

requirements-doc: setup-dev ## Write docs/requirements.md from the tests
	@.venv/bin/python scripts/requirements_doc.py

screenshots: setup-dev ## Take the pictures of docs/screenshots again, from a running demo (PORT)
	@.venv/bin/python scripts/screenshots.py --url http://127.0.0.1:$(PORT)

bench: setup ## Measure the pages and commands on large data; prints JSON (ONLY="plan replan" for some)
	@.venv/bin/python scripts/bench.py $(if $(ONLY),--only $(ONLY))

validate: setup ## Recover known effects from 500 simulated trials of each kind; writes docs/validation.md (minutes)
	@.venv/bin/python scripts/validate.py

lock: setup ## Write the lock files after a change in requirements/*.in
	@$(LOCK) requirements/bootstrap.in -o requirements-bootstrap.txt
	@$(LOCK) requirements/base.in -o requirements.txt
	@$(LOCK) -c requirements.txt requirements/embedded.in -o requirements-embedded.txt
	@$(LOCK) requirements/dev.in -o requirements-dev.txt
	@$(LOCK) requirements/node.in -o requirements-node.txt

upgrade: LOCK += --upgrade
upgrade: lock ## Take the newest versions of all Python packages into the lock files

clean: ## Remove what set-up and tools made; var/ (data, keys) stays
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .setup.lock
