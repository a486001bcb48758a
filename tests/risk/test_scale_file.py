import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.scale_file import Scale, ScaleFileInvalid, parse_scale
from risk.scale_source import SHIPPED, read_scale
from tests.risk.scales import FVR, PRORATED, SMALL, small_scale

ALERT = {"code": "x", "label_es": "X", "label_en": "X"}


def test_shipped_fvr_says_what_the_decree_says() -> None:
    assert FVR.code == "FVR_PAREJA"
    assert len(FVR.items) == 22
    assert FVR.attainable == (0, 37)
    assert [(band.code, band.min, band.max) for band in FVR.levels] == [
        ("leve", 0, 7),
        ("moderado", 8, 13),
        ("severo_1", 14, 17),
        ("severo_2", 18, 37),
    ]
    assert [item.id for item in FVR.items if item.info] == ["5a", "12a"]
    assert [item.id for item in FVR.items if item.no > item.si] == ["3", "4"]
    assert FVR.item("2a").skips == {"no": {"3"}}


def test_shipped_fvr_supplement_adds_words_and_alerts_but_no_score() -> None:
    plain = parse_scale(SHIPPED["FVR_PAREJA"].read_text(encoding="utf-8"), "fvr_pareja.json")

    assert plain.override[0].code == FVR.override[0].code == "pregnancy"
    assert [(item.id, item.text, item.scores) for item in plain.items] == [
        (item.id, item.text, item.scores) for item in FVR.items
    ]
    assert all(item.text_en for item in FVR.items)
    assert all(band.label_en for band in FVR.levels)
    assert plain.alerts == ()
    assert [rule.code for rule in FVR.alerts] == [
        "extreme_level",
        "own_life",
        "children",
        "strangulation",
        "new_weapon_use",
    ]


@pytest.mark.parametrize("scale", [FVR, SMALL, PRORATED], ids=lambda scale: scale.code)
def test_scale_survives_being_stored(scale: Scale) -> None:
    assert Scale.model_validate(json.loads(json.dumps(scale.model_dump(mode="json")))) == scale


def _with(part: str, place: int, **changes: Any) -> dict[str, Any]:
    document = small_scale()
    document[part][place] |= changes
    return document


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (small_scale(version=3), "f.json, version: expected text"),
        (small_scale(colour="red"), "f.json, colour: unknown key; take it out or correct its spelling"),
        (small_scale(items=[]), "f.json, items: Tuple should have at least 1 item after validation, not 0"),
        (_with("items", 1, si="x"), "f.json, item b, si: expected a whole number"),
        (_with("items", 1, si=1.5), "f.json, item b, si: expected a whole number"),
        (_with("items", 1, si=True), "f.json, item b, si: expected a whole number"),
        (_with("items", 1, score=1), "f.json, item b, score: unknown key; take it out or correct its spelling"),
        (_with("items", 1, info=True), "f.json, item b: an information-only item must score 0 on both answers"),
        (
            _with("items", 0, filter={"no": "jump b"}),
            'f.json, item a: filter must read "skip ID" or "skip ID, ID", not "jump b"',
        ),
        (_with("items", 1, filter={"si": "skip a"}), "f.json, item b: its filter skips a, which is no later item"),
        (_with("items", 1, filter={"si": "skip z"}), "f.json, item b: its filter skips z, which is no later item"),
        (_with("items", 2, id="b"), "f.json, item b: this id stands twice; each item needs its own"),
        (_with("levels", 1, min=2), "f.json, level middle: expected min 1, after low"),
        (_with("levels", 2, max=6), "f.json, levels: the bands must cover every sum from -3 to 7"),
        (_with("levels", 0, min=-2), "f.json, levels: the bands must cover every sum from -3 to 7"),
        (_with("levels", 1, code="low"), "f.json, levels: a level code stands twice"),
        (
            _with("override", 0, effect="double"),
            'f.json, override two: effect must read "raise one level" or "raise 2 levels", not "double"',
        ),
        (_with("override", 0, code="a"), "f.json, override a: this code is already an item, an override or the id"),
        (
            small_scale(override=[{"when": "x", "effect": "raise one level"}]),
            'f.json, override 1: give a code, or let "when" end in "NAME section affirmative"',
        ),
        (
            small_scale(alerts=[{"code": "x", "label_es": "X", "label_en": "X"}]),
            "f.json, alert x: name either a level or an item",
        ),
        (
            small_scale(alerts=[{"code": "x", "label_es": "X", "label_en": "X", "item": "z"}]),
            "f.json, alert x: the scale has no item z",
        ),
        (
            small_scale(alerts=[{"code": "x", "label_es": "X", "label_en": "X", "level": "top"}]),
            "f.json, alert x: the scale has no level top",
        ),
        ([], "f.json: a scale file holds one JSON object"),
    ],
)
def test_wrong_file_is_refused_with_file_place_and_expectation(document: Any, message: str) -> None:
    with pytest.raises(ScaleFileInvalid) as caught:
        parse_scale(json.dumps(document), "f.json")

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("supplement", "message"),
    [
        ({"items": {"z": {"text_en": "Z"}}}, "s.json, items z: the scale has nothing of that name"),
        ({"items": {"a": {"si": 9}}}, 's.json, items a: "si" may not be set by a supplement'),
        ({"items": ["a"]}, "s.json, items: expected an object of objects, by id"),
        ({"prorating": {"max_missing": 1}}, "s.json, prorating"),
        ({"levels": {"low": {"min": 1}}}, 's.json, levels low: "min" may not be set by a supplement'),
    ],
)
def test_supplement_may_not_touch_scores(supplement: dict[str, Any], message: str) -> None:
    with pytest.raises(ScaleFileInvalid) as caught:
        parse_scale(json.dumps(small_scale()), "f.json", json.dumps(supplement), "s.json")

    assert str(caught.value).startswith(message)


def test_text_that_is_no_json_names_the_line() -> None:
    with pytest.raises(ScaleFileInvalid, match=r"^f\.json, line 2: this is not JSON"):
        parse_scale('{"code":\n', "f.json")


@pytest.mark.parametrize("name", ["absent.json", "."])
def test_unreadable_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ScaleFileInvalid, match="the file cannot be read"):
        read_scale(tmp_path / name)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(
                st.sampled_from(["code", "items", "levels", "override", "id", "si", "min"]) | st.text(), x
            )
        ),
    )
)
def test_no_json_whatever_escapes_as_another_error(document: Any) -> None:
    with pytest.raises(ScaleFileInvalid):
        parse_scale(json.dumps(document), "f.json", json.dumps(document), "s.json")
