"""Shares of people in words: the finding, the picture and its table."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from quality.funnels import ACTION, Funnel, Judged, Zone, funnel, judged
from quality.measures import COUNTINGS, Measure
from quality.queries.rates import PersonCount

ZONES: dict[Zone, str | Promise] = {
    Zone.WITHIN: _("As chance alone explains"),
    Zone.RARE: _("Rarely so by chance"),
    Zone.BEYOND: _("Hardly ever so by chance"),
}
_KINDS = {Zone.WITHIN: "neutral", Zone.RARE: "info", Zone.BEYOND: "warn"}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of the table, by code; the name is for whoever may know it."""

    code: str
    name: str
    cases: int
    hits: int
    pct: int
    chance: str
    zone: str
    kind: str


@dataclass(frozen=True, slots=True)
class PeopleShown:
    """A measure of people: the finding as a sentence, the picture, the table, and how many are left out of both."""

    finding: str
    case: str
    usual_pct: int | None
    chart: Funnel | None
    rows: list[PersonRow]
    with_few: int
    by_chance: str


def people_shown(people: Sequence[PersonCount], cases: int, hits: int, *, measure: Measure) -> PeopleShown:
    """Return people beside everybody's share (`hits` of `cases`); who has fewer than ten cases is only counted."""
    usual = hits / cases if cases else 0.0
    found = judged((one.counted for one in people), usual)
    names = {one.code: one.person.display_name for one in people}
    return PeopleShown(
        finding=_finding(found, usual if cases else None, measure),
        case=str(COUNTINGS[measure].case),
        usual_pct=round(100 * usual) if cases else None,
        chart=funnel(found, usual),
        rows=[_row(one, names) for one in found],
        with_few=len(people) - len(found),
        by_chance=f"{len(found) * ACTION:.1f}",
    )


def _finding(found: Sequence[Judged], usual: float | None, measure: Measure) -> str:
    if usual is None or not found:
        return ""
    beyond = sum(one.zone == Zone.BEYOND for one in found)
    said = {"measure": measure.label, "people": len(found), "beyond": beyond, "pct": round(100 * usual)}
    if not beyond:
        return gettext("%(measure)s: %(pct)s %% in all, and chance alone explains how %(people)s people differ") % said
    return (
        ngettext(
            "%(measure)s: %(pct)s %% in all; %(beyond)s of %(people)s people differs by more than chance",
            "%(measure)s: %(pct)s %% in all; %(beyond)s of %(people)s people differ by more than chance",
            beyond,
        )
        % said
    )


def _row(one: Judged, names: dict[str, str]) -> PersonRow:
    return PersonRow(
        code=one.counted.code,
        name=names[one.counted.code],
        cases=one.counted.cases,
        hits=one.counted.hits,
        pct=round(one.counted.pct),
        chance=f"{one.low_pct:.0f}–{one.high_pct:.0f}",
        zone=str(ZONES[one.zone]),
        kind=_KINDS[one.zone],
    )
