# Two commands do everything: `make run` and `make test`. The rest are their parts.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
DEMO := THIDUA_MODE=demo
# Compiled once, or every command pays seconds to compile Django again.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := run
.PHONY: setup run demo demo-fresh test test-postgres check fix cover bench pin clean screenshots threats

setup: $(STAMP)

$(STAMP): requirements/uv.txt requirements/dev.txt pyproject.toml $(wildcard locale/vi/LC_MESSAGES/*.po)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cần Python từ 3.11 trở lên; hãy chạy: make PYTHON=/đường/dẫn/python3.11"; exit 1; }
	@echo "Đang cài đặt vào $(VENV)/ (lần đầu mất khoảng một phút)…"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt || true
	@if [ -x $(BIN)/uv ] && $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/dev.txt; then :; \
	 else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt; fi
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@$(BIN)/python -m thidua compile-messages
	@$(BIN)/python -m compileall -q config thidua tests
	@touch $(STAMP)

run: setup
	@$(DEMO) $(BIN)/thidua demo serve

demo: run

demo-fresh: setup
	@$(DEMO) $(BIN)/thidua demo reset --yes
	@$(DEMO) $(BIN)/thidua demo serve

test: setup
	@$(BIN)/python -m pytest -n auto

# DATABASE_URL names a PostgreSQL server on which a test database may be created.
test-postgres: setup
	@test -n "$$DATABASE_URL" || { echo "Đặt DATABASE_URL=postgres://… trước khi chạy."; exit 1; }
	@$(BIN)/python -m pytest -n auto

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	THIDUA_MODE=test $(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet thidua
	$(BIN)/python docs/threats.py --check
	$(BIN)/python docs/regulations.py --check
	THIDUA_MODE=test $(BIN)/python -m thidua manage makemigrations --check --dry-run
	THIDUA_MODE=production THIDUA_SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
	  THIDUA_HOSTS=thidua.example THIDUA_DATA=$$(mktemp -d) $(BIN)/python -W error -m thidua manage check --deploy --fail-level WARNING

fix: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djlint --reformat --quiet thidua

cover: setup
	@$(BIN)/python -m pytest -n auto --cov --cov-report=term

bench: setup
	@for script in benchmarks/bench_*.py; do $(BIN)/python $$script || exit 1; done

# Pin every requirement again, with hashes and without naming a package index.
pin: setup
	@for name in uv base postgres dev; do \
	  (cd requirements && ../$(BIN)/uv pip compile $$name.in --quiet --universal --python-version 3.11 \
	    --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	    --upgrade --output-file $$name.txt) || exit 1; \
	done

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The pictures of the README and the guide, taken again from the product itself.
screenshots: setup
	@$(BIN)/python docs/screenshots.py

# Which tests stand behind each row of the threat model (docs/bao-mat.md), and behind each rule
# of the law (docs/regulations.md).
threats: setup
	@$(BIN)/python docs/threats.py
	@$(BIN)/python docs/regulations.py
