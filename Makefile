# Everything a user or a machine needs: `make demo` runs the main job, `make test` proves the tree.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
SERVERS_HOME ?= kg-servers
NPM := npm --prefix explorer --no-fund --no-audit --no-update-notifier --loglevel=error
EXPLORER := kg/server/explorer/index.html
PACKAGES := explorer/node_modules/.package-lock.json
export HF_HUB_OFFLINE := 1
export TOKENIZERS_PARALLELISM := false

.PHONY: demo test test-cluster check audit sbom explorer screenshots servers bench docs fit clean help

help:  ## List the targets.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "kg needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	touch $@

demo: $(STAMP)  ## Load the shipped catalog and transcripts, resolve them, query the graph.
	$(BIN)/kg --home kg-data doctor
	$(BIN)/kg --home kg-data demo
	@if command -v npm > /dev/null && $(MAKE) --no-print-directory explorer; then \
		echo "Look at it: $(BIN)/kg --home kg-data serve, then open http://127.0.0.1:8765"; \
	else echo "The explorer was not built: that needs Node.js 20.19 or newer with npm. Everything else works without it."; fi

test: $(STAMP) check  ## Lint, types, import contracts, all tests with real servers.
	KG_REQUIRE_SERVERS=1 $(BIN)/python -m pytest -m 'not cluster'

test-cluster: $(STAMP)  ## Tests that need several servers at once: Spark, Kafka, three nodes of Cassandra, faults.
	KG_REQUIRE_SERVERS=1 $(BIN)/python -m pytest -m cluster --durations=40

check: $(STAMP) audit  ## Lint, types, import contracts, known vulnerabilities.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@if command -v npm > /dev/null; then $(MAKE) --no-print-directory $(PACKAGES) && $(NPM) run --silent check; \
	elif [ "$$KG_REQUIRE_SERVERS" = 1 ] || [ "$$CI" = true ]; then echo "Node.js is required here, to check the explorer" >&2; exit 1; \
	else echo "The explorer is not checked: there is no npm."; fi

audit: $(STAMP)  ## Ask the advisory services about every pinned package; says which were not audited.
	$(BIN)/python -m tests.supply_chain.audit

sbom: $(STAMP)  ## Write bills of materials (CycloneDX) to build/sbom.
	$(BIN)/python -m tests.supply_chain.sbom --out build/sbom

explorer: $(EXPLORER)  ## Build the web page that kg serve shows.

$(PACKAGES): explorer/package-lock.json
	@$(NPM) ci
	@touch $@

$(EXPLORER): $(PACKAGES) explorer/index.html explorer/vite.config.ts $(shell find explorer/src -type f 2> /dev/null)
	@$(NPM) run --silent build

screenshots: $(STAMP) explorer  ## Take the pictures of docs/images anew, over the demo.
	$(BIN)/python -m tests.explorer.screenshots --out docs/images

servers: $(STAMP)  ## Start Neo4j (with its browser) and Cassandra for hand use, until Ctrl-C.
	$(BIN)/python -m tests.servers --home $(SERVERS_HOME)

bench: $(STAMP)  ## Measure quality and speed beside peers; KG_BENCH_DATA names a folder of benchmark sets.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,bench]'
	$(BIN)/python -m benchmarks --out benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.decisions --out benchmarks/DECISIONS.md
	$(BIN)/python -m benchmarks.search_job --out benchmarks/SEARCH.md
	$(BIN)/python -m benchmarks.dedupe --out benchmarks/DEDUPE.md
	test -z "$$KG_BENCH_DATA" || $(BIN)/python -m benchmarks.linking --out benchmarks/LINKING.md

docs: $(STAMP)  ## Write docs/cli.md from the commands themselves.
	$(BIN)/python -m kg.cli.document > docs/cli.md

fit: $(STAMP)  ## Fit the default linker model again from generated data.
	$(BIN)/python -m linkers.scoring.fitting --catalog kg/demo/data/catalog-music.jsonl \
		--relations kg/demo/data/relations.jsonl --out linkers/models/default.json

clean:  ## Remove what was made here: environment, demo home, servers' data, caches.
	rm -rf $(VENV) kg-data $(SERVERS_HOME) explorer/node_modules kg/server/explorer build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
