import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.scale_file import Scale
from risk.scale_parsing import ScaleFileInvalid, parse_scale
from risk.scale_source import SHIPPED, read_scale
from tests.risk.scales import DANGER, FVR, GRADED, ODARA, PRORATED, SMALL, VIOGEN, graded_scale, small_scale

ALERT = {"code": "x", "label_es": "X", "label_en": "X"}
REFERENCE = {"label_es": "Número", "label_en": "Number"}


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


@pytest.mark.parametrize("scale", [FVR, SMALL, PRORATED, GRADED, DANGER, ODARA, VIOGEN], ids=lambda scale: scale.code)
def test_scale_survives_being_stored(scale: Scale) -> None:
    assert Scale.model_validate(json.loads(json.dumps(scale.model_dump(mode="json")))) == scale


def _with(part: str, place: int, **changes: Any) -> dict[str, Any]:
    document = small_scale()
    document[part][place] |= changes
    return document


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (small_scale(version=3), "version: expected text, found 3"),
        (small_scale(effective_on="soon"), 'effective_on: expected a day such as 2026-11-18, found "soon"'),
        (small_scale(colour="red"), "colour: unknown key; take it out or correct its spelling"),
        (small_scale(items=[]), "items: expected at least one item"),
        (_with("items", 1, si="x"), 'items[1].si (b): expected a whole number, found "x"'),
        (_with("items", 1, si=1.5), "items[1].si (b): expected a whole number, found 1.5"),
        (_with("items", 1, si=True), "items[1].si (b): expected a whole number, found true"),
        (_with("items", 1, si=1001), "items[1].si (b): input should be less than or equal to 1000, found 1001"),
        (_with("items", 1, si=None), "items[1] (b): expected the scores si and no, or else a list of answers"),
        (_with("items", 1, score=1), "items[1].score (b): unknown key; take it out or correct its spelling"),
        (_with("items", 1, info=True), "items[1] (b): an information-only item must score 0 on every answer"),
        (_with("items", 0, filter={"no": "jump b"}),
         'items[0] (a): filter must read "skip ID" or "skip ID, ID", not "jump b"'),
        (_with("items", 0, filter={"maybe": "skip b"}),
         'items[0] (a): filter: expected an answer of the item, found "maybe"'),
        (_with("items", 1, filter={"si": "skip a"}), "items[1].filter (b): expected a later item to skip, found a"),
        (_with("items", 1, filter={"si": "skip z"}), "items[1].filter (b): expected a later item to skip, found z"),
        (_with("items", 4, id="b"), "items[4].id (b): this id stands twice; each item needs its own"),
        (_with("items", 4, id="id"), 'items: no item may be called "id"'),
        (_with("levels", 1, min=2), "levels[1].min (middle): expected 1, after low, found 2"),
        (_with("levels", 2, max=6), "levels: expected bands from -3 to 7, found -3 to 6"),
        (_with("levels", 0, min=-2), "levels: expected bands from -3 to 7, found -2 to 7"),
        (_with("levels", 0, min=None), "levels[0] (low): expected min and max"),
        (_with("levels", 1, code="low"), "levels[1].code (low): this code stands twice; each level needs its own"),
        (_with("levels", 1, visits_a_week=8),
         "levels[1].visits_a_week (middle): input should be less than or equal to 7, found 8"),
        (_with("override", 0, effect="double"),
         'override[0] (two): effect must read "raise one level" or "raise 2 levels", not "double"'),
        (_with("override", 0, code="a"), "override[0].code (a): this code is already an item, an override or the id"),
        (small_scale(override=[{"when": "x", "effect": "raise one level"}]),
         'override[0]: give a code, or let "when" end in "NAME section affirmative"'),
        (small_scale(alerts=[ALERT]), "alerts[0] (x): name either a level or an item"),
        (small_scale(alerts=[ALERT | {"item": "z"}]), "alerts[0].item (x): the scale has no item z"),
        (small_scale(alerts=[ALERT | {"item": "a", "answer": "ay"}]),
         'alerts[0].answer (x): item a has no answer "ay"'),
        (small_scale(alerts=[ALERT | {"level": "top"}]), "alerts[0].level (x): the scale has no level top"),
        (small_scale(prorating={"max_missing": 5}),
         "prorating.max_missing: expected less than the 5 scored items, found 5"),
        (small_scale(prorating={"max_missing": 1, "table": [[0] * 8]}),
         "prorating.table: a table needs a scale without negative sums and without filters"),
        (graded_scale(prorating={"max_missing": 2, "table": [[0, 1, 3, 4, 4]]}),
         "prorating.table: expected 2 rows, one for each number of blanks, found 1"),
        (graded_scale(prorating={"max_missing": 1, "table": [[0, 1, 3, 4]]}),
         "prorating.table[0]: expected 5 sums, for 0 to 4, found 4"),
        (graded_scale(prorating={"max_missing": 1, "table": [[0, 1, 3, 4, 9]]}),
         "prorating.table[0]: expected sums from 0 to 4"),
        (small_scale(kind="by_hand", reference=REFERENCE, override=[]),
         'kind: "by_hand" has no items, no override and no prorating\n'
         + "\n".join(f"f.json: levels[{n}] ({code}): a level chosen by hand has no min and no max"
                     for n, code in enumerate(("low", "middle", "high")))),
        (small_scale(reference=REFERENCE), 'reference: only a scale of the kind "by_hand" has one'),
    ],
)  # fmt: skip
def test_wrong_file_is_refused_with_file_place_expected_and_found(document: Any, message: str) -> None:
    with pytest.raises(ScaleFileInvalid) as caught:
        parse_scale(json.dumps(document), "f.json")

    assert str(caught.value) == f"f.json: {message}"


def test_all_problems_are_told_at_once() -> None:
    document = _with("items", 1, si="x")
    document["items"][2]["id"] = "B!"
    document |= {"colour": "red", "source": ""}

    with pytest.raises(ScaleFileInvalid) as caught:
        parse_scale(json.dumps(document), "f.json")

    assert caught.value.problems == (
        'f.json: source: string should have at least 1 character, found ""',
        'f.json: items[1].si (b): expected a whole number, found "x"',
        "f.json: items[2].id (B!): string should match pattern '^[0-9a-z_]{1,16}$', found \"B!\"",
        "f.json: colour: unknown key; take it out or correct its spelling",
    )


@pytest.mark.parametrize("text", ["[]", "null", "3"])
def test_a_file_without_an_object_is_refused(text: str) -> None:
    with pytest.raises(ScaleFileInvalid, match=r"^f\.json: expected one JSON object$"):
        parse_scale(text, "f.json")


@pytest.mark.parametrize(
    ("supplement", "message"),
    [
        ({"items": {"z": {"text_en": "Z"}}}, "items.z: the scale has nothing of that name"),
        ({"items": {"b": {"si": 9}}}, "items.b.si: this key may not be set by a supplement"),
        ({"levels": {"low": {"max": 9}}}, "levels.low.max: this key may not be set by a supplement"),
        ({"override": {"two steps": {"effect": "raise one level"}}},
         "override.two steps.effect: this key may not be set by a supplement"),
        ({"prorating": {"max_missing": 1}}, "prorating: this key may not be set by a supplement"),
        ({"source": "me"}, "source: this key may not be set by a supplement"),
        ({"version": 2}, "version: expected text, found 2"),
        ({"items": []}, "items: expected an object of objects, by id"),
    ],
)  # fmt: skip
def test_supplement_may_add_words_and_nothing_that_scores(supplement: Any, message: str) -> None:
    with pytest.raises(ScaleFileInvalid) as caught:
        parse_scale(json.dumps(small_scale()), "f.json", json.dumps(supplement), "s.json")

    assert str(caught.value) == f"s.json: {message}"


@pytest.mark.parametrize("text", ['{"code":\n', "[" * 100_000, '{"a": ' + "9" * 5000 + "}"])
def test_text_that_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ScaleFileInvalid, match=r"^f\.json: "):
        parse_scale(text, "f.json")


def test_text_that_is_no_json_names_the_line() -> None:
    with pytest.raises(ScaleFileInvalid, match=r"^f\.json: line 2: this is not JSON"):
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
