from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from tests.factories import AssessmentFactory, OfficerFactory, VisitFactory
from tests.visits.test_planning import woman_at
from tests.visits.test_views import page_of, signed_in
from visits import services
from visits.models import Visit, VisitChange
from visits.services.participation import PLANNER
from visits.weeks import WEEK, monday_of, week_label


@pytest.fixture
def supervisor(field) -> Client:
    return signed_in(field.supervisor)


def coming_monday():
    return monday_of(timezone.localdate()) + WEEK


def planned_week(field, women=1):
    made = [woman_at(field.by_risk, "moderado") for _n in range(women)]
    words = {"by": PLANNER, "monday": coming_monday(), "station_ids": [field.by_risk.pk], "now": timezone.now()}
    services.plan_week(**words)
    services.assign_week(**words)
    return made


def free_day(woman):
    taken = set(woman.visits.values_list("planned_on", flat=True))
    return next(day for n in range(7) if (day := coming_monday() + timedelta(days=n)) not in taken)


@pytest.mark.parametrize("women", [1, 3])
def test_the_week_by_officer_takes_a_constant_number_of_queries(field, supervisor, women, django_assert_num_queries):
    for _n in range(women):
        OfficerFactory(posted_at=field.by_risk)
    planned_week(field, women)
    with django_assert_num_queries(10):
        supervisor.get(reverse("week_officers"), {"semana": week_label(coming_monday())})


@pytest.mark.requirement("N23")
def test_the_visits_own_pages_say_that_her_last_sheet_is_incomplete(field):
    visit = VisitFactory(plan__participant=woman_at(field.by_risk, "severo_1"), planned_on=timezone.localdate())
    client = signed_in(field.officer)
    pages = (reverse("visit_list"), reverse("visit_detail", args=[visit.pk]))
    assert not any("Incompleta" in page_of(client.get(page)) for page in pages)

    AssessmentFactory(participant=visit.participant, assessed_at=timezone.now(), is_complete=False, missing=4)

    assert all("faltan 4" in page_of(client.get(page)) for page in pages)


@pytest.mark.requirement("N1")
def test_a_visit_is_moved_from_the_board_by_a_plain_form_and_undone(field, supervisor):
    OfficerFactory(posted_at=field.by_risk)
    (woman,) = planned_week(field)
    visit, to = woman.visits.earliest("planned_on"), free_day(woman)
    board = {"semana": week_label(coming_monday())}
    address = reverse("visit_move", args=[visit.pk])
    assert address in page_of(supervisor.get(reverse("week_board"), board))

    page = page_of(supervisor.post(address, {"to": to.isoformat(), "reason": "better_day"}, follow=True))

    assert "La visita se movió" in page
    assert Visit.objects.get(pk=visit.pk).planned_on == to
    supervisor.post(reverse("change_undo", args=[VisitChange.objects.get().pk]))
    assert Visit.objects.get(pk=visit.pk).planned_on == visit.planned_on


def test_a_day_that_is_taken_is_refused_on_the_field_and_what_was_typed_stays(field, supervisor):
    (woman,) = planned_week(field)
    first, second, *_rest = woman.visits.order_by("planned_on")
    form = {"to": second.planned_on.isoformat(), "reason": "she_asked", "outside_sentence": "porque sí"}

    response = supervisor.post(reverse("visit_move", args=[first.pk]), form)

    assert list(response.context["form"].errors) == ["to"]
    assert "porque sí" in page_of(response)
    assert not VisitChange.objects.exists()


@pytest.mark.requirement("F34")
def test_nothing_of_another_station_is_found(field, supervisor):
    woman = woman_at(field.as_usual)
    visit = VisitFactory(plan__participant=woman, planned_on=timezone.localdate())
    change = VisitChange.objects.create(
        visit=visit, kind="moved", reason="she_asked", day_before=visit.planned_on, day_after=visit.planned_on,
        changed_by=field.supervisor, changed_at=timezone.now(),
    )  # fmt: skip
    assert supervisor.get(reverse("visit_move", args=[visit.pk])).status_code == 404
    assert supervisor.post(reverse("change_undo", args=[change.pk])).status_code == 404
    assert supervisor.get(reverse("visit_agree", args=[woman.study_code])).status_code == 404


def test_visits_without_officers_are_told_on_both_tabs(field, supervisor):
    woman = planned_week(field)[0]
    board = {"semana": week_label(coming_monday())}

    by_woman = page_of(supervisor.get(reverse("week_board"), board))
    by_officer = page_of(supervisor.get(reverse("week_officers"), board))

    assert "3 visitas no tienen quién vaya" in by_woman
    assert "Nadie asignado" in by_officer
    assert woman.study_code in by_officer


def test_an_agreed_visit_is_refused_in_a_full_week_and_planned_for_a_missed_one(field, supervisor):
    (woman,) = planned_week(field)
    form = {"day": free_day(woman).isoformat(), "reason": "makes_up"}
    address = reverse("visit_agree", args=[woman.study_code])
    assert list(supervisor.post(address, form).context["form"].errors) == ["day"]
    Visit.objects.filter(pk=woman.visits.earliest("planned_on").pk).update(status="missed")

    response = supervisor.post(address, form)

    assert response.status_code == 302
    assert woman.visits.filter(status="planned").count() == 3


def test_the_sheet_for_paper_has_codes_and_initials_and_is_on_record(field, supervisor):
    visit = VisitFactory(plan__participant=woman_at(field.by_risk), planned_on=timezone.localdate())

    page = page_of(supervisor.get(reverse("day_sheet")))

    assert visit.participant.study_code in page
    assert "R. Q." in page
    assert "Quispe" not in page
    event = Event.objects.get(action="visits.print_day_sheet")
    assert (event.object_id, event.details) == (timezone.localdate().isoformat(), {"visits": 1})


def test_the_morning_is_shown_in_numbers_or_not_yet(field, supervisor):
    VisitFactory(plan__participant=woman_at(field.by_risk), planned_on=timezone.localdate())
    assert "Todavía no se contó nada hoy" in page_of(supervisor.get(reverse("station_morning")))

    services.make_digests(by=PLANNER, now=timezone.now())

    assert supervisor.get(reverse("station_morning")).context["digest"].planned == 1


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_at_the_end_of_time_is_a_day_like_any_other(field, supervisor, day):
    (woman,) = planned_week(field)
    refused = supervisor.post(reverse("visit_agree", args=[woman.study_code]), {"day": day, "reason": "she_asked"})

    assert (refused.status_code, bool(refused.context["form"].errors["day"])) == (200, True)
    assert day in page_of(refused)
    assert supervisor.get(reverse("visit_list"), {"dia": day}).status_code == 200
