"""The tables beside the panels: whose rows they hold, what they count, and who gets them."""

import csv
import io

import pytest
from django.core.management import call_command

from accounts.permissions import PermissionMissing
from panel.queries import datasets, wave_counts
from panel.services import export_dataset
from panel.tables import find
from participants.identity import Identity
from participants.models import Consent, Participant
from risk.models import Assessment
from stations.models import AllocatedStation
from surveys.models import Submission
from tests.factories import NOW, TODAY, AssessmentFactory, ParticipantFactory
from tests.panel.conftest import draw_stations
from tests.panel.test_panel_wave import LEFT, RESEARCHER, STATISTICIAN, agreed, code_of
from visits.models import Visit, VisitLog

WITH_ARM = ("visits", "risk", "training")


def exported(name, by=STATISTICIAN):
    out = io.BytesIO()
    export_dataset(by=by, dataset=find(datasets(reads_arm=True), name), out=out, now=NOW)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode())))


def given_out():
    women = Participant.objects.filter(data_erased_at=None)
    return {code_of(woman): woman for woman in women if agreed(woman, Consent.Scope.SURVEYS)}


def test_participants_stand_once_with_their_follow_up(small_study):
    rows, women = {row["woman"]: row for row in exported("participants")}, given_out()
    assert set(rows) == set(women)
    for code, row in rows.items():
        woman = women[code]
        done = Submission.objects.filter(case__participant=woman)
        assert row["surveys_done"] == str(done.count())
        assert row["status"] == woman.status
        assert row["has_left"] == str(int(woman.status in LEFT))
        assert row["allows_visits"] == str(int(agreed(woman, Consent.Scope.VISITS)))
        assert row["allows_reports"] == str(int(agreed(woman, Consent.Scope.LINKAGE)))
        first = done.filter(case__wave_number=0).first()
        education = first.answers["education"] if first else ""
        assert row["education"] == ("" if education == "refused" else education)
        assert (row["education_why"] == "refused") == (education == "refused") or not first
    assert [row["days_left"] for row in rows.values() if row["status"] == "moved"] != [""]


def test_stations_count_their_women_and_name_no_place(small_study, stations):
    rows = {row["station"]: row for row in exported("stations")}
    women = given_out().values()
    for drawn in AllocatedStation.objects.all():
        row = rows[drawn.blinded_letter]
        assert row["women"] == str(sum(woman.enrolled_station_id == drawn.station_id for woman in women))
        assert row["group"] == str(drawn.blinded_group)
    assert {(row["poverty_half"], row["poverty_half_why"]) for row in rows.values()} == {("", "not_applicable")}
    for station in stations:
        assert station.name not in str(rows)
        assert station.code not in str(rows)


@pytest.mark.django_db
def test_weight_that_would_tell_the_station_is_not_given():
    draw_stations(first_probability="0.5")
    assert {(row["weight"], row["weight_why"]) for row in exported("stations")} == {("", "not_applicable")}


@pytest.mark.django_db
def test_stratum_is_the_block_of_the_draw():
    draw_stations(blocks={"set-01": ["risk_scale", "control"], "set-02": ["training", "both"]})
    rows = {row["station"]: row["stratum"] for row in exported("stations")}
    assert rows == {"A": "2", "B": "2", "C": "1", "D": "1"}


def test_visits_are_each_there_once_with_their_log(small_study):
    permitted = {code: woman for code, woman in given_out().items() if agreed(woman, Consent.Scope.VISITS)}
    met = Visit.objects.filter(participant__in=permitted.values(), status="done").first()
    VisitLog.objects.create(visit=met, outcome="met", occurred_at=NOW, received_at=NOW, in_private="yes")
    rows = exported("visits")
    stored = Visit.objects.exclude(status="superseded").filter(planned_on__lte=TODAY)
    expected = sorted(
        (code, (visit.planned_on - woman.enrolled_on).days, visit.status)
        for code, woman in permitted.items()
        for visit in stored.filter(participant=woman)
    )
    assert sorted((row["woman"], int(row["day"]), row["status"]) for row in rows) == expected
    assert [(row["in_private"], row["new_incident_why"]) for row in rows if row["outcome"] == "met"] == [
        ("yes", "not_asked")
    ]
    assert {row["outcome_why"] for row in rows if row["status"] == "planned"} <= {"not_due"}


def test_risk_has_every_form_in_order(small_study):
    permitted = {code: woman for code, woman in given_out().items() if agreed(woman, Consent.Scope.VISITS)}
    rows = exported("risk")
    assert len(rows) == Assessment.objects.filter(participant__in=permitted.values()).count()
    for code, woman in permitted.items():
        own = [row for row in rows if row["woman"] == code]
        assert [row["number"] for row in own] == [str(number) for number in range(1, len(own) + 1)]
        ranks = woman.assessments.order_by("assessed_at", "pk").values_list("level_rank", flat=True)
        assert [row["level"] for row in own] == [str(rank) for rank in ranks]


@pytest.mark.requirement("F37")
@pytest.mark.parametrize("name", WITH_ARM)
def test_tables_that_tell_the_dose_are_kept_from_blinded_readers(small_study, name):
    assert find(datasets(reads_arm=False), name) is None
    with pytest.raises(PermissionMissing):
        exported(name, by=RESEARCHER)


@pytest.mark.requirement("F4")
def test_ended_consent_to_visits_takes_out_visits_and_forms_at_once(small_study):
    woman = next(woman for woman in given_out().values() if woman.assessments.exists())
    before = [{row["woman"] for row in exported(name)} for name in ("visits", "risk")]
    woman.consents.filter(scope=Consent.Scope.VISITS).update(ended_at=NOW)
    after = [{row["woman"] for row in exported(name)} for name in ("visits", "risk")]
    assert [first - then for first, then in zip(before, after, strict=True)] == [{code_of(woman)}] * 2


@pytest.mark.requirement("F49")
def test_waves_add_up_to_the_counts_of_the_flow(small_study):
    rows = exported("panel_wave")
    counts = wave_counts(today=TODAY)
    for number, wave in enumerate(counts):
        for status, shown in wave.by_status.items():
            found = sum(row["wave"] == str(number) and row["survey_status"] == status for row in rows)
            assert shown in (found, None)


@pytest.mark.requirement("F37")
@pytest.mark.parametrize("file_format", ["csv", "parquet", "dta", "sav"])
def test_no_identity_in_any_byte_of_any_table(small_study, stations, tmp_path, file_format):
    marked = Identity(
        "MARCA NOMBRE", document="MARCADOC7", telephone="MARCATEL", address="MARCA CALLE", code_word="MARCACLAVE"
    )
    AssessmentFactory(participant=ParticipantFactory(station=stations[0], identity=marked))
    call_command(
        "export_panel", "--dataset", "all", "--format", file_format, "--with-arm", "--out", tmp_path,
        stdout=io.StringIO(),
    )  # fmt: skip
    written = [file.read_bytes() for file in tmp_path.iterdir()]
    assert len(written) == 2 * len(datasets(reads_arm=True))
    secrets = [b"MARCA", *(woman.study_code.encode() for woman in Participant.objects.all())]
    secrets += [station.name.encode() for station in stations]
    assert [secret for secret in secrets for content in written if secret in content] == []
