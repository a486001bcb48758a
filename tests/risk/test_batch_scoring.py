import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.batch_scoring import score_forms
from risk.scale_file import Answer, Scale
from risk.scoring import score
from tests.risk.scales import FVR, PRORATED, SMALL

answer = st.sampled_from(["si", "no", None])


@pytest.mark.parametrize("scale", [FVR, SMALL, PRORATED], ids=lambda scale: scale.code)
@given(data=st.data())
def test_batch_scores_every_form_as_score_does(scale: Scale, data: st.DataObject) -> None:
    items, overrides = [item.id for item in scale.items], [override.code for override in scale.override]
    rows: list[dict[str, Answer | None]] = data.draw(
        st.lists(st.fixed_dictionaries(dict.fromkeys((*items, *overrides), answer)), max_size=20)
    )
    schema = dict.fromkeys(("id", *items, *overrides), pl.String)
    forms = pl.DataFrame([{"id": str(place), **row} for place, row in enumerate(rows)], schema=schema)

    scored = score_forms(scale, forms)

    one_by_one = [score(scale, {i: row[i] for i in items}, {o: row[o] for o in overrides}) for row in rows]
    assert scored.rows() == [
        (str(place), result.score, result.level, result.complete) for place, result in enumerate(one_by_one)
    ]
