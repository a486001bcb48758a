"""Where officers serve, from when, who signs in as them, and who moved between arms."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from stations import services
from stations.models import ArmCrossing, Officer, Posting
from stations.queries import crossings, free_accounts, officers, station_ids_of
from stations.services import post_officer
from tests.factories import NOW, TODAY, OfficerFactory, StationFactory, UserFactory, lock_allocation
from tests.fixtures.study import SYSTEM

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def post(officer, station, starts_on=TODAY):
    return post_officer(by=SYSTEM, officer=officer, station=station, starts_on=starts_on)


@pytest.fixture
def arms():
    """Two stations as usual, one by risk, and one outside the study; locked more than a year ago."""
    usual, same, risk, outside = (StationFactory() for _ in range(4))
    lock_allocation({usual: "control", same: "control", risk: "risk_scale"})
    return {"usual": usual, "same": same, "risk": risk, "outside": outside}


# --- Postings --------------------------------------------------------------------------------------------------------


def test_officer_is_registered_with_her_first_posting():
    station = StationFactory()
    officer = services.register_officer(by=SYSTEM, code=" OF77 ", is_woman=True, station=station, starts_on=TODAY)
    assert (officer.code, officer.postings.get().station) == ("OF77", station)
    with pytest.raises(services.OfficerCodeTaken):
        services.register_officer(by=SYSTEM, code="OF77", is_woman=True, station=station, starts_on=TODAY)


@pytest.mark.parametrize("code", ["", "  ", "X" * 17])
def test_officer_without_a_usable_code_is_refused(code):
    with pytest.raises(services.OfficerCodeMissing):
        services.register_officer(by=SYSTEM, code=code, is_woman=True, station=StationFactory(), starts_on=TODAY)


def test_transfer_ends_the_posting_before():
    old, new = StationFactory(), StationFactory()
    officer = OfficerFactory(posted_at=old)
    post(officer, new)
    assert station_ids_of(officer.user, on=TODAY - DAY) == {old.pk}
    assert station_ids_of(officer.user, on=TODAY) == {new.pk}
    assert Event.objects.get(action="stations.post_officer").details["from"] == TODAY.isoformat()


@pytest.mark.parametrize("days", [0, 1])
def test_officer_serves_at_one_station_at_a_time(days):
    officer = OfficerFactory()
    post(officer, StationFactory(), TODAY + days * DAY)
    with pytest.raises(services.PostingOverlaps):
        post(officer, StationFactory())


def test_transfer_to_her_own_station_or_before_her_first_day_is_refused():
    station = StationFactory()
    officer = OfficerFactory(posted_at=station)
    began = officer.postings.get().starts_on
    with pytest.raises(services.ServesThereAlready):
        post(officer, station)
    for day in (began, began - DAY):
        with pytest.raises(services.PostingOverlaps):
            post(officer, StationFactory(), day)


def test_service_ends_and_she_sees_no_station_from_the_day_after():
    station = StationFactory()
    officer = OfficerFactory(posted_at=station)
    services.end_service(by=SYSTEM, officer=officer, ends_on=TODAY)
    assert station_ids_of(officer.user, on=TODAY) == {station.pk}
    assert station_ids_of(officer.user, on=TODAY + DAY) == set()
    with pytest.raises(services.NotServing):
        services.end_service(by=SYSTEM, officer=officer, ends_on=TODAY)


def test_service_does_not_end_before_it_began():
    officer = OfficerFactory(posted_at=StationFactory())
    with pytest.raises(services.NotServing):
        services.end_service(by=SYSTEM, officer=officer, ends_on=officer.postings.get().starts_on - DAY)


@pytest.mark.parametrize("days", [0, 1])
def test_mistaken_transfer_is_withdrawn_and_the_posting_before_goes_on(days):
    old, new = StationFactory(), StationFactory()
    officer = OfficerFactory(posted_at=old)
    mistaken = post(officer, new, TODAY + days * DAY)
    services.withdraw_posting(by=SYSTEM, posting=mistaken, reason="Wrong officer", now=NOW)
    assert station_ids_of(officer.user, on=TODAY + 30 * DAY) == {old.pk}
    assert Posting.objects.count() == 2
    with pytest.raises(services.PostingWithdrawn):
        services.withdraw_posting(by=SYSTEM, posting=mistaken, reason="Again", now=NOW)
    assert post(officer, new, TODAY + days * DAY).station == new


def test_what_began_before_today_stays_and_a_reason_is_needed():
    officer = OfficerFactory(posted_at=StationFactory())
    past = officer.postings.get()
    with pytest.raises(services.PostingBegan):
        services.withdraw_posting(by=SYSTEM, posting=past, reason="Wrong", now=NOW)
    with pytest.raises(services.WithdrawalReasonMissing):
        services.withdraw_posting(by=SYSTEM, posting=past, reason=" ", now=NOW)


def test_database_keeps_postings_apart_even_past_the_services():
    officer = OfficerFactory(posted_at=StationFactory())
    with pytest.raises(DatabaseError), transaction.atomic():
        Posting.objects.create(officer=officer, station=StationFactory(), starts_on=TODAY)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_only_administrators_post(role):
    person, station = UserFactory(role=role), StationFactory()
    officer = OfficerFactory(posted_at=station)
    for act in (
        lambda: post_officer(by=person, officer=officer, station=station, starts_on=TODAY),
        lambda: services.register_officer(by=person, code="X", is_woman=True, station=station, starts_on=TODAY),
        lambda: services.end_service(by=person, officer=officer, ends_on=TODAY),
        lambda: services.withdraw_posting(by=person, posting=officer.postings.get(), reason="x", now=NOW),
        lambda: services.link_account(by=person, officer=officer, user=person),
        lambda: services.unlink_account(by=person, officer=officer),
    ):
        with pytest.raises(PermissionMissing):
            act()


# --- Accounts --------------------------------------------------------------------------------------------------------


def test_account_is_linked_to_one_officer_and_parted_again():
    account, officer, other = UserFactory(role=Role.OFFICER), OfficerFactory(user=None), OfficerFactory(user=None)
    assert list(free_accounts()) == [account]
    services.link_account(by=SYSTEM, officer=officer, user=account)
    assert list(free_accounts()) == []
    for taken, user in ((other, account), (officer, UserFactory(role=Role.OFFICER))):
        with pytest.raises(services.AccountNotFree):
            services.link_account(by=SYSTEM, officer=taken, user=user)
    services.unlink_account(by=SYSTEM, officer=officer)
    assert Officer.objects.get(pk=officer.pk).user is None
    assert station_ids_of(account, on=TODAY) == set()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICER, Role.SUPERVISOR}))
def test_account_of_another_role_is_no_officers(role):
    with pytest.raises(services.AccountNotFree):
        services.link_account(by=SYSTEM, officer=OfficerFactory(user=None), user=UserFactory(role=role))


def test_officers_are_listed_with_where_they_serve_today(django_assert_num_queries):
    station = StationFactory()
    here, gone = OfficerFactory(code="OF1", posted_at=station), OfficerFactory(code="OF2", posted_at=station)
    services.end_service(by=SYSTEM, officer=gone, ends_on=TODAY - DAY)
    with django_assert_num_queries(1):
        listed = [(officer.code, officer.station_now) for officer in officers(on=TODAY)]
    assert listed == [(here.code, station.code), (gone.code, None)]


# --- Contamination ---------------------------------------------------------------------------------------------------


def test_move_between_arms_is_recorded_with_its_days(arms):
    officer = OfficerFactory(posted_at=arms["usual"])
    post(officer, arms["risk"])
    crossing = crossings().get()
    assert (crossing.officer, crossing.from_station, crossing.to_station) == (officer, arms["usual"], arms["risk"])
    assert (crossing.last_day_there, crossing.first_day_here) == (TODAY - DAY, TODAY)


@pytest.mark.parametrize(
    ("first", "second"),
    [("usual", "same"), ("same", "usual"), ("usual", "outside"), ("outside", "risk"), ("outside", "usual")],
)
def test_move_within_an_arm_or_out_of_and_into_the_study_is_none(arms, first, second):
    post(OfficerFactory(posted_at=arms[first]), arms[second])
    assert not ArmCrossing.objects.exists()


def test_move_by_way_of_another_station_is_one_too(arms):
    officer = OfficerFactory(posted_at=arms["usual"])
    post(officer, arms["outside"], TODAY - 9 * DAY)
    post(officer, arms["risk"])
    crossing = crossings().get()
    assert (crossing.last_day_there, crossing.first_day_here) == (TODAY - 10 * DAY, TODAY)


def test_return_after_an_end_of_service_is_one_too(arms):
    officer = OfficerFactory(posted_at=arms["risk"])
    services.end_service(by=SYSTEM, officer=officer, ends_on=TODAY - 5 * DAY)
    post(officer, arms["usual"])
    assert crossings().get().last_day_there == TODAY - 5 * DAY


def test_move_before_the_lock_is_none(arms):
    locked_on = NOW - timedelta(days=370)
    officer = OfficerFactory(posted_at=None, user=None)
    Posting.objects.create(
        officer=officer,
        station=arms["usual"],
        starts_on=(locked_on - timedelta(days=60)).date(),
        ends_on=(locked_on - timedelta(days=2)).date(),
    )
    post(officer, arms["risk"], locked_on.date())
    assert not ArmCrossing.objects.exists()


def test_crossing_falls_with_the_posting_that_was_withdrawn(arms):
    mistaken = post(OfficerFactory(posted_at=arms["usual"]), arms["risk"], TODAY + DAY)
    assert crossings().count() == 1
    services.withdraw_posting(by=SYSTEM, posting=mistaken, reason="Wrong officer", now=NOW)
    assert crossings().count() == 0
    assert ArmCrossing.objects.count() == 1


def test_audit_of_a_move_does_not_say_that_arms_differ(arms):
    within, across = OfficerFactory(posted_at=arms["usual"]), OfficerFactory(posted_at=arms["usual"])
    post(within, arms["same"])
    post(across, arms["risk"])
    first, second = Event.objects.filter(action="stations.post_officer").order_by("id")
    assert set(first.details) == set(second.details) == {"station", "from"}
    assert Event.objects.count() == 2
