"""The documents are true of the tree: what they cite, name and copy is there.

python -m tests.test_documents  # copies honesty.md's figures and the table of imports into the documents again
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from analytics.published import thresholds
from tests import test_layers

ROOT = Path(__file__).resolve().parent.parent
HONESTY, METHODS_PAGE, ARCHITECTURE = (
    ROOT / "docs" / f"{name}.md" for name in ("honesty", "methods", "architecture")
)
FOLDERS = ("analytics", "bench", "docs", "pages", "serving", "tests")
SUFFIXES = {".py", ".toml", ".md"}
HISTORY = {"CHANGELOG.md"}
"""Tells of paths that are gone."""
KINDS = ("honest", "display", "naive")
PLACEHOLDER = re.compile(r"NAME|TOPIC|KEY|SOURCE|[*<…{]")
GENERATED = re.compile(r"(<!-- (sizes|imports)(?:: (.*?))? -->\n).*?(<!-- end -->)", re.DOTALL)


class Row(NamedTuple):
    """A line of honesty.md; ``planted`` where the effect is there."""

    planted: bool
    test: str
    kind: str
    case: str
    rate: str


def texts() -> Iterator[Path]:
    """Everything that a citation may stand in."""
    paths = [*ROOT.glob("*"), *(path for name in FOLDERS for path in (ROOT / name).rglob("*"))]
    yield from (path for path in sorted(paths) if path.suffix in SUFFIXES and path.is_file())


def documents() -> list[Path]:
    return [path for path in texts() if path.suffix == ".md" and path.name not in HISTORY]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def anchors(text: str) -> list[str]:
    """Addresses of a document's headings, as a forge writes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings]


def test_no_two_sections_share_an_address() -> None:
    addresses = anchors(read(METHODS_PAGE))
    assert len(addresses) == len(set(addresses))


def test_every_section_that_is_cited_exists() -> None:
    addresses = set(anchors(read(METHODS_PAGE)))
    cited = {
        (named(path), at) for path in texts() for at in re.findall(r"\bmethods\.md#([\w-]+)", read(path))
    }
    cited |= {("docs/methods.md", at) for at in re.findall(r"\]\(#([\w-]+)\)", read(METHODS_PAGE))}
    assert len(cited) > 40
    assert sorted(where for where in cited if where[1] not in addresses) == []


def test_no_document_outside_the_tree_is_cited() -> None:
    for path in texts():
        assert not re.search(r"\b[M]ETHODS\b", read(path)), named(path)
        for name in re.findall(r"\b([A-Z]{4,}\.md)\b", read(path)):
            assert name == "README.md" or (ROOT / name).is_file(), f"{named(path)} cites {name}"


def judging() -> list[Path]:
    """Modules of topics that come to a verdict on numbers of their own."""
    modules = (ROOT / "analytics" / "topics").rglob("*.py")
    return [path for path in modules if calls(path) & {"infer", "decide"}]


def calls(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(read(path)))
    return {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


def test_every_test_behind_a_verdict_has_a_section() -> None:
    assert len(judging()) >= 13
    assert [path for path in judging() if f"`{named(path)}`" not in read(METHODS_PAGE)] == []


def test_every_claim_that_is_decided_stands_in_a_section() -> None:
    decided = {claim.id for claim in thresholds.load() if claim.kind != "not_measurable"}
    assert decided - claims_named(read(METHODS_PAGE)) == set()


def claims_named(text: str) -> set[int]:
    """The numbers in "Claim 9", "Claims 10 and 11" and "Claims 16 to 19, 21 and 22"."""
    numbers: set[int] = set()
    for words in re.findall(r"[Cc]laims? (\d+(?:(?:, | and | to )\d+)*)", text):
        for first, last in re.findall(r"(\d+)(?: to (\d+))?", words):
            numbers |= set(range(int(first), int(last or first) + 1))
    return numbers


def test_every_test_that_must_keep_its_size_is_shown_in_a_section() -> None:
    stems = tuple(stem for part in GENERATED.findall(read(METHODS_PAGE)) for stem in part[2].split("; "))
    assert {row.test for row in rows() if row.kind == "honest" and not row.test.startswith(stems)} == set()


def test_a_decision_is_dated_and_short() -> None:
    """Bold title, day, three lines of at most 120 characters, under a heading."""
    entries = read(ROOT / "DECISIONS.md").strip().split("\n\n")[2:]
    for entry in entries:
        line = " ".join(entry.split())
        assert line.startswith("## ") or re.match(r"\*\*[^*]+\*\*[^.]*\(\d+ \w{3} \d{4}\)", line), entry
        assert len(entry.splitlines()) <= 3, entry
        assert max(len(line) for line in entry.splitlines()) <= 120, entry


@pytest.mark.parametrize("path", documents(), ids=named)
def test_every_path_that_is_named_exists(path: Path) -> None:
    for token in re.findall(r"`([\w.*/-]+(?:::\w+)?)`", read(path)):
        if token.split("/")[0] in FOLDERS and "/" in token and not PLACEHOLDER.search(token):
            assert exists(token), f"{named(path)} names {token}"
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", read(path)):
        assert (path.parent / link).exists(), f"{named(path)} links to {link}"


def exists(token: str) -> bool:
    """A file or folder of the tree, and the function in it where one is named."""
    path, _, function = token.partition("::")
    return (ROOT / path).exists() and (not function or f"def {function}(" in read(ROOT / path))


@pytest.mark.parametrize("path", [METHODS_PAGE, ARCHITECTURE], ids=named)
def test_what_a_document_copies_is_as_it_stands(path: Path) -> None:
    assert GENERATED.search(read(path))
    assert read(path) == copied(read(path)), "python -m tests.test_documents"


def test_the_tree_is_drawn_whole() -> None:
    tree, _, rest = read(ARCHITECTURE).partition("## The walk")
    rooms = [path.name for path in (ROOT / "analytics").iterdir() if (path / "__init__.py").is_file()]
    topics = [
        path.name for path in (ROOT / "analytics" / "topics").iterdir() if (path / "__init__.py").is_file()
    ]
    assert rest
    assert [room for room in rooms if f"  {room}/" not in tree] == []
    assert [topic for topic in topics if f"`{topic}`" not in tree] == []


def copied(text: str) -> str:
    """A document with its copied parts written anew."""

    def part(match: re.Match[str]) -> str:
        lines = imports() if match[2] == "imports" else sizes(tuple(match[3].split("; ")))
        return "\n".join([match[1].rstrip(), *lines, match[4]])

    return GENERATED.sub(part, text)


def rows() -> list[Row]:
    """All lines of both tables of honesty.md."""
    nulls, planted = read(HONESTY).split("## Planted effects found")
    return [*rows_of(nulls, planted=False), *rows_of(planted, planted=True)]


def rows_of(table: str, planted: bool) -> Iterator[Row]:
    for line in table.splitlines():
        cells = line.strip("| ").split(" | ")
        if len(cells) >= 6 and cells[-5] in KINDS:
            yield Row(planted, r" \| ".join(cells[:-5]).replace("|t|", r"\|t\|"), *cells[-5:-2])


def sizes(stems: tuple[str, ...]) -> list[str]:
    """False alarms, and effects detected, of the tests whose names begin so."""
    mine = [row for row in rows() if row.test.startswith(stems)]
    day = re.search(r"Made on ([\d-]+)", read(HONESTY))
    assert mine, f"honesty.md has no row of {stems}"
    assert day, "honesty.md does not say when it was made"
    head = [
        f"Measured on {day[1]}:",
        "",
        "| test | kind | false alarms at 5% | effects detected |",
        "|---|---|---|---|",
    ]
    return head + [
        f"| {test} | {kind} | {alarms(these)} | {detected(test, kind, these)} |"
        for test, kind in dict.fromkeys((row.test, row.kind) for row in mine)
        if (these := [row for row in mine if (row.test, row.kind) == (test, kind)])
    ]


def alarms(these: list[Row]) -> str:
    """The range over the nulls, and which they are."""
    nulls = sorted((row for row in these if not row.planted), key=lambda row: float(row.rate.rstrip("%")))
    if not nulls:
        return ""
    low, high = nulls[0].rate, nulls[-1].rate
    span = low if low == high else f"{low.rstrip('%')} to {high}"
    return f"{span} ({'; '.join(sorted(row.case for row in nulls))})"


def detected(test: str, kind: str, these: list[Row]) -> str:
    """Power of the side that is claimed."""
    if kind != "honest" or "contradicted" in test or "opposite" in test:
        return ""
    return "; ".join(f"{row.case}: {row.rate}" for row in these if row.planted)


def imports() -> list[str]:
    """The table of tests/test_layers.py."""
    head = ["| room | may import |", "|---|---|"]
    allowed = {
        room: "everything" if "*" in names else ", ".join(f"`{name}`" for name in sorted(names))
        for room, names in test_layers.ALLOWED.items()
    }
    return head + [f"| `{room}` | {names or 'nothing of ours'} |" for room, names in allowed.items()]


if __name__ == "__main__":
    for document in (METHODS_PAGE, ARCHITECTURE):
        document.write_text(copied(read(document)), encoding="utf-8")
