"""Weeks and months against an independent, slow construction of random studies, and against the panel of waves."""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panel.queries import datasets
from panel.services import export_dataset
from panel.tables import find
from participants.models import Consent, Participant, PoliceReport
from protocol.months import months_after
from stations.models import AllocatedStation
from surveys.ipv_scores import ACTS
from tests.factories import NOW, TODAY
from tests.panel.conftest import WAVES, draw_study
from tests.panel.test_panel_wave import (
    LEFT,
    LIMA,
    RESEARCHER,
    STATISTICIAN,
    agreed,
    code_of,
    due_on,
    slow_covariates,
    slow_survey,
    with_why,
)
from visits.models import Visit

COUNTS = {"week": 52, "month": 12}


def exported(step, by=STATISTICIAN):
    out = io.BytesIO()
    export_dataset(by=by, dataset=find(datasets(reads_arm=True), f"panel_{step}"), out=out, now=NOW)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode())))


def begins(woman, step, number):
    if step == "week":
        return woman.enrolled_on + timedelta(days=7 * number)
    return months_after(woman.enrolled_on, number)


@dataclass(frozen=True)
class Life:
    """All that is stored of a woman, read once: her periods are then counted by loops."""

    woman: Participant
    drawn: AllocatedStation
    left: date | None
    scopes: set[str]
    visits: list[tuple[date, str]]
    reports: list[date]
    levels: list[tuple[date, int]]
    covariates: dict[str, object]
    waves: list[tuple[date, dict[str, object]]]


def life_of(woman):
    ranked = sorted((a.assessed_at, a.pk, a.level_rank) for a in woman.assessments.all() if a.level)
    return Life(
        woman=woman,
        drawn=AllocatedStation.objects.get(station=woman.enrolled_station),
        left=woman.status_changed_at.astimezone(LIMA).date() if woman.status in LEFT else None,
        scopes={scope for scope in Consent.Scope.values if agreed(woman, scope)},
        visits=[(v.planned_on, v.status) for v in Visit.objects.filter(participant=woman)],
        reports=list(PoliceReport.objects.filter(participant=woman).values_list("reported_on", flat=True)),
        levels=[(assessed.astimezone(LIMA).date(), rank) for assessed, _, rank in ranked],
        covariates=slow_covariates(woman),
        waves=[(due_on(woman, index, wave), slow_survey(woman, wave)) for index, wave in enumerate(WAVES)],
    )


def slow_rows(lives, step):
    """Every cell as text, one woman and period after the other, by loops."""
    rows = [slow_row(life, step, number) for life in lives for number in range(COUNTS[step])]
    return sorted(rows, key=lambda row: (row["woman"], int(row[step])))


def slow_row(life, step, number):
    woman, drawn, left = life.woman, life.drawn, life.left
    start, end = begins(woman, step, number), begins(woman, step, number + 1)
    gone = "lost" if left and left <= start else "not_due" if start > TODAY else None
    last = min(day for day in (end, TODAY + timedelta(days=1), left) if day)
    row = {
        "woman": code_of(woman), "station": drawn.blinded_letter, step: number, "group": drawn.blinded_group,
        "stratum": 1, "weight": "1.0000", "weight_why": None, "training": int(drawn.arm in ("training", "both")),
        "risk_scale": int(drawn.arm in ("risk_scale", "both")), "days_exposed": max(0, (last - start).days),
        "has_left": int(bool(left and left < end)),
        **slow_counts(life, start, end, gone), **slow_levels(life, start, end, gone), **slow_wave(life, step, number),
        "age_band": 1 + sum(woman.age_at_enrolment >= first for first in (25, 35, 45, 55)),
        **life.covariates,
    }  # fmt: skip
    return {name: "" if value is None else str(value) for name, value in row.items()}


def slow_counts(life, start, end, gone):
    unlinked = gone if "linkage" in life.scopes else "not_asked"
    reports = sum(start <= day < end and day <= TODAY for day in life.reports)
    unvisited = gone if "visits" in life.scopes else "not_asked"
    counted = [s for day, s in life.visits if start <= day < end and day <= TODAY and s != "superseded"]
    found = {"planned": len(counted), **{s: counted.count(s) for s in ("attempted", "done", "missed")}}
    return {
        **with_why("police_reports", None if unlinked else reports, unlinked),
        "visits_why": unvisited,
        **{f"visits_{name}": None if unvisited else number for name, number in found.items()},
    }


def slow_levels(life, start, end, gone):
    days, permits = life.levels, "visits" in life.scopes
    found = {"level_first": days[0][1] if days and permits else None}
    for name, until in (("level_start", start), ("level_end", end - timedelta(days=1))):
        held = [rank for day, rank in days if day <= until]
        found[name] = held[-1] if held and permits and not gone else None
    why = (gone or "not_asked") if permits else "not_asked"
    return {
        **with_why("level_first", found["level_first"], "not_asked"),
        **with_why("level_start", found["level_start"], why),
        **with_why("level_end", found["level_end"], why),
    }


def slow_wave(life, step, number):
    """The wave that is due right after the period, the first one in the first; of two, the later."""
    names = ("survey_status", *ACTS, "police_response")
    waves = [index for index, (due, _row) in enumerate(life.waves) if period_of(life.woman, step, due) == number]
    if not waves:
        return {**dict.fromkeys(("wave", *names)), "survey_why": "not_applicable"}
    _due, row = life.waves[waves[-1]]
    why = row["survey_why"] or ("refused" if None in [row[name] for name in names] else None)
    return {**{name: row[name] for name in names}, "wave": waves[-1], "survey_why": why}


def period_of(woman, step, due):
    past = [number for number in range(COUNTS[step]) if begins(woman, step, number) <= due - timedelta(days=1)]
    return past[-1] if past else 0


@pytest.mark.requirement("F44")
@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_weeks_and_months_equal_the_slow_construction(stations, instrument, seed):
    with transaction.atomic():
        draw_study(stations, instrument, seed=seed, women=12)
        given_out = Participant.objects.filter(data_erased_at=None)
        lives = [life_of(woman) for woman in given_out if agreed(woman, Consent.Scope.SURVEYS)]
        for step, count in COUNTS.items():
            found, expected = exported(step), slow_rows(lives, step)
            assert len(found) == len(expected) == 10 * count
            for row, slow in zip(found, expected, strict=True):
                assert row == slow
        transaction.set_rollback(True)


@pytest.mark.requirement("F44")
def test_totals_agree_with_waves_and_weeks_with_months(small_study):
    weekly, monthly = exported("week"), exported("month")
    wave = list(csv.DictReader(io.StringIO(panel_of_waves())))
    for rows in (weekly, monthly):
        surveyed = [(row["woman"], row["wave"], row["psychological"]) for row in rows if row["wave"]]
        assert surveyed == [(row["woman"], row["wave"], row["psychological"]) for row in wave]


def panel_of_waves():
    out = io.BytesIO()
    export_dataset(by=STATISTICIAN, dataset=datasets(reads_arm=True)[0], out=out, now=NOW)
    return out.getvalue().decode()


@pytest.mark.requirement("F37")
@pytest.mark.parametrize("step", COUNTS)
def test_blinded_reader_gets_neither_dose_nor_level(small_study, step):
    names = set(exported(step, by=RESEARCHER)[0])
    assert not [name for name in names if name.startswith(("visits_", "level_start", "level_end", "training", "risk_"))]
    assert {"police_reports", "days_exposed", "level_first"} < names
