"""How the page of detectable effects says things: every figure in percentage points and standard deviations."""

from dataclasses import dataclass, replace

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stations.charts import LineChart, line_chart
from stations.power import (
    Comparison,
    Trial,
    degrees_of_freedom,
    detectable_effect,
    in_deviations,
    in_points,
    power_of,
    smallest_reachable,
)

COMPARISONS: dict[Comparison, str | Promise] = {
    Comparison.MAIN: _("One factor as a whole"),
    Comparison.PAIRWISE: _("Two arms"),
    Comparison.INTERACTION: _("Interaction of the factors"),
}
# Interactions are twice the first everywhere; a table and a line of their own would say no more.
COMPARED_OVER_THE_GRID = (Comparison.MAIN, Comparison.PAIRWISE)
ICCS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1)
WOMEN = (25, 50, 75, 100, 150, 200)
CURVE_STEPS = 20


@dataclass(frozen=True, slots=True)
class Figure:
    """What a comparison can show; `falls_to` in %, None where the difference exceeds the whole prevalence."""

    label: str | Promise
    stations: int
    points: float
    deviations: float
    freedom: int
    falls_to: float | None
    floor_points: float
    found_in_100: float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A detectable effect of the table; `is_asked` where ICC and women are those of the form."""

    points: float
    deviations: float
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """Detectable effects of one comparison: a row for each ICC, a column for each number of women."""

    label: str | Promise
    women: list[float]
    rows: list[tuple[float, list[Cell]]]


@dataclass(frozen=True, slots=True)
class Curve:
    """Detectable effects by ICC: the chart, its lines' names, and the same numbers as rows (ICC, points…)."""

    chart: LineChart
    labels: list[str | Promise]
    rows: list[tuple[float, list[float]]]
    finding: str


def figures(trial: Trial, prevalence: float, effect_points: float | None) -> dict[Comparison, Figure]:
    """Return what each comparison can show, and how many of 100 such trials would find an effect, if one is given."""
    return {comparison: _figure(trial, comparison, prevalence, effect_points) for comparison in Comparison}


def _figure(trial: Trial, comparison: Comparison, prevalence: float, effect_points: float | None) -> Figure:
    deviations = detectable_effect(trial, comparison)
    points = in_points(deviations, prevalence)
    found = None if effect_points is None else power_of(trial, comparison, in_deviations(effect_points, prevalence))
    return Figure(
        label=COMPARISONS[comparison],
        stations=trial.stations_per_arm * (1 if comparison is Comparison.PAIRWISE else 2),
        points=points,
        deviations=deviations,
        freedom=degrees_of_freedom(trial, comparison),
        falls_to=prevalence * 100 - points if points <= prevalence * 100 else None,
        floor_points=in_points(smallest_reachable(trial, comparison), prevalence),
        found_in_100=None if found is None else found * 100,
    )


def grids(trial: Trial, prevalence: float) -> list[Grid]:
    """Return a table for one factor and one for two arms, the form's own ICC and women among the usual ones."""
    iccs, women = sorted({*ICCS, trial.icc}), sorted({*WOMEN, trial.women})
    return [
        Grid(
            COMPARISONS[comparison],
            list(women),
            [(icc, [_cell(trial, comparison, prevalence, icc, number) for number in women]) for icc in iccs],
        )
        for comparison in COMPARED_OVER_THE_GRID
    ]


def _cell(trial: Trial, comparison: Comparison, prevalence: float, icc: float, women: float) -> Cell:
    deviations = detectable_effect(replace(trial, icc=icc, women=women), comparison)
    return Cell(in_points(deviations, prevalence), deviations, (icc, women) == (trial.icc, trial.women))


def curve(trial: Trial, prevalence: float) -> Curve:
    """Return the detectable points by ICC, from 0 to .1 or as far as the form's own."""
    last = max(0.1, trial.icc)
    iccs = sorted({*(round(last * step / CURVE_STEPS, 6) for step in range(CURVE_STEPS + 1)), trial.icc})
    lines = {
        comparison: [
            (icc, in_points(detectable_effect(replace(trial, icc=icc), comparison), prevalence)) for icc in iccs
        ]
        for comparison in COMPARED_OVER_THE_GRID
    }
    rows = [
        (icc, [points for _icc, points in at]) for icc, at in zip(iccs, zip(*lines.values(), strict=True), strict=True)
    ]
    labels = [COMPARISONS[comparison] for comparison in lines]
    return Curve(
        line_chart({str(COMPARISONS[comparison]): line for comparison, line in lines.items()}, mark=trial.icc),
        labels,
        rows,
        gettext("At an ICC of %(icc)s, one factor as a whole shows differences from %(points)s points on")
        % {"icc": number_format(trial.icc), "points": number_format(dict(lines[Comparison.MAIN])[trial.icc], 1)},
    )
