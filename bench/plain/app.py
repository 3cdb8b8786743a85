"""A plain Streamlit page, to be measured beside ours: as many charts of as many points, made as most authors make them
(cached frames, plotly.express, st.plotly_chart) and nothing else. BENCH_SHAPES names the file that says how many."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.express as px
import streamlit as st


@st.cache_data
def shapes() -> Any:
    return json.loads(Path(os.environ["BENCH_SHAPES"]).read_text())


@st.cache_data
def lines(counts: Sequence[int], seed: int) -> pd.DataFrame:
    parts = []
    for number, n in enumerate(counts):
        days = pd.bdate_range(end="2026-06-05", periods=n)
        walk = np.random.default_rng(seed + number).standard_normal(n).cumsum() + 100
        parts.append(pd.DataFrame({"date": days, "value": walk, "series": f"series {number}"}))
    return pd.concat(parts)


@st.cache_data
def cells(rows: int, columns: int, seed: int) -> pd.DataFrame:
    return pd.DataFrame(np.random.default_rng(seed).standard_normal((rows, columns)).round(4))


def draw(kind: str, counts: Sequence[int], seed: int) -> Any:
    if kind == "bar":
        return px.bar(x=[f"bar {i}" for i in range(counts[0])], y=cells(counts[0], 1, seed)[0])
    if kind == "heatmap":
        return px.imshow(cells(counts[0], counts[1], seed))
    return px.line(lines(counts, seed), x="date", y="value", color="series")


page = st.query_params.get("page", "overview")
asked = st.query_params.get("span", "max")
st.set_page_config(layout="wide")
st.title(page)
options = list(shapes()[page])
span = st.segmented_control(
    "Span", options, default=asked if asked in options else options[0], key="pick_span"
)
shape = shapes()[page][span or options[0]]
seed = options.index(span or options[0])
for number, (kind, counts) in enumerate(shape["charts"]):
    st.plotly_chart(draw(kind, counts, seed + number), key=f"chart_{number}")
for rows, columns in shape["tables"]:
    st.dataframe(cells(rows, columns, seed))
