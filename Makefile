# make report: reports in reports/ · make test: every test, of many like cases a part · make test-all: each case and the golden net · make check: format, lint, types and the tests of rules, law and engine, under a minute
# · make lab: the workbench, on copies in workbench/. Each creates .venv from hashed pins on first use; nothing is installed by hand. Windows: see README, python -m onexmodel does the same.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: report test test-all lint check net net-keep fuzz mutants licences audit kills sample lab lock clean

report: $(VENV)/.core
	$(BIN)/python -m onexmodel report all --out reports

SUITE := $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --nbval-lax --nbval-current-env

test: lint $(VENV)/.test
	$(SUITE) -m "not thorough" tests notebooks

# every case of every test, and the whole golden net: before a version is tagged
test-all: lint $(VENV)/.test net
	$(SUITE) tests notebooks

# for the minutes while one works
check: lint
	$(BIN)/python -m pytest -q -n 2 -m "not slow" tests/rules tests/law tests/engine tests/reference tests/test_architecture.py tests/report/test_words.py

# what the formatter, the linter and the type checker say; the golden net: what the product says and computes (tests/golden)
lint: $(VENV)/.test
	$(BIN)/python -m ruff format --check onexmodel tests benchmarks
	$(BIN)/python -m ruff check onexmodel tests benchmarks
	$(BIN)/python -m mypy

net: $(VENV)/.test
	$(BIN)/python tests/golden/golden_net.py

net-keep: $(VENV)/.test
	$(BIN)/python tests/golden/golden_net.py --keep

# docs/reliability.md: 100,000 odd inputs for every reader; mutants of rules and engine that the tests must notice
fuzz: $(VENV)/.test
	$(BIN)/python tests/fuzz --cases 100000 --seed 0

mutants: $(VENV)/.test
	$(BIN)/python tests/mutation

# kill -9, SIGTERM and Ctrl-C at random moments of reports, sweeps, checks, runs: nothing half-written, nothing left running (Linux)
kills: $(VENV)/.test
	$(BIN)/python tests/stress/kills.py --kills 100

# what the product stands on: licences of the pins; what is known against their versions (asks the package index, a notice where it cannot)
licences: $(VENV)/.test
	$(BIN)/python tests/supply licences

audit: $(VENV)/.test
	$(BIN)/python tests/supply audit

# reports/sample, committed, for whoever looks before installing: after a change of numbers or words
sample: $(VENV)/.core
	$(BIN)/python -m onexmodel report fee_cap --date none --out reports/sample/zh
	$(BIN)/python -m onexmodel report fee_cap --date none --lang en --out reports/sample/en

lab: $(VENV)/.lab
	$(BIN)/python -m onexmodel lab

$(VENV)/.core: requirements/core.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements/core.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.test: requirements/test.lock $(VENV)/.core
	$(PIP) --require-hashes -r requirements/test.lock
	touch $@

$(VENV)/.lab: requirements/lab.lock $(VENV)/.core
	$(PIP) --require-hashes -r requirements/lab.lock
	touch $@

# Pins anew, host-free, for every platform and Python: needs uv.
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet pyproject.toml requirements/build.in
lock:
	$(LOCK) -o requirements/core.lock
	$(LOCK) --extra test -o requirements/test.lock
	$(LOCK) --extra lab -o requirements/lab.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .hypothesis reports/*.html reports/*.json
