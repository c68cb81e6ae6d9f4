# Every target works from a fresh clone with Python 3.11 or newer, git, make and a package manager.
PYTHON ?= python3
PORT ?= 8000
SIMULATOR_PORT ?= 8001
LAN ?=
ARGS ?=

.PHONY: help run test test-long bench check catalogues lock

help:
	@echo "make run         start the portal with the demo (PORT=$(PORT) SIMULATOR_PORT=$(SIMULATOR_PORT) LAN=1)"
	@echo "make test        checks, then the whole suite on SQLite and PostgreSQL (ARGS=\"tests/x -k y\": only these)"
	@echo "make test-long   10,000 random histories of the sender (ARGS=\"500 --hypothesis-seed=7\": so many, another seed)"
	@echo "make bench       how fast it is, beside measures of the same run (ARGS=\"phone --quick\": parts, short)"
	@echo "make check       style, types, import rules, migrations, templates, catalogues"
	@echo "make catalogues  collect new strings into the catalogues of all languages"
	@echo "make lock        resolve the dependencies of pyproject.toml anew"

# exec: what ends make (Ctrl-C, SIGTERM) must reach the script itself, not a shell between them.
run:
	@exec env PORT="$(PORT)" SIMULATOR_PORT="$(SIMULATOR_PORT)" LAN="$(LAN)" $(PYTHON) .dev/run.py

test:
	@exec $(PYTHON) .dev/test.py $(ARGS)

test-long:
	@exec $(PYTHON) .dev/histories.py $(ARGS)

bench:
	@exec $(PYTHON) .dev/bench.py $(ARGS)

check:
	@$(PYTHON) .dev/check.py

catalogues:
	@$(PYTHON) .dev/catalogues.py --update

lock:
	@$(PYTHON) .dev/lock.py
