"""Cohen's kappa against published tables, and where it is not defined."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.agreement import Agreement, agreement, pooled

UNITS = st.integers(1, 40)


# Source of the first three: the worked examples of the article "Cohen's kappa" (Wikipedia, read 2026), whose tables are
# yes/yes, yes/no, no/yes, no/no. The others follow from the definition (Cohen 1960).
@pytest.mark.requirement("F53")
@pytest.mark.parametrize(
    ("table", "observed", "kappa"),
    [
        ((20, 5, 10, 15), 0.70, 0.40),
        ((45, 15, 25, 15), 0.60, 0.1304),
        ((25, 35, 5, 35), 0.60, 0.2593),
        ((10, 0, 0, 10), 1.0, 1.0),
        ((0, 10, 10, 0), 0.0, -1.0),
        ((5, 5, 5, 5), 0.5, 0.0),
        ((0, 3, 0, 7), 0.7, 0.0),
    ],
)
def test_published_tables(table, observed, kappa):
    found = Agreement(*table)
    assert found.observed == pytest.approx(observed)
    assert found.kappa == pytest.approx(kappa, abs=5e-5)


@pytest.mark.parametrize("table", [(0, 0, 0, 8), (8, 0, 0, 0), (0, 0, 0, 0)], ids=["nowhere", "everywhere", "no units"])
def test_where_nothing_varies_kappa_is_not_defined(table):
    assert Agreement(*table).kappa is None


def test_units_are_counted():
    assert agreement(5, [0, 1, 1], {1, 2}) == Agreement(1, 1, 1, 2)
    assert pooled([Agreement(1, 1, 1, 2), Agreement(0, 0, 0, 5)]) == Agreement(1, 1, 1, 7)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_kappa_is_symmetric_and_within_its_bounds(units):
    first = {n for n, (one, _other) in enumerate(units) if one}
    second = {n for n, (_one, other) in enumerate(units) if other}
    found, turned = agreement(len(units), first, second), agreement(len(units), second, first)
    assert found.units == len(units)
    assert found.kappa == pytest.approx(turned.kappa) if found.kappa is not None else turned.kappa is None
    assert found.kappa is None or -1 <= found.kappa <= 1 + 1e-12
    if first == second and 0 < len(first) < len(units):
        assert found.kappa == pytest.approx(1)
