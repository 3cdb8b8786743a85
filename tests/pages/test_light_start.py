"""What the first page of a process may import: the measures of other pages, and what only a refresh needs, come later."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.pages.reader import ROOT
from tests.pages.served import environment

LATER = (
    "statsmodels", "arch", "yfinance", "fredapi", "curl_cffi", "scipy.stats", "scipy.optimize", "scipy.signal", "dask",
    "distributed", "typer", "prometheus_client", "matplotlib", "numba", "sklearn",
)  # fmt: skip
"""Each costs the first reader of a process between 0.1 and 2.5 s, and the Overview needs none of them."""
FIRST_PAGE = f"""
import json, sys
from streamlit.testing.v1 import AppTest
page = AppTest.from_file({str(ROOT / "app.py")!r}, default_timeout=240).run()
assert not page.exception and page.get("plotly_chart"), "the first page drew nothing"
print(json.dumps([name for name in {LATER!r} if name in sys.modules]))
"""


def test_the_first_page_imports_nothing_that_it_does_not_need(simulated):
    settings = environment(simulated, SILVERLEAD_DATA="demo")
    command = [sys.executable, "-W", "ignore", "-c", FIRST_PAGE]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-800:]
    assert json.loads(done.stdout.splitlines()[-1]) == []
