"""A ledger that fails under a running server: damage is mended and said, everything else is said with a way to try again."""

from __future__ import annotations

import pytest

from analytics.desk import Desk
from tests.pages.reader import Reader

SAID = "The ledger file could not be read. It is kept as ledger.damaged-"


@pytest.fixture
def still(monkeypatch):
    """No refresh behind the page."""
    monkeypatch.setattr(Desk, "wake", lambda self, asked=False: False)


def overwrite(path, piece: bytes) -> None:
    with path.open("r+b") as file:
        file.write(piece)


def test_a_file_replaced_by_garbage_is_moved_aside_and_said_without_a_restart(opened, history, still):
    home = opened(history)
    page = Reader()
    assert "indexed" in page.figures()
    page.desk.ledger.close()  # the next read opens the file again, as a busy server's pool does now and then
    overwrite(home / "ledger.sqlite", b"garbage" * 100_000)
    for reader in (page.run(), Reader("divergence")):
        assert reader.errors == []
        assert SAID in reader.words
    assert len(list(home.glob("ledger.damaged-*.sqlite"))) == 1


def test_a_ledger_that_cannot_be_opened_is_a_sentence_and_comes_back_by_itself(opened, history, still):
    home = opened(history)
    away = home / "away.sqlite"
    (home / "ledger.sqlite").rename(away)
    (home / "ledger.sqlite").mkdir()
    page = Reader()
    assert page.errors == []
    assert "The ledger's database does not answer (its file cannot be opened)." in page.words
    assert page.figures() == {}
    (home / "ledger.sqlite").rmdir()
    away.rename(home / "ledger.sqlite")
    page.at.button(key="try_again").click()
    page.run()
    assert page.errors == []
    assert "indexed" in page.figures()


def test_damage_that_opening_cannot_see_ends_in_a_sentence_and_not_in_a_circle(
    opened, history, still, monkeypatch
):
    """Every read fails, and every look at the file finds it well."""
    from analytics.errors import LedgerDamaged
    from analytics.ledger import Ledger

    def damaged(self):
        raise LedgerDamaged("The ledger file")

    opened(history)
    page = Reader()
    monkeypatch.setattr(Ledger, "version", damaged)
    assert page.run().errors == []
    assert "is not a readable ledger" in page.words
    monkeypatch.undo()
