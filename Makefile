# On Linux `make run` starts everything and `make test` checks everything; the plain commands for other systems stand in README.md.

PORT ?= 8501
PYTHON := .venv/bin/python
EMBEDDED := var/kongchuo.db

# A stamp carries the checksum of the list in its name: only another list is installed again.
stamp = .venv/.$(1)-$(shell cksum < $(1) | tr ' ' '-')
RUN_ENV := $(call stamp,requirements.txt)
DEV_ENV := $(call stamp,requirements-dev.txt)
PIP_INSTALL := $(PYTHON) -m pip --no-input --disable-pip-version-check install --require-hashes -r

# $(call need,WHAT,PACKAGES): root on Debian or Ubuntu installs the packages, anybody else is told the one command.
define need
if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	echo "Installing $(1) ..."; \
	{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(2); } </dev/null; \
else \
	echo "$(1) is missing. An administrator must run: apt-get update && apt-get install -y $(2)" >&2; exit 1; \
fi
endef

.PHONY: run test torture lint bench lock clean browser
.NOTPARALLEL:

ifeq ($(DATABASE_URL),)
run: $(EMBEDDED)
endif
run: $(RUN_ENV)
	@[ -n "$$DATABASE_URL" ] || $(PYTHON) -m data_access migrate
	@exec $(PYTHON) -m streamlit run app.py --server.port $(PORT)

test: browser $(DEV_ENV) lint
	$(PYTHON) -m pytest -m "not browser and not slow" -n auto --dist worksteal
	$(PYTHON) -m pytest -m browser

# What needs minutes: the prefecture drawn up, and whatever else is marked slow.
torture: $(DEV_ENV)
	$(PYTHON) -m pytest -m slow

lint: $(DEV_ENV)
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy

bench: $(DEV_ENV)
	$(PYTHON) -m benchmarks

# Needs uv. The pins stay as they are unless pyproject.toml asks for another; delete a line to let it move.
lock: LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock"
lock:
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt

# Data (var/) are never cleaned away.
clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Built aside and moved into place when complete, so that an interrupted start leaves no half county behind.
$(EMBEDDED): | $(RUN_ENV)
	@echo "Building the demo county (synthetic data, once) ..."
	@rm -rf var/seeding && mkdir -p var/seeding
	@DATABASE_URL=sqlite:///var/seeding/kongchuo.db KONGCHUO_KEY_FILE="$${KONGCHUO_KEY_FILE:-var/kongchuo.key}" $(PYTHON) -m data_access demo
	@find var/seeding -type f ! -name kongchuo.db -exec mv {} var/ \;
	@mv var/seeding/kongchuo.db $@ && rm -r var/seeding

$(RUN_ENV): | .venv/bin/pip
	@echo "Installing what the app needs (first time: a few minutes) ..."
	$(PIP_INSTALL) requirements.txt
	@rm -f .venv/.requirements.txt-* && touch $@

# The list for developers contains the list for the app, pin for pin.
$(DEV_ENV): | .venv/bin/pip
	@echo "Installing what the app and its tests need (first time: a few minutes) ..."
	$(PIP_INSTALL) requirements-dev.txt
	@rm -f .venv/.requirements*-* && touch $@ $(RUN_ENV)

.venv/bin/pip:
	@set -e; python=; \
	for name in python3 python3.14 python3.13 python3.12 python3.11; do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo "Python 3.11 or newer is needed; found: $$(python3 --version 2>/dev/null || echo none)" >&2; exit 1; fi; \
	if ! "$$python" -c 'import ensurepip' 2>/dev/null; then $(call need,Python's venv,$$python-venv); fi; \
	echo "Making .venv with $$("$$python" --version) ..."; \
	"$$python" -m venv .venv

browser:
	@if [ -n "$$KONGCHUO_CHROMIUM" ]; then \
		command -v "$$KONGCHUO_CHROMIUM" >/dev/null || { echo "KONGCHUO_CHROMIUM names no program: $$KONGCHUO_CHROMIUM" >&2; exit 1; }; \
	elif ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null && ! command -v google-chrome >/dev/null; then \
		$(call need,Chromium (for the browser tests),chromium fonts-noto-cjk); \
	fi
