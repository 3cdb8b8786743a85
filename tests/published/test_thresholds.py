from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from analytics.errors import BadChoice
from analytics.published import thresholds
from analytics.published.thresholds import COMPARISONS, COUNT, TESTS, Threshold

PAGES = {"overview", "divergence", "lead_lag", "rate_path", "drivers", "regime", "silver_market"}
TEXT = files("analytics.published").joinpath("thresholds.toml").read_text(encoding="utf-8")


def claims(kind: str) -> Iterator[Threshold]:
    return (claim for claim in thresholds.load() if claim.kind == kind)


def record(id: int, **changes: Any) -> dict[str, Any]:
    """The record of one claim as it stands in the file, with some fields changed; None takes a field out."""
    found = next(row for row in tomllib.loads(TEXT)["claim"] if row["id"] == id)
    return {name: value for name, value in {**found, **changes}.items() if value is not None}


def test_all_34_claims_stand_once_and_in_order() -> None:
    assert [claim.id for claim in thresholds.load()] == list(range(1, 35))
    assert all(thresholds.get(id).id == id for id in range(1, COUNT + 1))


def test_load_is_cached_and_frozen() -> None:
    assert thresholds.load() is thresholds.load()
    with pytest.raises(dataclasses.FrozenInstanceError):
        thresholds.get(1).delta = 1.0  # type: ignore[misc]


def test_inferential_claims_have_a_whole_test() -> None:
    for claim in claims("inferential"):
        assert claim.direction in TESTS, claim.id
        assert claim.delta is not None, claim.id
        assert claim.delta > 0, claim.id
        assert claim.alpha == 0.05, claim.id
        assert claim.unit, claim.id
        assert claim.null_generator, claim.id
        assert claim.needs is None, claim.id


def test_descriptive_claims_have_a_comparison_and_no_test() -> None:
    for claim in claims("descriptive"):
        assert claim.direction in COMPARISONS, claim.id
        assert claim.delta is not None, claim.id
        assert claim.unit, claim.id
        assert (claim.alpha, claim.null_generator, claim.needs) == (None, None, None), claim.id


def test_only_claims_6_7_and_20_cannot_be_measured_and_each_says_what_it_takes() -> None:
    untestable = list(claims("not_measurable"))
    assert [claim.id for claim in untestable] == [6, 7, 20]
    for claim in untestable:
        assert claim.needs, claim.id
        assert (claim.direction, claim.delta, claim.alpha) == (None, None, None), claim.id


@pytest.mark.parametrize("claim", thresholds.load(), ids=lambda claim: str(claim.id))
def test_words_are_whole(claim: Threshold) -> None:
    assert len(claim.reason) >= 40
    assert len(claim.measurement) >= 80
    assert claim.wording.endswith(".")
    assert claim.wording.count(". ") == 0
    assert set(claim.pages) <= PAGES
    assert claim.pages
    for text in (claim.wording, claim.measurement, claim.reason):
        assert "\n" not in text
        assert "  " not in text


def test_no_two_claims_share_their_wording_or_reason() -> None:
    loaded = thresholds.load()
    assert len({claim.wording for claim in loaded}) == COUNT
    assert len({claim.reason for claim in loaded}) == COUNT


@pytest.mark.parametrize(
    ("id", "measure"),
    [(2, "acceleration"), (3, "outperformance"), (9, "shock_response"), (15, "attribution"),
     (24, "stress_beta"), (26, "stage"), (27, "stage"), (28, "lead_lag"), (29, "events"), (31, "events"),
     (32, "stage"), (33, "triggers"), (34, "gap")],
)  # fmt: skip
def test_the_measures_that_the_methods_fix(id: int, measure: str) -> None:
    assert thresholds.get(id).measure == measure


def test_a_claim_that_denies_an_effect_must_rule_out_delta() -> None:
    claim = thresholds.get(29)
    assert claim.direction == "less"
    assert claim.null_value == claim.delta


def test_dated_figures_that_get_revised_give_no_verdict_then() -> None:
    revised = {claim.id for claim in thresholds.load() if claim.revised_inputs}
    assert {8, 16, 21, 22, 33} <= revised
    assert not {1, 2, 3, 5, 11, 28, 29, 31} & revised


@pytest.mark.parametrize("claim", [0, 35, -1])
def test_an_unknown_number_is_refused(claim: int) -> None:
    with pytest.raises(BadChoice, match="1 to 34"):
        thresholds.get(claim)


@pytest.mark.parametrize(
    ("id", "changes", "field"),
    [
        (28, {"direction": None}, "direction"),
        (28, {"direction": ">"}, "direction"),
        (28, {"delta": 0.0}, "delta"),
        (28, {"delta": -0.05}, "delta"),
        (28, {"delta": float("nan")}, "delta"),
        (28, {"delta": True}, "delta"),
        (28, {"delta": "0.05"}, "delta"),
        (28, {"alpha": None}, "alpha"),
        (28, {"alpha": 5}, "alpha"),
        (28, {"null_generator": None}, "null_generator"),
        (28, {"needs": "positions"}, "needs"),
        (1, {"direction": "greater"}, "direction"),
        (1, {"delta": None}, "delta"),
        (1, {"unit": None}, "unit"),
        (1, {"alpha": 0.05}, "alpha"),
        (1, {"null_value": 0.0}, "null_value"),
        (1, {"reason": "   "}, "reason"),
        (1, {"reason": "because"}, "reason"),
        (1, {"wording": 7}, "wording"),
        (1, {"wording": None}, "wording"),
        (1, {"topic": "weather"}, "topic"),
        (1, {"kind": "certain"}, "kind"),
        (1, {"measure": "guess"}, "measure"),
        (1, {"pages": []}, "pages"),
        (1, {"pages": ["overview", "overview"]}, "pages"),
        (1, {"pages": ["front"]}, "pages"),
        (1, {"pages": "overview"}, "pages"),
        (1, {"dated": 1}, "dated"),
        (1, {"revised_inputs": None}, "revised_inputs"),
        (1, {"colour": "silver"}, "colour"),
        (6, {"needs": None}, "needs"),
        (6, {"delta": 1.0}, "delta"),
    ],
)
def test_a_malformed_record_is_refused_by_name(id: int, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValueError, match=rf"claim {id}, field '{field}'"):
        thresholds.read(record(id, **changes))


@pytest.mark.parametrize("id", [0, 35, 1.0, True, "1"])
def test_a_number_that_is_no_claim_is_refused(id: object) -> None:
    with pytest.raises(ValueError, match="field 'id'"):
        thresholds.read(record(1) | {"id": id})


def test_an_unchanged_record_is_read() -> None:
    assert thresholds.read(record(28)) == thresholds.get(28)


def test_a_missing_and_a_doubled_claim_are_refused() -> None:
    blocks = TEXT.split("[[claim]]\n")
    with pytest.raises(ValueError, match=r"claim 34, field 'id' stands 0 times"):
        thresholds.parse("[[claim]]\n".join(blocks[:-1]))
    with pytest.raises(ValueError, match=r"claim 1, field 'id' stands 2 times"):
        thresholds.parse("[[claim]]\n".join([*blocks, blocks[1]]))


def test_the_order_in_the_file_does_not_matter() -> None:
    head, *blocks = TEXT.split("[[claim]]\n")
    shuffled = head + "".join("[[claim]]\n" + block.rstrip() + "\n" for block in reversed(blocks))
    assert thresholds.parse(shuffled) == thresholds.load()


@pytest.mark.parametrize(("id", "value", "passes"), [
    (16, 3.0, True), (16, 2.0, False), (21, -5.0, False), (21, -5.1, True), (22, 0.0, False), (18, 72.0, True),
])  # fmt: skip
def test_a_description_passes_or_does_not(id: int, value: float, passes: bool) -> None:
    assert thresholds.get(id).passed(value) is passes


@pytest.mark.parametrize("id", [2, 20])
def test_what_no_comparison_decides_has_no_such_answer(id: int) -> None:
    with pytest.raises(ValueError, match=f"Claim {id} is"):
        thresholds.get(id).passed(1.0)
