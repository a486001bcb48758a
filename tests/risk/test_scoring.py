"""Vectors: domain.md section 2, computed from the rule of the Ficha de Valoración de Riesgo."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.scale_file import Answer, Scale
from risk.scoring import AnswerUnknown, ScoreResult, alerts_due, raised_level, score, skipped_items
from tests.risk.scales import DANGER, FVR, GRADED, ODARA, PRORATED, SCORED, SMALL

ALL_NO: dict[str, Answer] = dict.fromkeys((item.id for item in FVR.items), "no")
ALL_SI: dict[str, Answer] = dict.fromkeys((item.id for item in FVR.items), "si")
IN_RISK_DIRECTION: dict[str, Answer] = ALL_SI | {"3": "no", "4": "no"}
PREGNANT: dict[str, Answer] = {"pregnancy": "si"}
# 4 has a steady job, so that the items named give the whole score.
NOTHING: dict[str, Answer] = ALL_NO | {"4": "si"}


def _yes(*items: str) -> dict[str, Answer]:
    return NOTHING | dict.fromkeys(items, "si")


@pytest.mark.parametrize(
    ("answers", "overrides", "expected_score", "level"),
    [
        pytest.param(ALL_SI, {}, 29, "severo_2", id="all SI"),
        pytest.param(IN_RISK_DIRECTION, {}, 37, "severo_2", id="all in the risk direction"),
        pytest.param(ALL_NO, {}, 4, "leve", id="all NO"),
        pytest.param(ALL_NO | {"2a": "si"}, {}, 8, "moderado", id="2a SI and all else NO"),
        pytest.param(NOTHING, {}, 0, "leve", id="lowest"),
        pytest.param(_yes("2", "8"), {}, 7, "leve", id="7"),
        pytest.param(_yes("2", "5"), {}, 8, "moderado", id="8"),
        pytest.param(_yes("2", "5", "6", "8"), {}, 13, "moderado", id="13"),
        pytest.param(_yes("2", "5", "6", "7"), {}, 14, "severo_1", id="14"),
        pytest.param(_yes("2", "5", "6", "7", "8", "1"), {}, 17, "severo_1", id="17"),
        pytest.param(_yes("2", "5", "6", "7", "8", "9"), {}, 18, "severo_2", id="18"),
        pytest.param(_yes("2", "8"), PREGNANT, 7, "moderado", id="7 and pregnant"),
        pytest.param(_yes("2", "5", "6", "8"), PREGNANT, 13, "severo_1", id="13 and pregnant"),
        pytest.param(_yes("2", "5", "6", "7", "8", "1"), PREGNANT, 17, "severo_2", id="17 and pregnant"),
        pytest.param(ALL_SI, PREGNANT, 29, "severo_2", id="severo 2 stays"),
        pytest.param(_yes("2", "8"), {"pregnancy": "no"}, 7, "leve", id="not pregnant"),
        pytest.param(_yes("2", "8"), {"pregnancy": None}, 7, "leve", id="pregnancy blank"),
    ],
)  # fmt: skip
def test_complete_form_scores_as_the_decree_says(
    answers: dict[str, Answer], overrides: dict[str, Answer], expected_score: int, level: str
) -> None:
    result = score(FVR, answers, overrides)

    assert (result.score, result.level, result.complete) == (expected_score, level, True)


def test_no_to_living_together_skips_item_3_whatever_it_says() -> None:
    with_answer = score(FVR, ALL_NO, {})
    without = score(FVR, {key: answer for key, answer in ALL_NO.items() if key != "3"}, {})

    assert with_answer == without
    assert with_answer.skipped == ("3",)
    assert with_answer.complete


def test_blank_form_has_no_level_and_names_every_scored_item() -> None:
    assert score(FVR, {}, {}) == ScoreResult(0, "", complete=False, missing=tuple(SCORED), skipped=())


def test_blank_is_not_no() -> None:
    # All SI but item 4 left blank because she does not know: the official form allows it, the level stays reached.
    result = score(FVR, {**NOTHING, "4": None}, {})

    assert (result.score, result.level, result.complete, result.missing) == (0, "", False, ("4",))


def test_incomplete_form_keeps_the_level_that_its_answers_reach() -> None:
    result = score(FVR, {"2": "si", "5": "si", "6": "si", "7": "si"}, {})

    assert (result.score, result.level, result.complete) == (14, "severo_1", False)


def test_pregnancy_raises_an_incomplete_form_too() -> None:
    assert score(FVR, {}, PREGNANT).level == "moderado"


@pytest.mark.parametrize("item", ["5a", "12a"])
def test_information_items_neither_score_nor_count_as_missing(item: str) -> None:
    results = {score(FVR, {**ALL_NO, item: answer}, {}) for answer in ("si", "no", None)}

    assert results == {score(FVR, ALL_NO, {})}


@pytest.mark.parametrize(
    ("answers", "overrides", "message"),
    [
        ({"99": "si"}, {}, "the scale has no item or override 99"),
        ({}, {"twins": "si"}, "the scale has no item or override twins"),
        ({"1": "SI"}, {}, "1 takes si, no or nothing"),
        ({"1": 1}, {}, "1 takes si, no or nothing"),
        ({}, {"pregnancy": "never"}, "pregnancy takes si, no or nothing"),
    ],
)
def test_unknown_answers_are_refused(answers: dict[str, Answer], overrides: dict[str, Answer], message: str) -> None:
    with pytest.raises(AnswerUnknown) as caught:
        score(FVR, answers, overrides)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("answers", "overrides", "expected"),
    [
        ({"a": "si", "b": "no", "c": "si", "d": "si", "e": "no"}, {}, (-1, "low", True)),
        ({"a": "no", "d": "si", "e": "no"}, {}, (-3, "low", True)),
        ({"a": "si", "b": "si", "d": "no", "e": "no"}, {}, (1, "middle", True)),
        ({"a": "no", "b": "si", "d": "no", "e": "no"}, {}, (0, "low", True)),
        ({"a": "no", "d": "si", "e": "no"}, {"two": "si"}, (-3, "high", True)),
        ({"a": "no", "d": "si", "e": "no"}, {"one": "si"}, (-3, "middle", True)),
        ({"a": "no", "d": "si", "e": "no"}, {"one": "si", "two": "si"}, (-3, "high", True)),
    ],
)
def test_negative_scores_chained_filters_and_longer_raises(
    answers: dict[str, Answer], overrides: dict[str, Answer], expected: tuple[int, str, bool]
) -> None:
    result = score(SMALL, answers, overrides)

    assert (result.score, result.level, result.complete) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        # 4 of 5 answered: 1 * 5/4 = 1.25, so 1; 3 of 5: 2 * 5/3 = 3.33, so 3; too many blanks: no prorating.
        ({"a": "si", "b": "no", "c": "no", "d": "si", "e": "si"}, (1, "middle", True)),
        ({"a": "si", "b": "no", "d": "si", "e": "si"}, (1, "middle", False)),
        ({"a": "si", "b": "no", "c": "si"}, (3, "middle", False)),
        ({"a": "si", "c": "no"}, (0, "", False)),
        ({"a": "si", "b": "no", "c": "no", "d": "no"}, (0, "low", False)),
    ],
)
def test_prorating_scales_the_sum_while_few_are_blank(
    answers: dict[str, Answer], expected: tuple[int, str, bool]
) -> None:
    result = score(PRORATED, answers, {})

    assert (result.score, result.level, result.complete) == expected


def form_of(scale: Scale, wanted: int) -> dict[str, Answer]:
    """A complete form of that sum, found by adding one answer of each item after another."""
    sums: dict[int, dict[str, Answer]] = {0: {}}
    for item in scale.items:
        given = [(total, form, code) for total, form in sums.items() for code in item.scores]
        sums = {total + item.scores[code]: form | {item.id: code} for total, form, code in given}
    return sums[wanted]


@pytest.mark.parametrize(
    ("scale", "wanted", "level"),
    [
        (scale, wanted, band.code)
        for scale in (DANGER, ODARA, GRADED)
        for band in scale.levels
        for wanted in sorted({band.min, band.max} - {None})
    ],
)
def test_both_ends_of_every_band_of_every_scale(scale: Scale, wanted: int, level: str) -> None:
    result = score(scale, form_of(scale, wanted), {})

    assert (result.score, result.level, result.complete) == (wanted, level, True)


@pytest.mark.parametrize(
    ("yes", "total", "level"),
    [
        # domain.md section 2: weights as in the FVR, three points less if they never lived together.
        ((), 0, "variable"),
        (("3a",), -3, "variable"),
        (("2", "5", "3a"), 5, "variable"),
        (("2", "5"), 8, "increased"),
        (("2", "5", "6", "7", "3a"), 11, "increased"),
        (("2", "5", "6", "7"), 14, "severe"),
        (("2", "5", "6", "7", "3", "4", "3a"), 19, "extreme"),
    ],
)
def test_danger_assessment_subtracts_where_they_never_lived_together(
    yes: tuple[str, ...], total: int, level: str
) -> None:
    result = score(DANGER, dict.fromkeys((item.id for item in DANGER.items), "no") | dict.fromkeys(yes, "si"), {})

    assert (result.score, result.level) == (total, level)


@pytest.mark.parametrize(
    ("yes", "blank", "total", "level"),
    [
        # 4 of 12 answered: 4 x 13/12 = 4.33; 5 of 12: 5.42; 4 of 8: 6.5, half up 7; six blanks: no prorating.
        (4, 1, 4, "band_5"),
        (5, 1, 5, "band_6"),
        (4, 5, 7, "band_7"),
        (0, 5, 0, "band_1"),
        (4, 6, 4, "band_5"),
        (0, 6, 0, ""),
    ],
)
def test_odara_makes_up_for_blanks_and_its_bands_are_of_the_prorated_sum(
    yes: int, blank: int, total: int, level: str
) -> None:
    ids = [item.id for item in ODARA.items]
    answers = dict.fromkeys(ids[:yes], "si") | dict.fromkeys(ids[yes : len(ids) - blank], "no")

    result = score(ODARA, answers, {})

    assert (result.score, result.level, result.complete) == (total, level, False)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"often": "once", "b": "no", "c": "no"}, (1, "low", True)),
        ({"often": "more", "b": "no", "c": "no"}, (2, "high", True)),
        ({"often": "more", "b": "no"}, (3, "high", False)),
        ({"often": "once"}, (2, "high", False)),
        ({}, (0, "", False)),
    ],
)
def test_answers_of_an_items_own_and_a_table_for_blanks(
    answers: dict[str, Answer], expected: tuple[int, str, bool]
) -> None:
    result = score(GRADED, answers, {})

    assert (result.score, result.level, result.complete) == expected


def test_an_answer_of_another_item_is_refused() -> None:
    with pytest.raises(AnswerUnknown, match="often takes never, once, more or nothing"):
        score(GRADED, {"often": "si"}, {})


def test_prorating_never_goes_beyond_what_the_scale_can_reach() -> None:
    # 4 of 1 answered out of 3 asked would be 12; the scale ends at 7.
    assert score(PRORATED, {"a": "no", "e": "si"}, {}).score == 6
    assert score(ODARA, dict.fromkeys([item.id for item in ODARA.items][:8], "si"), {}).score == 13


complete_forms = st.fixed_dictionaries({item.id: st.sampled_from(["si", "no"]) for item in FVR.items})
forms = st.fixed_dictionaries({item.id: st.sampled_from(["si", "no", None]) for item in FVR.items})
levels = st.sampled_from(["", *FVR.ranks])


@given(complete_forms, st.sampled_from(SCORED), st.sampled_from(["si", "no"]))
def test_an_answer_in_the_risk_direction_never_lowers_score_or_level(
    answers: dict[str, Answer], item: str, pregnancy: Answer
) -> None:
    before = score(FVR, answers, {"pregnancy": pregnancy})
    after = score(FVR, {**answers, item: IN_RISK_DIRECTION[item]}, {"pregnancy": pregnancy})

    assert after.score >= before.score
    assert FVR.ranks[after.level] >= FVR.ranks[before.level]


@given(forms, st.sampled_from(["si", "no", None]))
def test_blanking_an_answer_never_shows_a_lower_level_as_known(answers: dict[str, Answer], pregnancy: Answer) -> None:
    result = score(FVR, answers, {"pregnancy": pregnancy})

    assert 0 <= result.score <= 37
    assert result.complete == (result.missing == ())
    assert result.complete or result.level != "leve"


@given(forms)
def test_skipped_answers_count_for_nothing(answers: dict[str, Answer]) -> None:
    kept = {item: answer for item, answer in answers.items() if item not in skipped_items(FVR, answers)}

    assert score(FVR, answers, {}) == score(FVR, kept, {})


@given(levels, levels)
def test_raised_level_is_never_below_either(computed: str, chosen: str) -> None:
    order = ["", *FVR.ranks]

    assert order.index(raised_level(FVR, computed, chosen)) == max(order.index(computed), order.index(chosen))


@pytest.mark.requirement("N22")
@pytest.mark.parametrize(
    ("answers", "previous", "level", "expected"),
    [
        ({}, {}, "severo_2", ["extreme_level"]),
        ({}, {}, "severo_1", []),
        ({"19": "si"}, {}, "leve", ["own_life"]),
        ({"19": "no", "16": "no", "9": "no", "5": "no"}, {}, "leve", []),
        ({"16": "si"}, {"16": "si"}, "leve", ["children"]),
        ({"9": "si"}, {}, "", ["strangulation"]),
        ({"5": "si"}, {}, "leve", ["new_weapon_use"]),
        ({"5": "si"}, {"5": "no"}, "leve", ["new_weapon_use"]),
        ({"5": "si"}, {"5": None}, "leve", ["new_weapon_use"]),
        ({"5": "si"}, {"5": "si"}, "leve", []),
        ({"5": "si", "9": "si", "16": "si", "19": "si"}, {}, "severo_2",
         ["extreme_level", "own_life", "children", "strangulation", "new_weapon_use"]),
    ],
)  # fmt: skip
def test_alerts_due(answers: dict[str, Answer], previous: dict[str, Answer], level: str, expected: list[str]) -> None:
    rules = alerts_due(FVR, level=level, answers=answers, previous=previous)

    assert [rule.code for rule in rules] == expected
