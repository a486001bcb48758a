"""The panel against an independent, slow construction; who sees what; nobody's identity in any byte."""

import csv
import hashlib
import hmac
import io
import random
import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils.crypto import salted_hmac
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actors import SystemActor
from accounts.permissions import Permission, PermissionMissing
from accounts.roles import Role
from audit.models import Event
from panel.codebook import codebook_csv, neutral
from panel.queries import datasets
from panel.services import export_codebook, export_dataset
from participants.identity import Identity
from participants.models import Consent, Participant, PoliceReport
from protocol.months import months_after
from stations.models import AllocatedStation
from surveys.ipv_scores import ACTS
from surveys.models import Submission, SubmissionVersion, SurveyCase
from surveys.services.versions import keep_version
from tests.factories import NOW, TODAY, AssessmentFactory, ParticipantFactory, UserFactory
from tests.panel.conftest import LEVELS, WAVES, draw_study, go_over
from training.models import Attendance
from visits.models import Visit

LIMA = ZoneInfo("America/Lima")
LEFT = ("moved", "lost", "withdrawn", "deceased")
CHOSEN = ("education", "work", "income", "lives_with", "partner_alcohol", "people_to_turn_to", "place_to_stay")
STATISTICIAN = SystemActor("test", frozenset({Permission.EXPORT_PANEL, Permission.READ_ARM}))
RESEARCHER = SystemActor("test", frozenset({Permission.EXPORT_PANEL}))


def exported(by):
    out = io.BytesIO()
    dataset = datasets(reads_arm=True)[0]
    rows = export_dataset(by=by, dataset=dataset, out=out, now=NOW)
    text = out.getvalue().decode()
    return rows, text, list(csv.DictReader(io.StringIO(text)))


def slow_panel():
    """Every cell as text, one woman and wave after the other, by loops."""
    rows = []
    for woman in Participant.objects.all():
        if woman.data_erased_at or not agreed(woman, Consent.Scope.SURVEYS):
            continue
        rows += [slow_row(woman, code_of(woman), number, wave) for number, wave in enumerate(WAVES)]
    return sorted(rows, key=lambda row: (row["woman"], int(row["wave"])))


def code_of(woman):
    key = salted_hmac("panel.pseudonym", "1", algorithm="sha256").digest()
    return f"W{hmac.new(key, woman.study_code.encode(), hashlib.sha256).hexdigest()[:16].upper()}"


def agreed(woman, scope):
    return any(
        consent.scope == scope and not consent.ended_at and (not consent.lapses_on or consent.lapses_on > TODAY)
        for consent in woman.consents.all()
    )


def slow_row(woman, code, number, wave):
    drawn = AllocatedStation.objects.get(station=woman.enrolled_station)
    due = [due_on(woman, index, each) for index, each in enumerate(WAVES)]
    start, end = (due[number - 1] if number else due[0]), due[number]
    last = [end, TODAY + timedelta(days=1)]
    if woman.status in LEFT:
        last.append(woman.status_changed_at.astimezone(LIMA).date())
    days = max(0, (min(last) - start).days)
    training, risk_scale = drawn.arm in ("training", "both"), drawn.arm in ("risk_scale", "both")
    row = {
        "woman": code,
        "station": drawn.blinded_letter,
        "wave": number,
        "group": drawn.blinded_group,
        "stratum": 1,
        **with_why("weight", "1.0000", None),
        **{f"group_{group}": int(number > 0 and drawn.blinded_group == group) for group in (2, 3, 4)},
        "training": int(training and number > 0),
        "risk_scale": int(risk_scale and number > 0),
        "training_x_risk_scale": int(training and risk_scale and number > 0),
        "days_due": (end - woman.enrolled_on).days,
        "days_exposed": days,
        **slow_reports(woman, number, start, end, days),
        **slow_survey(woman, wave),
        **slow_visits(woman, start, end),
        **slow_moves(woman, drawn, min(end, TODAY)),
        **with_why("training_coverage", slow_coverage(woman.enrolled_station, min(end, TODAY)), "not_applicable"),
        **slow_risk(woman, number, start, end),
        "has_left": int(woman.status in LEFT and woman.status_changed_at.astimezone(LIMA).date() < end),
        **slow_covariates(woman),
        "age_band": 1 + sum(woman.age_at_enrolment >= first for first in (25, 35, 45, 55)),
    }
    return {name: "" if value is None else str(value) for name, value in row.items()}


def with_why(name, value, why):
    return {name: value, f"{name}_why": why if value is None else None}


def due_on(woman, number, wave):
    case = SurveyCase.objects.filter(participant=woman, wave_number=number).first()
    return case.due_on if case else months_after(woman.enrolled_on, wave.month)


def slow_survey(woman, wave):
    case = SurveyCase.objects.filter(participant=woman, wave=wave.code).first()
    names = [f"{domain}{ending}" for domain in ACTS for ending in ("", "_ever", "_score")]
    row = {"survey_missing_reason": None, "days_survey": None, "police_response": None, **dict.fromkeys(names)}
    if case is None or (case.status == "due" and case.window_from > TODAY):
        return row | {"survey_status": "not_due", **slow_survey_why(row, "not_due")}
    if case.status == "done":
        scores = case.submission.scores
        day = case.submission.submitted_at.astimezone(LIMA).date()
        row |= {name: scores[name] for name in names} | {"days_survey": (day - woman.enrolled_on).days}
        row["police_response"] = f"{scores['police_response']:.4f}"
    if case.status in ("missed", "cancelled"):
        known = ("not_reached", "moved", "deceased")
        row["survey_missing_reason"] = case.missed_reason if case.missed_reason in known else "other"
    status = "open" if case.status in ("due", "late", "not_private") else case.status
    return row | {"survey_status": status, **slow_survey_why(row, status)}


def slow_survey_why(row, status):
    """Why there is no survey, and why an answered one has no such outcome: she did not say."""
    why = {"refused": "refused", "open": "not_due", "not_due": "not_due", "done": None}.get(status, "lost")
    reason = row["survey_missing_reason"]
    found = {
        "has_survey": int(why is None),
        "survey_why": why,
        **with_why("survey_missing_reason", reason, "not_applicable"),
    }
    for domain in ACTS:
        values = [row[f"{domain}{ending}"] for ending in ("", "_ever", "_score")]
        found[f"{domain}_why"] = why or ("refused" if None in values else None)
    return found | with_why("police_response", row["police_response"], why or "refused")


def slow_visits(woman, start, end):
    if not agreed(woman, Consent.Scope.VISITS):
        names = [f"visits_{name}" for name in ("planned", "attempted", "done", "missed")]
        return {**dict.fromkeys(names), "visits_why": "not_asked"}
    visits = [v for v in Visit.objects.filter(participant=woman) if start <= v.planned_on < end]
    counted = [v.status for v in visits if v.planned_on <= TODAY and v.status != "superseded"]
    return {
        "visits_why": None,
        "visits_planned": len(counted),
        **{f"visits_{status}": counted.count(status) for status in ("attempted", "done", "missed")},
    }


def slow_moves(woman, drawn, day):
    """Who cared for her on a day: the last station that she had gone over to by then, or else that of enrolment."""
    moves = [t for t in woman.transfers.order_by("decided_at") if t.decided_at.astimezone(LIMA).date() <= day]
    station = moves[-1].to_station if moves else woman.enrolled_station
    arm = AllocatedStation.objects.get(station=station).arm
    return {"station_moved": int(station != woman.enrolled_station), "arm_moved": int(arm != drawn.arm)}


def slow_coverage(station, day):
    """The share of the station's officers of a day who had come to both modules by then; None without officers."""
    serving = [o for o in station.postings.all() if o.starts_on <= day and (o.ends_on is None or o.ends_on >= day)]
    counted = Attendance.objects.filter(counts=True, session__status="held", session__held_on__lte=day)
    trained = [o for o in serving if {1, 2} <= set(counted.filter(officer=o.officer).values_list("module", flat=True))]
    return f"{len(trained) / len(serving):.4f}" if serving else None


def slow_covariates(woman):
    """What the first survey asked besides the outcomes, as the questionnaire words it, and the first reason of any."""
    case = SurveyCase.objects.filter(participant=woman, wave_number=0).first()
    answers = case.submission.answers if case.status == "done" else {}
    feelings = [answers.get(name) for name in answers if name.startswith("well_being_")]
    children, years = answers.get("children"), answers.get("years_together")
    found = {
        **{name: answers.get(name) for name in CHOSEN},
        "children": min(int(children), 3) if children else None,
        "years_together": 1 + sum(int(years) >= first for first in (2, 5, 10)) if years else None,
        "well_being": "refused" if "refused" in feelings else sum(int(told) for told in feelings) if feelings else None,
    }
    none = {"refused": "refused", "missed": "lost", "cancelled": "lost", "done": None}.get(case.status, "not_due")
    whys = [none or value for value in found.values() if value in (None, "refused")]
    return {
        **{name: None if value == "refused" else value for name, value in found.items()},
        "covariates_why": whys[0] if whys else None,
    }


def slow_reports(woman, number, start, end, days):
    if not agreed(woman, Consent.Scope.LINKAGE):
        return {"police_reports": None, "police_reports_why": "not_asked"}
    if not days:
        why = "lost" if start <= TODAY else "not_due"
        return {"police_reports": None, "police_reports_why": why if number else "not_applicable"}
    reports = PoliceReport.objects.filter(participant=woman)
    found = sum(start <= report.reported_on < end and report.reported_on <= TODAY for report in reports)
    return {"police_reports": found, "police_reports_why": None}


def slow_risk(woman, number, start, end):
    if not agreed(woman, Consent.Scope.VISITS):
        names = ("level_first", "level_start", "level_end")
        return {key: value for name in names for key, value in with_why(name, None, "not_asked").items()}
    ranked = sorted((a.assessed_at, a.pk, a.level_rank) for a in woman.assessments.all() if a.level)
    before = [rank for assessed, _, rank in ranked if number and assessed.astimezone(LIMA).date() <= start]
    until = [rank for assessed, _, rank in ranked if number and assessed.astimezone(LIMA).date() < end]
    why = "not_asked" if number else "not_applicable"
    return {
        **with_why("level_end", until[-1] if until else None, why),
        **with_why("level_first", ranked[0][2] if ranked else None, "not_asked"),
        **with_why("level_start", before[-1] if before else None, why),
    }


def about_midnight(women, seed):
    """Fill in sheets, and let a woman go over, a minute before and after midnights that a wave's day begins or ends."""
    rng = random.Random(seed)
    for woman in women:
        for number, wave in enumerate(WAVES):
            midnight = datetime.combine(due_on(woman, number, wave) + timedelta(days=rng.randint(0, 1)), time(), LIMA)
            for minutes in (-1, 1):
                at, rank = midnight + timedelta(minutes=minutes), rng.randrange(4)
                AssessmentFactory(participant=woman, assessed_at=at, level=LEVELS[rank], level_rank=rank)
    for woman, minutes in ((women[6], -1), (women[9], 1)):
        midnight = datetime.combine(due_on(woman, 1, WAVES[1]) + timedelta(days=1), time(), LIMA)
        go_over(woman, women[3].enrolled_station, midnight + timedelta(minutes=minutes))


@pytest.mark.requirement("F44")
@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_panel_equals_the_slow_construction(stations, instrument, seed):
    with transaction.atomic():
        about_midnight(draw_study(stations, instrument, seed=seed, women=12), seed)
        rows, _, found = exported(STATISTICIAN)
        expected = slow_panel()
        assert rows == len(expected) == 10 * 5
        for row, slow in zip(found, expected, strict=True):
            assert row == slow
        transaction.set_rollback(True)


def test_a_number_that_no_woman_has_leaves_her_value_open_and_stops_nobody_s_export(small_study):
    others = small_study[10:]
    asked = Submission.objects.filter(case__wave_number=0, case__participant__in=others).earliest("case__participant")
    before = exported(RESEARCHER)[2]
    keep_version(asked, SubmissionVersion.Reason.SLIP, author=UserFactory(), now=NOW)
    asked.answers |= {"children": "99999999999", "years_together": "123456789012"}
    asked.save(update_fields=["answers"])
    after = exported(RESEARCHER)[2]
    changed = {
        (name, row[name])
        for was, row in zip(before, after, strict=True)
        for name in row
        if was[name] != row[name] and not name.endswith("_why")
    }
    assert changed == {("children", ""), ("years_together", "")}


@pytest.mark.requirement("F4")
def test_ended_consent_and_erasure_take_a_woman_out_at_once(small_study):
    before = {row["woman"] for row in exported(RESEARCHER)[2]}
    small_study[0].consents.filter(scope=Consent.Scope.SURVEYS).update(ended_at=NOW)
    after = {row["woman"] for row in exported(RESEARCHER)[2]}
    assert len(before) == 22
    assert len(before - after) == 1
    assert after < before


@pytest.mark.requirement("F37")
def test_researcher_gets_no_arm_in_any_byte(small_study):
    _, text, rows = exported(RESEARCHER)
    codebook = export_codebook(by=RESEARCHER, dataset=datasets(reads_arm=True)[0])
    hidden = {column.name for column in datasets(reads_arm=True)[0].columns if column.is_blinded}
    assert hidden == {
        "training", "risk_scale", "training_x_risk_scale", "visits_planned", "visits_attempted", "visits_done",
        "visits_missed", "visits_why", "level_start", "level_end", "training_coverage", "arm_moved",
    }  # fmt: skip
    assert not {name for name in rows[0] if name.removesuffix("_why") in hidden or name in hidden}
    for word in ("training", "risk_scale", "control", "both", "capacitación", "Capacitación", "visits_"):
        assert word not in text
        assert word not in codebook


@pytest.mark.requirement("F37")
def test_no_identity_nor_field_code_nor_station_in_any_byte(small_study, stations):
    marked = Identity(
        "MARCA NOMBRE", document="MARCADOC7", telephone="MARCATEL", address="MARCA CALLE", code_word="MARCACLAVE"
    )
    ParticipantFactory(station=stations[0], identity=marked)
    for by in (RESEARCHER, STATISTICIAN):
        _, text, _ = exported(by)
        text += export_codebook(by=by, dataset=datasets(reads_arm=True)[0])
        assert "MARCA" not in text
        for woman in Participant.objects.all():
            assert woman.study_code not in text
        for station in stations:
            assert station.name not in text
            assert station.district.name not in text
        # Her code is a hash in hexadecimal digits, in which any four may stand.
        assert str(TODAY.year) not in re.sub(r"\bW[0-9A-F]{16}\b", "", text)


def test_export_is_recorded_without_naming_the_arm(small_study):
    exported(RESEARCHER)
    export_codebook(by=RESEARCHER, dataset=datasets(reads_arm=True)[0])
    first, second = Event.objects.filter(action__startswith="panel.").order_by("pk")
    assert (first.action, first.object_id, first.details["rows"]) == ("panel.export", "panel_wave", 110)
    assert (second.action, second.details) == ("panel.export_codebook", {"columns": first.details["columns"]})


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.RESEARCHER, Role.STATISTICIAN}))
def test_only_analysts_export(small_study, role):
    with pytest.raises(PermissionMissing):
        exported(UserFactory(role=role))
    with pytest.raises(PermissionMissing):
        export_codebook(by=UserFactory(role=role), dataset=datasets(reads_arm=True)[0])


@pytest.mark.parametrize("women", [1, 3])
def test_export_costs_the_same_queries_for_any_number(stations, django_assert_num_queries, women):
    ParticipantFactory.create_batch(women, station=stations[0])
    dataset = datasets(reads_arm=True)[0]
    with django_assert_num_queries(5):  # savepoint, protocol's hash, copy's event with its link, release
        assert export_dataset(by=RESEARCHER, dataset=dataset, out=io.BytesIO(), now=NOW) == women * 5


def test_codebook_has_a_line_for_every_column_of_the_data(small_study):
    _, _, rows = exported(RESEARCHER)
    lines = list(csv.DictReader(io.StringIO(export_codebook(by=RESEARCHER, dataset=datasets(reads_arm=True)[0]))))
    assert [line["name"] for line in lines] == list(rows[0])
    assert all(line["label_es"] and line["label_en"] and line["source"] for line in lines)
    status = next(line for line in lines if line["name"] == "survey_status")
    assert status["values_en"].startswith("done = Answered; partial = Answered in part; refused = Refused; ")


def test_every_coded_value_is_in_the_codebook(small_study):
    _, _, rows = exported(STATISTICIAN)
    for column in datasets(reads_arm=True)[0].columns:
        if column.values:
            assert {row[column.name] for row in rows} - {""} <= {code for code, _ in column.values}, column.name


@pytest.mark.parametrize(("text", "written"), [("=1+1", "'=1+1"), ("+51", "'+51"), ("@x", "'@x"), ("a=b", "a=b")])
def test_codebook_cells_are_no_formulas(text, written):
    assert neutral(text) == written


def test_codebook_of_nothing_is_its_header():
    assert codebook_csv([]).count("\n") == 1
