from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.batch_scoring import score_forms
from risk.scale_file import YES_NO, Answer, Scale
from risk.scoring import NothingToScore, score
from tests.risk.scales import DANGER, FVR, GRADED, ODARA, PRORATED, SMALL, VIOGEN

Form = dict[str, Answer | None]


def forms_of(scale: Scale) -> st.SearchStrategy[Form]:
    """Any answers that the scale offers, blanks among them."""
    offered = {item.id: tuple(item.scores) for item in scale.items} | {o.code: YES_NO for o in scale.override}
    return st.fixed_dictionaries({name: st.sampled_from([*codes, None]) for name, codes in offered.items()})


@st.composite
def items(draw: st.DrawFn, place: int, count: int) -> dict[str, Any]:
    """An item by yes and no or by answers of its own, which may skip some of the items after it."""
    points = st.integers(-9, 9)
    if draw(st.booleans()):
        item: dict[str, Any] = {"id": f"i{place}", "text": "?", "si": draw(points), "no": draw(points)}
        answers = list(YES_NO)
    else:
        answers = [f"a{n}" for n in range(draw(st.integers(2, 4)))]
        options = [{"code": code, "label_es": code, "score": draw(points)} for code in answers]
        item = {"id": f"i{place}", "text": "?", "answers": options}
    if draw(st.booleans()) and place + 1 < count:
        later = draw(st.sets(st.integers(place + 1, count - 1), min_size=1, max_size=3))
        item["filter"] = {draw(st.sampled_from(answers)): "skip " + ", ".join(f"i{n}" for n in sorted(later))}
    return item


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    """Any scale with up to six items, up to four levels, overrides and prorating."""
    count = draw(st.integers(2, 6))
    document: dict[str, Any] = {
        "code": "ANY",
        "title_es": "x",
        "source": "x",
        "items": [draw(items(place, count)) for place in range(count)],
        "override": [
            {"when": "x", "code": f"o{n}", "effect": draw(st.sampled_from(["raise one level", "raise 2 levels"]))}
            for n in range(draw(st.integers(0, 2)))
        ],
        "levels": [{"min": None, "max": None, "code": "x", "label": "x"}] * 2,
    }
    if draw(st.booleans()):
        document["prorating"] = {"max_missing": draw(st.integers(1, count - 1))}
    lowest, highest = Scale.model_validate(document).attainable
    tops = sorted(draw(st.sets(st.integers(lowest, max(lowest, highest - 1)), min_size=1, max_size=3)))
    ends = [*tops, max(highest, tops[-1] + 1)]
    starts = [lowest, *(top + 1 for top in tops)]
    document["levels"] = [
        {"min": least, "max": most, "code": f"l{n}", "label": "x"}
        for n, (least, most) in enumerate(zip(starts, ends, strict=True))
    ]
    return Scale.model_validate(document)


def assert_batch_equals_single(scale: Scale, rows: list[Form]) -> None:
    names, overrides = [item.id for item in scale.items], [override.code for override in scale.override]
    schema = dict.fromkeys(("id", *names, *overrides), pl.String)
    forms = pl.DataFrame([{"id": str(place), **row} for place, row in enumerate(rows)], schema=schema)

    scored = score_forms(scale, forms)

    one_by_one = [score(scale, {i: row[i] for i in names}, {o: row[o] for o in overrides}) for row in rows]
    assert scored.rows() == [
        (str(place), result.score, result.level, result.complete) for place, result in enumerate(one_by_one)
    ]


@pytest.mark.parametrize("scale", [FVR, SMALL, PRORATED, GRADED, DANGER, ODARA], ids=lambda scale: scale.code)
@given(data=st.data())
def test_batch_scores_every_form_as_score_does(scale: Scale, data: st.DataObject) -> None:
    assert_batch_equals_single(scale, data.draw(st.lists(forms_of(scale), max_size=20)))


@given(data=st.data())
def test_batch_scores_any_scale_as_score_does(data: st.DataObject) -> None:
    scale = data.draw(scales())

    assert_batch_equals_single(scale, data.draw(st.lists(forms_of(scale), max_size=20)))


def test_a_scale_whose_level_is_chosen_by_hand_scores_nothing() -> None:
    with pytest.raises(NothingToScore):
        score(VIOGEN, {}, {})
    with pytest.raises(NothingToScore):
        score_forms(VIOGEN, pl.DataFrame({"id": ["1"]}))
