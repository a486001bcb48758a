"""The nightly run: drawn once a woman, given to a second interviewer from elsewhere with room, closed in time."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from audit.models import Event
from back_checks.models import BackCheck
from back_checks.sampling import is_chosen
from back_checks.services import Chosen, choose_back_checks
from back_checks.tasks import DRAWER
from participants.identity import Identity
from participants.models import Consent, Participant
from participants.services import declare_conflict
from participants.services.cards import keep_hashes
from surveys.models import InterviewerAbsence, InterviewerProfile, Submission
from tests.back_checks.conftest import draw_all, laid_field
from tests.factories import NOW, TODAY, DistrictFactory


def night(now=NOW) -> Chosen:
    return choose_back_checks(by=DRAWER, now=now)


@pytest.fixture
def all_drawn(field, monkeypatch):
    draw_all(monkeypatch)
    return field


@pytest.mark.requirement("N13")
def test_survey_that_is_drawn_goes_to_a_second_interviewer(all_drawn):
    survey = all_drawn.survey(all_drawn.woman())
    assert night() == Chosen(chosen=1, given=1)
    check = BackCheck.objects.get()
    assert (check.submission, check.first, check.interviewer) == (survey, all_drawn.first, all_drawn.second)
    assert check.given_at == NOW
    assert (check.window_from, check.window_until) == (TODAY, TODAY + timedelta(days=13))
    assert Event.objects.get(action="back_checks.choose").details == {
        "chosen": 1, "given": 1, "missed": 0, "cancelled": 0,
    }  # fmt: skip


def test_next_night_changes_nothing(all_drawn):
    all_drawn.survey(all_drawn.woman())
    night()
    assert night(NOW + timedelta(days=1)) == Chosen()
    assert Event.objects.filter(action="back_checks.choose").count() == 1


def test_each_woman_is_asked_again_once_at_most(all_drawn):
    woman = all_drawn.woman()
    earlier = all_drawn.survey(woman, at=NOW - timedelta(days=5))
    all_drawn.survey(woman, at=NOW - timedelta(days=2), wave=3)
    night()
    assert list(BackCheck.objects.values_list("submission", flat=True)) == [earlier.pk]
    BackCheck.objects.update(status="refused")
    all_drawn.survey(woman, at=NOW + timedelta(days=80), wave=6)
    assert night(NOW + timedelta(days=81)) == Chosen()


def test_share_of_the_protocol_is_drawn_and_no_other(field):
    surveys = [field.survey(field.woman()) for _ in range(60)]
    night()
    assert set(BackCheck.objects.values_list("submission", flat=True)) == {
        one.pk for one in surveys if is_chosen(20261001, one.pk, share_pct=5)
    }


@pytest.mark.parametrize(
    "why",
    ["not whole", "today", "long ago", "by nobody", "withdrawn", "paused", "consent ended", "no consent", "not done"],
)
def test_what_is_not_drawn(all_drawn, why):
    woman = all_drawn.woman()
    survey = all_drawn.survey(woman)
    change = {
        "not whole": {"is_complete": False},
        "today": {"submitted_at": NOW - timedelta(hours=1)},
        "long ago": {"submitted_at": NOW - timedelta(days=16)},
        "by nobody": {"submitted_by": None},
    }
    Submission.objects.filter(pk=survey.pk).update(**change.get(why, {"is_complete": True}))
    if why in {"withdrawn", "paused"}:
        Participant.objects.filter(pk=woman.pk).update(status=why)
    if why == "consent ended":
        Consent.objects.filter(participant=woman).update(ended_at=NOW - timedelta(days=1))
    if why == "no consent":
        Consent.objects.filter(participant=woman, scope="surveys").delete()
    if why == "not done":
        type(survey.case).objects.update(status="partial")
    assert night() == Chosen()


@pytest.mark.requirement("N13")
@pytest.mark.parametrize(
    "why", ["first", "her own", "took an earlier one", "neighbour", "unknown home", "knows her", "away"]
)
def test_who_never_asks_again(all_drawn, why):
    woman, second = all_drawn.woman(), all_drawn.second
    if why == "first":
        InterviewerProfile.objects.filter(user=second).update(user=all_drawn.first)
        type(second).objects.filter(pk=second.pk).update(is_active=False)
    if why == "her own":
        Participant.objects.filter(pk=woman.pk).update(interviewer=second)
    if why == "took an earlier one":
        all_drawn.survey(woman, at=NOW - timedelta(days=100), wave=3, submitted_by=second)
    if why == "neighbour":
        InterviewerProfile.objects.filter(user=second).update(district=woman.station.district)
    if why == "unknown home":
        InterviewerProfile.objects.filter(user=second).delete()
    if why == "knows her":
        Participant.objects.filter(pk=woman.pk).update(interviewer=second)
        declare_conflict(by=second, participant=Participant.objects.get(pk=woman.pk), now=NOW)
        Participant.objects.filter(pk=woman.pk).update(interviewer=all_drawn.first)
    if why == "away":
        InterviewerAbsence.objects.create(
            user=second, starts_on=TODAY - timedelta(days=9), ends_on=None, reason="leave", recorded_at=NOW,
            recorded_by=second,
        )  # fmt: skip
    all_drawn.survey(woman)
    assert night() == Chosen(chosen=1)
    assert BackCheck.objects.get().interviewer is None


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "officer"}])
def test_what_somebody_had_who_asks_no_more_goes_to_another(all_drawn, change):
    check = all_drawn.check()
    other = all_drawn.another()
    type(other).objects.filter(pk=all_drawn.second.pk).update(**change)
    assert night() == Chosen(given=1)
    check.refresh_from_db()
    assert check.interviewer == other


def test_what_a_neighbour_had_goes_to_another(all_drawn):
    woman = all_drawn.woman()
    check = all_drawn.check(woman)
    far = all_drawn.another(district=DistrictFactory())
    keep_hashes(woman, Identity("Rosa", home_district=all_drawn.second.interviewer_profile.district_id))

    assert night() == Chosen(given=1)

    check.refresh_from_db()
    assert check.interviewer == far


def test_nobody_has_more_than_she_can_take(field, monkeypatch):
    draw_all(monkeypatch, most_open=2)
    small = field.another(surveys_a_week=1)
    for _ in range(5):
        field.survey(field.woman())
    assert night() == Chosen(chosen=5, given=3)
    held = Counter(BackCheck.objects.values_list("interviewer", flat=True))
    assert held == {field.second.pk: 2, small.pk: 1, None: 2}
    # what was done makes room for what waits
    BackCheck.objects.filter(interviewer=small).update(status="refused")
    assert night() == Chosen(given=1)


def test_what_nobody_asked_in_time_is_missed_and_waits_for_its_reason(all_drawn):
    held, without = all_drawn.check(), all_drawn.check(interviewer=None)
    late = NOW + timedelta(days=10)
    assert night(late).missed == 2
    held.refresh_from_db()
    without.refresh_from_db()
    assert (held.status, held.missed_reason) == ("missed", "")
    assert (without.status, without.missed_reason) == ("missed", "nobody_free")


@pytest.mark.requirement("F4")
@pytest.mark.parametrize("why", ["withdrawn", "consent"])
def test_it_is_called_off_when_she_leaves(all_drawn, why):
    check = all_drawn.check()
    if why == "withdrawn":
        Participant.objects.update(status="withdrawn")
    else:
        Consent.objects.filter(scope="surveys").update(ended_at=NOW - timedelta(hours=1))
    assert night() == Chosen(cancelled=1)
    check.refresh_from_db()
    assert check.status == "cancelled"


def test_two_nights_at_once_draw_each_survey_once(committed_study, monkeypatch):
    field, together = laid_field(), Barrier(2)
    draw_all(monkeypatch)
    for _ in range(4):
        field.survey(field.woman())

    def run(_: int) -> int:
        together.wait()
        try:
            return night().chosen
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, range(2))) == [0, 4]
    assert BackCheck.objects.count() == 4
