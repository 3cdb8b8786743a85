"""The direction of imports: a number travels source -> ledger -> panel -> measure -> recipe -> block -> page, and nothing
knows who comes after it."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ALLOWED: dict[str, set[str]] = {
    "__init__": set(),
    "errors": set(),
    "catalogue": {"errors"},
    "published": {"errors"},
    "clock": {"catalogue", "published"},
    "view": {"catalogue", "clock", "errors"},
    "settings": {"clock", "errors"},
    "stats": {"errors"},
    "ledger": {"catalogue", "clock", "errors"},
    "panel": {"catalogue", "clock", "errors", "ledger"},
    "sources": {"catalogue", "clock", "errors", "ledger", "panel", "published"},
    "desk": {"errors", "ledger", "settings", "sources"},
    "recipe": {"catalogue", "clock", "errors", "panel", "view"},
    "render": {"catalogue", "panel", "published", "stats", "view"},
    "topics": set(),
    "topics.measures": {"errors", "published", "stats"},
    "topics.words": {"catalogue", "render", "topics.measures"},
    "topics.recipes": {
        "catalogue",
        "clock",
        "errors",
        "panel",
        "published",
        "recipe",
        "stats",
        "topics.measures",
        "view",
    },
    "topics.charts": {
        "catalogue",
        "errors",
        "panel",
        "published",
        "render",
        "stats",
        "topics.measures",
        "topics.words",
    },
    "topics.run": {"catalogue", "clock", "errors", "ledger", "panel", "topics.measures"},
    "topics.cluster": {"errors", "topics.run"},
    "render.exhibits": {"render", "stats", "topics.charts"},
    "evaluate": {
        "catalogue",
        "clock",
        "errors",
        "ledger",
        "panel",
        "published",
        "recipe",
        "render",
        "topics.measures",
        "topics.recipes",
        "view",
    },
    "topics.blocks": {
        "catalogue",
        "clock",
        "errors",
        "evaluate",
        "panel",
        "published",
        "recipe",
        "render",
        "render.exhibits",
        "topics.charts",
        "topics.measures",
        "topics.recipes",
        "topics.words",
        "view",
    },
    "report": {
        "__init__",
        "catalogue",
        "errors",
        "evaluate",
        "render",
        "render.exhibits",
        "topics.blocks",
        "topics.charts",
        "topics.recipes",
        "view",
    },
    "cli": {
        "catalogue",
        "clock",
        "desk",
        "errors",
        "evaluate",
        "ledger",
        "panel",
        "published",
        "render",
        "report",
        "settings",
        "sources",
        "topics.cluster",
        "topics.measures",
        "topics.recipes",
        "topics.run",
        "topics.words",
        "view",
    },
    "__main__": {"catalogue", "cli", "desk", "evaluate", "panel", "render", "settings", "sources", "view"},
    "serving": {
        "catalogue",
        "clock",
        "desk",
        "errors",
        "ledger",
        "panel",
        "render",
        "settings",
        "sources",
        "view",
    },
    "pages.shell": {
        "catalogue",
        "clock",
        "desk",
        "errors",
        "evaluate",
        "ledger",
        "panel",
        "render",
        "render.exhibits",
        "report",
        "serving",
        "settings",
        "sources",
        "topics.blocks",
        "topics.charts",
        "topics.measures",
        "topics.recipes",
        "topics.run",
        "view",
    },
    "pages": {
        "catalogue",
        "clock",
        "errors",
        "pages.shell",
        "panel",
        "published",
        "render",
        "settings",
        "sources",
        "stats",
        "topics.blocks",
        "topics.charts",
        "topics.measures",
        "topics.recipes",
        "topics.words",
        "view",
    },
    "asgi": {"desk", "pages.shell", "serving", "settings"},
    "bench": {"*"},
}
"""Room -> rooms that it may import, lowest first; every room may import itself. A topic's roles are rooms: what all measures
may import, all recipes, and so on."""
CROSSINGS: set[tuple[str, str]] = {
    ("pair.measures.record", "lead_lag"),
    ("regime.recipes", "rate_path"),
    ("scan.measures.universe", "lead_lag"),
    ("triggers.recipes", "rate_path"),
}
"""What still reads another topic, and which; only ``claims`` is there to read the others. Nothing is added to it."""
OUTSIDE: dict[str, set[str]] = {
    "streamlit": {"app", "pages", "serving"},
    "sqlalchemy": {"analytics.ledger"},
    "yfinance": {"analytics.sources.yahoo"},
    "fredapi": {"analytics.sources.fred"},
    "curl_cffi": {"analytics.sources.yahoo"},
    "plotly": {"analytics.render", "analytics.report.brief"},
    "statsmodels": {"analytics.stats"},
    "arch": {"analytics.topics.pair.measures"},
    "distributed": {"analytics.topics.scan.cluster"},
    "dask": {"analytics.topics.scan.cluster"},
    "typer": {"analytics.__main__", "analytics.cli"},
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
LONGEST_PAGE = 250


def sources() -> list[Path]:
    """What the product's pages are made of."""
    return [*(ROOT / "analytics").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]


def whole() -> list[Path]:
    """Every file but the tests."""
    around = [*(ROOT / "serving").rglob("*.py"), ROOT / "asgi.py", *(ROOT / "bench").rglob("*.py")]
    return sorted([*sources(), *around])


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


def room(name: str) -> str:
    """``analytics.ledger.store`` -> ``ledger``, ``analytics.topics.pair.measures.league`` -> ``topics.measures``."""
    first, *rest = name.split(".")
    if first != "analytics":
        shell = rest[:1] == ["shell"] and first == "pages"
        return "pages.shell" if shell else "pages" if first == "app" else first
    if rest[:1] == ["topics"]:
        return f"topics.{rest[2]}" if len(rest) > 2 else "topics"
    if rest[:2] == ["render", "exhibits"]:
        return "render.exhibits"
    return rest[0] if rest and rest[0] != "__version__" else "__init__"


OURS = ("analytics", "app", "asgi", "bench", "pages", "serving", "tests")


@pytest.mark.parametrize("path", whole(), ids=module)
def test_every_room_imports_one_way(path: Path) -> None:
    here = room(module(path))
    for name in imported(path):
        if name.split(".")[0] in OURS and "*" not in ALLOWED[here]:
            assert room(name) in ALLOWED[here] | {here}, f"{module(path)} imports {name}"


def crossings() -> set[tuple[str, str]]:
    """Files of a topic and the other topics that they read."""
    found = set()
    for path in (ROOT / "analytics" / "topics").rglob("*.py"):
        here = module(path).removeprefix("analytics.topics.")
        for name in imported(path):
            if name.startswith("analytics.topics.") and name.split(".")[2] != here.split(".")[0]:
                found.add((here, name.split(".")[2]))
    return {pair for pair in found if pair[0].split(".")[0] != "claims"}


def test_topics_do_not_read_each_other() -> None:
    assert crossings() == CROSSINGS


@pytest.mark.parametrize("library", OUTSIDE)
def test_a_library_is_imported_only_in_its_room(library: str) -> None:
    for path in sources():
        if any(name == library or name.startswith(f"{library}.") for name in imported(path)):
            assert module(path).startswith(tuple(OUTSIDE[library])), f"{module(path)} imports {library}"


@pytest.mark.parametrize("path", [*sorted((ROOT / "pages").glob("*.py")), ROOT / "app.py"], ids=module)
def test_a_page_is_read_in_one_go(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < LONGEST_PAGE


def test_the_table_names_every_room() -> None:
    assert {room(module(path)) for path in whole()} == set(ALLOWED)


def test_the_table_knows_no_circle() -> None:
    TopologicalSorter({here: there - {"*"} for here, there in ALLOWED.items()}).prepare()


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
