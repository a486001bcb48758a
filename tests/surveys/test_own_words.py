"""What she said in her own words is read by her interviewer alone, each time on record, and a correction keeps it."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit.models import Event
from participants.models import AccessNotice, Conflict
from participants.reach import ConflictOfInterest
from participants.services import ConsentMissing, ParticipantOutOfReach
from surveys import queries
from surveys.models import Submission, SubmissionVersion
from surveys.own_words import OwnWords, own_words
from surveys.services import (
    NothingToCorrect,
    correct_survey,
    load_instrument,
    open_own_words,
    pin_instrument,
    publish_instrument,
    submit_survey,
)
from surveys.xforms.form import XFormInvalid
from surveys.xforms.writing import written_answers, written_submission
from tests.factories import NOW, UserFactory
from tests.surveys.conftest import STUDY, sent
from tests.surveys.test_papers import open_case, signed_in  # noqa: F401 (a fixture)
from tests.surveys.xforms.workbooks import ANSWERS, HOUSEHOLD, workbook

ASKED = [
    {"name": "nickname", "path": "/data/home/child/nickname", "kind": "input", "type": "string", "may_identify": True},
    {"name": "again_other", "path": "/data/again_other", "kind": "input", "type": "string", "may_identify": True},
    {"name": "place", "path": "/data/place", "kind": "input", "type": "geopoint", "may_identify": True},
    {"name": "copy", "path": "/data/copy", "kind": "hidden", "type": "string", "may_identify": True},
    {"name": "age", "path": "/data/age", "kind": "input", "type": "int", "may_identify": False},
]

THREE_CHILDREN = """<data><again_other>sí</again_other><home><child><nickname>Lucho</nickname></child>
<child><nickname/></child><child><nickname>Ana</nickname></child></home></data>"""


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("<data/>", ()),
        ("<data><again_other> tal vez </again_other><age>34</age></data>", (OwnWords("again_other", 1, "tal vez"),)),
        ("<data><place>1 2 3 4</place><copy>tal vez</copy><again_other> </again_other></data>", ()),
        (
            THREE_CHILDREN,
            (OwnWords("nickname", 1, "Lucho"), OwnWords("nickname", 3, "Ana"), OwnWords("again_other", 1, "sí")),
        ),
        # Answered in part, then to its end: what was said last stands, and nothing is lost.
        (
            "<?xml version='1.0'?><data><again_other>a</again_other></data>\n<data><again_other>b</again_other></data>",
            (OwnWords("again_other", 1, "b"),),
        ),
        (
            "<data><again_other>sí</again_other></data>\n<?xml version='1.0'?><data><again_other/></data>",
            (OwnWords("again_other", 1, "sí"),),
        ),
    ],
)
def test_texts_are_found_in_the_order_of_the_questions(content, found):
    assert own_words(content.encode(), ASKED) == found


def test_what_is_no_xml_is_refused():
    with pytest.raises(XFormInvalid):
        own_words(b"hola", ASKED)


def asks_household(case):
    stored = load_instrument(by=STUDY, source=workbook(HOUSEHOLD), name="hogar.xlsx", now=NOW)
    publish_instrument(by=STUDY, instrument=stored, now=NOW)
    pin_instrument(by=STUDY, wave=case.wave, instrument=stored, now=NOW)


def household_sent(case, instance="uuid:words", **changes):
    children = [{"nickname": "Rosita", "child_age": "9"}, {"nickname": "Leo", "child_age": "5"}]
    form = queries.form_rules_of(queries.instrument_of(case)).form
    return written_submission(form, {**ANSWERS, "child": children, **changes}, instance_id=instance)


@pytest.fixture
def told(case, interviewer):
    """A survey in which she said something in her own words."""
    asks_household(case)
    submit_survey(by=interviewer, case=case, content=household_sent(case), now=NOW)
    case.refresh_from_db()
    return case


@pytest.mark.requirement("F31")
def test_her_interviewer_reads_her_words_and_each_opening_is_on_record(told, interviewer):
    for _time in range(2):
        found = open_own_words(by=interviewer, case=told, now=NOW)
        assert [(one.name, one.text) for one in found] == [
            ("nickname", "Rosita"), ("nickname", "Leo"), ("again_other", "tal vez"),
        ]  # fmt: skip
    opened = Event.objects.filter(action="surveys.open_own_words")
    assert [(row.object_id, row.details) for row in opened] == [(str(told.pk), {"texts": 3})] * 2


def test_nobody_else_reads_them(told, woman, interviewer):
    with pytest.raises(ParticipantOutOfReach):
        open_own_words(by=UserFactory(role=Role.INTERVIEWER), case=told, now=NOW)
    conflict = Conflict.objects.create(participant=woman, user=interviewer, declared_at=NOW)
    with pytest.raises(ConflictOfInterest):
        open_own_words(by=interviewer, case=told, now=NOW)
    told_of = AccessNotice.objects.values_list("kind", "participant", "user")
    assert list(told_of) == [("conflict_refused", woman.pk, interviewer.pk)]
    conflict.lifted_at = NOW
    conflict.save()
    woman.consents.update(ended_at=NOW)
    with pytest.raises(ConsentMissing):
        open_own_words(by=interviewer, case=told, now=NOW)
    assert not Event.objects.filter(action="surveys.open_own_words").exists()


def test_what_was_not_answered_has_no_words(case, interviewer):
    with pytest.raises(NothingToCorrect):
        open_own_words(by=interviewer, case=case, now=NOW)


@pytest.mark.requirement("F30")
def test_a_text_corrected_is_a_version_and_the_same_text_is_none(told, interviewer):
    words = {"by": interviewer, "case": told, "reason": SubmissionVersion.Reason.MISHEARD, "now": NOW}
    correct_survey(content=household_sent(told, "uuid:same"), **words)
    assert not SubmissionVersion.objects.exists()
    correct_survey(content=household_sent(told, "uuid:other", again_other="nunca"), **words)
    correct_survey(content=household_sent(told, "uuid:again", again_other="nunca"), **words)
    assert SubmissionVersion.objects.get().answers == Submission.objects.get().answers
    assert open_own_words(by=interviewer, case=told, now=NOW)[-1].text == "nunca"


def test_pages_show_them_and_a_correction_begins_with_them(open_case, interviewer):  # noqa: F811
    asks_household(open_case)
    submit_survey(by=interviewer, case=open_case, content=household_sent(open_case), now=timezone.now())
    client, address = signed_in(interviewer), reverse("survey_texts", args=[open_case.pk])
    assert address in client.get(reverse("survey_history", args=[open_case.pk])).content.decode()
    page = client.get(address)
    assert page.context["rows"] == [("Apodo", 1, "Rosita"), ("Apodo", 2, "Leo"), ("Specify other.", 0, "tal vez")]
    assert "no-store" in page["Cache-Control"]
    (earlier,) = client.get(reverse("survey_correct", args=[open_case.pk]) + "?motivo=slip").context["earlier"]
    answers = written_answers(earlier.encode())
    assert (answers["again_other"], answers["age"]) == ("tal vez", "34")
    assert re.findall(r"<nickname>(\w+)</nickname>", earlier) == ["Rosita", "Leo"]
    other = signed_in(UserFactory(role=Role.INTERVIEWER))
    assert other.get(address).status_code == 404
    assert signed_in(UserFactory(role=Role.RESEARCHER)).get(address).status_code == 403


def test_a_survey_without_text_offers_nothing_to_read(open_case, interviewer):  # noqa: F811
    submit_survey(by=interviewer, case=open_case, content=sent(open_case), now=timezone.now())
    client = signed_in(interviewer)
    address = reverse("survey_texts", args=[open_case.pk])
    assert address not in client.get(reverse("survey_history", args=[open_case.pk])).content.decode()
    assert client.get(address).context["rows"] == []
