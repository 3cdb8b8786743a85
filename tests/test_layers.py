"""The direction of imports: a number travels provider -> ledger -> panel -> finding -> chart -> page, and nothing knows
who comes after it."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BASE = {"errors", "catalogue", "instants", "view", "published"}
ALLOWED: dict[str, set[str]] = {
    "__init__": set(),
    "errors": set(),
    "__main__": {"*"},
    "brief_command": {"*"},
    "catalogue": {"errors"},
    "check_command": {"*"},
    "command_line": {"*"},
    "scan_command": {"*"},
    "series_commands": {"*"},
    "webhook": {"errors"},
    "alert_marks": {"alerts", "errors"},
    "published": {"errors", "published"},
    "settings": {"clock", "errors"},
    "stats": {"errors", "stats"},
    "alerts": {"alert_provenance", "errors", "view"},
    "clock": {"catalogue", "clock", "published"},
    "view": {"catalogue", "clock", "errors"},
    "desk": {"errors", "ledger", "settings", "sources"},
    "ledger": {"catalogue", "clock", "errors", "ledger"},
    "panel": {"catalogue", "clock", "errors", "ledger"},
    "question": {"catalogue", "clock", "errors", "panel", "view"},
    "rates_commands": {"errors", "ledger", "published", "sources", "topics"},
    "shown": {"catalogue", "evaluate", "panel", "published", "render", "topics"},
    "render": {"catalogue", "panel", "published", "render", "stats", "topics", "view"},
    "report": {"catalogue", "errors", "evaluate", "render", "report", "topics", "view"},
    "sources": {"catalogue", "clock", "errors", "ledger", "panel", "published", "sources"},
    "alert_provenance": {"catalogue", "clock", "evaluate", "panel", "published", "render", "topics", "view"},
    "evaluate": {"clock", "errors", "evaluate", "ledger", "panel", "question", "render", "topics", "view"},
    "topics": {
        "catalogue",
        "clock",
        "errors",
        "evaluate",
        "ledger",
        "panel",
        "published",
        "question",
        "render",
        "shown",
        "stats",
        "topics",
        "view",
    },
}
"""Part of ``analytics`` -> parts that it may import."""
OUTSIDE: dict[str, set[str]] = {
    "streamlit": {"pages.shell", "serving"},
    "sqlalchemy": {"analytics.ledger"},
    "yfinance": {"analytics.sources.yahoo"},
    "fredapi": {"analytics.sources.fred"},
    "curl_cffi": {"analytics.sources.yahoo"},
    "plotly": {"analytics.render", "analytics.report.brief"},
    "statsmodels": {"analytics.stats"},
    "arch": {"analytics.topics.pair.measures"},
    "distributed": {"analytics.topics.scan.cluster"},
    "dask": {"analytics.topics.scan.cluster"},
    "typer": {
        "analytics.__main__",
        "analytics.brief_command",
        "analytics.check_command",
        "analytics.command_line",
        "analytics.rates_commands",
        "analytics.scan_command",
        "analytics.series_commands",
    },
}
"""Library -> the only places that may import it."""
HEAVY = (
    "distributed",
    "statsmodels",
    "arch",
    "yfinance",
    "curl_cffi",
    "fredapi",
    "exchange_calendars",
    "plotly",
    "streamlit",
)
BEHIND = ("pandas", "numpy", "sqlalchemy", *(name for name in HEAVY if name not in ("streamlit", "plotly")))
"""What is imported behind the start of asgi.py's server; Streamlit itself imports Plotly."""
FORBIDDEN_NAMES = {"utils", "helpers", "managers", "services", "utilities", "misc", "common"}
LONGEST_PAGE = 60


def sources() -> list[Path]:
    return [*(ROOT / "analytics").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]


def module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@cache
def imported(path: Path) -> frozenset[str]:
    """Every module that a file imports, wherever in it; read once for all rules."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def part(name: str) -> str:
    """``analytics.ledger.store`` -> ``ledger``."""
    return name.split(".")[1] if name.count(".") else "__init__"


@pytest.mark.parametrize("path", sorted((ROOT / "analytics").rglob("*.py")), ids=module)
def test_analytics_imports_one_way(path: Path) -> None:
    here = part(module(path))
    allowed = ALLOWED[here]
    if "*" in allowed:
        return
    for name in imported(path):
        if name.startswith("analytics."):
            there = part(name)
            assert there in allowed or there == "__version__", f"{module(path)} imports {name}"
        assert not name.startswith(("pages", "tests", "bench", "serving")), f"{module(path)} imports {name}"


@pytest.mark.parametrize("library", OUTSIDE)
def test_a_library_is_imported_only_in_its_room(library: str) -> None:
    for path in sources():
        if any(name == library or name.startswith(f"{library}.") for name in imported(path)):
            assert module(path).startswith(tuple(OUTSIDE[library])), f"{module(path)} imports {library}"


@pytest.mark.parametrize("path", [*sorted((ROOT / "pages").glob("*.py")), ROOT / "app.py"], ids=module)
def test_pages_are_thin(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < LONGEST_PAGE
    assert not any(name.startswith("streamlit") for name in imported(path))


def test_the_table_names_every_part() -> None:
    there = {part(module(path)) for path in (ROOT / "analytics").rglob("*.py")}
    assert there == set(ALLOWED)


def test_no_room_for_odds_and_ends() -> None:
    assert not [path for path in sources() if path.stem in FORBIDDEN_NAMES]


def test_no_broad_except() -> None:
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else ""
                assert caught not in ("", "Exception", "BaseException"), f"{module(path)}:{node.lineno}"


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-800:]
    return done.stdout.strip()


def test_analytics_imports_whole_without_streamlit() -> None:
    names = sorted(module(path) for path in (ROOT / "analytics").rglob("*.py") if path.stem != "__main__")
    code = f"import sys; sys.modules['streamlit'] = None\nimport importlib\nfor n in {names!r}: importlib.import_module(n)\nprint('whole')"
    assert run(code) == "whole"


def test_the_server_answers_before_what_its_pages_need_is_imported() -> None:
    code = f"import sys, asgi\nprint([n for n in {BEHIND!r} if n in sys.modules])"
    assert run(code) == "[]"


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = (
        f"import sys, analytics.evaluate, analytics.desk\nprint([n for n in {HEAVY!r} if n in sys.modules])"
    )
    assert run(code) == "[]"
