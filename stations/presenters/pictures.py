"""The pictures of a draw: geometry with names in the reader's language, and the same numbers as rows of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from stations.balance import BalanceRow, pair_differences
from stations.charts import LovePlot, love_plot
from stations.presenters.draws import COVARIATES

# The usual rule of thumb for individuals. With four stations an arm chance itself is ten times as wide.
RULE_OF_THUMB = 0.1


@dataclass(frozen=True, slots=True)
class LovePicture:
    """Standardised differences: the plot, the pairs of arms in words, each covariate with its differences by pair."""

    plot: LovePlot
    pairs: list[str]
    rows: list[tuple[str | Promise, list[float]]]
    rule_of_thumb: float
    chance: tuple[float, float]


def love_picture(
    balance: Sequence[BalanceRow], arm_labels: Mapping[str, str], chance: tuple[float, float] | None
) -> LovePicture | None:
    """Return the love plot of a draw: a dot for each pair of arms, which is the standard for more than two groups.

    The dot furthest to the right is the difference of the balance table, and it is what `chance` speaks of; each arm
    against the mean of all would hide it. None with one station an arm, where nothing can be measured.
    """
    if chance is None or not balance:
        return None
    differences = {COVARIATES.get(row.covariate, row.covariate): pair_differences(row) for row in balance}
    named = {str(label): list(pairs.values()) for label, pairs in differences.items()}
    pairs = pair_differences(balance[0])
    return LovePicture(
        love_plot(named, marks=[RULE_OF_THUMB, *chance]),
        [_("%(second)s against %(first)s") % {"first": arm_labels[a], "second": arm_labels[b]} for a, b in pairs],
        [(label, list(by_pair.values())) for label, by_pair in differences.items()],
        RULE_OF_THUMB,
        chance,
    )
