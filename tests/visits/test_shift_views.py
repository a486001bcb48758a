import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from stations.models import Officer
from tests.factories import OfficerFactory, ScaleFactory, UserFactory
from tests.visits.test_planning import woman_at
from tests.visits.test_views import page_of, signed_in
from visits import services
from visits.models import Absence, Shift, Visit
from visits.services.participation import PLANNER
from visits.weeks import WEEK, monday_of

SHIFT = {"weekdays": ["1", "3"], "starts_at": "07:00", "ends_at": "15:30", "visits_a_day": "6"}


@pytest.fixture
def supervisor(field) -> Client:
    return signed_in(field.supervisor)


@pytest.mark.parametrize("officers", [1, 3])
def test_the_list_takes_a_constant_number_of_queries(field, supervisor, officers, django_assert_num_queries):
    for _n in range(officers):
        OfficerFactory(posted_at=field.by_risk)
    with django_assert_num_queries(6):
        supervisor.get(reverse("shift_list"))


@pytest.mark.requirement("F34")
def test_a_supervisor_sees_her_own_station_and_an_administrator_all(field, supervisor):
    here, there = field.officer.officer.code, field.stranger.officer.code

    page = page_of(supervisor.get(reverse("shift_list")))
    everything = page_of(signed_in(UserFactory(role=Role.ADMINISTRATOR)).get(reverse("shift_list")))

    assert (here in page, there in page) == (True, False)
    assert (here in everything, there in everything) == (True, True)
    for name in ("shift_edit", "absence_add"):
        assert supervisor.get(reverse(name, args=[field.stranger.officer.pk])).status_code == 404


def test_a_shift_is_shown_changed_and_listed(field, supervisor):
    officer = field.officer.officer
    form = supervisor.get(reverse("shift_edit", args=[officer.pk])).context["form"]
    assert form.initial["visits_a_day"] == 12

    page = page_of(supervisor.post(reverse("shift_edit", args=[officer.pk]), SHIFT, follow=True))

    shift = Shift.objects.get()
    assert (shift.weekdays, f"{shift.starts_at:%H:%M}", shift.visits_a_day) == ([1, 3], "07:00", 6)
    assert "07:00–15:30" in page


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"ends_at": "06:00"}, "ends_at"),
        ({"starts_at": "temprano"}, "starts_at"),
        ({"visits_a_day": "41"}, "visits_a_day"),
        ({"weekdays": ["8"]}, "weekdays"),
    ],
)
def test_a_wrong_field_is_named_and_what_was_typed_stays(field, supervisor, changes, wrong):
    response = supervisor.post(reverse("shift_edit", args=[field.officer.officer.pk]), SHIFT | changes)
    assert list(response.context["form"].errors) == [wrong]
    assert response.context["form"]["visits_a_day"].value() == changes.get("visits_a_day", "6")
    assert not Shift.objects.exists()


def test_an_absence_is_shown_first_then_confirmed_then_taken_back(field, supervisor):
    other = OfficerFactory(posted_at=field.by_risk)
    third = OfficerFactory(posted_at=field.by_risk)
    woman = woman_at(field.by_risk, "severo_2")
    now, monday = timezone.now(), monday_of(timezone.localdate()) + WEEK
    services.plan_week(by=PLANNER, monday=monday, station_ids=[field.by_risk.pk], now=now)
    services.assign_week(by=PLANNER, monday=monday, station_ids=[field.by_risk.pk], now=now)
    gone = Officer.objects.get(pk=Visit.objects.filter(participant=woman).earliest("planned_on").officer_ids[0])
    hers = Visit.objects.filter(participant=woman, first_officer=gone).count()
    form = {"starts_on": monday.isoformat(), "ends_on": "", "reason": "leave"}
    address = reverse("absence_add", args=[gone.pk])

    preview = supervisor.post(address, form)
    assert len(preview.context["preview"]) >= hers > 0
    assert not Absence.objects.exists()

    page = page_of(supervisor.post(address, form | {"confirm": "1"}, follow=True))
    assert "de manos" in page
    assert not Visit.objects.filter(first_officer=gone).exists()
    assert not Visit.objects.filter(status="planned", first_officer=None).exists()
    assert {other.pk, third.pk, field.officer.officer.pk} >= {gone.pk}

    absence = Absence.objects.get()
    supervisor.post(reverse("absence_withdraw", args=[absence.pk]))
    absence.refresh_from_db()
    assert absence.withdrawn_at is not None


def test_absence_of_another_station_is_not_found(field, supervisor):
    absence = Absence.objects.create(
        officer=field.stranger.officer, starts_on=timezone.localdate(), reason="leave", recorded_at=timezone.now(),
        recorded_by=field.supervisor,
    )  # fmt: skip
    assert supervisor.post(reverse("absence_withdraw", args=[absence.pk])).status_code == 404


def test_the_officers_list_says_whose_each_visit_is(field):
    ScaleFactory()
    woman_at(field.by_risk)
    now, today = timezone.now(), timezone.localdate()
    services.plan_week(by=PLANNER, monday=monday_of(today) + WEEK, station_ids=[field.by_risk.pk], now=now)
    day = Visit.objects.earliest("planned_on").planned_on
    client = signed_in(field.officer)

    assert "Nadie asignado" in page_of(client.get(reverse("visit_list"), {"dia": day.isoformat()}))
    OfficerFactory(posted_at=field.by_risk)
    services.assign_week(by=PLANNER, monday=monday_of(day), station_ids=[field.by_risk.pk], now=now)
    page = page_of(client.get(reverse("visit_list"), {"dia": day.isoformat()}))
    assert "Tuyas" in page or "Suyas" in page
    assert field.officer.officer.code in page
