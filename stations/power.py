"""What a cluster-randomised 2×2 factorial can show: detectable effects, and the power for a given one.

Two factors (training, risk scale) crossed give four arms of equal numbers of stations. Everything is computed from the
mean of each station, whose variance, in units of the outcome's total variance, is design effect / women followed:

    design effect = 1 + ((cv² + 1) m − 1) × ICC        (Eldridge, Ashby and Kerry 2006; cv: of the stations' sizes)

Small numbers of stations ask for Student's t rather than the normal distribution. The degrees of freedom are the
stations compared less the coefficients of the model that compares them: a main effect uses every station and the
model with a constant and both factors (4k − 3, so 13 for 16 stations); a pairwise comparison only its two arms and
their two means (2k − 2, so 6 for 4 against 4); the interaction every station and four means (4k − 4).

The detectable effect is the standard error times (t for α/2 + t for the power), both central (Bloom 1995): the
quantity that trial protocols report. The power of a given effect is exact, from the noncentral t. At α .05 and power
.80 the power of the detectable effect is within .005 of .80 from six degrees of freedom on; with fewer, believe it.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import isnan, sqrt

ARMS = 4


class Comparison(StrEnum):
    """What is compared."""

    MAIN = "main"
    PAIRWISE = "pairwise"
    INTERACTION = "interaction"


# Of each comparison: its variance over that of the mean of one arm, the arms it uses, the coefficients it estimates.
_SHAPES = {Comparison.MAIN: (1, 4, 3), Comparison.PAIRWISE: (2, 2, 2), Comparison.INTERACTION: (4, 4, 4)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A trial as planned: stations in each arm, women enrolled in each station, and what is supposed of the outcome.

    `icc`, `attrition` (share of women lost), `size_variation` (standard deviation of the stations' sizes over their
    mean), `explained` (share of the outcome's variance that baseline and wave explain), `alpha` (two-sided) and
    `power` are proportions; `size_variation` may exceed 1. Raises ValueError for what no trial can be.
    """

    stations_per_arm: int
    women: float
    icc: float
    attrition: float = 0.0
    size_variation: float = 0.0
    explained: float = 0.0
    alpha: float = 0.05
    power: float = 0.80

    def __post_init__(self) -> None:
        if self.stations_per_arm < 2:  # noqa: PLR2004 (one station has no spread)
            raise ValueError("an arm needs at least two stations")
        if not (
            0 <= self.icc <= 1 and 0 <= self.attrition < 1 and 0 <= self.explained < 1 and self.size_variation >= 0
        ):
            raise ValueError("ICC, attrition, explained share and size variation are proportions from 0")
        if not 0 < self.alpha < 0.5 < self.power < 1:  # noqa: PLR2004
            raise ValueError("alpha lies between 0 and .5, power between .5 and 1")
        if self.women_followed < 1:
            raise ValueError("no woman is left in a station")

    @property
    def stations(self) -> int:
        """The stations of all arms."""
        return ARMS * self.stations_per_arm

    @property
    def power_pct(self) -> float:
        return round(self.power * 100, 6)

    @property
    def women_followed(self) -> float:
        """The women of a station who are still there at the end, on average."""
        return round(self.women * (1 - self.attrition), 9)


def design_effect(trial: Trial) -> float:
    """Return how many times the variance of a mean grows because women of one station resemble each other."""
    return 1 + ((trial.size_variation**2 + 1) * trial.women_followed - 1) * trial.icc


def degrees_of_freedom(trial: Trial, comparison: Comparison) -> int:
    """Return the stations compared less the coefficients estimated."""
    _variance, arms, coefficients = _SHAPES[comparison]
    return arms * trial.stations_per_arm - coefficients


def detectable_effect(trial: Trial, comparison: Comparison) -> float:
    """Return the smallest effect that the trial finds with its power, in standard deviations of the outcome."""
    return _multiplier(trial, comparison) * _standard_error(
        trial, comparison, design_effect(trial) / trial.women_followed
    )


def smallest_reachable(trial: Trial, comparison: Comparison) -> float:
    """Return the detectable effect, in standard deviations, that no number of women in these stations can undercut.

    As women grow without bound, only the differences between stations remain: (cv² + 1) × ICC.
    """
    between = (trial.size_variation**2 + 1) * trial.icc
    return _multiplier(trial, comparison) * _standard_error(trial, comparison, between)


def power_of(trial: Trial, comparison: Comparison, effect: float) -> float:
    """Return the probability of finding an effect (in standard deviations of the outcome), in either direction.

    T² of a noncentral t is a noncentral F, so one term holds both tails.
    """
    from scipy.special import ncfdtr, stdtrit  # noqa: PLC0415 (half a second, in every process of the study)

    shift = effect / _standard_error(trial, comparison, design_effect(trial) / trial.women_followed)
    freedom = degrees_of_freedom(trial, comparison)
    missed = float(ncfdtr(1, freedom, shift**2, stdtrit(freedom, 1 - trial.alpha / 2) ** 2))
    # Where the probability of missing it is below 1e-58, SciPy may answer not-a-number.
    return 1.0 if isnan(missed) else 1 - missed


def in_points(effect: float, prevalence: float) -> float:
    """Return an effect on a yes-or-no outcome in percentage points: standard deviations × √(p (1 − p)) × 100."""
    return effect * sqrt(prevalence * (1 - prevalence)) * 100


def in_deviations(points: float, prevalence: float) -> float:
    """Return percentage points as standard deviations of a yes-or-no outcome. The prevalence is neither 0 nor 1."""
    return points / 100 / sqrt(prevalence * (1 - prevalence))


def _multiplier(trial: Trial, comparison: Comparison) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415 (as above)

    freedom = degrees_of_freedom(trial, comparison)
    return float(stdtrit(freedom, 1 - trial.alpha / 2) + stdtrit(freedom, trial.power))


def _standard_error(trial: Trial, comparison: Comparison, station_variance: float) -> float:
    variance, _arms, _coefficients = _SHAPES[comparison]
    return sqrt(variance * (1 - trial.explained) * station_variance / trial.stations_per_arm)
