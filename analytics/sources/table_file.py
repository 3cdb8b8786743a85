"""Tables as people have them: commas, semicolons or tabs, quoted headers, Excel's byte order marks and ``sep=`` line."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from analytics.errors import BadFile

MOST_LINES = 2_000_000
DELIMITERS = ("\t", ";", "|", ",")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def rows(
    path: Path, columns: Mapping[str, Sequence[str]], optional: Mapping[str, Sequence[str]] | None = None
) -> Iterator[tuple[int, dict[str, str]]]:
    """The wanted columns of each line that is not empty, with the line's number.

    Args:
        path: The file.
        columns: {name: other headings that mean the same}, lower case; the first that stands in the first line is taken.
        optional: Likewise, of columns that need not be there.

    Raises:
        BadFile: no table with these columns, or a line with more or fewer fields than the first.
    """
    try:
        with path.open(encoding=_encoding(path), newline="") as file:
            first, before = file.readline(), 1
            if first.lower().startswith("sep="):  # Excel's own hint; the headings stand below it
                first, before = file.readline(), 2
            if not first.strip():
                raise BadFile(f"{path.name} is empty. It takes {_wanted(columns)}.")
            delimiter = _delimiter(first)
            heads = [head.strip().lower() for head in next(csv.reader([first], delimiter=delimiter))]
            places = _places(path, heads, columns) | _found(heads, optional or {})
            reader = csv.reader(file, delimiter=delimiter)
            for fields in reader:
                line = reader.line_num + before
                if line > MOST_LINES:
                    raise BadFile(f"{path.name} has more than {MOST_LINES:,} lines. Split it.")
                if any(field.strip() for field in fields):
                    _check_width(line, fields, len(heads))
                    yield line, {name: fields[place].strip() for name, place in places.items()}
    except (OSError, UnicodeError, csv.Error) as error:
        raise BadFile(
            f"{path.name} cannot be read as a table ({type(error).__name__}). Save it as CSV in UTF-8."
        ) from None


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        return "utf-16" if file.read(2) in UTF_16 else "utf-8-sig"


def _delimiter(line: str) -> str:
    return max(DELIMITERS, key=line.count)


def _places(path: Path, heads: list[str], columns: Mapping[str, Sequence[str]]) -> dict[str, int]:
    found = _found(heads, columns)
    missing = [name for name in columns if name not in found]
    if missing:
        raise BadFile(
            f"Line 1: {path.name} has no column {' and no column '.join(missing)}; its first line names "
            f"{', '.join(head or 'nothing' for head in heads)[:80]}. It takes {_wanted(columns)}."
        )
    return found


def _found(heads: list[str], columns: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The places of the columns that stand in the first line."""
    named = {
        name: next((head for head in (name, *others) if head in heads), None)
        for name, others in columns.items()
    }
    return {name: heads.index(head) for name, head in named.items() if head is not None}


def _check_width(line: int, fields: list[str], wanted: int) -> None:
    if len(fields) == wanted:
        return
    comma = (
        " A decimal comma needs semicolons or tabs between columns, or quotes."
        if len(fields) > wanted
        else ""
    )
    raise BadFile(f"Line {line} has {len(fields)} fields where the first line names {wanted}.{comma}")


def _wanted(columns: Mapping[str, Sequence[str]]) -> str:
    return f"the columns {','.join(columns)}"


def day(text: str, line: int) -> dt.date:
    """A date as a cell states it.

    Raises:
        BadFile: it is none.
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadFile(f"Line {line}: {text[:20]!r} is no date. Write 2026-01-23.") from None
