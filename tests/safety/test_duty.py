"""The roster, and to whom a new case goes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from safety import queries, services
from safety.models import DutyTurn
from tests.factories import NOW, TODAY, UserFactory
from tests.risk.test_views import signed_in
from tests.safety.test_cases import raise_


def put(by, officer, first=0, last=6):
    days = {"starts_on": TODAY + timedelta(days=first), "ends_on": TODAY + timedelta(days=last)}
    return services.set_duty(by=by, officer=officer, now=NOW, **days)


@pytest.mark.requirement("N22")
@pytest.mark.parametrize(
    ("raised_at", "is_on_duty"),
    [
        (datetime(2026, 11, 18, 4, 59, tzinfo=UTC), False),  # 23:59 of the day before, in Lima
        (datetime(2026, 11, 18, 5, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 19, 4, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 19, 5, 0, tzinfo=UTC), False),
    ],
)
def test_a_turn_runs_from_midnight_to_midnight_in_lima(care, woman, safety_officer, raised_at, is_on_duty):
    on_duty = UserFactory(role=Role.SAFETY_OFFICER)
    put(safety_officer, on_duty, last=0)

    assert queries.duty_person(woman, raised_at) == (on_duty if is_on_duty else safety_officer)


def test_whoever_is_on_duty_takes_it_however_much_she_has(care, woman, safety_officer):
    on_duty = UserFactory(role=Role.SAFETY_OFFICER)
    put(safety_officer, on_duty)
    cases = [raise_(care.officer, woman, rule) for rule in ("unsafe_visit", "officer_concern", "missed_visits")]
    assert {case.duty_person for case in cases} == {on_duty}


def test_a_turn_of_somebody_who_left_is_nobodys(care, woman, safety_officer):
    gone = UserFactory(role=Role.SAFETY_OFFICER)
    put(safety_officer, gone)
    gone.is_active = False
    gone.save()
    assert raise_(care.officer, woman).duty_person == safety_officer


def test_one_person_at_a_time(safety_officer):
    other = UserFactory(role=Role.SAFETY_OFFICER)
    turn = put(safety_officer, other, 0, 6)
    for first, last in ((6, 8), (-3, 0), (2, 3), (-1, 9)):
        with pytest.raises(services.DutyTaken):
            put(safety_officer, safety_officer, first, last)
    put(safety_officer, safety_officer, 7, 8)
    with pytest.raises(services.DutyOutOfOrder):
        put(safety_officer, other, 20, 19)
    for nobody in (UserFactory(role=Role.OFFICER), UserFactory(role=Role.SAFETY_OFFICER, is_active=False)):
        with pytest.raises(services.NotASafetyOfficer):
            put(safety_officer, nobody, 20, 21)
    with pytest.raises(PermissionMissing):
        put(UserFactory(role=Role.SUPERVISOR), other, 20, 21)

    services.withdraw_duty(by=safety_officer, turn=turn, now=NOW)
    assert put(safety_officer, safety_officer, 0, 6).officer == safety_officer


def test_the_database_itself_keeps_one_on_duty(safety_officer):
    days = {"officer": safety_officer, "set_at": NOW}
    DutyTurn.objects.create(starts_on=TODAY, ends_on=TODAY, **days)
    for wrong in ({"starts_on": TODAY, "ends_on": TODAY}, {"starts_on": TODAY, "ends_on": TODAY - timedelta(days=1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DutyTurn.objects.create(**wrong, **days)


@pytest.mark.parametrize("role", [Role.SAFETY_OFFICER, Role.ADMINISTRATOR])
def test_the_roster_is_set_and_cleared_on_its_page(safety_officer, role):
    client, url, today = signed_in(UserFactory(role=role)), reverse("duty_list"), timezone.localdate()
    assert "Nadie" in client.get(url).content.decode()
    filled = {"officer": safety_officer.pk, "starts_on": today.isoformat(), "ends_on": today.isoformat()}
    wrong = client.post(url, filled | {"ends_on": (today - timedelta(days=1)).isoformat()})
    assert today.isoformat() in wrong.content.decode()
    assert wrong.context["form"].non_field_errors()

    assert client.post(url, filled).status_code == 302

    turn = DutyTurn.objects.get()
    assert safety_officer.display_name in client.get(url).content.decode()
    assert client.get(reverse("duty_withdraw", args=[turn.pk])).status_code == 405
    client.post(reverse("duty_withdraw", args=[turn.pk]))
    turn.refresh_from_db()
    assert turn.withdrawn_at is not None
    assert client.post(reverse("duty_withdraw", args=[turn.pk])).status_code == 404


@pytest.mark.parametrize("turns", [1, 3])
def test_the_roster_asks_the_database_the_same_for_any_number(safety_officer, turns, django_assert_num_queries):
    today = timezone.localdate()
    for number in range(turns):
        day = today + timedelta(days=number)
        DutyTurn.objects.create(officer=safety_officer, starts_on=day, ends_on=day, set_at=NOW)
    client = signed_in(safety_officer)

    with django_assert_num_queries(4):
        client.get(reverse("duty_list"))
