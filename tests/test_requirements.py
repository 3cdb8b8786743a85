"""A machine that lacks something skips its tests, unless they are required: then nothing is skipped silently."""

from __future__ import annotations

import pytest

from tests import postgres
from tests.requirements import VARIABLE, require, required


@pytest.mark.parametrize("asked", ["", "browser", "postgresql", "browser,postgresql"])
def test_what_is_missing_and_not_required_skips_with_the_reason(monkeypatch, asked):
    monkeypatch.setenv(VARIABLE, asked)
    with pytest.raises(pytest.skip.Exception, match="no programs"):
        require("postgres", "no programs")


@pytest.mark.parametrize("asked", ["postgres", "browser postgres", "browser,postgres", " postgres "])
def test_what_is_missing_and_required_fails(monkeypatch, asked):
    monkeypatch.setenv(VARIABLE, asked)
    assert required("postgres")
    with pytest.raises(pytest.fail.Exception, match="asks for 'postgres': no programs"):
        require("postgres", "no programs")


def test_the_newest_servers_programs_are_found_or_none(monkeypatch, tmp_path):
    monkeypatch.setattr(postgres, "PROGRAMS", tmp_path)
    assert postgres.programs() is None
    for version in ("9.6", "15", "11"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "initdb").touch()
    assert postgres.programs() == tmp_path / "15" / "bin"
