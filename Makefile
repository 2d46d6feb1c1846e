# Everything a reader or a contributor does. `make serve` and `make test` do all of their own set-up, in .venv.
PYTHON ?= python3
PORT ?= 8000
BOOK ?= zh
PAGE ?=
RENDERER ?= mkdocs
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python
export NO_MKDOCS_2_WARNING := 1
export PYTHONUTF8 := 1
export PYTHONDONTWRITEBYTECODE :=

ifeq ($(filter mkdocs zensical,$(RENDERER)),)
$(error RENDERER must be mkdocs or zensical, got $(RENDERER))
endif

.DEFAULT_GOAL := help
.PHONY: help install chromium serve live site book test lint format sync topic golden snippets screenshots release clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

install: $(VENV)/.installed ## the set-up alone: .venv with the package and all it needs

# The stamp is newer than what it was made from, so a changed dependency installs again and nothing else does.
# The pip that Python brings may be years old, and takes twice as long to choose among releases.
# Modules are compiled when they are first imported, and kept so: to compile all of them now takes as long as the rest.
$(VENV)/.installed: pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) not found: install Python 3.11 or later, or say which: make install PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: Python 3.11 or later is needed, and $(PYTHON) is older: make install PYTHON=python3.12"; exit 1; }
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "make: $(PYTHON) cannot make a virtual environment: install its venv module (Debian: apt-get install python3-venv)"; exit 1; }
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt --upgrade pip
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt -e '.[docs,test]'
	@touch $@

# The second renderer, which nothing else needs.
$(VENV)/.zensical: $(VENV)/.installed
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt -e '.[zensical]'
	@touch $@

chromium: install ## find a Chromium for the browser tests, or install one
	@$(RUN) tools/chromium.py --install

serve: install ## build both languages strictly and open the book at http://127.0.0.1:8000 (PORT=…)
	@$(RUN) tools/book.py serve --port $(PORT)

live: install ## one language, rebuilt as you write (BOOK=zh or en, PORT=…)
	@$(RUN) tools/book.py live $(BOOK) --port $(PORT)

site: $(if $(filter zensical,$(RENDERER)),$(VENV)/.zensical,install) ## build both languages strictly into site/ (RENDERER=zensical: into site-zensical/)
	@$(RUN) $(if $(filter zensical,$(RENDERER)),tools/by_zensical.py,tools/book.py build)

book: site ## all that can be carried away: PDF, offline zip, notebooks; linked from the covers (LANGS=zh, ONLY=pdf)
	@$(RUN) tools/prints.py $(LANGS) $(if $(ONLY),--only $(ONLY))

test: install ## every test: package, documents, browser
	@$(RUN) tools/test.py

lint: install ## code style, types, terms, spacing, headings
	@$(RUN) tools/lint.py

format: install ## lay out Python and JavaScript as lint wants them
	@$(BIN)/ruff format benchmarks docs hooks src tests tools setup.py
	@$(RUN) tools/javascript.py

sync: install ## stamp pages whose two languages have both been looked at (PAGE=part/topic), or after a slip in one (TYPO=part/topic)
	@$(RUN) $(if $(TYPO),tools/typo.py $(TYPO),tools/sync.py $(PAGE))

topic: install ## make the files of a new topic in every room (PART=… NAME=…; ZH=… EN=…, its titles)
	@$(RUN) tools/topic.py "$(PART)" "$(NAME)" "$(ZH)" "$(EN)"

golden: install ## write the golden vectors again, from torch
	@$(RUN) tools/golden.py
	@$(RUN) tools/golden_network.py
	@$(RUN) tools/golden_upsampling.py

snippets: install ## run every snippet of the pages and write its output below it
	@$(RUN) tools/snippets.py

screenshots: site chromium ## picture every page, light and dark, wide and narrow, into .cache/screenshots
	@$(RUN) tools/screenshots.py .cache/screenshots

# Builder, checker and inventory have a venv of their own: they are no part of the book.
.cache/release/tools/.installed: tools/release.txt $(VENV)/.installed
	$(RUN) -m venv --clear $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check -c constraints.txt -r tools/release.txt
	@touch $@

release: .cache/release/tools/.installed ## a release up to the upload: built and checked, with inventory and checksums, in dist/
	@$(RUN) tools/release.py

clean: ## remove what was built, and keep .venv
	rm -rf site site-zensical dist .cache .pytest_cache .hypothesis .ruff_cache
