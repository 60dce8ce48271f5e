# The one front door: people and continuous integration call the same targets.

PYTHON ?= python3
BIN := .venv/bin

# durable_rules is built from its sources. Python 3.13 and later lack a function that it names, and gcc 14, clang 16 and
# newer compilers refuse to build it there without this flag. The other name has been there since 3.9, so that the flag is
# harmless elsewhere.
export CPPFLAGS += -DPyEval_CallObject=PyObject_CallObject

# Tests start many processes, and each would compile the package anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo docs test bench coverage test-outside test-deep test-pythons test-lowest mutants lint schemas overlay points-table golden pages screenshots dist audit release clean

demo: .venv/demo
	@$(BIN)/cleancloud-rules rank examples/clean_cloud_2024 --order published
	@echo
	@$(BIN)/cleancloud-rules reproduce examples/clean_cloud_2024
	@echo
	@echo "The fitted table: $(BIN)/cleancloud-rules rank examples/clean_cloud_2024 --with-hypothetical"

test: lint
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# The same, and which lines and branches it runs; it takes twice the time.
coverage: .venv/dev
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder --cov --cov-report=term

# What needs programs from outside: today a browser, LibreOffice, OpenSSH and Java. A test fails where its program is missing;
# `.ci/run` installs them.
test-outside: .venv/outside
	$(BIN)/python -m pytest -m outside

# The site of the documentation, in build/docs: a warning is an error, and so is a reference that leads nowhere. It is built
# from nothing, so that no page of an earlier build is left. Then the tests that read what was built.
docs: .venv/docs
	rm -rf build/docs
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --nitpicky --fresh-env -c docs/site -d build/doctrees . build/docs
	$(BIN)/python -m pytest -m site tests/site tests/docs/test_blocks.py

# The full sizes: 200,000 generated cases of the engine against the naive evaluator, ten times as many cases of each
# property, every single slip in the shipped files, 50,000 companies, 3,000 methodologies, all mutants. All parts run one
# after another, or only those that PART names, such as `make test-deep PART=differential-1`; each takes less than
# 40 minutes on two cores. tests/support/deep.py lists them.
PART ?=
test-deep: .venv/dev
	$(BIN)/python -m tests.support.deep $(PART)

# The quick tests on each of these versions that is present.
PYTHONS ?= 3.11 3.12 3.13
test-pythons:
	.ci/pythons $(PYTHONS)

# A representative part of the tests with the lowest versions that pyproject.toml admits, on the lowest Python.
test-lowest:
	.ci/lowest

# Single faults, each of which some quick test must notice; `make test` tries a few of them.
mutants: .venv/dev
	$(BIN)/python -m tests.mutants.running

# Scoring beside other engines and beside plain Python, in one run: a table, and build/bench.json. Then the import of a
# large workbook beside reading it, records beside scoring, and tables of a million companies beside the least that a
# database must do for them, beside Polars by hand and, for totals alone, beside OpenFisca.
bench: .venv/bench
	$(BIN)/python -m tests.benchmarks.bench
	$(BIN)/python -m tests.benchmarks.workbooks
	$(BIN)/python -m tests.benchmarks.records
	$(BIN)/python -m tests.benchmarks.tables_scored

lint: .venv/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

schemas: .venv/dev
	$(BIN)/python -m cleancloud_rules.schemas.catalogue criteria/schema

# Facts chosen by a solver, and what happens when one rule's points change by one; both take a while and are kept.
overlay: .venv/dev
	$(BIN)/cleancloud-rules fit examples/clean_cloud_2024 -o examples/clean_cloud_2024/hypothetical/overlay.yaml

points-table: .venv/dev
	$(BIN)/python -m tests.support.points_changes docs/clean-cloud-2024/points-changes.md

golden: .venv/dev
	$(BIN)/python -m tests.system.test_golden
	$(BIN)/python -m tests.support.figures
	$(BIN)/python -m tests.support.digests
	$(BIN)/python -m tests.support.codes
	$(BIN)/python -m tests.cli.test_reference
	$(BIN)/python -m tests.docs.test_python_api
	$(BIN)/python -m tests.records.test_stored

# Documents for readers, made from the criteria.
pages: .venv/dev
	$(BIN)/cleancloud-rules docs clean_cloud_2024 -o docs/clean-cloud-2024/clean-cloud-2024.md
	$(BIN)/python -m tests.support.contradictions
	$(BIN)/python -m tests.support.layers docs/explanation/layers.svg

# Pictures of result pages for the documentation; they need a browser, as `make test-outside` does.
screenshots: .venv/dev
	$(BIN)/python -m tests.support.screenshots docs/how-to/pictures

# The wheel and the sources, built each in an empty environment, with their metadata and contents checked. Then the tests
# that install a wheel.
dist: .venv/release
	rm -rf dist
	$(BIN)/python -m build --outdir dist
	$(BIN)/python -m twine check --strict dist/*
	$(BIN)/check-wheel-contents dist/*.whl
	$(BIN)/python -m pytest -q tests/test_packaging.py

# Known weaknesses of the pinned packages. It asks a database on the network, and fails if that does not know a package.
audit: .venv/release
	$(BIN)/pip-audit --strict --disable-pip --no-deps --requirement constraints.txt

# All of a release but the upload; CONTRIBUTING.md has the steps.
release: .venv/release
	$(BIN)/python -m tests.support.release
	$(MAKE) dist audit

clean:
	rm -rf .venv .venv-3.* .venv-lowest build dist htmlcov .coverage* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	rm -f cleancloud_rules/engine/*.so.1
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: each set-up happens once, and again when what it installs has changed.
.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/demo: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[pages]'
	@touch $@

.venv/dev: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@ .venv/demo

.venv/docs: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,docs]'
	@touch $@ .venv/dev .venv/demo

# What the programs of docs/examples need; axe-core, the checker of accessibility, without the driver of browsers that its
# package names too; and Spark, which runs on Java.
.venv/outside: .venv/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,examples]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --no-deps axe-playwright-python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt pyspark
	@touch $@

.venv/release: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,release]'
	@touch $@ .venv/demo

.venv/bench: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,bench]'
	@touch $@ .venv/demo
