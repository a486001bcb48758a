"""A small synthetic study in the database: whole, repeatable, sealed, and with something to do for each role."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from interviews.models import CodingPass, Selection, TranscriptVersion
from participants import sealing
from participants.models import Participant, PoliceReport, Screening, SealedCard
from participants.queries import homes_in, report_box_problems
from phone.queries import phones_of_station, sheets_seen, sheets_to_look_at
from risk.models import Assessment, CurrentRisk
from risk.queries import scale_rules
from risk.scoring import score
from safety.models import SafetyCase
from simulation.loader import AlreadyPopulated, load_study
from simulation.team import DEMO_PASSWORD
from simulation.world import WorldSettings
from stations.queries import risk_cadence_station_ids
from surveys.ipv_scores import score_answers
from surveys.models import PhoneEntry, Submission, SurveyCase
from surveys.queries import form_rules_of
from surveys.xforms.submission import check_submission
from surveys.xforms.writing import written_submission
from visits.models import Visit, VisitLog, WeekPlan

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("America/Lima"))  # a Wednesday
SMALL = WorldSettings(seed=3, as_of=date(2026, 11, 18), clusters=8, participants=160, elapsed_months=7)

# The study is loaded once for all of these, by whichever comes first.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def study(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """One load for all tests of this module, taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_study(SMALL, now=NOW, say=lambda _: None, password=DEMO_PASSWORD)
        yield
        transaction.set_rollback(True)


def test_women_are_spread_over_the_allocated_stations(study: None) -> None:
    assert Participant.objects.count() == 160
    assert Participant.objects.values("station").distinct().count() == 8
    assert len(risk_cadence_station_ids()) == 4


def test_supervisor_sees_phones_of_her_station_and_sheets_from_them(study: None) -> None:
    supervisor = User.objects.get(username="supervisora")
    waiting = phones_of_station(supervisor, NOW).values_list("unsent_count", flat=True)
    assert sorted(waiting) == [0, 0, 2, 3]
    assert (sheets_to_look_at(supervisor).count(), sheets_seen(supervisor).count()) == (2, 1)


@pytest.mark.requirement("F36")
def test_identities_lie_sealed(study: None) -> None:
    participant = Participant.objects.order_by("pk").first()
    identity = sealing.open_card(participant)
    assert identity.document == "SIM00001"
    clear = [identity.document.encode(), identity.full_name.encode(), identity.telephone.encode()]
    for ciphertext in SealedCard.objects.values_list("ciphertext", flat=True):
        assert not any(text in bytes(ciphertext) for text in clear)


def test_every_woman_came_from_a_screening_and_many_were_screened_who_did_not_come(study: None) -> None:
    counting = Screening.objects.counting()
    enrolled = counting.filter(participant__isnull=False)
    assert enrolled.count() == Participant.objects.count()
    for screening in enrolled.select_related("report", "participant"):
        assert screening.report.participant == screening.participant
        assert screening.report.station_id == screening.participant.enrolled_station_id
        assert screening.report.reported_on < screening.participant.enrolled_on
    assert counting.exclude(outcome="eligible").count() == round(0.625 * 160)
    assert set(counting.values_list("outcome", flat=True)) == set(Screening.Outcome.values)
    assert all(sound for _code, sound in report_box_problems())


def test_what_women_reported_later_are_re_reports_of_theirs(study: None) -> None:
    later = PoliceReport.objects.select_related("report__first_report", "participant__screening")
    assert later.count() > 0
    for re_report in later:
        assert re_report.report.first_report == re_report.participant.screening.report
        assert re_report.report.reported_on == re_report.reported_on


def test_everybody_can_sign_in_by_the_demos_password(study: None) -> None:
    assert set(User.objects.values_list("role", flat=True)) == set(Role.values)
    assert check_password(DEMO_PASSWORD, User.objects.get(username="oficial").password)


def test_each_role_has_something_to_do(study: None) -> None:
    this_week = {"planned_on__range": (date(2026, 11, 18), date(2026, 11, 22)), "status": Visit.Status.PLANNED}
    assert postings_visits("oficial", **this_week) > 0
    assert postings_visits("oficial2", **this_week) > 0
    assert SafetyCase.objects.waiting().exists()
    assert SafetyCase.objects.filter(state="closed", actions__kind="spoke_to_her").exists()
    interviewer = User.objects.get(username="encuestadora")
    assert SurveyCase.objects.visible_to(interviewer).filter(status__in=("due", "late", "not_private")).exists()
    assert set(PhoneEntry.objects.undecided().values_list("kind", flat=True)) == {"survey", "attempt"}


def test_second_officer_serves_where_the_risk_decides(study: None) -> None:
    stations = {
        username: User.objects.get(username=username).officer.postings.get().station_id
        for username in ("oficial", "oficial2", "supervisora")
    }
    assert stations["oficial"] == stations["supervisora"]
    assert stations["oficial"] not in risk_cadence_station_ids()
    assert stations["oficial2"] in risk_cadence_station_ids()


def test_assessments_are_what_the_scale_makes_of_their_answers(study: None) -> None:
    for assessment in Assessment.objects.select_related("scale").order_by("pk")[:50]:
        result = score(scale_rules(assessment.scale), assessment.answers, assessment.overrides)
        assert (result.score, result.level, result.complete) == (assessment.score, assessment.computed_level, True)
    assert CurrentRisk.objects.count() == 160
    for held in CurrentRisk.objects.select_related("assessment"):
        latest = Assessment.objects.filter(participant=held.participant_id).order_by("-assessed_at").first()
        assert (held.assessment_id, held.level) == (latest.pk, latest.level)


def test_no_level_falls_without_a_supervisors_word(study: None) -> None:
    before: dict[int, int] = {}
    for assessment in Assessment.objects.select_related("lowering").order_by("participant", "assessed_at", "pk"):
        lowering = getattr(assessment, "lowering", None)
        if assessment.level_rank < before.get(assessment.participant_id, 0):
            assert lowering is not None
            assert (lowering.state, lowering.decided_by.role) == ("confirmed", Role.SUPERVISOR)
        elif lowering is not None:
            assert lowering.state in ("waiting", "superseded")
        before[assessment.participant_id] = assessment.level_rank


def test_surveys_are_what_the_questionnaire_asks_for(study: None) -> None:
    submissions = list(Submission.objects.select_related("instrument").order_by("pk")[:60])
    assert {submission.instrument.code for submission in submissions} == {"baseline", "follow_up"}
    for submission in submissions:
        rules = form_rules_of(submission.instrument)
        written = written_submission(
            rules.form, {**submission.answers, "child_danger": "no"}, instance_id=submission.instance_id
        )
        checked = check_submission(written, rules, zone=timezone.get_default_timezone(), now=NOW)
        assert checked.findings == ()
        assert checked.answers == {**submission.answers, "child_danger": "no"}
        assert score_answers(submission.answers) == submission.scores
    assert not Submission.objects.exclude(case__status="done").exists()
    assert SurveyCase.objects.filter(status="done").count() == Submission.objects.count()


def test_visits_and_their_logs_tell_one_story(study: None) -> None:
    assert not Visit.objects.filter(status="planned", grace_ends_at__lte=NOW).exists()
    assert not Visit.objects.filter(status="missed", grace_ends_at__gt=NOW).exists()
    assert not VisitLog.objects.exclude(visit__status__in=("done", "attempted")).exists()
    assert not Visit.objects.filter(status__in=("done", "attempted"), log=None).exists()
    assert not VisitLog.objects.filter(visit__status="done").exclude(outcome="met").exists()
    assert not VisitLog.objects.filter(received_at__gt=NOW).exists()
    assert Visit.objects.filter(status="missed", missed_reason="").exists()


@pytest.mark.requirement("F12")
def test_only_stations_that_visit_by_risk_exceed_the_usual_visits(study: None) -> None:
    targets = WeekPlan.objects.values_list("participant__enrolled_station", "level", "target").distinct()
    by_risk = risk_cadence_station_ids()
    by_level = {"leve": 2, "moderado": 3, "severo_1": 5, "severo_2": 7}
    assert {target for station, _, target in targets if station not in by_risk} == {2}
    assert all(target == by_level[level] for station, level, target in targets if station in by_risk)


def test_interviews_are_chosen_by_grid_held_masked_and_coded_by_two(study: None) -> None:
    selection = Selection.objects.get()
    states = Counter(selection.interviews.values_list("status", flat=True))
    assert (selection.rule, states["done"], states["refused"], selection.interviews.count()) == (
        "purposive_grid", 8, 1, 17
    )  # fmt: skip
    texts = TranscriptVersion.objects.filter(form="masked")
    assert [text.masks > 0 for text in texts] == [True] * 4
    assert CodingPass.objects.filter(finished_at__isnull=False).count() == 2


def test_the_audit_has_one_event_of_the_simulation(study: None) -> None:
    event = Event.objects.get(action="simulation.load_study")
    assert event.details["women"] == 160
    assert len(event.details["sha256"]) == 64


def test_a_populated_database_is_refused(study: None) -> None:
    with pytest.raises(AlreadyPopulated):
        load_study(SMALL, now=NOW, say=lambda _: None)


def postings_visits(username: str, **conditions: object) -> int:
    station = User.objects.get(username=username).officer.postings.get().station
    return Visit.objects.filter(station=station, **conditions).count()


def test_nobody_is_asked_by_somebody_of_her_own_district(study):
    women = list(Participant.objects.select_related("station", "interviewer__interviewer_profile"))
    lives_in = {woman.pk: woman.interviewer.interviewer_profile.district_id for woman in women}
    homes = homes_in([woman.pk for woman in women], set(lives_in.values()))
    assert not [woman for woman in women if lives_in[woman.pk] in {woman.station.district_id, *homes.get(woman.pk, ())}]
    away = [woman for woman in women if sealing.open_card(woman).home_district != woman.station.district_id]
    assert len(women) / 10 < len(away) < len(women) / 5
