"""A supervisor's list of her station's phones, and what the study's overview says of all of them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants.services import ParticipantOutOfReach
from phone.presenters.phones import duration
from phone.services import give_cards
from risk.models import PhoneSheet
from risk.services import see_sheet
from tests.factories import AssessmentFactory, OfficerFactory, ParticipantFactory, UserFactory
from tests.phone.conftest import phone_of
from tests.visits.test_views import page_of, signed_in, visit_today
from visits.models import Device
from visits.services import DeviceState, hear_of_device, revoke_devices

LEAST = "less than a minute"
SHEET_ID = "0198aaaa-0000-7000-8000-000000000001"


def said(user, device, *, unsent=0, hours=0, skew=0) -> None:
    now = timezone.now()
    oldest = now - timedelta(hours=hours) if unsent else None
    state = DeviceState(clock_skew_s=skew, unsent_count=unsent, oldest_unsent_at=oldest)
    hear_of_device(by=user, device_id=device.pk, state=state, now=now)


@pytest.mark.requirement("F23")
def test_supervisor_sees_what_waits_on_her_stations_phones_and_no_others(field):
    said(field.officer, phone_of(field.officer), unsent=3, hours=30, skew=-600)
    said(field.supervisor, phone_of(field.supervisor))
    said(field.stranger, phone_of(field.stranger), unsent=9, hours=99)

    page = page_of(signed_in(field.supervisor).get(reverse("phone_list")))

    assert page.index(field.officer.display_name) < page.index(f">{field.supervisor.display_name}</p>")
    for words in ("3 esperan; el más antiguo, desde hace 1 d", "Sin enviar por más de un día", "atrasado 10 min"):
        assert words in page
    assert "Todo se envió" in page
    assert field.stranger.display_name not in page


def test_administrator_sees_the_interviewers_telephones_and_no_officers(field):
    boss, interviewer = UserFactory(role=Role.ADMINISTRATOR), UserFactory(role=Role.INTERVIEWER)
    said(interviewer, phone_of(interviewer), unsent=2, hours=49)
    said(field.officer, phone_of(field.officer), unsent=3, hours=30)

    page = page_of(signed_in(boss).get(reverse("phone_list")))

    assert interviewer.display_name in page
    assert "2 esperan; el más antiguo, desde hace 2 d" in page
    assert field.officer.display_name not in page
    assert reverse("log_rescue") not in page
    assert reverse("conflict_list") not in page
    assert reverse("phone_list") in page_of(signed_in(boss).get(reverse("interviewer_list")))


def test_closed_phones_are_gone_and_an_empty_list_says_so(field):
    phone_of(field.officer)
    revoke_devices(by=field.supervisor, user=field.officer, now=timezone.now())
    assert "Todavía no hay teléfonos" in page_of(signed_in(field.supervisor).get(reverse("phone_list")))


def test_marked_sheets_of_the_station_are_listed(field):
    now = timezone.now()
    for station, marks in ((field.by_risk, ["score_differs"]), (field.by_risk, []), (field.as_usual, ["late"])):
        woman = ParticipantFactory(station=station)
        assessment = AssessmentFactory(participant=woman)
        PhoneSheet.objects.create(
            assessment=assessment,
            sheet_id=SHEET_ID,
            filled_at=now,
            received_at=now,
            marks=marks,
        )
    page = page_of(signed_in(field.supervisor).get(reverse("phone_list")))
    listed = PhoneSheet.objects.order_by("pk")
    assert "El teléfono había contado de otro modo" in page
    assert [sheet.assessment.participant.study_code in page for sheet in listed] == [True, False, False]


@pytest.mark.parametrize("phones", [1, 3])
def test_list_takes_as_many_queries_for_many_as_for_one(field, phones, django_assert_num_queries):
    for _ in range(phones):
        phone_of(OfficerFactory(user=UserFactory(role=Role.OFFICER), posted_at=field.by_risk).user)
        PhoneSheet.objects.create(
            assessment=AssessmentFactory(participant__station=field.by_risk),
            sheet_id=SHEET_ID,
            filled_at=timezone.now(),
            received_at=timezone.now(),
            marks=["late"],
        )
    client = signed_in(field.supervisor)
    with django_assert_num_queries(7):
        client.get(reverse("phone_list"))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a minute"),
        (59, "less than a minute"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (86400, "1 d"),
    ],
)
def test_duration_is_told_in_its_largest_unit(seconds, words):
    assert duration(seconds) == words


def test_overview_tells_the_oldest_record_on_any_phone(field):
    client = signed_in(UserFactory(role=Role.ADMINISTRATOR))
    said(field.stranger, phone_of(field.stranger), unsent=1, hours=5)
    said(field.officer, phone_of(field.officer), unsent=0)
    assert "5 h" in page_of(client.get(reverse("study_overview")))
    Device.objects.update(revoked_at=timezone.now())
    assert "5 h" not in page_of(client.get(reverse("study_overview")))


def test_cards_given_show_nothing_of_the_phone_to_a_supervisor(field):
    visit, phone = visit_today(field.by_risk), phone_of(field.officer)
    give_cards(by=field.officer, device_id=phone.pk, participants=[visit.participant], now=timezone.now())
    page = page_of(signed_in(field.supervisor).get(reverse("phone_list")))
    assert visit.participant.study_code not in page
    assert "Rosa" not in page


def marked_sheet(station, marks=("late",)) -> PhoneSheet:
    now = timezone.now()
    return PhoneSheet.objects.create(
        assessment=AssessmentFactory(participant__station=station),
        sheet_id=SHEET_ID, filled_at=now, received_at=now, marks=list(marks),
    )  # fmt: skip


@pytest.mark.requirement("F23")
def test_marked_sheet_is_marked_as_seen_once_with_who_and_when(field):
    sheet = marked_sheet(field.by_risk)
    client = signed_in(field.supervisor)

    client.post(reverse("sheet_seen", args=[sheet.pk]))
    page = page_of(client.get(reverse("phone_list")))
    again = page_of(client.post(reverse("sheet_seen", args=[sheet.pk]), follow=True))

    sheet.refresh_from_db()
    assert sheet.seen_by == field.supervisor
    assert "Fichas por revisar" not in page
    assert f"Vista por {field.supervisor.display_name}" in page
    assert "Alguien ya revisó esta ficha" in again
    event = Event.objects.get(action="risk.see_sheet")
    assert (event.actor, event.object_id, event.details) == (
        field.supervisor.audit_name,
        sheet.assessment.participant.study_code,
        {"assessment": sheet.assessment_id, "marks": ["late"]},
    )


def test_sheet_of_another_station_without_mark_or_asked_for_by_an_officer_is_not_marked(field):
    others, unmarked = marked_sheet(field.as_usual), marked_sheet(field.by_risk, marks=())
    client = signed_in(field.supervisor)

    assert [client.post(reverse("sheet_seen", args=[one.pk])).status_code for one in (others, unmarked)] == [404, 404]
    own = marked_sheet(field.by_risk)
    assert signed_in(field.officer).post(reverse("sheet_seen", args=[own.pk])).status_code == 403
    assert client.get(reverse("sheet_seen", args=[own.pk])).status_code == 405
    with pytest.raises(PermissionMissing):
        see_sheet(by=field.officer, sheet=own, now=timezone.now())
    with pytest.raises(ParticipantOutOfReach):
        see_sheet(by=field.supervisor, sheet=others, now=timezone.now())
    assert not PhoneSheet.objects.seen().exists()
