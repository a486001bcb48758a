"""What a phone is given: its officer's days and the cards that she may open, each opening on record."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.errors import StudyError
from accounts.roles import Role
from accounts.services import revoke_sessions
from audit.models import Event
from participants.models import Conflict, EmergencyOpening
from participants.reach import require_card_open
from phone import queries, services
from phone.models import PhoneCard
from phone.user_refs import user_refs
from stations.models import Officer
from tests.factories import (
    NOW,
    TODAY,
    ConsentFactory,
    ParticipantFactory,
    ScaleFactory,
    UserFactory,
    VisitFactory,
    WeekPlanFactory,
)
from tests.phone.conftest import phone_of
from tests.visits.test_views import signed_in, visit_today
from visits.log_fields import as_data
from visits.models import SealingKey, Visit, VisitLog
from visits.services import DeviceRevoked, DeviceUnknown


def days_of(user, device, **headers):
    return signed_in(user).get(reverse("phone_days"), {"device": device.pk}, **headers)


def given_cards(user, *women, device=None, now=NOW):
    return services.give_cards(by=user, device_id=(device or phone_of(user)).pk, participants=women, now=now)


def openings() -> list[tuple[str, dict]]:
    return list(Event.objects.filter(action="phone.give_cards").order_by("pk").values_list("object_id", "details"))


@pytest.mark.requirement("F18", "F19")
def test_a_phone_is_given_four_days_with_cards_levels_rules_and_key(field):
    ScaleFactory()
    device = phone_of(field.officer)
    first = visit_today(field.by_risk, level="severo_1")
    last = visit_today(field.by_risk, days=3)
    visit_today(field.by_risk, days=4)
    visit_today(field.by_risk, days=-1, status=Visit.Status.MISSED)
    visit_today(field.as_usual)

    days = days_of(field.officer, device).json()

    assert [visit["id"] for visit in days["visits"]] == [str(first.pk), str(last.pk)]
    assert days["visits"][0] == {
        "id": str(first.pk),
        "participant": first.participant.study_code,
        "planned_on": timezone.localdate().isoformat(),
        "window_from": "09:00",
        "window_until": "18:00",
        "status": "planned",
        "is_mine": False,
        "is_colleagues": False,
        "level": "severo_1",
        "log_state": "",
    }
    assert set(days["cards"]) == {first.participant.study_code, last.participant.study_code}
    assert days["cards"][first.participant.study_code] == {
        "card": {
            "safe_weekdays": [1, 2, 3, 4, 5, 6, 7],
            "safe_from": "09:00",
            "safe_until": "18:00",
            "channel": "visit",
            "who_may_be_home": "",
            "code_word": "",
            "if_someone_else_answers": "",
            "do_not_approach_if": "",
            "name": "Rosa Quispe Huamán",
            "address": "Jr. Los Jilgueros 123",
            "address_hint": "",
            "telephone": "",
        },
        "why": "",
    }
    with translation.override("es"):
        assert days["declaration"] == as_data()
    assert days["scale"]["code"] == "FVR_PAREJA"
    assert days["sealing_key"]["id"] == SealingKey.objects.get().pk
    assert "45678901" not in str(days)  # her document stays here


@pytest.mark.requirement("F17")
def test_a_visit_of_days_before_goes_along_while_its_log_is_awaited(field):
    hers, colleagues, nobodys, logged, old = (visit_today(field.by_risk, days=days) for days in (-1, -1, -1, -1, -8))
    for visit, user in ((hers, field.officer), (colleagues, field.supervisor)):
        visit.first_officer = Officer.objects.get(user=user)
        visit.save()
    VisitLog.objects.create(visit=logged, outcome="met", occurred_at=NOW, received_at=NOW)
    visit_today(field.by_risk, days=-1, status=Visit.Status.MISSED)
    todays = visit_today(field.by_risk)

    days = days_of(field.officer, phone_of(field.officer)).json()

    given = {visit["id"]: visit["is_colleagues"] for visit in days["visits"]}
    assert given == {str(visit.pk): False for visit in (hers, nobodys, todays)}
    assert old.status == Visit.Status.PLANNED


@pytest.mark.requirement("F19")
def test_each_card_is_an_opening_on_record_once_a_day_for_each_phone(field):
    woman, one, other = visit_today(field.by_risk).participant, phone_of(field.officer), phone_of(field.officer)
    entry = (woman.study_code, {"purpose": "phone", "device": str(one.pk)})

    days_of(field.officer, one)
    days_of(field.officer, one)
    assert openings() == [entry]
    days_of(field.officer, other)
    given_cards(field.officer, woman, device=one, now=timezone.now() + timedelta(days=1))

    assert openings() == [entry, (woman.study_code, {"purpose": "phone", "device": str(other.pk)}), entry]
    assert PhoneCard.objects.count() == 3


def test_the_same_days_are_not_sent_again(field):
    visit, device = visit_today(field.by_risk), phone_of(field.officer)
    first = days_of(field.officer, device)
    again = days_of(field.officer, device, headers={"If-None-Match": first["ETag"]})
    weak = days_of(field.officer, device, headers={"If-None-Match": f"W/{first['ETag']}"})

    assert (again.status_code, weak.status_code, again.content) == (304, 304, b"")
    assert first["Cache-Control"] == again["Cache-Control"] == "no-store"
    visit.window_from = visit.window_from.replace(hour=10)
    visit.save()
    changed = days_of(field.officer, device, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)


@pytest.mark.requirement("F19")
def test_cards_of_other_officers_visits_stay_here(field):
    mine, theirs, nobodys = (visit_today(field.by_risk) for _ in range(3))
    mine.first_officer = Officer.objects.get(user=field.officer)
    theirs.first_officer = Officer.objects.get(user=field.supervisor)
    mine.save()
    theirs.save()

    days = days_of(field.officer, phone_of(field.officer)).json()

    closed = {"card": None, "why": "not_yours"}
    assert days["cards"][theirs.participant.study_code] == closed
    assert all(days["cards"][visit.participant.study_code]["card"] for visit in (mine, nobodys))
    assert {visit["id"]: visit["is_mine"] for visit in days["visits"]}[str(mine.pk)] is True
    assert sorted(code for code, _details in openings()) == sorted(
        visit.participant.study_code for visit in (mine, nobodys)
    )


def test_a_card_that_may_not_be_opened_stays_here_and_the_visit_comes(field):
    visit = visit_today(field.by_risk)
    Conflict.objects.create(participant=visit.participant, user=field.officer, declared_at=NOW)

    days = days_of(field.officer, phone_of(field.officer)).json()

    assert days["cards"] == {visit.participant.study_code: {"card": None, "why": "card_closed"}}
    assert "Rosa" not in str(days)
    assert openings() == []


def test_an_erased_card_closes_only_itself(field):
    erased, whole = visit_today(field.by_risk), visit_today(field.by_risk)
    key = erased.participant.vault_key
    key.wrapped, key.destroyed_at = None, NOW
    key.save()

    cards = days_of(field.officer, phone_of(field.officer)).json()["cards"]

    assert cards[erased.participant.study_code] == {"card": None, "why": "identity_erased"}
    assert cards[whole.participant.study_code]["card"]["name"] == "Rosa Quispe Huamán"


def test_what_became_of_a_visit_is_told(field):
    visit = visit_today(field.by_risk, status="done")
    VisitLog.objects.create(visit=visit, outcome="met", occurred_at=NOW, received_at=NOW)
    (told,) = days_of(field.officer, phone_of(field.officer)).json()["visits"]
    assert (told["status"], told["log_state"]) == ("done", "logged")


@pytest.mark.requirement("F23")
def test_only_a_phone_of_hers_that_was_not_closed_is_given_anything(field):
    visit_today(field.by_risk)
    device = phone_of(field.officer)

    elsewhere = days_of(field.supervisor, device)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "device_unknown")
    for wrong in ("", "x", str(uuid4()) + "0"):
        assert signed_in(field.officer).get(reverse("phone_days"), {"device": wrong}).status_code == 400
    with pytest.raises(DeviceUnknown):
        services.give_cards(by=field.officer, device_id=uuid4(), participants=[], now=NOW)
    revoke_sessions(by=field.supervisor, user=field.officer, now=NOW)
    with pytest.raises(DeviceRevoked):
        given_cards(field.officer, device=device)
    assert openings() == []


@pytest.mark.parametrize("women", [1, 3])
def test_days_take_as_many_queries_for_many_women_as_for_one(field, women, django_assert_num_queries):
    ScaleFactory()
    for _ in range(women):
        visit_today(field.by_risk, level="leve")
    device, client = phone_of(field.officer), signed_in(field.officer)
    client.get(reverse("phone_days"), {"device": device.pk})
    PhoneCard.objects.all().delete()
    with django_assert_num_queries(24):
        client.get(reverse("phone_days"), {"device": device.pk})


SITUATIONS = st.fixed_dictionaries(
    {
        "days": st.sampled_from([-8, -7, 0, 3, 4]),
        "superseded": st.booleans(),
        "enrolled": st.sampled_from([-60, -7, -8]),
        "status": st.sampled_from(["enrolled", "paused", "withdrawn", "moved"]),
        "consent": st.sampled_from(["visits", "surveys"]),
        "ended": st.booleans(),
        "conflict": st.booleans(),
        "emergency": st.sampled_from([None, -10, 10]),
        "transferred": st.booleans(),
    }
)


@pytest.mark.requirement("F19")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(situation=SITUATIONS)
def test_a_phone_holds_the_cards_that_the_page_opens_and_no_other(field, situation):
    woman = ParticipantFactory(
        station=field.by_risk,
        scopes=[],
        status=situation["status"],
        enrolled_on=TODAY + timedelta(days=situation["enrolled"]),
    )
    ConsentFactory(participant=woman, scope=situation["consent"], ended_at=NOW if situation["ended"] else None)
    VisitFactory(
        plan=WeekPlanFactory(participant=woman),
        planned_on=TODAY + timedelta(days=situation["days"]),
        status="superseded" if situation["superseded"] else "planned",
    )
    if situation["conflict"]:
        Conflict.objects.create(participant=woman, user=field.officer, declared_at=NOW)
    if situation["emergency"] is not None:
        until, began = NOW + timedelta(minutes=situation["emergency"]), NOW - timedelta(hours=1)
        EmergencyOpening.objects.create(
            participant=woman,
            opened_by=field.officer,
            cause="danger",
            opened_at=began,
            expires_at=until,
        )

    try:
        require_card_open(field.officer, woman, NOW)
    except StudyError as refusal:
        expected = {woman.pk: refusal.code}
    else:
        expected = {}
    assert queries.why_closed(field.officer, [woman], NOW) == expected


@pytest.mark.requirement("F19")
def test_session_says_who_is_signed_in_by_a_name_that_names_nobody(field, settings):
    nobody = Client().get(reverse("phone_session")).json()
    assert {nobody[name] for name in ("signed_in", "may_log")} == {False}
    assert {nobody[name] for name in ("user_ref", "display_name")} == {""}

    answer = signed_in(field.officer).get(reverse("phone_session"))

    said = answer.json()
    assert (said["signed_in"], said["may_log"], said["display_name"]) == (True, True, field.officer.display_name)
    assert said["user_ref"] == user_refs(field.officer.pk, [settings.SECRET_KEY])[0]
    assert str(field.officer.pk) != said["user_ref"] != user_refs(field.supervisor.pk, [settings.SECRET_KEY])[0]
    assert answer["Cache-Control"] == "no-store"


def test_session_gives_what_an_unsafe_call_must_carry(field):
    client = Client(enforce_csrf_checks=True)
    client.force_login(field.officer, backend="django.contrib.auth.backends.ModelBackend")
    token = client.get(reverse("phone_session")).json()["csrf_token"]
    body = {"id": str(uuid4()), "sent_at": NOW.isoformat()}

    refused = client.post(reverse("device_api"), body, content_type="application/json")
    taken = client.post(reverse("device_api"), body, content_type="application/json", headers={"X-CSRFToken": token})

    assert (refused.status_code, taken.status_code) == (403, 200)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICER, Role.SUPERVISOR}))
def test_other_roles_are_signed_in_and_have_no_days(field, role):
    client = signed_in(UserFactory(role=role))
    assert client.get(reverse("phone_session")).json()["may_log"] is False
    assert client.get(reverse("phone_days"), {"device": uuid4()}).status_code == 403
