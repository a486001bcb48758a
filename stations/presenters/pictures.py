"""The pictures of a draw: geometry with names in the reader's language, and the same numbers as rows of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from stations.balance import BalanceRow, pair_differences
from stations.charts import Histogram, LovePlot, histogram, love_plot
from stations.maps import Map, Mark, Place, lay_out
from stations.models import AllocatedStation, Frame
from stations.presenters.draws import COVARIATES, ConstraintLines

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
    finding: str


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
    largest, covariate = max((max(values), label) for label, values in named.items())
    return LovePicture(
        love_plot(named, marks=[RULE_OF_THUMB, *chance]),
        [_("%(second)s against %(first)s") % {"first": arm_labels[a], "second": arm_labels[b]} for a, b in pairs],
        [(label, list(by_pair.values())) for label, by_pair in differences.items()],
        RULE_OF_THUMB,
        chance,
        _("The largest difference between two arms is %(value)s standard deviations: %(covariate)s")
        % {"value": number_format(largest, 2), "covariate": covariate},
    )


@dataclass(frozen=True, slots=True)
class HistogramPicture:
    """The balance score over all assignments: the bars, and each bin as (from, to, how many, share in %)."""

    bars: Histogram
    rows: list[tuple[float, float, int, float]]
    cutoff: float
    drawn: float
    finding: str


def score_picture(constraint: ConstraintLines | None) -> HistogramPicture | None:
    """Return the distribution of the balance score with the cut-off and the drawn score; None for other methods."""
    if constraint is None:
        return None
    # Each way to part the stations into sets is counted once; naming the sets after the arms keeps its score.
    total = sum(count for _low, _high, count in constraint.bins)
    namings = constraint.assignments // total
    rows = [(low, high, count * namings, 100 * count / total) for low, high, count in constraint.bins]
    bars = histogram(constraint.bins, cutoff=constraint.cutoff, marked=constraint.drawn)
    finding = _("The drawn assignment scores %(drawn)s and is among the best %(share)s per cent of all") % {
        "drawn": number_format(constraint.drawn, 2),
        "share": number_format(100 * constraint.kept / constraint.assignments, 1),
    }
    return HistogramPicture(bars, rows, constraint.cutoff, constraint.drawn, finding)


# The shapes of the arms, drawn around 0 0: nobody needs to tell colours apart.
SHAPES = (
    "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
    "M-4.6 -4.6h9.2v9.2h-9.2z",
    "M0 -6L5.8 4.4h-11.6z",
    "M0 -6.4L6.4 0L0 6.4L-6.4 0z",
    "M0 6L5.8 -4.4h-11.6z",
    "M-2 -5.6h4v3.6h3.6v4h-3.6v3.6h-4v-3.6h-3.6v-4h3.6z",
)


@dataclass(frozen=True, slots=True)
class Symbol:
    """An arm's shape (an SVG path around 0 0), the number of its colour, and its name."""

    path: str
    colour: int
    label: str


@dataclass(frozen=True, slots=True)
class MapPicture:
    """The districts with the drawn stations: the map, each mark's symbol, the legend, and a row for each district."""

    layout: Map
    marks: list[tuple[Mark, Symbol]]
    legend: list[Symbol]
    rows: list[tuple[str, int, list[str]]]
    largest_population: int
    finding: str


def map_picture(frame: Frame, by_arm: Sequence[tuple[str, Sequence[AllocatedStation]]]) -> MapPicture:
    """Return the map of a draw from the frozen frame it was drawn from; stations by study code, arms by name."""
    symbols = [
        Symbol(SHAPES[place % len(SHAPES)], place % len(SHAPES) + 1, label)
        for place, (label, _drawn) in enumerate(by_arm)
    ]
    ubigeos = {row["code"]: row["ubigeo"] for row in frame.stations}
    places = {
        row["ubigeo"]: Place(row["name"], float(row["latitude"]), float(row["longitude"]), int(row["population_2020"]))
        for row in frame.districts
    }
    marks = [
        (drawn.study_code, ubigeos[drawn.station.code], group)
        for group, (_label, stations) in enumerate(by_arm)
        for drawn in stations
    ]
    layout = lay_out(places, marks)
    return MapPicture(
        layout,
        [(mark, symbols[mark.group]) for mark in layout.marks],
        symbols,
        [
            (
                place.name,
                place.population,
                [f"{name} · {symbols[group].label}" for name, at, group in marks if at == ubigeo],
            )
            for ubigeo, place in sorted(places.items(), key=lambda item: item[1].name)
        ],
        max((place.population for place in places.values()), default=0),
        _("The %(stations)s stations drawn lie in %(districts)s of %(all)s districts")
        % {"stations": len(marks), "districts": len({at for _name, at, _group in marks}), "all": len(places)},
    )
