"""The pages of lost phones and incidents: what each role sees, what stays typed, and that nothing names anybody."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit.models import Event
from data_protection import queries
from data_protection.models import DataIncident
from data_protection.services import report_lost_phone
from participants.identity import Identity
from tests.architecture.reading import pdf_text
from tests.factories import ParticipantFactory, UserFactory, VisitFactory, WeekPlanFactory
from tests.participants.test_views import signed_in

LIST = "/datos-personales/incidentes/"
NAMING = re.compile(r"Rosa|Quispe|Huam|45678901|Jilgueros|987 ?654", re.IGNORECASE)


def lost(desk, *, women: int = 1) -> DataIncident:
    for _ in range(women):
        woman = ParticipantFactory(station=desk.care.station, interviewer=desk.care.interviewer)
        VisitFactory(plan=WeekPlanFactory(participant=woman), planned_on=timezone.localdate())
    return report_lost_phone(by=desk.care.officer, user=desk.care.officer, now=timezone.now())


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.OFFICER, ["lost_phone"]),
        (Role.INTERVIEWER, ["lost_phone", "data_request_list"]),
        (Role.SUPERVISOR, ["lost_phone", "telling_list", "data_request_list"]),
        (Role.SAFETY_OFFICER, ["lost_phone", "data_incident_list"]),
        (Role.ETHICS_BOARD, ["data_register"]),
        (
            Role.ADMINISTRATOR,
            ["lost_phone", "telling_list", "data_request_list", "data_incident_list", "data_register"],
        ),
    ],
)
def test_the_first_page_offers_what_the_role_may_open(desk, role, offered):
    page = signed_in(UserFactory(role=role)).get("/datos-personales/").content.decode()
    names = ("lost_phone", "telling_list", "data_request_list", "data_incident_list", "data_register")
    assert [name for name in names if f'href="{reverse(name)}"' in page] == offered


def test_an_officer_reports_her_own_phone_and_is_out_at_once(desk):
    here, lost_phone = signed_in(desk.care.officer), signed_in(desk.care.officer)

    answer = here.post("/datos-personales/telefono-perdido/", {"confirmed": "on"})

    assert "El teléfono quedó bloqueado" in answer.content.decode()
    assert here.get("/visitas/").status_code == 302
    out = lost_phone.get("/visitas/")
    assert (out.status_code, out.headers["Clear-Site-Data"]) == (302, '"cache", "cookies", "storage"')


def test_a_report_without_the_tick_ends_nothing(desk):
    client = signed_in(desk.care.officer)
    answer = client.post("/datos-personales/telefono-perdido/", {"lost_at": "2026-11-18T09:00"})
    assert 'value="2026-11-18T09:00"' in answer.content.decode()
    assert not DataIncident.objects.exists()


def test_a_supervisor_chooses_among_her_station(desk):
    client = signed_in(desk.care.supervisor)
    page = client.get("/datos-personales/telefono-perdido/").content.decode()
    assert f'value="{desk.care.officer.pk}"' in page
    assert f'value="{desk.care.stranger.pk}"' not in page

    client.post("/datos-personales/telefono-perdido/", {"account": desk.care.stranger.pk, "confirmed": "on"})
    assert not DataIncident.objects.exists()
    done = client.post("/datos-personales/telefono-perdido/", {"account": desk.care.officer.pk, "confirmed": "on"})

    assert DataIncident.objects.get().account == desk.care.officer
    assert "Dígale a su colega" in done.content.decode()


def test_an_administrator_names_the_user(desk):
    client = signed_in(desk.administrator)
    wrong = client.post("/datos-personales/telefono-perdido/", {"account": "<b>nadie", "confirmed": "on"})
    assert "No hay ningún usuario &lt;b&gt;nadie." in wrong.content.decode()

    words = {"account": f" {desk.care.officer.username.upper()} ", "confirmed": "on"}
    done = client.post("/datos-personales/telefono-perdido/", words, follow=True)

    assert done.redirect_chain[-1][0] == reverse("data_incident_detail", args=[DataIncident.objects.get().pk])


def test_the_administrator_takes_the_steps_on_one_page(desk):
    incident = lost(desk)
    client, page = signed_in(desk.administrator), reverse("data_incident_detail", args=[incident.pk])
    moment = timezone.localtime().strftime("%Y-%m-%dT%H:%M:%S")

    wrong = client.post(page, {"step": "notify", "notified_at": moment, "reference": "45678901"})
    assert 'value="45678901"' in wrong.content.decode()
    client.post(page, {"step": "notify", "notified_at": moment, "reference": "2026-7/ANPD"})
    client.post(page, {"step": "measure", "measure": "device_blocked"})
    blocked = client.post(page, {"step": "close", "outcome": "not_found", "not_notified_reason": ""})
    assert "A algunas de las personas" in blocked.content.decode()
    entry = queries.women_of(incident).get()
    client.post(reverse("telling_detail", args=[entry.pk]), {"answer": "not_safe"})
    client.post(page, {"step": "close", "outcome": "not_found", "not_notified_reason": ""})

    incident.refresh_from_db()
    assert (incident.status, incident.authority_reference) == ("closed", "2026-7/ANPD")
    answer = client.post(page, {"step": "close", "outcome": "found"}, follow=True)
    assert "avanzó entretanto" in answer.content.decode()


def test_an_incident_is_written_down(desk):
    client = signed_in(desk.administrator)
    moment = timezone.localtime().strftime("%Y-%m-%dT%H:%M:%S")
    words = {"kind": "paper_lost", "severity": "low", "categories": ["visits"], "discovered_at": moment}
    late = timezone.localtime() + timedelta(days=1)

    wrong = client.post(f"{LIST}nuevo/", {**words, "discovered_at": late.strftime("%Y-%m-%dT%H:%M")})
    assert "no están en orden" in wrong.content.decode()
    client.post(f"{LIST}nuevo/", words)

    assert DataIncident.objects.get().categories == ["visits"]


def test_the_safety_officer_reads_and_does_not_write(desk):
    incident = lost(desk)
    client = signed_in(UserFactory(role=Role.SAFETY_OFFICER))
    page = client.get(reverse("data_incident_detail", args=[incident.pk])).content.decode()
    assert "Teléfono o computadora" in page
    assert 'name="step"' not in page


@pytest.mark.requirement("N19")
@pytest.mark.parametrize(("language", "words"), [("es", "2 personas"), ("en", "2 people")])
def test_the_draft_has_the_facts_and_names_nobody(desk, language, words):
    incident = lost(desk, women=2)
    answer = signed_in(desk.administrator).get(reverse("data_incident_draft", args=[incident.pk, language]))

    text = pdf_text(answer.content)
    assert words in text
    assert NAMING.search(text) is None
    codes = [entry.participant.study_code for entry in queries.women_of(incident)]
    assert [code for code in codes if code in text] == []
    assert [name for name in (desk.care.officer.display_name, desk.care.station.name) if name in text] == []
    assert signed_in(desk.administrator).get(
        reverse("data_incident_draft", args=[incident.pk, "fr"])
    ).status_code == 404  # fmt: skip


def test_nothing_of_a_lost_phone_names_a_woman(desk):
    ParticipantFactory(station=desk.care.station, identity=Identity("Rosa Quispe", telephone="987654321"))
    incident = lost(desk)
    client = signed_in(desk.administrator)
    pages = [client.get(address).content.decode() for address in
             (LIST, reverse("data_incident_detail", args=[incident.pk]), reverse("telling_list"))]  # fmt: skip
    said = [*pages, *(f"{event.details} {event.reason} {event.object_id}" for event in Event.objects.all())]
    assert [NAMING.search(text) for text in said] == [None] * len(said)


def test_a_supervisor_tells_the_women_of_her_station_only(desk):
    incident = lost(desk)
    entry = queries.women_of(incident).get()
    address = reverse("telling_detail", args=[entry.pk])
    elsewhere = UserFactory(role=Role.SUPERVISOR)

    assert signed_in(elsewhere).get(address).status_code == 404
    client = signed_in(desk.care.supervisor)
    assert entry.participant.study_code in client.get(reverse("telling_list")).content.decode()
    page = client.get(address).content.decode()
    assert "Se perdió algo que tenía datos suyos" in page
    assert 'value="call"' not in page
    client.post(address, {"answer": "in_person"})

    assert "Nadie por avisar" in client.get(reverse("telling_list")).content.decode()


def test_an_administrator_gives_a_new_password_that_is_shown_once(desk):
    lost(desk)
    officer = desk.care.officer
    answer = signed_in(desk.administrator).post(reverse("password_give", args=[officer.pk]))
    officer.refresh_from_db()
    assert officer.check_password(answer.context["password"])
    assert officer.must_change_password
    assert answer.context["password"] not in str(list(Event.objects.values()))


def test_a_long_list_of_people_is_paged(desk):
    incident = lost(desk, women=51)
    page = signed_in(desk.administrator).get(reverse("data_incident_detail", args=[incident.pk]))
    assert (len(page.context["women"]), page.context["page"].paginator.count) == (50, 51)
    assert "(51)" in page.content.decode()
    last = signed_in(desk.administrator).get(reverse("data_incident_detail", args=[incident.pk]) + "?page=2")
    assert len(last.context["women"]) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_register_costs_the_same_whatever_its_length(desk, rows, django_assert_num_queries):
    people = [desk.care.officer, desk.colleague, desk.care.supervisor][:rows]
    for user in people:
        report_lost_phone(by=desk.administrator, user=user, now=timezone.now())
    client = signed_in(desk.administrator)
    client.get(LIST)
    with django_assert_num_queries(5):
        assert client.get(LIST).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_whom_to_tell_costs_the_same_whatever_its_length(desk, rows, django_assert_num_queries):
    lost(desk, women=rows)
    client = signed_in(desk.care.supervisor)
    client.get(reverse("telling_list"))
    with django_assert_num_queries(5):
        assert client.get(reverse("telling_list")).status_code == 200
