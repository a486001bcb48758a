"""CTS2 by vectors (domain.md, section 3)."""

import pytest

from surveys.cts2_scores import ITEMS, MIDPOINTS, Cts2Score, score_cts2


def physical(*codes):
    return [*codes, *[0] * (ITEMS["physical"] - len(codes))]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (physical(1, 0, 3, 7), Cts2Score(frequency=5, annual=1, ever=1, chronicity=5)),
        (physical(7), Cts2Score(frequency=0, annual=0, ever=1, chronicity=None)),
        (physical(), Cts2Score(frequency=0, annual=0, ever=0, chronicity=None)),
        ([6] * 12, Cts2Score(frequency=300, annual=1, ever=1, chronicity=300)),
        (physical(None, 2), Cts2Score(frequency=None, annual=1, ever=1, chronicity=None)),
        (physical(None, 7), Cts2Score(frequency=None, annual=None, ever=1, chronicity=None)),
        (physical(None), Cts2Score(frequency=None, annual=None, ever=None, chronicity=None)),
    ],
)
def test_scale_by_codes(codes, expected):
    assert score_cts2(codes) == expected


@pytest.mark.parametrize(("code", "times"), list(enumerate(MIDPOINTS)))
def test_each_code_stands_for_its_midpoint(code, times):
    assert score_cts2([code]).frequency == times


@pytest.mark.parametrize("code", [-1, 8])
def test_code_outside_is_refused(code):
    with pytest.raises(ValueError, match=f"^{code}: expected a code from 0 to 7$"):
        score_cts2([code])
