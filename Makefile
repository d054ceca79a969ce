# Each target is a line or two; what they run is a tool that can be called by itself.
PYTHON ?= python3
PIP = .venv/bin/python -m pip install --quiet --disable-pip-version-check --root-user-action=ignore
export PYRIGHT_PYTHON_IGNORE_WARNINGS = 1

.PHONY: install demo picture test test-editors pictures bench generate vsix vsix-offline
install: .venv/installed

.venv/bin/python:
	@$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml | .venv/bin/python
	@$(PIP) -e '.[dev]'
	@touch $@

demo: install
	@.venv/bin/backend-expert demo

picture: install
	@.venv/bin/backend-expert demo --picture server/docs/demo.svg

test: install
	@.venv/bin/ruff check --quiet . && .venv/bin/ruff format --check --quiet . && .venv/bin/pyright
	@.venv/bin/python -m pytest

test-editors: .venv/installed-editors
	@.venv/bin/python -m pytest tests/editors

# The pictures of the READMEs, as the tests in the editors take them.
pictures: .venv/installed-editors
	@BACKEND_EXPERT_PICTURES=clients/pictures .venv/bin/python -m pytest tests/editors -k "seen or picture"
	@mv clients/pictures/neovim-* clients/neovim/media/ && mv clients/pictures/vscode-* clients/vscode/media/pictures/
	@rm -r clients/pictures

.venv/installed-editors: .venv/installed
	@$(PIP) -e '.[dev,editors]'
	@touch $@

bench: install
	@PYTHONPATH=server/tools .venv/bin/python -m bench

generate: install
	@.venv/bin/python server/tools/generate.py write

WHEELS = .venv/bin/python -m pip wheel --quiet --disable-pip-version-check --wheel-dir clients/vscode/wheels

# With the server itself; what that needs comes from the package index.
vsix: .venv/bin/python clients/vscode/node_modules/.package-lock.json
	@rm -rf clients/vscode/wheels
	@$(WHEELS) --no-deps .
	@cd clients/vscode && npm run --silent package

# With all that the server needs, for machines without network like this one.
vsix-offline: .venv/bin/python clients/vscode/node_modules/.package-lock.json
	@rm -rf clients/vscode/wheels
	@$(WHEELS) .
	@cd clients/vscode && npm run --silent package

clients/vscode/node_modules/.package-lock.json: clients/vscode/package-lock.json
	@cd clients/vscode && npm ci --silent --ignore-scripts && touch node_modules/.package-lock.json
