"""What an interviewer's phone is given and sends: her surveys of the week, nothing of the police, each thing once."""

import json
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit.models import Event
from participants.models import Conflict
from phone.models import PhoneCard
from surveys.models import CallAttempt, Submission, SurveyCase, SurveySitting
from surveys.services import keep_draft, lay_questionnaires, open_sitting, schedule_waves
from tests.factories import ParticipantFactory, ProtocolVersionFactory, UserFactory
from tests.phone.conftest import phone_of
from tests.surveys.conftest import STUDY, sent


@pytest.fixture
def asked(db):
    """A woman whose second wave is due today, by the clock of the server."""
    now = timezone.now()
    ProtocolVersionFactory()
    lay_questionnaires(by=STUDY, now=now)
    interviewer = UserFactory(role=Role.INTERVIEWER)
    woman = ParticipantFactory(interviewer=interviewer, enrolled_on=timezone.localdate() - timedelta(days=92))
    schedule_waves(by=STUDY, participant=woman, now=now)
    SurveyCase.objects.filter(participant=woman, wave_number=0).update(status="missed")
    return woman


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def notebook_of(user, device, **headers):
    return signed_in(user).get(reverse("phone_notebook"), {"device": device.pk}, **headers)


def send(user, *entries, **said):
    body = {"sent_at": timezone.now().isoformat(), "entries": list(entries), **said}
    return signed_in(user).post(reverse("entry_sync"), body, content_type="application/json")


def written(case, kind="survey", **said) -> dict:
    said = said or {"xml": sent(case).decode()}
    return {"id": str(uuid4()), "case": str(case.pk), "kind": kind, "at": timezone.now().isoformat(), **said}


@pytest.mark.requirement("F28")
def test_phone_is_given_the_surveys_of_the_week_with_cards_and_questionnaires(asked):
    user = asked.interviewer
    device = phone_of(user)

    book = notebook_of(user, device).json()

    case = asked.survey_cases.get(wave_number=1)
    assert book["cases"] == [
        {
            "id": str(case.pk),
            "participant": asked.study_code,
            "status": "due",
            "window_from": case.window_from.isoformat(),
            "window_until": case.window_until.isoformat(),
            "tried": [],
            "wave": "3 meses",
            "form": next(iter(book["forms"])),
            "prefill": {"reference_period": "since_last_interview"},
            "earlier": [],
        }
    ]
    assert book["cards"][asked.study_code]["card"]["name"] == "Rosa Quispe Huamán"
    assert "<h:html" in book["forms"][book["cases"][0]["form"]]
    assert {line["number"] for line in book["lines"]} >= {"100"}
    assert "45678901" not in str(book)  # her document stays here
    assert PhoneCard.objects.get().participant == asked
    assert Event.objects.filter(action="phone.give_cards", object_id=asked.study_code).count() == 1


def test_same_again_is_not_sent_and_a_change_is(asked):
    user = asked.interviewer
    device = phone_of(user)
    tag = notebook_of(user, device).headers["ETag"]
    assert notebook_of(user, device, headers={"If-None-Match": tag}).status_code == 304
    SurveyCase.objects.filter(participant=asked, wave_number=1).update(status="late")
    assert notebook_of(user, device, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.requirement("F28")
def test_what_was_begun_with_a_signal_goes_along_until_she_leaves(asked):
    user, now, case = asked.interviewer, timezone.now(), asked.survey_cases.get(wave_number=1)
    open_sitting(by=user, case=case, pin="4071", now=now)
    keep_draft(by=user, case=case, draft=b"<data><age>34</age></data>", now=now)
    device = phone_of(user)

    (told,) = notebook_of(user, device).json()["cases"]

    assert told["earlier"] == [{"at": now.isoformat(), "xml": "<data><age>34</age></data>"}]
    event = Event.objects.get(action="phone.give_answers")
    assert (event.object_id, event.details) == (str(device.pk), {"surveys": [str(case.pk)]})
    asked.consents.filter(scope="surveys").update(ended_at=now)
    assert notebook_of(user, device).json()["cases"] == []


def test_draft_that_was_damaged_is_asked_anew_and_closes_no_notebook(asked):
    user, now, case = asked.interviewer, timezone.now(), asked.survey_cases.get(wave_number=1)
    open_sitting(by=user, case=case, pin="4071", now=now)
    keep_draft(by=user, case=case, draft=b"<data><age>34</age></data>", now=now)
    SurveySitting.objects.update(sealed_draft=b"damaged")
    (told,) = notebook_of(user, phone_of(user)).json()["cases"]
    assert told["earlier"] == []
    assert signed_in(user).get(reverse("survey_form", args=[case.pk])).status_code == 200


def test_card_of_a_declared_conflict_stays_closed(asked):
    case = asked.survey_cases.get(wave_number=1)
    open_sitting(by=asked.interviewer, case=case, pin="4071", now=timezone.now())
    keep_draft(by=asked.interviewer, case=case, draft=b"<data><age>34</age></data>", now=timezone.now())
    Conflict.objects.create(participant=asked, user=asked.interviewer, declared_at=timezone.now())
    book = notebook_of(asked.interviewer, phone_of(asked.interviewer)).json()
    assert book["cards"][asked.study_code] == {"card": None, "why": "card_closed"}
    assert [one["earlier"] for one in book["cases"]] == [[]]
    assert PhoneCard.objects.count() == 0


@pytest.mark.parametrize("women", [1, 3])
def test_notebook_takes_a_number_of_queries_that_does_not_grow(asked, women, django_assert_num_queries):
    user = asked.interviewer
    for _n in range(women - 1):
        woman = ParticipantFactory(interviewer=user, enrolled_on=asked.enrolled_on)
        schedule_waves(by=STUDY, participant=woman, now=timezone.now())
        SurveyCase.objects.filter(participant=woman, wave_number=0).update(status="missed")
    device, client = phone_of(user), signed_in(user)
    client.get(reverse("phone_notebook"), {"device": device.pk})
    with django_assert_num_queries(24):
        book = client.get(reverse("phone_notebook"), {"device": device.pk}).json()
    assert len(book["cases"]) == women


def test_nobody_else_is_given_a_notebook(asked, field):
    for user in (field.officer, UserFactory(role=Role.RESEARCHER)):
        assert signed_in(user).get(reverse("phone_notebook"), {"device": uuid4()}).status_code == 403
        assert send(user, written(asked.survey_cases.get(wave_number=1))).status_code == 403
    other = UserFactory(role=Role.INTERVIEWER)
    assert notebook_of(other, phone_of(asked.interviewer)).status_code == 404
    assert notebook_of(other, phone_of(other)).json()["cases"] == []


def test_session_says_who_asks_and_who_visits(asked, field):
    said = {user: signed_in(user).get(reverse("phone_session")).json() for user in (asked.interviewer, field.officer)}
    assert (said[asked.interviewer]["may_ask"], said[asked.interviewer]["may_log"]) == (True, False)
    assert (said[field.officer]["may_ask"], said[field.officer]["may_log"]) == (False, True)


def test_entries_have_receipts_over_what_was_sent(asked):
    case = asked.survey_cases.get(wave_number=1)
    tried = {
        "attempted_at": timezone.now().isoformat(), "channel": "visit", "outcome": "agreed",
        "outside_reason": "she_asked", "sentence": "Ella pidió que fuera a esta hora.",
    }  # fmt: skip
    entries = [written(case, "attempt", **tried), written(case), written(case, "debrief", wish="any", codes=["calm"])]

    answer = send(asked.interviewer, *entries).json()

    assert [(result["status"], result["code"]) for result in answer["results"]] == [(201, "")] * 3
    for entry, result in zip(entries, answer["results"], strict=True):
        whole = {name: value for name, value in entry.items() if name != "id"}
        text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert (result["id"], result["content_sha256"]) == (entry["id"], sha256(text.encode()).hexdigest())
    assert [result["status"] for result in send(asked.interviewer, *entries).json()["results"]] == [200] * 3
    assert (Submission.objects.count(), CallAttempt.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"id": "x"}, {"case": None}, {"kind": "other"}, {"at": "yesterday"}, {"xml": ""},
        {"xml": "\ud800"}, {"kind": "attempt"}, {"kind": "debrief", "wish": "none"}, {"id": "\ud800"},
    ],
)  # fmt: skip
def test_unreadable_entry_is_refused_alone(asked, spoilt):
    case = asked.survey_cases.get(wave_number=1)
    answer = send(asked.interviewer, {**written(case), **spoilt}, written(case)).json()
    assert [(result["status"], result["code"]) for result in answer["results"]] == [(422, "unreadable"), (201, "")]


@pytest.mark.parametrize("said", [{"entries": []}, {"entries": "x"}, {"sent_at": "x"}, {"entries": [7]}])
def test_batch_that_is_none_is_refused_whole(asked, said):
    assert send(asked.interviewer, written(asked.survey_cases.get(wave_number=1)), **said).status_code == 400
