"""Counting and finding the stations of a frame."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.eligibility import Exclusion
from stations.frame_listing import ALL, ELIGIBLE, FrameRow, eligibility_flow, found_rows, shown_rows

FEW, NONE = Exclusion.TOO_FEW_OFFICERS, Exclusion.NO_FAMILY_VIOLENCE_OFFICERS


def row(code: str, name: str = "Alfonso Ugarte", district: str = "Lima", exclusions: tuple[Exclusion, ...] = ()):
    return FrameRow(code, name, district, 80, 2, None, exclusions)


ROWS = [
    row("0405"),
    row("0406", "Conde La Vega", exclusions=(FEW,)),
    row("0407", "Cotabambas", "Ancón", exclusions=(FEW, NONE)),
    row("0408", "Breña", exclusions=(FEW,)),
]


def test_flow_counts_each_station_once():
    flow = eligibility_flow(ROWS)
    assert (flow.assessed, flow.eligible, flow.excluded_in_all) == (4, 1, 3)
    assert dict(flow.excluded) == {(FEW,): 2, (FEW, NONE): 1}


@given(st.lists(st.sets(st.sampled_from(Exclusion)).map(lambda reasons: row("1", exclusions=tuple(sorted(reasons))))))
def test_parts_of_the_flow_add_up_to_the_whole(rows):
    flow = eligibility_flow(rows)
    assert flow.assessed == flow.eligible + flow.excluded_in_all == len(rows)


@pytest.mark.parametrize(
    ("show", "codes"), [(ALL, "0405 0406 0407 0408"), (ELIGIBLE, "0405"), (FEW, "0406 0407 0408"), (NONE, "0407")]
)
def test_filter_shows_its_rows(show, codes):
    assert " ".join(found.code for found in shown_rows(ROWS, show)) == codes


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("", "0405 0406 0407 0408"),
        ("ancon", "0407"),
        ("BREÑA", "0408"),
        ("brena", "0408"),
        ("vega lima", "0406"),
        ("040", "0405 0406 0407 0408"),
        ("lima 0405", "0405"),
        ("%", ""),
    ],
)
def test_station_is_found_by_any_of_its_words(words, codes):
    assert " ".join(found.code for found in found_rows(ROWS, words)) == codes
