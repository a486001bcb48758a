"""Recruitment on a random simulated study: every number of the page is what plain loops over the rows find."""

import math
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from accounts.roles import Role
from panel.small_cells import shown_counts, shown_table
from participants.models import IncidentReport, Participant, Screening
from protocol.queries import current_protocol
from simulation.loader import load_study
from simulation.world import WorldSettings
from stations.queries import study_stations
from tests.factories import UserFactory

# In the order of the page.
LINES = ("to_screen", "unreachable", "not_eligible", "refused", "to_enrol", "enrolled")
LONGEST_PACE_DAYS, SHORTEST_PACE_DAYS = 56, 7


def opened(role: Role, name: str = "recruitment") -> Any:
    client = Client()
    client.force_login(UserFactory(role=role))
    client.cookies["idioma"] = "es"
    return client.get(reverse(name)).context


@pytest.fixture(params=[4, 21])
def world(committed_study, request) -> None:
    settings = WorldSettings(
        seed=request.param, as_of=timezone.localdate(), clusters=8, participants=96, elapsed_months=5
    )
    load_study(settings, now=timezone.now(), say=lambda _line: None)


def counting(report: IncidentReport) -> Screening | None:
    found = [screening for screening in report.screenings.all() if screening.superseded_at is None]
    return found[0] if found else None


def women_who_reported() -> list[tuple[IncidentReport, str]]:
    """Return each woman's first report with what came of it: once, and not where another report of hers enrolled."""
    found = []
    for report in IncidentReport.objects.all():
        screening = counting(report)
        enrolled = screening is not None and screening.participant_id is not None
        if report.first_report_id is not None or (report.participant_id is not None and not enrolled):
            continue
        outcome = screening.outcome if screening else "to_screen"
        found.append((report, "enrolled" if enrolled else "to_enrol" if outcome == "eligible" else outcome))
    return found


def monday_of(day: date) -> date:
    while day.isoweekday() != 1:
        day -= timedelta(days=1)
    return day


@pytest.mark.requirement("F50")
@pytest.mark.timeout(1800)  # plain loops take their time
def test_every_number_is_what_a_slow_count_finds(world):
    context, women = opened(Role.ADMINISTRATOR), women_who_reported()
    flow_is_counted(context, women)
    blinding_is_counted(context)
    weeks_are_counted(context)
    stations_are_counted(context)
    weeks_of_stations_are_counted(opened(Role.STATISTICIAN, "station_weeks"), women)
    the_board_reads_the_same_without_small_cells(opened(Role.ETHICS_BOARD), women)


def flow_is_counted(context, women) -> None:
    """Each station and month, by what came of the women; the consent rate; and why women could not take part."""
    by_station = Counter((report.station_id, line) for report, line in women)
    drawn = list(study_stations())
    assert [row.label for row in context["stations"]] == [*(one.study_code for one in drawn), "Todas"]
    for one, row in zip(drawn, context["stations"], strict=False):
        expected = [by_station[one.station_id, line] for line in LINES]
        assert (list(row.counts), row.reported) == (expected, sum(expected)), row.label
        decided = expected[LINES.index("enrolled")] + expected[LINES.index("refused")]
        agreed = round(100 * expected[LINES.index("enrolled")] / decided) if decided else None
        assert row.agreed_pct == agreed, row.label
    assert context["stations"][-1].reported == len(women)
    months = sorted({report.reported_on.replace(day=1) for report, _line in women})
    with override("es"):
        assert [row.label for row in context["months"][:-1]] == [
            date_format(day, "YEAR_MONTH_FORMAT") for day in months
        ]
    for month, row in zip(months, context["months"], strict=False):
        of_month = Counter(line for report, line in women if report.reported_on.replace(day=1) == month)
        assert list(row.counts) == [of_month[line] for line in LINES], row.label
    reasons: Counter[str] = Counter()
    for screening in Screening.objects.all():
        if screening.superseded_at is None and screening.outcome == "not_eligible":
            reasons.update(screening.reasons)
    rules = current_protocol().screening.rules
    assert dict(context["excluded"]) == {rule.exclusion.in_language("es"): reasons[rule.code] for rule in rules}


def blinding_is_counted(context) -> None:
    """Who screened where, and the share of those who did not know what the station receives."""
    counts = [screening for screening in Screening.objects.all() if screening.superseded_at is None]
    knew = sum(screening.knows_arm is True for screening in counts)
    assert (context["screened"], context["knew_arm"]) == (len(counts), knew)
    assert context["blinded_pct"] == round(100 * (len(counts) - knew) / len(counts))
    who = Counter((one.screened_by.display_name, one.report.station_id) for one in counts)
    assert {
        (row.recruiter.name, row.recruiter.station_id): row.recruiter.screened for row in context["recruiters"]
    } == who


def weeks_are_counted(context) -> None:
    """Women enrolled in each week, beside the protocol's pace."""
    sampling, stations = current_protocol().sampling, study_stations().count()
    wanted, today = sampling.women_per_station * stations, timezone.localdate()
    days = [woman.enrolled_on for woman in Participant.objects.all() if woman.enrolled_on <= today]
    monday, expected, so_far, number = monday_of(min(days)), [], 0, 0
    while monday <= today:
        enrolled = sum(monday <= day < monday + timedelta(days=7) for day in days)
        so_far, number = so_far + enrolled, number + 1
        due = min(wanted, sampling.women_per_week * stations * number)
        with override("es"):
            label = date_format(monday, "SHORT_DATE_FORMAT")
        expected.append((label, enrolled, 100 * so_far // wanted, 100 * due // wanted))
        monday += timedelta(days=7)
    weeks = context["enrolment"].weeks
    assert [(week.label, week.enrolled, week.pct, week.wanted_pct) for week in weeks] == expected[::-1]
    assert so_far == len(days)


def stations_are_counted(context) -> None:
    """Women of each station against the number wanted, and the day on which it is reached at the pace of late."""
    today, wanted = timezone.localdate(), current_protocol().sampling.women_per_station
    for drawn, row in zip(study_stations(), context["enrolment"].stations, strict=False):
        days = [woman.enrolled_on for woman in Participant.objects.all() if woman.enrolled_station == drawn.station]
        assert row.enrolled == len(days)
        assert row.this_week == sum(day >= monday_of(today) for day in days)
        assert row.progress.forecast == slow_forecast(days, wanted, today), row.label
    assert context["enrolment"].stations[-1].enrolled == Participant.objects.count()


def weeks_of_stations_are_counted(context, women) -> None:
    """Each station in each week; its consent rate and its share of screenings by whoever did not know."""
    page, today = context["page"], timezone.localdate()
    days = [woman.enrolled_on for woman in Participant.objects.all()]
    mondays = [monday_of(today)]
    while mondays[-1] > min(days):
        mondays.append(mondays[-1] - timedelta(days=7))
    assert page.weeks == [f"{monday:%d/%m/%y}" for monday in mondays]
    assert page.sums == [sum(monday_of(day) == monday for day in days) for monday in mondays]
    for drawn, line in zip(study_stations(), page.lines, strict=True):
        own = [woman.enrolled_on for woman in Participant.objects.all() if woman.enrolled_station == drawn.station]
        expected = [sum(monday_of(day) == monday for day in own) for monday in mondays]
        assert [cell.enrolled for cell in line.cells] == expected, line.finding
        decided = Counter(what for report, what in women if report.station_id == drawn.station_id)
        agreed, refused = decided["enrolled"], decided["refused"]
        assert line.station.agreed_pct == (round(100 * agreed / (agreed + refused)) if agreed + refused else None)
        screened = [
            one.knows_arm
            for one in Screening.objects.select_related("report")
            if one.superseded_at is None and one.report.station_id == drawn.station_id
        ]
        blind = round(100 * sum(not knew for knew in screened) / len(screened)) if screened else None
        assert line.station.blinded_pct == blind, line.finding


class Days:
    """The forecast's three days, to be compared."""

    def __init__(self, *days: date) -> None:
        self.days = days

    def __eq__(self, other: object) -> bool:
        return self.days == (other.earliest, other.expected, other.latest)  # type: ignore[attr-defined]

    __hash__ = None  # type: ignore[assignment]


def slow_forecast(days: list[date], wanted: int, today: date) -> Days | None:
    """The wait for the missing at the recent pace, and the range of four in five by the delta method."""
    if not days:
        return None
    watched = max(SHORTEST_PACE_DAYS, min(LONGEST_PACE_DAYS, (today - min(days)).days + 1))
    recent, missing = sum((today - day).days < watched for day in days), wanted - len(days)
    if not recent or missing <= 0:
        return None
    wait, spread = missing * watched / recent, math.exp(1.2816 * math.sqrt(1 / recent + 1 / missing))
    if wait * spread > 3660:
        return None
    return Days(*(today + timedelta(days=math.ceil(n)) for n in (wait / spread, wait, wait * spread)))


def the_board_reads_the_same_without_small_cells(context, women) -> None:
    """Small cells, and what would give them away, are hidden; the rest is the same; nobody who screened is named."""
    by_station = Counter((report.station_id, line) for report, line in women)
    drawn = list(study_stations())
    table = shown_table([[by_station[one.station_id, line] for line in LINES] for one in drawn])
    assert [[*row.counts, row.reported] for row in context["stations"]] == table
    enrolled = Counter(woman.enrolled_station_id for woman in Participant.objects.all())
    shown = shown_counts({one.study_code: enrolled[one.station_id] for one in drawn})
    assert {row.label: row.enrolled for row in context["enrolment"].stations[:-1]} == shown
    assert not {week.enrolled for week in context["enrolment"].weeks} & {1, 2, 3, 4}
    assert context["recruiters"] == []
