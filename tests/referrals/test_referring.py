from datetime import timedelta

import pytest
from django.db import IntegrityError

from accounts.actors import SystemActor
from accounts.permissions import Permission, PermissionMissing
from accounts.roles import Role
from audit.models import Event
from monitoring.presenters import referral_line
from participants.models import Conflict
from participants.reach import ConflictOfInterest, ParticipantLeft, ParticipantOutOfReach
from referrals.models import Referral, ReferralStep
from referrals.queries import referral_counts, referrals_of, referrals_to_follow, services_in_force
from referrals.services import (
    Agreement,
    MoreThanAgreed,
    OfferedAlready,
    ReferralMovedOn,
    ServiceRetired,
    StepDayWrong,
    StepWords,
    answer_offer,
    offer_referral,
    open_notes,
    record_outcome,
    record_sent,
    sweep_referrals,
)
from tests.factories import (
    NOW,
    TODAY,
    OfficerFactory,
    ParticipantFactory,
    ProtocolVersionFactory,
    ReferralFactory,
    StationFactory,
    SupportServiceFactory,
    UserFactory,
    lock_allocation,
)

STATUS, SHARING, HOW, WAY = Referral.Status, Referral.Sharing, Referral.Agreed, Referral.Way
SYSTEM = SystemActor("test", frozenset({Permission.MAKE_REFERRALS}))
DAY = timedelta(days=1)
TODAYS = StepWords(TODAY)
YES = Agreement(SHARING.ALL_NEEDED, HOW.SPOKEN)


def offered(by, woman, note="", **kwargs) -> Referral:
    words = StepWords(TODAY, note)
    return offer_referral(by=by, participant=woman, service=SupportServiceFactory(**kwargs), words=words, now=NOW)


def accepted(by, woman, agreement=YES) -> Referral:
    return answer_offer(by=by, referral=offered(by, woman), agreement=agreement, words=TODAYS, now=NOW)


def sent(by, woman) -> Referral:
    return record_sent(by=by, referral=accepted(by, woman), way=WAY.CALLED, words=TODAYS, now=NOW)


def outcome(by, referral, result, *, at=NOW, on=TODAY) -> Referral:
    return record_outcome(by=by, referral=referral, outcome=result, words=StepWords(on), now=at)


@pytest.mark.requirement("F41")
@pytest.mark.parametrize("who", ["officer", "supervisor", "interviewer"])
def test_a_referral_is_followed_from_the_offer_to_the_answer(care, woman, who):
    by = getattr(care, who)
    referral = offered(by, woman)
    assert (referral.status, referral.due_on, list(referrals_to_follow(by))) == (
        "offered", TODAY + 7 * DAY, [referral],
    )  # fmt: skip
    referral = answer_offer(by=by, referral=referral, agreement=YES, words=TODAYS, now=NOW)
    assert (referral.status, referral.sharing, referral.agreed_on) == ("accepted", "all_needed", TODAY)
    referral = record_sent(by=by, referral=referral, way=WAY.WROTE, words=TODAYS, now=NOW)
    referral = outcome(by, referral, STATUS.NO_ANSWER, at=NOW + 9 * DAY, on=TODAY + 8 * DAY)
    assert referral.due_on == TODAY + 16 * DAY
    assert list(referrals_to_follow(by)) == [referral]

    referral = outcome(by, referral, STATUS.TAKEN_UP, at=NOW + 10 * DAY, on=TODAY + 10 * DAY)

    assert (referral.due_on, list(referrals_to_follow(by))) == (None, [])
    steps = list(ReferralStep.objects.values_list("status", "happened_on", "recorded_by"))
    assert steps == [
        ("offered", TODAY, by.pk),
        ("accepted", TODAY, by.pk),
        ("sent", TODAY, by.pk),
        ("no_answer", TODAY + 8 * DAY, by.pk),
        ("taken_up", TODAY + 10 * DAY, by.pk),
    ]
    actions = Event.objects.filter(action__startswith="referrals.").values_list("action", "object_id")
    assert set(actions) == {
        (f"referrals.{step}", woman.study_code) for step in ("offer", "answer", "send", "record_outcome")
    }


@pytest.mark.requirement("F41")
@pytest.mark.parametrize("way", WAY)
@pytest.mark.parametrize("sharing", SHARING)
def test_nothing_is_told_of_her_that_she_did_not_agree_to(care, woman, sharing, way):
    referral = accepted(care.officer, woman, Agreement(sharing, HOW.SPOKEN))
    told = {WAY.TOLD_HER: 0, WAY.WENT_ALONG: 0, WAY.CALLED: 1, WAY.WROTE: 2}[way]
    agreed = {SHARING.NOTHING: 0, SHARING.TELEPHONE: 1, SHARING.ALL_NEEDED: 2}[sharing]
    if told > agreed:
        with pytest.raises(MoreThanAgreed):
            record_sent(by=care.officer, referral=referral, way=way, words=TODAYS, now=NOW)
        with pytest.raises(IntegrityError, match="referrals_no_more_than_agreed"):
            Referral.objects.filter(pk=referral.pk).update(sent_way=way)
    else:
        record_sent(by=care.officer, referral=referral, way=way, words=TODAYS, now=NOW)


@pytest.mark.requirement("F41")
def test_without_her_agreement_nothing_can_be_sent(care, woman):
    referral = offered(care.officer, woman)
    with pytest.raises(ReferralMovedOn):
        record_sent(by=care.officer, referral=referral, way=WAY.TOLD_HER, words=TODAYS, now=NOW)
    with pytest.raises(IntegrityError, match="referrals_nothing_without_agreement"):
        Referral.objects.filter(pk=referral.pk).update(status="sent")


def test_she_takes_her_agreement_back_before_anything_was_sent(care, woman):
    referral = accepted(care.officer, woman)
    referral = answer_offer(by=care.officer, referral=referral, agreement=None, words=TODAYS, now=NOW)
    assert (referral.status, referral.sharing, referral.agreed_on) == ("declined", "", None)
    assert referral.due_on is None
    # and may be offered it again
    offer_referral(by=care.officer, participant=woman, service=referral.service, words=TODAYS, now=NOW)


def test_a_step_that_does_not_follow_is_refused(care, woman):
    officer, referral = care.officer, sent(care.officer, woman)
    outcome(officer, referral, STATUS.NOT_TAKEN_UP)
    for step in (
        lambda: answer_offer(by=officer, referral=referral, agreement=YES, words=TODAYS, now=NOW),
        lambda: answer_offer(by=officer, referral=referral, agreement=None, words=TODAYS, now=NOW),
        lambda: record_sent(by=officer, referral=referral, way=WAY.CALLED, words=TODAYS, now=NOW),
        lambda: outcome(officer, referral, STATUS.TAKEN_UP),
    ):
        with pytest.raises(ReferralMovedOn):
            step()
    for result in (STATUS.CLOSED, STATUS.DECLINED, STATUS.ACCEPTED):
        with pytest.raises(ReferralMovedOn):
            outcome(officer, sent(officer, woman), result)


@pytest.mark.parametrize("day", [TODAY + DAY, TODAY - 61 * DAY])
def test_a_day_to_come_or_before_she_joined_is_refused(care, woman, day):
    with pytest.raises(StepDayWrong):
        offer_referral(
            by=care.officer, participant=woman, service=SupportServiceFactory(), words=StepWords(day), now=NOW
        )
    referral = offered(care.officer, woman)
    with pytest.raises(StepDayWrong):
        answer_offer(by=care.officer, referral=referral, agreement=YES, words=StepWords(day), now=NOW)


def test_the_same_service_is_offered_once_while_it_is_followed(care, woman):
    referral = offered(care.officer, woman)
    again = {"participant": woman, "service": referral.service, "words": TODAYS, "now": NOW}
    with pytest.raises(OfferedAlready):
        offer_referral(by=care.supervisor, **again)
    # the survey's side does not know of it
    offer_referral(by=care.interviewer, **again)


def test_a_retired_service_is_not_offered(care, woman):
    with pytest.raises(ServiceRetired):
        offered(care.officer, woman, retired_at=NOW)


def test_only_who_cares_for_her_offers_and_follows(care, woman):
    for who in (care.stranger, care.other_interviewer):
        with pytest.raises(ParticipantOutOfReach):
            offered(who, woman)
    referral = offered(care.officer, woman)
    for who in (care.stranger, care.interviewer, care.other_interviewer):
        assert list(referrals_of(who, woman)) == []
        with pytest.raises(ParticipantOutOfReach):
            answer_offer(by=who, referral=referral, agreement=YES, words=TODAYS, now=NOW)
        with pytest.raises(ParticipantOutOfReach):
            open_notes(by=who, referral=referral, now=NOW)
    for role in set(Role) - {Role.OFFICER, Role.SUPERVISOR, Role.INTERVIEWER}:
        assert list(referrals_of(UserFactory(role=role), woman)) == []
        with pytest.raises(PermissionMissing):
            offered(UserFactory(role=role), woman)


def test_who_has_to_do_with_her_case_neither_offers_nor_sees(care, woman):
    offered(care.supervisor, woman)
    Conflict.objects.create(participant=woman, user=care.officer, declared_at=NOW)
    with pytest.raises(ConflictOfInterest):
        offered(care.officer, woman)
    assert list(referrals_of(care.officer, woman)) == []
    assert len(referrals_of(care.supervisor, woman)) == 1


def test_an_officer_follows_her_own_and_the_supervisor_all(care, woman):
    colleague = OfficerFactory(posted_at=care.station).user
    own, other = offered(care.officer, woman), offered(colleague, woman)
    assert list(referrals_to_follow(care.officer)) == [own]
    assert list(referrals_to_follow(care.supervisor)) == [own, other]
    # whoever cares for her writes the next step
    answer_offer(by=care.officer, referral=other, agreement=None, words=TODAYS, now=NOW)
    assert list(referrals_to_follow(care.supervisor)) == [own]


def test_notes_are_sealed_and_opening_them_is_recorded(care, woman):
    referral = offered(care.officer, woman, note="Su hermana Marcela la acompaña")
    stored = ReferralStep.objects.get()
    assert b"Marcela" not in bytes(stored.sealed_note)
    assert open_notes(by=care.supervisor, referral=referral, now=NOW) == {stored.pk: "Su hermana Marcela la acompaña"}
    event = Event.objects.get(action="referrals.open_notes")
    assert (event.object_id, event.details) == (woman.study_code, {"referral": referral.pk, "notes": 1})
    assert not Event.objects.filter(details__icontains="Marcela").exists()


# --- The sweep -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("due_in", "overdue"), [(-1, 1), (0, 0), (1, 0)])
def test_a_referral_is_overdue_from_the_day_after_its_day(care, woman, due_in, overdue):
    referral = ReferralFactory(participant=woman, due_on=TODAY + due_in * DAY)
    assert sweep_referrals(by=SYSTEM, now=NOW) == (0, overdue)
    referral.refresh_from_db()
    assert referral.overdue_at == (NOW if overdue else None)
    # safe to run twice
    assert sweep_referrals(by=SYSTEM, now=NOW + timedelta(hours=6)) == (0, 0)
    answered = answer_offer(by=care.officer, referral=referral, agreement=YES, words=TODAYS, now=NOW)
    assert answered.overdue_at is None


@pytest.mark.parametrize(
    ("status", "stopped"),
    [("withdrawn", 1), ("deceased", 1), ("completed", 1), ("paused", 0), ("moved", 0), ("lost", 0), ("enrolled", 0)],
)
def test_who_left_is_followed_no_more(care, woman, status, stopped):
    referral = sent(care.officer, woman)
    woman.status = status
    woman.save()
    assert len(referrals_to_follow(care.officer)) == 1 - stopped
    if stopped:
        with pytest.raises(ParticipantLeft):
            outcome(care.officer, referral, STATUS.TAKEN_UP)
    assert sweep_referrals(by=SYSTEM, now=NOW) == (stopped, 0)
    referral.refresh_from_db()
    assert (referral.status, referral.due_on is None) == (("stopped", True) if stopped else ("sent", False))
    last = ReferralStep.objects.last()
    assert (last.status == "stopped", last.recorded_by is None) == (bool(stopped), bool(stopped))


# --- In the overview --------------------------------------------------------------------------------------------------


def test_counts_of_the_study_hide_small_numbers(care):
    for _n in range(6):
        ReferralFactory(service=SupportServiceFactory())
    for _n in range(2):
        ReferralFactory(status="declined", due_on=None)
    assert referral_counts() == {
        "followed": 6, "declined": 2, "attended": 0, "not_attended": 0, "unanswered": 0,
    }  # fmt: skip
    assert referral_line(referral_counts()) == {
        "all": 8, "followed": None, "declined": None, "attended": 0, "not_attended": 0, "unanswered": 0,
    }  # fmt: skip
    assert referral_line({"followed": 4, "declined": 0})["all"] is None


# --- The same in every arm -------------------------------------------------------------------------------------------


@pytest.mark.requirement("F41")
def test_a_woman_of_each_arm_is_offered_the_same_and_followed_alike(db):
    ProtocolVersionFactory()
    district = StationFactory().district
    stations = {arm: StationFactory(district=district) for arm in ("control", "training", "risk_scale", "both")}
    lock_allocation({station: arm for arm, station in stations.items()})
    for code in ("uno", "dos", "tres"):
        SupportServiceFactory(code=code, district=district if code == "tres" else None)
    found = {}
    for arm, station in stations.items():
        officer = OfficerFactory(posted_at=station).user
        woman = ParticipantFactory(station=station)
        services = list(services_in_force(station.district_id))
        referral = offer_referral(by=officer, participant=woman, service=services[0], words=TODAYS, now=NOW)
        referral = answer_offer(by=officer, referral=referral, agreement=YES, words=TODAYS, now=NOW)
        referral = record_sent(by=officer, referral=referral, way=WAY.WROTE, words=TODAYS, now=NOW)
        found[arm] = ([service.code for service in services], referral.status, referral.due_on, referral.sent_way)
    (_same,) = {str(value) for value in found.values()}
    assert found["control"][0][0] == "tres"
