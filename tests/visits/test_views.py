import gzip
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit.models import Event
from participants import sealing
from tests.factories import (
    AssessmentFactory,
    CurrentRiskFactory,
    ParticipantFactory,
    ScaleFactory,
    VisitFactory,
    WeekPlanFactory,
)
from visits.models import Visit, VisitLog
from visits.weeks import monday_of, week_label


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def visit_today(station, *, level="", days=0, **fields) -> Visit:
    woman = ParticipantFactory(station=station)
    if level:
        rank = ["leve", "moderado", "severo_1", "severo_2"].index(level)
        CurrentRiskFactory(assessment=AssessmentFactory(participant=woman, level=level, level_rank=rank))
    day, now = timezone.localdate() + timedelta(days=days), timezone.now()
    plan = WeekPlanFactory(participant=woman, monday=monday_of(day))
    return VisitFactory(plan=plan, planned_on=day, grace_ends_at=now + timedelta(days=2), **fields)


def filled(**changes):
    occurred = timezone.localtime() - timedelta(minutes=10)
    form = {"log_id": str(uuid4()), "outcome": "met", "occurred_at": occurred.strftime("%Y-%m-%dT%H:%M")}
    return {**form, **changes}


WHAT_HAPPENED = {"incident_type": "words", "incident_injury": "no", "incident_weapon": "no"}


def page_of(response) -> str:
    return response.content.decode()


def codes_on(page: str) -> list[str]:
    return re.findall(r'item-title d-block">(\w+)<', page)


def test_today_is_listed_by_level_then_hour_then_code(field):
    ScaleFactory()
    low, none, high = (visit_today(field.by_risk, level=level) for level in ("leve", "", "severo_2"))
    early = visit_today(field.by_risk, level="leve", window_from="08:00")
    visit_today(field.by_risk, level="severo_2", status="superseded")
    visit_today(field.as_usual, level="severo_2")
    visit_today(field.by_risk, days=1)

    page = page_of(signed_in(field.officer).get(reverse("visit_list")))

    assert codes_on(page) == [visit.participant.study_code for visit in (high, early, low, none)]
    assert "Registradas: 0. Por hacer: 4." in page
    assert "Rosa" not in page
    title = page[page.index("<title>") : page.index("</title>")]
    assert title == "<title>Visitas · Agenda"


def test_another_day_is_one_tap_away_and_nonsense_is_today(field):
    tomorrow = visit_today(field.by_risk, days=1)
    client = signed_in(field.officer)

    assert codes_on(page_of(client.get(reverse("visit_list")))) == []
    page = page_of(client.get(reverse("visit_list"), {"dia": tomorrow.planned_on.isoformat()}))
    assert codes_on(page) == [tomorrow.participant.study_code]
    assert codes_on(page_of(client.get(reverse("visit_list"), {"dia": "mañana"}))) == []


@pytest.mark.parametrize("name", ["visit_list", "missed_list", "week_board"])
@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_takes_a_constant_number_of_queries(field, name, rows, django_assert_num_queries):
    ScaleFactory()
    for _n in range(rows):
        visit_today(field.by_risk, level="leve", status="missed")
    client = signed_in(field.supervisor)

    with django_assert_num_queries({"visit_list": 8, "missed_list": 5, "week_board": 7}[name]):
        client.get(reverse(name))


@pytest.mark.requirement("F31")
def test_a_visit_shows_her_card_first_and_the_opening_is_recorded(field):
    visit = visit_today(field.by_risk)

    page = page_of(signed_in(field.officer).get(reverse("visit_detail", args=[visit.pk])))

    assert page.index("safe-card") < page.index(reverse("visit_log", args=[visit.pk]))
    assert "Rosa Quispe" in page
    event = Event.objects.get(action="participants.open_card")
    assert (event.object_id, event.details) == (visit.participant.study_code, {"purpose": "visit"})


def test_a_closed_visit_opens_no_card(field):
    visit = visit_today(field.by_risk, status="done")

    page = page_of(signed_in(field.officer).get(reverse("visit_detail", args=[visit.pk])))

    assert "Rosa" not in page
    assert reverse("visit_log", args=[visit.pk]) not in page
    assert not Event.objects.exists()


def test_a_visit_of_a_later_day_can_be_read_but_not_logged(field):
    visit = visit_today(field.by_risk, days=1)
    client = signed_in(field.officer)

    assert reverse("visit_log", args=[visit.pk]) not in page_of(client.get(reverse("visit_detail", args=[visit.pk])))
    page = page_of(client.post(reverse("visit_log", args=[visit.pk]), filled()))
    assert "planificada para otro día" in page
    assert not VisitLog.objects.exists()


def test_a_withdrawn_womans_card_stays_closed(field):
    visit = visit_today(field.by_risk)
    visit.participant.status = "withdrawn"
    visit.participant.save()

    page = page_of(signed_in(field.officer).get(reverse("visit_detail", args=[visit.pk])))

    assert "ya no participa" in page
    assert "Rosa" not in page


def test_the_common_case_is_an_outcome_and_a_button(field):
    visit = visit_today(field.by_risk)
    client = signed_in(field.officer)
    form = client.get(reverse("visit_log", args=[visit.pk])).context["form"]
    sent = {
        "log_id": str(form.initial["log_id"]),
        "occurred_at": form["occurred_at"].value().strftime("%Y-%m-%dT%H:%M"),
    }

    response = client.post(reverse("visit_log", args=[visit.pk]), {**sent, "outcome": "met"}, follow=True)

    assert response.redirect_chain == [(f"{reverse('visit_list')}?dia={visit.planned_on.isoformat()}", 302)]
    page = page_of(response)
    assert "Visita guardada" in page
    assert "is-done" in page
    assert "Registradas: 1. Por hacer: 0." in page
    log = VisitLog.objects.get()
    assert (str(log.pk), log.outcome, log.in_private, log.logged_by) == (sent["log_id"], "met", "", field.officer)


@pytest.mark.requirement("F20")
def test_sending_the_form_twice_keeps_one_log_and_says_so(field):
    visit = visit_today(field.by_risk)
    client, form = signed_in(field.officer), filled(note="la puerta azul")
    client.post(reverse("visit_log", args=[visit.pk]), form)

    page = page_of(client.post(reverse("visit_log", args=[visit.pk]), form, follow=True))

    assert "ya estaba guardada" in page
    assert VisitLog.objects.count() == 1


@pytest.mark.requirement("F24")
@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"outcome": "refused"}, "reason_refused"),
        ({"outcome": "refused", "reason_unsafe": "weapon"}, "reason_unsafe"),
        ({"outcome": "unsafe", "reason_unsafe": "other"}, "note"),
        ({"new_incident": "yes", "incident_type": "words", "incident_injury": "no"}, "incident_weapon"),
        ({"in_private": "no", "new_incident": "no"}, "new_incident"),
        ({"next_contact": "agreed", "next_contact_on": "ayer"}, "next_contact_on"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_named_beside_its_field(field, sent, wrong):
    visit = visit_today(field.by_risk)

    response = signed_in(field.officer).post(reverse("visit_log", args=[visit.pk]), filled(**sent))

    assert list(response.context["form"].errors) == [wrong]
    assert not VisitLog.objects.exists()


@pytest.mark.requirement("N6")
def test_the_log_page_stays_under_20_kb_compressed(field):
    visit = visit_today(field.by_risk)
    page = signed_in(field.officer).get(reverse("visit_log", args=[visit.pk])).content
    assert len(gzip.compress(page)) < 20_000


def test_somebody_elses_log_stands_and_what_was_typed_is_kept(field):
    visit = visit_today(field.by_risk)
    signed_in(field.officer).post(reverse("visit_log", args=[visit.pk]), filled())

    response = signed_in(field.supervisor).post(
        reverse("visit_log", args=[visit.pk]),
        filled(outcome="refused", reason_refused="no_time", note="la puerta azul"),
    )

    page = page_of(response)
    assert "ya fue registrada" in page
    assert "Ya se guardó: Hablé con ella" in page
    assert "la puerta azul" in page
    assert VisitLog.objects.get().outcome == "met"


@pytest.mark.parametrize(
    ("changes", "field_name"),
    [
        ({"occurred_at": "2999-01-01T10:00"}, "occurred_at"),
        ({"occurred_at": "1999-01-01T10:00"}, "occurred_at"),
        ({"occurred_at": "ayer"}, "occurred_at"),
        ({"outcome": ""}, "outcome"),
        ({"outcome": "flew"}, "outcome"),
        ({"log_id": "1"}, "log_id"),
        ({"in_private": "maybe"}, "in_private"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_written(field, changes, field_name):
    visit = visit_today(field.by_risk)

    response = signed_in(field.officer).post(
        reverse("visit_log", args=[visit.pk]), filled(**{"note": "la puerta azul", **changes})
    )

    assert list(response.context["form"].errors) == [field_name]
    assert "note" in changes or "la puerta azul" in page_of(response)
    assert not VisitLog.objects.exists()


def test_the_form_of_a_logged_visit_leads_back_to_it(field):
    visit = visit_today(field.by_risk, status="done")
    response = signed_in(field.officer).get(reverse("visit_log", args=[visit.pk]))
    assert response.headers["Location"] == reverse("visit_detail", args=[visit.pk])


@pytest.mark.requirement("F34")
@pytest.mark.parametrize("name", ["visit_detail", "visit_log", "explain_missed"])
def test_a_visit_of_another_station_is_not_found(field, name):
    visit = visit_today(field.by_risk, status="missed")
    field.stranger.role = Role.SUPERVISOR
    field.stranger.save()
    client = signed_in(field.stranger)

    assert client.get(reverse(name, args=[visit.pk])).status_code == 404
    assert client.post(reverse(name, args=[visit.pk]), filled()).status_code == 404
    assert not VisitLog.objects.exists()


@pytest.mark.requirement("F13", "F14")
def test_a_supervisor_says_why_a_visit_was_missed_and_it_leaves_the_list(field):
    visit = visit_today(field.by_risk, days=-3, status="missed")
    visit_today(field.as_usual, status="missed")
    client = signed_in(field.supervisor)
    assert codes_on(page_of(client.get(reverse("missed_list")))) == [visit.participant.study_code]

    page = page_of(client.post(reverse("explain_missed", args=[visit.pk]), {"reason": "no_transport"}, follow=True))

    assert "Motivo guardado" in page
    assert "Nada por explicar" in page
    visit.refresh_from_db()
    assert (visit.status, visit.missed_reason) == ("missed", "no_transport")


@pytest.mark.requirement("N1")
def test_the_board_shows_her_station_woman_by_day_with_what_lacks(field):
    visit = visit_today(field.by_risk, status="done")
    visit.plan.shortfall = 3
    visit.plan.save()
    visit_today(field.as_usual)
    client = signed_in(field.supervisor)

    response = client.get(reverse("week_board"))

    (row,) = response.context["rows"]
    assert [cell.visit for cell in row.cells].index(visit) == timezone.localdate().weekday()
    assert row.plan.shortfall == 3
    later = week_label(visit.plan.monday + timedelta(days=7))
    assert "No hay plan" in page_of(client.get(reverse("week_board"), {"semana": later}))
    assert client.get(reverse("week_board"), {"semana": "2026-W99"}).context["rows"] == response.context["rows"]


@pytest.mark.parametrize("name", ["visit_list", "missed_list", "week_board"])
def test_no_page_says_the_arm(field, name):
    visit_today(field.by_risk, level="severo_2", status="missed")
    page = page_of(signed_in(field.supervisor).get(reverse(name))).lower()
    page = page[: page.index("<nav")] + page[page.index("<main") :]
    assert not [word for word in ("risk_scale", "grupo", "brazo", "escala", "capacitación") if word in page]


@pytest.mark.requirement("F38")
def test_the_list_knows_her_by_code_and_initials_and_opens_no_card(field):
    visit = visit_today(field.by_risk)
    identity = sealing.open_card(visit.participant)

    page = page_of(signed_in(field.officer).get(reverse("visit_list")))

    assert codes_on(page) == [visit.participant.study_code]
    assert f">{identity.initials} · 09:00–18:00<" in page
    assert identity.full_name not in page
    assert not Event.objects.filter(action="participants.open_card").exists()


@pytest.mark.parametrize("place", ["by_risk", "as_usual"])
def test_a_new_incident_leads_to_the_sheet_in_every_arm(field, place):
    ScaleFactory()
    visit = visit_today(getattr(field, place), level="leve")
    officer = field.officer if place == "by_risk" else field.stranger
    sent = filled(new_incident="yes", **WHAT_HAPPENED)

    response = signed_in(officer).post(reverse("visit_log", args=[visit.pk]), sent, follow=True)

    assert response.redirect_chain == [(reverse("assess_risk", args=[visit.participant.study_code]), 302)]
    assert "Algo ocurrió desde la última visita: llene la ficha con ella ahora." in page_of(response)
