PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run serve test test-all check bench load honesty purity endure fuzz lies lock advisories clean

run: $(VENV)/.app  ## the app on http://localhost:8501
	$(BIN)/streamlit run app.py

serve: $(VENV)/.app  ## the app for a team: health, short links, logins, security headers, workers (docs/deploy.md)
	$(BIN)/python -m serving

test: $(VENV)/.dev  ## everything the tests need, then every test that takes no long time
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not long"

test-all: $(VENV)/.dev  ## every test: browsers, servers, databases, every kind of lie
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: $(VENV)/.dev  ## lint and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(VENV)/.app: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --require-hashes -r requirements.txt
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.app
	$(BIN)/python -m pip install -q --require-hashes -r requirements-dev.txt
	touch $@

bench: $(VENV)/.dev build/peers/.done  ## speed as ratios in one run, and the distance from CME's published odds
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.start
	$(BIN)/python -m bench.panel_read
	$(BIN)/python -m bench.kernels_lead_lag
	$(BIN)/python -m bench.kernels_divergence
	$(BIN)/python -m bench.fedwatch
	$(BIN)/python -m bench.scan
	build/peers/bin/python bench/rate_path_speed.py --every 20

load: $(VENV)/.dev  ## many readers at once on loopback, a refresh in the middle; memory over 3,000 reruns
	$(BIN)/python -m bench.load

build/peers/.done:  # pyfedwatch does not load with pandas 3: it gets an environment of its own, for the bench only
	$(PYTHON) -m venv build/peers
	build/peers/bin/python -m pip install -q pyfedwatch "pandas<3"
	touch $@

honesty: $(VENV)/.dev  ## size and power of every verdict-bearing test; goes on where it was stopped
	$(BIN)/python -m bench.honesty

purity: $(VENV)/.dev  ## the 34 claims on 50 random days: a ledger cut at the day says what the whole one says as of it
	$(BIN)/python -m bench.claims_purity

endure: $(VENV)/.dev  ## kills, full disks, damaged files, hung databases, lies, drips, wrong clocks: what survives, counted (30 minutes)
	$(BIN)/python -m bench.endure

lies: $(VENV)/.dev  ## every lie of every series, told to held and to empty ledgers (the tests tell a part of them)
	LIES=all $(BIN)/python -m pytest tests/sources/admission/test_lies.py

fuzz: $(VENV)/.dev  ## 10,000 hostile addresses, and hostile websockets and connections, against the running app, on loopback
	$(BIN)/python -m bench.fuzz

LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --no-annotate --no-header --generate-hashes \
	--no-emit-index-url --no-emit-find-links

lock:  ## compile the pins and their hashes again after a change of requirements*.in
	$(BIN)/python -m pip install -q uv
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt

advisories: build/advisories/.done  ## known advisories against the pins; says so where there is no data (bench/advisories.py)
	$(PYTHON) -m bench.advisories build/advisories/bin/pip-audit

build/advisories/.done:  # an environment of its own: what checks the pins is not among them
	$(PYTHON) -m venv build/advisories
	build/advisories/bin/python -m pip install -q pip-audit
	touch $@

clean:
	rm -rf $(VENV) build
