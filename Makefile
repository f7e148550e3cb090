# Keepwell's workshop. `make` alone lists what there is; everything Keepwell writes while running lies under DATA.

PORT ?= 8000
DATA ?= ./data
VENV := .venv
PY := $(VENV)/bin/python
KEEPWELL := $(VENV)/bin/keepwell
ARGS ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The newest Python Keepwell supports that runs here; a name on the path may be an empty promise, so each is asked.
PYTHONS := python3.13 python3.12 python3.11 python3 python
ASK := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
define environment
@python='$(PYTHON)'; \
if [ -z "$$python" ]; then for name in $(PYTHONS); do \
	if "$$name" -c '$(ASK); import ensurepip' 2>/dev/null; then python=$$name; break; fi; done; fi; \
if [ -z "$$python" ]; then for name in $(PYTHONS); do \
	if "$$name" -c '$(ASK)' 2>/dev/null; then python=$$name; break; fi; done; fi; \
if [ -z "$$python" ]; then echo "Keepwell needs Python 3.11, 3.12 or 3.13. On Debian: apt-get install python3 python3-venv" >&2; exit 1; fi; \
"$$python" tools/environment.py $(1) $(if $(PYTHON),--exact)
endef

.PHONY: help demo serve test quick check bench long pictures clean lock messages environment environment-dev

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | column -t -s '|' 2>/dev/null \
		|| grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST)

environment:
	$(call environment,run)

environment-dev:
	$(call environment,dev)

demo: environment ## a demonstration agency on this machine: prints the address and how to enter
	@exec $(KEEPWELL) demo --port $(PORT) --data $(DATA) $(ARGS)

serve: environment ## Keepwell itself with an empty store and a first-run page
	@KEEPWELL_DATA=$(DATA) PORT=$(PORT) exec $(KEEPWELL) serve $(ARGS)

test: environment-dev ## everything: rules, rooms on SQLite and PostgreSQL, house, journeys in a browser
	@exec $(PY) tools/suite.py test $(ARGS)

quick: environment-dev ## the inner loop: all but PostgreSQL, journeys and the slow ones
	@exec $(PY) tools/suite.py quick $(ARGS)

long: environment-dev ## full products and more examples: hours, not minutes
	@exec $(PY) tools/suite.py long $(ARGS)

check: environment-dev ## style, strict types, templates, security, import contracts
	@exec $(PY) tools/check.py

bench: environment-dev ## pages per second beside a bare page, memory, bytes, start time
	@exec $(PY) tools/bench.py $(ARGS)

pictures: environment-dev ## each page at two widths, light and dark, in both languages, into pictures/
	@exec $(PY) tools/pictures.py $(ARGS)

messages: environment-dev ## brings every room's .po up to date with the code, and compiles
	@$(PY) tools/messages.py update && $(PY) tools/messages.py compile

lock: environment-dev ## writes the three hash locks anew (ARGS=--upgrade for newer versions)
	@exec $(PY) tools/lock.py $(ARGS)

clean: ## removes what make has made, never your data
	@rm -rf $(VENV) pictures bench dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis src/*.egg-info
	@rm -rf src/keepwell/ui/static/ui/fonts
	@find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
	@find src -name '*.mo' -delete
	@if [ -e "$(DATA)" ]; then echo "Kept: $(DATA) (people's records; remove it yourself if you mean to)"; fi
