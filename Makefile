# make app | test | test-kernels | claims | check | bench | shots | help: each does its own set-up, and is quick the second time.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8866
WORKERS ?= 2
export PYTHONDONTWRITEBYTECODE := # hundreds of processes import the package: compiling it each time costs each a second

.DEFAULT_GOAL := help
.PHONY: help app test test-kernels claims check bench shots clean

help: ## Say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /  make \1\t/' | expand -t 22

# Asked before anything is installed, and so of any Python.
define ASK_FOR_THE_PORT
import errno, socket, sys
try:
    with socket.socket() as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        asked.bind(("127.0.0.1", int(sys.argv[1])))
except (OSError, OverflowError, ValueError) as error:
    why = "is taken" if getattr(error, "errno", 0) == errno.EADDRINUSE else "cannot be had (%s)" % error
    sys.exit("Port %s %s. Next: make app PORT=0 (finds a free one), or a port of your choice" % (sys.argv[1], why))
endef
export ASK_FOR_THE_PORT

.PHONY: port
port:
	@$(PYTHON) -c "$$ASK_FOR_THE_PORT" "$(PORT)"

app: port $(VENV)/.installed-app ## Serve the labs at http://127.0.0.1:8866 (PORT=... for another port)
	$(BIN)/trainingwheels serve --port $(PORT)

# Each worker has a server and a browser of its own; one that has nothing left to do takes tests from another.
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --durations=10

test: $(VENV)/.installed-dev $(VENV)/.browser ## Run all tests but the claims, in a real browser too (WORKERS=2)
	$(PYTEST) --ignore=nbtests/claims

test-kernels: $(VENV)/.installed-dev ## Run the numeric tests as if on other processors
	$(BIN)/python -m nbtests.kernels $(WORKERS)

claims: $(VENV)/.installed-dev ## Run the experiments of many seeds: what the lecture says, measured
	$(PYTEST) nbtests/claims

check: $(VENV)/.installed-dev ## Lint, format, types, and notebooks without outputs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/nbstripout --verify notebooks/*.ipynb

bench: $(VENV)/.installed-dev $(VENV)/.browser ## Measure speed and memory: ratios side by side, one table at the end, rows in .bench/
	@$(BIN)/python -m nbtests.bench

shots: $(VENV)/.installed-dev $(VENV)/.browser ## Take pictures of every page, wide and narrow, into .shots/
	$(BIN)/python -m nbtests.browser.shots

clean: ## Remove the virtual environment and everything generated
	rm -rf $(VENV) .bench .shots .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist

# A step of the set-up, and what to run next where it fails.
GOAL = make $(or $(MAKECMDGOALS),help)
or_say = || { echo "$(1)" >&2; exit 1; }

$(VENV)/.created:
	@echo "Making a virtual environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' $(call or_say,\
		Python 3.11 or newer is needed and $(PYTHON) is not. Next: $(GOAL) PYTHON=python3.11, or where yours is)
	@$(PYTHON) -m venv $(VENV) $(call or_say,\
		No virtual environment could be made. Next: apt-get install python3-venv, or what your system calls it; then $(GOAL))
	@touch $@

# constraints.txt holds the versions that were tested together.
$(VENV)/.installed-%: $(VENV)/.created pyproject.toml constraints.txt
	@echo "Installing trainingwheels[$*] (the first time takes a minute or two)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[$*]' \
		$(call or_say,The packages could not be installed: pip says why. Next: $(GOAL) once that is mended)
	@touch $@

$(VENV)/.browser: $(VENV)/.installed-dev
	@$(BIN)/python -m nbtests.browser.chromium $(call or_say,\
		There is no Chromium for the tests. Next: apt-get install chromium, or what your system calls it; then $(GOAL))
	@touch $@
