"""Adverse events: what counts as serious, who is told, and that the board learns nothing of whom."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants import sealing
from safety import services, tasks
from safety.events import ALWAYS_SERIOUS, is_serious
from safety.models import AdverseEvent, EventReading
from safety.services import Judgement
from stations.models import AllocatedStation
from tests.factories import NOW, TODAY, UserFactory
from tests.risk.test_views import ARM_WORDS, signed_in
from tests.safety.factories import SafetyCaseFactory
from tests.safety.test_cases import close

Kind, Relatedness = AdverseEvent.Kind, AdverseEvent.Relatedness
DISTRESS = Judgement(Kind.DISTRESS, TODAY, Relatedness.POSSIBLY)
TEXT = "Tiene un aviso nuevo en la agenda. Ingrese para verlo."


def write(by, case, judgement=DISTRESS, note=""):
    return services.record_event(by=by, case=case, judgement=judgement, note=note, now=NOW)


@pytest.mark.parametrize("kind", Kind)
def test_some_kinds_are_serious_whatever_anybody_thinks(kind):
    assert is_serious(kind, judged_serious=True)
    assert is_serious(kind, judged_serious=False) is (kind in {"death", "hospital", "suicidality"})
    assert set(Kind.values) > ALWAYS_SERIOUS


@pytest.mark.requirement("F42")
def test_an_event_is_kept_with_its_judgement_and_a_sealed_note(safety_officer):
    case = SafetyCaseFactory()

    event = write(safety_officer, case, Judgement(Kind.HOSPITAL, TODAY, Relatedness.NOT), "Hospital Loayza")

    event.refresh_from_db()
    assert (event.kind, event.is_serious, event.relatedness, event.is_expected) == ("hospital", True, "not", False)
    assert (event.occurred_on, event.discovered_at, event.recorded_by) == (TODAY, case.raised_at, safety_officer)
    assert sealing.unseal_text(case.participant, event.sealed_note, purpose=services.EVENT_NOTE) == "Hospital Loayza"
    assert services.open_notes(by=safety_officer, case=case, now=NOW) == {f"event {event.pk}": "Hospital Loayza"}
    case.refresh_from_db()
    assert (case.state, [action.kind for action in case.actions.all()]) == ("open", ["event"])
    details = Event.objects.get(action="safety.record_event").details
    assert details == {"case": case.pk, "event": event.pk, "kind": "hospital", "serious": True}


def test_an_event_can_be_written_after_the_end_and_never_ahead(care, woman, safety_officer):
    case = SafetyCaseFactory(participant=woman)
    close(safety_officer, case)
    assert write(safety_officer, case).pk
    with pytest.raises(services.EventInFuture):
        write(safety_officer, case, replace(DISTRESS, occurred_on=TODAY + timedelta(days=1)))
    with pytest.raises(services.NoteNeeded):
        write(safety_officer, case, replace(DISTRESS, kind=Kind.OTHER), " ")
    with pytest.raises(PermissionMissing):
        write(care.officer, case)


def test_the_database_refuses_a_death_that_is_not_serious(safety_officer):
    event = write(safety_officer, SafetyCaseFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        AdverseEvent.objects.filter(pk=event.pk).update(kind="death")


@pytest.mark.requirement("N25")
def test_the_board_is_told_once_of_serious_events_alone(safety_officer, settings, capsys):
    settings.BOARD_NOTICES_TO = ["comite@example.org"]
    mild = write(safety_officer, SafetyCaseFactory())
    tasks.send_notices()
    assert capsys.readouterr().out == ""
    grave = write(safety_officer, SafetyCaseFactory(), replace(DISTRESS, is_serious=True))

    for _again in range(2):
        tasks.send_notices()

    assert capsys.readouterr().out.splitlines() == [f"message to …org: {TEXT}"]
    mild.refresh_from_db()
    grave.refresh_from_db()
    assert (mild.board_notified_at, grave.board_notified_at is not None) == (None, True)


@pytest.mark.requirement("N25")
@pytest.mark.parametrize("role", [Role.ETHICS_BOARD, Role.SAFETY_OFFICER, Role.ADMINISTRATOR])
def test_the_list_names_neither_woman_nor_station_nor_arm(care, woman, safety_officer, role):
    case = SafetyCaseFactory(participant=woman, raised_by=care.officer, duty_person=safety_officer)
    write(safety_officer, case, note="Vive en Los Jilgueros")

    page = signed_in(UserFactory(role=role)).get(reverse("event_list"))

    text = page.content.decode()
    assert "Malestar que necesitó atención" in text
    assert "noviembre" in text.lower()
    station = AllocatedStation.objects.get(station=woman.station)
    hidden = [woman.study_code, woman.station.code, woman.station.name, station.study_code, "Jilgueros", "18/11"]
    hidden += [care.officer.display_name, *ARM_WORDS]
    assert [word for word in hidden if word.lower() in text.lower()] == []
    (event,) = page.context["page"].object_list
    assert event.get_deferred_fields() >= {"case_id", "sealed_note", "recorded_by_id", "recorded_at", "discovered_at"}


@pytest.mark.requirement("N25")
def test_what_is_new_is_marked_until_it_was_read_by_each(safety_officer):
    one, other = UserFactory(role=Role.ETHICS_BOARD), UserFactory(role=Role.ETHICS_BOARD)
    first, second = write(safety_officer, SafetyCaseFactory()), write(safety_officer, SafetyCaseFactory())
    client, url = signed_in(one), reverse("events_read")
    assert "He leído los nuevos" in client.get(reverse("event_list")).content.decode()

    client.post(url, {"oldest": first.pk, "newest": second.pk})
    client.post(url, {"oldest": first.pk, "newest": second.pk})
    third = write(safety_officer, SafetyCaseFactory())

    assert list(EventReading.objects.order_by("event").values_list("event", "by")) == [
        (first.pk, one.pk), (second.pk, one.pk),
    ]  # fmt: skip

    def new_for(user):
        page = signed_in(user).get(reverse("event_list")).context["page"]
        return [event.pk for event in page.object_list if event.is_new]

    assert (new_for(one), new_for(other)) == ([third.pk], [third.pk, second.pk, first.pk])
    acts = Event.objects.filter(action="safety.acknowledge_events").order_by("id")
    assert [act.details["events"] for act in acts] == [2, 0]
    assert client.post(url, {"newest": "x"}).status_code == 302
    assert client.get(url).status_code == 405


def test_only_the_board_acknowledges(safety_officer):
    for user in (safety_officer, UserFactory(role=Role.ADMINISTRATOR)):
        with pytest.raises(PermissionMissing):
            services.acknowledge_events(by=user, oldest=1, newest=9, now=NOW)


def test_the_counts_tell_how_fast_answers_come(safety_officer):
    late = {"first_response_at": NOW + timedelta(days=3), "state": "in_progress", "raised_at": NOW - timedelta(days=60)}
    SafetyCaseFactory(**late)
    SafetyCaseFactory(at_work=True)
    SafetyCaseFactory(severity="ordinary", closed=True)

    rows = signed_in(UserFactory(role=Role.ETHICS_BOARD)).get(reverse("event_list")).context["counts"]

    serious, ordinary = rows
    assert (serious.counts.raised, serious.counts.in_time_pct, serious.counts.open) == (2, 50, 2)
    assert serious.oldest.endswith("días")
    assert (ordinary.counts.raised, ordinary.counts.in_time_pct, ordinary.oldest) == (1, 100, "")


@pytest.mark.parametrize("events", [1, 3])
def test_the_list_asks_the_database_the_same_for_any_number(safety_officer, events, django_assert_num_queries):
    for _ in range(events):
        write(safety_officer, SafetyCaseFactory())
    client = signed_in(UserFactory(role=Role.ETHICS_BOARD))

    with django_assert_num_queries(6):
        client.get(reverse("event_list"))


def test_an_event_is_written_on_its_page_and_bad_input_keeps_the_words(safety_officer):
    case = SafetyCaseFactory()
    client, url = signed_in(safety_officer), reverse("event_add", args=[case.pk])
    filled = {"kind": "privacy", "occurred_on": timezone.localdate().isoformat(), "relatedness": "probably"}
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    for wrong, field in (
        ({"kind": "war"}, "kind"),
        ({"occurred_on": tomorrow}, "occurred_on"),
        ({"kind": "other", "note": ""}, "note"),
        ({"relatedness": ""}, "relatedness"),
    ):
        response = client.post(url, filled | {"note": "Vio el papel"} | wrong)
        assert list(response.context["form"].errors) == [field]
    assert "Vio el papel" in client.post(url, filled | {"note": "Vio el papel", "kind": ""}).content.decode()

    response = client.post(url, filled | {"note": "Vio el papel", "is_serious": "on"})

    assert response.headers["Location"] == reverse("case_detail", args=[case.pk])
    assert AdverseEvent.objects.get().is_serious
    page = client.get(reverse("case_detail", args=[case.pk])).content.decode()
    assert "Vio el papel" in page
    assert "Probablemente relacionado" in page
