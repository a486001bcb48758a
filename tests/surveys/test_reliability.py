"""Cronbach's alpha and item–rest correlations, by hand-made tables."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from surveys.reliability import FEWEST_ROWS, reliability

ALIKE = np.array([[row % 5 + 1] * 3 for row in range(10)], dtype=float)
# Two items of variance 2.5 (1 … 5, twice) and their sum of variance 5.8333: α = 2 · (1 − 4.4444 / 5.7778)
CROSSED = np.array([[a, b] for a, b in zip([1, 2, 3, 4, 5] * 2, [2, 1, 4, 3, 5] * 2, strict=True)], dtype=float)


def test_items_that_say_the_same_have_an_alpha_of_one():
    found = reliability(ALIKE)
    assert found.alpha == pytest.approx(1)
    assert found.item_rest == pytest.approx((1, 1, 1))


def test_alpha_and_correlations_by_hand():
    # variance of each item 20/9, of the sum 72/9: covariance 16/9, r = .8, α = 2 · .8 / 1.8
    found = reliability(CROSSED)
    assert found.rows == 10
    assert found.alpha == pytest.approx(2 * 0.8 / 1.8)
    assert found.item_rest == pytest.approx((0.8, 0.8))


def test_reversed_item_shows_by_its_sign():
    found = reliability(np.column_stack([ALIKE, 6 - ALIKE[:, 0]]))
    assert found.item_rest[3] == pytest.approx(-1)


def test_only_whole_rows_count_and_few_say_nothing():
    holed = ALIKE.copy()
    holed[0, 1] = np.nan
    found = reliability(holed)
    assert (found.rows, found.alpha, found.item_rest) == (FEWEST_ROWS - 1, None, (None, None, None))


def test_item_that_all_answer_alike_has_no_correlation():
    found = reliability(np.column_stack([ALIKE, np.full(10, 4.0)]))
    assert found.item_rest[3] is None
    assert reliability(np.full((12, 3), 2.0)).alpha is None


@given(arrays(float, (15, 4), elements=st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0])))
def test_alpha_never_exceeds_one_and_forgets_the_order_of_items(points):
    found, turned = reliability(points), reliability(points[:, ::-1])
    assert found.alpha is None or found.alpha <= 1 + 1e-9
    assert (found.alpha is None) == (turned.alpha is None)
    assert found.alpha is None or found.alpha == pytest.approx(turned.alpha)
