# demo test lint bench docs: each makes .venv itself, and again when pyproject.toml changes.
PYTHON3 ?= python3
BIN := .venv/bin
BENCH ?= --quick

.PHONY: demo test lint bench docs
.DELETE_ON_ERROR:

.venv/installed: pyproject.toml
	test -x $(BIN)/python || $(PYTHON3) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

.venv/installed-docs: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	touch $@

# `detect` leaves with 1 when it finds campaigns, which is what the demo is for.
demo: .venv/installed
	rm -rf demo/log demo/report
	$(BIN)/stillwatch simulate demo --out demo/log
	$(BIN)/stillwatch detect demo/log --out demo/report || test $$? -eq 1
	@echo "The report: $(CURDIR)/demo/report/report.html"

test: .venv/installed
	$(BIN)/python -m pytest

lint: .venv/installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/stillwatch codescan src --fail-on 0.5 --cache build/codescan

bench: .venv/installed
	$(BIN)/stillwatch bench detection $(BENCH)
	$(BIN)/stillwatch bench false-alarms $(BENCH)
	$(BIN)/stillwatch bench peers $(BENCH)
	$(BIN)/stillwatch bench speed $(BENCH)
	$(BIN)/stillwatch bench decide $(BENCH)
	$(BIN)/stillwatch bench gateways $(BENCH)

docs: .venv/installed-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "The documentation: $(CURDIR)/build/docs/index.html"
