"""The draw: a share that holds, each survey by itself, the same for ever."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from back_checks.sampling import is_chosen

IDS, SEEDS, SHARES = st.uuids(), st.integers(0, 2**40), st.integers(0, 100)


@given(seed=SEEDS, ids=st.lists(IDS, unique=True, max_size=30), share=SHARES, data=st.data())
def test_who_is_drawn_depends_on_no_order_and_on_no_other(seed, ids, share, data):
    alone = {one for one in ids if is_chosen(seed, one, share_pct=share)}
    shuffled = data.draw(st.permutations(ids))
    more = data.draw(st.lists(IDS, max_size=10))
    assert {one for one in [*shuffled, *more] if is_chosen(seed, one, share_pct=share)} >= alone
    assert {one for one in shuffled if is_chosen(seed, one, share_pct=share)} == alone


@given(seed=SEEDS, survey=IDS, small=SHARES, large=SHARES)
def test_larger_share_draws_the_same_and_more(seed, survey, small, large):
    small, large = sorted((small, large))
    assert is_chosen(seed, survey, share_pct=small) <= is_chosen(seed, survey, share_pct=large)


@given(seed=SEEDS, survey=IDS)
def test_none_are_drawn_of_nothing_and_all_of_the_whole(seed, survey):
    assert not is_chosen(seed, survey, share_pct=0)
    assert is_chosen(seed, survey, share_pct=100)


# 20,000 ids: a share of 5 % lies within four standard errors (0.0062).
@pytest.mark.parametrize("seed", [0, 7, 20261001])
def test_share_is_as_the_protocol_says(seed):
    drawn = sum(is_chosen(seed, UUID(int=number * 2**64 + 17), share_pct=5) for number in range(20_000))
    assert abs(drawn / 20_000 - 0.05) < 0.0062


def test_draw_is_the_same_for_ever():
    # Written down once: a change of the rule would draw others.
    ids = [UUID(int=number) for number in range(200)]
    assert [one.int for one in ids if is_chosen(20261001, one, share_pct=5)] == [3, 38, 43, 77, 82, 87, 150]
