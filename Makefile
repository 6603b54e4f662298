# Siar. Two commands matter: `make run` and `make test`. `make help` lists all.
SHELL := /bin/sh
PY := .venv/bin/python
BOOT = $$(sh setup/find-python)
# Modules are compiled once, beside the sources: a start costs less than half of what it does without.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX ?= $(CURDIR)/.tools/pycache

.PHONY: help run logins prepare dev check test test-fast test-deep test-costs faults format lock bench
export ROOM ONLY CLOCK

help:  ## list the commands
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/ —/'

run: prepare  ## start Siar here: web, origin and worker (PORT=8000 HOST=127.0.0.1)
	@exec $(PY) -m setup.start

prepare:
	@python=$(BOOT) || exit 1; exec "$$python" setup/prepare.py run

logins:  ## print the demo logins of this install again
	@$(PY) -m setup.logins

dev:  ## install what checks and tests need
	@python=$(BOOT) || exit 1; exec "$$python" setup/prepare.py dev

check: dev  ## format, lint, types, contracts, templates, front end, migrations
	@sh setup/check

# A moment at which the machine's clock seems to stand: CLOCK=leap-day, or 2027-12-01T17:10:00Z.
# What is missing is installed before: a registry's certificate ends some day.
MOVED = $(if $(CLOCK),$(PY) -m setup.services && $(PY) -m setup.clock $(CLOCK))

test: dev  ## every test; starts what it needs (ROOM=channels, ONLY=path::test, CLOCK=leap-day)
	@$(MOVED) $(PY) -m setup.suite all

test-fast: dev  ## pure rooms and units: no encode, no browser (ROOM=channels)
	@$(PY) -m setup.suite fast

test-deep: dev  ## many more examples for property tests, whole matrices, long soaks
	@$(PY) -m setup.suite deep

test-costs: dev  ## print what tests, fixtures and files of a lane cost (LANE=browser)
	@$(PY) -m tests.measured print $(LANE)

faults: dev  ## plant the faults of tests/faults.toml in a copy, and list what tests catch (WHAT="cms/site")
	@$(PY) -m tests.plant $(WHAT)

format: dev  ## put the code in its format
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet .

lock: dev  ## pin the newest packages that pyproject.toml allows
	@sh setup/lock

bench: dev  ## list the benchmarks and their targets (WHAT="encode scaling" runs these)
	@$(if $(WHAT),missed=0; for each in $(WHAT); do echo "== $$each"; $(PY) -m benchmarks.$$each || missed=1; done; exit $$missed,$(PY) -m benchmarks)
