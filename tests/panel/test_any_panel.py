"""Whatever a panel holds, it is estimated or refused in one sentence: no warning, no number that JSON lacks."""

import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.estimation_file import DataInvalid, Model, read_panel
from panel.estimators.clustered import DesignInvalid
from panel.estimators.estimate import estimate_effects
from panel.model_choice import ModelKind, chosen_model

CELLS = st.one_of(st.sampled_from(["0", "1", "1", "0", "", "NA", "2.5"]), st.floats(-1e6, 1e6).map(str))
ROWS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 2), st.integers(0, 3), CELLS, CELLS, CELLS), min_size=1, max_size=40
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("any")


@pytest.mark.requirement("F46")
@given(rows=ROWS, kind=st.sampled_from(list(ModelKind)), nested=st.booleans())
def test_any_panel_is_estimated_or_refused(folder, rows, kind, nested):
    rows = [(unit, time, unit % 4 if nested else cluster, *cells) for unit, time, cluster, *cells in rows]
    frame = pl.DataFrame(rows, schema=["woman", "wave", "station", "d", "x", "y"], orient="row")
    frame = frame.unique(["woman", "wave"], keep="first", maintain_order=True)
    path = folder / "panel.csv"
    frame.write_csv(path)
    model = Model(
        outcome="y", treatments=("d",), covariates=("x",), unit="woman", time="wave", cluster="station",
        asks_who_answered=kind is ModelKind.ATTRITION,
    )  # fmt: skip
    try:
        read = read_panel(path, model)
        found = estimate_effects(chosen_model(read, model, kind), remarks=read.remarks)
    except (DataInvalid, DesignInvalid) as error:
        refusal = str(error)
    else:
        refusal = None
    if refusal is not None:
        assert "\n" not in refusal
        return
    json.dumps(found.as_json(), allow_nan=False)
    for coefficient in found.coefficients:
        assert all(p is None or 0 <= p <= 1 for p in coefficient.p.values())
        assert np.isfinite(coefficient.estimate)
