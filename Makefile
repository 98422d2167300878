#   make demo    see it work        make test    run the tests      make check   everything CI asks for
#   make bench   measure            make lock    lock again         make clean   forget what was built
#
# An environment is made when first needed and filled again when its lock or pyproject.toml changes.
# All of it comes from the lock, by hash, and the lock is whole: pip looks for nothing else (an older one
# refuses the extra of a locked package as soon as a newer package is out).

SHELL := /bin/bash
PYTHON ?= python3
JOBS ?= 2

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: demo test check lint types contracts coverage httpx2 newest bench lock clean

demo: .venv-demo/installed
	@.venv-demo/bin/orderwatch demo

test: .venv/installed
	.venv/bin/pytest -n $(JOBS) $(COUNTING)

# The tests of `make test`, their coverage counted, and the rest.
check: COUNTING = --hypothesis-profile=thorough --cov --cov-report=
check: lint types contracts test coverage httpx2 newest

lint: .venv/installed
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: .venv/installed
	.venv/bin/mypy

contracts: .venv/installed
	.venv/bin/lint-imports --no-cache

# The rules are worth every line.
coverage: test
	.venv/bin/coverage report --include='monitor/core/*' --fail-under=100

# Once more with httpx's successor in its place, in every process that the tests start. It is imported
# before pytest, which warns that it cannot look into what came with it.
httpx2: .venv/installed
	export PYTHONPATH=tests/httpx2_for_httpx; \
	.venv/bin/python -c 'import httpx; assert httpx.__name__ == "httpx2"' && \
	.venv/bin/pytest -n $(JOBS) -W 'ignore:Module already imported'

# And on the newest Python supported, where there is one that can make environments.
newest:
	@for python in python3.13 "$$(pyenv prefix 3.13 2>/dev/null)/bin/python3.13"; do \
	    "$$python" -c 'import ensurepip' 2>/dev/null || continue; \
	    exec $(MAKE) --no-print-directory test-3.13 PYTHON="$$python"; \
	done; \
	echo 'No Python 3.13 here: its run of the tests is left out.'

test-3.%: .venv-3.%/installed
	.venv-3.$*/bin/pytest -n $(JOBS)

bench: .venv/installed .venv-bench/installed
	.venv/bin/python -m benchmarks

# What the benchmarks compare with. They do without where it cannot be had, and say what pip said.
.venv-bench/installed: .venv-bench/bin/python requirements-bench.lock
	.venv-bench/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	    -r requirements-bench.lock 2>.venv-bench/refusal && touch $@ || cat .venv-bench/refusal

.venv-demo/installed: requirements.lock
.venv/installed .venv-3.12/installed .venv-3.13/installed: requirements-dev.lock

%/installed: %/bin/python pyproject.toml
	$*/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(filter %.lock,$^)
	$*/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

%/bin/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("orderwatch needs Python 3.11 or newer: make PYTHON=…")'
	$(PYTHON) -m venv --clear $*

# `make lock` keeps the versions that still fit; `make lock UPGRADE=--upgrade` takes the newest.
LOCK = .venv-lock/bin/uv pip compile --quiet --no-config $(UPGRADE) \
    --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
    --custom-compile-command 'make lock'
COMPILE = $(LOCK) pyproject.toml

lock: .venv-lock/bin/python
	.venv-lock/bin/pip install --quiet --disable-pip-version-check uv
	$(COMPILE) --group build --output-file requirements.lock
	$(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(LOCK) --group bench --output-file requirements-bench.lock

clean:
	rm -rf .venv .venv-* .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	find . -name __pycache__ -prune -exec rm -rf {} +
