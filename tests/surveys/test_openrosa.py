"""ODK Collect sees an interviewer's cases as forms, by a key of hers, and what it sends is checked as on the page."""

import base64
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from accounts.permissions import PermissionMissing
from accounts.revocation import end_what_joined
from accounts.roles import Role
from audit.models import Event
from participants.models import Consent, Participant
from safety.models import SafetyCase
from surveys.models import CollectKey, InterviewerChange, PhoneEntry, Submission, SurveyCase
from surveys.openrosa import LIST, RESPONSE
from surveys.queries import instrument_of
from surveys.services import KEY_DAYS, make_collect_key, revoke_collect_key, schedule_waves
from tests.factories import NOW, ParticipantFactory, UserFactory
from tests.surveys.conftest import STUDY, sent

NAMES = {"l": LIST, "r": RESPONSE, "x": "http://www.w3.org/2002/xforms", "h": "http://www.w3.org/1999/xhtml"}


def with_key(user, token) -> Client:
    said = base64.b64encode(f"{user.username}:{token}".encode()).decode()
    return Client(headers={"Authorization": f"Basic {said}", "X-OpenRosa-Version": "1.0"})


@pytest.fixture
def open_case(study, interviewer):
    """Due today by the page's own clock."""
    woman = ParticipantFactory(interviewer=interviewer, enrolled_on=timezone.localdate())
    return schedule_waves(by=STUDY, participant=woman, now=NOW)[0]


@pytest.fixture
def collect(interviewer) -> Client:
    return with_key(interviewer, make_collect_key(by=interviewer, now=timezone.now()))


def listed(client):
    response = client.get(reverse("openrosa_form_list"))
    assert (response.status_code, response["X-OpenRosa-Version"]) == (200, "1.0")
    return [
        {etree.QName(said).localname: said.text for said in form}
        for form in etree.fromstring(response.content).iterfind("l:xform", NAMES)
    ]


def as_collect(case, **changes):
    """The case's survey under the id of the case's own form, as Collect sends it."""
    root = etree.fromstring(sent(case, **changes))
    root.set("id", f"{instrument_of(case).code}__{case.pk.hex}")
    return etree.tostring(root)


def send(client, content):
    file = SimpleUploadedFile("survey.xml", content, content_type="text/xml")
    return client.post(reverse("openrosa_submission"), {"xml_submission_file": file})


def message(response):
    return etree.fromstring(response.content).findtext("r:message", "", NAMES)


def test_each_case_is_a_form_of_its_own_with_its_period_and_no_name_of_hers(open_case, collect, interviewer):
    (form,) = listed(collect)
    assert form["name"].startswith(f"{open_case.participant.study_code} · ")
    assert (form["formID"], form["version"]) == (f"baseline__{open_case.pk.hex}", "1")

    document = etree.fromstring(collect.get(form["downloadUrl"]).content)
    instance = document.find(".//x:instance/*", NAMES)
    assert (instance.get("id"), instance.findtext("{*}reference_period")) == (form["formID"], "last_12_months")
    assert document.findtext("h:head/h:title", "", NAMES) == form["name"]
    assert b"Rosa" not in etree.tostring(document)
    assert etree.fromstring(collect.get(form["manifestUrl"]).content).tag.endswith("manifest")


def test_only_her_own_open_cases_are_listed_and_given(open_case, collect, study):
    other = ParticipantFactory(interviewer=UserFactory(role=Role.INTERVIEWER), enrolled_on=timezone.localdate())
    not_hers = schedule_waves(by=STUDY, participant=other, now=NOW)[0]
    later = open_case.participant.survey_cases.get(wave="month_12")
    assert [form["formID"] for form in listed(collect)] == [f"baseline__{open_case.pk.hex}"]
    for case in (not_hers, later):
        assert collect.get(reverse("openrosa_form", args=[case.pk])).status_code == 404
        assert collect.get(reverse("openrosa_manifest", args=[case.pk])).status_code == 404
    response = send(collect, as_collect(not_hers))
    assert response.status_code == 404
    assert not Submission.objects.exists()


def test_what_it_sends_is_kept_once_and_scored(open_case, collect):
    head = collect.head(reverse("openrosa_submission"))
    assert (head.status_code, int(head["X-OpenRosa-Accept-Content-Length"]) > 0) == (204, True)

    content = as_collect(open_case)
    assert [send(collect, content).status_code for _ in range(2)] == [201, 201]

    stored = Submission.objects.get(case=open_case)
    assert (stored.findings, stored.scores["physical"]) == ([], 0)
    assert SurveyCase.objects.get(pk=open_case.pk).status == "done"
    assert listed(collect) == []
    assert send(collect, as_collect(open_case)).status_code == 202
    assert PhoneEntry.objects.get().held_for == "survey_closed"


def test_consent_and_window_are_asked_as_on_the_page(open_case, collect):
    later = open_case.participant.survey_cases.get(wave="month_6")
    assert send(collect, as_collect(later)).status_code == 409

    open_case.participant.consents.filter(scope=Consent.Scope.SURVEYS).update(ended_at=timezone.now())
    assert listed(collect) == []
    response = send(collect, as_collect(open_case))
    assert response.status_code in (403, 409)
    assert message(response)
    assert not Submission.objects.exists()


def taken_over(case):
    """Somebody else asks her from now on."""
    woman, successor = case.participant, UserFactory(role=Role.INTERVIEWER)
    InterviewerChange.objects.create(
        participant=woman, before=woman.interviewer, after=successor, reason="other", changed_at=timezone.now()
    )
    Participant.objects.filter(pk=woman.pk).update(interviewer=successor)


def put_on_hold(case):
    SurveyCase.objects.filter(pk=case.pk).update(status=SurveyCase.Status.ON_HOLD)


def closed(case):
    SurveyCase.objects.filter(pk=case.pk).update(status=SurveyCase.Status.MISSED)


@pytest.mark.requirement("F20", "F21")
@pytest.mark.parametrize(
    ("meanwhile", "held_for"),
    [(taken_over, "other_interviewer"), (put_on_hold, "survey_on_hold"), (closed, "survey_closed")],
)
def test_what_comes_after_the_survey_had_changed_is_held_whole_and_once(open_case, collect, meanwhile, held_for):
    """Collect keeps for ever, unsealed, what is refused: it is taken, and the coordinator decides."""
    content = as_collect(open_case, child_danger="yes")
    meanwhile(open_case)
    for _again in range(2):
        response = send(collect, content)
        assert (response.status_code, message(response)[:40]) == (202, "Esta encuesta había cambiado antes de qu")
    kept = PhoneEntry.objects.get()
    assert (kept.case_id, kept.held_for, kept.kind) == (open_case.pk, held_for, "survey")
    assert SafetyCase.objects.get().participant_id == open_case.participant_id
    assert not Submission.objects.exists()

    open_case.participant.consents.filter(scope=Consent.Scope.SURVEYS).update(ended_at=timezone.now())
    assert send(collect, as_collect(open_case)).status_code in (403, 409)
    assert PhoneEntry.objects.count() == 1


def test_a_page_that_sends_after_somebody_else_took_over_is_told_that_nothing_is_lost(open_case, interviewer):
    client = Client()
    client.force_login(interviewer)
    taken_over(open_case)
    file = SimpleUploadedFile("survey.xml", sent(open_case), content_type="text/xml")
    address = reverse("survey_form", args=[open_case.pk])
    response = client.post(address, {"xml_submission_file": file})
    assert (response.status_code, response.json()["code"]) == (409, "answers_overtaken")
    assert PhoneEntry.objects.get().held_for == "other_interviewer"
    assert client.get(address).status_code == 404


def test_whoever_left_is_listed_no_more(open_case, collect):
    Participant.objects.update(status=Participant.Status.WITHDRAWN)
    assert listed(collect) == []
    assert collect.get(reverse("openrosa_form", args=[open_case.pk])).status_code == 404


@pytest.mark.parametrize(
    "content",
    [b"", b"no XML", b"<data id='baseline' version='1'/>", b"<!DOCTYPE d [<!ENTITY e 'x'>]><d>&e;</d>",
     b"<d id='baseline__00000000000000000000000000000000'/>"],
)  # fmt: skip
def test_what_is_no_survey_of_the_list_is_refused_with_the_reason(open_case, collect, content):
    response = send(collect, content)
    assert response.status_code in (404, 422)
    assert message(response)


@pytest.mark.parametrize(
    ("root", "instance_id", "why"),
    [({"version": "99"}, "uuid:2", "versión «99» de «baseline»"), ({}, "uuid:1", "otra encuesta ya tiene"),
     ({}, "", "instanceID"), ({}, "u" * 101, "demasiado largo")],
)  # fmt: skip
def test_what_a_device_must_send_otherwise_is_said(open_case, collect, interviewer, root, instance_id, why):
    other = ParticipantFactory(interviewer=interviewer, enrolled_on=timezone.localdate())
    assert send(collect, as_collect(schedule_waves(by=STUDY, participant=other, now=NOW)[0], instance_id="uuid:1"))
    survey = etree.fromstring(as_collect(open_case, instance_id=instance_id or "uuid:2"))
    survey.attrib.update(root)
    survey.find("meta/instanceID").text = instance_id

    response = send(collect, etree.tostring(survey))

    assert response.status_code == 422
    assert why in message(response)
    assert not Submission.objects.filter(case=open_case).exists()


def test_without_a_living_key_nothing_is_told(open_case, interviewer):
    token = make_collect_key(by=interviewer, now=timezone.now())
    other = UserFactory(role=Role.INTERVIEWER)
    for client in (Client(), with_key(interviewer, "wrong"), with_key(other, token)):
        for name in ("openrosa_form_list", "openrosa_submission"):
            response = client.get(reverse(name))
            assert (response.status_code, "Basic" in response["WWW-Authenticate"]) == (401, True)
    CollectKey.objects.update(made_at=NOW - timedelta(days=99), expires_at=NOW - timedelta(days=90))
    assert with_key(interviewer, token).get(reverse("openrosa_form_list")).status_code == 401


@pytest.mark.parametrize("ending", ["new", "revoked", "sessions", "role", "inactive"])
def test_a_key_ends_with_whatever_ends_its_owner(open_case, interviewer, ending):
    now = timezone.now()
    token = make_collect_key(by=interviewer, now=now)
    if ending == "new":
        make_collect_key(by=interviewer, now=now)
    elif ending == "revoked":
        revoke_collect_key(by=interviewer, now=now)
    elif ending == "sessions":
        end_what_joined(interviewer.pk, now)
    elif ending == "role":
        type(interviewer).objects.filter(pk=interviewer.pk).update(role=Role.OFFICER)
    else:
        type(interviewer).objects.filter(pk=interviewer.pk).update(is_active=False)
    assert with_key(interviewer, token).get(reverse("openrosa_form_list")).status_code == 401


def test_key_is_kept_as_a_hash_for_two_weeks_and_its_making_is_on_record(interviewer):
    token = make_collect_key(by=interviewer, now=NOW)
    key = CollectKey.objects.get()
    assert token not in (key.token_sha256, str(Event.objects.get(action="surveys.make_collect_key").details))
    assert key.expires_at == NOW + timedelta(days=KEY_DAYS)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.INTERVIEWER}))
def test_only_interviewers_have_keys(db, role):
    with pytest.raises(PermissionMissing):
        make_collect_key(by=UserFactory(role=role), now=NOW)


def test_page_shows_a_key_once(interviewer):
    client = Client()
    client.force_login(interviewer, backend="django.contrib.auth.backends.ModelBackend")
    token = client.post(reverse("collect_key")).context["token"]
    page = client.get(reverse("collect_key")).content.decode()
    assert token not in page
    assert with_key(interviewer, token).get(reverse("openrosa_form_list")).status_code == 200
    client.post(reverse("collect_key_revoke"))
    assert with_key(interviewer, token).get(reverse("openrosa_form_list")).status_code == 401
