"""The pages from a report to enrolment."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit.models import Event
from participants.identity import Identity
from participants.models import IncidentReport, Participant, ReportBox, Screening
from participants.report_sealing import open_report
from tests.factories import OfficerFactory, StationFactory
from tests.participants.screenings import report_of
from tests.participants.test_intake import ENTRY, further, receive
from tests.participants.test_services import ROSA, enrol
from tests.participants.test_views import FILLED, signed_in

TYPED = {
    "number": "2026-001234",
    "reported_on": "2026-11-16",
    "full_name": "Rosa Quispe Huamán",
    "document": "45678901",
    "telephone": "987654321",
    "address": "Jr. Los Jilgueros 123",
}
SCREENED = {
    "seen": "0",
    "reached": "yes",
    "rule_adult": "34",
    "rule_partner": "yes",
    "rule_lives_in_area": "yes",
    "rule_safe_to_approach": "yes",
    "rule_one_per_household": "yes",
    "wants": "yes",
    "refusal": "not_said",
    "knows_arm": "no",
}


@pytest.fixture
def client(care) -> Client:
    return signed_in(care.supervisor)


@pytest.fixture
def report(care) -> IncidentReport:
    return receive(care.supervisor, replace(ENTRY, woman=replace(ENTRY.woman, address="Av. Las Cometas 9"))).report


def page(report: IncidentReport) -> str:
    return reverse("report_screen", args=[report.code])


def test_a_typed_report_leads_to_its_screening(client):
    response = client.post(reverse("report_new"), TYPED)

    report = IncidentReport.objects.get()
    assert response.headers["Location"] == page(report)
    assert open_report(report).woman == Identity(
        "Rosa Quispe Huamán", document="45678901", telephone="987654321", address="Jr. Los Jilgueros 123"
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "9" * 41}, "number"),
        ({"number": " - "}, "__all__"),
        ({"reported_on": "16/11/2026 10:00"}, "reported_on"),
        ({"reported_on": "2999-01-01"}, "reported_on"),
        ({"full_name": ""}, "full_name"),
        ({"full_name": "N" * 1000}, "full_name"),
        ({"document": "1" * 21}, "document"),
        ({"address": "a" * 201}, "address"),
        ({"aggressor_name": "N" * 1000}, "aggressor_name"),
    ],
)
def test_a_wrong_field_is_named_and_what_was_typed_is_kept(client, changes, field):
    response = client.post(reverse("report_new"), TYPED | {"telephone": "911 222 333"} | changes)

    assert list(response.context["form"].errors) == [field]
    assert "911 222 333" in response.content.decode()
    assert not IncidentReport.objects.exists()


def test_the_number_of_another_womans_report_is_named_and_nothing_is_lost(client, report):
    response = client.post(reverse("report_new"), TYPED | {"full_name": "Otra Mujer", "document": ""})

    assert "ya es de la denuncia de otra mujer" in response.content.decode()
    assert "Otra Mujer" in response.content.decode()


def test_the_same_report_again_says_so(client, report):
    response = client.post(reverse("report_new"), TYPED, follow=True)

    assert f"ya estaba registrada, como {report.code}" in response.content.decode()
    assert IncidentReport.objects.get() == report


def test_the_page_shows_who_she_is_and_keeps_a_record(client, care, report):
    response = client.get(page(report))

    words = response.content.decode()
    assert all(word in words for word in ("Rosa Quispe Huamán", "2026-001234", "Av. Las Cometas 9", report.code))
    title = words[words.index("<title>") : words.index("</title>")]
    assert "Rosa" not in title
    assert response.headers["Cache-Control"] == "no-store"
    assert Event.objects.filter(action="participants.read_report", object_id=report.code).count() == 1


def test_screening_leads_to_the_card_with_what_is_known(client, care, report):
    response = client.post(page(report), SCREENED)
    assert response.headers["Location"] == page(report)
    address = reverse("participant_enrol", args=[report.code])
    assert address in client.get(page(report)).content.decode()

    form = client.get(address).context["form"]
    shown = {name: form.initial[name] for name in ("full_name", "document", "telephone", "address", "age")}
    assert shown == {
        "full_name": ROSA.full_name,
        "document": ROSA.document,
        "telephone": ROSA.telephone,
        "address": "Av. Las Cometas 9",
        "age": 34,
    }

    response = client.post(address, FILLED)
    woman = Participant.objects.get()
    assert response.headers["Location"] == reverse("assess_risk", args=[woman.study_code])
    assert woman.screening.report == report
    assert woman.study_code in client.get(page(report)).content.decode()


@pytest.mark.parametrize(
    ("changes", "outcome", "reasons", "refusal"),
    [
        ({"rule_adult": "17", "rule_partner": "no"}, "not_eligible", ["adult", "partner"], ""),
        ({"wants": "no", "refusal": "afraid"}, "refused", [], "afraid"),
        ({"wants": "no", "refusal": ""}, "refused", [], "not_said"),
        ({"rule_partner": "no", "wants": "no"}, "not_eligible", ["partner"], ""),
        ({"rule_partner": "no", "wants": ""}, "not_eligible", ["partner"], ""),
        ({"reached": "no", "rule_adult": "", "rule_partner": "", "wants": ""}, "unreachable", [], ""),
    ],
)
def test_each_ending_is_kept_with_its_reasons(client, report, changes, outcome, reasons, refusal):
    client.post(page(report), SCREENED | changes)

    screening = Screening.objects.get()
    assert (screening.outcome, screening.reasons, screening.refusal) == (outcome, reasons, refusal)
    address = reverse("participant_enrol", args=[report.code])
    assert client.get(address).headers["Location"] == page(report)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reached": ""}, "reached"),
        ({"reached": "perhaps"}, "reached"),
        ({"rule_partner": ""}, "rule_partner"),
        ({"rule_adult": ""}, "rule_adult"),
        ({"rule_adult": "-3"}, "rule_adult"),
        ({"rule_adult": "treinta"}, "rule_adult"),
        ({"wants": ""}, "wants"),
        ({"refusal": "never"}, "refusal"),
        ({"knows_arm": ""}, "knows_arm"),
        ({"seen": "x"}, "seen"),
    ],
)
def test_what_is_missing_is_asked_for_and_the_answers_are_kept(client, report, changes, field):
    response = client.post(page(report), SCREENED | changes)

    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["rule_lives_in_area"].value() == "yes"
    assert not Screening.objects.exists()


def test_what_a_colleague_found_meanwhile_is_shown_before_it_is_replaced(client, care, report):
    opened = SCREENED | {"wants": "no", "refusal": "time"}
    colleague = signed_in(OfficerFactory(user__role=Role.SUPERVISOR, posted_at=care.station).user)
    colleague.post(page(report), SCREENED | {"rule_partner": "no"})

    response = client.post(page(report), opened)

    words = response.content.decode()
    assert "No es ni fue su pareja" in words
    assert response.context["form"]["refusal"].value() == "time"
    assert Screening.objects.count() == 1
    client.post(page(report), opened | {"seen": str(response.context["form"]["seen"].value())})
    assert list(Screening.objects.values_list("attempt", "outcome")) == [(1, "not_eligible"), (2, "refused")]


def test_another_stations_report_does_not_exist_here(care, report):
    there = signed_in(OfficerFactory(user__role=Role.SUPERVISOR, posted_at=StationFactory()).user)

    for name in ("report_screen", "participant_enrol"):
        for method in (there.get, there.post):
            assert method(reverse(name, args=[report.code]), SCREENED).status_code == 404
    assert report.code not in there.get(reverse("report_list")).content.decode()


def test_a_further_report_and_an_enrolled_woman_are_not_screened_again(client, care, report):
    second = receive(care.supervisor, further()).report

    response = client.post(page(second), SCREENED)

    assert response.status_code == 200
    assert report.code in response.content.decode()
    assert not Screening.objects.exists()


def test_a_box_that_does_not_open_is_said_and_nobody_is_shown(client, report):
    ReportBox.objects.filter(report=report).update(ciphertext=b"altered" * 10)

    words = client.get(page(report)).content.decode()

    assert "su sello no coincide" in words or "no se puede abrir" in words
    assert client.get(reverse("report_list")).status_code == 200


# --- The list ---------------------------------------------------------------------------------------------------------


def test_an_empty_list_says_what_to_do(client):
    assert reverse("report_new") in client.get(reverse("report_list")).content.decode()


def test_the_list_shows_initials_and_what_is_to_be_done(client, care, report):
    receive(care.supervisor, further())
    enrol(care.supervisor, Identity("Luz Sulca", document="11"))

    response = client.get(reverse("report_list"))

    words = response.content.decode()
    assert "R. Q." in words
    assert "Quispe" not in words
    counts = {choice.value: choice.count for choice in response.context["choices"]}
    assert next(iter(counts)) == ""  # all of them first
    assert counts == {"to_screen": 1, "unreachable": 0, "eligible": 0, "further": 1, "enrolled": 1, "": 3}
    listed = client.get(reverse("report_list"), {"ver": "to_screen"}).context["rows"]
    assert [row.report for row in listed] == [report]
    assert client.get(reverse("report_list"), {"ver": "nonsense", "page": "x"}).status_code == 200
    assert not client.get(reverse("report_list"), {"ver": "eligible"}).context["rows"]


@pytest.mark.parametrize("reports", [1, 3])
def test_the_list_takes_the_same_queries_however_long(client, care, reports, django_assert_num_queries):
    for number in range(reports):
        report_of(Identity(f"Mujer {number}", document=str(number)), care.station)
    client.get(reverse("report_list"))

    with django_assert_num_queries(QUERIES_OF_LIST):
        assert len(client.get(reverse("report_list")).context["rows"]) == reports


QUERIES_OF_LIST = 9


def test_a_report_of_yesterday_in_lima_is_no_future(client):
    response = client.post(reverse("report_new"), TYPED | {"reported_on": str(timezone.localdate())})

    assert response.status_code == 302
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert client.post(reverse("report_new"), TYPED | {"reported_on": str(tomorrow)}).status_code == 200
