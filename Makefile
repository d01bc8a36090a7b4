# Everything that is done to this repository has a target here; CI and pre-commit call the same ones.
# Needs: a Rust toolchain with rustfmt and clippy, CPython 3.11 or later with venv. All else goes into $(VENV).

PYTHON ?= python3
VENV ?= .venv
OLDEST ?= .venv-oldest
BENCH ?= $(or $(CASHCADE_BENCH),../shared/bench)
SIZES ?= small medium large flagship
SIZE ?= full

BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PIP := $(BIN)/pip --quiet --disable-pip-version-check
PLUGINS := $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml))
RUST := $(shell find rust -name '*.rs' -o -name Cargo.toml) Cargo.toml Cargo.lock
# What reads and writes tables, files and models of others: pandas, xarray, NumPy, pydantic, SciPy, gymnasium, SALib, rich. Memory, kills
# at random moments, and what the core does by itself are tried with the newest alone.
OLDEST_TESTS := $(addprefix tests/results/test_,dataset.py save.py storage.py tables.py statistics.py exits.py docs.py dates.py) \
    $(addprefix tests/world/test_,figures_and_schema.py spreadsheets.py ways_in.py table.py plain.py plugins.py) \
    tests/clearing/test_inputs.py tests/rules/test_shocks.py tests/rules/test_rules.py tests/simulation/test_gym.py \
    tests/simulation/test_bmi.py $(addprefix tests/questions/test_,breakeven.py circular.py compare.py sensitivity.py) \
    tests/cli/test_figures.py
# What a wheel without its data would break first.
WHEEL_TESTS := $(wildcard $(foreach name,provenance structure totals shared sourced network,plugins/*/tests/test_*_$(name).py))
# A file stays with one process, so that what its tests share is made once.
SPREAD := --numprocesses auto --dist loadfile
SHELLS := .ci/run $(wildcard benchmarks/*.sh tools/*.sh)
export PYO3_PYTHON := $(abspath $(BIN)/python)
export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.PHONY: help build wheel check-wheel test test-rust test-python test-long test-oldest test-clusters check-plugins lint fmt presets facts answers explained backtest transmission freeze docs bench bench-rules clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: $(VENV)/built ## the package, editable, with its plugins, in .venv

# On Linux zig links against the C library of 2014, and auditwheel says whether nothing newer is asked for.
wheel: $(VENV)/wheel ## wheels of the package and its plugins and the source distribution, in dist/
	rm -rf dist
	PATH="$(abspath $(BIN)):$$PATH" maturin build --release --locked --out dist $(if $(filter Linux,$(shell uname)),--zig --compatibility manylinux2014)
	$(BIN)/maturin sdist --out dist
	$(PIP) wheel --no-deps --wheel-dir dist $(PLUGINS:%=./%)
	@if [ -e $(BIN)/auditwheel ]; then $(BIN)/auditwheel show dist/cashcade-[0-9]*.whl; fi

check-wheel: wheel ## the main job from these wheels, in a Debian root without compiler, Rust or this checkout (as root, with debootstrap)
	tools/clean_root.sh dist

test: test-rust test-python ## all tests

test-rust: ## tests of the Rust crates
	cargo test --locked --quiet

test-python: $(VENV)/built $(VENV)/test ## tests of the package, its plugins and this house
	$(BIN)/pytest $(SPREAD)

test-long: $(VENV)/built $(VENV)/test ## the same tests of Python, with five times as many random worlds
	CASHCADE_TESTS=long $(BIN)/pytest $(SPREAD)

# Old libraries warn of each other: there, warnings are no errors.
test-oldest: $(OLDEST)/built ## the tests that other libraries can break, with the oldest that are supported
	$(OLDEST)/bin/pytest --numprocesses 2 --dist loadfile -W default $(OLDEST_TESTS) -k 'not (kill or fills or tester)'

# xarray loads Dask wherever it finds it, which takes a second of every command: it is there for its test only.
test-clusters: $(VENV)/built $(VENV)/test ## executors of Dask, Ray and MPI, on real ones (MPI needs an mpiexec, such as of openmpi-bin)
	$(PIP) install --group clusters
	$(BIN)/pytest tests/results/test_clusters.py --exitfirst; ended=$$?; $(PIP) uninstall --yes dask distributed; exit $$ended

check-plugins: $(VENV)/built $(VENV)/test $(VENV)/plugins ## the laws of plugins, on the plugins of this repository, and tests of these on their wheels
	PYTHONPATH=$(abspath $(VENV)/plugins/site) $(BIN)/pytest $(WHEEL_TESTS)
	$(BIN)/cashcade check cashcade-ai --examples 2
	$(BIN)/cashcade check cashcade-telecom --examples 2

lint: $(VENV)/built $(VENV)/test $(VENV)/lint ## formatting, lints, types, and the stub of the core against the binary
	cargo fmt --all --check
	cargo clippy --locked --quiet --workspace --all-targets -- --deny warnings
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --quiet --check
	$(BIN)/mypy
	rm -rf $(VENV)/shown && mkdir $(VENV)/shown && $(BIN)/python tools/typed.py $(VENV)/shown
	MYPYPATH=$(VENV)/shown/cashcade-shops/src $(BIN)/mypy $(VENV)/shown/*.py $(VENV)/shown/cashcade-shops/src $(VENV)/shown/cashcade-shops/tests
	$(BIN)/basedpyright --project $(VENV)/shown --pythonpath $(BIN)/python --warnings
	$(BIN)/python -m mypy.stubtest cashcade._core
	! git grep --line-number --extended-regexp '^(<<<<<<<|>>>>>>>) '
	@if command -v shellcheck > /dev/null; then shellcheck $(SHELLS); else echo 'shellcheck is not here: skipped'; fi

fmt: $(VENV)/lint $(VENV)/test $(VENV)/built ## format everything, and write docs/presets.md anew around the results it holds
	cargo fmt --all
	$(BIN)/python tools/fields.py python/cashcade/world/fields.py
	$(BIN)/ruff check --quiet --fix
	$(BIN)/ruff format --quiet
	$(BIN)/python -m cashcade_ai.preset_table --keep docs/presets.md

presets: $(VENV)/built $(VENV)/test ## run every preset, and write the table of docs/presets.md (a minute)
	$(BIN)/python -m cashcade_ai.preset_table docs/presets.md

facts: $(VENV)/built $(VENV)/test ## run the worlds of the telecom bust, and write docs/telecom.md (minutes)
	$(BIN)/python -m cashcade_telecom.facts docs/telecom.md

backtest: $(VENV)/built $(VENV)/test ## forecasts from before the date against what came: write docs/backtest.md
	$(BIN)/python -m cashcade_ai.backtest docs/backtest.md

transmission: $(VENV)/built $(VENV)/test ## do shocks travel: run the experiments, and write docs/transmission.md (minutes)
	$(BIN)/python -m cashcade_ai.transmission docs/transmission.md

freeze: $(VENV)/built ## write the hash of the world ai-2025-08 and its register of forecasts anew
	$(BIN)/python -m cashcade_ai.freeze

answers: $(VENV)/built $(VENV)/test ## run the commands on pages, and write what they print below them (minutes)
	$(BIN)/python -m cashcade_ai.answers $(shell grep --recursive --files-with-matches --include='*.md' '^```console' docs)

explained: $(VENV)/built ## explain every failure of five presets, leave causes out, and write the count into docs/explain.md
	$(BIN)/python -m cashcade_ai.explained docs/explain.md

docs: $(VENV)/docs ## the site, in site/, with the pages that tools/site.py makes; a broken link is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

bench: $(VENV)/built $(VENV)/bench ## rivals and us, side by side; SIZES='small medium large flagship', BENCH=rivals' folder
	$(BIN)/python benchmarks/paths.py $(SIZES) --rivals $(BENCH)

bench-rules: $(VENV)/built $(VENV)/test ## what rules, hosts that step, larger runs and large worlds cost; SIZE=smoke only tries
	$(BIN)/python benchmarks/rules.py $(SIZE)
	$(BIN)/python benchmarks/stepping.py $(SIZE)
	$(BIN)/python benchmarks/exponents.py $(SIZE)
	$(BIN)/python benchmarks/large.py $(SIZE)

clean: ## remove what the other targets made
	rm -rf $(VENV) $(OLDEST) target dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find python spec tests plugins benchmarks tools -name __pycache__ -prune -exec rm -r {} + -o -name '*.so' -exec rm {} +

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# Dependency groups need pip 25.1.
$(VENV)/pip: | $(BIN)/python
	$(PIP) install --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/built: $(RUST) pyproject.toml $(PLUGINS:%=%/pyproject.toml) | $(VENV)/pip
	$(PIP) install --editable . $(PLUGINS:%=--editable %)
	@touch $@

# The wheel is built from what is compiled already; pip of the oldest libraries takes their versions from the bounds.
$(OLDEST)/built: tools/oldest.py $(VENV)/built
	$(PYTHON) -m venv --clear $(OLDEST)
	$(PIP) wheel --no-deps --wheel-dir $(OLDEST)/wheels . $(PLUGINS:%=./%)
	$(BIN)/python tools/oldest.py > $(OLDEST)/pins.txt
	$(OLDEST)/bin/pip --quiet --disable-pip-version-check install --requirement $(OLDEST)/pins.txt $(OLDEST)/wheels/*.whl
	@touch $@

# First on the path of Python, they stand before the packages of the tree.
$(VENV)/plugins: $(VENV)/built $(shell git ls-files --cached --others --exclude-standard $(PLUGINS:%=%/src))
	rm -rf $@
	$(PIP) wheel --no-deps --wheel-dir $@/wheels $(PLUGINS:%=./%)
	$(PIP) install --no-deps --target $@/site $@/wheels/*.whl
	@touch $@

$(VENV)/wheel: pyproject.toml | $(VENV)/pip
	$(PIP) install --group wheel
	@touch $@

$(VENV)/test $(VENV)/lint $(VENV)/docs $(VENV)/bench: $(VENV)/%: pyproject.toml | $(VENV)/built
	$(PIP) install --group $*
	@touch $@
