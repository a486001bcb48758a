"""The charts of a report: boxes, lines and words, the same on page and paper, under titles that say what is seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from documents.pdf import Diagram, Words
from panel.columns import Label
from panel.reports.findings import Distribution, Effect, Findings, Likeness
from panel.reports.table import chance, number
from panel.reports.tables import TableWriter
from stations.charts import Scale, round_steps
from stations.power import Comparison, Trial, power_of

_WIDTH, _LEFT, _RIGHT, _PITCH, _DOT = 720.0, 250.0, 690.0, 22.0, 6.0
_BINS = 24
_CHANCES = Label(
    "%(outcome)s: %(refused)s de %(all)s efectos se distinguen de cero (p del bootstrap por estación < %(alpha)s)",
    "%(outcome)s: %(refused)s of %(all)s effects differ from zero (p of the wild cluster bootstrap < %(alpha)s)",
)
_BY_WAVE = Label("%(outcome)s, por ola: el mayor efecto es %(value)s (%(name)s)",
                 "%(outcome)s, by wave: the largest effect is %(value)s (%(name)s)")  # fmt: skip
_DRAWN = Label(
    "%(outcome)s, %(name)s: lo observado es %(value)s; p = %(p)s entre lo que otros sorteos habrían dado",
    "%(outcome)s, %(name)s: observed %(value)s; p = %(p)s among what other allocations would have given",
)
_OBSERVED = Label("observado", "observed")
_FINDS = Label("%(outcome)s: con potencia .80 se halla un efecto de %(value)s desviaciones",
               "%(outcome)s: an effect of %(value)s deviations is found with power .80")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart, and the code of the table that has its numbers."""

    code: str
    title: str
    diagram: Diagram
    table: str


def figures(found: Findings, writer: TableWriter, language: str) -> list[Figure]:
    """Return all charts in the order of the report."""
    drawn = []
    for outcome in found.plan.outcomes:
        name = writer.name_of(outcome.code)
        main = found.primary(outcome.code)
        if main.coefficients:
            drawn.append(_coefficients(main, name, found.plan.alpha, language))
        events = [(effect, called) for effect, called in found.of_waves(outcome.code) if effect.coefficients]
        drawn += [_waves(effect, name, called, language) for effect, called in events]
    drawn += [_distribution(one, writer.name_of(one.outcome), language) for one in found.distributions]
    drawn += [_power(one, writer.name_of(one.outcome), language) for one in found.likeness if one.detectable]
    return drawn


def _coefficients(effect: Effect, name: str, alpha: float, language: str) -> Figure:
    refused = sum(1 for c in effect.coefficients if (c.p["wild"] if c.p["wild"] is not None else 1.0) < alpha)
    said = {"outcome": name, "refused": refused, "all": len(effect.coefficients), "alpha": alpha}
    title = _CHANCES.in_language(language) % said
    return Figure(f"plot_{effect.outcome}", title, _dots(effect), f"inference_{effect.outcome}")


def _waves(effect: Effect, name: str, called: str, language: str) -> Figure:
    largest = max(effect.coefficients, key=lambda c: abs(c.estimate))
    title = _BY_WAVE.in_language(language) % {
        "outcome": name, "value": number(largest.estimate), "name": largest.name,
    }  # fmt: skip
    return Figure(f"waves_{called}", title, _dots(effect), f"event_{called}")


def _dots(effect: Effect) -> Diagram:
    """Lay out estimates with their CR2 intervals about an upright line at zero."""
    ends = [c.ci["cr2"] or (c.estimate, c.estimate) for c in effect.coefficients]
    steps = round_steps(min(0.0, *(e[0] for e in ends)), max(0.0, *(e[1] for e in ends)), at_most=7)
    across = Scale(steps[0], steps[-1], _LEFT, _RIGHT)
    bottom = 20 + _PITCH * len(ends)
    boxes, texts = [], []
    lines = [(across.at(0), 8.0, across.at(0), bottom), (_LEFT, bottom, _RIGHT, bottom)]
    for place, (c, (low, high)) in enumerate(zip(effect.coefficients, ends, strict=True)):
        y = 20 + _PITCH * place
        lines.append((across.at(low), y, across.at(high), y))
        boxes.append((across.at(c.estimate) - _DOT / 2, y - _DOT / 2, _DOT, _DOT))
        texts.append(Words(_LEFT - 12, y + 4, c.name, ends_at_x=True))
    texts += _axis(steps, across, bottom)
    return Diagram(_WIDTH, bottom + 26, boxes, lines, texts, filled=True)


def _axis(steps: Sequence[float], across: Scale, bottom: float) -> list[Words]:
    return [Words(across.at(step) + 10, bottom + 18, f"{step:g}", ends_at_x=True) for step in steps]


def counted(one: Distribution) -> list[tuple[float, float, int]]:
    """Return how many allocations gave a coefficient from … to …, in bins of one width."""
    counts, edges = np.histogram(one.coefficients, bins=_BINS)
    return [
        (float(low), float(high), int(count)) for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]


def _distribution(one: Distribution, name: str, language: str) -> Figure:
    bins, observed = counted(one), float(one.coefficients[0])
    steps = round_steps(min(0.0, bins[0][0]), max(0.0, bins[-1][1]), at_most=7)
    across, up = Scale(steps[0], steps[-1], 30, _RIGHT), Scale(0, max(count for _a, _b, count in bins), 200, 40)
    boxes = [
        (across.at(low), up.at(count), across.at(high) - across.at(low), 200 - up.at(count))
        for low, high, count in bins
        if count
    ]
    at = across.at(observed)
    words = Words(at + 4, 22, f"{_OBSERVED.in_language(language)} {number(observed)}")
    said = {"outcome": name, "name": one.treatment, "value": number(observed), "p": chance(one.p)}
    return Figure(
        f"drawn_{one.outcome}_{one.treatment}",
        _DRAWN.in_language(language) % said,
        Diagram(_WIDTH, 226, boxes, [(at, 12.0, at, 200.0), (30.0, 200.0, _RIGHT, 200.0)],
                [words, *_axis(steps, across, 200)], filled=True),
        f"distribution_{one.outcome}_{one.treatment}",
    )  # fmt: skip


def power_points(one: Likeness) -> list[tuple[float, float]]:
    """Return the power of finding effects of one factor, in deviations, at the correlation observed."""
    if one.icc is None:
        return []
    trial = Trial(
        stations_per_arm=one.stations_per_arm,
        women=max(one.icc.women_per_station, 1.0),
        icc=min(max(one.icc.value, 0.0), 1.0),
    )
    effects = [0.05 * step for step in range(1, 21)]
    return [(effect, power_of(trial, Comparison.MAIN, effect)) for effect in effects]


def _power(one: Likeness, name: str, language: str) -> Figure:
    points = power_points(one)
    across, up = Scale(0, 1, 40, _RIGHT), Scale(0, 1, 200, 20)
    placed = [(across.at(effect), up.at(power)) for effect, power in points]
    lines = [(*a, *b) for a, b in pairwise(placed)]
    lines += [(40.0, 200.0, _RIGHT, 200.0), (40.0, up.at(0.8), _RIGHT, up.at(0.8))]
    texts = [*_axis([0, 0.2, 0.4, 0.6, 0.8, 1], across, 200), Words(34, up.at(0.8) + 4, ".80", ends_at_x=True)]
    value = (one.detectable or 0.0) / one.deviation if one.deviation else 0.0
    title = _FINDS.in_language(language) % {"outcome": name, "value": number(value, 2)}
    return Figure(
        f"power_{one.outcome}", title, Diagram(_WIDTH, 226, [], lines, texts, filled=True), f"power_{one.outcome}"
    )
