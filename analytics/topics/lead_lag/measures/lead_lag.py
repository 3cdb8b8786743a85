"""Lead and lag: the correlogram with its family-wise band, the smoothed family that decides, and what stands
beside.

x and y are the pair's daily log returns, demeaned before anything is smoothed or drawn. Lags of at most two
days never count: the markets close at different hours, so a metal's day t + 1 overlaps Bitcoin's day t
(docs/methods.md#calendar-and-closing-times).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.stats.correlation.correlogram import LONGEST, Correlogram, correlogram, sides
from analytics.stats.correlation.smoothed_family import DAILY, WEEKLY, WindowFamily, window_family
from analytics.stats.pairs import pair, returns, weekly
from analytics.stats.resampling import DRAWS, SEED, generator, p_text, packed_signs, signed_cross_sums
from analytics.stats.verdict import ALPHA, Inference, Verdict, decide, left_open

FEWEST_RETURNS = 3 * LONGEST
"""With fewer, the longest windows would be compared with themselves two or three times only."""
UNIT = "correlation with the smoothed window"


@dataclass(frozen=True, slots=True, eq=False)
class LeadLag:
    """What the Lead and lag page shows of a pair; ``windows`` decides, the rest stands beside it.

    Attributes:
        names: Lead and follow.
        first, last: First and last day of the returns, datetime64[D].
        longest_step: Most calendar days that one return spans.
        correlogram: Single lags.
        windows: The smoothed family, daily.
        placebo: Its mirror image: the follow before the lead.
        weekly: The smoothed family on Friday closes, free of closing times.
        inference: Verdict on "the follow comes after the lead".
        sentence: What a reader sees.
        naive_sentence: What the usual chart would have said.
    """

    names: tuple[str, str]
    first: np.datetime64
    last: np.datetime64
    longest_step: int
    correlogram: Correlogram
    windows: WindowFamily
    placebo: WindowFamily
    weekly: WindowFamily
    inference: Inference
    sentence: str
    naive_sentence: str

    @property
    def verdict(self) -> Verdict:
        return self.inference.verdict

    def summary(self) -> dict[str, object]:
        """The finding in plain values; statistic and p are those behind the verdict."""
        found, chart = self.inference, self.correlogram
        return {
            "verdict": found.verdict,
            "statistic": found.statistic,
            "p": found.p,
            "p_opposite": found.p_opposite,
            "estimate": found.estimate,
            "interval": list(found.interval),
            "unit": found.unit,
            "mde": found.mde,
            "delta": found.delta,
            "n": found.n,
            "effective_n": found.effective_n,
            "window_days": self.windows.length,
            "window_ends_days_before": self.windows.gap,
            "best_lag": chart.best_lag,
            "best_lag_t": chart.best_t,
            "best_lag_p": chart.best_p,
            "unrelated_best_t": list(chart.unrelated_t),
            "placebo_p": self.placebo.p_best,
            "weekly_p": self.weekly.p_best,
            "naive_best_lag": chart.naive_best_lag,
            "naive_next_lag": chart.naive_next_lag,
            "naive_correlation": chart.naive_correlation,
            "naive_false_alarms": chart.naive_false_alarms,
            "first": str(self.first),
            "last": str(self.last),
            "sentence": self.sentence,
            "naive_sentence": self.naive_sentence,
        }


def lead_lag(
    levels: pd.DataFrame,
    *,
    delta: float,
    names: tuple[str, str] = ("the lead", "the follow"),
    draws: int = DRAWS,
    seed: int = SEED,
    workers: int = 1,
) -> LeadLag:
    """Does the follow come after the lead, by more than the best of unrelated series?

    Args:
        levels: Columns ``lead`` and ``follow``, closes on common US trading days, rising dates; a NaN row is
            left out.
        delta: Smallest correlation with a smoothed window worth acting on (claim 28).
        names: How sentences call the two.
        draws: Wild draws.
        seed: Same levels, draws and seed give the same finding to the last bit.
        workers: Threads of the FFTs.

    Raises:
        MeasureError: one of those that ``pairs.pair`` names; at least ``FEWEST_RETURNS`` daily returns are
            needed.
    """
    found = pair(levels, names, FEWEST_RETURNS)
    x, y = found.lead - found.lead.mean(), found.follow - found.follow.mean()
    packed = packed_signs(generator("lead_lag", seed), draws, len(x))
    null = signed_cross_sums(x, y, LONGEST, packed, workers)
    chart = correlogram(x, y, null)
    ahead, behind = sides(null, DAILY)
    windows = window_family(x, y, ahead, DAILY)
    inference = _infer(windows, delta)
    return LeadLag(
        names=names,
        first=found.days[1],
        last=found.days[-1],
        longest_step=found.longest_step,
        correlogram=chart,
        windows=windows,
        placebo=window_family(x[::-1], y[::-1], behind, DAILY),
        weekly=weekly_family(levels, draws, seed),
        inference=inference,
        sentence=_sentence(windows, inference, names),
        naive_sentence=_naive_sentence(chart, names),
    )


def weekly_family(levels: pd.DataFrame, draws: int, seed: int) -> WindowFamily:
    """The smoothed family on Friday closes: the robustness row."""
    found = returns(weekly(levels[["lead", "follow"]])).to_numpy()
    x, y = (found - found.mean(axis=0)).T.copy()
    packed = packed_signs(generator("lead_lag weekly", seed), draws, len(x))
    null = signed_cross_sums(x, y, WEEKLY.last, packed)
    return window_family(x, y, sides(null, WEEKLY)[0], WEEKLY)


def _infer(windows: WindowFamily, delta: float) -> Inference:
    return Inference(
        estimate=windows.estimate,
        interval=windows.interval,
        unit=UNIT,
        statistic=windows.statistic,
        p=windows.p_best,
        p_opposite=windows.p_opposite,
        n=windows.n,
        effective_n=windows.effective_n,
        mde=windows.mde,
        delta=delta,
        far=windows.far,
        direction="greater",
        verdict=decide(windows.p_best, windows.p_opposite, windows.far, delta),
    )


def _sentence(windows: WindowFamily, found: Inference, names: tuple[str, str]) -> str:
    lead, follow = names
    window = f"{_days(windows.length)} of {lead}, ending {_days(windows.gap)} earlier"
    evidence = f"correlation {found.estimate:+.2f}, {p_text(found.p)} among {windows.members} windows"
    chance = f"unrelated series do as well in {_percent(found.p)} of cases"
    if found.verdict == "supported":
        return f"{_upper(follow)} follows {lead}: its days go with the last {window} ({evidence}; {chance})."
    if found.verdict == "contradicted":
        odds = p_text(found.p_opposite)
        return f"{_upper(follow)} tends to move against what {lead} did before, not with it ({odds})."
    best = (
        f"the best window ({window}; {evidence}) is no better than chance"
        if found.p > ALPHA
        else f"its days go with the last {window} ({evidence})"
    )
    return f"No sign that {follow} follows {lead} enough to act on: {best}; {left_open(found)}."


def _naive_sentence(chart: Correlogram, names: tuple[str, str]) -> str:
    alarms = f"it names a lag for {_percent(chart.naive_false_alarms)} of unrelated pairs like these"
    return f"The usual chart would have said: {_naive_reading(chart, names)}; {alarms}."


def _naive_reading(chart: Correlogram, names: tuple[str, str]) -> str:
    if abs(chart.naive_correlation) <= chart.naive_band:
        return "no lag stands out"
    if chart.naive_best_lag == 0:
        return f"both move on the same day, and after that {_leads(chart, chart.naive_next_lag, names)}"
    return _leads(chart, chart.naive_best_lag, names)


def _leads(chart: Correlogram, lag: int, names: tuple[str, str]) -> str:
    correlation = chart.correlation[LONGEST + lag]
    if abs(correlation) <= chart.naive_band:
        return "no lag stands out"
    against = ", in the opposite direction" if correlation < 0 else ""
    return f"{names[0] if lag > 0 else names[1]} leads by {_days(abs(lag))}{against}"


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%" if share < 0.1 else f"{100 * share:.0f}%"


def _upper(name: str) -> str:
    return name[:1].upper() + name[1:]
