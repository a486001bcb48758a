"""Several outcomes: reference values, statsmodels, and what the adjustments promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import fdrcorrection

from panel.estimators.clustered import DesignInvalid, fit_panel
from panel.estimators.multiplicity import benjamini_hochberg, family_of, holm, romano_wolf, standardised_sizes
from panel.estimators.wild_bootstrap import draw_signs, wild_test
from tests.panel.panels import arrays, small_panel


@pytest.mark.requirement("F46")
def test_reference_values():
    # domain.md, section 5
    assert holm((0.01, 0.02, 0.03, 0.04)) == pytest.approx([0.04, 0.06, 0.06, 0.06], rel=1e-12)
    assert benjamini_hochberg((0.01, 0.02, 0.03, 0.04)) == pytest.approx([0.04] * 4, rel=1e-12)


@pytest.mark.parametrize("outcomes", [1, 2, 5, 12])
def test_holm_by_its_definition_and_benjamini_hochberg_as_statsmodels_has_it(outcomes):
    rng = np.random.default_rng(outcomes)
    for p in (rng.random(outcomes), rng.random(outcomes) ** 4, rng.integers(0, 3, outcomes) / 50, np.ones(outcomes)):
        stepped = [max(min(1, (p >= other).sum() * other) for other in p if other <= own) for own in p]
        assert holm(p) == pytest.approx(stepped, abs=1e-12)
        assert benjamini_hochberg(p) == pytest.approx(fdrcorrection(p)[1], abs=1e-12)


def written_out(statistics):
    """Romano and Wolf (2016), step by step as the article writes it."""
    observed, left, last, found = statistics[0], list(range(statistics.shape[1])), 0.0, {}
    for j in sorted(left, key=lambda one: -observed[one]):
        last = max(last, float(np.mean(statistics[:, left].max(axis=1) >= observed[j])))
        found[j] = last
        left.remove(j)
    return [found[j] for j in range(statistics.shape[1])]


@given(seed=st.integers(0, 10_000), outcomes=st.integers(1, 6))
def test_romano_wolf_steps_down(seed, outcomes):
    statistics = np.abs(np.random.default_rng(seed).normal(size=(200, outcomes))) * np.linspace(1, 2, outcomes)
    found = romano_wolf(statistics)
    alone = [float(np.mean(column >= column[0])) for column in statistics.T]
    assert found == pytest.approx(written_out(statistics))
    assert all(one >= own for one, own in zip(found, alone, strict=True))
    assert min(found) >= 1 / 200


def test_romano_wolf_of_one_outcome_thrice_is_its_own_p():
    column = np.abs(np.random.default_rng(1).normal(size=(500, 1)))
    assert romano_wolf(np.repeat(column, 3, axis=1)) == [float(np.mean(column >= column[0]))] * 3


def test_family_takes_the_same_signs_for_all():
    frame = small_panel(clusters=8)
    frame["z"] = frame.y + np.random.default_rng(2).normal(size=len(frame))
    panels = {name: arrays(frame, name, ("treated", "x")) for name in ("y", "z")}
    found = family_of({**panels, "again": panels["y"]}, "treated", seed=1)
    assert [member.outcome for member in found] == ["y", "z", "again"]
    for member, panel in zip(found, (panels["y"], panels["z"]), strict=False):
        fit = fit_panel(panel)
        assert member.estimate == fit.coefficients[0]
        assert member.p == wild_test(fit, 0, draw_signs(8, 1)).p
    assert found[0].romano_wolf == found[2].romano_wolf
    assert all(member.p <= member.romano_wolf <= member.holm + 1e-12 for member in found)


def test_family_of_different_stations_is_refused():
    frame = small_panel()
    fewer = frame[frame.station < 4].reset_index(drop=True)
    with pytest.raises(DesignInvalid, match=r"^the outcomes of a family must be of the same clusters$"):
        family_of({"y": arrays(frame, "y", ("treated",)), "z": arrays(fewer, "y", ("treated",))}, "treated", seed=1)


def test_coefficients_are_brought_to_one_scale():
    drawn = np.random.default_rng(3).normal(size=(1000, 1))
    sizes = standardised_sizes(np.hstack([drawn, 100 * drawn, 0 * drawn]))
    assert sizes[:, 0] == pytest.approx(sizes[:, 1])
    assert (sizes[:, 2] == 0).all()
