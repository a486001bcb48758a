"""The dose and what mixed the arms, in words: labels, tables and the sentence above the picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from monitoring.dose import Dose, ShownWeek, StationWeek, summed, total
from monitoring.presenters.numbers import shown_number
from monitoring.queries.contamination import Mixing
from monitoring.shares import shown_share
from monitoring.trend_chart import Trend, trend

STATE_LABELS: Mapping[str, str | Promise] = {
    "done": _("Done"),
    "refused": _("Refused"),
    "unsafe": _("Not safe or broken off"),
    "not_met": _("Nobody met"),
    "missed": _("Missed"),
    "to_come": _("To come"),
}
ENTRY_LABELS: Mapping[str, str | Promise] = {
    "officer": _("Officer moved between arms"),
    "woman": _("Woman moved between arms"),
    "session": _("Session at a station without training"),
}
ONE_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DoseRow:
    """One line of the table: a station (or all, with an empty label) or a week, and its officers trained of all."""

    label: str
    dose: Dose
    trained: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the blinded ledger: what was counted, and the number in words ("fewer than 5" of 1 to 4)."""

    label: str
    number: str


def station_rows(
    weeks: Sequence[StationWeek], codes: Mapping[int, str], trained: Mapping[int, tuple[int, int]]
) -> list[DoseRow]:
    """Return the dose of each station in the order of `codes`, then of all."""
    by_station = summed(weeks, lambda week: week.station_id)
    rows = [DoseRow(code, by_station.get(pk, Dose()), trained.get(pk)) for pk, code in codes.items()]
    complete, officers = (sum(numbers[place] for numbers in trained.values()) for place in (0, 1))
    return [*rows, DoseRow("", total(weeks), (complete, officers) if trained else None)]


def week_rows(weeks: Sequence[StationWeek], trained: Mapping[tuple[int, date], tuple[int, int]]) -> list[DoseRow]:
    """Return the dose of each week with its officers trained, the latest first."""
    by_week = summed(weeks, lambda week: week.monday)
    coverage: dict[date, tuple[int, int]] = {}
    for (_station, monday), (whole, officers) in trained.items():
        before = coverage.get(monday, (0, 0))
        coverage[monday] = (before[0] + whole, before[1] + officers)
    return [DoseRow(week_name(monday), dose, coverage.get(monday)) for monday, dose in reversed(by_week.items())]


def week_name(monday: date | None) -> str:
    """Return the first day of a week as people write it; of all weeks, the word."""
    return gettext("All weeks") if monday is None else date_format(monday, "SHORT_DATE_FORMAT")


def dose_chart(weeks: Sequence[ShownWeek], *, this_monday: date) -> Trend | None:
    """Return the shares of visits done and on time, by week that is over; a share of small cells leaves a gap."""
    over = [week for week in weeks if week.monday is not None and week.monday < this_monday]
    series = {
        gettext("Done"): [week.done_pct for week in over],
        gettext("On time"): [week.on_time_pct for week in over],
    }
    return trend([date_format(week.monday, "d/m") for week in over if week.monday], series)


def dose_finding(weeks: Sequence[StationWeek], *, this_monday: date) -> str:
    """Say in one sentence what came of the last week that is over; "" without one, or where cells are small."""
    last = total(week for week in weeks if week.monday == this_monday - ONE_WEEK)
    done, on_time = shown_share(last.done, last.planned - last.to_come), shown_share(last.on_time, last.attempted)
    if done is None or on_time is None:
        return ""
    return gettext("Last week %(done)s %% of the visits were done, and %(on_time)s %% of those tried were on time") % {
        "done": done,
        "on_time": on_time,
    }


def mixing_figures(mixing: Mixing, *, hides_small: bool) -> list[Figure]:
    """Return the ledger in counts, 1 to 4 told as fewer than 5 to whoever may read no small cell."""
    counted = (
        (gettext("Officers who moved between arms"), mixing.officers_moved),
        (gettext("Women who moved between arms"), mixing.women_moved),
        (gettext("Sessions at stations without training"), mixing.sessions_without_training),
        (gettext("Trained officers who serve today where there is no training"), mixing.trained_without_training),
        (gettext("Weeks of women above the usual visits, where visits are as usual"), mixing.women_weeks_above_usual),
    )
    figures = [Figure(label, shown_number(count, hides_small=hides_small)) for label, count in counted]
    share = shown_share(mixing.women_weeks_above_usual, mixing.women_weeks)
    return [*figures, Figure(gettext("The same, of all their weeks"), "–" if share is None else f"{share} %")]
